// The package for Go. Arguments: memory in KiB, iterations, folder for the database.
//
// One JSON request a line on standard input, one JSON answer a line on standard output.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"resetpassword.dev/usermanagement"
)

const email = "bench-1@example.com"

// The package's version, which the linker writes.
var version = "?"

type request struct {
	Op       string
	Password string
	Count    int
}

type bench struct {
	users    *usermanagement.Client
	database string
}

func (b bench) createReset(ctx context.Context) (string, error) {
	reset, err := b.users.CreatePasswordReset(ctx, usermanagement.CreatePasswordResetOpts{Email: email})
	return reset.PasswordResetToken, err
}

func (b bench) reset(ctx context.Context, password string) (any, error) {
	start := time.Now()
	token, err := b.createReset(ctx)
	if err != nil {
		return nil, err
	}
	created := time.Since(start)
	start = time.Now()
	_, err = b.users.ResetPassword(ctx, usermanagement.ResetPasswordOpts{Token: token, NewPassword: password})
	return map[string]int64{"ns": time.Since(start).Nanoseconds(), "create_ns": created.Nanoseconds()}, err
}

// refuse measures with well-formed tokens that nobody was given.
func (b bench) refuse(ctx context.Context, count int) (any, error) {
	tokens := make([]string, count)
	for n := range tokens {
		tokens[n] = fmt.Sprintf("%042dA", n)
	}
	start := time.Now()
	err := b.refuseEach(ctx, tokens)
	return map[string]int64{"ns": time.Since(start).Nanoseconds()}, err
}

func (b bench) refuseEach(ctx context.Context, tokens []string) error {
	for _, token := range tokens {
		_, err := b.users.ResetPassword(ctx, usermanagement.ResetPasswordOpts{
			Token: token, NewPassword: "never looked at, not one bit",
		})
		if !errors.Is(err, usermanagement.ErrPasswordResetTokenNotFound) {
			return fmt.Errorf("a token that nobody was given was answered: %w", err)
		}
	}
	return nil
}

// check sees that the measured calls do what they are measured for: new password in, link dead.
func (b bench) check(ctx context.Context, password string) (any, error) {
	token, err := b.createReset(ctx)
	if err != nil {
		return nil, err
	}
	if _, err = b.users.ResetPassword(ctx, usermanagement.ResetPasswordOpts{
		Token: token, NewPassword: password,
	}); err != nil {
		return nil, err
	}
	if _, err = b.users.AuthenticateWithPassword(ctx, usermanagement.AuthenticateWithPasswordOpts{
		Email: email, Password: password,
	}); err != nil {
		return nil, err
	}
	return map[string]string{"database": b.database}, b.refuseEach(ctx, []string{token})
}

func (b bench) answer(ctx context.Context, asked request) (any, error) {
	switch asked.Op {
	case "reset":
		return b.reset(ctx, asked.Password)
	case "refuse":
		return b.refuse(ctx, asked.Count)
	case "check":
		return b.check(ctx, asked.Password)
	}
	return nil, fmt.Errorf("there is no operation %q", asked.Op)
}

func number(text string) *int64 {
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		fail(err)
	}
	return &number
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func main() {
	ctx := context.Background()
	database := filepath.Join(os.Args[3], "go.db")
	users, err := usermanagement.Open(database, usermanagement.Options{
		Argon2MemoryKiB: number(os.Args[1]), Argon2Iterations: number(os.Args[2]),
	})
	if err != nil {
		fail(err)
	}
	if _, err := users.CreateUser(ctx, usermanagement.CreateUserOpts{Email: email}); err != nil {
		fail(err)
	}
	out := json.NewEncoder(os.Stdout)
	versions := map[string]string{
		"reset-password": version, "Go": runtime.Version(), "database": "a file with WAL and synchronous=FULL",
	}
	if err := out.Encode(map[string]any{"versions": versions}); err != nil {
		fail(err)
	}
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		var asked request
		answer, err := any(nil), json.Unmarshal(in.Bytes(), &asked)
		if err == nil {
			answer, err = bench{users, database}.answer(ctx, asked)
		}
		if err != nil { // the orchestrator reports it and stops the run
			answer = map[string]string{"error": err.Error()}
		}
		if err := out.Encode(answer); err != nil {
			fail(err)
		}
	}
}
