// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.util.List;

/** Give a password or a password hash, not both: {@link ErrorCode#PASSWORD_AND_PASSWORD_HASH_PROVIDED}. */
public final class PasswordAndPasswordHashProvidedException extends ResetPasswordException {
    private static final long serialVersionUID = 1L;

    PasswordAndPasswordHashProvidedException(
            String message, List<Detail> errors, boolean retryable, Integer retryAfter) {
        super(ErrorCode.PASSWORD_AND_PASSWORD_HASH_PROVIDED, message, errors, retryable, retryAfter);
    }
}
