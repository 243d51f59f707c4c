// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.util.List;

/** The API key does not have the scope that this call needs: {@link ErrorCode#FORBIDDEN}. */
public final class ForbiddenException extends ResetPasswordException {
    private static final long serialVersionUID = 1L;

    ForbiddenException(
            String message, List<Detail> errors, boolean retryable, Integer retryAfter) {
        super(ErrorCode.FORBIDDEN, message, errors, retryable, retryAfter);
    }
}
