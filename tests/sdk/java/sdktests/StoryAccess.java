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

import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.workos.models.EventSchema;
import java.util.List;
import java.util.stream.Collectors;
import sdktests.LossyProxy.Exchange;
import sdktests.StoryResets.Asked;

/** What an API key opens, and what the feed of events tells. */
final class StoryAccess {
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
        Asked asked = Asked.by(client);
        client.confirm(asked.token(), SECOND_PASSWORD);
        List<Event> told;
        List<Exchange> sent;
        try (LossyProxy proxy = new LossyProxy(service.baseUrl)) {
            told = Feed.of(client.at(proxy.url()), asked.user().id());
            sent = proxy.exchanges();
        }
        equal(Feed.kinds(told), KINDS, "what the feed tells");
        Shown reset = asked.reset();
        for (Event event : told) {
            expect(event.id().matches("event_[0-9A-Z]{26}"), "an id is event_ and a ULID");
            equal(event.data().fields().keySet(), client.resetDataFields(), "fields of an event's data");
            equal(event.data(), reset.without("passwordResetToken", "passwordResetUrl"), "data of an event");
        }
        // The SDK's models show only the fields that they know, so the answers themselves are looked at.
        String answers = sent.stream().map(Exchange::text).collect(Collectors.joining());
        expect(answers.contains(reset.id()), "the answers tell of the reset");
        expect(!answers.contains(asked.token()), "the answers hold no token");
        expect(!answers.contains(SECOND_PASSWORD), "the answers hold no password");
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

    static void theSdksOwnMethodForTheFeedReadsNoEventThatItHasAModelOf(Client client, Service service) {
        Asked.by(client);
        try (LossyProxy proxy = new LossyProxy(service.baseUrl)) {
            Client near = client.at(proxy.url());
            try {
                near.listEventsByItself(KINDS, null, 10);
                throw new AssertionError("the SDK has learned to read the feed; the adapter should use its method");
            } catch (IllegalArgumentException error) {
                expect(error.getCause() instanceof InvalidTypeIdException, "the SDK confuses its own models");
                InvalidTypeIdException confused = (InvalidTypeIdException) error.getCause();
                equal(confused.getTypeId(), CREATED, "kind of the event that is not read");
                equal(confused.getBaseType().getRawClass(), EventSchema.class, "model that it is not a case of");
            }
            equal(proxy.exchanges().get(0).status(), 200, "status of the answer");
            List<Event> all = Feed.whole(client);
            String newest = all.get(all.size() - 1).id();
            equal(near.listEventsByItself(KINDS, newest, 10), List.of(), "events after the newest");
        }
    }
}
