package usermanagement

import "context"

var (
	authenticateWithPassword = operation("authenticate_with_password\x00")
	checkPassword            = operation("check_password\x00")
	createPasswordReset      = operation("create_password_reset\x00")
	createUser               = operation("create_user\x00")
	deleteUser               = operation("delete_user\x00")
	events                   = operation("events\x00")
	getPasswordReset         = operation("get_password_reset\x00")
	getUser                  = operation("get_user\x00")
	getUserByEmail           = operation("get_user_by_email\x00")
	getUserByExternalID      = operation("get_user_by_external_id\x00")
	listUsers                = operation("list_users\x00")
	purge                    = operation("purge\x00")
	requestPasswordReset     = operation("request_password_reset\x00")
	resetPassword            = operation("reset_password\x00")
	revokePasswordResets     = operation("revoke_password_resets\x00")
	updateUser               = operation("update_user\x00")
)

// AuthenticateWithPassword checks the credentials of a login and answers the user. It fails with
// ErrInvalidCredentials for a wrong password and an unknown address alike, and after many failures in a row with
// ErrRateLimited: then nothing was checked.
func (c *Client) AuthenticateWithPassword(ctx context.Context, opts AuthenticateWithPasswordOpts) (User, error) {
	return perform[User](ctx, c, authenticateWithPassword, opts.arguments())
}

// CheckPassword answers the policy's verdict on a password, with every rule that it breaks. Nothing is set and
// nothing is hashed. It fails with ErrUserNotFound.
func (c *Client) CheckPassword(ctx context.Context, opts CheckPasswordOpts) (PasswordCheck, error) {
	return perform[PasswordCheck](ctx, c, checkPassword, opts.arguments())
}

// CreatePasswordReset makes a reset for a user, for a trusted caller: it fails with ErrUserNotFound. An earlier reset
// of the user ends. If the context ends during the call, the reset may exist and nobody has its link: see
// [Client.RequestPasswordReset].
func (c *Client) CreatePasswordReset(ctx context.Context, opts CreatePasswordResetOpts) (PasswordReset, error) {
	return perform[PasswordReset](ctx, c, createPasswordReset, opts.arguments())
}

// CreateUser makes a user. It fails with ErrEmailNotAvailable, ErrExternalIDAlreadyUsed, ErrInputInvalid,
// ErrInvalidPasswordHash, ErrPasswordAndPasswordHashProvided and ErrPasswordRejected.
func (c *Client) CreateUser(ctx context.Context, opts CreateUserOpts) (User, error) {
	return perform[User](ctx, c, createUser, opts.arguments())
}

// DeleteUser deletes a user with their resets. It fails with ErrUserNotFound.
func (c *Client) DeleteUser(ctx context.Context, opts DeleteUserOpts) error {
	_, err := perform[struct{}](ctx, c, deleteUser, byID(opts.ID))
	return err
}

// Events answers a page of the feed, oldest first. It fails with ErrInputInvalid.
func (c *Client) Events(ctx context.Context, opts EventsOpts) (EventList, error) {
	return perform[EventList](ctx, c, events, opts.arguments())
}

// GetPasswordReset reads a reset with its token and url, while the token can be used. It fails with
// ErrPasswordResetNotFound.
func (c *Client) GetPasswordReset(ctx context.Context, opts GetPasswordResetOpts) (PasswordReset, error) {
	return perform[PasswordReset](ctx, c, getPasswordReset, byID(opts.ID))
}

// GetUser reads a user by id. It fails with ErrUserNotFound.
func (c *Client) GetUser(ctx context.Context, opts GetUserOpts) (User, error) {
	return perform[User](ctx, c, getUser, byID(opts.ID))
}

// GetUserByEmail reads a user by address. It fails with ErrUserNotFound.
func (c *Client) GetUserByEmail(ctx context.Context, opts GetUserByEmailOpts) (User, error) {
	return perform[User](ctx, c, getUserByEmail, opts.arguments())
}

// GetUserByExternalID reads a user by the id that another system knows them by. It fails with ErrUserNotFound.
func (c *Client) GetUserByExternalID(ctx context.Context, opts GetUserByExternalIDOpts) (User, error) {
	return perform[User](ctx, c, getUserByExternalID, opts.arguments())
}

// ListUsers answers a page of users. It fails with ErrInputInvalid.
func (c *Client) ListUsers(ctx context.Context, opts ListUsersOpts) (UserList, error) {
	return perform[UserList](ctx, c, listUsers, opts.arguments())
}

// Purge removes what is long dead: call it daily, and again while it removes as many rows as it may. It fails with
// ErrInputInvalid.
func (c *Client) Purge(ctx context.Context, opts PurgeOpts) (Purged, error) {
	return perform[Purged](ctx, c, purge, opts.arguments())
}

// RequestPasswordReset is for the public form: it answers a reset to mail, or nil for an address that is unknown or
// was asked for too recently. Answer the form alike in every case, and mail behind the answer. It fails with
// ErrInputInvalid for text that is no address.
//
// The context of an HTTP request ends when the browser goes away. The reset may then exist, nobody mails its link, and
// for 60 seconds another request for the address makes none. So give a context that does not end with the request:
// context.WithoutCancel(r.Context()), or before Go 1.21 context.Background().
func (c *Client) RequestPasswordReset(ctx context.Context, opts RequestPasswordResetOpts) (*PasswordReset, error) {
	return perform[*PasswordReset](ctx, c, requestPasswordReset, opts.arguments())
}

// ResetPassword sets a new password using the "token" query parameter from the link that the user received.
// Successfully resetting the password verifies the user's e-mail, if it hasn't been verified yet. A token works once:
// of concurrent calls exactly one succeeds. It fails with ErrPasswordResetTokenNotFound, ErrPasswordResetTokenExpired,
// and, with the token still usable, ErrPasswordRejected.
func (c *Client) ResetPassword(ctx context.Context, opts ResetPasswordOpts) (UserResponse, error) {
	user, err := perform[User](ctx, c, resetPassword, opts.arguments())
	return UserResponse{User: user}, err
}

// RevokePasswordResets ends the live resets of one user, or of all, and answers how many. It fails with
// ErrUserNotFound.
func (c *Client) RevokePasswordResets(ctx context.Context, opts RevokePasswordResetsOpts) (int64, error) {
	return perform[int64](ctx, c, revokePasswordResets, opts.arguments())
}

// UpdateUser changes a user. It fails with the errors of CreateUser, ErrEmailAlreadyVerified and ErrUserNotFound.
func (c *Client) UpdateUser(ctx context.Context, opts UpdateUserOpts) (User, error) {
	return perform[User](ctx, c, updateUser, opts.arguments())
}
