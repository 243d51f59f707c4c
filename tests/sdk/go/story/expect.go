package story

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"sort"
	"strings"
	"time"
)

// disagreement ends a test: something is not as it should be. None of them holds a password or a token.
type disagreement string

// failedCall ends a test: the SDK gave an error where it should not.
type failedCall struct{ err error }

func expect(condition bool, what string) {
	if !condition {
		panic(disagreement(what))
	}
}

func equal(actual, expected any, what string) {
	if !reflect.DeepEqual(actual, expected) {
		panic(disagreement(fmt.Sprintf("%s: %#v, expected %#v", what, actual, expected)))
	}
}

func same(a, b Record) bool {
	return reflect.DeepEqual(a, b)
}

// must is the value of a call that has to succeed.
func must[V any](value V, err error) V {
	if err != nil {
		panic(failedCall{err})
	}
	return value
}

// failure is the error of a call that has to be refused.
func failure[V any](_ V, err error) error {
	return err
}

var (
	wireMoment = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`)
	uuid       = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
)

// moment reads a timestamp, which the SDK hands over as it came or has parsed.
func moment(value any) time.Time {
	switch value := value.(type) {
	case string:
		expect(wireMoment.MatchString(value), fmt.Sprintf("%q is a timestamp of the API", value))
		return must(time.Parse(time.RFC3339, value))
	case time.Time:
		equal(value.Location(), time.UTC, "zone of a timestamp")
		equal(value.Nanosecond()%1_000_000, 0, "what is finer than a millisecond")
		expect(!value.IsZero(), "the timestamp is there")
		return value
	}
	panic(disagreement(fmt.Sprintf("%#v is no timestamp", value)))
}

// compare fails unless every field that the SDK shows is expected, and is as expected.
func compare(shown, expected Record, what string) {
	for name, value := range shown {
		want, known := expected[name]
		expect(known, fmt.Sprintf("no test knows %s of %s", name, what))
		equal(value, want, name+" of "+what)
	}
}

// entry is one of the `errors` of an answer.
type entry map[string]any

// refusal is an error as the API promises it; the errors without their messages.
type refusal struct {
	status   int
	code     string
	errors   []entry
	entityID string
}

// refused compares all that an error tells. `never` are secrets that no part of it may repeat.
func refused(c *client, err error, expected refusal, never ...string) {
	expect(err != nil, fmt.Sprintf("the call was accepted, expected %d %s", expected.status, expected.code))
	seen, ok := c.sdk.Seen(err)
	if !ok {
		panic(failedCall{err})
	}
	equal(seen.Status, expected.status, "status of the error")
	equal(fmt.Sprintf("%T", err), c.generation.Errors[expected.status], "type of the error")
	equal(seen.Code, expected.code, "code of the error")
	expect(uuid.MatchString(seen.RequestID), "the request id is a UUID")

	body := map[string]any{}
	expect(json.Unmarshal([]byte(seen.Body), &body) == nil, "the body is a JSON object")
	messages := checkBody(body, expected)
	equal(seen.Message, body["message"], "message of the error")
	checkEntries(c.generation, seen, expected, messages)
	for _, secret := range never {
		expect(!strings.Contains(seen.Body, secret), "the answer repeats no secret")
		expect(!strings.Contains(err.Error(), secret), "the error repeats no secret")
	}
}

// checkBody gives the messages of the entries.
func checkBody(body map[string]any, expected refusal) (messages []string) {
	expect(isText(body["message"]), "the error has a message")
	if expected.status == 401 {
		equal(body, map[string]any{"message": "Unauthorized"}, "body of a 401")
		return nil
	}
	names := []string{"code", "message"}
	equal(body["code"], expected.code, "code of the body")
	if expected.errors != nil {
		names = append(names, "errors")
		messages = checkErrors(body["errors"], expected.errors)
	}
	if expected.entityID != "" {
		names = append(names, "entity_id")
		equal(body["entity_id"], expected.entityID, "entity_id of the body")
	}
	sort.Strings(names)
	present := []string{}
	for name := range body {
		present = append(present, name)
	}
	sort.Strings(present)
	equal(present, names, "names in the body")
	return messages
}

func checkErrors(errors any, expected []entry) (messages []string) {
	list, ok := errors.([]any)
	expect(ok, "errors of the body are a list")
	entries := []entry{}
	for _, item := range list {
		object, ok := item.(map[string]any)
		expect(ok && isText(object["message"]), "each of the errors has a message")
		messages = append(messages, object["message"].(string))
		delete(object, "message")
		entries = append(entries, object)
	}
	equal(entries, expected, "errors of the body")
	return messages
}

// checkEntries compares what the SDK has made of the body's `errors`: the fields of a 422 and the messages of any
// other answer, or, where it expects texts, one empty text for each.
func checkEntries(generation Generation, seen Seen, expected refusal, messages []string) {
	var fields []FieldError
	switch {
	case !generation.TellsEntries:
		for i := range messages {
			messages[i] = ""
		}
	case expected.status == 422:
		messages = nil
		for _, entry := range expected.errors {
			fields = append(fields, FieldError{entry["field"].(string), entry["code"].(string)})
		}
	}
	equal(seen.Errors, messages, "errors that the SDK tells")
	equal(seen.FieldErrors, fields, "fields that the SDK tells")
}

func isText(value any) bool {
	text, ok := value.(string)
	return ok && text != ""
}
