// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.util.List;

/** The external id belongs to another user: {@link ErrorCode#EXTERNAL_ID_ALREADY_USED}. */
public final class ExternalIdAlreadyUsedException extends ResetPasswordException {
    private static final long serialVersionUID = 1L;

    ExternalIdAlreadyUsedException(
            String message, List<Detail> errors, boolean retryable, Integer retryAfter) {
        super(ErrorCode.EXTERNAL_ID_ALREADY_USED, message, errors, retryable, retryAfter);
    }
}
