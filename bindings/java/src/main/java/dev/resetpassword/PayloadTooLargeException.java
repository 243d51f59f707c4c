// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.util.List;

/** The request's body is too large: {@link ErrorCode#PAYLOAD_TOO_LARGE}. */
public final class PayloadTooLargeException extends ResetPasswordException {
    private static final long serialVersionUID = 1L;

    PayloadTooLargeException(
            String message, List<Detail> errors, boolean retryable, Integer retryAfter) {
        super(ErrorCode.PAYLOAD_TOO_LARGE, message, errors, retryable, retryAfter);
    }
}
