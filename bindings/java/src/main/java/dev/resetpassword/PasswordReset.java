package dev.resetpassword;

import java.time.Instant;

/**
 * A password reset with its token and url, both of them secrets that {@link #toString()} leaves out.
 *
 * @param id {@code password_reset_} and a ULID
 * @param userId the user whose password it resets
 * @param email the user's address, as stored: the only recipient
 * @param passwordResetToken the token: 43 characters of base64url; a secret
 * @param passwordResetUrl the link: {@code reset_url} with the token; a secret
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

    /** {@return the reset without its token and url} */
    @Override
    public String toString() {
        return "PasswordReset[id=" + id + ", userId=" + userId + ", email=" + email
                + ", passwordResetToken=[redacted], passwordResetUrl=[redacted], expiresAt=" + expiresAt
                + ", createdAt=" + createdAt + "]";
    }
}
