// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.time.Instant;

/**
 * A password reset with its token and url. What is secret in it is left out by {@link #toString()}.
 *
 * @param id {@code passwordReset} and a ULID
 * @param userId the user whose password it resets
 * @param email the user's address, as stored: the only recipient
 * @param passwordResetToken the token: 43 characters of base64url. A secret
 * @param passwordResetUrl the link: {@code resetUrl} with the token. A secret
 * @param expiresAt when the token stops working
 * @param createdAt when it was made
 */
public record PasswordReset(
        String id,
        String userId,
        String email,
        String passwordResetToken,
        String passwordResetUrl,
        Instant expiresAt,
        Instant createdAt) {

    /** {@return the text of the record without what is secret in it} */
    @Override
    public String toString() {
        return "PasswordReset[id=" + id
                + ", userId=" + userId
                + ", email=" + email
                + ", passwordResetToken=[redacted]"
                + ", passwordResetUrl=[redacted]"
                + ", expiresAt=" + expiresAt
                + ", createdAt=" + createdAt
                + "]";
    }
}
