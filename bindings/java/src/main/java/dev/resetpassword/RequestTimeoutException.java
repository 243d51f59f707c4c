// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.util.List;

/** The request took too long to arrive: {@link ErrorCode#REQUEST_TIMEOUT}. */
public final class RequestTimeoutException extends ResetPasswordException {
    private static final long serialVersionUID = 1L;

    RequestTimeoutException(
            String message, List<Detail> errors, boolean retryable, Integer retryAfter) {
        super(ErrorCode.REQUEST_TIMEOUT, message, errors, retryable, retryAfter);
    }
}
