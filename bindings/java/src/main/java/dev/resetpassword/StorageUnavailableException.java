// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.util.List;

/** The database cannot be used right now; try again shortly: {@link ErrorCode#STORAGE_UNAVAILABLE}. */
public final class StorageUnavailableException extends ResetPasswordException {
    private static final long serialVersionUID = 1L;

    StorageUnavailableException(
            String message, List<Detail> errors, boolean retryable, Integer retryAfter) {
        super(ErrorCode.STORAGE_UNAVAILABLE, message, errors, retryable, retryAfter);
    }
}
