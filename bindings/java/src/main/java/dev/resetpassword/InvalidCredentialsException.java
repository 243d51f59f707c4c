// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.util.List;

/** The e-mail address or the password is wrong: {@link ErrorCode#INVALID_CREDENTIALS}. */
public final class InvalidCredentialsException extends ResetPasswordException {
    private static final long serialVersionUID = 1L;

    InvalidCredentialsException(
            String message, List<Detail> errors, boolean retryable, Integer retryAfter) {
        super(ErrorCode.INVALID_CREDENTIALS, message, errors, retryable, retryAfter);
    }
}
