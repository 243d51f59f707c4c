package usermanagement

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestFailuresAreRead(t *testing.T) {
	err := failure(13, []byte(`{"code":"overloaded","message":"m","retryable":true,"retry_after":2,"errors":[
		{"code":"a","message":"b","field":"c"},{"code":"d","message":"e","minimum_length":15,"new":1}],"new":{}}`))
	var told *Error
	if !errors.As(err, &told) || !errors.Is(err, ErrOverloaded) || errors.Is(err, ErrInternal) {
		t.Fatalf("%#v", err)
	}
	var code Code
	if !errors.As(err, &code) || code != ErrOverloaded || !errors.As(fmt.Errorf("while: %w", err), &code) {
		t.Errorf("%q of %#v", code, err)
	}
	if told.Error() != "m" || !told.Retryable || *told.RetryAfter != 2*time.Second {
		t.Errorf("%+v", told)
	}
	if len(told.Errors) != 2 || *told.Errors[0].Field != "c" || told.Errors[0].MinimumLength != nil ||
		*told.Errors[1].MinimumLength != 15 || told.Errors[1].Field != nil {
		t.Errorf("%+v", told.Errors)
	}
}

func TestAnErrorHasTheJSONOfEverySurface(t *testing.T) {
	whole := `{"code":"overloaded","message":"m","errors":[{"code":"a","message":"b","field":"c"},` +
		`{"code":"d","message":"e","minimum_length":15}],"retryable":true,"retry_after":2}`
	for _, answered := range []string{whole, `{"code":"user_not_found","message":"m","retryable":false}`} {
		err := failure(1, []byte(answered))
		var told *Error
		if !errors.As(err, &told) {
			t.Fatal(err)
		}
		for _, value := range []any{err, *told, &told} {
			if written, err := json.Marshal(value); err != nil || string(written) != answered {
				t.Errorf("%T: %s, not %s: %v", value, written, answered, err)
			}
		}
	}
	soon := &Error{Code: ErrOverloaded, RetryAfter: Ptr(1001 * time.Millisecond)}
	if written, err := json.Marshal(soon); err != nil || !strings.Contains(string(written), `"retry_after":2}`) {
		t.Errorf("%s, %v", written, err)
	}
}

func TestACodeOfANewerEngineKeepsItsText(t *testing.T) {
	err := failure(99, []byte(`{"code":"brand_new","message":"m","retryable":false}`))
	if !errors.Is(err, Code("brand_new")) {
		t.Errorf("%#v", err)
	}
}

func TestAFailureWithoutAnAnswerHasTheCodeOfItsStatus(t *testing.T) {
	for status, code := range map[int32]Code{8: ErrInternal, 26: ErrUserLocked, 27: ErrUserNotFound, 99: ErrInternal, -2: ErrInternal} {
		for _, answer := range []string{"", "null", "{", `{"message":"m"}`} {
			if err := failure(status, []byte(answer)); !errors.Is(err, code) || err.Error() == "" {
				t.Errorf("%d %q: %v", status, answer, err)
			}
		}
	}
}

func TestAnAnswerOfAnotherShapeIsAnError(t *testing.T) {
	var number int64
	for _, result := range []any{&User{}, &EventList{}, &number} {
		if err := decode([]byte(`{"id":`), result); !errors.Is(err, ErrInternal) {
			t.Errorf("%T: %v", result, err)
		}
	}
	if err := decode([]byte(`"3"`), &number); !errors.Is(err, ErrInternal) {
		t.Errorf("a text as a number: %v", err)
	}
}

func TestNumbersOfEventsAreKept(t *testing.T) {
	var list EventList
	if err := decode([]byte(`{"data":[{"data":{"number":12345678901234567890}}]}`), &list); err != nil {
		t.Fatal(err)
	}
	if list.Data[0].Data["number"] != json.Number("12345678901234567890") {
		t.Errorf("%#v", list.Data[0].Data)
	}
}

func TestALibraryOfAnotherVersionIsRefused(t *testing.T) {
	if err := versionError(libraryVersion()); err != nil {
		t.Error(err)
	}
	for _, version := range []string{"", "0.0.9", Version + ".1"} {
		if err := versionError(version); !errors.Is(err, ErrConfigInvalid) || !strings.Contains(err.Error(), Version) {
			t.Errorf("%q: %v", version, err)
		}
	}
}
