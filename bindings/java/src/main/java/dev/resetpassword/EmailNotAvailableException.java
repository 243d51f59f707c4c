// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.util.List;

/** The e-mail address belongs to another user: {@link ErrorCode#EMAIL_NOT_AVAILABLE}. */
public final class EmailNotAvailableException extends ResetPasswordException {
    private static final long serialVersionUID = 1L;

    EmailNotAvailableException(
            String message, List<Detail> errors, boolean retryable, Integer retryAfter) {
        super(ErrorCode.EMAIL_NOT_AVAILABLE, message, errors, retryable, retryAfter);
    }
}
