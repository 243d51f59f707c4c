// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.util.List;

/** Too many requests; try again later: {@link ErrorCode#RATE_LIMITED}. */
public final class RateLimitedException extends ResetPasswordException {
    private static final long serialVersionUID = 1L;

    RateLimitedException(
            String message, List<Detail> errors, boolean retryable, Integer retryAfter) {
        super(ErrorCode.RATE_LIMITED, message, errors, retryable, retryAfter);
    }
}
