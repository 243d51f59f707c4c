// Code generated from bindings/api by scripts/update; DO NOT EDIT.

package usermanagement

// Order is how a list of users is sorted, by when they were created.
type Order string

// The orders of a list.
const (
	// Asc has the oldest first.
	Asc Order = "asc"
	// Desc has the newest first, as a list has by default.
	Desc Order = "desc"
)

// CreateUserOpts are what [Client.CreateUser] takes. Nil leaves out.
type CreateUserOpts struct {
	// Email: the address: at most 254 octets, 64 before the "@".
	Email string
	// Password: a password, held to the policy.
	Password *string
	// PasswordHash: or the hash of one, from another system; not both.
	PasswordHash *string
	// EmailVerified: whether the address is known to be the user's. False by default.
	EmailVerified *bool
	// FirstName: given name: at most 256 characters.
	FirstName *string
	// LastName: family name: at most 256 characters.
	LastName *string
	// Name: full name: at most 256 characters.
	Name *string
	// ExternalID: the id that another system knows the user by: at most 128 visible ASCII characters, unique.
	ExternalID *string
	// Metadata: at most 50 keys of at most 40 characters, values of at most 600.
	Metadata map[string]string
	// Locale: language tag of at most 35 characters.
	Locale *string
	// CreatedAt: when the user came to be, where another system knows: RFC 3339, 1970 to now. Now by default.
	CreatedAt *string
}

func (o CreateUserOpts) arguments() *writer {
	w := newWriter()
	w.text("email", o.Email)
	w.optionalText("password", o.Password)
	w.optionalText("password_hash", o.PasswordHash)
	w.flag("email_verified", o.EmailVerified)
	w.optionalText("first_name", o.FirstName)
	w.optionalText("last_name", o.LastName)
	w.optionalText("name", o.Name)
	w.optionalText("external_id", o.ExternalID)
	w.pairs("metadata", o.Metadata)
	w.optionalText("locale", o.Locale)
	w.optionalText("created_at", o.CreatedAt)
	return w.end()
}

// GetUserOpts are what [Client.GetUser] takes.
type GetUserOpts struct {
	// ID: the id: "user_…".
	ID string
}

func (o GetUserOpts) arguments() *writer {
	w := newWriter()
	w.text("id", o.ID)
	return w.end()
}

// GetUserByEmailOpts are what [Client.GetUserByEmail] takes.
type GetUserByEmailOpts struct {
	// Email: the address, compared in its look-up form.
	Email string
}

func (o GetUserByEmailOpts) arguments() *writer {
	w := newWriter()
	w.text("email", o.Email)
	return w.end()
}

// GetUserByExternalIDOpts are what [Client.GetUserByExternalID] takes.
type GetUserByExternalIDOpts struct {
	// ExternalID: the id that another system knows the user by.
	ExternalID string
}

func (o GetUserByExternalIDOpts) arguments() *writer {
	w := newWriter()
	w.text("external_id", o.ExternalID)
	return w.end()
}

// ListUsersOpts are what [Client.ListUsers] takes. Nil leaves out.
type ListUsersOpts struct {
	// Email: only the user with this address.
	Email *string
	// Limit: users on a page: 1 to 100, 10 by default.
	Limit *int64
	// Before: the page that ends before this user.
	Before *string
	// After: the page that begins after this user.
	After *string
	// Order: by creation: "Asc" oldest first, "Desc" newest first, which is the default.
	Order *Order
}

func (o ListUsersOpts) arguments() *writer {
	w := newWriter()
	w.optionalText("email", o.Email)
	w.number("limit", o.Limit)
	w.optionalText("before", o.Before)
	w.optionalText("after", o.After)
	w.optionalText("order", (*string)(o.Order))
	return w.end()
}

// UpdateUserOpts are what [Client.UpdateUser] takes. Nil leaves out.
type UpdateUserOpts struct {
	// ID: the id: "user_…".
	ID string
	// Email: a new address. It counts as unverified unless "EmailVerified" is given true with it.
	Email *string
	// Password: a new password, held to the policy.
	Password *string
	// PasswordHash: or the hash of one; not both.
	PasswordHash *string
	// EmailVerified: true marks the address verified; false is allowed only while it is not, or with a new address.
	EmailVerified *bool
	// FirstName: given name; an empty text clears it.
	FirstName *string
	// LastName: family name; an empty text clears it.
	LastName *string
	// Name: full name; an empty text clears it.
	Name *string
	// ExternalID: the id that another system knows the user by; an empty text clears it.
	ExternalID *string
	// Metadata: all of the metadata; empty clears it.
	Metadata map[string]string
	// Locale: language tag; an empty text clears it.
	Locale *string
}

func (o UpdateUserOpts) arguments() *writer {
	w := newWriter()
	w.text("id", o.ID)
	w.optionalText("email", o.Email)
	w.optionalText("password", o.Password)
	w.optionalText("password_hash", o.PasswordHash)
	w.flag("email_verified", o.EmailVerified)
	w.optionalText("first_name", o.FirstName)
	w.optionalText("last_name", o.LastName)
	w.optionalText("name", o.Name)
	w.optionalText("external_id", o.ExternalID)
	w.pairs("metadata", o.Metadata)
	w.optionalText("locale", o.Locale)
	return w.end()
}

// DeleteUserOpts are what [Client.DeleteUser] takes.
type DeleteUserOpts struct {
	// ID: the id: "user_…".
	ID string
}

func (o DeleteUserOpts) arguments() *writer {
	w := newWriter()
	w.text("id", o.ID)
	return w.end()
}

// AuthenticateWithPasswordOpts are what [Client.AuthenticateWithPassword] takes.
type AuthenticateWithPasswordOpts struct {
	// Email: the address, compared in its look-up form.
	Email string
	// Password: the password: at most 4,096 bytes.
	Password string
}

func (o AuthenticateWithPasswordOpts) arguments() *writer {
	w := newWriter()
	w.text("email", o.Email)
	w.text("password", o.Password)
	return w.end()
}

// CreatePasswordResetOpts are what [Client.CreatePasswordReset] takes.
type CreatePasswordResetOpts struct {
	// Email: the address of the user, compared in its look-up form.
	Email string
}

func (o CreatePasswordResetOpts) arguments() *writer {
	w := newWriter()
	w.text("email", o.Email)
	return w.end()
}

// RequestPasswordResetOpts are what [Client.RequestPasswordReset] takes.
type RequestPasswordResetOpts struct {
	// Email: what was typed into the form.
	Email string
}

func (o RequestPasswordResetOpts) arguments() *writer {
	w := newWriter()
	w.text("email", o.Email)
	return w.end()
}

// GetPasswordResetOpts are what [Client.GetPasswordReset] takes.
type GetPasswordResetOpts struct {
	// ID: the id: "password_reset_…".
	ID string
}

func (o GetPasswordResetOpts) arguments() *writer {
	w := newWriter()
	w.text("id", o.ID)
	return w.end()
}

// CheckPasswordResetTokenOpts are what [Client.CheckPasswordResetToken] takes.
type CheckPasswordResetTokenOpts struct {
	// Token: the "Token" query parameter from the password reset URL.
	Token string
}

func (o CheckPasswordResetTokenOpts) arguments() *writer {
	w := newWriter()
	w.text("token", o.Token)
	return w.end()
}

// ResetPasswordOpts are what [Client.ResetPassword] takes.
type ResetPasswordOpts struct {
	// Token: the "Token" query parameter from the password reset URL.
	Token string
	// NewPassword: the new password to set for the user.
	NewPassword string
}

func (o ResetPasswordOpts) arguments() *writer {
	w := newWriter()
	w.text("token", o.Token)
	w.text("new_password", o.NewPassword)
	return w.end()
}

// RevokePasswordResetsOpts are what [Client.RevokePasswordResets] takes. Nil leaves out.
type RevokePasswordResetsOpts struct {
	// UserID: the user, or nothing for all users.
	UserID *string
}

func (o RevokePasswordResetsOpts) arguments() *writer {
	w := newWriter()
	w.optionalText("user_id", o.UserID)
	return w.end()
}

// CheckPasswordOpts are what [Client.CheckPassword] takes. Nil leaves out.
type CheckPasswordOpts struct {
	// Password: the password to judge.
	Password string
	// UserID: whose it would be: it is then also held against their address and names.
	UserID *string
}

func (o CheckPasswordOpts) arguments() *writer {
	w := newWriter()
	w.text("password", o.Password)
	w.optionalText("user_id", o.UserID)
	return w.end()
}

// EventsOpts are what [Client.Events] takes. Nil leaves out.
type EventsOpts struct {
	// After: the id of the event to begin after.
	After *string
	// Limit: events on a page: 1 to 100.
	Limit *int64
}

func (o EventsOpts) arguments() *writer {
	w := newWriter()
	w.optionalText("after", o.After)
	w.number("limit", o.Limit)
	return w.end()
}

// MessagesOpts are what [Client.Messages] takes. Nil leaves out.
type MessagesOpts struct {
	// Limit: most messages that are taken: 1 to 100, 10 by default.
	Limit *int64
}

func (o MessagesOpts) arguments() *writer {
	w := newWriter()
	w.number("limit", o.Limit)
	return w.end()
}

// MessageSentOpts are what [Client.MessageSent] takes.
type MessageSentOpts struct {
	// ID: the message's "ID", as it was given out this time.
	ID string
}

func (o MessageSentOpts) arguments() *writer {
	w := newWriter()
	w.text("id", o.ID)
	return w.end()
}

// MessageFailedOpts are what [Client.MessageFailed] takes.
type MessageFailedOpts struct {
	// ID: the message's "ID", as it was given out this time.
	ID string
}

func (o MessageFailedOpts) arguments() *writer {
	w := newWriter()
	w.text("id", o.ID)
	return w.end()
}

// ReportChangeOpts are what [Client.ReportChange] takes.
type ReportChangeOpts struct {
	// Token: the notice's "ReportToken".
	Token string
	// Email: the address that the notice was sent to, typed by its reader.
	Email string
}

func (o ReportChangeOpts) arguments() *writer {
	w := newWriter()
	w.text("token", o.Token)
	w.text("email", o.Email)
	return w.end()
}

// UnlockUserOpts are what [Client.UnlockUser] takes.
type UnlockUserOpts struct {
	// ID: the id: "user_…".
	ID string
}

func (o UnlockUserOpts) arguments() *writer {
	w := newWriter()
	w.text("id", o.ID)
	return w.end()
}

// PurgeOpts are what [Client.Purge] takes. Nil leaves out.
type PurgeOpts struct {
	// Limit: most rows of each kind that go: 1 to 10,000.
	Limit *int64
}

func (o PurgeOpts) arguments() *writer {
	w := newWriter()
	w.number("limit", o.Limit)
	return w.end()
}
