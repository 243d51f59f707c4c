// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.util.List;

/** The password hash is damaged, too costly or of a kind that is not supported: {@link ErrorCode#INVALID_PASSWORD_HASH}. */
public final class InvalidPasswordHashException extends ResetPasswordException {
    private static final long serialVersionUID = 1L;

    InvalidPasswordHashException(
            String message, List<Detail> errors, boolean retryable, Integer retryAfter) {
        super(ErrorCode.INVALID_PASSWORD_HASH, message, errors, retryable, retryAfter);
    }
}
