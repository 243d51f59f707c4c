package installed

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"strings"
	"testing"

	um "resetpassword.dev/usermanagement"
)

// verbs are all kinds but %p and %w, for which fmt asks no value how to print itself. Go vet finds both in constant
// formats. The last has nothing to print, which fmt then tells of.
var verbs = []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%z", "% x", "%10.3v", "none"}

// holders are values that hold each secret somewhere, with the type that shows them.
func holders(token string) []any {
	text := um.Ptr[string]
	values := []any{
		um.Options{Key: text(key), PreviousKeys: []string{key}, KeyFile: text(token)},
		um.AuthenticateWithPasswordOpts{Email: "a", Password: password},
		um.CheckPasswordOpts{Password: password, UserID: text(token)},
		um.CreateUserOpts{Email: "a", Password: text(password), PasswordHash: text(token)},
		um.ResetPasswordOpts{Token: token, NewPassword: password},
		um.UpdateUserOpts{ID: "a", Password: text(password), PasswordHash: text(token)},
	}
	return append(values,
		&um.Options{Key: text(key)},
		&um.ResetPasswordOpts{Token: token, NewPassword: password},
		struct{ Opts um.ResetPasswordOpts }{um.ResetPasswordOpts{Token: token, NewPassword: password}},
		[]um.CreateUserOpts{{Password: text(password), PasswordHash: text(token)}},
		map[string]um.UpdateUserOpts{"a": {Password: text(password)}},
	)
}

func TestNoSecretIsPrinted(t *testing.T) {
	client := inMemory(t)
	user := withUser(t, client, "ada@example.com")
	reset := must[um.PasswordReset](t)(client.CreatePasswordReset(background,
		um.CreatePasswordResetOpts{Email: "ada@example.com"}))
	token := reset.PasswordResetToken
	values := append(holders(token), reset, &reset, []um.PasswordReset{reset}, struct{ Reset *um.PasswordReset }{&reset})
	for _, value := range values {
		for _, verb := range verbs {
			shown := fmt.Sprintf(verb, value)
			wantNoSecret(t, fmt.Sprintf("%T with %s", value, verb), shown, token)
		}
		if shown := fmt.Sprint(value); !strings.Contains(shown, "[redacted]") && !strings.HasPrefix(shown, "{0x") {
			t.Errorf("%T: %s", value, shown)
		}
		if shown, ok := value.(fmt.Stringer); ok {
			wantNoSecret(t, fmt.Sprintf("%T.String", value), shown.String(), token)
		}
	}
	for _, value := range values[:6] {
		if shown := fmt.Sprintf("%#v", value); shown != "[redacted]" {
			t.Errorf("%T: %s", value, shown)
		}
	}
	if shown := fmt.Sprint(reset); !strings.Contains(shown, reset.ID) || !strings.Contains(shown, user.ID) {
		t.Errorf("a reset shows %s", shown)
	}
	wantNoSecret(t, "a client", fmt.Sprintf("%+v %#v", client, *client), token)
	wantNoSecret(t, "a user", fmt.Sprintf("%+v %#v", user, user), token)
}

func TestNoSecretOfOptionsIsEncoded(t *testing.T) {
	shows := func(value any, encode func(any) ([]byte, error)) {
		shown, err := encode(value)
		if err != nil || !strings.Contains(string(shown), "[redacted]") {
			t.Errorf("%T: %s, %v", value, shown, err)
		}
		wantNoSecret(t, fmt.Sprintf("%T", value), string(shown), unknownToken)
	}
	values := holders(unknownToken)
	for _, value := range values {
		shows(value, json.Marshal)
	}
	// XML takes no values of types without a name.
	for _, value := range values[:8] {
		shows(value, xml.Marshal)
	}
}

func TestNoSecretIsInAnError(t *testing.T) {
	client := inMemory(t)
	withUser(t, client, "ada@example.com")
	token := tokenFor(t, client, "ada@example.com")
	_, create := client.CreateUser(background, um.CreateUserOpts{Email: "b@example.com", PasswordHash: um.Ptr(token)})
	_, opened := um.Open(":memory:", um.Options{Key: um.Ptr(key + "0")})
	_, rings := um.Open(":memory:", um.Options{Key: um.Ptr(key), PreviousKeys: []string{key, "x" + key}})
	_, get := client.GetUser(background, um.GetUserOpts{ID: token})
	for _, err := range []error{
		create, opened, rings, get,
		confirm(background, client, token, token[:9]),
		confirm(background, client, password, otherPassword),
		logIn(client, "ada@example.com", otherPassword),
		logIn(client, password, token),
	} {
		var failed *um.Error
		if !errors.As(err, &failed) {
			t.Fatal(err)
		}
		for _, verb := range verbs {
			wantNoSecret(t, verb, fmt.Sprintf(verb, err)+fmt.Sprintf(verb, *failed)+fmt.Sprintf(verb, failed.Errors), token)
		}
	}
}

func wantNoSecret(t *testing.T, what, shown, token string) {
	t.Helper()
	if shown == "" {
		t.Errorf("%s shows nothing", what)
	}
	for _, secret := range []string{token, password, otherPassword, key} {
		for _, form := range []string{secret, fmt.Sprintf("%x", secret), fmt.Sprintf("%X", secret), fmt.Sprintf("% x", secret)} {
			if strings.Contains(shown, form) {
				t.Errorf("%s shows a secret", what)
			}
		}
	}
}
