//go:build !race

package installed

import (
	"context"
	"os"
	"regexp"
	"runtime/debug"
	"strconv"
	"testing"

	um "resetpassword.dev/usermanagement"
)

// TestCallsDoNotGrowTheProcess makes 10,000 calls of each cheap kind.
func TestCallsDoNotGrowTheProcess(t *testing.T) {
	const calls, mostKiB = 10_000, 5 * 1_024
	client := inMemory(t)
	user := withUser(t, client, "ada@example.com")
	ctx, cancel := context.WithCancel(background)
	defer cancel()
	kinds := map[string]func(){
		"unknown token": func() {
			wantCode(t, confirm(background, client, unknownToken, password), um.ErrPasswordResetTokenNotFound)
		},
		"unknown token with a context": func() {
			wantCode(t, confirm(ctx, client, unknownToken, password), um.ErrPasswordResetTokenNotFound)
		},
		"get user": func() { must[um.User](t)(client.GetUser(background, um.GetUserOpts{ID: user.ID})) },
		"list users": func() {
			must[um.UserList](t)(client.ListUsers(ctx, um.ListUsersOpts{Limit: um.Ptr(int64(5))}))
		},
		"refused number": func() {
			_, err := client.Events(background, um.EventsOpts{Limit: um.Ptr(int64(-1))})
			wantCode(t, err, um.ErrInputInvalid)
		},
		"refused text": func() {
			_, err := client.GetUserByEmail(ctx, um.GetUserByEmailOpts{Email: "\xed\xa0\x80"})
			wantCode(t, err, um.ErrInputInvalid)
		},
	}
	for name, call := range kinds {
		repeat(calls, call)
		before := residentKiB(t)
		repeat(calls, call)
		growth := residentKiB(t) - before
		t.Logf("%s: %d KiB", name, growth)
		if growth > mostKiB {
			t.Errorf("%d calls of %s left %d KiB", calls, name, growth)
		}
	}
}

func repeat(times int, call func()) {
	for ; times > 0; times-- {
		call()
	}
}

func residentKiB(t *testing.T) int {
	t.Helper()
	debug.FreeOSMemory()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`VmRSS:\s+(\d+) kB`).FindSubmatch(status)
	resident, err := strconv.Atoi(string(found[1]))
	if err != nil {
		t.Fatal(err)
	}
	return resident
}

func BenchmarkUnknownToken(b *testing.B) {
	cancellable, cancel := context.WithCancel(background)
	defer cancel()
	for name, ctx := range map[string]context.Context{"Background": background, "WithCancel": cancellable} {
		b.Run(name, func(b *testing.B) {
			client := open(b, database(b))
			b.ReportAllocs()
			for call := 0; call < b.N; call++ {
				if !isAny(confirm(ctx, client, unknownToken, password), um.ErrPasswordResetTokenNotFound) {
					b.Fatal("it was found")
				}
			}
		})
	}
}
