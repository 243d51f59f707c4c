// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.util.List;

/** The request's headers are too large: {@link ErrorCode#HEADERS_TOO_LARGE}. */
public final class HeadersTooLargeException extends ResetPasswordException {
    private static final long serialVersionUID = 1L;

    HeadersTooLargeException(
            String message, List<Detail> errors, boolean retryable, Integer retryAfter) {
        super(ErrorCode.HEADERS_TOO_LARGE, message, errors, retryable, retryAfter);
    }
}
