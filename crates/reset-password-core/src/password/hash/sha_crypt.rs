//! `$5$` and `$6$` of crypt(3): SHA-256 and SHA-512, again and again, as Ulrich Drepper specified it.

use sha_crypt::{PasswordHashRef, PasswordVerifier as _, ShaCrypt};

use super::{HashError, text};

/// Everyone writes 5,000, or up to some hundred thousand. These take about as long as the dearest Argon2.
const ROUNDS: std::ops::RangeInclusive<u32> = 1_000..=5_000_000;

/// Characters of salt that count; nobody writes more.
const MOST_SALT: usize = 16;

/// A stored hash.
pub(super) struct Stored(String);

impl Stored {
    /// `$6$salt$tag`, or `$6$rounds=656000$salt$tag`.
    pub(super) fn parse(text: &str) -> Result<Self, HashError> {
        let (kept, rest) = match text.split_at_checked(3) {
            Some(("$5$", rest)) => (43, rest),
            Some(("$6$", rest)) => (86, rest),
            _ => return Err(HashError::Unsupported),
        };
        let rest = match rest.strip_prefix("rounds=") {
            None => rest,
            Some(rest) => {
                let (rounds, rest) = rest.split_once('$').ok_or(HashError::Malformed)?;
                let rounds = text::decimal(rounds)?;
                if rounds > *ROUNDS.end() {
                    return Err(HashError::TooCostly);
                }
                if !ROUNDS.contains(&rounds) {
                    return Err(HashError::Malformed);
                }
                rest
            }
        };
        let [salt, tag] = text::fields(rest)?;
        let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'/';
        let is_whole = tag.len() == kept && salt.len() <= MOST_SALT;
        if !is_whole || !tag.bytes().all(is_digit) {
            return Err(HashError::Malformed);
        }
        PasswordHashRef::new(text).map_err(|_| HashError::Malformed)?;
        Ok(Self(text.to_owned()))
    }

    pub(super) fn verify(&self, password: &[u8]) -> bool {
        PasswordHashRef::new(&self.0)
            .is_ok_and(|stored| ShaCrypt::SHA512.verify_password(password, stored).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec59_the_ceiling_holds_and_every_writing_is_checked() {
        let tag = "5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc8";
        for (head, error) in [
            ("$5$saltstring", None),
            ("$5$rounds=5000000$salt", None),
            ("$5$rounds=5000001$salt", Some(HashError::TooCostly)),
            ("$5$rounds=4294967296$salt", Some(HashError::TooCostly)),
            ("$5$rounds=999$salt", Some(HashError::Malformed)),
            ("$5$rounds=$salt", Some(HashError::Malformed)),
            ("$5$12345678901234567", Some(HashError::Malformed)),
            ("$6$salt", Some(HashError::Malformed)),
            ("$5$salt$", Some(HashError::Malformed)),
            ("$4$salt", Some(HashError::Unsupported)),
        ] {
            assert_eq!(
                Stored::parse(&format!("{head}${tag}")).err(),
                error,
                "{head}"
            );
        }
        assert!(Stored::parse(&format!("$5$salt${}", &tag[1..])).is_err());
    }
}
