//go:build testhooks

package installed

import (
	"context"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"testing"
	"time"

	um "resetpassword.dev/usermanagement"
	"resetpassword.dev/usermanagement/installed/hooks"
)

func TestAPanicIsAnError(t *testing.T) {
	client := inMemory(t)
	user := withUser(t, client, "ada@example.com")
	ctx, cancel := context.WithCancel(background)
	defer cancel()
	for round := 0; round < 5; round++ {
		for _, ctx := range []context.Context{background, ctx} {
			_, err := client.GetUser(ctx, um.GetUserOpts{ID: "panic"})
			if failed := wantCode(t, err, um.ErrInternal); failed.Retryable {
				t.Errorf("%+v", *failed)
			}
			wantCode(t, confirm(ctx, client, "panic", password), um.ErrInternal)
			if _, err := client.GetUser(ctx, um.GetUserOpts{ID: user.ID}); err != nil {
				t.Fatal(err)
			}
		}
	}
	wantNothingLeft(t, runtime.NumGoroutine())
}

// TestAHandleIsGivenBackWhenNothingRefersToIt drops clients without Close, some while a call of theirs is under way.
func TestAHandleIsGivenBackWhenNothingRefersToIt(t *testing.T) {
	goroutines := runtime.NumGoroutine()
	file := database(t)
	var calls sync.WaitGroup
	for number := 0; number < 100; number++ {
		databaseURL := ":memory:"
		if number%2 == 0 {
			databaseURL = file
		}
		client := must[*um.Client](t)(um.Open(databaseURL, cheap()))
		calls.Add(1)
		go func() {
			defer calls.Done()
			ctx, cancel := context.WithCancel(background)
			defer cancel()
			email := fmt.Sprintf("u%d@example.com", rand.Int63())
			if _, err := client.CreateUser(ctx, um.CreateUserOpts{Email: email}); err != nil {
				t.Error(err)
			}
			for call := 0; call < 50; call++ {
				if _, err := client.GetUserByEmail(ctx, um.GetUserByEmailOpts{Email: email}); err != nil {
					t.Error(err)
				}
				if call%10 == 0 {
					runtime.GC()
				}
			}
		}()
	}
	calls.Wait()
	// What other tests opened is garbage too, but for the one that the package is configured with.
	eventually(t, "all handles are given back", func() bool {
		runtime.GC()
		return hooks.LiveHandles() <= 1
	})
	wantNothingLeft(t, goroutines)
}

// TestAHandleInUseIsNotGivenBack collects garbage while a call is under way that alone refers to its client. Handles
// are counted, so it has a process of its own: in this one those of other tests may end at any moment.
func TestAHandleInUseIsNotGivenBack(t *testing.T) {
	if !isAlone(t) {
		return
	}
	cancellable, cancel := context.WithCancel(background)
	defer cancel()
	for _, ctx := range []context.Context{background, cancellable} {
		client := must[*um.Client](t)(um.Open(":memory:", costly()))
		done := make(chan error, 1)
		go func(ctx context.Context, client *um.Client) {
			_, err := client.CreateUser(ctx, um.CreateUserOpts{Email: "ada@example.com", Password: um.Ptr(password)})
			done <- err
		}(ctx, client)
		for hooks.LiveHandles() > 0 {
			runtime.GC()
		}
		// A hash takes far longer than it takes to tell of its end.
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(500 * time.Millisecond):
			t.Fatal("the handle of a call was given back before its end")
		}
	}
}

func TestAClientThatCouldNotBeOpenedLeavesNothing(t *testing.T) {
	handles := hooks.LiveHandles()
	for round := 0; round < 100; round++ {
		_, err := um.Open(":memory:", um.Options{Key: um.Ptr("")})
		wantCode(t, err, um.ErrConfigInvalid)
	}
	if left := hooks.LiveHandles() - handles; left > 0 {
		t.Errorf("%d handles were not given back", left)
	}
	wantNothingLeft(t, runtime.NumGoroutine())
}

// isAlone runs the test in a process of its own, and answers true there.
func isAlone(t *testing.T) bool {
	t.Helper()
	const variable = "RESET_PASSWORD_TEST_ALONE"
	if os.Getenv(variable) == t.Name() {
		return true
	}
	child := exec.Command(os.Args[0], "-test.count=1", "-test.run=^"+t.Name()+"$")
	child.Env = append(os.Environ(), variable+"="+t.Name())
	if said, err := child.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	return false
}

// TestStorm lets 200 goroutines use 20 tokens, and ends most of their contexts at some moment.
func TestStorm(t *testing.T) {
	const tokens, each = 20, 2 * passwords
	file := database(t)
	clients := []*um.Client{open(t, file), open(t, file)}
	began := time.Now()
	withUser(t, clients[0], "first@example.com")
	// About half of what all of it takes, if one hash is made at a time.
	span := time.Since(began) * tokens / 2
	goroutines := runtime.NumGoroutine()
	attempts := make([][each]error, tokens)
	var storm sync.WaitGroup
	start := make(chan struct{})
	for number := range attempts {
		email := emailOf(number)
		withUser(t, clients[0], email)
		token := tokenFor(t, clients[0], email)
		for attempt := range attempts[number] {
			client, outcome := clients[attempt%2], &attempts[number][attempt]
			newPassword := passwordOf(attempt % passwords)
			ctx, cancel := context.WithCancel(background)
			// Of five, one may wait for as long as it takes, and one is left at once.
			patient := (number+attempt)%5 == 0
			delay := time.Duration(rand.Int63n(int64(span)))
			if (number+attempt)%5 == 1 {
				delay = 0
			}
			storm.Add(1)
			go func() {
				defer storm.Done()
				defer cancel()
				<-start
				if !patient {
					defer time.AfterFunc(delay, cancel).Stop()
				}
				*outcome = confirm(ctx, client, token, newPassword)
				for isAny(*outcome, um.ErrOverloaded) {
					runtime.Gosched()
					*outcome = confirm(ctx, client, token, newPassword)
				}
			}()
		}
	}
	close(start)
	storm.Wait()
	for _, client := range clients {
		// It waits for the calls that were left: until then another may win.
		if err := client.Close(); err != nil {
			t.Fatal(err)
		}
	}
	wantNothingLeft(t, goroutines)

	cancelled, won := 0, 0
	for number, outcomes := range attempts {
		told, silent := -1, 0
		for attempt, err := range outcomes {
			switch {
			case err == nil && told < 0:
				told = attempt
			case err == nil:
				t.Errorf("%d and %d both won token %d", told, attempt, number)
			case err == context.Canceled:
				silent++
			case !isAny(err, um.ErrPasswordResetTokenNotFound, um.ErrStorageUnavailable):
				t.Error(err)
			}
		}
		cancelled += silent
		winner := winnerOf(t, clients[0], number)
		switch {
		case told >= 0 && winner != told%passwords:
			t.Errorf("password %d won token %d, and %d was told so", winner, number, told)
		case told < 0 && winner >= 0 && outcomes[winner] != context.Canceled && outcomes[winner+passwords] != context.Canceled:
			t.Errorf("password %d won token %d, and nobody was cancelled", winner, number)
		case winner < 0 && logIn(clients[0], emailOf(number), password) != nil:
			t.Errorf("nobody won token %d, and the old password is gone", number)
		}
		if winner >= 0 {
			won++
		}
	}
	t.Logf("%d of %d tokens were won, and %d of %d calls cancelled", won, tokens, cancelled, tokens*each)
	if won < tokens/2 || cancelled < tokens {
		t.Errorf("%d were won and %d cancelled, which tells little", won, cancelled)
	}
}

func emailOf(number int) string { return fmt.Sprintf("user%d@example.com", number) }

// passwords is how many the attempts at one token send: after six wrong ones an address has to wait.
const passwords = 5

func passwordOf(attempt int) string { return fmt.Sprintf("%s %d", otherPassword, attempt) }

// winnerOf is the one password that logs in, or -1.
func winnerOf(t *testing.T, client *um.Client, number int) int {
	t.Helper()
	winner := -1
	for attempt := 0; attempt < passwords; attempt++ {
		err := logIn(client, emailOf(number), passwordOf(attempt))
		switch {
		case err == nil && winner < 0:
			winner = attempt
		case err == nil:
			t.Errorf("the passwords of %d and %d both log in", winner, attempt)
		default:
			wantCode(t, err, um.ErrInvalidCredentials)
		}
	}
	return winner
}

// wantNothingLeft waits until the calls that nobody waits for are done, and looks for what they left.
func wantNothingLeft(t *testing.T, goroutines int) {
	t.Helper()
	eventually(t, "all goroutines of calls end", func() bool { return runtime.NumGoroutine() <= goroutines })
	if left := hooks.LiveBuffers(); left != 0 {
		t.Errorf("%d answers were not given back", left)
	}
}
