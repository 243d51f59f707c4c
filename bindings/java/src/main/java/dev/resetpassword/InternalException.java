// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.util.List;

/** Something went wrong inside the engine; the log has the details: {@link ErrorCode#INTERNAL}. */
public final class InternalException extends ResetPasswordException {
    private static final long serialVersionUID = 1L;

    /** What the native library throws when a call has no answer at all. */
    InternalException() {
        this("something went wrong inside the engine; the log has the details", List.of(), false, null);
    }

    InternalException(
            String message, List<Detail> errors, boolean retryable, Integer retryAfter) {
        super(ErrorCode.INTERNAL, message, errors, retryable, retryAfter);
    }
}
