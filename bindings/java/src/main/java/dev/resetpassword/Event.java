// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.time.Instant;
import java.util.Map;

/**
 * Something that happened.
 *
 * @param id {@code event} and a ULID
 * @param event what happened, such as {@code password_reset.succeeded}
 * @param data the user, or the reset without token and url; cannot be changed
 * @param createdAt when
 */
public record Event(String id, String event, Map<String, Object> data, Instant createdAt) {}
