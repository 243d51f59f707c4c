//go:build go1.21

package usermanagement

import "log/slog"

// LogValue is the message: a log has it as text, as it has every other error.
func (e *Error) LogValue() slog.Value { return slog.StringValue(e.Error()) }

// LogValue is String.
func (r PasswordReset) LogValue() slog.Value { return slog.StringValue(r.String()) }

// LogValue is "[redacted]".
func (o AuthenticateWithPasswordOpts) LogValue() slog.Value { return slog.StringValue(o.String()) }

// LogValue is "[redacted]".
func (o CheckPasswordOpts) LogValue() slog.Value { return slog.StringValue(o.String()) }

// LogValue is "[redacted]".
func (o CreateUserOpts) LogValue() slog.Value { return slog.StringValue(o.String()) }

// LogValue is "[redacted]".
func (o ResetPasswordOpts) LogValue() slog.Value { return slog.StringValue(o.String()) }

// LogValue is "[redacted]".
func (o UpdateUserOpts) LogValue() slog.Value { return slog.StringValue(o.String()) }

// LogValue is "[redacted]".
func (o Options) LogValue() slog.Value { return slog.StringValue(o.String()) }
