//! How a call ended, as a number.
//!
//! Generated from bindings/api by scripts/update; changes here are lost.

use std::ffi::CStr;

use reset_password_bindings::Code;

/// How a call ended: 0, -1 where it was left, or a number for each error code of `docs/reference/errors.md`.
/// A number keeps its meaning; a later version may have more of them.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetPasswordStatus {
    /// The call was cancelled: nobody waited for its end. What it did or will do is not known.
    Cancelled = -1,
    /// The call did what it was asked to.
    Ok = 0,
    /// `config_invalid`: the configuration cannot be used
    ConfigInvalid = 1,
    /// `email_already_verified`: a verified e-mail address cannot be marked unverified
    EmailAlreadyVerified = 2,
    /// `email_not_available`: the e-mail address belongs to another user
    EmailNotAvailable = 3,
    /// `external_id_already_used`: the external id belongs to another user
    ExternalIdAlreadyUsed = 4,
    /// `forbidden`: the API key does not have the scope that this call needs
    Forbidden = 5,
    /// `headers_too_large`: the request's headers are too large
    HeadersTooLarge = 6,
    /// `input_invalid`: the input is not valid
    InputInvalid = 7,
    /// `internal`: something went wrong inside the engine; the log has the details
    Internal = 8,
    /// `invalid_credentials`: the e-mail address or the password is wrong
    InvalidCredentials = 9,
    /// `invalid_password_hash`: the password hash is damaged, too costly or of a kind that is not supported
    InvalidPasswordHash = 10,
    /// `method_not_allowed`: the route does not take this method
    MethodNotAllowed = 11,
    /// `not_found`: there is no such route
    NotFound = 12,
    /// `overloaded`: too many calls are under way; try again shortly
    Overloaded = 13,
    /// `password_and_password_hash_provided`: give a password or a password hash, not both
    PasswordAndPasswordHashProvided = 14,
    /// `password_rejected`: the password does not meet the policy
    PasswordRejected = 15,
    /// `password_reset_not_found`: there is no such password reset, or it is no longer usable
    PasswordResetNotFound = 16,
    /// `password_reset_token_expired`: the password reset token has expired
    PasswordResetTokenExpired = 17,
    /// `password_reset_token_not_found`: the password reset token is unknown or can no longer be used
    PasswordResetTokenNotFound = 18,
    /// `payload_too_large`: the request's body is too large
    PayloadTooLarge = 19,
    /// `rate_limited`: too many requests; try again later
    RateLimited = 20,
    /// `request_timeout`: the request took too long to arrive
    RequestTimeout = 21,
    /// `storage_unavailable`: the database cannot be used right now; try again shortly
    StorageUnavailable = 22,
    /// `unauthorized`: the API key is missing or wrong
    Unauthorized = 23,
    /// `unsupported`: this build does not support that
    Unsupported = 24,
    /// `unsupported_media_type`: the request's content type is not supported
    UnsupportedMediaType = 25,
    /// `user_locked`: the account is locked since a change of it was reported; make sure of its e-mail address, then unlock it
    UserLocked = 26,
    /// `user_not_found`: there is no such user
    UserNotFound = 27,
}

impl ResetPasswordStatus {
    const ALL: &'static [Self] = &[
        Self::Cancelled,
        Self::Ok,
        Self::ConfigInvalid,
        Self::EmailAlreadyVerified,
        Self::EmailNotAvailable,
        Self::ExternalIdAlreadyUsed,
        Self::Forbidden,
        Self::HeadersTooLarge,
        Self::InputInvalid,
        Self::Internal,
        Self::InvalidCredentials,
        Self::InvalidPasswordHash,
        Self::MethodNotAllowed,
        Self::NotFound,
        Self::Overloaded,
        Self::PasswordAndPasswordHashProvided,
        Self::PasswordRejected,
        Self::PasswordResetNotFound,
        Self::PasswordResetTokenExpired,
        Self::PasswordResetTokenNotFound,
        Self::PayloadTooLarge,
        Self::RateLimited,
        Self::RequestTimeout,
        Self::StorageUnavailable,
        Self::Unauthorized,
        Self::Unsupported,
        Self::UnsupportedMediaType,
        Self::UserLocked,
        Self::UserNotFound,
    ];

    /// The code, as the reference writes it.
    const fn code(self) -> &'static CStr {
        match self {
            Self::Cancelled => c"cancelled",
            Self::Ok => c"ok",
            Self::ConfigInvalid => c"config_invalid",
            Self::EmailAlreadyVerified => c"email_already_verified",
            Self::EmailNotAvailable => c"email_not_available",
            Self::ExternalIdAlreadyUsed => c"external_id_already_used",
            Self::Forbidden => c"forbidden",
            Self::HeadersTooLarge => c"headers_too_large",
            Self::InputInvalid => c"input_invalid",
            Self::Internal => c"internal",
            Self::InvalidCredentials => c"invalid_credentials",
            Self::InvalidPasswordHash => c"invalid_password_hash",
            Self::MethodNotAllowed => c"method_not_allowed",
            Self::NotFound => c"not_found",
            Self::Overloaded => c"overloaded",
            Self::PasswordAndPasswordHashProvided => c"password_and_password_hash_provided",
            Self::PasswordRejected => c"password_rejected",
            Self::PasswordResetNotFound => c"password_reset_not_found",
            Self::PasswordResetTokenExpired => c"password_reset_token_expired",
            Self::PasswordResetTokenNotFound => c"password_reset_token_not_found",
            Self::PayloadTooLarge => c"payload_too_large",
            Self::RateLimited => c"rate_limited",
            Self::RequestTimeout => c"request_timeout",
            Self::StorageUnavailable => c"storage_unavailable",
            Self::Unauthorized => c"unauthorized",
            Self::Unsupported => c"unsupported",
            Self::UnsupportedMediaType => c"unsupported_media_type",
            Self::UserLocked => c"user_locked",
            Self::UserNotFound => c"user_not_found",
        }
    }
}

impl From<Code> for ResetPasswordStatus {
    fn from(code: Code) -> Self {
        match code {
            Code::ConfigInvalid => Self::ConfigInvalid,
            Code::EmailAlreadyVerified => Self::EmailAlreadyVerified,
            Code::EmailNotAvailable => Self::EmailNotAvailable,
            Code::ExternalIdAlreadyUsed => Self::ExternalIdAlreadyUsed,
            Code::Forbidden => Self::Forbidden,
            Code::HeadersTooLarge => Self::HeadersTooLarge,
            Code::InputInvalid => Self::InputInvalid,
            Code::Internal => Self::Internal,
            Code::InvalidCredentials => Self::InvalidCredentials,
            Code::InvalidPasswordHash => Self::InvalidPasswordHash,
            Code::MethodNotAllowed => Self::MethodNotAllowed,
            Code::NotFound => Self::NotFound,
            Code::Overloaded => Self::Overloaded,
            Code::PasswordAndPasswordHashProvided => Self::PasswordAndPasswordHashProvided,
            Code::PasswordRejected => Self::PasswordRejected,
            Code::PasswordResetNotFound => Self::PasswordResetNotFound,
            Code::PasswordResetTokenExpired => Self::PasswordResetTokenExpired,
            Code::PasswordResetTokenNotFound => Self::PasswordResetTokenNotFound,
            Code::PayloadTooLarge => Self::PayloadTooLarge,
            Code::RateLimited => Self::RateLimited,
            Code::RequestTimeout => Self::RequestTimeout,
            Code::StorageUnavailable => Self::StorageUnavailable,
            Code::Unauthorized => Self::Unauthorized,
            Code::Unsupported => Self::Unsupported,
            Code::UnsupportedMediaType => Self::UnsupportedMediaType,
            Code::UserLocked => Self::UserLocked,
            Code::UserNotFound => Self::UserNotFound,
        }
    }
}

/// The code of a number, if it is a status.
pub(crate) fn code_of(number: i32) -> Option<&'static CStr> {
    let mut all = ResetPasswordStatus::ALL.iter();
    all.find(|status| **status as i32 == number)
        .map(|status| status.code())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_number_of_its_own() {
        assert_eq!(ResetPasswordStatus::ALL.len(), Code::ALL.len() + 2);
        for (number, status) in (-1..).zip(ResetPasswordStatus::ALL) {
            assert_eq!(*status as i32, number);
        }
        for code in Code::ALL {
            let number = ResetPasswordStatus::from(*code) as i32;
            assert_eq!(code_of(number).unwrap().to_str().unwrap(), code.as_str());
        }
        assert_eq!(code_of(0), Some(c"ok"));
        assert_eq!(code_of(-1), Some(c"cancelled"));
        assert_eq!(code_of(-2), None);
        assert_eq!(code_of(i32::MAX), None);
    }
}
