package usermanagement

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

// occupied fills every place among the calls, but for some.
func occupied(t *testing.T, but int) (free func()) {
	t.Helper()
	for place := but; place < mostCalls; place++ {
		places <- struct{}{}
	}
	return func() {
		for place := but; place < mostCalls; place++ {
			leave()
		}
	}
}

func TestACallWaitsForAPlaceAsLongAsItsContextLasts(t *testing.T) {
	client, err := Open(":memory:", Options{})
	if err != nil {
		t.Fatal(err)
	}
	free := occupied(t, 0)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if _, err := client.CreateUser(ctx, CreateUserOpts{Email: "ada@example.com"}); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	patient := make(chan error, 2)
	lasting, end := context.WithCancel(context.Background())
	defer end()
	for _, ctx := range []context.Context{context.Background(), lasting} {
		go func(ctx context.Context) {
			_, err := client.GetUser(ctx, GetUserOpts{ID: "user_x"})
			patient <- err
		}(ctx)
	}
	select {
	case err := <-patient:
		t.Error("it did not wait: ", err)
	case <-time.After(20 * time.Millisecond):
	}
	free()
	for range [2]int{} {
		if err := <-patient; !errors.Is(err, ErrUserNotFound) {
			t.Error(err)
		}
	}
	if list, err := client.ListUsers(context.Background(), ListUsersOpts{}); err != nil || len(list.Data) != 0 {
		t.Errorf("what was given up was done: %+v, %v", list, err)
	}
}

func TestEveryCallLeavesItsPlace(t *testing.T) {
	free := occupied(t, 1)
	defer free()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for round := 0; round < 3; round++ {
		client, err := Open(":memory:", Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Open(":memory:", Options{Key: Ptr("")}); !errors.Is(err, ErrConfigInvalid) {
			t.Fatal(err)
		}
		for _, ctx := range []context.Context{context.Background(), ctx} {
			if _, err := client.GetUser(ctx, GetUserOpts{ID: "user_x"}); !errors.Is(err, ErrUserNotFound) {
				t.Fatal(err)
			}
			if _, err := client.Purge(ctx, PurgeOpts{}); err != nil {
				t.Fatal(err)
			}
		}
		if err := client.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if taken := len(places); taken != mostCalls-1 {
		t.Errorf("%d places are taken", taken)
	}
}

func TestWhatAnAbandonedCallWasGivenIsWiped(t *testing.T) {
	client, err := Open(":memory:", Options{})
	if err != nil {
		t.Fatal(err)
	}
	done, cancel := context.WithCancel(context.Background())
	cancel()
	for _, called := range []struct {
		ctx    context.Context
		client *Client
	}{{done, client}, {context.Background(), nil}, {context.Background(), client}} {
		arguments := ResetPasswordOpts{Token: "secret", NewPassword: "secret"}.arguments()
		if _, err := perform[User](called.ctx, called.client, resetPassword, arguments); err == nil {
			t.Error("it was done")
		}
		for _, octet := range arguments.octets {
			if octet != 0 {
				t.Fatal("something is left")
			}
		}
	}
}

func TestANilContextIsAPanicThatLeavesNothing(t *testing.T) {
	client, err := Open(":memory:", Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, called := range []*Client{client, nil} {
		arguments := ResetPasswordOpts{Token: "secret", NewPassword: "secret"}.arguments()
		func() {
			defer func() {
				if told := recover(); told != "usermanagement: nil context" {
					t.Errorf("it told %v", told)
				}
			}()
			var missing context.Context
			_, err := perform[User](missing, called, resetPassword, arguments)
			t.Error("it returned ", err)
		}()
		for _, octet := range arguments.octets {
			if octet != 0 {
				t.Fatal("something is left")
			}
		}
	}
	if taken := len(places); taken != 0 {
		t.Errorf("%d places are taken", taken)
	}
}

func TestWithoutAConfiguredDatabaseTheErrorSaysWhatToDo(t *testing.T) {
	defer configured.Store(configured.Swap(nil))
	_, err := GetUser(context.Background(), GetUserOpts{ID: "user_x"})
	for _, err := range []error{err, Close(), DeleteUser(context.Background(), DeleteUserOpts{})} {
		if !errors.Is(err, ErrConfigInvalid) || !strings.Contains(err.Error(), "usermanagement.Configure") {
			t.Error(err)
		}
	}
}
