package usermanagement

import (
	"encoding/json"
	"math"
	"time"
)

// Code says what went wrong. It is from a closed list, the constants below; a later engine may have more. It is an
// error: errors.Is compares an [*Error] with it, and errors.As takes it out of one.
type Code string

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
