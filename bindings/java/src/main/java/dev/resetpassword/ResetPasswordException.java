package dev.resetpassword;

import java.util.List;

/**
 * What every operation fails with. There is one subclass for each {@link ErrorCode}; branch on
 * {@link #getCode()}, or catch the subclass.
 *
 * <p>Nothing in it is a secret: no password, token, key, e-mail address or what was typed.
 */
public class ResetPasswordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    private final ErrorCode code;

    private final transient List<Detail> errors;

    /** Whether the same call may succeed later. */
    private final boolean retryable;

    /** Whole seconds to wait before that, or null. */
    private final Integer retryAfter;

    ResetPasswordException(
            ErrorCode code, String message, List<Detail> errors, boolean retryable, Integer retryAfter) {
        super(message);
        this.code = code;
        this.errors = errors;
        this.retryable = retryable;
        this.retryAfter = retryAfter;
    }

    /** {@return what went wrong} */
    public ErrorCode getCode() {
        return code;
    }

    /**
     * {@return every reason, for {@link PasswordRejectedException} and {@link InputInvalidException}; for
     * others, and after serialization, none}
     */
    public List<Detail> getErrors() {
        return errors == null ? List.of() : errors;
    }

    /** {@return whether the same call may succeed later without any change to it} */
    public boolean isRetryable() {
        return retryable;
    }

    /** {@return whole seconds to wait before that, or {@code null} where it is not known} */
    public Integer getRetryAfter() {
        return retryAfter;
    }
}
