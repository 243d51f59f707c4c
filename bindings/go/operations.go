// Code generated from bindings/api by scripts/update; DO NOT EDIT.

package usermanagement

import "context"

var (
	createUser               = operation("create_user\x00")
	getUser                  = operation("get_user\x00")
	getUserByEmail           = operation("get_user_by_email\x00")
	getUserByExternalID      = operation("get_user_by_external_id\x00")
	listUsers                = operation("list_users\x00")
	updateUser               = operation("update_user\x00")
	deleteUser               = operation("delete_user\x00")
	authenticateWithPassword = operation("authenticate_with_password\x00")
	createPasswordReset      = operation("create_password_reset\x00")
	requestPasswordReset     = operation("request_password_reset\x00")
	getPasswordReset         = operation("get_password_reset\x00")
	checkPasswordResetToken  = operation("check_password_reset_token\x00")
	resetPassword            = operation("reset_password\x00")
	revokePasswordResets     = operation("revoke_password_resets\x00")
	checkPassword            = operation("check_password\x00")
	events                   = operation("events\x00")
	messages                 = operation("messages\x00")
	messageSent              = operation("message_sent\x00")
	messageFailed            = operation("message_failed\x00")
	reportChange             = operation("report_change\x00")
	unlockUser               = operation("unlock_user\x00")
	purge                    = operation("purge\x00")
)

// CreateUser makes a user. A password is held to the policy. A hash from another system is taken as it is, and replaced
// by a current one when the user signs in. It fails with ErrEmailNotAvailable, ErrExternalIDAlreadyUsed,
// ErrInputInvalid, ErrInvalidPasswordHash, ErrPasswordAndPasswordHashProvided and ErrPasswordRejected.
func (c *Client) CreateUser(ctx context.Context, opts CreateUserOpts) (User, error) {
	return perform[User](ctx, c, createUser, opts.arguments())
}

// GetUser reads the user with an id. It fails with ErrUserNotFound.
func (c *Client) GetUser(ctx context.Context, opts GetUserOpts) (User, error) {
	return perform[User](ctx, c, getUser, opts.arguments())
}

// GetUserByEmail reads the user with an address. It fails with ErrInputInvalid and ErrUserNotFound.
func (c *Client) GetUserByEmail(ctx context.Context, opts GetUserByEmailOpts) (User, error) {
	return perform[User](ctx, c, getUserByEmail, opts.arguments())
}

// GetUserByExternalID reads the user whom another system knows by an id. It fails with ErrUserNotFound.
func (c *Client) GetUserByExternalID(ctx context.Context, opts GetUserByExternalIDOpts) (User, error) {
	return perform[User](ctx, c, getUserByExternalID, opts.arguments())
}

// ListUsers reads a page of users. The newest come first, unless "Order" says otherwise. It fails with ErrInputInvalid.
func (c *Client) ListUsers(ctx context.Context, opts ListUsersOpts) (UserList, error) {
	return perform[UserList](ctx, c, listUsers, opts.arguments())
}

// UpdateUser changes a user; what is left out stays as it is. An empty text clears a name, the locale or the external
// id. Metadata that is given replaces all of it. A new address or password ends the user's live reset. It fails with
// ErrEmailAlreadyVerified, ErrEmailNotAvailable, ErrExternalIDAlreadyUsed, ErrInputInvalid, ErrInvalidPasswordHash,
// ErrPasswordAndPasswordHashProvided, ErrPasswordRejected and ErrUserNotFound.
func (c *Client) UpdateUser(ctx context.Context, opts UpdateUserOpts) (User, error) {
	return perform[User](ctx, c, updateUser, opts.arguments())
}

// DeleteUser deletes a user with their resets. It fails with ErrUserNotFound.
func (c *Client) DeleteUser(ctx context.Context, opts DeleteUserOpts) error {
	_, err := perform[struct{}](ctx, c, deleteUser, opts.arguments())
	return err
}

// AuthenticateWithPassword checks an address and a password. All that is wrong with either gets one answer. After many
// failures in a row nothing is checked for a while. No session is issued. It fails with ErrInvalidCredentials,
// ErrOverloaded and ErrRateLimited.
func (c *Client) AuthenticateWithPassword(ctx context.Context, opts AuthenticateWithPasswordOpts) (User, error) {
	return perform[User](ctx, c, authenticateWithPassword, opts.arguments())
}

// CreatePasswordReset makes a reset for a user, for the trusted server. It tells whether there is such a user. An
// earlier reset of the user ends. For a user without a password, such as one who is invited, the token works for
// "FirstPasswordLifetime". If the context ends during the call, the reset may exist and nobody has its link. It fails
// with ErrInputInvalid, ErrUserLocked and ErrUserNotFound.
func (c *Client) CreatePasswordReset(ctx context.Context, opts CreatePasswordResetOpts) (PasswordReset, error) {
	return perform[PasswordReset](ctx, c, createPasswordReset, opts.arguments())
}

// RequestPasswordReset makes a reset for whoever has an address, for a public form. Answer the form in the same way
// whatever comes of it, and send the mail later. Nothing comes of it where there is no such user, or where it was asked
// for too often. The context of an HTTP request ends when the browser goes away. The reset may then exist, and nobody
// mails its link. So give a context that does not end with the request: context.WithoutCancel(r.Context()), or before
// Go 1.21 context.Background(). It fails with ErrInputInvalid.
func (c *Client) RequestPasswordReset(ctx context.Context, opts RequestPasswordResetOpts) (*PasswordReset, error) {
	return perform[*PasswordReset](ctx, c, requestPasswordReset, opts.arguments())
}

// GetPasswordReset reads a live reset with its link. Only while its token can be used. It fails with
// ErrPasswordResetNotFound.
func (c *Client) GetPasswordReset(ctx context.Context, opts GetPasswordResetOpts) (PasswordReset, error) {
	return perform[PasswordReset](ctx, c, getPasswordReset, opts.arguments())
}

// CheckPasswordResetToken says whether a token can be used, and until when; nothing is changed. For the page behind the
// link, before it shows a form. It tells no more than "ResetPassword" would.
func (c *Client) CheckPasswordResetToken(ctx context.Context, opts CheckPasswordResetTokenOpts) (TokenCheck, error) {
	return perform[TokenCheck](ctx, c, checkPasswordResetToken, opts.arguments())
}

// ResetPassword sets a new password with the token of a reset link. A token works once, and success verifies the user's
// e-mail. A refused password leaves the token usable. End the sessions that began before the user's
// "CredentialsChangedAt". It fails with ErrOverloaded, ErrPasswordRejected, ErrPasswordResetTokenExpired and
// ErrPasswordResetTokenNotFound.
func (c *Client) ResetPassword(ctx context.Context, opts ResetPasswordOpts) (UserResponse, error) {
	user, err := perform[User](ctx, c, resetPassword, opts.arguments())
	return UserResponse{User: user}, err
}

// RevokePasswordResets ends the live resets of one user, or of all. Answers how many were ended. It fails with
// ErrUserNotFound.
func (c *Client) RevokePasswordResets(ctx context.Context, opts RevokePasswordResetsOpts) (int64, error) {
	return perform[int64](ctx, c, revokePasswordResets, opts.arguments())
}

// CheckPassword gives the policy's verdict on a password; nothing is set. It fails with ErrUserNotFound.
func (c *Client) CheckPassword(ctx context.Context, opts CheckPasswordOpts) (PasswordCheck, error) {
	return perform[PasswordCheck](ctx, c, checkPassword, opts.arguments())
}

// Events reads what happened, oldest first. Begins after the event "After", or with the oldest. It fails with
// ErrInputInvalid.
func (c *Client) Events(ctx context.Context, opts EventsOpts) (EventList, error) {
	return perform[EventList](ctx, c, events, opts.arguments())
}

// Messages takes messages that are to be sent now, for a mailer. Needs the option "Messages". Each is held for 5
// minutes by whoever was given it: say what became of it by "MessageSent" or "MessageFailed", or it is given out again.
// Send each to its "To", with a "Message-ID" made of its "MessageID", which stays the same. It fails with
// ErrConfigInvalid and ErrInputInvalid.
func (c *Client) Messages(ctx context.Context, opts MessagesOpts) (MessageList, error) {
	return perform[MessageList](ctx, c, messages, opts.arguments())
}

// MessageSent removes a message that was sent. Refused with "IDUnknown" when there is no such message any more, or
// another holds it by now; there is nothing to be done about that. It fails with ErrConfigInvalid and ErrInputInvalid.
func (c *Client) MessageSent(ctx context.Context, opts MessageSentOpts) error {
	_, err := perform[struct{}](ctx, c, messageSent, opts.arguments())
	return err
}

// MessageFailed gives a message back that could not be sent. It is given out again after 10 seconds, 1, 5, 15 and 60
// minutes, then every 4 hours: a link until it stops working, a notice for a day. It fails with ErrConfigInvalid and
// ErrInputInvalid.
func (c *Client) MessageFailed(ctx context.Context, opts MessageFailedOpts) error {
	_, err := perform[struct{}](ctx, c, messageFailed, opts.arguments())
	return err
}

// ReportChange says that a change was not the owner's, by the token of the notice that told of it. Nobody knows the
// password any more, and links end; end the sessions that began before the user's "CredentialsChangedAt". A new link is
// sent if the address is still the account's. If not, the account is locked: no link is made for it until "UnlockUser",
// or until an address is set. A token works once, for 7 days. It fails with ErrInputInvalid and ErrOverloaded.
func (c *Client) ReportChange(ctx context.Context, opts ReportChangeOpts) (User, error) {
	return perform[User](ctx, c, reportChange, opts.arguments())
}

// UnlockUser has links made again for a user who was locked out by "ReportChange". Make sure first that the account's
// address is its owner's. It fails with ErrUserNotFound.
func (c *Client) UnlockUser(ctx context.Context, opts UnlockUserOpts) error {
	_, err := perform[struct{}](ctx, c, unlockUser, opts.arguments())
	return err
}

// Purge removes what is dead and old. Of each kind go at most "Limit" rows; call it again while it removes as many. It
// fails with ErrInputInvalid.
func (c *Client) Purge(ctx context.Context, opts PurgeOpts) (Purged, error) {
	return perform[Purged](ctx, c, purge, opts.arguments())
}
