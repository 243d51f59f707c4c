package usermanagement

import (
	"fmt"
	"io"
)

// redacted is what stands in the place of a secret, whatever it is printed with.
const redacted = "[redacted]"

// String shows neither token nor url.
func (r PasswordReset) String() string {
	return "PasswordReset{ID: " + r.ID + ", UserID: " + r.UserID + ", PasswordResetToken: " + redacted +
		", PasswordResetURL: " + redacted + "}"
}

// GoString is String.
func (r PasswordReset) GoString() string { return r.String() }

// Format writes String for every verb.
func (r PasswordReset) Format(to fmt.State, _ rune) { show(to, r) }

// String is "[redacted]".
func (o AuthenticateWithPasswordOpts) String() string { return redacted }

// GoString is String.
func (o AuthenticateWithPasswordOpts) GoString() string { return o.String() }

// Format writes String for every verb.
func (o AuthenticateWithPasswordOpts) Format(to fmt.State, _ rune) { show(to, o) }

// String is "[redacted]".
func (o CheckPasswordOpts) String() string { return redacted }

// GoString is String.
func (o CheckPasswordOpts) GoString() string { return o.String() }

// Format writes String for every verb.
func (o CheckPasswordOpts) Format(to fmt.State, _ rune) { show(to, o) }

// String is "[redacted]".
func (o CreateUserOpts) String() string { return redacted }

// GoString is String.
func (o CreateUserOpts) GoString() string { return o.String() }

// Format writes String for every verb.
func (o CreateUserOpts) Format(to fmt.State, _ rune) { show(to, o) }

// String is "[redacted]".
func (o ResetPasswordOpts) String() string { return redacted }

// GoString is String.
func (o ResetPasswordOpts) GoString() string { return o.String() }

// Format writes String for every verb.
func (o ResetPasswordOpts) Format(to fmt.State, _ rune) { show(to, o) }

// String is "[redacted]".
func (o UpdateUserOpts) String() string { return redacted }

// GoString is String.
func (o UpdateUserOpts) GoString() string { return o.String() }

// Format writes String for every verb.
func (o UpdateUserOpts) Format(to fmt.State, _ rune) { show(to, o) }

// String is "[redacted]".
func (o Options) String() string { return redacted }

// GoString is String.
func (o Options) GoString() string { return o.String() }

// Format writes String for every verb.
func (o Options) Format(to fmt.State, _ rune) { show(to, o) }

func show(to io.Writer, shown fmt.Stringer) {
	_, _ = io.WriteString(to, shown.String())
}
