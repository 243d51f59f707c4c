package installed

import (
	"strings"
	"testing"

	um "resetpassword.dev/usermanagement"
)

// notUTF8 are texts that a Go string may hold and Unicode has not.
var notUTF8 = []string{"\xff", "a\xc0\xaf", "\xed\xa0\x80", "\xf0\x9f\x98", "a long walk by the sea\x80"}

func TestWhatIsNotUnicodeIsRefusedAndNotReplaced(t *testing.T) {
	client := inMemory(t)
	user := withUser(t, client, "ada@example.com")
	for _, text := range notUTF8 {
		wantCode(t, confirm(background, client, text, password), um.ErrPasswordResetTokenNotFound)
		wantCode(t, logIn(client, "ada@example.com", text), um.ErrInvalidCredentials)
		_, err := client.GetUser(background, um.GetUserOpts{ID: text})
		wantCode(t, err, um.ErrUserNotFound)
		_, err = client.GetUserByEmail(background, um.GetUserByEmailOpts{Email: text})
		wantCode(t, err, um.ErrInputInvalid)
		for _, change := range []um.UpdateUserOpts{
			{Name: &text}, {Locale: &text}, {ExternalID: &text}, {Email: &text},
			{Metadata: map[string]string{text: "a"}}, {Metadata: map[string]string{"a": text}},
		} {
			change.ID = user.ID
			_, err := client.UpdateUser(background, change)
			wantCode(t, err, um.ErrInputInvalid)
		}
		_, err = client.UpdateUser(background, um.UpdateUserOpts{ID: user.ID, Password: &text})
		refused := wantCode(t, err, um.ErrPasswordRejected)
		if refused.Errors[0].Code != "password_invalid_characters" {
			t.Errorf("%+v", refused.Errors)
		}
		token := tokenFor(t, client, "ada@example.com")
		wantCode(t, confirm(background, client, token, text), um.ErrPasswordRejected)
		_, err = um.Open(text, um.Options{})
		wantCode(t, err, um.ErrConfigInvalid)
		_, err = um.Open(":memory:", um.Options{KeyFile: &text})
		wantCode(t, err, um.ErrConfigInvalid)
		_, err = um.Open(":memory:", um.Options{ServiceNames: []string{text}})
		wantCode(t, err, um.ErrConfigInvalid)
	}
	again := must[um.User](t)(client.GetUser(background, um.GetUserOpts{ID: user.ID}))
	if !again.UpdatedAt.Equal(user.UpdatedAt) {
		t.Errorf("%+v", again)
	}
}

func TestTextArrivesAsItIs(t *testing.T) {
	client := inMemory(t)
	for index, text := range []string{
		"\"quoted\" \\ and </script>", "\u2028\u2029\ufeff", "日本語 \U0001F6A2", "e\u0301 é", "{\"a\":1}",
	} {
		metadata := map[string]string{text: text, "k": text}
		email := string(rune('a'+index)) + "@example.com"
		user := must[um.User](t)(client.CreateUser(background, um.CreateUserOpts{
			Email: email, Name: &text, Metadata: metadata,
		}))
		if *user.Name != text || user.Metadata[text] != text || user.Metadata["k"] != text {
			t.Errorf("%q became %+v", text, user)
		}
	}
}

func TestNULIsAPartOfTheText(t *testing.T) {
	client := inMemory(t)
	user := withUser(t, client, "ada@example.com")
	token := tokenFor(t, client, "ada@example.com")
	_, err := client.GetUser(background, um.GetUserOpts{ID: user.ID + "\x00"})
	wantCode(t, err, um.ErrUserNotFound)
	wantCode(t, confirm(background, client, token+"\x00", otherPassword), um.ErrPasswordResetTokenNotFound)
	wantCode(t, logIn(client, "ada@example.com", password+"\x00"), um.ErrInvalidCredentials)
	wantCode(t, logIn(client, "ada@example.com\x00", password), um.ErrInvalidCredentials)
	const withNUL = "seven green boats\x00at dusk"
	if err := confirm(background, client, token, withNUL); err != nil {
		t.Fatal(err)
	}
	wantCode(t, logIn(client, "ada@example.com", "seven green boats"), um.ErrInvalidCredentials)
	if err := logIn(client, "ada@example.com", withNUL); err != nil {
		t.Error(err)
	}
}

func TestHugeTextsAreRefused(t *testing.T) {
	client := inMemory(t)
	user := withUser(t, client, "ada@example.com")
	for _, huge := range []string{strings.Repeat("a", 1<<25), strings.Repeat("\x00", 1<<22), strings.Repeat("é", 1<<22)} {
		wantCode(t, confirm(background, client, huge, password), um.ErrPasswordResetTokenNotFound)
		token := tokenFor(t, client, "ada@example.com")
		refused := wantCode(t, confirm(background, client, token, huge), um.ErrPasswordRejected)
		if refused.Errors[0].Code != "password_too_long" || *refused.Errors[0].MaximumLength != 256 {
			t.Errorf("%+v", refused.Errors)
		}
		_, err := client.UpdateUser(background, um.UpdateUserOpts{ID: user.ID, Name: &huge})
		wantCode(t, err, um.ErrInputInvalid)
		_, err = client.GetUser(background, um.GetUserOpts{ID: huge})
		wantCode(t, err, um.ErrUserNotFound)
	}
	many := map[string]string{}
	for number := 0; number < 10_000; number++ {
		many[strings.Repeat("k", number)] = "v"
	}
	_, err := client.UpdateUser(background, um.UpdateUserOpts{ID: user.ID, Metadata: many})
	wantCode(t, err, um.ErrInputInvalid)
}
