// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.util.List;

/** There is no such user: {@link ErrorCode#USER_NOT_FOUND}. */
public final class UserNotFoundException extends ResetPasswordException {
    private static final long serialVersionUID = 1L;

    UserNotFoundException(
            String message, List<Detail> errors, boolean retryable, Integer retryAfter) {
        super(ErrorCode.USER_NOT_FOUND, message, errors, retryable, retryAfter);
    }
}
