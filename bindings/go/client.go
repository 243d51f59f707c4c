package usermanagement

import (
	"bytes"
	"context"
	"encoding/json"
	"sync"
)

// mostCalls is how many calls of C there are at a time: each holds a thread of the operating system.
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

// Open opens a database: a path, "sqlite:path" or ":memory:". The file and its tables are made if they are missing.
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

// Close ends the connections to the database, after the calls that are under way. A later call opens new ones. On a
// database in memory it does nothing. It fails only for a client that is not from [Open].
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

// perform does one operation for as long as the context lets it wait.
func perform[T any](ctx context.Context, c *Client, name operation, arguments *writer) (T, error) {
	defer arguments.wipe()
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
