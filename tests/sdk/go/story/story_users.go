package story

import "strings"

// Users: create, get, list, update, delete.
var users = []test{
	{run: aUserIsCreatedReadChangedAndDeleted},
	{run: timestampsOfAUserAreThoseOfTheApi},
	{run: aPasswordIsChangedByAnUpdate},
	{run: usersAreListedByAddress},
	{run: usersAreListedInPages},
	{run: theSdkWalksThroughAllPages, where: walks},
	{run: aUserIsFoundByTheIdOfAnotherSystem},
	{run: anUnknownUserIs404},
	{run: aTakenAddressIs400},
	{run: aWeakPasswordOfAUserIs400},
	{run: anEmptyAddressIs422},
}

func aUserIsCreatedReadChangedAndDeleted(c *client, s *service) {
	address := c.address()
	created := must(c.sdk.CreateUser(NewUser{
		Email: address, Password: firstPassword, FirstName: "Ada", LastName: "Lovelace",
	}))
	null := c.generation.Null
	id := created.text("id")
	expect(strings.HasPrefix(id, "user_") && len(id) == 31, "an id is user_ and a ULID")
	compare(created.without("id", "created_at", "updated_at"), Record{
		"object":              "user",
		"email":               address,
		"email_verified":      false,
		"first_name":          "Ada",
		"last_name":           "Lovelace",
		"name":                null,
		"profile_picture_url": null,
		"last_sign_in_at":     null,
		"external_id":         null,
		"metadata":            map[string]string{},
		"locale":              null,
	}, "the user")
	equal(must(c.sdk.GetUser(id)), created, "the user, read")

	changed := must(c.sdk.UpdateUser(id, UserChange{FirstName: "Augusta"}))
	expect(!moment(changed["updated_at"]).Before(moment(created["updated_at"])), "updated_at moves on")
	equal(changed, created.with(Record{"first_name": "Augusta", "updated_at": changed["updated_at"]}),
		"the user, changed")
	equal(must(c.sdk.GetUser(id)), changed, "the changed user, read")
	expect(s.accepts(address, firstPassword), "the password is in force")

	equal(c.sdk.DeleteUser(id), nil, "answer to the deletion")
	refused(c, failure(c.sdk.GetUser(id)), refusal{status: 404, code: "entity_not_found", entityID: id})
}

func timestampsOfAUserAreThoseOfTheApi(c *client, _ *service) {
	user := c.user("")
	equal(moment(user["updated_at"]), moment(user["created_at"]), "updated_at of a new user")
}

func aPasswordIsChangedByAnUpdate(c *client, s *service) {
	user := c.user(firstPassword)
	must(c.sdk.UpdateUser(user.text("id"), UserChange{Password: secondPassword}))
	expect(!s.accepts(user.text("email"), firstPassword), "the old password is refused")
	expect(s.accepts(user.text("email"), secondPassword), "the new password is in force")
}

func usersAreListedByAddress(c *client, _ *service) {
	user := c.user("")
	c.user("")
	page := must(c.sdk.ListUsers(UserQuery{Email: strings.ToUpper(user.text("email"))}))
	equal(page, Page{Data: []Record{user}}, "the only page of an address")
	equal(must(c.sdk.ListUsers(UserQuery{Email: c.address()})), Page{}, "the users of an unknown address")
}

func usersAreListedInPages(c *client, _ *service) {
	first, second, third := c.user("").text("id"), c.user("").text("id"), c.user("").text("id")
	list := func(query UserQuery) ([]string, Page) {
		query.Limit = 2
		page := must(c.sdk.ListUsers(query))
		return each(page.Data, "id"), page
	}
	ids, page := list(UserQuery{})
	equal(ids, []string{third, second}, "the first page, newest first")
	equal([]string{page.Before, page.After}, []string{"", second}, "cursors of the first page")
	ids, page = list(UserQuery{After: second})
	equal(ids[0], first, "first of the second page")
	if c.generation.TellsBefore {
		equal(page.Before, first, "cursor of the second page, backwards")
	}
	ids, _ = list(UserQuery{Before: first})
	equal(ids, []string{third, second}, "the page before the second")
	ids, page = list(UserQuery{After: first, Order: "asc"})
	equal(ids, []string{second, third}, "a page, oldest first")
	equal(page.After, "", "cursor of the last page")
}

// walkedPage is the size of the pages that are walked through.
const walkedPage = 10

func walks(c *client) bool {
	_, ok := c.sdk.(Walker)
	return ok
}

func theSdkWalksThroughAllPages(c *client, _ *service) {
	newest := []string{}
	for range walkedPage + 1 {
		newest = append([]string{c.user("").text("id")}, newest...)
	}
	walked := each(must(c.sdk.(Walker).WalkUsers(walkedPage)), "id")
	expect(len(walked) >= len(newest), "more than one page is walked through")
	equal(walked[:len(newest)], newest, "the newest users")
	listed, after := []string{}, ""
	for {
		page := must(c.sdk.ListUsers(UserQuery{Limit: 100, After: after}))
		listed = append(listed, each(page.Data, "id")...)
		if after = page.After; after == "" {
			break
		}
	}
	equal(walked, listed, "all users")
}

func aUserIsFoundByTheIdOfAnotherSystem(c *client, _ *service) {
	externalID, plan := "crm-"+c.address(), map[string]string{"plan": "free"}
	created := must(c.sdk.CreateUser(NewUser{Email: c.address(), ExternalID: externalID, Metadata: plan}))
	equal(created["external_id"], externalID, "external_id that was given")
	equal(created["metadata"], plan, "metadata that was given")
	equal(must(c.sdk.GetUserByExternalID(externalID)), created, "the user, found")
	unknown := "crm-" + c.address()
	nobody := refusal{status: 404, code: "entity_not_found", entityID: unknown}
	refused(c, failure(c.sdk.GetUserByExternalID(unknown)), nobody)
}

func anUnknownUserIs404(c *client, _ *service) {
	nobody := refusal{status: 404, code: "entity_not_found", entityID: unknownUser}
	refused(c, failure(c.sdk.GetUser(unknownUser)), nobody)
	refused(c, failure(c.sdk.UpdateUser(unknownUser, UserChange{FirstName: "Ada"})), nobody)
	refused(c, c.sdk.DeleteUser(unknownUser), nobody)
}

func aTakenAddressIs400(c *client, _ *service) {
	address := c.user("").text("email")
	taken := refusal{status: 400, code: "user_creation_error", errors: []entry{{"code": "email_not_available"}}}
	refused(c, failure(c.sdk.CreateUser(NewUser{Email: strings.ToUpper(address)})), taken)
}

func aWeakPasswordOfAUserIs400(c *client, s *service) {
	weak := refusal{status: 400, code: "password_strength_error", errors: []entry{tooShort}}
	address := c.address()
	refused(c, failure(c.sdk.CreateUser(NewUser{Email: address, Password: weakPassword})), weak, weakPassword)
	equal(must(c.sdk.ListUsers(UserQuery{Email: address})), Page{}, "users that the refusal has left")
	user := must(c.sdk.CreateUser(NewUser{Email: address, Password: firstPassword}))
	change := UserChange{Password: weakPassword}
	refused(c, failure(c.sdk.UpdateUser(user.text("id"), change)), weak, weakPassword)
	expect(s.accepts(address, firstPassword), "the password is still in force")
}

func anEmptyAddressIs422(c *client, _ *service) {
	empty := refusal{status: 422, code: "invalid_request_parameters", errors: []entry{missing("email")}}
	refused(c, failure(c.sdk.CreateUser(NewUser{})), empty)
}
