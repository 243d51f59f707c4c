package sdktests;

import java.time.Instant;
import java.util.Map;

/** An event of the feed, its data under the names of the API. */
record Event(String id, String kind, Instant createdAt, Map<String, Object> data) {}
