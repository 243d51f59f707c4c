// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.util.List;

/** The configuration cannot be used: {@link ErrorCode#CONFIG_INVALID}. */
public final class ConfigInvalidException extends ResetPasswordException {
    private static final long serialVersionUID = 1L;

    ConfigInvalidException(
            String message, List<Detail> errors, boolean retryable, Integer retryAfter) {
        super(ErrorCode.CONFIG_INVALID, message, errors, retryable, retryAfter);
    }
}
