// Code generated from bindings/api by scripts/update; DO NOT EDIT.

package usermanagement

import "context"

// CreateUser is [Client.CreateUser] on what [Configure] opened.
func CreateUser(ctx context.Context, opts CreateUserOpts) (User, error) {
	return configured.Load().CreateUser(ctx, opts)
}

// GetUser is [Client.GetUser] on what [Configure] opened.
func GetUser(ctx context.Context, opts GetUserOpts) (User, error) {
	return configured.Load().GetUser(ctx, opts)
}

// GetUserByEmail is [Client.GetUserByEmail] on what [Configure] opened.
func GetUserByEmail(ctx context.Context, opts GetUserByEmailOpts) (User, error) {
	return configured.Load().GetUserByEmail(ctx, opts)
}

// GetUserByExternalID is [Client.GetUserByExternalID] on what [Configure] opened.
func GetUserByExternalID(ctx context.Context, opts GetUserByExternalIDOpts) (User, error) {
	return configured.Load().GetUserByExternalID(ctx, opts)
}

// ListUsers is [Client.ListUsers] on what [Configure] opened.
func ListUsers(ctx context.Context, opts ListUsersOpts) (UserList, error) {
	return configured.Load().ListUsers(ctx, opts)
}

// UpdateUser is [Client.UpdateUser] on what [Configure] opened.
func UpdateUser(ctx context.Context, opts UpdateUserOpts) (User, error) {
	return configured.Load().UpdateUser(ctx, opts)
}

// DeleteUser is [Client.DeleteUser] on what [Configure] opened.
func DeleteUser(ctx context.Context, opts DeleteUserOpts) error {
	return configured.Load().DeleteUser(ctx, opts)
}

// AuthenticateWithPassword is [Client.AuthenticateWithPassword] on what [Configure] opened.
func AuthenticateWithPassword(ctx context.Context, opts AuthenticateWithPasswordOpts) (User, error) {
	return configured.Load().AuthenticateWithPassword(ctx, opts)
}

// CreatePasswordReset is [Client.CreatePasswordReset] on what [Configure] opened.
func CreatePasswordReset(ctx context.Context, opts CreatePasswordResetOpts) (PasswordReset, error) {
	return configured.Load().CreatePasswordReset(ctx, opts)
}

// RequestPasswordReset is [Client.RequestPasswordReset] on what [Configure] opened.
func RequestPasswordReset(ctx context.Context, opts RequestPasswordResetOpts) (*PasswordReset, error) {
	return configured.Load().RequestPasswordReset(ctx, opts)
}

// GetPasswordReset is [Client.GetPasswordReset] on what [Configure] opened.
func GetPasswordReset(ctx context.Context, opts GetPasswordResetOpts) (PasswordReset, error) {
	return configured.Load().GetPasswordReset(ctx, opts)
}

// CheckPasswordResetToken is [Client.CheckPasswordResetToken] on what [Configure] opened.
func CheckPasswordResetToken(ctx context.Context, opts CheckPasswordResetTokenOpts) (TokenCheck, error) {
	return configured.Load().CheckPasswordResetToken(ctx, opts)
}

// ResetPassword is [Client.ResetPassword] on what [Configure] opened.
func ResetPassword(ctx context.Context, opts ResetPasswordOpts) (UserResponse, error) {
	return configured.Load().ResetPassword(ctx, opts)
}

// RevokePasswordResets is [Client.RevokePasswordResets] on what [Configure] opened.
func RevokePasswordResets(ctx context.Context, opts RevokePasswordResetsOpts) (int64, error) {
	return configured.Load().RevokePasswordResets(ctx, opts)
}

// CheckPassword is [Client.CheckPassword] on what [Configure] opened.
func CheckPassword(ctx context.Context, opts CheckPasswordOpts) (PasswordCheck, error) {
	return configured.Load().CheckPassword(ctx, opts)
}

// Events is [Client.Events] on what [Configure] opened.
func Events(ctx context.Context, opts EventsOpts) (EventList, error) {
	return configured.Load().Events(ctx, opts)
}

// Messages is [Client.Messages] on what [Configure] opened.
func Messages(ctx context.Context, opts MessagesOpts) (MessageList, error) {
	return configured.Load().Messages(ctx, opts)
}

// MessageSent is [Client.MessageSent] on what [Configure] opened.
func MessageSent(ctx context.Context, opts MessageSentOpts) error {
	return configured.Load().MessageSent(ctx, opts)
}

// MessageFailed is [Client.MessageFailed] on what [Configure] opened.
func MessageFailed(ctx context.Context, opts MessageFailedOpts) error {
	return configured.Load().MessageFailed(ctx, opts)
}

// ReportChange is [Client.ReportChange] on what [Configure] opened.
func ReportChange(ctx context.Context, opts ReportChangeOpts) (User, error) {
	return configured.Load().ReportChange(ctx, opts)
}

// UnlockUser is [Client.UnlockUser] on what [Configure] opened.
func UnlockUser(ctx context.Context, opts UnlockUserOpts) error {
	return configured.Load().UnlockUser(ctx, opts)
}

// Purge is [Client.Purge] on what [Configure] opened.
func Purge(ctx context.Context, opts PurgeOpts) (Purged, error) {
	return configured.Load().Purge(ctx, opts)
}
