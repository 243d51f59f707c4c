package usermanagement

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"
)

func TestTextGoesInAsItIs(t *testing.T) {
	for text, written := range map[string]string{
		"":                 `""`,
		"plain":            `"plain"`,
		"\"\\/":            `"\"\\/"`,
		"a\x00\n\x1f\x7f":  "\"a\\u0000\\u000a\\u001f\x7f\"",
		"é\u2028😀":         "\"é\u2028😀\"",
		"\xff\xed\xa0\x80": "\"\xff\xed\xa0\x80\"",
	} {
		w := newWriter()
		w.text("token", text)
		if got, want := string(w.end().octets), `{"token":`+written+`}`; got != want {
			t.Errorf("%q became %s, not %s", text, got, want)
		}
	}
}

func TestEveryOctetIsReadAsItWas(t *testing.T) {
	var all strings.Builder
	for octet := 0; octet < utf8Only; octet++ {
		all.WriteByte(byte(octet))
	}
	text := strings.Repeat(all.String(), 100)
	w := newWriter()
	w.pairs("metadata", map[string]string{text: text})
	var read map[string]map[string]string
	if err := json.Unmarshal(w.end().octets, &read); err != nil || read["metadata"][text] != text {
		t.Errorf("read %d keys: %v", len(read), err)
	}
}

// utf8Only is where octets are no characters of their own any more.
const utf8Only = 0x80

func TestWhatIsLeftOutIsNotWritten(t *testing.T) {
	opts := map[string]*writer{
		`{"database_url":"users.db"}`: Options{}.arguments("users.db"),
		`{"email":"a"}`:               CreateUserOpts{Email: "a"}.arguments(),
		`{"id":"a"}`:                  UpdateUserOpts{ID: "a"}.arguments(),
		`{}`:                          ListUsersOpts{}.arguments(),
		`{"id":"a","email":"","email_verified":false,"metadata":{}}`: UpdateUserOpts{
			ID: "a", Email: Ptr(""), EmailVerified: Ptr(false), Metadata: map[string]string{},
		}.arguments(),
		`{"database_url":"","key":"","previous_keys":[],"seal_tokens":false,"service_names":["a","b"],"argon2_iterations":0}`: Options{
			Key: Ptr(""), PreviousKeys: []string{}, SealTokens: Ptr(false), ServiceNames: []string{"a", "b"},
			Argon2Iterations: Ptr(int64(0)),
		}.arguments(""),
	}
	for want, w := range opts {
		if got := string(w.octets); got != want {
			t.Errorf("%s, not %s", got, want)
		}
	}
}

func TestNumbersAreNotRounded(t *testing.T) {
	for duration, written := range map[time.Duration]string{
		30 * time.Minute:               "1800",
		0:                              "0",
		-time.Second:                   "-1",
		time.Second + time.Nanosecond:  "1.000000001",
		-time.Second - time.Nanosecond: "-1.000000001",
		1500 * time.Millisecond:        "1.500000000",
		math.MaxInt64:                  "9223372036.854775807",
		math.MinInt64:                  "-9223372036.854775808",
	} {
		w := newWriter()
		w.seconds("token_lifetime", &duration)
		w.number("least", Ptr(int64(math.MinInt64)))
		if got, want := string(w.end().octets), `{"token_lifetime":`+written+`,"least":-9223372036854775808}`; got != want {
			t.Errorf("%s became %s, not %s", duration, got, want)
		}
	}
}

func TestNothingIsLeftOfWhatWasWritten(t *testing.T) {
	w := newWriter()
	var outgrown [][]byte
	for round := 0; round < 10; round++ {
		outgrown = append(outgrown, w.octets)
		w.text("password", strings.Repeat("secret", 300))
	}
	w.wipe()
	for _, octets := range append(outgrown, w.octets) {
		if bytes.Contains(octets[:cap(octets)], []byte("s")) {
			t.Errorf("a copy of %d octets is left", cap(octets))
		}
	}
}
