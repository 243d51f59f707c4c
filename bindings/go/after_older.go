//go:build !go1.21

package usermanagement

import "context"

// afterFunc is context.AfterFunc, which an older Go has not.
func afterFunc(ctx context.Context, f func()) (stop func() bool) {
	ended, called := make(chan struct{}), make(chan bool, 1)
	go func() {
		select {
		case <-ctx.Done():
			f()
			called <- true
		case <-ended:
			called <- false
		}
	}()
	return func() bool {
		close(ended)
		return !<-called
	}
}
