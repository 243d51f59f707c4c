package main

import (
	"bytes"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"resetpassword.dev/usermanagement"
)

func TestMain(m *testing.M) {
	if err := usermanagement.Configure(":memory:", usermanagement.Options{}); err != nil {
		log.Fatal(err)
	}
	os.Exit(m.Run())
}

func ask(method, target string, fields url.Values) *httptest.ResponseRecorder {
	request := httptest.NewRequest(method, target, strings.NewReader(fields.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answered := httptest.NewRecorder()
	routes().ServeHTTP(answered, request)
	return answered
}

func TestTheFormBehindTheLinkAnswersHEADAsItAnswersGET(t *testing.T) {
	for target, status := range map[string]int{
		"/reset-password?token=a": http.StatusOK, "/reset-password": http.StatusBadRequest, "/forgot-password": http.StatusOK,
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			if answered := ask(method, target, nil); answered.Code != status {
				t.Errorf("%s %s: %d, not %d", method, target, answered.Code, status)
			}
		}
	}
}

func TestAFormTakesNothingFromTheAddress(t *testing.T) {
	answered := ask(http.MethodPost, "/forgot-password?email=ada@example.com", url.Values{})
	if answered.Code != http.StatusBadRequest {
		t.Error(answered.Code)
	}
}

func TestAFullOutboxHoldsUpNobody(t *testing.T) {
	const known, unknown = "ada@example.com", "nobody@example.com"
	if _, err := usermanagement.CreateUser(t.Context(), usermanagement.CreateUserOpts{Email: known}); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	log.SetOutput(&said)
	defer log.SetOutput(os.Stderr)
	for range cap(outbox) {
		outbox <- mail{}
	}
	answers := map[string]string{}
	for _, email := range []string{known, unknown} {
		answered := ask(http.MethodPost, "/forgot-password", url.Values{"email": {email}})
		answers[email] = answered.Body.String()
		if answered.Code != http.StatusOK {
			t.Errorf("%s: %d", email, answered.Code)
		}
	}
	for range cap(outbox) {
		<-outbox
	}
	if answers[known] != answers[unknown] {
		t.Errorf("%s, and %s", answers[known], answers[unknown])
	}
	if told := said.String(); strings.Count(told, "password_reset_") != 1 || strings.Contains(told, known) ||
		strings.Contains(told, "token=") {
		t.Error(told)
	}
}

func TestWhatWaitsAtTheEndIsDelivered(t *testing.T) {
	waiting, last := make(chan mail, 3), make(chan struct{})
	for range cap(waiting) {
		waiting <- mail{To: "ada@example.com", URL: "https://example.com"}
	}
	close(last)
	path := filepath.Join(t.TempDir(), "outbox")
	deliver(waiting, last, path)
	written, err := os.ReadFile(path)
	if err != nil || bytes.Count(written, []byte("\n")) != cap(waiting) {
		t.Errorf("%s, %v", written, err)
	}
}
