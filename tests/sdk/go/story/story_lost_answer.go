package story

import (
	"fmt"
	"net/http"
)

// What the SDK sends with a request, and what happens when the answer is lost on the way.
var lostAnswer = []test{
	{run: theIdempotencyKeyThatTheSdkSendsIsAccepted},
	{run: aConfirmationWhoseAnswerIsLostIsSentAgainAndSucceeds, where: retries},
	{run: aConfirmationWhoseAnswerIsLostIsAnErrorAndHasSetThePassword, where: doesNotRetry},
}

const confirmPath = "/user_management/password_reset/confirm"

func retries(c *client) bool {
	return c.generation.Retries
}

func doesNotRetry(c *client) bool {
	return !c.generation.Retries
}

func theIdempotencyKeyThatTheSdkSendsIsAccepted(c *client, s *service) {
	sent := throughProxy(c, s, func(near *client, _ *lossyProxy) {
		user, reset := near.userAndReset()
		id := user.text("id")
		must(near.sdk.Confirm(reset.text("password_reset_token"), secondPassword))
		must(near.sdk.UpdateUser(id, UserChange{FirstName: "Ada"}))
		must(near.sdk.GetUser(id))
		equal(near.sdk.DeleteUser(id), nil, "answer to the deletion")
	})
	seen, keys := []string{}, map[string]bool{}
	for _, exchange := range sent {
		seen = append(seen, fmt.Sprintf("%s %d", exchange.method, exchange.status))
		hasKey := exchange.idempotencyKey != ""
		equal(hasKey, c.generation.Retries && exchange.method == http.MethodPost, "a key with "+exchange.method)
		expect(!hasKey || !keys[exchange.idempotencyKey], "every POST has a key of its own")
		keys[exchange.idempotencyKey] = true
	}
	equal(seen, []string{"POST 201", "POST 201", "POST 200", "PUT 200", "GET 200", "DELETE 202"},
		"what was sent and answered")
}

func aConfirmationWhoseAnswerIsLostIsSentAgainAndSucceeds(c *client, s *service) {
	user, reset := c.userAndReset()
	token := reset.text("password_reset_token")
	var confirmed Record
	sent := throughProxy(c, s, func(near *client, proxy *lossyProxy) {
		proxy.loseNextAnswerTo(confirmPath)
		confirmed = must(near.sdk.Confirm(token, secondPassword))
	})
	equal(len(sent), 2, "number of requests")
	key := sent[0].idempotencyKey
	expect(key != "", "the first has a key")
	equal(sent, []exchange{
		{http.MethodPost, confirmPath, key, 200, false},
		{http.MethodPost, confirmPath, key, 200, true},
	}, "what was sent and answered, with one key for both")
	equal(confirmed, must(c.sdk.GetUser(user.text("id"))), "the user in the second answer")
	equal(confirmed["email_verified"], true, "email_verified")
	passwordWasSetOnce(c, s, user)
	refused(c, failure(c.sdk.Confirm(token, secondPassword)), deadToken, token)
}

func aConfirmationWhoseAnswerIsLostIsAnErrorAndHasSetThePassword(c *client, s *service) {
	user, reset := c.userAndReset()
	token := reset.text("password_reset_token")
	var err error
	sent := throughProxy(c, s, func(near *client, proxy *lossyProxy) {
		proxy.loseNextAnswerTo(confirmPath)
		err = failure(near.sdk.Confirm(token, secondPassword))
	})
	equal(fmt.Sprintf("%T", err), "*url.Error", "type of the error")
	equal(sent, []exchange{{http.MethodPost, confirmPath, "", 200, false}}, "what was sent and answered")
	passwordWasSetOnce(c, s, user)
	refused(c, failure(c.sdk.Confirm(token, secondPassword)), deadToken, token)
}

func passwordWasSetOnce(c *client, s *service, user Record) {
	equal(each(eventsOf(c, user.text("id")), "event"), kinds, "what the feed tells")
	expect(!s.accepts(user.text("email"), firstPassword), "the old password is refused")
	expect(s.accepts(user.text("email"), secondPassword), "the new password is in force")
}
