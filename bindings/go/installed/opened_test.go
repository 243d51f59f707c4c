package installed

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	um "resetpassword.dev/usermanagement"
)

const (
	password      = "a long walk by the sea"
	otherPassword = "seven green boats at dusk"
	unknownToken  = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	key           = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
)

// patience is how long something may take that is waited for.
const patience = time.Minute

var background = context.Background()

// cheap are options under which a hash costs as little as it may.
func cheap() um.Options {
	return um.Options{Argon2MemoryKiB: um.Ptr(int64(19_456)), Argon2Iterations: um.Ptr(int64(2))}
}

func open(t testing.TB, databaseURL string) *um.Client {
	t.Helper()
	client, err := um.Open(databaseURL, cheap())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func inMemory(t testing.TB) *um.Client {
	t.Helper()
	return open(t, ":memory:")
}

func database(t testing.TB) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "users.db")
}

// withUser makes a user who has the password.
func withUser(t testing.TB, client *um.Client, email string) um.User {
	t.Helper()
	user, err := client.CreateUser(background, um.CreateUserOpts{Email: email, Password: um.Ptr(password)})
	if err != nil {
		t.Fatal(err)
	}
	return user
}

func tokenFor(t testing.TB, client *um.Client, email string) string {
	t.Helper()
	reset, err := client.CreatePasswordReset(background, um.CreatePasswordResetOpts{Email: email})
	if err != nil {
		t.Fatal(err)
	}
	return reset.PasswordResetToken
}

func confirm(ctx context.Context, client *um.Client, token, newPassword string) error {
	_, err := client.ResetPassword(ctx, um.ResetPasswordOpts{Token: token, NewPassword: newPassword})
	return err
}

func logIn(client *um.Client, email, with string) error {
	_, err := client.AuthenticateWithPassword(background, um.AuthenticateWithPasswordOpts{Email: email, Password: with})
	return err
}

// wantCode holds an error against a code, and looks at the whole of it.
func wantCode(t testing.TB, err error, code um.Code) *um.Error {
	t.Helper()
	var failed *um.Error
	if !errors.Is(err, code) || !errors.As(err, &failed) || failed.Message == "" {
		t.Fatalf("%v (%T), not %s", err, err, code)
	}
	return failed
}

// eventually waits until something holds.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	late := time.After(patience)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("not within %s: %s", patience, what)
		}
	}
}

func isAny(err error, codes ...um.Code) bool {
	for _, code := range codes {
		if errors.Is(err, code) {
			return true
		}
	}
	return false
}
