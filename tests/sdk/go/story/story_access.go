package story

import "strings"

// What an API key opens, and what the feed of events tells.
var access = []test{
	{run: aWrongKeyIs401},
	{run: aKeyWithoutTheScopeIs403},
	{run: theFeedTellsOfAResetAndHoldsNoSecret},
	{run: theFeedIsReadInPages},
}

func aWrongKeyIs401(c *client, _ *service) {
	// One call: the service answers 429 to a client that goes on presenting wrong keys.
	stranger := c.as("rpk_" + strings.Repeat("A", 43))
	refused(stranger, failure(stranger.sdk.Confirm(unknownToken, secondPassword)), refusal{status: 401},
		stranger.apiKey, unknownToken, secondPassword)
}

func aKeyWithoutTheScopeIs403(c *client, s *service) {
	reader := c.as(s.readingKey)
	user, reset := c.userAndReset()
	id, token := user.text("id"), reset.text("password_reset_token")
	equal(must(reader.sdk.GetUser(id)), user, "the user, read with a key that may read users")
	for _, err := range []error{
		failure(reader.sdk.UpdateUser(id, UserChange{FirstName: "Ada"})),
		failure(reader.sdk.CreateReset(user.text("email"))),
		failure(reader.sdk.GetReset(reset.text("id"))),
		failure(reader.sdk.Confirm(token, secondPassword)),
		failure(reader.sdk.ListEvents(EventQuery{Events: kinds})),
		reader.sdk.DeleteUser(id),
	} {
		refused(reader, err, refusal{status: 403, code: "forbidden"}, reader.apiKey, token)
	}
	equal(must(c.sdk.GetUser(id)), user, "the user after all this")
}

func theFeedTellsOfAResetAndHoldsNoSecret(c *client, _ *service) {
	user, reset := c.userAndReset()
	must(c.sdk.Confirm(reset.text("password_reset_token"), secondPassword))
	told := eventsOf(c, user.text("id"))
	equal(each(told, "event"), kinds, "what the feed tells")
	shown := reset.without("password_reset_token", "password_reset_url").with(Record{"object": "password_reset"})
	for _, event := range told {
		id := event.text("id")
		expect(strings.HasPrefix(id, "event_") && len(id) == 32, "an id is event_ and a ULID")
		moment(event["created_at"])
		expect(same(dataOf(event), shown), "data of an event is the reset without its token and url")
	}
}

func theFeedIsReadInPages(c *client, _ *service) {
	token := ""
	for range 3 {
		reset := must(c.sdk.CreateReset(c.user("").text("email")))
		token = reset.text("password_reset_token")
	}
	must(c.sdk.Confirm(token, firstPassword))
	whole := wholeFeed(c)
	newest := whole[len(whole)-4:]
	equal(each(newest, "event"), []string{kinds[0], kinds[0], kinds[0], kinds[1]}, "the newest events")
	ids := each(newest, "id")
	page := must(c.sdk.ListEvents(EventQuery{Events: kinds, After: ids[0], Limit: 2}))
	equal(each(page.Data, "id"), ids[1:3], "a page")
	equal(page.After, ids[2], "cursor of a page")
	page = must(c.sdk.ListEvents(EventQuery{Events: kinds, After: page.After, Limit: 2}))
	equal(each(page.Data, "id"), ids[3:], "the last page")
	equal(page.After, "", "cursor of the last page")
	page = must(c.sdk.ListEvents(EventQuery{Events: kinds[1:], After: ids[0], Limit: 100}))
	equal(each(page.Data, "id"), ids[3:], "events of one kind")
}
