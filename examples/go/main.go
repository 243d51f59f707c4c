// Sign-up, log-in and password reset with net/http.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
	"unicode/utf8"

	"resetpassword.dev/usermanagement"
)

const (
	// patienceWithHeaders is how long a browser may take to send the head of a request.
	patienceWithHeaders = 5 * time.Second
	// patienceAtEnd is how long requests may take that are under way when the application is told to end.
	patienceAtEnd = 20 * time.Second
)

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	opts := usermanagement.Options{
		ResetURL: usermanagement.Ptr("http://127.0.0.1:" + os.Getenv("PORT") + "/reset-password"),
	}
	if url := os.Getenv("RESET_URL"); url != "" {
		opts.ResetURL = &url
	}
	if text := os.Getenv("ARGON2_MEMORY_KIB"); text != "" {
		memory, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return fmt.Errorf("ARGON2_MEMORY_KIB: %w", err)
		}
		opts.Argon2MemoryKiB = &memory
	}
	if err := usermanagement.Configure(os.Getenv("DATABASE"), opts); err != nil {
		return err
	}

	last, delivered := make(chan struct{}), make(chan struct{})
	go func() {
		deliver(outbox, last, os.Getenv("OUTBOX"))
		close(delivered)
	}()
	failed := serve()
	// Browsers that went away have left calls behind. Close waits until these are done.
	closed := usermanagement.Close()
	close(last)
	<-delivered
	return errors.Join(failed, closed)
}

// serve answers requests until the application is told to end.
func serve() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	server := http.Server{
		Addr: "127.0.0.1:" + os.Getenv("PORT"), Handler: routes(), ReadHeaderTimeout: patienceWithHeaders,
	}
	served := make(chan error, 1)
	go func() { served <- server.ListenAndServe() }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	// From here on a second signal ends it at once.
	stop()
	bounded, cancel := context.WithTimeout(context.Background(), patienceAtEnd)
	defer cancel()
	return server.Shutdown(bounded)
}

// routes has all that the application answers. A form on another site is refused, and so is a large one.
func routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok")) })
	mux.HandleFunc("POST /sign-up", form(signUp, "email", "password"))
	mux.HandleFunc("POST /log-in", form(logIn, "email", "password"))
	mux.HandleFunc("GET /forgot-password", func(w http.ResponseWriter, _ *http.Request) {
		page{Form: "forgot"}.show(w, http.StatusOK)
	})
	mux.HandleFunc("POST /forgot-password", form(forgotPassword, "email"))
	mux.HandleFunc("GET /reset-password", form(resetPasswordForm, "token"))
	mux.HandleFunc("POST /reset-password", form(resetPassword, "token", "new_password"))
	return private(http.NewCrossOriginProtection().Handler(http.MaxBytesHandler(mux, 64<<10)))
}

// form reads the fields of a form, or of an address, each of which must be there once and be text, and answers what
// goes wrong.
func form(handle func(context.Context, http.ResponseWriter, ...string) error, names ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := r.ParseForm()
		fields := r.PostForm
		if r.Method != http.MethodPost {
			fields = r.Form
		}
		values := make([]string, len(names))
		for index, name := range names {
			if given := fields[name]; len(given) == 1 && utf8.ValidString(given[0]) {
				values[index] = given[0]
			}
			if err != nil || values[index] == "" {
				page{Message: "A field is missing"}.show(w, http.StatusBadRequest)
				return
			}
		}
		if err := handle(r.Context(), w, values...); err != nil {
			answer(w, err)
		}
	}
}

// answer tells of an error by its code.
func answer(w http.ResponseWriter, err error) {
	var failed *usermanagement.Error
	switch {
	case errors.Is(err, context.Canceled):
		// Whoever asked is gone.
	case !errors.As(err, &failed):
		log.Print(err)
		page{Message: "Something went wrong"}.show(w, http.StatusInternalServerError)
	case failed.Code == usermanagement.ErrOverloaded || failed.Code == usermanagement.ErrStorageUnavailable:
		seconds := 1
		if failed.RetryAfter != nil {
			seconds = int(failed.RetryAfter.Seconds())
		}
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
		page{Message: "Please try again in a moment"}.show(w, http.StatusServiceUnavailable)
	case failed.Code == usermanagement.ErrRateLimited:
		if failed.RetryAfter != nil {
			w.Header().Set("Retry-After", strconv.Itoa(int(failed.RetryAfter.Seconds())))
		}
		page{Message: failed.Message}.show(w, http.StatusTooManyRequests)
	case failed.Code == usermanagement.ErrInvalidCredentials:
		page{Message: failed.Message}.show(w, http.StatusUnauthorized)
	case failed.Code == usermanagement.ErrPasswordResetTokenNotFound,
		failed.Code == usermanagement.ErrPasswordResetTokenExpired:
		page{Message: "This link cannot be used any more"}.show(w, http.StatusBadRequest)
	case failed.Code == usermanagement.ErrEmailNotAvailable, failed.Code == usermanagement.ErrInputInvalid,
		failed.Code == usermanagement.ErrPasswordRejected:
		page{Message: "That cannot be used", Reasons: reasons(failed)}.show(w, http.StatusBadRequest)
	default:
		log.Print(failed.Code, ": ", failed.Message)
		page{Message: "Something went wrong"}.show(w, http.StatusInternalServerError)
	}
}

func reasons(failed *usermanagement.Error) []string {
	if len(failed.Errors) == 0 {
		return []string{failed.Message}
	}
	var messages []string
	for _, reason := range failed.Errors {
		messages = append(messages, reason.Message)
	}
	return messages
}
