//go:build go1.21

package installed

import (
	"log/slog"
	"strings"
	"testing"

	um "resetpassword.dev/usermanagement"
)

func TestNoSecretIsLogged(t *testing.T) {
	client := inMemory(t)
	withUser(t, client, "ada@example.com")
	reset := must[um.PasswordReset](t)(client.CreatePasswordReset(background,
		um.CreatePasswordResetOpts{Email: "ada@example.com"}))
	for _, value := range append(holders(reset.PasswordResetToken), reset, &reset) {
		var text strings.Builder
		for _, handler := range []slog.Handler{slog.NewTextHandler(&text, nil), slog.NewJSONHandler(&text, nil)} {
			slog.New(handler).Info("shown", "value", value, slog.Group("group", "value", value))
		}
		if strings.Count(text.String(), "[redacted]") < 4 {
			t.Errorf("%T: %s", value, text.String())
		}
		wantNoSecret(t, "the log", text.String(), reset.PasswordResetToken)
	}
}

// What RequestPasswordReset answers may be nil, for which no method can speak.
func TestANilResetDoesNotStopALog(t *testing.T) {
	var none *um.PasswordReset
	var text strings.Builder
	slog.New(slog.NewJSONHandler(&text, nil)).Info("shown", "reset", none)
	if !strings.Contains(text.String(), `"msg":"shown"`) {
		t.Error(text.String())
	}
}

func TestAnErrorIsLoggedAsItsMessage(t *testing.T) {
	_, err := inMemory(t).GetUser(background, um.GetUserOpts{ID: "user_x"})
	var text strings.Builder
	slog.New(slog.NewJSONHandler(&text, nil)).Error("failed", "err", err)
	slog.New(slog.NewTextHandler(&text, nil)).Error("failed", "err", err)
	for _, shown := range []string{`"err":"there is no such user"`, `err="there is no such user"`} {
		if !strings.Contains(text.String(), shown) {
			t.Errorf("%s is not in %s", shown, text.String())
		}
	}
}
