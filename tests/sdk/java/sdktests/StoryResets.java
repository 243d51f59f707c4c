package sdktests;

import static sdktests.Expect.equal;
import static sdktests.Expect.expect;
import static sdktests.Expect.refused;
import static sdktests.Words.FIRST_PASSWORD;
import static sdktests.Words.SECOND_PASSWORD;
import static sdktests.Words.THIRD_PASSWORD;
import static sdktests.Words.TOO_SHORT;
import static sdktests.Words.UNKNOWN_RESET;
import static sdktests.Words.UNKNOWN_TOKEN;
import static sdktests.Words.WEAK_PASSWORD;
import static sdktests.Words.missing;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Resets: create, read back, confirm, and every way in which a confirmation is refused. */
final class StoryResets {
    static final Refusal DEAD_TOKEN = Refusal.of(404, "password_reset_token_not_found");
    private static final Refusal TOO_WEAK = Refusal.because(400, "password_reset_error", TOO_SHORT);
    private static final Refusal EXPIRED =
            Refusal.because(400, "password_reset_error", Map.of("code", "password_reset_token_expired"));
    private static final Duration LIFETIME = Duration.ofMinutes(30);

    private StoryResets() {}

    /** A user and a reset of the user's password. */
    record Asked(Shown user, Shown reset) {
        String token() {
            return reset.token();
        }

        static Asked by(Client client) {
            Shown user = client.createUser(NewUser.at(client.address()).withPassword(FIRST_PASSWORD));
            return new Asked(user, client.createReset(user.email()));
        }
    }

    static void aResetIsCreatedAndReadBack(Client client, Service service) {
        Asked asked = Asked.by(client);
        Shown reset = asked.reset();
        equal(reset.fields().keySet(), client.resetFields(), "fields of a reset");
        equal(reset.get("objectType"), "password_reset", "object of a reset");
        expect(reset.id().matches("password_reset_[0-9A-Z]{26}"), "an id is password_reset_ and a ULID");
        equal(reset.get("userId"), asked.user().id(), "whose reset it is");
        equal(reset.email(), asked.user().email(), "address of the reset");
        expect(asked.token().matches("[\\w-]{43}"), "the token has 43 characters");
        String url = service.resetUrl + "?token=" + asked.token();
        expect(reset.get("passwordResetUrl").equals(url), "the url is the configured page and the token");
        Instant created = client.moment(reset.get("createdAt"));
        equal(Duration.between(created, client.moment(reset.get("expiresAt"))), LIFETIME, "lifetime");
        expect(client.getReset(reset.id()).equals(reset), "the reset, read, is the one that was created");
    }

    static void confirmingSetsThePasswordAndVerifiesTheAddress(Client client, Service service) {
        Asked asked = Asked.by(client);
        Shown user = asked.user();
        equal(user.get("emailVerified"), false, "emailVerified before");
        Shown confirmed = client.confirm(asked.token(), SECOND_PASSWORD);
        Object updatedAt = confirmed.get("updatedAt");
        equal(confirmed, user.with(Map.of("emailVerified", true, "updatedAt", updatedAt)), "the user, confirmed");
        Instant before = client.moment(user.get("updatedAt"));
        expect(!client.moment(updatedAt).isBefore(before), "updatedAt moves on");
        equal(client.getUser(user.id()), confirmed, "the user, read");
        expect(!service.accepts(user.email(), FIRST_PASSWORD), "the old password is refused");
        expect(service.accepts(user.email(), SECOND_PASSWORD), "the new password is in force");
    }

    static void theUserStandsAtTheTopLevelOfTheAnswerTooWhereJava4ReadsIt(Client client, Service service) {
        Asked asked = Asked.by(client);
        Shown confirmed;
        String answer;
        try (LossyProxy proxy = new LossyProxy(service.baseUrl)) {
            confirmed = client.at(proxy.url()).confirm(asked.token(), SECOND_PASSWORD);
            answer = proxy.exchanges().get(0).text();
        }
        Map<String, Object> beside = new LinkedHashMap<>(Json.object(answer));
        equal(beside.remove("user"), beside, "the user, nested, and the fields beside it");
        equal(beside.get("id"), confirmed.id(), "id of the user");
        // These five are what that generation's model of a user cannot do without.
        for (String name : List.of("id", "email", "created_at", "updated_at")) {
            expect(beside.get(name) instanceof String, name + " is a string");
        }
        equal(beside.get("email_verified"), true, "email_verified");
    }

    static void aUserWithoutAPasswordGetsTheFirstByAReset(Client client, Service service) {
        Shown user = client.createUser(NewUser.at(client.address()));
        client.confirm(client.createReset(user.email()).token(), FIRST_PASSWORD);
        expect(service.accepts(user.email(), FIRST_PASSWORD), "the password is in force");
    }

    static void aResetForAnUnknownAddressIs404(Client client, Service service) {
        String address = client.address();
        refused(client, () -> client.createReset(address), Refusal.nothing(address));
    }

    static void anUnknownResetIs404(Client client, Service service) {
        refused(client, () -> client.getReset(UNKNOWN_RESET), Refusal.nothing(UNKNOWN_RESET));
    }

    static void anUnknownTokenIs404(Client client, Service service) {
        for (String token : List.of(UNKNOWN_TOKEN, "no-token-at-all")) {
            refused(client, () -> client.confirm(token, SECOND_PASSWORD), DEAD_TOKEN, token, SECOND_PASSWORD);
        }
    }

    static void aWeakPasswordIs400AndLeavesTheTokenUsable(Client client, Service service) {
        Asked asked = Asked.by(client);
        String token = asked.token();
        refused(client, () -> client.confirm(token, WEAK_PASSWORD), TOO_WEAK, token, WEAK_PASSWORD);
        expect(service.accepts(asked.user().email(), FIRST_PASSWORD), "the old password is still in force");
        expect(client.getReset(asked.reset().id()).equals(asked.reset()), "the reset can still be read");
        equal(client.confirm(token, SECOND_PASSWORD).id(), asked.user().id(), "the user of the same token");
        expect(service.accepts(asked.user().email(), SECOND_PASSWORD), "the new password is in force");
    }

    static void aUsedTokenIs404(Client client, Service service) {
        Asked asked = Asked.by(client);
        String token = asked.token();
        client.confirm(token, SECOND_PASSWORD);
        refused(client, () -> client.confirm(token, THIRD_PASSWORD), DEAD_TOKEN, token, THIRD_PASSWORD);
        // Word for word the same, and another request by its key: only a retry of the request is answered again.
        String key = UUID.randomUUID().toString();
        refused(client, () -> client.confirm(token, SECOND_PASSWORD, key), DEAD_TOKEN, token, SECOND_PASSWORD);
        String id = asked.reset().id();
        refused(client, () -> client.getReset(id), Refusal.nothing(id));
        String email = asked.user().email();
        expect(service.accepts(email, SECOND_PASSWORD), "the password of the first confirmation is in force");
    }

    static void anExpiredTokenIs400(Client client, Service service) {
        Asked asked = Asked.by(client);
        String token = asked.token();
        String id = asked.reset().id();
        service.makeOlder(id, LIFETIME.toSeconds());
        refused(client, () -> client.confirm(token, SECOND_PASSWORD), EXPIRED, token, SECOND_PASSWORD);
        refused(client, () -> client.getReset(id), Refusal.nothing(id));
        expect(service.accepts(asked.user().email(), FIRST_PASSWORD), "the old password is still in force");
    }

    static void aTokenWorksUntilItExpires(Client client, Service service) {
        Asked asked = Asked.by(client);
        service.makeOlder(asked.reset().id(), LIFETIME.toSeconds() - 60);
        equal(client.confirm(asked.token(), SECOND_PASSWORD).id(), asked.user().id(), "the user");
    }

    static void onlyTheNewestTokenWorks(Client client, Service service) {
        Asked older = Asked.by(client);
        // The SDK sends this under the key of the first: a creation is not answered again.
        Shown newer = client.createReset(older.user().email());
        expect(!older.token().equals(newer.token()), "two resets have two tokens");
        refused(client, () -> client.confirm(older.token(), SECOND_PASSWORD), DEAD_TOKEN, older.token());
        equal(client.confirm(newer.token(), SECOND_PASSWORD).id(), older.user().id(), "the user");
    }

    static void aChangeOfThePasswordEndsTheReset(Client client, Service service) {
        Asked asked = Asked.by(client);
        client.changePassword(asked.user().id(), SECOND_PASSWORD);
        refused(client, () -> client.confirm(asked.token(), THIRD_PASSWORD), DEAD_TOKEN, asked.token());
        expect(service.accepts(asked.user().email(), SECOND_PASSWORD), "the password of the change is in force");
    }

    static void anEmptyFieldIs422(Client client, Service service) {
        String token = Asked.by(client).token();
        refused(client, () -> client.createReset(""), empty("email"));
        refused(client, () -> client.confirm("", SECOND_PASSWORD), empty("token"), SECOND_PASSWORD);
        refused(client, () -> client.confirm(token, ""), empty("new_password"), token);
        client.confirm(token, SECOND_PASSWORD);
    }

    private static Refusal empty(String field) {
        return Refusal.because(422, "invalid_request_parameters", missing(field));
    }
}
