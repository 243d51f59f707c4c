package sdktests;

import static sdktests.Expect.equal;
import static sdktests.Expect.expect;
import static sdktests.Expect.refused;
import static sdktests.Feed.CREATED;
import static sdktests.Feed.KINDS;
import static sdktests.Feed.SUCCEEDED;
import static sdktests.Words.FIRST_PASSWORD;
import static sdktests.Words.SECOND_PASSWORD;
import static sdktests.Words.UNKNOWN_TOKEN;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What an API key opens, and what the feed of events tells. */
final class StoryAccess {
    private static final Set<String> RESET_DATA =
            Set.of("object", "id", "user_id", "email", "expires_at", "created_at");
    private static final String WIRE_MOMENT = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";

    private StoryAccess() {}

    static void aWrongKeyIs401(Client client, Service service) {
        // One call: the service answers 429 to a client that goes on presenting wrong keys.
        Client stranger = client.withKey("rpk_" + "A".repeat(43));
        refused(stranger, () -> stranger.confirm(UNKNOWN_TOKEN, SECOND_PASSWORD), Refusal.of(401, null),
                stranger.apiKey(), UNKNOWN_TOKEN, SECOND_PASSWORD);
    }

    static void aKeyWithoutTheScopeIs403(Client client, Service service) {
        Client reader = client.withKey(service.readingKey);
        Shown user = client.createUser(NewUser.at(client.address()).withPassword(FIRST_PASSWORD));
        equal(reader.getUser(user.id()), user, "the user, read with a key that may read users");
        Shown reset = client.createReset(user.email());
        List<Runnable> calls = List.of(
                () -> reader.rename(user.id(), "Ada"),
                () -> reader.createReset(user.email()),
                () -> reader.getReset(reset.id()),
                () -> reader.confirm(reset.token(), SECOND_PASSWORD),
                () -> reader.listEvents(KINDS, null, 10),
                () -> reader.deleteUser(user.id()));
        for (Runnable call : calls) {
            refused(reader, call, Refusal.of(403, "forbidden"), reader.apiKey(), reset.token());
        }
        equal(client.getUser(user.id()), user, "the user after all this");
    }

    static void theFeedTellsOfAResetAndHoldsNoSecret(Client client, Service service) {
        Shown user = client.createUser(NewUser.at(client.address()).withPassword(FIRST_PASSWORD));
        Shown reset = client.createReset(user.email());
        client.confirm(reset.token(), SECOND_PASSWORD);
        List<Event> told = Feed.of(client, user.id());
        equal(Feed.kinds(told), KINDS, "what the feed tells");
        for (Event event : told) {
            expect(event.id().matches("event_[0-9A-Z]{26}"), "an id is event_ and a ULID");
            Map<String, Object> data = event.data();
            equal(data.keySet(), RESET_DATA, "fields of an event's data");
            equal(data.get("object"), "password_reset", "object of an event's data");
            equal(data.get("id"), reset.id(), "id of an event's data");
            equal(data.get("user_id"), user.id(), "user of an event's data");
            equal(data.get("email"), user.email(), "address of an event's data");
            equal(moment(data.get("created_at")), reset.get("createdAt"), "created_at of an event's data");
            equal(moment(data.get("expires_at")), reset.get("expiresAt"), "expires_at of an event's data");
        }
    }

    static void theFeedIsReadInPages(Client client, Service service) {
        Shown reset = null;
        for (int n = 0; n < 3; n++) {
            reset = client.createReset(client.createUser(NewUser.at(client.address())).email());
        }
        client.confirm(reset.token(), FIRST_PASSWORD);
        List<Event> all = Feed.whole(client);
        List<Event> newest = all.subList(all.size() - 4, all.size());
        equal(Feed.kinds(newest), List.of(CREATED, CREATED, CREATED, SUCCEEDED), "the newest events");
        List<String> ids = Feed.ids(newest);

        Page<Event> page = client.listEvents(KINDS, ids.get(0), 2);
        equal(Feed.ids(page.data()), ids.subList(1, 3), "a page");
        equal(page.after(), ids.get(2), "cursor of a page");
        page = client.listEvents(KINDS, page.after(), 2);
        equal(Feed.ids(page.data()), ids.subList(3, 4), "the last page");
        equal(page.after(), null, "cursor of the last page");
        page = client.listEvents(List.of(SUCCEEDED), ids.get(0), 100);
        equal(Feed.ids(page.data()), ids.subList(3, 4), "events of one kind");
    }

    /** The data of an event are not read by a model, so a timestamp in them is still text. */
    private static OffsetDateTime moment(Object text) {
        expect(String.valueOf(text).matches(WIRE_MOMENT), text + " is a timestamp of the API");
        return OffsetDateTime.parse((String) text);
    }
}
