// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.util.List;

/** A verified e-mail address cannot be marked unverified: {@link ErrorCode#EMAIL_ALREADY_VERIFIED}. */
public final class EmailAlreadyVerifiedException extends ResetPasswordException {
    private static final long serialVersionUID = 1L;

    EmailAlreadyVerifiedException(
            String message, List<Detail> errors, boolean retryable, Integer retryAfter) {
        super(ErrorCode.EMAIL_ALREADY_VERIFIED, message, errors, retryable, retryAfter);
    }
}
