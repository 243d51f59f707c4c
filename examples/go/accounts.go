package main

import (
	"context"
	"errors"
	"net/http"

	"resetpassword.dev/usermanagement"
)

func signUp(ctx context.Context, w http.ResponseWriter, given ...string) error {
	_, err := usermanagement.CreateUser(ctx, usermanagement.CreateUserOpts{Email: given[0], Password: &given[1]})
	if err == nil {
		page{Message: "Your account is ready"}.show(w, http.StatusCreated)
	}
	return err
}

func logIn(ctx context.Context, w http.ResponseWriter, given ...string) error {
	_, err := usermanagement.AuthenticateWithPassword(ctx, usermanagement.AuthenticateWithPasswordOpts{
		Email: given[0], Password: given[1],
	})
	if err == nil {
		// Here the application begins a session of its own, and refuses those that began before the user's
		// CredentialsChangedAt.
		page{Message: "Welcome"}.show(w, http.StatusOK)
	}
	return err
}

func forgotPassword(ctx context.Context, w http.ResponseWriter, given ...string) error {
	// A reset that was made is mailed, even if the browser is gone by then: its context would end the call.
	ctx = context.WithoutCancel(ctx)
	reset, err := usermanagement.RequestPasswordReset(ctx, usermanagement.RequestPasswordResetOpts{Email: given[0]})
	if err != nil {
		return err
	}
	if reset != nil {
		enqueue(reset)
	}
	page{Message: "If that address is known, a link is on its way"}.show(w, http.StatusOK)
	return nil
}

func resetPasswordForm(_ context.Context, w http.ResponseWriter, given ...string) error {
	page{Form: "reset", Token: given[0]}.show(w, http.StatusOK)
	return nil
}

func resetPassword(ctx context.Context, w http.ResponseWriter, given ...string) error {
	token, newPassword := given[0], given[1]
	_, err := usermanagement.ResetPassword(ctx, usermanagement.ResetPasswordOpts{
		Token: token, NewPassword: newPassword,
	})
	var refused *usermanagement.Error
	if errors.Is(err, usermanagement.ErrPasswordRejected) && errors.As(err, &refused) {
		// The token is still usable: the form is there again.
		page{Reasons: reasons(refused), Form: "reset", Token: token}.show(w, http.StatusBadRequest)
		return nil
	}
	if err == nil {
		page{Message: "Your password has been changed"}.show(w, http.StatusOK)
	}
	return err
}
