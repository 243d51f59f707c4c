// Generated from bindings/api by scripts/update; changes here are lost.
package dev.resetpassword;

import java.util.List;

/** What went wrong. The list is closed and is what callers branch on. */
public enum ErrorCode {
    /** The configuration cannot be used. */
    CONFIG_INVALID("config_invalid", ConfigInvalidException::new),

    /** A verified e-mail address cannot be marked unverified. */
    EMAIL_ALREADY_VERIFIED("email_already_verified", EmailAlreadyVerifiedException::new),

    /** The e-mail address belongs to another user. */
    EMAIL_NOT_AVAILABLE("email_not_available", EmailNotAvailableException::new),

    /** The external id belongs to another user. */
    EXTERNAL_ID_ALREADY_USED("external_id_already_used", ExternalIdAlreadyUsedException::new),

    /** The API key does not have the scope that this call needs. */
    FORBIDDEN("forbidden", ForbiddenException::new),

    /** The request's headers are too large. */
    HEADERS_TOO_LARGE("headers_too_large", HeadersTooLargeException::new),

    /** The input is not valid. */
    INPUT_INVALID("input_invalid", InputInvalidException::new),

    /** Something went wrong inside the engine; the log has the details. */
    INTERNAL("internal", InternalException::new),

    /** The e-mail address or the password is wrong. */
    INVALID_CREDENTIALS("invalid_credentials", InvalidCredentialsException::new),

    /** The password hash is damaged, too costly or of a kind that is not supported. */
    INVALID_PASSWORD_HASH("invalid_password_hash", InvalidPasswordHashException::new),

    /** The route does not take this method. */
    METHOD_NOT_ALLOWED("method_not_allowed", MethodNotAllowedException::new),

    /** There is no such route. */
    NOT_FOUND("not_found", NotFoundException::new),

    /** Too many calls are under way; try again shortly. */
    OVERLOADED("overloaded", OverloadedException::new),

    /** Give a password or a password hash, not both. */
    PASSWORD_AND_PASSWORD_HASH_PROVIDED(
            "password_and_password_hash_provided", PasswordAndPasswordHashProvidedException::new),

    /** The password does not meet the policy. */
    PASSWORD_REJECTED("password_rejected", PasswordRejectedException::new),

    /** There is no such password reset, or it is no longer usable. */
    PASSWORD_RESET_NOT_FOUND("password_reset_not_found", PasswordResetNotFoundException::new),

    /** The password reset token has expired. */
    PASSWORD_RESET_TOKEN_EXPIRED("password_reset_token_expired", PasswordResetTokenExpiredException::new),

    /** The password reset token is unknown or can no longer be used. */
    PASSWORD_RESET_TOKEN_NOT_FOUND("password_reset_token_not_found", PasswordResetTokenNotFoundException::new),

    /** The request's body is too large. */
    PAYLOAD_TOO_LARGE("payload_too_large", PayloadTooLargeException::new),

    /** Too many requests; try again later. */
    RATE_LIMITED("rate_limited", RateLimitedException::new),

    /** The request took too long to arrive. */
    REQUEST_TIMEOUT("request_timeout", RequestTimeoutException::new),

    /** The database cannot be used right now; try again shortly. */
    STORAGE_UNAVAILABLE("storage_unavailable", StorageUnavailableException::new),

    /** The API key is missing or wrong. */
    UNAUTHORIZED("unauthorized", UnauthorizedException::new),

    /** This build does not support that. */
    UNSUPPORTED("unsupported", UnsupportedException::new),

    /** The request's content type is not supported. */
    UNSUPPORTED_MEDIA_TYPE("unsupported_media_type", UnsupportedMediaTypeException::new),

    /** The account is locked since a change of it was reported; make sure of its e-mail address, then unlock it. */
    USER_LOCKED("user_locked", UserLockedException::new),

    /** There is no such user. */
    USER_NOT_FOUND("user_not_found", UserNotFoundException::new),

    /** A code that this package does not know, from a native library that is newer than it. */
    UNKNOWN("unknown", ErrorCode::unknown);

    private final String value;
    private final Maker maker;

    ErrorCode(String value, Maker maker) {
        this.value = value;
        this.maker = maker;
    }

    /** {@return the code as every surface has it, such as {@code user_not_found}} */
    public String value() {
        return value;
    }

    /**
     * Finds a code by its text.
     *
     * @param value the text, such as {@code user_not_found}
     * @return the code, or {@link #UNKNOWN}
     */
    public static ErrorCode of(String value) {
        for (ErrorCode code : values()) {
            if (code.value.equals(value)) {
                return code;
            }
        }
        return UNKNOWN;
    }

    ResetPasswordException exception(
            String message, List<Detail> errors, boolean retryable, Integer retryAfter) {
        return maker.make(message, errors, retryable, retryAfter);
    }

    private static ResetPasswordException unknown(
            String message, List<Detail> errors, boolean retryable, Integer retryAfter) {
        return new ResetPasswordException(UNKNOWN, message, errors, retryable, retryAfter);
    }

    private interface Maker {
        ResetPasswordException make(
                String message, List<Detail> errors, boolean retryable, Integer retryAfter);
    }
}
