// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.util.List;

/** The account is locked since a change of it was reported; make sure of its e-mail address, then unlock it: {@link ErrorCode#USER_LOCKED}. */
public final class UserLockedException extends ResetPasswordException {
    private static final long serialVersionUID = 1L;

    UserLockedException(
            String message, List<Detail> errors, boolean retryable, Integer retryAfter) {
        super(ErrorCode.USER_LOCKED, message, errors, retryable, retryAfter);
    }
}
