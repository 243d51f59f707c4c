package usermanagement

import (
	"bytes"
	"context"
	"encoding/json"
	"sync"
)

// mostCalls is how many calls of C there are at a time: each holds a thread of the operating system. A call whose
// context has ended is none of them any more, though the engine goes on with it.
const mostCalls = 256

var (
	places = make(chan struct{}, mostCalls)

	checkLibrary sync.Once
	libraryError error
)

// Client is an open database. It is for any number of goroutines. Its connections end with [Client.Close]; the rest
// of it is given back when nothing refers to it any more.
type Client struct {
	handle *handle
}

// Open opens a database: a path, "sqlite:path" or ":memory:", "postgres://…", "mysql://…" or "mariadb://…". A file and
// the tables are made if they are missing.
func Open(databaseURL string, opts Options) (*Client, error) {
	checkLibrary.Do(func() { libraryError = versionError(libraryVersion()) })
	if libraryError != nil {
		return nil, libraryError
	}
	arguments := opts.arguments(databaseURL)
	defer arguments.wipe()
	places <- struct{}{}
	defer leave()
	opened, err := openHandle(arguments)
	if err != nil {
		return nil, err
	}
	return &Client{handle: opened}, nil
}

// Close ends the connections to the database. It first waits for every call that began before it, those that a context
// has ended included: what they do is done when it returns. Call it before the program ends, or what such a call had
// begun may be lost. A later call opens new connections. A database in memory stays, and is gone with the client. Close
// fails only for a client that is not from [Open].
func (c *Client) Close() error {
	opened, err := c.opened()
	if err != nil {
		return err
	}
	places <- struct{}{}
	defer leave()
	opened.close()
	return nil
}

func (c *Client) opened() (*handle, error) {
	if c == nil || c.handle == nil {
		return nil, &Error{
			Code:    ErrConfigInvalid,
			Message: "no database is open: call usermanagement.Configure first, or use a client of usermanagement.Open",
		}
	}
	return c.handle, nil
}

// perform does one operation for as long as the context lets it wait. Like the standard library it takes a nil context
// for a mistake in the program.
func perform[T any](ctx context.Context, c *Client, name operation, arguments *writer) (T, error) {
	defer arguments.wipe()
	if ctx == nil {
		panic("usermanagement: nil context")
	}
	var result, nothing T
	opened, err := c.opened()
	if err == nil {
		err = enter(ctx)
	}
	if err != nil {
		return nothing, err
	}
	defer leave()
	read := func(answer []byte) error { return decode(answer, &result) }
	if err := opened.call(ctx, name, arguments, read); err != nil {
		return nothing, err
	}
	return result, nil
}

// enter waits for a place among the calls, and takes none once the context is done.
func enter(ctx context.Context) error {
	select {
	case places <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	// It may have been done before, or both were ready and either was chosen.
	if err := ctx.Err(); err != nil {
		leave()
		return err
	}
	return nil
}

func leave() {
	<-places
}

func decode(answer []byte, result any) error {
	var err error
	switch result := result.(type) {
	case *EventList:
		// Data of events has any shape, in which a number would become a float64 and lose digits.
		decoder := json.NewDecoder(bytes.NewReader(answer))
		decoder.UseNumber()
		err = decoder.Decode(result)
	default:
		err = json.Unmarshal(answer, result)
	}
	if err != nil {
		return unreadable()
	}
	return nil
}
