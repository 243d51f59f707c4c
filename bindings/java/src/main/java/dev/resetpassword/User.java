// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.time.Instant;
import java.util.Map;

/**
 * A user.
 *
 * @param id {@code user} and a ULID
 * @param email the address as typed; the only recipient of mail
 * @param emailVerified whether the user has shown that the address is theirs, for instance by a reset
 * @param firstName given name, or {@code null}
 * @param lastName family name, or {@code null}
 * @param name full name, or {@code null}
 * @param profilePictureUrl a picture. Nothing sets it yet, or {@code null}
 * @param lastSignInAt the last good login through the engine, or {@code null}
 * @param externalId the id that another system knows the user by, or {@code null}
 * @param metadata free text by key; cannot be changed
 * @param locale language tag, such as {@code de} or {@code pt-BR}, or {@code null}
 * @param credentialsChangedAt when the password was set. Refuse sessions that began before it, or {@code
 *     null}
 * @param createdAt when the user was created
 * @param updatedAt when the user was last changed
 */
public record User(
        String id,
        String email,
        boolean emailVerified,
        String firstName,
        String lastName,
        String name,
        String profilePictureUrl,
        Instant lastSignInAt,
        String externalId,
        Map<String, String> metadata,
        String locale,
        Instant credentialsChangedAt,
        Instant createdAt,
        Instant updatedAt) {}
