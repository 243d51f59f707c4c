//! What the command answers to the shell.

use std::process::ExitCode;

use reset_password::{Code, Error};

/// The exit codes, as `--help` and the manual page show them.
pub const TABLE: &str = "\
Exit codes:
  0  done
  1  refused: no such user or reset, a dead token, a wrong or refused password, …
  2  the command line or its input cannot be used
  3  the configuration or the database cannot be used so
  4  not now: try again
  5  something went wrong inside";

/// The exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// It was done.
    Done,
    /// The engine refused.
    Refused,
    /// The command line or its input cannot be used.
    Usage,
    /// The configuration or the database cannot be used so.
    Configuration,
    /// The same command may succeed later.
    TryAgain,
    /// A bug, or an output that cannot be written.
    Internal,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Refused => 1,
            Exit::Usage => 2,
            Exit::Configuration => 3,
            Exit::TryAgain => 4,
            Exit::Internal => 5,
        })
    }
}

/// The exit code of an error, and what the person at the keyboard might do about it.
pub fn verdict(error: &Error) -> (Exit, Option<&'static str>) {
    match error.code() {
        Code::ConfigInvalid => (
            Exit::Configuration,
            Some("`reset-password doctor` looks at the whole installation"),
        ),
        Code::EmailNotAvailable
        | Code::ExternalIdAlreadyUsed
        | Code::Forbidden
        | Code::HeadersTooLarge
        | Code::InvalidCredentials
        | Code::MethodNotAllowed
        | Code::NotFound
        | Code::PasswordAndPasswordHashProvided
        | Code::PayloadTooLarge
        | Code::Unauthorized
        | Code::UnsupportedMediaType => (Exit::Refused, None),
        Code::UserLocked => (
            Exit::Refused,
            Some(
                "`reset-password user unlock` unlocks it, once its e-mail address is known to be its owner's",
            ),
        ),
        Code::EmailAlreadyVerified => (
            Exit::Refused,
            Some("a new address may be given as not verified"),
        ),
        Code::InputInvalid => (
            Exit::Usage,
            Some("add --help to the command for its arguments"),
        ),
        Code::Internal => (Exit::Internal, Some("run it again with -vv to see the log")),
        Code::InvalidPasswordHash => (
            Exit::Refused,
            Some("bcrypt, scrypt, PBKDF2 and Argon2 hashes can be imported"),
        ),
        Code::RateLimited if !error.retryable() => (
            Exit::Refused,
            Some("`reset-password reset create` makes a link for that"),
        ),
        Code::Overloaded | Code::RateLimited | Code::RequestTimeout => (Exit::TryAgain, None),
        Code::PasswordRejected => (
            Exit::Refused,
            Some("`reset-password password check` tells what may be chosen"),
        ),
        Code::PasswordResetNotFound => (
            Exit::Refused,
            Some("a reset can be read until it is used, replaced, revoked or expired"),
        ),
        Code::PasswordResetTokenExpired | Code::PasswordResetTokenNotFound => (
            Exit::Refused,
            Some("`reset-password reset create` makes a new link"),
        ),
        Code::StorageUnavailable => (
            if error.retryable() {
                Exit::TryAgain
            } else {
                Exit::Configuration
            },
            Some("run it again with -v to see why; `reset-password doctor` looks at the database"),
        ),
        Code::Unsupported => (
            Exit::Configuration,
            Some("`reset-password --help` says what this build supports"),
        ),
        Code::UserNotFound => (
            Exit::Refused,
            Some("a user is named by id (user_…) or by e-mail address"),
        ),
    }
}
