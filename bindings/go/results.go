// Code generated from bindings/api by scripts/update; DO NOT EDIT.

package usermanagement

import "time"

// UserResponse is what a confirmed reset answers.
type UserResponse struct {
	// User is whose password was set.
	User User `json:"user"`
}

// Detail is one reason why a password or an input is refused.
type Detail struct {
	// Code: which reason, such as "PasswordTooShort".
	Code string `json:"code"`
	// Message: the same in English, to show to whoever typed it.
	Message string `json:"message"`
	// Field: the argument that it is about, or nil.
	Field *string `json:"field,omitempty"`
	// MinimumLength: with "PasswordTooShort", or nil.
	MinimumLength *int64 `json:"minimum_length,omitempty"`
	// MaximumLength: with "PasswordTooLong", or nil.
	MaximumLength *int64 `json:"maximum_length,omitempty"`
}

// Event is something that happened.
type Event struct {
	// ID: "Event" and a ULID.
	ID string `json:"id"`
	// Event: what happened, such as "password_reset.succeeded".
	Event string `json:"event"`
	// Data: the user, or the reset without token and url, by the names that the reference has; a number is a
	// json.Number.
	Data map[string]any `json:"data"`
	// CreatedAt: when.
	CreatedAt time.Time `json:"created_at"`
}

// EventCursor is where a page of events ends.
type EventCursor struct {
	// After: the id to give as "After" for the next page, or nil.
	After *string `json:"after"`
}

// EventList is a page of events.
type EventList struct {
	// Data: the events, oldest first.
	Data []Event `json:"data"`
	// ListMetadata: where the page ends.
	ListMetadata EventCursor `json:"list_metadata"`
}

// Message is a message that is to be sent now. Printed or logged it shows no secret. Encoded as JSON it shows them, and
// so does whatever holds it: slog's JSON handler encodes a struct, a slice or a map that has one in it. A struct that
// has it in an unexported field shows them when it is printed.
type Message struct {
	// ID: what "MessageSent" and "MessageFailed" take; another one each time.
	ID string `json:"id"`
	// MessageID: "Message" and a ULID, the same each time: what to make the mail's "Message-ID" of.
	MessageID string `json:"message_id"`
	// Kind: "PasswordReset", "PasswordChanged" or "EmailChanged".
	Kind string `json:"kind"`
	// To: the address to send it to, as stored.
	To string `json:"to"`
	// UserID: the user whose account it is about.
	UserID string `json:"user_id"`
	// FirstName: given name, or nil.
	FirstName *string `json:"first_name"`
	// Name: full name, or nil.
	Name *string `json:"name"`
	// Locale: language tag, such as "De" or "pt-BR", or nil.
	Locale *string `json:"locale"`
	// URL: the link, of "PasswordReset". A secret, or nil.
	URL *string `json:"url"`
	// ExpiresAt: when the link stops working, or nil.
	ExpiresAt *time.Time `json:"expires_at"`
	// ReportToken: of a notice: what "ReportChange" takes. A secret, or nil.
	ReportToken *string `json:"report_token"`
	// CreatedAt: when what it tells of happened.
	CreatedAt time.Time `json:"created_at"`
	// Attempt: how often it was given out, this time included.
	Attempt int64 `json:"attempt"`
}

// MessageList is messages that are to be sent now.
type MessageList struct {
	// Data: the messages, those first that have waited for longest.
	Data []Message `json:"data"`
}

// PasswordCheck is the policy's verdict on a password.
type PasswordCheck struct {
	// Acceptable: whether it may be chosen.
	Acceptable bool `json:"acceptable"`
	// Errors: every rule that it breaks.
	Errors []Detail `json:"errors"`
}

// PasswordReset is a password reset with its token and url. Printed or logged it shows no secret. Encoded as JSON it
// shows them, and so does whatever holds it: slog's JSON handler encodes a struct, a slice or a map that has one in it.
// A struct that has it in an unexported field shows them when it is printed.
type PasswordReset struct {
	// ID: "PasswordReset" and a ULID.
	ID string `json:"id"`
	// UserID: the user whose password it resets.
	UserID string `json:"user_id"`
	// Email: the user's address, as stored: the only recipient.
	Email string `json:"email"`
	// PasswordResetToken: the token: 43 characters of base64url. A secret.
	PasswordResetToken string `json:"password_reset_token"`
	// PasswordResetURL: the link: "ResetURL" with the token. A secret.
	PasswordResetURL string `json:"password_reset_url"`
	// ExpiresAt: when the token stops working.
	ExpiresAt time.Time `json:"expires_at"`
	// CreatedAt: when it was made.
	CreatedAt time.Time `json:"created_at"`
}

// Purged is how many rows were removed.
type Purged struct {
	// PasswordResets: resets removed.
	PasswordResets int64 `json:"password_resets"`
	// Events: events removed.
	Events int64 `json:"events"`
	// Requests: counted requests and failed logins removed.
	Requests int64 `json:"requests"`
}

// TokenCheck is whether a token can be used, and until when.
type TokenCheck struct {
	// Usable: whether "ResetPassword" would take it now.
	Usable bool `json:"usable"`
	// ExpiresAt: when it stops working, where it is usable, or nil.
	ExpiresAt *time.Time `json:"expires_at"`
	// ErrorCode: the error that "ResetPassword" would answer, where it is not, or nil.
	ErrorCode *string `json:"error_code"`
}

// User is a user.
type User struct {
	// ID: "User" and a ULID.
	ID string `json:"id"`
	// Email: the address as typed; the only recipient of mail.
	Email string `json:"email"`
	// EmailVerified: whether the user has shown that the address is theirs, for instance by a reset.
	EmailVerified bool `json:"email_verified"`
	// FirstName: given name, or nil.
	FirstName *string `json:"first_name"`
	// LastName: family name, or nil.
	LastName *string `json:"last_name"`
	// Name: full name, or nil.
	Name *string `json:"name"`
	// ProfilePictureURL: a picture. Nothing sets it yet, or nil.
	ProfilePictureURL *string `json:"profile_picture_url"`
	// LastSignInAt: the last good login through the engine, or nil.
	LastSignInAt *time.Time `json:"last_sign_in_at"`
	// ExternalID: the id that another system knows the user by, or nil.
	ExternalID *string `json:"external_id"`
	// Metadata: free text by key, and never nil.
	Metadata map[string]string `json:"metadata"`
	// Locale: language tag, such as "De" or "pt-BR", or nil.
	Locale *string `json:"locale"`
	// CredentialsChangedAt: when the password was set. Refuse sessions that began before it, or nil.
	CredentialsChangedAt *time.Time `json:"credentials_changed_at"`
	// CreatedAt: when the user was created.
	CreatedAt time.Time `json:"created_at"`
	// UpdatedAt: when the user was last changed.
	UpdatedAt time.Time `json:"updated_at"`
}

// UserCursors is where the neighbouring pages of a list of users begin.
type UserCursors struct {
	// Before: the id to give as "Before" for the page before, or nil.
	Before *string `json:"before"`
	// After: the id to give as "After" for the page after, or nil.
	After *string `json:"after"`
}

// UserList is a page of users.
type UserList struct {
	// Data: the users.
	Data []User `json:"data"`
	// ListMetadata: where the neighbouring pages begin.
	ListMetadata UserCursors `json:"list_metadata"`
}
