package sdktests;

import static sdktests.Expect.equal;
import static sdktests.Expect.expect;
import static sdktests.Expect.refused;
import static sdktests.StoryResets.DEAD_TOKEN;
import static sdktests.Words.FIRST_PASSWORD;
import static sdktests.Words.SECOND_PASSWORD;
import static sdktests.Words.THIRD_PASSWORD;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import sdktests.LossyProxy.Exchange;
import sdktests.StoryResets.Asked;

/** What the SDK sends with a request, and what happens when the answer is lost on the way. */
final class StoryLostAnswer {
    private static final String RESETS = "/user_management/password_reset";
    private static final String CONFIRM = RESETS + "/confirm";

    private StoryLostAnswer() {}

    static void theIdempotencyKeyThatTheSdkSendsIsAccepted(Client client, Service service) {
        List<Exchange> sent;
        try (LossyProxy proxy = new LossyProxy(service.baseUrl)) {
            Client near = client.at(proxy.url());
            Shown user = near.createUser(NewUser.at(client.address()).withPassword(FIRST_PASSWORD));
            near.confirm(near.createReset(user.email()).token(), SECOND_PASSWORD);
            near.rename(user.id(), "Ada");
            near.getUser(user.id());
            near.deleteUser(user.id());
            sent = proxy.exchanges();
        }
        equal(sent.stream().map(exchange -> exchange.method() + " " + exchange.status()).toList(),
                List.of("POST 201", "POST 201", "POST 200", "PUT 200", "GET 200", "DELETE 202"),
                "what was sent and answered");
        List<String> keys = keys(sent);
        expect(!keys.subList(0, 3).contains(null), "every POST has a key");
        equal(new HashSet<>(keys.subList(0, 3)).size(), 3, "number of different keys");
        equal(keys.subList(3, 6), Collections.nCopies(3, null), "keys of the other requests");
    }

    static void aConfirmationWhoseAnswerIsLostIsSentAgainAndSucceeds(Client client, Service service) {
        Asked asked = Asked.by(client);
        Shown confirmed;
        List<Exchange> sent;
        try (LossyProxy proxy = new LossyProxy(service.baseUrl)) {
            proxy.loseNextAnswerTo(CONFIRM);
            confirmed = client.at(proxy.url()).confirm(asked.token(), SECOND_PASSWORD);
            sent = proxy.exchanges();
        }
        equal(summary(sent), List.of("POST " + CONFIRM + " 200 lost", "POST " + CONFIRM + " 200"),
                "what was sent and answered");
        expectOneKey(sent);
        equal(confirmed, client.getUser(asked.user().id()), "the user in the second answer");
        equal(confirmed.get("emailVerified"), true, "emailVerified");
        expectPasswordSetOnce(client, service, asked);
        expectSpent(client, asked);
    }

    static void aConfirmationThatIsMadeTwiceCannotBeToldFromARetry(Client client, Service service) {
        Asked asked = Asked.by(client);
        try (LossyProxy proxy = new LossyProxy(service.baseUrl)) {
            Client near = client.at(proxy.url());
            Shown confirmed = near.confirm(asked.token(), SECOND_PASSWORD);
            equal(near.confirm(asked.token(), SECOND_PASSWORD), confirmed, "the user in the second answer");
            expectOneKey(proxy.exchanges());
        }
        expectPasswordSetOnce(client, service, asked);
        expectSpent(client, asked);
        // Only while the password that it set is in force is it answered again.
        client.changePassword(asked.user().id(), THIRD_PASSWORD);
        refused(client, () -> client.confirm(asked.token(), SECOND_PASSWORD), DEAD_TOKEN, asked.token());
        expect(service.accepts(asked.user().email(), THIRD_PASSWORD), "the password of the change is in force");
    }

    static void twoResetsForOneAddressHaveOneKeyAndTwoTokens(Client client, Service service) {
        Shown user = client.createUser(NewUser.at(client.address()));
        Shown older;
        Shown newer;
        try (LossyProxy proxy = new LossyProxy(service.baseUrl)) {
            Client near = client.at(proxy.url());
            older = near.createReset(user.email());
            newer = near.createReset(user.email());
            equal(summary(proxy.exchanges()), Collections.nCopies(2, "POST " + RESETS + " 201"), "what was sent");
            expectOneKey(proxy.exchanges());
        }
        expect(!older.id().equals(newer.id()), "there are two resets");
        expect(!older.token().equals(newer.token()), "two resets have two tokens");
        refused(client, () -> client.confirm(older.token(), FIRST_PASSWORD), DEAD_TOKEN, older.token());
        equal(client.confirm(newer.token(), FIRST_PASSWORD).id(), user.id(), "the user of the newer");
    }

    private static void expectOneKey(List<Exchange> sent) {
        List<String> keys = keys(sent);
        expect(keys.size() == 2 && keys.get(0) != null && keys.get(0).equals(keys.get(1)), "one key for both");
    }

    private static void expectPasswordSetOnce(Client client, Service service, Asked asked) {
        equal(Feed.kinds(Feed.of(client, asked.user().id())), Feed.KINDS, "what the feed tells");
        expect(!service.accepts(asked.user().email(), FIRST_PASSWORD), "the old password is refused");
        expect(service.accepts(asked.user().email(), SECOND_PASSWORD), "the new password is in force");
    }

    /** The SDK's own key would say that it is the same request; this one says that it is another. */
    private static void expectSpent(Client client, Asked asked) {
        String key = UUID.randomUUID().toString();
        refused(client, () -> client.confirm(asked.token(), SECOND_PASSWORD, key), DEAD_TOKEN, asked.token());
    }

    private static List<String> keys(List<Exchange> sent) {
        return sent.stream().map(Exchange::idempotencyKey).toList();
    }

    private static List<String> summary(List<Exchange> sent) {
        return sent.stream().map(Exchange::toString).toList();
    }
}
