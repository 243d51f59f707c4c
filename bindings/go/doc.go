// Package usermanagement is a password-reset engine inside the application's own process: users, links that set a
// new password, and the rules for both, on SQLite, PostgreSQL, MySQL or MariaDB.
//
// An application opens a database once, where it starts, and closes it before it ends:
//
//	err := usermanagement.Configure("users.db", usermanagement.Options{
//		ResetURL: usermanagement.Ptr("https://example.com/reset-password"),
//	})
//	if err != nil {
//		return err
//	}
//	defer usermanagement.Close()
//
// The functions of the package then work on it. [Open] answers a [Client] with the same operations as methods, for
// whoever has more than one database or wants no package-level state.
//
// # Optional values
//
// What may be left out is a pointer, a slice or a map, and nil leaves it out: an empty text is a text, and false is
// not nothing. [Ptr] makes a pointer of a value.
//
// # Errors
//
// Every operation fails with an [*Error], which has one of the codes below, or with the error of its context:
//
//	var refused *usermanagement.Error
//	switch {
//	case errors.Is(err, usermanagement.ErrPasswordRejected) && errors.As(err, &refused):
//		show(refused.Errors)
//	case errors.Is(err, usermanagement.ErrPasswordResetTokenNotFound):
//		show("This link cannot be used any more.")
//	}
//
// Every operation may also fail with ErrStorageUnavailable and ErrInternal. With RUST_LOG=warn in the environment the
// engine tells on standard error why; no line of that holds a secret.
//
// # Contexts
//
// A context that is done before a call means that nothing is done. One that ends during a call ends the waiting, not
// the work: the call answers the context's error at once, and what was begun is finished behind it. After a reset
// that ended so, signing in with the new password tells whether it was done. A nil context is a panic.
//
// Where a result must not be lost, as a link that is to be mailed, give a context that does not end with the request:
// context.WithoutCancel, or context.Background.
//
// # Closing
//
// [Close] and [Client.Close] wait for what was begun, calls that a context has ended included. A program that ends
// without it may lose them. A later call opens the connections again.
//
// # Concurrency
//
// Any number of goroutines may use one client. At most 256 calls are waited for at a time in one process, because each
// of them holds a thread of the operating system; further ones wait for their turn, or for the end of their context. A
// call that its context has ended is waited for no more, although the engine goes on with it.
//
// # Secrets
//
// Options and resets print and log as "[redacted]", and options are encoded so too. See [PasswordReset] for what shows
// a link.
package usermanagement
