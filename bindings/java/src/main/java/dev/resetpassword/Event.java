package dev.resetpassword;

import java.time.Instant;
import java.util.Map;

/**
 * Something that happened.
 *
 * @param id {@code event_} and a ULID
 * @param event what happened, such as {@code password_reset.succeeded}
 * @param data the user, or the reset without token and url, as on the wire: keys with underscores; values
 *     that are {@link String}, {@link Boolean}, {@link Long}, {@code null}, or a list or map of these.
 *     Cannot be changed
 * @param createdAt when
 */
public record Event(String id, String event, Map<String, Object> data, Instant createdAt) {}
