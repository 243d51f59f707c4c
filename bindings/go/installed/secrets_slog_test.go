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
	for _, value := range append(holders(reset.PasswordResetToken)[:8], reset, &reset) {
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
