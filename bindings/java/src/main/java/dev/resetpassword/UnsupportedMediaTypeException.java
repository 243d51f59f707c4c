// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.util.List;

/** The request's content type is not supported: {@link ErrorCode#UNSUPPORTED_MEDIA_TYPE}. */
public final class UnsupportedMediaTypeException extends ResetPasswordException {
    private static final long serialVersionUID = 1L;

    UnsupportedMediaTypeException(
            String message, List<Detail> errors, boolean retryable, Integer retryAfter) {
        super(ErrorCode.UNSUPPORTED_MEDIA_TYPE, message, errors, retryable, retryAfter);
    }
}
