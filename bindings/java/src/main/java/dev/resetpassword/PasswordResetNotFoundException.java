// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.util.List;

/** There is no such password reset, or it is no longer usable: {@link ErrorCode#PASSWORD_RESET_NOT_FOUND}. */
public final class PasswordResetNotFoundException extends ResetPasswordException {
    private static final long serialVersionUID = 1L;

    PasswordResetNotFoundException(
            String message, List<Detail> errors, boolean retryable, Integer retryAfter) {
        super(ErrorCode.PASSWORD_RESET_NOT_FOUND, message, errors, retryable, retryAfter);
    }
}
