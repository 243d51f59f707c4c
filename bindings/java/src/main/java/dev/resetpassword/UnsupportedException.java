// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.util.List;

/** This build does not support that: {@link ErrorCode#UNSUPPORTED}. */
public final class UnsupportedException extends ResetPasswordException {
    private static final long serialVersionUID = 1L;

    UnsupportedException(
            String message, List<Detail> errors, boolean retryable, Integer retryAfter) {
        super(ErrorCode.UNSUPPORTED, message, errors, retryable, retryAfter);
    }
}
