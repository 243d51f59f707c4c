// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.util.List;

/** The password does not meet the policy: {@link ErrorCode#PASSWORD_REJECTED}. */
public final class PasswordRejectedException extends ResetPasswordException {
    private static final long serialVersionUID = 1L;

    PasswordRejectedException(
            String message, List<Detail> errors, boolean retryable, Integer retryAfter) {
        super(ErrorCode.PASSWORD_REJECTED, message, errors, retryable, retryAfter);
    }
}
