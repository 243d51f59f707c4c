// Package story tells, of one generation of the vendor's Go SDK, what it does when it is pointed at the service.
package story

import (
	"reflect"
	"strings"
)

// Generation is a major version of the SDK, and what it tells and does.
type Generation struct {
	// Module is the path of the SDK's module.
	Module string
	// Connect makes the SDK's own client.
	Connect func(baseURL, apiKey string) SDK
	// Errors are the types of the errors that answers become, by status.
	Errors map[int]string
	// Null is what stands in a text field where the answer has a null.
	Null any
	// Retries says whether a lost request is sent again, under one Idempotency-Key.
	Retries bool
	// TellsBefore says whether a page shows its cursor backwards.
	TellsBefore bool
	// TellsEntries says whether the error shows what is in `errors` of the answer.
	TellsEntries bool
}

// SDK is what every generation can do, in one vocabulary. An adapter calls the SDK as a program would, and changes
// neither requests nor answers.
type SDK interface {
	CreateUser(NewUser) (Record, error)
	GetUser(id string) (Record, error)
	GetUserByExternalID(externalID string) (Record, error)
	ListUsers(UserQuery) (Page, error)
	UpdateUser(id string, change UserChange) (Record, error)
	DeleteUser(id string) error
	CreateReset(email string) (Record, error)
	GetReset(id string) (Record, error)
	Confirm(token, newPassword string) (Record, error)
	ListEvents(EventQuery) (Page, error)
	// Seen is what an error tells of an answer; false where the error is of another kind.
	Seen(error) (Seen, bool)
}

// Walker is an SDK that walks through the pages of a list by itself.
type Walker interface {
	WalkUsers(limit int) ([]Record, error)
}

// NewUser is what a user is created with; what is empty is not given.
type NewUser struct {
	Email, Password, FirstName, LastName, ExternalID string
	Metadata                                         map[string]string
}

// UserChange is what is changed of a user; what is empty is not given.
type UserChange struct {
	FirstName, Password string
}

// UserQuery says which page of users is meant; what is empty is not given.
type UserQuery struct {
	Email, Before, After, Order string
	Limit                       int
}

// EventQuery says which page of events is meant; what is empty is not given.
type EventQuery struct {
	Events []string
	After  string
	Limit  int
}

// Page is a page of a list and its cursors, which are empty where there is none.
type Page struct {
	Data          []Record
	Before, After string
}

// Seen is what an error tells of the answer that it stands for.
type Seen struct {
	Status                         int
	Code, Message, RequestID, Body string
	Errors                         []string
	FieldErrors                    []FieldError
}

// FieldError is an entry of a 422 that the SDK has read.
type FieldError struct {
	Field, Code string
}

// Record is a user, a reset or an event: exactly what the SDK shows, under the names that it has in JSON.
type Record map[string]any

// Fields is the record of a struct of the SDK, or of what a pointer points to. A pointer that is nil is a nil.
func Fields(shown any) Record {
	value := reflect.ValueOf(shown)
	if value.Kind() == reflect.Pointer {
		expect(!value.IsNil(), "the SDK hands over nothing")
		value = value.Elem()
	}
	record := Record{}
	for i := range value.NumField() {
		name, _, _ := strings.Cut(value.Type().Field(i).Tag.Get("json"), ",")
		record[name] = pointedTo(value.Field(i))
	}
	return record
}

func pointedTo(field reflect.Value) any {
	if field.Kind() != reflect.Pointer {
		return field.Interface()
	}
	if field.IsNil() {
		return nil
	}
	return field.Elem().Interface()
}

func (r Record) text(name string) string {
	value, ok := r[name].(string)
	expect(ok, name+" is a text")
	return value
}

// with is the record with other values under some names.
func (r Record) with(others Record) Record {
	changed := Record{}
	for name, value := range r {
		changed[name] = value
	}
	for name, value := range others {
		changed[name] = value
	}
	return changed
}

// without is the record without some of its fields.
func (r Record) without(names ...string) Record {
	rest := r.with(nil)
	for _, name := range names {
		delete(rest, name)
	}
	return rest
}
