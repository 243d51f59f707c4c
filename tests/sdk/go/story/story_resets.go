package story

import (
	"strings"
	"time"
)

// Resets: create, read back, confirm, and every way in which a confirmation is refused.
var resets = []test{
	{run: aResetIsCreatedAndReadBack},
	{run: confirmingSetsThePasswordAndVerifiesTheAddress},
	{run: aUserWithoutAPasswordGetsTheFirstByAReset},
	{run: aResetForAnUnknownAddressIs404},
	{run: anUnknownResetIs404},
	{run: anUnknownTokenIs404},
	{run: aWeakPasswordIs400AndLeavesTheTokenUsable},
	{run: aUsedTokenIs404},
	{run: anExpiredTokenIs400},
	{run: aTokenWorksUntilItExpires},
	{run: onlyTheNewestTokenWorks},
	{run: aChangeOfThePasswordEndsTheReset},
	{run: anEmptyFieldIs422},
}

const lifetime = 30 * time.Minute

var (
	deadToken = refusal{status: 404, code: "password_reset_token_not_found"}
	tooWeak   = refusal{status: 400, code: "password_reset_error", errors: []entry{tooShort}}
	expired   = refusal{
		status: 400, code: "password_reset_error", errors: []entry{{"code": "password_reset_token_expired"}},
	}
)

func unreadable(resetID string) refusal {
	return refusal{status: 404, code: "entity_not_found", entityID: resetID}
}

func aResetIsCreatedAndReadBack(c *client, s *service) {
	user, reset := c.userAndReset()
	id, token := reset.text("id"), reset.text("password_reset_token")
	expect(strings.HasPrefix(id, "password_reset_") && len(id) == 41, "an id is password_reset_ and a ULID")
	expect(len(token) == 43, "the token has 43 characters")
	expect(reset["password_reset_url"] == s.resetURL+"?token="+token, "the url is the configured page and the token")
	equal(moment(reset["expires_at"]).Sub(moment(reset["created_at"])), lifetime, "lifetime")
	rest := reset.without("id", "password_reset_token", "password_reset_url", "expires_at", "created_at")
	compare(rest, Record{"object": "password_reset", "user_id": user["id"], "email": user["email"]}, "the reset")
	expect(same(must(c.sdk.GetReset(id)), reset), "the reset, read, is the one that was created")
}

func confirmingSetsThePasswordAndVerifiesTheAddress(c *client, s *service) {
	user, reset := c.userAndReset()
	equal(user["email_verified"], false, "email_verified before")
	confirmed := must(c.sdk.Confirm(reset.text("password_reset_token"), secondPassword))
	equal(confirmed, user.with(Record{"email_verified": true, "updated_at": confirmed["updated_at"]}),
		"the user, confirmed")
	expect(!moment(confirmed["updated_at"]).Before(moment(user["updated_at"])), "updated_at moves on")
	equal(must(c.sdk.GetUser(user.text("id"))), confirmed, "the user, read")
	expect(!s.accepts(user.text("email"), firstPassword), "the old password is refused")
	expect(s.accepts(user.text("email"), secondPassword), "the new password is in force")
}

func aUserWithoutAPasswordGetsTheFirstByAReset(c *client, s *service) {
	address := c.user("").text("email")
	reset := must(c.sdk.CreateReset(address))
	must(c.sdk.Confirm(reset.text("password_reset_token"), firstPassword))
	expect(s.accepts(address, firstPassword), "the password is in force")
}

func aResetForAnUnknownAddressIs404(c *client, _ *service) {
	address := c.address()
	nobody := refusal{status: 404, code: "entity_not_found", entityID: address}
	refused(c, failure(c.sdk.CreateReset(address)), nobody)
}

func anUnknownResetIs404(c *client, _ *service) {
	refused(c, failure(c.sdk.GetReset(unknownReset)), unreadable(unknownReset))
}

func anUnknownTokenIs404(c *client, _ *service) {
	for _, token := range []string{unknownToken, "no-token-at-all"} {
		refused(c, failure(c.sdk.Confirm(token, secondPassword)), deadToken, token, secondPassword)
	}
}

func aWeakPasswordIs400AndLeavesTheTokenUsable(c *client, s *service) {
	user, reset := c.userAndReset()
	token := reset.text("password_reset_token")
	refused(c, failure(c.sdk.Confirm(token, weakPassword)), tooWeak, token, weakPassword)
	expect(s.accepts(user.text("email"), firstPassword), "the old password is still in force")
	expect(same(must(c.sdk.GetReset(reset.text("id"))), reset), "the reset can still be read")
	equal(must(c.sdk.Confirm(token, secondPassword))["id"], user["id"], "the user of the same token")
	expect(s.accepts(user.text("email"), secondPassword), "the new password is in force")
}

func aUsedTokenIs404(c *client, s *service) {
	user, reset := c.userAndReset()
	token := reset.text("password_reset_token")
	must(c.sdk.Confirm(token, secondPassword))
	refused(c, failure(c.sdk.Confirm(token, thirdPassword)), deadToken, token, thirdPassword)
	// Word for word the same, and still another request: only a retry of the request is answered again.
	refused(c, failure(c.sdk.Confirm(token, secondPassword)), deadToken, token)
	refused(c, failure(c.sdk.GetReset(reset.text("id"))), unreadable(reset.text("id")))
	expect(s.accepts(user.text("email"), secondPassword), "the password of the first confirmation is in force")
}

func anExpiredTokenIs400(c *client, s *service) {
	user, reset := c.userAndReset()
	token := reset.text("password_reset_token")
	s.makeOlder(reset.text("id"), lifetime)
	refused(c, failure(c.sdk.Confirm(token, secondPassword)), expired, token, secondPassword)
	refused(c, failure(c.sdk.GetReset(reset.text("id"))), unreadable(reset.text("id")))
	expect(s.accepts(user.text("email"), firstPassword), "the old password is still in force")
}

func aTokenWorksUntilItExpires(c *client, s *service) {
	user, reset := c.userAndReset()
	s.makeOlder(reset.text("id"), lifetime-time.Minute)
	confirmed := must(c.sdk.Confirm(reset.text("password_reset_token"), secondPassword))
	equal(confirmed["id"], user["id"], "the user")
}

func onlyTheNewestTokenWorks(c *client, _ *service) {
	user, older := c.userAndReset()
	newer := must(c.sdk.CreateReset(user.text("email")))
	dead, alive := older.text("password_reset_token"), newer.text("password_reset_token")
	expect(dead != alive, "two resets have two tokens")
	refused(c, failure(c.sdk.Confirm(dead, secondPassword)), deadToken, dead)
	equal(must(c.sdk.Confirm(alive, secondPassword))["id"], user["id"], "the user")
}

func aChangeOfThePasswordEndsTheReset(c *client, s *service) {
	user, reset := c.userAndReset()
	token := reset.text("password_reset_token")
	must(c.sdk.UpdateUser(user.text("id"), UserChange{Password: secondPassword}))
	refused(c, failure(c.sdk.Confirm(token, thirdPassword)), deadToken, token)
	expect(s.accepts(user.text("email"), secondPassword), "the password of the change is in force")
}

func anEmptyFieldIs422(c *client, _ *service) {
	empty := func(field string) refusal {
		return refusal{status: 422, code: "invalid_request_parameters", errors: []entry{missing(field)}}
	}
	_, reset := c.userAndReset()
	token := reset.text("password_reset_token")
	refused(c, failure(c.sdk.CreateReset("")), empty("email"))
	refused(c, failure(c.sdk.Confirm("", secondPassword)), empty("token"), secondPassword)
	refused(c, failure(c.sdk.Confirm(token, "")), empty("new_password"), token)
	must(c.sdk.Confirm(token, secondPassword))
}
