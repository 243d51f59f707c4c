// Command driver reads one request a line, uses the installed package as an application would, and writes one answer
// a line.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"
	"time"

	"resetpassword.dev/usermanagement"
)

type request struct {
	ID        any            `json:"id"`
	Call      string         `json:"call"`
	Handle    string         `json:"handle"`
	Arguments map[string]any `json:"arguments"`
}

type answer map[string]any

type driver struct {
	mutex   sync.Mutex
	clients map[string]*usermanagement.Client
}

func main() {
	serving := driver{clients: map[string]*usermanagement.Client{}}
	in, out := bufio.NewReader(os.Stdin), json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 0 {
			if err := out.Encode(serving.answer(line)); err != nil {
				fmt.Fprintln(os.Stderr, "driver:", err)
				os.Exit(1)
			}
		}
		if err == io.EOF {
			return
		}
	}
}

func (d *driver) answer(line []byte) answer {
	var asked request
	from := json.NewDecoder(bytes.NewReader(line))
	from.UseNumber()
	if err := from.Decode(&asked); err != nil {
		return answer{"id": nil, "error": failed(err)}
	}
	made := d.outcome(asked)
	made["id"] = asked.ID
	return made
}

// outcome is "ok" and the result, or "error" and what is known of it.
func (d *driver) outcome(asked request) answer {
	result, err := d.result(asked)
	var refused *usermanagement.Error
	var wrong typeError
	switch {
	case err == nil:
		return answer{"ok": result}
	case errors.As(err, &refused):
		return answer{"error": told(refused)}
	case errors.As(err, &wrong):
		return answer{"error": answer{
			"code": "input_invalid", "message": "", "errors": []any{}, "retryable": false, "retry_after": nil,
			"class": "TypeError",
		}}
	default:
		return answer{"error": failed(err)}
	}
}

func failed(err error) answer {
	return answer{"code": "driver_failed", "message": err.Error()}
}

func (d *driver) result(asked request) (any, error) {
	switch asked.Call {
	case "concurrently":
		return d.together(asked.Arguments, time.Time{})
	case "at":
		moment, err := whole(asked.Arguments["unix_millis"])
		if err != nil {
			return nil, err
		}
		return d.together(asked.Arguments, time.UnixMilli(moment))
	case "signatures":
		return signatures()
	case "codes":
		return codes()
	case "version":
		return answer{"package": usermanagement.Version, "runtime": runtime.Version()}, nil
	case "open":
		client, err := open(asked.Arguments)
		if err == nil {
			d.mutex.Lock()
			defer d.mutex.Unlock()
			d.clients[asked.Handle] = client
		}
		return nil, err
	}
	d.mutex.Lock()
	client := d.clients[asked.Handle]
	if asked.Call == "drop" {
		delete(d.clients, asked.Handle)
	}
	d.mutex.Unlock()
	if client == nil {
		return nil, fmt.Errorf("there is no handle %q", asked.Handle)
	}
	if asked.Call == "drop" {
		return nil, client.Close()
	}
	return perform(client, asked.Call, asked.Arguments)
}

// together does the calls at once, each on a goroutine of its own, not before a moment.
func (d *driver) together(arguments map[string]any, moment time.Time) (any, error) {
	written, err := json.Marshal(arguments["calls"])
	if err != nil {
		return nil, err
	}
	var calls []request
	from := json.NewDecoder(bytes.NewReader(written))
	from.UseNumber()
	if err := from.Decode(&calls); err != nil {
		return nil, err
	}
	outcomes := make([]answer, len(calls))
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	for index := range calls {
		index := index
		ready.Add(1)
		done.Add(1)
		go func() {
			defer done.Done()
			ready.Done()
			<-start
			if ahead := time.Until(moment); ahead > time.Millisecond {
				time.Sleep(ahead - time.Millisecond)
			}
			for time.Now().Before(moment) {
				runtime.Gosched()
			}
			outcomes[index] = d.outcome(calls[index])
		}()
	}
	ready.Wait()
	close(start)
	done.Wait()
	return outcomes, nil
}
