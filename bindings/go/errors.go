package usermanagement

import (
	"encoding/json"
	"time"
)

// Code says what went wrong. It is from a closed list, the constants below; a later engine may have more. As an
// error it is what errors.Is compares an [*Error] with.
type Code string

// The codes. What each means, and what to do: docs/reference/errors.md.
const (
	ErrConfigInvalid                   Code = "config_invalid"
	ErrEmailAlreadyVerified            Code = "email_already_verified"
	ErrEmailNotAvailable               Code = "email_not_available"
	ErrExternalIDAlreadyUsed           Code = "external_id_already_used"
	ErrForbidden                       Code = "forbidden"
	ErrHeadersTooLarge                 Code = "headers_too_large"
	ErrInputInvalid                    Code = "input_invalid"
	ErrInternal                        Code = "internal"
	ErrInvalidCredentials              Code = "invalid_credentials"
	ErrInvalidPasswordHash             Code = "invalid_password_hash"
	ErrMethodNotAllowed                Code = "method_not_allowed"
	ErrNotFound                        Code = "not_found"
	ErrOverloaded                      Code = "overloaded"
	ErrPasswordAndPasswordHashProvided Code = "password_and_password_hash_provided"
	ErrPasswordRejected                Code = "password_rejected"
	ErrPasswordResetNotFound           Code = "password_reset_not_found"
	ErrPasswordResetTokenExpired       Code = "password_reset_token_expired"
	ErrPasswordResetTokenNotFound      Code = "password_reset_token_not_found"
	ErrPayloadTooLarge                 Code = "payload_too_large"
	ErrRateLimited                     Code = "rate_limited"
	ErrRequestTimeout                  Code = "request_timeout"
	ErrStorageUnavailable              Code = "storage_unavailable"
	ErrUnauthorized                    Code = "unauthorized"
	ErrUnsupported                     Code = "unsupported"
	ErrUnsupportedMediaType            Code = "unsupported_media_type"
	ErrUserNotFound                    Code = "user_not_found"
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

// Is reports whether target is the error's code.
func (e *Error) Is(target error) bool {
	code, ok := target.(Code)
	return ok && code == e.Code
}

// Detail is one reason among several.
type Detail struct {
	// Code names the reason, such as "password_too_short".
	Code string `json:"code"`
	// Message is one line of English.
	Message string `json:"message"`
	// Field is the argument that it is about, or nil.
	Field *string `json:"field"`
	// MinimumLength is for "password_too_short".
	MinimumLength *int64 `json:"minimum_length"`
	// MaximumLength is for "password_too_long".
	MaximumLength *int64 `json:"maximum_length"`
}

// failure makes an error of what the library answered.
func failure(status int32, answer []byte) error {
	var told struct {
		Code       Code     `json:"code"`
		Message    string   `json:"message"`
		Errors     []Detail `json:"errors"`
		Retryable  bool     `json:"retryable"`
		RetryAfter *int64   `json:"retry_after"`
	}
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
