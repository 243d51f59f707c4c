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

// Format writes String for every verb but %p and %w, which fmt serves by itself.
func (r PasswordReset) Format(to fmt.State, _ rune) { show(to, r) }

// String is "[redacted]".
func (o AuthenticateWithPasswordOpts) String() string { return redacted }

// Format writes String for every verb but %p and %w, which fmt serves by itself.
func (o AuthenticateWithPasswordOpts) Format(to fmt.State, _ rune) { show(to, o) }

// MarshalText is String, for encoding/json and other encoders.
func (o AuthenticateWithPasswordOpts) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// String is "[redacted]".
func (o CheckPasswordOpts) String() string { return redacted }

// Format writes String for every verb but %p and %w, which fmt serves by itself.
func (o CheckPasswordOpts) Format(to fmt.State, _ rune) { show(to, o) }

// MarshalText is String, for encoding/json and other encoders.
func (o CheckPasswordOpts) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// String is "[redacted]".
func (o CreateUserOpts) String() string { return redacted }

// Format writes String for every verb but %p and %w, which fmt serves by itself.
func (o CreateUserOpts) Format(to fmt.State, _ rune) { show(to, o) }

// MarshalText is String, for encoding/json and other encoders.
func (o CreateUserOpts) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// String is "[redacted]".
func (o ResetPasswordOpts) String() string { return redacted }

// Format writes String for every verb but %p and %w, which fmt serves by itself.
func (o ResetPasswordOpts) Format(to fmt.State, _ rune) { show(to, o) }

// MarshalText is String, for encoding/json and other encoders.
func (o ResetPasswordOpts) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// String is "[redacted]".
func (o UpdateUserOpts) String() string { return redacted }

// Format writes String for every verb but %p and %w, which fmt serves by itself.
func (o UpdateUserOpts) Format(to fmt.State, _ rune) { show(to, o) }

// MarshalText is String, for encoding/json and other encoders.
func (o UpdateUserOpts) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// String is "[redacted]".
func (o Options) String() string { return redacted }

// Format writes String for every verb but %p and %w, which fmt serves by itself.
func (o Options) Format(to fmt.State, _ rune) { show(to, o) }

// MarshalText is String, for encoding/json and other encoders.
func (o Options) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

func show(to io.Writer, shown fmt.Stringer) {
	_, _ = io.WriteString(to, shown.String())
}
