// Package usermanagement is a password-reset engine inside the application's own process: users, links that set a
// new password, and the rules for both, on a SQLite file.
//
// An application opens a database once, where it starts:
//
//	err := usermanagement.Configure("users.db", usermanagement.Options{
//		ResetURL: usermanagement.Ptr("https://example.com/reset-password"),
//	})
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
// # Contexts
//
// A context that is done before a call means that nothing is done. One that ends during a call ends the waiting, not
// the work: the call answers the context's error at once, and what was begun is finished behind it. After a reset
// that ended so, signing in with the new password tells whether it was done.
//
// # Concurrency
//
// Any number of goroutines may use one client. At most 256 calls are in the engine at a time, because each of them
// holds a thread of the operating system; the others wait for their turn, or for the end of their context.
package usermanagement
