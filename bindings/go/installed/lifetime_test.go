package installed

import (
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	um "resetpassword.dev/usermanagement"
)

func TestWithoutADatabaseTheErrorSaysWhatToDo(t *testing.T) {
	for _, err := range []error{
		(&um.Client{}).Close(), (*um.Client)(nil).Close(),
		confirm(background, nil, "a", "b"), confirm(background, &um.Client{}, "a", "b"),
	} {
		failed := wantCode(t, err, um.ErrConfigInvalid)
		if !strings.Contains(failed.Message, "usermanagement.Configure") {
			t.Error(failed.Message)
		}
	}
}

func TestTheConfiguredDatabaseIsReplacedWhole(t *testing.T) {
	folder := t.TempDir()
	first, second := filepath.Join(folder, "first.db"), filepath.Join(folder, "second.db")
	if err := um.Configure(first, cheap()); err != nil {
		t.Fatal(err)
	}
	user := must[um.User](t)(um.CreateUser(background, um.CreateUserOpts{Email: "ada@example.com"}))

	failed := wantCode(t, um.Configure(filepath.Join(folder, "none", "x.db"), cheap()), um.ErrConfigInvalid)
	if _, err := um.GetUser(background, um.GetUserOpts{ID: user.ID}); err != nil {
		t.Error("what was there is gone after ", failed, ": ", err)
	}

	var calls sync.WaitGroup
	for caller := 0; caller < 8; caller++ {
		calls.Add(1)
		go func() {
			defer calls.Done()
			for call := 0; call < 200; call++ {
				if _, err := um.ListUsers(background, um.ListUsersOpts{}); err != nil {
					t.Error(err)
				}
			}
		}()
	}
	for round := 0; round < 10; round++ {
		for _, database := range []string{second, first} {
			if err := um.Configure(database, cheap()); err != nil {
				t.Error(err)
			}
		}
	}
	calls.Wait()
	if err := um.Configure(second, cheap()); err != nil {
		t.Fatal(err)
	}
	_, err := um.GetUserByEmail(background, um.GetUserByEmailOpts{Email: "ada@example.com"})
	wantCode(t, err, um.ErrUserNotFound)
	if err := um.Close(); err != nil {
		t.Error(err)
	}
	if list, err := um.ListUsers(background, um.ListUsersOpts{}); err != nil || len(list.Data) != 0 {
		t.Error(list, err)
	}
	if err := um.Close(); err != nil {
		t.Error(err)
	}
}

func TestCloseAndUse(t *testing.T) {
	client := open(t, database(t))
	user := withUser(t, client, "ada@example.com")
	for round := 0; round < 3; round++ {
		for again := 0; again < 2; again++ {
			if err := client.Close(); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := client.GetUser(background, um.GetUserOpts{ID: user.ID}); err != nil || got.ID != user.ID {
			t.Error(got, err)
		}
	}
	memory := inMemory(t)
	user = withUser(t, memory, "ada@example.com")
	if err := memory.Close(); err != nil {
		t.Error(err)
	}
	if _, err := memory.GetUser(background, um.GetUserOpts{ID: user.ID}); err != nil {
		t.Error(err)
	}
}

func TestCloseWhileCallsAreUnderWay(t *testing.T) {
	client := open(t, database(t))
	withUser(t, client, "ada@example.com")
	var calls sync.WaitGroup
	for caller := 0; caller < 8; caller++ {
		calls.Add(1)
		go func() {
			defer calls.Done()
			if err := logIn(client, "ada@example.com", password); err != nil {
				t.Error(err)
			}
		}()
		if err := client.Close(); err != nil {
			t.Error(err)
		}
	}
	calls.Wait()
}

func TestTwoHandlesOnOneFile(t *testing.T) {
	file := database(t)
	first, second := open(t, file), open(t, "sqlite:"+file)
	user := withUser(t, first, "ada@example.com")
	token := tokenFor(t, first, "ada@example.com")
	if err := confirm(background, second, token, otherPassword); err != nil {
		t.Fatal(err)
	}
	wantCode(t, confirm(background, first, token, password), um.ErrPasswordResetTokenNotFound)
	if got := must[um.User](t)(second.GetUser(background, um.GetUserOpts{ID: user.ID})); got.LastSignInAt != nil {
		t.Errorf("%+v", got)
	}
	if err := logIn(first, "ada@example.com", otherPassword); err != nil {
		t.Error(err)
	}
}

func TestACopyOfAClientIsTheSameDatabase(t *testing.T) {
	client := inMemory(t)
	user := withUser(t, client, "ada@example.com")
	another := *client
	runtime.GC()
	if _, err := another.GetUser(background, um.GetUserOpts{ID: user.ID}); err != nil {
		t.Error(err)
	}
}
