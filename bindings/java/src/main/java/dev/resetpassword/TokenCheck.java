// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.time.Instant;

/**
 * Whether a token can be used, and until when.
 *
 * @param usable whether {@code resetPassword} would take it now
 * @param expiresAt when it stops working, where it is usable, or {@code null}
 * @param errorCode the error that {@code resetPassword} would answer, where it is not, or {@code null}
 */
public record TokenCheck(boolean usable, Instant expiresAt, String errorCode) {}
