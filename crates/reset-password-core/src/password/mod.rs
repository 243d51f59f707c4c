//! Passwords: what may be chosen, and how they are hashed.

pub mod account;
pub mod hash;
pub mod normal;
pub mod policy;

mod common_passwords;
mod pattern;
mod similarity;

use serde::Serialize;
use zeroize::Zeroizing;

use crate::error::{Detail, Error};

/// Most octets that a login is tried with. The policy allows 1,024; imported hashes can be of more, and the
/// frameworks that they come from take up to 4,096 (Django).
pub(crate) const MAX_VERIFY_OCTETS: usize = 4_096;

/// The policy's verdict on a password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PasswordCheck {
    /// Whether the password may be chosen.
    pub acceptable: bool,
    /// Every rule that it breaks.
    pub errors: Vec<Detail>,
}

/// Reads a password that arrived as bytes.
///
/// # Errors
///
/// `password_rejected` with `password_invalid_characters` when the bytes are not UTF-8. Nothing is
/// replaced or dropped (NIST SP 800-63B-4 §3.1.1.2).
pub fn from_utf8(bytes: &[u8]) -> Result<Zeroizing<String>, Error> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Zeroizing::new(text.to_owned())),
        Err(_) => Err(not_unicode()),
    }
}

/// What a password that is not Unicode is refused with.
#[must_use]
pub fn not_unicode() -> Error {
    Error::password_rejected(vec![Detail::new(
        "password_invalid_characters",
        "the password must be text in UTF-8",
    )])
}

impl PasswordCheck {
    pub(crate) fn of(verdict: Result<(), Vec<Detail>>) -> Self {
        let errors = verdict.err().unwrap_or_default();
        Self {
            acceptable: errors.is_empty(),
            errors,
        }
    }
}
