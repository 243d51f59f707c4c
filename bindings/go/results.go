package usermanagement

import "time"

// User is a user.
type User struct {
	// ID is "user_" and a ULID.
	ID string `json:"id"`
	// Email is the address as typed; the only recipient of mail.
	Email string `json:"email"`
	// EmailVerified says whether the user has shown that the address is theirs, for instance by a reset.
	EmailVerified bool `json:"email_verified"`
	// FirstName is the given name, or nil.
	FirstName *string `json:"first_name"`
	// LastName is the family name, or nil.
	LastName *string `json:"last_name"`
	// Name is the full name, or nil.
	Name *string `json:"name"`
	// ProfilePictureURL is a picture, or nil. Nothing sets it yet.
	ProfilePictureURL *string `json:"profile_picture_url"`
	// LastSignInAt is the last good login through the engine, or nil.
	LastSignInAt *time.Time `json:"last_sign_in_at"`
	// ExternalID is the id that another system knows the user by, or nil.
	ExternalID *string `json:"external_id"`
	// Metadata is free text by key, and never nil.
	Metadata map[string]string `json:"metadata"`
	// Locale is a language tag, such as "de" or "pt-BR", or nil.
	Locale *string `json:"locale"`
	// CredentialsChangedAt is when the password was set, or nil. Refuse sessions that began before it.
	CredentialsChangedAt *time.Time `json:"credentials_changed_at"`
	// CreatedAt is when the user was created.
	CreatedAt time.Time `json:"created_at"`
	// UpdatedAt is when the user was last changed.
	UpdatedAt time.Time `json:"updated_at"`
}

// UserResponse is what a confirmed reset answers.
type UserResponse struct {
	// User is whose password was set.
	User User `json:"user"`
}

// UserList is a page of users.
type UserList struct {
	// Data has the users.
	Data []User `json:"data"`
	// ListMetadata says where the neighbouring pages begin.
	ListMetadata UserCursors `json:"list_metadata"`
}

// UserCursors are the ids to give as Before and After for the neighbouring pages.
type UserCursors struct {
	// Before is nil on the first page.
	Before *string `json:"before"`
	// After is nil on the last page.
	After *string `json:"after"`
}

// PasswordReset is a reset with its token and url. Printed or logged it shows neither. Encoded as JSON it shows both,
// and so does whatever holds it: slog's JSON handler encodes a struct, a slice or a map that has a reset in it. A
// struct that has it in an unexported field shows both when it is printed.
type PasswordReset struct {
	// ID is "password_reset_" and a ULID.
	ID string `json:"id"`
	// UserID is the user whose password it resets.
	UserID string `json:"user_id"`
	// Email is the user's address, as stored: the only recipient.
	Email string `json:"email"`
	// PasswordResetToken is the token: 43 characters of base64url. A secret.
	PasswordResetToken string `json:"password_reset_token"`
	// PasswordResetURL is the link: the reset url with the token. A secret.
	PasswordResetURL string `json:"password_reset_url"`
	// ExpiresAt is when the token stops working.
	ExpiresAt time.Time `json:"expires_at"`
	// CreatedAt is when it was made.
	CreatedAt time.Time `json:"created_at"`
}

// PasswordCheck is the policy's verdict on a password.
type PasswordCheck struct {
	// Acceptable says whether it may be chosen.
	Acceptable bool `json:"acceptable"`
	// Errors has every rule that it breaks.
	Errors []Detail `json:"errors"`
}

// Event is something that happened.
type Event struct {
	// ID is "event_" and a ULID.
	ID string `json:"id"`
	// Event is what happened, such as "password_reset.succeeded".
	Event string `json:"event"`
	// Data is the user, or the reset without token and url, by the names that the reference has, such as
	// "email_verified". Moments are texts, and a number is a json.Number.
	Data map[string]any `json:"data"`
	// CreatedAt is when.
	CreatedAt time.Time `json:"created_at"`
}

// EventList is a page of the feed.
type EventList struct {
	// Data has the events, oldest first.
	Data []Event `json:"data"`
	// ListMetadata says where the next page begins.
	ListMetadata EventCursor `json:"list_metadata"`
}

// EventCursor is the id to give as After for the next page.
type EventCursor struct {
	// After is nil on the last page.
	After *string `json:"after"`
}

// Purged is how many rows of each kind were removed.
type Purged struct {
	// PasswordResets are resets that were removed.
	PasswordResets int64 `json:"password_resets"`
	// Events are events that were removed.
	Events int64 `json:"events"`
	// Requests are counted requests and failed logins that were removed.
	Requests int64 `json:"requests"`
}
