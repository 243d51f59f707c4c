// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.util.List;

/** There is no such route: {@link ErrorCode#NOT_FOUND}. */
public final class NotFoundException extends ResetPasswordException {
    private static final long serialVersionUID = 1L;

    NotFoundException(
            String message, List<Detail> errors, boolean retryable, Integer retryAfter) {
        super(ErrorCode.NOT_FOUND, message, errors, retryable, retryAfter);
    }
}
