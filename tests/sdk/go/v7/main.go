// Tells the story with workos-go 7: one client, answers that are pointers, iterators instead of pages, `ResetPassword`
// that creates and `ConfirmPasswordReset` that confirms, and what was lost on the way is sent again.
package main

import (
	"context"
	"errors"

	"github.com/workos/workos-go/v7"

	"sdk.test/story"
)

func main() {
	story.Main(story.Generation{
		Module:  "github.com/workos/workos-go/v7",
		Connect: connect,
		Errors: map[int]string{
			400: "*workos.APIError",
			401: "*workos.AuthenticationError",
			403: "*workos.APIError",
			404: "*workos.NotFoundError",
			422: "*workos.UnprocessableEntityError",
		},
		Null:    nil,
		Retries: true,
	})
}

// What the SDK asks for where a caller does not say.
const defaultLimit = 10

type sdk struct {
	users  *workos.UserManagementService
	events *workos.EventService
}

func connect(baseURL, apiKey string) story.SDK {
	client := workos.NewClient(apiKey, workos.WithBaseURL(baseURL))
	return &sdk{client.UserManagement(), client.Events()}
}

func (s *sdk) CreateUser(user story.NewUser) (story.Record, error) {
	return shown(s.users.Create(context.Background(), &workos.UserManagementCreateParams{
		Email:      user.Email,
		FirstName:  given(user.FirstName),
		LastName:   given(user.LastName),
		ExternalID: given(user.ExternalID),
		Metadata:   user.Metadata,
		Password:   password(user.Password),
	}))
}

func (s *sdk) GetUser(id string) (story.Record, error) {
	return shown(s.users.Get(context.Background(), id))
}

func (s *sdk) GetUserByExternalID(externalID string) (story.Record, error) {
	return shown(s.users.GetByExternalID(context.Background(), externalID))
}

func (s *sdk) ListUsers(query story.UserQuery) (story.Page, error) {
	return firstPage(s.users.List(context.Background(), &workos.UserManagementListParams{
		PaginationParams: workos.PaginationParams{
			Before: given(query.Before),
			After:  given(query.After),
			Limit:  given(query.Limit),
			Order:  given(query.Order),
		},
		Email: given(query.Email),
	}), query.Limit)
}

func (s *sdk) WalkUsers(limit int) ([]story.Record, error) {
	pages := workos.PaginationParams{Limit: &limit}
	list := s.users.List(context.Background(), &workos.UserManagementListParams{PaginationParams: pages})
	users := []story.Record{}
	for list.Next() {
		users = append(users, story.Fields(list.Current()))
	}
	return users, list.Err()
}

func (s *sdk) UpdateUser(id string, change story.UserChange) (story.Record, error) {
	return shown(s.users.Update(context.Background(), id, &workos.UserManagementUpdateParams{
		FirstName: given(change.FirstName),
		Password:  password(change.Password),
	}))
}

func (s *sdk) DeleteUser(id string) error {
	return s.users.Delete(context.Background(), id)
}

func (s *sdk) CreateReset(email string) (story.Record, error) {
	return shown(s.users.ResetPassword(context.Background(), &workos.UserManagementResetPasswordParams{Email: email}))
}

func (s *sdk) GetReset(id string) (story.Record, error) {
	return shown(s.users.GetPasswordReset(context.Background(), id))
}

func (s *sdk) Confirm(token, newPassword string) (story.Record, error) {
	parameters := &workos.UserManagementConfirmPasswordResetParams{Token: token, NewPassword: newPassword}
	answer, err := s.users.ConfirmPasswordReset(context.Background(), parameters)
	if err != nil {
		return nil, err
	}
	return story.Fields(answer.User), nil
}

func (s *sdk) ListEvents(query story.EventQuery) (story.Page, error) {
	return firstPage(s.events.List(context.Background(), &workos.EventsListParams{
		PaginationParams: workos.PaginationParams{After: given(query.After), Limit: given(query.Limit)},
		Events:           query.Events,
	}), query.Limit)
}

func (s *sdk) Seen(err error) (story.Seen, bool) {
	var told *workos.APIError
	if !errors.As(err, &told) {
		return story.Seen{}, false
	}
	seen := story.Seen{
		Status:    told.StatusCode,
		Code:      told.Code,
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

// firstPage reads no further than the first page; its cursor backwards is not told.
func firstPage[V any](list *workos.Iterator[V], limit int) (story.Page, error) {
	if limit == 0 {
		limit = defaultLimit
	}
	page := story.Page{}
	for len(page.Data) < limit && list.Next() {
		page.Data = append(page.Data, story.Fields(list.Current()))
	}
	if after := list.Cursor(); after != nil {
		page.After = *after
	}
	return page, list.Err()
}

func password(text string) workos.UserManagementPassword {
	if text == "" {
		return nil
	}
	return workos.UserManagementPasswordPlaintext{Password: text}
}

// given is nil for what is empty.
func given[V comparable](value V) *V {
	var empty V
	if value == empty {
		return nil
	}
	return &value
}

func shown[V any](value V, err error) (story.Record, error) {
	if err != nil {
		return nil, err
	}
	return story.Fields(value), nil
}
