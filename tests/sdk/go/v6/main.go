// Tells the story with workos-go 6: clients that are structs, answers that are values, timestamps as text, and
// `ResetPassword` that confirms.
package main

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/workos/workos-go/v6/pkg/events"
	"github.com/workos/workos-go/v6/pkg/usermanagement"
	"github.com/workos/workos-go/v6/pkg/workos_errors"

	"sdk.test/story"
)

const httpError = "workos_errors.HTTPError"

func main() {
	story.Main(story.Generation{
		Module:       "github.com/workos/workos-go/v6",
		Connect:      connect,
		Errors:       map[int]string{400: httpError, 401: httpError, 403: httpError, 404: httpError, 422: httpError},
		Null:         "",
		TellsBefore:  true,
		TellsEntries: true,
	})
}

type sdk struct {
	users  *usermanagement.Client
	events *events.Client
}

func connect(baseURL, apiKey string) story.SDK {
	users := usermanagement.NewClient(apiKey)
	users.Endpoint = baseURL
	return &sdk{users, &events.Client{APIKey: apiKey, Endpoint: baseURL}}
}

func (s *sdk) CreateUser(user story.NewUser) (story.Record, error) {
	return shown(s.users.CreateUser(context.Background(), usermanagement.CreateUserOpts{
		Email:      user.Email,
		Password:   user.Password,
		FirstName:  user.FirstName,
		LastName:   user.LastName,
		ExternalID: user.ExternalID,
		Metadata:   user.Metadata,
	}))
}

func (s *sdk) GetUser(id string) (story.Record, error) {
	return shown(s.users.GetUser(context.Background(), usermanagement.GetUserOpts{User: id}))
}

func (s *sdk) GetUserByExternalID(externalID string) (story.Record, error) {
	options := usermanagement.GetUserByExternalIDOpts{ExternalID: externalID}
	return shown(s.users.GetUserByExternalID(context.Background(), options))
}

func (s *sdk) ListUsers(query story.UserQuery) (story.Page, error) {
	list, err := s.users.ListUsers(context.Background(), usermanagement.ListUsersOpts{
		Email:  query.Email,
		Limit:  query.Limit,
		Order:  usermanagement.Order(query.Order),
		Before: query.Before,
		After:  query.After,
	})
	page := story.Page{Before: list.ListMetadata.Before, After: list.ListMetadata.After}
	for _, user := range list.Data {
		page.Data = append(page.Data, story.Fields(user))
	}
	return page, err
}

func (s *sdk) UpdateUser(id string, change story.UserChange) (story.Record, error) {
	return shown(s.users.UpdateUser(context.Background(), usermanagement.UpdateUserOpts{
		User:      id,
		FirstName: change.FirstName,
		Password:  change.Password,
	}))
}

func (s *sdk) DeleteUser(id string) error {
	return s.users.DeleteUser(context.Background(), usermanagement.DeleteUserOpts{User: id})
}

func (s *sdk) CreateReset(email string) (story.Record, error) {
	options := usermanagement.CreatePasswordResetOpts{Email: email}
	return shown(s.users.CreatePasswordReset(context.Background(), options))
}

func (s *sdk) GetReset(id string) (story.Record, error) {
	options := usermanagement.GetPasswordResetOpts{PasswordReset: id}
	return shown(s.users.GetPasswordReset(context.Background(), options))
}

func (s *sdk) Confirm(token, newPassword string) (story.Record, error) {
	options := usermanagement.ResetPasswordOpts{Token: token, NewPassword: newPassword}
	answer, err := s.users.ResetPassword(context.Background(), options)
	return shown(answer.User, err)
}

func (s *sdk) ListEvents(query story.EventQuery) (story.Page, error) {
	list, err := s.events.ListEvents(context.Background(), events.ListEventsOpts{
		Events: query.Events,
		Limit:  query.Limit,
		After:  query.After,
	})
	page := story.Page{Before: list.ListMetadata.Before, After: list.ListMetadata.After}
	for _, event := range list.Data {
		record := story.Fields(event)
		data := map[string]any{}
		if err := json.Unmarshal(event.Data, &data); err != nil {
			return page, err
		}
		record["data"] = data
		page.Data = append(page.Data, record)
	}
	return page, err
}

func (s *sdk) Seen(err error) (story.Seen, bool) {
	var told workos_errors.HTTPError
	if !errors.As(err, &told) {
		return story.Seen{}, false
	}
	seen := story.Seen{
		Status:    told.Code,
		Code:      told.ErrorCode,
		Message:   told.Message,
		RequestID: told.RequestID,
		Body:      told.RawBody,
		Errors:    told.Errors,
	}
	for _, field := range told.FieldErrors {
		seen.FieldErrors = append(seen.FieldErrors, story.FieldError(field))
	}
	return seen, true
}

func shown[V any](value V, err error) (story.Record, error) {
	if err != nil {
		return nil, err
	}
	return story.Fields(value), nil
}
