//go:build go1.21

package usermanagement

import "context"

// afterFunc calls f on a goroutine of its own once the context is done. What it answers keeps that from happening, and
// tells whether it did.
func afterFunc(ctx context.Context, f func()) (stop func() bool) {
	return context.AfterFunc(ctx, f)
}
