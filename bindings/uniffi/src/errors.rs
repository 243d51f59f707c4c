//! The error of every operation: one variant for each code.
//!
//! Generated from bindings/api by scripts/update; changes here are lost.

use reset_password_bindings::{Code, Error};

use crate::{Detail, from_value::FromValue};

/// What is known of an error.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Failure {
    /// The code, such as `user_not_found`.
    pub code: String,
    /// One line of English. It holds nothing of what was typed.
    pub message: String,
    /// The reasons, with `password_rejected` and `input_invalid`.
    pub errors: Vec<Detail>,
    /// Whether the same call may succeed later without any change to it.
    pub retryable: bool,
    /// Whole seconds to wait before that, where it is known.
    pub retry_after: Option<i64>,
}

/// Declares the variants, and which code becomes which.
macro_rules! errors {
    ($($(#[$doc:meta])* $variant:ident,)*) => {
        /// Why an operation failed.
        #[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
        pub enum ResetPasswordError {
            $(
                $(#[$doc])*
                #[error("{}", failure.message)]
                $variant {
                    /// What is known of it.
                    failure: Failure,
                },
            )*
        }

        impl From<Error> for ResetPasswordError {
            fn from(error: Error) -> Self {
                let failure = Failure::from(&error);
                match error.code() {
                    $(Code::$variant => Self::$variant { failure },)*
                }
            }
        }
    };
}

errors! {
    /// `config_invalid`: the configuration cannot be used.
    ConfigInvalid,
    /// `email_already_verified`: a verified e-mail address cannot be marked unverified.
    EmailAlreadyVerified,
    /// `email_not_available`: the e-mail address belongs to another user.
    EmailNotAvailable,
    /// `external_id_already_used`: the external id belongs to another user.
    ExternalIdAlreadyUsed,
    /// `forbidden`: the API key does not have the scope that this call needs.
    Forbidden,
    /// `headers_too_large`: the request's headers are too large.
    HeadersTooLarge,
    /// `input_invalid`: the input is not valid.
    InputInvalid,
    /// `internal`: something went wrong inside the engine; the log has the details.
    Internal,
    /// `invalid_credentials`: the e-mail address or the password is wrong.
    InvalidCredentials,
    /// `invalid_password_hash`: the password hash is damaged, too costly or of a kind that is not supported.
    InvalidPasswordHash,
    /// `method_not_allowed`: the route does not take this method.
    MethodNotAllowed,
    /// `not_found`: there is no such route.
    NotFound,
    /// `overloaded`: too many calls are under way; try again shortly.
    Overloaded,
    /// `password_and_password_hash_provided`: give a password or a password hash, not both.
    PasswordAndPasswordHashProvided,
    /// `password_rejected`: the password does not meet the policy.
    PasswordRejected,
    /// `password_reset_not_found`: there is no such password reset, or it is no longer usable.
    PasswordResetNotFound,
    /// `password_reset_token_expired`: the password reset token has expired.
    PasswordResetTokenExpired,
    /// `password_reset_token_not_found`: the password reset token is unknown or can no longer be used.
    PasswordResetTokenNotFound,
    /// `payload_too_large`: the request's body is too large.
    PayloadTooLarge,
    /// `rate_limited`: too many requests; try again later.
    RateLimited,
    /// `request_timeout`: the request took too long to arrive.
    RequestTimeout,
    /// `storage_unavailable`: the database cannot be used right now; try again shortly.
    StorageUnavailable,
    /// `unauthorized`: the API key is missing or wrong.
    Unauthorized,
    /// `unsupported`: this build does not support that.
    Unsupported,
    /// `unsupported_media_type`: the request's content type is not supported.
    UnsupportedMediaType,
    /// `user_locked`: the account is locked since a change of it was reported; make sure of its e-mail address, then unlock it.
    UserLocked,
    /// `user_not_found`: there is no such user.
    UserNotFound,
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        let info = error.info();
        Self {
            code: error.code().as_str().to_owned(),
            message: error.message().to_owned(),
            errors: Vec::from_value(error.errors().to_vec().into()).unwrap_or_default(),
            retryable: info.retryable,
            retry_after: info.retry_after.map(Into::into),
        }
    }
}
