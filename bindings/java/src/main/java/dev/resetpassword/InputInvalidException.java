// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.util.List;

/** The input is not valid: {@link ErrorCode#INPUT_INVALID}. */
public final class InputInvalidException extends ResetPasswordException {
    private static final long serialVersionUID = 1L;

    InputInvalidException(
            String message, List<Detail> errors, boolean retryable, Integer retryAfter) {
        super(ErrorCode.INPUT_INVALID, message, errors, retryable, retryAfter);
    }
}
