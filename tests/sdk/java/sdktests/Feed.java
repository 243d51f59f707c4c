package sdktests;

import java.util.ArrayList;
import java.util.List;

/** The feed of events, as the SDK reads it. */
final class Feed {
    static final String CREATED = "password_reset.created";
    static final String SUCCEEDED = "password_reset.succeeded";
    static final List<String> KINDS = List.of(CREATED, SUCCEEDED);

    private Feed() {}

    /** Every event of these kinds, oldest first, read in pages. */
    static List<Event> whole(Client client) {
        List<Event> events = new ArrayList<>();
        String cursor = null;
        do {
            Page<Event> page = client.listEvents(KINDS, cursor, 100);
            events.addAll(page.data());
            cursor = page.after();
        } while (cursor != null);
        return events;
    }

    /** What the feed tells of a user's resets, oldest first. */
    static List<Event> of(Client client, String userId) {
        return whole(client).stream().filter(event -> userId.equals(event.data().get("userId"))).toList();
    }

    static List<String> kinds(List<Event> events) {
        return events.stream().map(Event::kind).toList();
    }

    static List<String> ids(List<Event> events) {
        return events.stream().map(Event::id).toList();
    }
}
