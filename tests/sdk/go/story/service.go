package story

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

const commandTimeout = 30 * time.Second

// service is the service under test, and what a test does behind the back of the HTTP API.
type service struct {
	baseURL, apiKey, readingKey, resetURL string

	database, ageReset string
	command            []string
}

func serviceOfEnvironment() (*service, error) {
	s := &service{
		baseURL:    os.Getenv("SDK_BASE_URL"),
		apiKey:     os.Getenv("SDK_API_KEY"),
		readingKey: os.Getenv("SDK_READING_KEY"),
		resetURL:   os.Getenv("SDK_RESET_URL"),
		database:   os.Getenv("SDK_DATABASE"),
		ageReset:   os.Getenv("SDK_AGE_RESET"),
	}
	err := json.Unmarshal([]byte(os.Getenv("SDK_RESET_PASSWORD")), &s.command)
	if err == nil && (s.baseURL == "" || len(s.command) == 0) {
		err = errors.New("empty")
	}
	return s, err
}

// makeOlder moves a reset into the past.
func (s *service) makeOlder(resetID string, by time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), commandTimeout)
	defer cancel()
	seconds := strconv.Itoa(int(by / time.Second))
	err := exec.CommandContext(ctx, s.ageReset, "--database", s.database, "--id", resetID, "--seconds", seconds).Run()
	expect(err == nil, "the reset is made older")
}

// accepts says whether a login with this password succeeds. The HTTP API has no login yet.
func (s *service) accepts(email, password string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), commandTimeout)
	defer cancel()
	options := append([]string{}, s.command[1:]...)
	options = append(options, "--json", "user", "authenticate", "--email", email, "--password-stdin")
	login := exec.CommandContext(ctx, s.command[0], options...)
	login.Stdin = strings.NewReader(password + "\n")
	told := strings.Builder{}
	login.Stderr = &told
	if login.Run() == nil {
		return true
	}
	var answer struct {
		Error struct{ Code string }
	}
	readable := json.Unmarshal([]byte(told.String()), &answer) == nil
	code, status := answer.Error.Code, login.ProcessState.ExitCode()
	expect(readable && status == 1 && code == "invalid_credentials",
		fmt.Sprintf("the login ended with exit code %d, %s", status, code))
	return false
}
