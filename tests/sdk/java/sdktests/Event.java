package sdktests;

import java.time.Instant;

/** An event of the feed, and what the SDK shows of its data. */
record Event(String id, String kind, Instant createdAt, Shown data) {}
