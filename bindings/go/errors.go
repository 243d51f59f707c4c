package usermanagement

import (
	"encoding/json"
	"math"
	"time"
)

// Code says what went wrong. It is from a closed list, the constants below; a later engine may have more. It is an
// error: errors.Is compares an [*Error] with it, and errors.As takes it out of one.
type Code string

// The codes that operations fail with, and Open.
const (
	// ErrConfigInvalid is for options or a database that cannot be used; the message says what to mend.
	ErrConfigInvalid Code = "config_invalid"
	// ErrEmailAlreadyVerified is for marking a verified address unverified.
	ErrEmailAlreadyVerified Code = "email_already_verified"
	// ErrEmailNotAvailable is for an address that another user has.
	ErrEmailNotAvailable Code = "email_not_available"
	// ErrExternalIDAlreadyUsed is for an external id that another user has.
	ErrExternalIDAlreadyUsed Code = "external_id_already_used"
	// ErrInputInvalid is for what is missing, malformed or out of range; [Error.Errors] has every reason.
	ErrInputInvalid Code = "input_invalid"
	// ErrInternal is for a bug, a damaged row, or no randomness. With RUST_LOG=warn in the environment, standard error
	// has the details.
	ErrInternal Code = "internal"
	// ErrInvalidCredentials is for a wrong password and an unknown address alike.
	ErrInvalidCredentials Code = "invalid_credentials"
	// ErrInvalidPasswordHash is for a hash that is damaged, too costly, or of a kind that is not supported.
	ErrInvalidPasswordHash Code = "invalid_password_hash"
	// ErrOverloaded is for too many passwords being hashed: try again after [Error.RetryAfter]. A token stays usable.
	ErrOverloaded Code = "overloaded"
	// ErrPasswordAndPasswordHashProvided is for both of what only one may be given of.
	ErrPasswordAndPasswordHashProvided Code = "password_and_password_hash_provided"
	// ErrPasswordRejected is for a password that the policy refuses; [Error.Errors] has every reason.
	ErrPasswordRejected Code = "password_rejected"
	// ErrPasswordResetNotFound is for a reset, by id, that is unknown or no longer usable, or whose token is not kept.
	ErrPasswordResetNotFound Code = "password_reset_not_found"
	// ErrPasswordResetTokenExpired is for a token that was real and is too old. Offer to ask for a new link.
	ErrPasswordResetTokenExpired Code = "password_reset_token_expired"
	// ErrPasswordResetTokenNotFound is for a token that is unknown, used, replaced or revoked. Offer a new link.
	ErrPasswordResetTokenNotFound Code = "password_reset_token_not_found"
	// ErrStorageUnavailable is for a database that failed, or was locked for more than 5 seconds. After a reset that
	// ended so, signing in with the new password tells whether it was done.
	ErrStorageUnavailable Code = "storage_unavailable"
	// ErrUnsupported is for a database of a kind that is not in this build.
	ErrUnsupported Code = "unsupported"
	// ErrUserNotFound is for a user who is unknown by id, address or external id.
	ErrUserNotFound Code = "user_not_found"
)

// The codes that only the project's HTTP service answers. Nothing in this package fails with them.
const (
	// ErrForbidden is for an API key without the scope that a call needs.
	ErrForbidden Code = "forbidden"
	// ErrHeadersTooLarge is for a request whose headers are too large.
	ErrHeadersTooLarge Code = "headers_too_large"
	// ErrMethodNotAllowed is for a route that does not take a method.
	ErrMethodNotAllowed Code = "method_not_allowed"
	// ErrNotFound is for a route that is none.
	ErrNotFound Code = "not_found"
	// ErrPayloadTooLarge is for a request whose body is too large.
	ErrPayloadTooLarge Code = "payload_too_large"
	// ErrRateLimited is for too many requests, or failed logins: try again after [Error.RetryAfter]. Where it is not
	// retryable, the password has to be reset.
	ErrRateLimited Code = "rate_limited"
	// ErrRequestTimeout is for a request that took too long to arrive.
	ErrRequestTimeout Code = "request_timeout"
	// ErrUnauthorized is for an API key that is missing or wrong.
	ErrUnauthorized Code = "unauthorized"
	// ErrUnsupportedMediaType is for a content type that is not supported.
	ErrUnsupportedMediaType Code = "unsupported_media_type"
)

// Error is the code as text.
func (c Code) Error() string { return string(c) }

// Error is how every operation fails, but for the end of its context. It holds no password, token, key or address.
type Error struct {
	// Code says what went wrong; callers branch on it.
	Code Code
	// Message is one line of English.
	Message string
	// Errors has every reason, for ErrPasswordRejected and ErrInputInvalid.
	Errors []Detail
	// Retryable says whether the same call may succeed later without any change to it.
	Retryable bool
	// RetryAfter is how long to wait before that, or nil where it is not known.
	RetryAfter *time.Duration
}

// Error is the message.
func (e *Error) Error() string { return e.Message }

// Unwrap is the code.
func (e *Error) Unwrap() error { return e.Code }

// MarshalJSON writes the error as it has on every surface: code, message, errors, retryable, and retry_after in whole
// seconds, of which errors and retry_after are left out if there are none.
func (e Error) MarshalJSON() ([]byte, error) {
	written := record{Code: e.Code, Message: e.Message, Errors: e.Errors, Retryable: e.Retryable}
	if e.RetryAfter != nil {
		written.RetryAfter = Ptr(int64(math.Ceil(e.RetryAfter.Seconds())))
	}
	return json.Marshal(written)
}

// record is an error as JSON.
type record struct {
	Code       Code     `json:"code"`
	Message    string   `json:"message"`
	Errors     []Detail `json:"errors,omitempty"`
	Retryable  bool     `json:"retryable"`
	RetryAfter *int64   `json:"retry_after,omitempty"`
}

// Detail is one reason among several.
type Detail struct {
	// Code names the reason. For ErrPasswordRejected it is "password_too_short", "password_too_long",
	// "password_invalid_characters", "password_too_common" or "password_too_similar"; for ErrInputInvalid it begins
	// with the field, as "email_required" does.
	Code string `json:"code"`
	// Message is one line of English.
	Message string `json:"message"`
	// Field is the argument that it is about, or nil.
	Field *string `json:"field,omitempty"`
	// MinimumLength is for "password_too_short".
	MinimumLength *int64 `json:"minimum_length,omitempty"`
	// MaximumLength is for "password_too_long".
	MaximumLength *int64 `json:"maximum_length,omitempty"`
}

// failure makes an error of what the library answered.
func failure(status int32, answer []byte) error {
	var told record
	if err := json.Unmarshal(answer, &told); err != nil || told.Code == "" {
		return &Error{Code: statusCode(status), Message: "the engine failed, and gave no reason"}
	}
	made := &Error{Code: told.Code, Message: told.Message, Errors: told.Errors, Retryable: told.Retryable}
	if told.RetryAfter != nil {
		wait := time.Duration(*told.RetryAfter) * time.Second
		made.RetryAfter = &wait
	}
	return made
}

// unreadable is for an answer that is not what this version of the engine answers.
func unreadable() error {
	return &Error{Code: ErrInternal, Message: "the engine answered what this package cannot read"}
}
