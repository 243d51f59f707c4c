package usermanagement

// AuthenticateWithPasswordOpts are the credentials of a login.
type AuthenticateWithPasswordOpts struct {
	// Email is the address, compared in its look-up form.
	Email string
	// Password is at most 4,096 bytes.
	Password string
}

func (o AuthenticateWithPasswordOpts) arguments() *writer {
	w := newWriter()
	w.text("email", o.Email)
	w.text("password", o.Password)
	return w.end()
}

// CheckPasswordOpts name a password to judge.
type CheckPasswordOpts struct {
	// Password is the password to judge.
	Password string
	// UserID is whose it would be: it is then also held against their address and names.
	UserID *string
}

func (o CheckPasswordOpts) arguments() *writer {
	w := newWriter()
	w.text("password", o.Password)
	w.optionalText("user_id", o.UserID)
	return w.end()
}

// CreatePasswordResetOpts name the user of a reset.
type CreatePasswordResetOpts struct {
	// Email is the address of the user, compared in its look-up form.
	Email string
}

func (o CreatePasswordResetOpts) arguments() *writer {
	w := newWriter()
	w.text("email", o.Email)
	return w.end()
}

// CreateUserOpts describe a new user. Only the address is required.
type CreateUserOpts struct {
	// Email is the address: at most 254 octets, 64 before the "@".
	Email string
	// Password is held to the policy.
	Password *string
	// PasswordHash is the hash of one, from another system; not both.
	PasswordHash *string
	// EmailVerified says whether the address is known to be the user's. False by default.
	EmailVerified *bool
	// FirstName is the given name: at most 256 characters.
	FirstName *string
	// LastName is the family name: at most 256 characters.
	LastName *string
	// Name is the full name: at most 256 characters.
	Name *string
	// ExternalID is the id that another system knows the user by: at most 128 visible ASCII characters, unique.
	ExternalID *string
	// Metadata has at most 50 keys of at most 40 characters, with values of at most 600.
	Metadata map[string]string
	// Locale is a language tag of at most 35 characters.
	Locale *string
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
	return w.end()
}

// DeleteUserOpts name a user.
type DeleteUserOpts struct {
	// ID is "user_…".
	ID string
}

// EventsOpts say where in the feed to read.
type EventsOpts struct {
	// After is the id of the event to begin after; nil begins at the oldest.
	After *string
	// Limit is how many events are on a page: 1 to 100, 10 by default.
	Limit *int64
}

func (o EventsOpts) arguments() *writer {
	w := newWriter()
	w.optionalText("after", o.After)
	w.number("limit", o.Limit)
	return w.end()
}

// GetPasswordResetOpts name a reset.
type GetPasswordResetOpts struct {
	// ID is "password_reset_…".
	ID string
}

// GetUserOpts name a user.
type GetUserOpts struct {
	// ID is "user_…".
	ID string
}

// GetUserByEmailOpts name a user.
type GetUserByEmailOpts struct {
	// Email is the address, compared in its look-up form.
	Email string
}

func (o GetUserByEmailOpts) arguments() *writer {
	w := newWriter()
	w.text("email", o.Email)
	return w.end()
}

// GetUserByExternalIDOpts name a user.
type GetUserByExternalIDOpts struct {
	// ExternalID is the id that another system knows the user by.
	ExternalID string
}

func (o GetUserByExternalIDOpts) arguments() *writer {
	w := newWriter()
	w.text("external_id", o.ExternalID)
	return w.end()
}

// Order is how a list of users is sorted, by when they were created.
type Order string

// The orders of a list.
const (
	// Asc has the oldest first.
	Asc Order = "asc"
	// Desc has the newest first, as a list has by default.
	Desc Order = "desc"
)

// ListUsersOpts say which users to list.
type ListUsersOpts struct {
	// Email leaves only the user with this address.
	Email *string
	// Limit is how many users are on a page: 1 to 100, 10 by default.
	Limit *int64
	// Before asks for the page that ends before this user.
	Before *string
	// After asks for the page that begins after this user.
	After *string
	// Order is how they are sorted: Desc by default.
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

// PurgeOpts bound how much is removed.
type PurgeOpts struct {
	// Limit is how many rows of each kind go at most: 1 to 10,000, 1,000 by default.
	Limit *int64
}

func (o PurgeOpts) arguments() *writer {
	w := newWriter()
	w.number("limit", o.Limit)
	return w.end()
}

// RequestPasswordResetOpts are what a public form was given.
type RequestPasswordResetOpts struct {
	// Email is what was typed into the form.
	Email string
}

func (o RequestPasswordResetOpts) arguments() *writer {
	w := newWriter()
	w.text("email", o.Email)
	return w.end()
}

// ResetPasswordOpts confirm a reset.
type ResetPasswordOpts struct {
	// Token is the "token" query parameter from the password reset URL.
	Token string
	// NewPassword is the new password to set for the user.
	NewPassword string
}

func (o ResetPasswordOpts) arguments() *writer {
	w := newWriter()
	w.text("token", o.Token)
	w.text("new_password", o.NewPassword)
	return w.end()
}

// RevokePasswordResetsOpts say whose resets to end.
type RevokePasswordResetsOpts struct {
	// UserID is the user, or nil for all users.
	UserID *string
}

func (o RevokePasswordResetsOpts) arguments() *writer {
	w := newWriter()
	w.optionalText("user_id", o.UserID)
	return w.end()
}

// UpdateUserOpts say what to change; nil leaves a field as it is.
type UpdateUserOpts struct {
	// ID is "user_…".
	ID string
	// Email is a new address. It counts as unverified unless EmailVerified is given true with it.
	Email *string
	// Password is held to the policy.
	Password *string
	// PasswordHash is the hash of one; not both.
	PasswordHash *string
	// EmailVerified marks the address verified; false is allowed only while it is not, or with a new address.
	EmailVerified *bool
	// FirstName is the given name; an empty text clears it.
	FirstName *string
	// LastName is the family name; an empty text clears it.
	LastName *string
	// Name is the full name; an empty text clears it.
	Name *string
	// ExternalID is the id that another system knows the user by; an empty text clears it.
	ExternalID *string
	// Metadata is all of the metadata; an empty map clears it.
	Metadata map[string]string
	// Locale is a language tag; an empty text clears it.
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

// byID are the arguments of what takes an id alone.
func byID(id string) *writer {
	w := newWriter()
	w.text("id", id)
	return w.end()
}
