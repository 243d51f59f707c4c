// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.util.List;

/** The API key is missing or wrong: {@link ErrorCode#UNAUTHORIZED}. */
public final class UnauthorizedException extends ResetPasswordException {
    private static final long serialVersionUID = 1L;

    UnauthorizedException(
            String message, List<Detail> errors, boolean retryable, Integer retryAfter) {
        super(ErrorCode.UNAUTHORIZED, message, errors, retryable, retryAfter);
    }
}
