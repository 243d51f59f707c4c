// What the reference's examples in Go leave to the reader.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"resetpassword.dev/usermanagement"
)

var examples = map[string]func(context.Context, *usermanagement.Client, string, string) error{}

func show(...any)                                        { fmt.Println("show") }
func enqueue(recipient, link string)                     { fmt.Println("enqueue") }
func sendMail(recipient, kind string, link *string) error {
	fmt.Println("send_mail")
	return nil
}
func endSessionsBefore(userID string, moment *time.Time) { fmt.Println("end_sessions_before") }

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	ctx, name := context.Background(), os.Args[1]
	check(usermanagement.Configure("sqlite:"+name+".db", usermanagement.Options{
		Argon2MemoryKiB: usermanagement.Ptr(int64(19_456)), Argon2Iterations: usermanagement.Ptr(int64(2)),
	}))
	client, err := usermanagement.Open("sqlite:"+name+".db", usermanagement.Options{
		Messages: usermanagement.Ptr(true),
		Argon2MemoryKiB: usermanagement.Ptr(int64(19_456)), Argon2Iterations: usermanagement.Ptr(int64(2)),
	})
	check(err)
	var id, token string
	if len(os.Args) > 2 {
		user, err := client.CreateUser(ctx, usermanagement.CreateUserOpts{
			Email: "ada@example.com", Password: usermanagement.Ptr("a long walk by the sea"),
			ExternalID: usermanagement.Ptr("crm-1815"),
		})
		check(err)
		id = user.ID
	}
	if len(os.Args) > 3 {
		made, err := client.CreatePasswordReset(ctx, usermanagement.CreatePasswordResetOpts{Email: "ada@example.com"})
		check(err)
		token = made.PasswordResetToken
		if name == "get_password_reset" {
			id = made.ID
		}
	}
	switch name {
	case "messages", "message_sent", "message_failed":
		_, err = client.RequestPasswordReset(ctx, usermanagement.RequestPasswordResetOpts{Email: "ada@example.com"})
		check(err)
	case "report_change":
		_, err = client.UpdateUser(ctx, usermanagement.UpdateUserOpts{
			ID: id, Password: usermanagement.Ptr("seven green boats at dusk"),
		})
		check(err)
	}
	switch name {
	case "message_sent", "message_failed", "report_change":
		taken, err := client.Messages(ctx, usermanagement.MessagesOpts{})
		check(err)
		id = taken.Data[0].ID
		if name == "report_change" {
			token = *taken.Data[0].ReportToken
		}
	}
	check(examples[name](ctx, client, id, token))
}
