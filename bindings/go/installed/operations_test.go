package installed

import (
	"reflect"
	"strings"
	"testing"
	"time"

	um "resetpassword.dev/usermanagement"
)

func must[T any](t testing.TB) func(T, error) T {
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func TestUsers(t *testing.T) {
	client := inMemory(t)
	before := time.Now().Add(-time.Second)
	user := must[um.User](t)(client.CreateUser(background, um.CreateUserOpts{
		Email: "Ada@example.com", Password: um.Ptr(password), EmailVerified: um.Ptr(true), FirstName: um.Ptr("Ada"),
		LastName: um.Ptr("Lovelace"), Name: um.Ptr("Ada \"L\""), ExternalID: um.Ptr("ext-1"),
		Metadata: map[string]string{"plan": "free", "ünï": ""}, Locale: um.Ptr("pt-BR"),
	}))
	if !strings.HasPrefix(user.ID, "user_") || user.Email != "Ada@example.com" || !user.EmailVerified ||
		*user.FirstName != "Ada" || *user.LastName != "Lovelace" || *user.Name != "Ada \"L\"" ||
		*user.ExternalID != "ext-1" || user.Metadata["plan"] != "free" || len(user.Metadata) != 2 ||
		*user.Locale != "pt-BR" || user.ProfilePictureURL != nil || user.LastSignInAt != nil {
		t.Errorf("%+v", user)
	}
	for _, moment := range []time.Time{user.CreatedAt, user.UpdatedAt, *user.CredentialsChangedAt} {
		if moment.Location() != time.UTC || moment.Before(before) || moment.After(time.Now()) {
			t.Errorf("%s", moment)
		}
	}
	for _, got := range []um.User{
		must[um.User](t)(client.GetUser(background, um.GetUserOpts{ID: user.ID})),
		must[um.User](t)(client.GetUserByEmail(background, um.GetUserByEmailOpts{Email: "ada@EXAMPLE.com"})),
		must[um.User](t)(client.GetUserByExternalID(background, um.GetUserByExternalIDOpts{ExternalID: "ext-1"})),
	} {
		if !reflect.DeepEqual(got, user) {
			t.Errorf("%+v, not %+v", got, user)
		}
	}

	same := must[um.User](t)(client.UpdateUser(background, um.UpdateUserOpts{ID: user.ID}))
	if !reflect.DeepEqual(same.Metadata, user.Metadata) || *same.Name != *user.Name {
		t.Errorf("%+v", same)
	}
	cleared := must[um.User](t)(client.UpdateUser(background, um.UpdateUserOpts{
		ID: user.ID, Name: um.Ptr(""), Metadata: map[string]string{}, Locale: um.Ptr("de"),
	}))
	if cleared.Name != nil || cleared.Metadata == nil || len(cleared.Metadata) != 0 || *cleared.Locale != "de" ||
		*cleared.FirstName != "Ada" {
		t.Errorf("%+v", cleared)
	}
	_, err := client.UpdateUser(background, um.UpdateUserOpts{ID: user.ID, EmailVerified: um.Ptr(false)})
	wantCode(t, err, um.ErrEmailAlreadyVerified)

	if err := client.DeleteUser(background, um.DeleteUserOpts{ID: user.ID}); err != nil {
		t.Error(err)
	}
	wantCode(t, client.DeleteUser(background, um.DeleteUserOpts{ID: user.ID}), um.ErrUserNotFound)
	_, err = client.GetUser(background, um.GetUserOpts{ID: user.ID})
	wantCode(t, err, um.ErrUserNotFound)
}

func TestLists(t *testing.T) {
	client := inMemory(t)
	empty := must[um.UserList](t)(client.ListUsers(background, um.ListUsersOpts{}))
	if empty.Data == nil || len(empty.Data) != 0 || empty.ListMetadata.After != nil || empty.ListMetadata.Before != nil {
		t.Errorf("%+v", empty)
	}
	for _, email := range []string{"a@example.com", "b@example.com", "c@example.com"} {
		must[um.User](t)(client.CreateUser(background, um.CreateUserOpts{Email: email}))
	}
	var seen []string
	opts := um.ListUsersOpts{Limit: um.Ptr(int64(1)), Order: um.Ptr(um.Asc)}
	for {
		page := must[um.UserList](t)(client.ListUsers(background, opts))
		for _, user := range page.Data {
			seen = append(seen, user.Email)
		}
		if page.ListMetadata.After == nil {
			break
		}
		opts.After = page.ListMetadata.After
	}
	if strings.Join(seen, " ") != "a@example.com b@example.com c@example.com" {
		t.Error(seen)
	}
	newest := must[um.UserList](t)(client.ListUsers(background, um.ListUsersOpts{Limit: um.Ptr(int64(1))}))
	one := must[um.UserList](t)(client.ListUsers(background, um.ListUsersOpts{Email: um.Ptr("c@example.com")}))
	if len(one.Data) != 1 || !reflect.DeepEqual(one.Data, newest.Data) {
		t.Errorf("%+v, %+v", one, newest)
	}
	_, err := client.ListUsers(background, um.ListUsersOpts{Order: um.Ptr(um.Order("up"))})
	wantCode(t, err, um.ErrInputInvalid)

	feed := must[um.EventList](t)(client.Events(background, um.EventsOpts{Limit: um.Ptr(int64(2))}))
	if len(feed.Data) != 2 || feed.ListMetadata.After == nil || feed.Data[0].Event != "user.created" ||
		feed.Data[0].Data["email"] != "a@example.com" || feed.Data[0].Data["email_verified"] != false ||
		feed.Data[0].CreatedAt.Location() != time.UTC || !strings.HasPrefix(feed.Data[0].ID, "event_") {
		t.Errorf("%+v", feed)
	}
	rest := must[um.EventList](t)(client.Events(background, um.EventsOpts{After: feed.ListMetadata.After}))
	if len(rest.Data) != 1 || rest.ListMetadata.After != nil || rest.Data[0].Data["email"] != "c@example.com" {
		t.Errorf("%+v", rest)
	}
	for _, limit := range []int64{0, -1, 101, 1 << 62, -1 << 63} {
		_, err := client.Events(background, um.EventsOpts{Limit: um.Ptr(limit)})
		wantCode(t, err, um.ErrInputInvalid)
	}
}

func TestResets(t *testing.T) {
	client := inMemory(t)
	user := withUser(t, client, "ada@example.com")
	reset := must[um.PasswordReset](t)(client.CreatePasswordReset(background,
		um.CreatePasswordResetOpts{Email: "ADA@example.com"}))
	if reset.UserID != user.ID || reset.Email != user.Email || len(reset.PasswordResetToken) != 43 ||
		!strings.HasSuffix(reset.PasswordResetURL, "?token="+reset.PasswordResetToken) ||
		reset.ExpiresAt.Sub(reset.CreatedAt) != 30*time.Minute {
		t.Errorf("%s: another reset than expected", reset)
	}
	again := must[um.PasswordReset](t)(client.GetPasswordReset(background, um.GetPasswordResetOpts{ID: reset.ID}))
	if !reflect.DeepEqual(again, reset) {
		t.Errorf("%s, not %s", again, reset)
	}

	refused := wantCode(t, confirm(background, client, reset.PasswordResetToken, "nine kites"), um.ErrPasswordRejected)
	if len(refused.Errors) != 1 || refused.Errors[0].Code != "password_too_short" ||
		*refused.Errors[0].MinimumLength != 15 || refused.Retryable || refused.RetryAfter != nil {
		t.Errorf("%+v", *refused)
	}
	confirmed := must[um.UserResponse](t)(client.ResetPassword(background, um.ResetPasswordOpts{
		Token: reset.PasswordResetToken, NewPassword: otherPassword,
	}))
	if confirmed.User.ID != user.ID || !confirmed.User.EmailVerified ||
		!confirmed.User.CredentialsChangedAt.After(*user.CredentialsChangedAt) {
		t.Errorf("%+v", confirmed)
	}
	wantCode(t, confirm(background, client, reset.PasswordResetToken, password), um.ErrPasswordResetTokenNotFound)
	_, err := client.GetPasswordReset(background, um.GetPasswordResetOpts{ID: reset.ID})
	wantCode(t, err, um.ErrPasswordResetNotFound)
	wantCode(t, logIn(client, "ada@example.com", password), um.ErrInvalidCredentials)
	signedIn := must[um.User](t)(client.AuthenticateWithPassword(background, um.AuthenticateWithPasswordOpts{
		Email: "ada@example.com", Password: otherPassword,
	}))
	if signedIn.LastSignInAt == nil {
		t.Errorf("%+v", signedIn)
	}

	_, err = client.CreatePasswordReset(background, um.CreatePasswordResetOpts{Email: "nobody@example.com"})
	wantCode(t, err, um.ErrUserNotFound)
	none := must[*um.PasswordReset](t)(client.RequestPasswordReset(background,
		um.RequestPasswordResetOpts{Email: "nobody@example.com"}))
	asked := must[*um.PasswordReset](t)(client.RequestPasswordReset(background,
		um.RequestPasswordResetOpts{Email: "ada@example.com"}))
	if none != nil || asked == nil || asked.UserID != user.ID {
		t.Errorf("%v, %v", none, asked)
	}
	_, err = client.RequestPasswordReset(background, um.RequestPasswordResetOpts{})
	wantCode(t, err, um.ErrInputInvalid)
	if ended := must[int64](t)(client.RevokePasswordResets(background,
		um.RevokePasswordResetsOpts{UserID: &user.ID})); ended != 1 {
		t.Error(ended)
	}
	if ended := must[int64](t)(client.RevokePasswordResets(background, um.RevokePasswordResetsOpts{})); ended != 0 {
		t.Error(ended)
	}
	_, err = client.RevokePasswordResets(background, um.RevokePasswordResetsOpts{UserID: um.Ptr("")})
	wantCode(t, err, um.ErrUserNotFound)
	if purged := must[um.Purged](t)(client.Purge(background, um.PurgeOpts{})); purged != (um.Purged{}) {
		t.Errorf("%+v", purged)
	}
	verdict := must[um.PasswordCheck](t)(client.CheckPassword(background, um.CheckPasswordOpts{
		Password: "ada@example.com!", UserID: &user.ID,
	}))
	if verdict.Acceptable || len(verdict.Errors) != 1 || verdict.Errors[0].Code != "password_too_similar" ||
		verdict.Errors[0].MinimumLength != nil {
		t.Errorf("%+v", verdict)
	}
}

func TestOptions(t *testing.T) {
	opts := cheap()
	opts.Key, opts.PreviousKeys = um.Ptr(key), []string{key[32:] + "ffffffffffffffffffffffffffffffff"}
	opts.ResetURL, opts.TokenLifetime = um.Ptr("https://example.com/r?a=b"), um.Ptr(10*time.Minute)
	opts.SealTokens, opts.PasswordMinLength = um.Ptr(false), um.Ptr(int64(20))
	opts.ServiceNames, opts.MemoryBudgetKiB = []string{"Example Bank"}, um.Ptr(int64(65_536))
	opts.Migrate = um.Ptr(true)
	client := must[*um.Client](t)(um.Open(database(t), opts))
	withUser(t, client, "ada@example.com")
	reset := must[um.PasswordReset](t)(client.CreatePasswordReset(background,
		um.CreatePasswordResetOpts{Email: "ada@example.com"}))
	if !strings.HasPrefix(reset.PasswordResetURL, "https://example.com/r?a=b&token=") ||
		reset.ExpiresAt.Sub(reset.CreatedAt) != 10*time.Minute {
		t.Errorf("%s: another reset than expected", reset)
	}
	_, err := client.GetPasswordReset(background, um.GetPasswordResetOpts{ID: reset.ID})
	wantCode(t, err, um.ErrPasswordResetNotFound)
	verdict := must[um.PasswordCheck](t)(client.CheckPassword(background,
		um.CheckPasswordOpts{Password: "examplebank examplebank"}))
	short := must[um.PasswordCheck](t)(client.CheckPassword(background, um.CheckPasswordOpts{Password: "nine red kites over"}))
	if verdict.Acceptable || short.Acceptable || *short.Errors[0].MinimumLength != 20 {
		t.Errorf("%+v, %+v", verdict, short)
	}
	for name, wrong := range map[string]um.Options{
		"key":                                   {Key: um.Ptr("")},
		"key_file":                              {KeyFile: um.Ptr("")},
		"previous_keys":                         {PreviousKeys: []string{""}},
		"reset_url":                             {ResetURL: um.Ptr("")},
		"token_lifetime must be a whole number": {TokenLifetime: um.Ptr(1_800*time.Second + time.Millisecond)},
		"password_min_length":                   {PasswordMinLength: um.Ptr(int64(0))},
		"argon2_":                               {Argon2Iterations: um.Ptr(int64(0))},
		"memory_budget_kib":                     {MemoryBudgetKiB: um.Ptr(int64(-1))},
	} {
		_, err := um.Open(":memory:", wrong)
		failed := wantCode(t, err, um.ErrConfigInvalid)
		if !strings.Contains(failed.Message, name) {
			t.Errorf("%s: %s", name, failed.Message)
		}
	}
	_, err = um.Open(database(t), um.Options{Migrate: um.Ptr(false)})
	wantCode(t, err, um.ErrConfigInvalid)
	_, err = um.Open("postgres://localhost/users", um.Options{})
	if failed := wantCode(t, err, um.ErrConfigInvalid); !strings.Contains(failed.Message, "secret key") {
		t.Error(failed.Message)
	}
}
