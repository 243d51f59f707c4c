//! The closed list of codes, and the one error that every operation returns.

use std::{borrow::Cow, error::Error as StdError, fmt};

use serde::{Serialize, Serializer};

/// Declares the codes once: variant, wire name, fixed message.
macro_rules! codes {
    ($($variant:ident, $code:literal, $message:literal;)*) => {
        /// What went wrong. The list is closed and is the API: callers branch on the code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $message] $variant,)*
        }

        impl Code {
            /// Every code, in alphabetical order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code as it stands on every surface, such as `user_not_found`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The fixed English message of the code.
            #[must_use]
            pub const fn message(self) -> &'static str {
                match self { $(Self::$variant => $message,)* }
            }
        }
    };
}

codes! {
    ConfigInvalid, "config_invalid", "the configuration cannot be used";
    EmailAlreadyVerified, "email_already_verified", "a verified e-mail address cannot be marked unverified";
    EmailNotAvailable, "email_not_available", "the e-mail address belongs to another user";
    ExternalIdAlreadyUsed, "external_id_already_used", "the external id belongs to another user";
    Forbidden, "forbidden", "the API key does not have the scope that this call needs";
    HeadersTooLarge, "headers_too_large", "the request's headers are too large";
    InputInvalid, "input_invalid", "the input is not valid";
    Internal, "internal", "something went wrong inside the engine; the log has the details";
    InvalidCredentials, "invalid_credentials", "the e-mail address or the password is wrong";
    InvalidPasswordHash, "invalid_password_hash", "the password hash is damaged, too costly or of a kind that is not supported";
    MethodNotAllowed, "method_not_allowed", "the route does not take this method";
    NotFound, "not_found", "there is no such route";
    Overloaded, "overloaded", "too many calls are under way; try again shortly";
    PasswordAndPasswordHashProvided, "password_and_password_hash_provided", "give a password or a password hash, not both";
    PasswordRejected, "password_rejected", "the password does not meet the policy";
    PasswordResetNotFound, "password_reset_not_found", "there is no such password reset, or it is no longer usable";
    PasswordResetTokenExpired, "password_reset_token_expired", "the password reset token has expired";
    PasswordResetTokenNotFound, "password_reset_token_not_found", "the password reset token is unknown or can no longer be used";
    PayloadTooLarge, "payload_too_large", "the request's body is too large";
    RateLimited, "rate_limited", "too many requests; try again later";
    RequestTimeout, "request_timeout", "the request took too long to arrive";
    StorageUnavailable, "storage_unavailable", "the database cannot be used right now; try again shortly";
    Unauthorized, "unauthorized", "the API key is missing or wrong";
    Unsupported, "unsupported", "this build does not support that";
    UnsupportedMediaType, "unsupported_media_type", "the request's content type is not supported";
    UserLocked, "user_locked", "the account is locked since a change of it was reported; make sure of its e-mail address, then unlock it";
    UserNotFound, "user_not_found", "there is no such user";
}

impl Code {
    /// Whether the same call may succeed later without any change to it.
    #[must_use]
    pub const fn retryable(self) -> bool {
        matches!(
            self,
            Self::Overloaded | Self::RateLimited | Self::RequestTimeout | Self::StorageUnavailable
        )
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// One reason among several: a rule that a password breaks, or a field that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Detail {
    /// The reason, such as `password_too_short` or `email_invalid`.
    pub code: Cow<'static, str>,
    /// The reason in English, fit to show to the person who typed.
    pub message: Cow<'static, str>,
    /// The input field, where the reason is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<&'static str>,
    /// The least number of code points, with `password_too_short`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum_length: Option<u32>,
    /// The greatest number of code points, with `password_too_long`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum_length: Option<u32>,
}

impl Detail {
    /// A reason that names no field and no length.
    #[must_use]
    pub const fn new(code: &'static str, message: &'static str) -> Self {
        Self {
            code: Cow::Borrowed(code),
            message: Cow::Borrowed(message),
            field: None,
            minimum_length: None,
            maximum_length: None,
        }
    }

    /// A reason about one input field; the code reads `<field>_<problem>`.
    #[must_use]
    pub fn field(
        field: &'static str,
        problem: &str,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            code: Cow::Owned(format!("{field}_{problem}")),
            message: message.into(),
            field: Some(field),
            minimum_length: None,
            maximum_length: None,
        }
    }
}

/// The error of every operation.
///
/// `Display` gives the message alone. The source, if any, is for the log: it is reached through
/// [`std::error::Error::source`] and is not part of what a surface shows.
pub struct Error {
    code: Code,
    message: Cow<'static, str>,
    errors: Vec<Detail>,
    retry_after: Option<u32>,
    /// Whether trying again will not help, although the code says that it may.
    is_lasting: bool,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error with the fixed message of its code.
    #[must_use]
    pub const fn new(code: Code) -> Self {
        Self {
            code,
            message: Cow::Borrowed(code.message()),
            errors: Vec::new(),
            retry_after: None,
            is_lasting: false,
            source: None,
        }
    }

    /// `config_invalid`: the sentence names the option or path and says how to mend it.
    #[must_use]
    pub fn config(sentence: impl Into<Cow<'static, str>>) -> Self {
        Self {
            message: sentence.into(),
            ..Self::new(Code::ConfigInvalid)
        }
    }

    /// `unsupported`: the sentence says what is not done here, and by whom it is.
    #[must_use]
    pub fn unsupported(sentence: &'static str) -> Self {
        Self {
            message: sentence.into(),
            ..Self::new(Code::Unsupported)
        }
    }

    /// `input_invalid` with its reasons, at least one; the message repeats the first.
    #[must_use]
    pub fn input(errors: Vec<Detail>) -> Self {
        let message = errors
            .first()
            .map_or(Cow::Borrowed(Code::InputInvalid.message()), |first| {
                first.message.clone()
            });
        Self {
            message,
            errors,
            ..Self::new(Code::InputInvalid)
        }
    }

    /// `input_invalid` for one field; see [`Detail::field`].
    #[must_use]
    pub fn field(
        field: &'static str,
        problem: &str,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::input(vec![Detail::field(field, problem, message)])
    }

    /// `password_rejected` with every rule that the password breaks.
    #[must_use]
    pub fn password_rejected(errors: Vec<Detail>) -> Self {
        Self {
            errors,
            ..Self::new(Code::PasswordRejected)
        }
    }

    /// `overloaded`, to be tried again after so many seconds.
    #[must_use]
    pub const fn overloaded(retry_after: u32) -> Self {
        let mut error = Self::new(Code::Overloaded);
        error.retry_after = Some(retry_after);
        error
    }

    /// `overloaded`: there was no memory for a hash, however few are under way.
    #[must_use]
    pub fn out_of_memory() -> Self {
        Self {
            message: Cow::Borrowed(
                "the memory for a hash could not be had; give the process more memory, or lower argon2_memory_kib",
            ),
            ..Self::overloaded(1)
        }
    }

    /// `rate_limited`, to be tried again after so many seconds.
    #[must_use]
    pub const fn rate_limited(retry_after: u32) -> Self {
        let mut error = Self::new(Code::RateLimited);
        error.retry_after = Some(retry_after);
        error
    }

    /// `rate_limited` until the password is reset: trying again will not help.
    #[must_use]
    pub fn blocked() -> Self {
        Self {
            message: Cow::Borrowed(
                "too many wrong passwords in a row; reset the password to log in again",
            ),
            is_lasting: true,
            ..Self::new(Code::RateLimited)
        }
    }

    /// `invalid_password_hash`, with what was seen of it.
    #[must_use]
    pub(crate) fn password_hash(message: String) -> Self {
        Self {
            message: Cow::Owned(message),
            ..Self::new(Code::InvalidPasswordHash)
        }
    }

    /// `storage_unavailable`, to be tried again after a second.
    #[must_use]
    pub fn storage(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            retry_after: Some(1),
            source: Some(source.into()),
            ..Self::new(Code::StorageUnavailable)
        }
    }

    /// `storage_unavailable` of a database that cannot grow, to be tried again when it can.
    #[must_use]
    pub fn full(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            message: Cow::Borrowed(
                "there is no room left where the database is; make room and try again",
            ),
            ..Self::storage(source)
        }
    }

    /// `storage_unavailable` of a database that is damaged: trying again will not help.
    #[must_use]
    pub fn damaged(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            message: Cow::Borrowed(
                "the database is damaged; restore it from a backup, then run `reset-password reset \
                 revoke --all`",
            ),
            is_lasting: true,
            source: Some(source.into()),
            ..Self::new(Code::StorageUnavailable)
        }
    }

    /// `storage_unavailable` of a database whose file is not the one that was opened: only opening it again will help.
    #[must_use]
    pub fn replaced(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            message: Cow::Borrowed(
                "the database's file was replaced, moved or removed while it was open; put the right one there and \
                 restart every process that uses it",
            ),
            is_lasting: true,
            source: Some(source.into()),
            ..Self::new(Code::StorageUnavailable)
        }
    }

    /// `internal`; the source goes to the log.
    #[must_use]
    pub fn internal(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            source: Some(source.into()),
            ..Self::new(Code::Internal)
        }
    }

    /// What went wrong.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.code
    }

    /// The message: fixed by the code, or naming an option, a field or a local path, or what to do where trying again
    /// will not help.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Every reason, for `password_rejected` and `input_invalid`.
    #[must_use]
    pub fn errors(&self) -> &[Detail] {
        &self.errors
    }

    /// Whole seconds after which the call may be tried again.
    #[must_use]
    pub const fn retry_after(&self) -> Option<u32> {
        self.retry_after
    }

    /// Whether the same call may succeed later without any change to it: not on a database that is damaged or was
    /// replaced, and not for an account that waits for another password.
    #[must_use]
    pub const fn retryable(&self) -> bool {
        self.code.retryable() && !self.is_lasting
    }

    /// The part of the error that a surface shows.
    #[must_use]
    pub fn info(&self) -> ErrorInfo<'_> {
        ErrorInfo {
            code: self.code,
            message: &self.message,
            errors: &self.errors,
            retryable: self.retryable(),
            retry_after: self.retry_after,
        }
    }
}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("code", &self.code.as_str())
            .field("message", &self.message)
            .field("errors", &self.errors)
            .field("source", &self.source.as_ref().map(ToString::to_string))
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}

/// The public record of an error, the same in every language and on the wire.
#[derive(Debug, Serialize)]
pub struct ErrorInfo<'a> {
    /// What went wrong.
    pub code: Code,
    /// The message, in English.
    pub message: &'a str,
    /// Every reason, for a refused password or input.
    #[serde(skip_serializing_if = "<[Detail]>::is_empty")]
    pub errors: &'a [Detail],
    /// Whether the same call may succeed later.
    pub retryable: bool,
    /// Whole seconds to wait before that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_and_unique() {
        let names: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
    }

    #[test]
    fn messages_are_one_sentence_without_a_dot() {
        for code in Code::ALL {
            assert!(
                !code.message().ends_with('.') && !code.message().contains('\n'),
                "{code}"
            );
        }
    }

    #[test]
    fn what_lasts_is_not_tried_again() {
        let [busy, damaged] = [Error::storage("busy"), Error::damaged("malformed")];
        let replaced = Error::replaced("app.db");
        let [delayed, blocked] = [Error::rate_limited(7), Error::blocked()];
        let shown = |error: &Error| (error.info().retryable, error.info().retry_after);
        assert_eq!(shown(&busy), (true, Some(1)));
        assert_eq!(shown(&delayed), (true, Some(7)));
        for lasting in [damaged, blocked, replaced] {
            assert_eq!(shown(&lasting), (false, None));
            assert!(!lasting.message().contains("try again"));
        }
    }

    #[test]
    fn display_leaves_the_source_out() {
        let error = Error::internal("the disk said no");
        assert_eq!(error.to_string(), Code::Internal.message());
        assert_eq!(error.source().unwrap().to_string(), "the disk said no");
    }
}
