// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.util.List;

/** The password reset token has expired: {@link ErrorCode#PASSWORD_RESET_TOKEN_EXPIRED}. */
public final class PasswordResetTokenExpiredException extends ResetPasswordException {
    private static final long serialVersionUID = 1L;

    PasswordResetTokenExpiredException(
            String message, List<Detail> errors, boolean retryable, Integer retryAfter) {
        super(ErrorCode.PASSWORD_RESET_TOKEN_EXPIRED, message, errors, retryable, retryAfter);
    }
}
