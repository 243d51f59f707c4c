//! The password policy: what a new password must be, and every reason for which one is refused.
//!
//! It follows NIST SP 800-63B-4 §3.1.1.2 and OWASP ASVS 5.0 chapter 6.2: length, a block list, nothing
//! that the account gives away, and otherwise any characters at all. There is no rule of composition
//! and no option for one.

use std::fmt;

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use super::{
    account::{Account, MAX_BYTES},
    common_passwords::CommonPasswords,
    normal::{NormalizedPassword, comparison_key, skeleton},
    pattern::{self, Filler},
    similarity::ContextWords,
};
use crate::error::{Detail, Error};

/// What bcrypt reads of a password.
const BCRYPT_BYTES: u32 = 72;

/// The rules in force for new passwords. Verifying knows no policy.
#[derive(Clone)]
pub struct Policy {
    min_length: u32,
    common: CommonPasswords,
    service: ContextWords,
}

impl Policy {
    /// The least number of code points unless configured otherwise: 15, where the password is the
    /// only factor (NIST SP 800-63B-4 §3.1.1.2, ASVS 6.2.1).
    pub const DEFAULT_MIN_LENGTH: u32 = 15;

    /// The least that can be configured, for accounts that always use a second factor too.
    pub const LOWEST_MIN_LENGTH: u32 = 8;

    /// The most that can be configured: passwords of 64 code points are always accepted
    /// (NIST SP 800-63B-4 §3.1.1.2, ASVS 6.2.9).
    pub const HIGHEST_MIN_LENGTH: u32 = 64;

    /// The greatest number of code points. A longer password is refused, never cut.
    pub const MAX_LENGTH: u32 = 256;

    /// The greatest number of bytes of UTF-8, before and after normalising.
    pub const MAX_BYTES: usize = MAX_BYTES;

    /// A policy with this least length that also refuses versions of these names of the service.
    ///
    /// # Errors
    /// `config_invalid` if the length is not from 8 to 64.
    pub fn new(min_length: u32, service_names: Vec<String>) -> Result<Self, Error> {
        if !(Self::LOWEST_MIN_LENGTH..=Self::HIGHEST_MIN_LENGTH).contains(&min_length) {
            return Err(Error::config(
                "password_min_length must be from 8 to 64: leave it at 15, or lower it to 8 only \
                 if every account also needs a second factor",
            ));
        }
        Ok(Self {
            min_length,
            common: CommonPasswords::embedded()?,
            service: ContextWords::of_service(service_names),
        })
    }

    /// The least number of code points.
    #[must_use]
    pub fn min_length(&self) -> u32 {
        self.min_length
    }

    /// Judges a new password: the form to hash, or every reason for which it is refused.
    ///
    /// # Errors
    /// All that apply of `password_too_short`, `password_too_long`, `password_invalid_characters`,
    /// `password_too_common` and `password_too_similar`, in this order. A password of more than
    /// [`Self::MAX_BYTES`] is too long and is not looked at further, so that huge input costs nothing.
    pub fn judge(
        &self,
        password: &str,
        account: &Account<'_>,
    ) -> Result<NormalizedPassword, Vec<Detail>> {
        if password.len() > Self::MAX_BYTES {
            return Err(vec![too_long()]);
        }
        let normalized = NormalizedPassword::of_any(password);
        let length = u32::try_from(normalized.as_str().chars().count()).unwrap_or(u32::MAX);
        let key = comparison_key(normalized.as_str());

        let rules = [
            (length < self.min_length).then(|| too_short(self.min_length)),
            (length > Self::MAX_LENGTH || normalized.as_bytes().len() > Self::MAX_BYTES)
                .then(too_long),
            password.chars().any(is_unassigned).then(invalid_characters),
            self.is_common(&key).then(too_common),
            self.service
                .with_account(account)
                .make_up(&skeleton(normalized.as_str()))
                .then(too_similar),
        ];
        let reasons: Vec<Detail> = rules.into_iter().flatten().collect();
        if reasons.is_empty() {
            Ok(normalized)
        } else {
            Err(reasons)
        }
    }

    /// The reason why a password is refused that the form of its hash does not read to its end.
    pub(crate) fn unread(password: &str) -> Detail {
        if password.contains('\0') {
            return Detail::new("password_invalid_characters", "leave out the character NUL");
        }
        Detail {
            message: format!("use at most {BCRYPT_BYTES} octets in UTF-8").into(),
            maximum_length: Some(BCRYPT_BYTES),
            ..Detail::new("password_too_long", "")
        }
    }

    /// Whether the password is on the list, made of an entry, or made of nothing.
    fn is_common(&self, key: &[char]) -> bool {
        let filler = Filler::of(key);
        self.common.is_entry(key)
            || pattern::is_predictable(key, &filler)
            || self.common.is_made_of_one_entry(key, &filler)
    }
}

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Policy")
            .field("min_length", &self.min_length)
            .finish_non_exhaustive()
    }
}

/// Text with such a code point has no stable NFC: a later Unicode may normalise it differently, and
/// the password would no longer match (NIST SP 800-63B-4 §3.1.1.2, stabilised strings).
/// Noncharacters are unassigned for good.
fn is_unassigned(c: char) -> bool {
    c.general_category() == GeneralCategory::Unassigned
}

fn too_short(minimum: u32) -> Detail {
    Detail {
        message: format!("use at least {minimum} characters").into(),
        minimum_length: Some(minimum),
        ..Detail::new("password_too_short", "")
    }
}

fn too_long() -> Detail {
    Detail {
        message: format!(
            "use at most {} characters, and {} octets in UTF-8",
            Policy::MAX_LENGTH,
            Policy::MAX_BYTES
        )
        .into(),
        maximum_length: Some(Policy::MAX_LENGTH),
        ..Detail::new("password_too_long", "")
    }
}

fn invalid_characters() -> Detail {
    Detail::new(
        "password_invalid_characters",
        "leave out the characters that Unicode does not define",
    )
}

fn too_common() -> Detail {
    Detail::new(
        "password_too_common",
        "choose a password that is harder to guess, such as a few unrelated words",
    )
}

fn too_similar() -> Detail {
    Detail::new(
        "password_too_similar",
        "choose a password that is not made of your name, your e-mail address or this service's name",
    )
}

#[cfg(test)]
mod tests;
