// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.util.List;

/** The password reset token is unknown or can no longer be used: {@link ErrorCode#PASSWORD_RESET_TOKEN_NOT_FOUND}. */
public final class PasswordResetTokenNotFoundException extends ResetPasswordException {
    private static final long serialVersionUID = 1L;

    PasswordResetTokenNotFoundException(
            String message, List<Detail> errors, boolean retryable, Integer retryAfter) {
        super(ErrorCode.PASSWORD_RESET_TOKEN_NOT_FOUND, message, errors, retryable, retryAfter);
    }
}
