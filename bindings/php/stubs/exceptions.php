<?php

/**
 * The exceptions of the extension reset_password, for editors and static analysers. PHP itself never reads
 * this file. A test holds it against the loaded extension.
 *
 * Generated from bindings/api by scripts/update; changes here are lost.
 */

declare(strict_types=1);

namespace ResetPassword;

/** What every exception of this extension implements. */
interface Exception extends \Throwable
{
    /** One of the codes of the reference's list, such as `user_not_found`. */
    public function getErrorCode(): string;

    /**
     * The reasons, for a refused password or input.
     *
     * @return list<Detail>
     */
    public function getErrors(): array;

    /** Whether the same call may succeed later without any change to it. */
    public function isRetryable(): bool;

    /** Whole seconds to wait before that, where it is known. */
    public function getRetryAfter(): ?int;
}

/** The class of every exception of this extension. */
class ResetPasswordException extends \RuntimeException implements Exception
{
    protected $message = 'something went wrong inside the engine; the log has the details';
    protected string $errorCode = 'internal';
    protected bool $retryable = false;
    /** @var list<Detail> */
    protected array $errors = [];
    protected ?int $retryAfter = null;

    public function getErrorCode(): string {}

    /** @return list<Detail> */
    public function getErrors(): array {}

    public function isRetryable(): bool {}

    public function getRetryAfter(): ?int {}
}

/** `config_invalid`: the configuration cannot be used. */
class ConfigInvalidException extends ResetPasswordException
{
    protected $message = 'the configuration cannot be used';
    protected string $errorCode = 'config_invalid';
    protected bool $retryable = false;
}

/** `email_already_verified`: a verified e-mail address cannot be marked unverified. */
class EmailAlreadyVerifiedException extends ResetPasswordException
{
    protected $message = 'a verified e-mail address cannot be marked unverified';
    protected string $errorCode = 'email_already_verified';
    protected bool $retryable = false;
}

/** `email_not_available`: the e-mail address belongs to another user. */
class EmailNotAvailableException extends ResetPasswordException
{
    protected $message = 'the e-mail address belongs to another user';
    protected string $errorCode = 'email_not_available';
    protected bool $retryable = false;
}

/** `external_id_already_used`: the external id belongs to another user. */
class ExternalIdAlreadyUsedException extends ResetPasswordException
{
    protected $message = 'the external id belongs to another user';
    protected string $errorCode = 'external_id_already_used';
    protected bool $retryable = false;
}

/** `forbidden`: the API key does not have the scope that this call needs. */
class ForbiddenException extends ResetPasswordException
{
    protected $message = 'the API key does not have the scope that this call needs';
    protected string $errorCode = 'forbidden';
    protected bool $retryable = false;
}

/** `headers_too_large`: the request's headers are too large. */
class HeadersTooLargeException extends ResetPasswordException
{
    protected $message = 'the request\'s headers are too large';
    protected string $errorCode = 'headers_too_large';
    protected bool $retryable = false;
}

/** `input_invalid`: the input is not valid. */
class InputInvalidException extends ResetPasswordException
{
    protected $message = 'the input is not valid';
    protected string $errorCode = 'input_invalid';
    protected bool $retryable = false;
}

/** `internal`: something went wrong inside the engine; the log has the details. */
class InternalException extends ResetPasswordException
{
    protected $message = 'something went wrong inside the engine; the log has the details';
    protected string $errorCode = 'internal';
    protected bool $retryable = false;
}

/** `invalid_credentials`: the e-mail address or the password is wrong. */
class InvalidCredentialsException extends ResetPasswordException
{
    protected $message = 'the e-mail address or the password is wrong';
    protected string $errorCode = 'invalid_credentials';
    protected bool $retryable = false;
}

/** `invalid_password_hash`: the password hash is damaged, too costly or of a kind that is not supported. */
class InvalidPasswordHashException extends ResetPasswordException
{
    protected $message = 'the password hash is damaged, too costly or of a kind that is not supported';
    protected string $errorCode = 'invalid_password_hash';
    protected bool $retryable = false;
}

/** `method_not_allowed`: the route does not take this method. */
class MethodNotAllowedException extends ResetPasswordException
{
    protected $message = 'the route does not take this method';
    protected string $errorCode = 'method_not_allowed';
    protected bool $retryable = false;
}

/** `not_found`: there is no such route. */
class NotFoundException extends ResetPasswordException
{
    protected $message = 'there is no such route';
    protected string $errorCode = 'not_found';
    protected bool $retryable = false;
}

/** `overloaded`: too many calls are under way; try again shortly. */
class OverloadedException extends ResetPasswordException
{
    protected $message = 'too many calls are under way; try again shortly';
    protected string $errorCode = 'overloaded';
    protected bool $retryable = true;
}

/** `password_and_password_hash_provided`: give a password or a password hash, not both. */
class PasswordAndPasswordHashProvidedException extends ResetPasswordException
{
    protected $message = 'give a password or a password hash, not both';
    protected string $errorCode = 'password_and_password_hash_provided';
    protected bool $retryable = false;
}

/** `password_rejected`: the password does not meet the policy. */
class PasswordRejectedException extends ResetPasswordException
{
    protected $message = 'the password does not meet the policy';
    protected string $errorCode = 'password_rejected';
    protected bool $retryable = false;
}

/** `password_reset_not_found`: there is no such password reset, or it is no longer usable. */
class PasswordResetNotFoundException extends ResetPasswordException
{
    protected $message = 'there is no such password reset, or it is no longer usable';
    protected string $errorCode = 'password_reset_not_found';
    protected bool $retryable = false;
}

/** `password_reset_token_expired`: the password reset token has expired. */
class PasswordResetTokenExpiredException extends ResetPasswordException
{
    protected $message = 'the password reset token has expired';
    protected string $errorCode = 'password_reset_token_expired';
    protected bool $retryable = false;
}

/** `password_reset_token_not_found`: the password reset token is unknown or can no longer be used. */
class PasswordResetTokenNotFoundException extends ResetPasswordException
{
    protected $message = 'the password reset token is unknown or can no longer be used';
    protected string $errorCode = 'password_reset_token_not_found';
    protected bool $retryable = false;
}

/** `payload_too_large`: the request's body is too large. */
class PayloadTooLargeException extends ResetPasswordException
{
    protected $message = 'the request\'s body is too large';
    protected string $errorCode = 'payload_too_large';
    protected bool $retryable = false;
}

/** `rate_limited`: too many requests; try again later. */
class RateLimitedException extends ResetPasswordException
{
    protected $message = 'too many requests; try again later';
    protected string $errorCode = 'rate_limited';
    protected bool $retryable = true;
}

/** `request_timeout`: the request took too long to arrive. */
class RequestTimeoutException extends ResetPasswordException
{
    protected $message = 'the request took too long to arrive';
    protected string $errorCode = 'request_timeout';
    protected bool $retryable = true;
}

/** `storage_unavailable`: the database cannot be used right now; try again shortly. */
class StorageUnavailableException extends ResetPasswordException
{
    protected $message = 'the database cannot be used right now; try again shortly';
    protected string $errorCode = 'storage_unavailable';
    protected bool $retryable = true;
}

/** `unauthorized`: the API key is missing or wrong. */
class UnauthorizedException extends ResetPasswordException
{
    protected $message = 'the API key is missing or wrong';
    protected string $errorCode = 'unauthorized';
    protected bool $retryable = false;
}

/** `unsupported`: this build does not support that. */
class UnsupportedException extends ResetPasswordException
{
    protected $message = 'this build does not support that';
    protected string $errorCode = 'unsupported';
    protected bool $retryable = false;
}

/** `unsupported_media_type`: the request's content type is not supported. */
class UnsupportedMediaTypeException extends ResetPasswordException
{
    protected $message = 'the request\'s content type is not supported';
    protected string $errorCode = 'unsupported_media_type';
    protected bool $retryable = false;
}

/** `user_locked`: the account is locked since a change of it was reported; make sure of its e-mail address, then unlock it. */
class UserLockedException extends ResetPasswordException
{
    protected $message = 'the account is locked since a change of it was reported; make sure of its e-mail address, then unlock it';
    protected string $errorCode = 'user_locked';
    protected bool $retryable = false;
}

/** `user_not_found`: there is no such user. */
class UserNotFoundException extends ResetPasswordException
{
    protected $message = 'there is no such user';
    protected string $errorCode = 'user_not_found';
    protected bool $retryable = false;
}
