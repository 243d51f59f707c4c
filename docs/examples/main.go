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
	check(examples[name](ctx, client, id, token))
}
