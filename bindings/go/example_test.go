package usermanagement_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"resetpassword.dev/usermanagement"
)

func Example() {
	err := usermanagement.Configure(":memory:", usermanagement.Options{
		ResetURL: usermanagement.Ptr("https://example.com/reset-password"),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer usermanagement.Close()
	ctx := context.Background()

	_, err = usermanagement.CreateUser(ctx, usermanagement.CreateUserOpts{Email: "ada@example.com"})
	if err != nil {
		fmt.Println(err)
		return
	}
	reset, err := usermanagement.CreatePasswordReset(ctx, usermanagement.CreatePasswordResetOpts{
		Email: "ada@example.com",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	// Mail reset.PasswordResetURL to reset.Email. The link comes back with the token.
	fmt.Println(strings.Split(reset.PasswordResetURL, "?")[0])

	confirmed, err := usermanagement.ResetPassword(ctx, usermanagement.ResetPasswordOpts{
		Token:       reset.PasswordResetToken,
		NewPassword: "a long walk by the sea",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(confirmed.User.Email, confirmed.User.EmailVerified)
	// Output:
	// https://example.com/reset-password
	// ada@example.com true
}

func ExampleOpen() {
	client, err := usermanagement.Open(":memory:", usermanagement.Options{
		TokenLifetime: usermanagement.Ptr(15 * time.Minute),
		ServiceNames:  []string{"Example"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()

	users, err := client.ListUsers(context.Background(), usermanagement.ListUsersOpts{
		Order: usermanagement.Ptr(usermanagement.Asc),
	})
	fmt.Println(len(users.Data), err)
	// Output: 0 <nil>
}

func ExampleClient_ResetPassword() {
	client, err := usermanagement.Open(":memory:", usermanagement.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()
	confirm := func(token, newPassword string) {
		_, err := client.ResetPassword(context.Background(), usermanagement.ResetPasswordOpts{
			Token: token, NewPassword: newPassword,
		})
		var refused *usermanagement.Error
		switch {
		case err == nil:
			fmt.Println("Your password has been changed.")
		case errors.Is(err, usermanagement.ErrPasswordRejected) && errors.As(err, &refused):
			for _, reason := range refused.Errors {
				fmt.Println(reason.Message)
			}
		case errors.Is(err, usermanagement.ErrPasswordResetTokenNotFound),
			errors.Is(err, usermanagement.ErrPasswordResetTokenExpired):
			fmt.Println("This link cannot be used any more.")
		default:
			fmt.Println(err)
		}
	}

	ctx := context.Background()
	_, _ = client.CreateUser(ctx, usermanagement.CreateUserOpts{Email: "ada@example.com"})
	reset, _ := client.CreatePasswordReset(ctx, usermanagement.CreatePasswordResetOpts{Email: "ada@example.com"})
	confirm(reset.PasswordResetToken, "too short")
	confirm(reset.PasswordResetToken, "seven green boats at dusk")
	confirm(reset.PasswordResetToken, "nine red kites over the hill")
	// Output:
	// use at least 15 characters
	// Your password has been changed.
	// This link cannot be used any more.
}

func ExampleClient_RequestPasswordReset() {
	client, err := usermanagement.Open(":memory:", usermanagement.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()

	// What was typed into the public form. The answer is the same whether or not there is such a user.
	reset, err := client.RequestPasswordReset(context.Background(), usermanagement.RequestPasswordResetOpts{
		Email: "nobody@example.com",
	})
	if reset != nil {
		fmt.Println("a link is to be mailed to", reset.Email)
	}
	fmt.Println("If that address is known, a link is on its way.", err)
	// Output: If that address is known, a link is on its way. <nil>
}

func ExampleClient_CheckPassword() {
	client, err := usermanagement.Open(":memory:", usermanagement.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()

	verdict, err := client.CheckPassword(context.Background(), usermanagement.CheckPasswordOpts{Password: "correct"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(verdict.Acceptable)
	for _, reason := range verdict.Errors {
		fmt.Println(reason.Code)
	}
	// Output:
	// false
	// password_too_short
	// password_too_common
}

func ExampleClient_Events() {
	client, err := usermanagement.Open(":memory:", usermanagement.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()
	ctx := context.Background()
	_, _ = client.CreateUser(ctx, usermanagement.CreateUserOpts{Email: "ada@example.com"})

	page, err := client.Events(ctx, usermanagement.EventsOpts{Limit: usermanagement.Ptr(int64(100))})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, event := range page.Data {
		fmt.Println(event.Event, event.Data["email"])
	}
	// Output: user.created ada@example.com
}
