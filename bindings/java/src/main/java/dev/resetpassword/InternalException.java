// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.util.List;

/** Something went wrong inside the engine; the log has the details: {@link ErrorCode#INTERNAL}. */
public final class InternalException extends ResetPasswordException {
    private static final long serialVersionUID = 1L;

    InternalException(
            String message, List<Detail> errors, boolean retryable, Integer retryAfter) {
        super(ErrorCode.INTERNAL, message, errors, retryable, retryAfter);
    }
}
