// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.time.Instant;

/**
 * A message that is to be sent now. What is secret in it is left out by {@link #toString()}.
 *
 * @param id what {@code messageSent} and {@code messageFailed} take; another one each time
 * @param messageId {@code message} and a ULID, the same each time: what to make the mail's {@code
 *     Message-ID} of
 * @param kind {@code passwordReset}, {@code passwordChanged} or {@code emailChanged}
 * @param to the address to send it to, as stored
 * @param userId the user whose account it is about
 * @param firstName given name, or {@code null}
 * @param name full name, or {@code null}
 * @param locale language tag, such as {@code de} or {@code pt-BR}, or {@code null}
 * @param url the link, of {@code passwordReset}. A secret, or {@code null}
 * @param expiresAt when the link stops working, or {@code null}
 * @param reportToken of a notice: what {@code reportChange} takes. A secret, or {@code null}
 * @param createdAt when what it tells of happened
 * @param attempt how often it was given out, this time included
 */
public record Message(
        String id,
        String messageId,
        String kind,
        String to,
        String userId,
        String firstName,
        String name,
        String locale,
        String url,
        Instant expiresAt,
        String reportToken,
        Instant createdAt,
        long attempt) {

    /** {@return the text of the record without what is secret in it} */
    @Override
    public String toString() {
        return "Message[id=" + id
                + ", messageId=" + messageId
                + ", kind=" + kind
                + ", to=" + to
                + ", userId=" + userId
                + ", firstName=" + firstName
                + ", name=" + name
                + ", locale=" + locale
                + ", url=[redacted]"
                + ", expiresAt=" + expiresAt
                + ", reportToken=[redacted]"
                + ", createdAt=" + createdAt
                + ", attempt=" + attempt
                + "]";
    }
}
