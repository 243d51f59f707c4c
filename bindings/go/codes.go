// Code generated from bindings/api by scripts/update; DO NOT EDIT.

package usermanagement

// The codes that operations fail with, and those that only the project's HTTP service answers.
const (
	// ErrConfigInvalid is for "config_invalid": the configuration cannot be used.
	ErrConfigInvalid Code = "config_invalid"
	// ErrEmailAlreadyVerified is for "email_already_verified": a verified e-mail address cannot be marked unverified.
	ErrEmailAlreadyVerified Code = "email_already_verified"
	// ErrEmailNotAvailable is for "email_not_available": the e-mail address belongs to another user.
	ErrEmailNotAvailable Code = "email_not_available"
	// ErrExternalIDAlreadyUsed is for "external_id_already_used": the external id belongs to another user.
	ErrExternalIDAlreadyUsed Code = "external_id_already_used"
	// ErrForbidden is for "forbidden": the API key does not have the scope that this call needs.
	ErrForbidden Code = "forbidden"
	// ErrHeadersTooLarge is for "headers_too_large": the request's headers are too large.
	ErrHeadersTooLarge Code = "headers_too_large"
	// ErrInputInvalid is for "input_invalid": the input is not valid.
	ErrInputInvalid Code = "input_invalid"
	// ErrInternal is for "internal": something went wrong inside the engine; the log has the details.
	ErrInternal Code = "internal"
	// ErrInvalidCredentials is for "invalid_credentials": the e-mail address or the password is wrong.
	ErrInvalidCredentials Code = "invalid_credentials"
	// ErrInvalidPasswordHash is for "invalid_password_hash": the password hash is damaged, too costly or of a kind that is not supported.
	ErrInvalidPasswordHash Code = "invalid_password_hash"
	// ErrMethodNotAllowed is for "method_not_allowed": the route does not take this method.
	ErrMethodNotAllowed Code = "method_not_allowed"
	// ErrNotFound is for "not_found": there is no such route.
	ErrNotFound Code = "not_found"
	// ErrOverloaded is for "overloaded": too many calls are under way; try again shortly.
	ErrOverloaded Code = "overloaded"
	// ErrPasswordAndPasswordHashProvided is for "password_and_password_hash_provided": give a password or a password hash, not both.
	ErrPasswordAndPasswordHashProvided Code = "password_and_password_hash_provided"
	// ErrPasswordRejected is for "password_rejected": the password does not meet the policy.
	ErrPasswordRejected Code = "password_rejected"
	// ErrPasswordResetNotFound is for "password_reset_not_found": there is no such password reset, or it is no longer usable.
	ErrPasswordResetNotFound Code = "password_reset_not_found"
	// ErrPasswordResetTokenExpired is for "password_reset_token_expired": the password reset token has expired.
	ErrPasswordResetTokenExpired Code = "password_reset_token_expired"
	// ErrPasswordResetTokenNotFound is for "password_reset_token_not_found": the password reset token is unknown or can no longer be used.
	ErrPasswordResetTokenNotFound Code = "password_reset_token_not_found"
	// ErrPayloadTooLarge is for "payload_too_large": the request's body is too large.
	ErrPayloadTooLarge Code = "payload_too_large"
	// ErrRateLimited is for "rate_limited": too many requests; try again later.
	ErrRateLimited Code = "rate_limited"
	// ErrRequestTimeout is for "request_timeout": the request took too long to arrive.
	ErrRequestTimeout Code = "request_timeout"
	// ErrStorageUnavailable is for "storage_unavailable": the database cannot be used right now; try again shortly.
	ErrStorageUnavailable Code = "storage_unavailable"
	// ErrUnauthorized is for "unauthorized": the API key is missing or wrong.
	ErrUnauthorized Code = "unauthorized"
	// ErrUnsupported is for "unsupported": this build does not support that.
	ErrUnsupported Code = "unsupported"
	// ErrUnsupportedMediaType is for "unsupported_media_type": the request's content type is not supported.
	ErrUnsupportedMediaType Code = "unsupported_media_type"
	// ErrUserLocked is for "user_locked": the account is locked since a change of it was reported; make sure of its e-mail address, then unlock it.
	ErrUserLocked Code = "user_locked"
	// ErrUserNotFound is for "user_not_found": there is no such user.
	ErrUserNotFound Code = "user_not_found"
)
