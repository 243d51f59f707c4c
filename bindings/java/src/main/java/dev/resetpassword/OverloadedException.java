// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.util.List;

/** Too many calls are under way; try again shortly: {@link ErrorCode#OVERLOADED}. */
public final class OverloadedException extends ResetPasswordException {
    private static final long serialVersionUID = 1L;

    OverloadedException(
            String message, List<Detail> errors, boolean retryable, Integer retryAfter) {
        super(ErrorCode.OVERLOADED, message, errors, retryable, retryAfter);
    }
}
