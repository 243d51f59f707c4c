// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.util.List;

/** The route does not take this method: {@link ErrorCode#METHOD_NOT_ALLOWED}. */
public final class MethodNotAllowedException extends ResetPasswordException {
    private static final long serialVersionUID = 1L;

    MethodNotAllowedException(
            String message, List<Detail> errors, boolean retryable, Integer retryAfter) {
        super(ErrorCode.METHOD_NOT_ALLOWED, message, errors, retryable, retryAfter);
    }
}
