package installed

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	um "resetpassword.dev/usermanagement"
)

// costly are options under which a hash takes several hundred milliseconds at least.
func costly() um.Options {
	return um.Options{Argon2MemoryKiB: um.Ptr(int64(262_144)), Argon2Iterations: um.Ptr(int64(8))}
}

func TestAContextThatIsDoneLetsNothingBeDone(t *testing.T) {
	client := inMemory(t)
	withUser(t, client, "ada@example.com")
	token := tokenFor(t, client, "ada@example.com")
	cancelled, cancel := context.WithCancel(background)
	cancel()
	late, cancelLate := context.WithDeadline(background, time.Now().Add(-time.Second))
	defer cancelLate()
	goroutines := runtime.NumGoroutine()
	for ctx, want := range map[context.Context]error{cancelled: context.Canceled, late: context.DeadlineExceeded} {
		for round := 0; round < 100; round++ {
			if err := confirm(ctx, client, token, otherPassword); !errors.Is(err, want) {
				t.Fatal(err)
			}
			if err := client.DeleteUser(ctx, um.DeleteUserOpts{ID: "user_x"}); !errors.Is(err, want) {
				t.Fatal(err)
			}
			if _, err := client.CreateUser(ctx, um.CreateUserOpts{Email: "b@example.com"}); !errors.Is(err, want) {
				t.Fatal(err)
			}
		}
	}
	eventually(t, "whatever was begun has ended", func() bool { return runtime.NumGoroutine() <= goroutines })
	if list := must[um.UserList](t)(client.ListUsers(background, um.ListUsersOpts{})); len(list.Data) != 1 {
		t.Errorf("%+v", list)
	}
	if err := confirm(background, client, token, otherPassword); err != nil {
		t.Error(err)
	}
}

// withMeasuredHash makes a user, and tells how long the hash of a password takes.
func withMeasuredHash(t *testing.T, client *um.Client) (um.User, time.Duration) {
	t.Helper()
	user := must[um.User](t)(client.CreateUser(background, um.CreateUserOpts{Email: "ada@example.com"}))
	began := time.Now()
	must[um.User](t)(client.UpdateUser(background, um.UpdateUserOpts{ID: user.ID, Password: um.Ptr(password)}))
	return user, time.Since(began)
}

func TestADeadlineEndsTheWaitingAndNotTheReset(t *testing.T) {
	client := must[*um.Client](t)(um.Open(database(t), costly()))
	user, hash := withMeasuredHash(t, client)
	token := tokenFor(t, client, user.Email)
	ctx, cancel := context.WithTimeout(background, hash/10)
	defer cancel()
	began := time.Now()
	err := confirm(ctx, client, token, otherPassword)
	took := time.Since(began)
	if !errors.Is(err, context.DeadlineExceeded) || took > hash/2 {
		t.Errorf("%v after %s, and a hash takes %s", err, took, hash)
	}
	eventually(t, "the reset goes on", func() bool {
		return logIn(client, "ada@example.com", otherPassword) == nil
	})
	wantCode(t, confirm(background, client, token, password), um.ErrPasswordResetTokenNotFound)
}

// TestCloseWaitsForWhatAContextHasLeft looks at once, with a client of its own.
func TestCloseWaitsForWhatAContextHasLeft(t *testing.T) {
	file := database(t)
	client := must[*um.Client](t)(um.Open(file, costly()))
	user, hash := withMeasuredHash(t, client)
	token := tokenFor(t, client, user.Email)
	ctx, cancel := context.WithTimeout(background, hash/10)
	defer cancel()
	if err := confirm(ctx, client, token, otherPassword); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
	if err := client.Close(); err != nil {
		t.Fatal(err)
	}
	reset := must[um.User](t)(open(t, file).GetUser(background, um.GetUserOpts{ID: user.ID}))
	if !reset.EmailVerified {
		t.Error("what was left was lost")
	}
	if err := logIn(open(t, file), "ada@example.com", otherPassword); err != nil {
		t.Error(err)
	}
}

func TestOtherGoroutinesAndTheCollectorGoOnWhileAHashIsMade(t *testing.T) {
	client := must[*um.Client](t)(um.Open(":memory:", costly()))
	// With one processor, a call that held it would stop everything else.
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	ctx, cancel := context.WithCancel(background)
	defer cancel()
	for _, ctx := range []context.Context{background, ctx} {
		var ticks, ended atomic.Int64
		var ticker sync.WaitGroup
		ticker.Add(1)
		go func() {
			defer ticker.Done()
			for ended.Load() == 0 {
				time.Sleep(time.Millisecond)
				runtime.GC()
				ticks.Add(1)
			}
		}()
		began := time.Now()
		_, err := client.CreateUser(ctx, um.CreateUserOpts{
			Email: "ada" + time.Now().Format("050405.000000000") + "@example.com", Password: um.Ptr(password),
		})
		ended.Store(1)
		ticker.Wait()
		if err != nil || ticks.Load() < 20 {
			t.Errorf("%v, and %d ticks in %s", err, ticks.Load(), time.Since(began))
		}
	}
}

func TestAResultThatIsThereIsAnswered(t *testing.T) {
	client := inMemory(t)
	user := withUser(t, client, "ada@example.com")
	ctx, cancel := context.WithTimeout(background, time.Hour)
	defer cancel()
	got := must[um.User](t)(client.GetUser(ctx, um.GetUserOpts{ID: user.ID}))
	if got.ID != user.ID {
		t.Errorf("%+v", got)
	}
	_, err := client.GetUser(ctx, um.GetUserOpts{ID: "user_x"})
	wantCode(t, err, um.ErrUserNotFound)
	none, err := client.RequestPasswordReset(ctx, um.RequestPasswordResetOpts{Email: "nobody@example.com"})
	if none != nil || err != nil {
		t.Error(none, err)
	}
}
