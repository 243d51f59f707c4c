//! The end of a key: what it has signed is believed for as long as a link may live, and nothing that came later.
//!
//! Whoever gets hold of a key that was replaced, and can write to the database, could make links with it for as long
//! as it is read with. So the moment at which a key was replaced is recorded under the key that replaced it
//! (NIST SP 800-57 part 1, 5.3.4: a key's originator-usage period ends before its recipient-usage period).

use base16ct::lower::{decode, encode_string};

use crate::{
    clock::{CLOCK_SKEW, Timestamp},
    key::{self, Digest, Key},
    lifetime::LONGEST_OF_FIRST,
};

/// That a key was replaced, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retirement {
    /// The id of the key that was replaced.
    pub key_id: String,
    /// When.
    pub at: Timestamp,
}

impl Retirement {
    /// What is recorded of it, signed by the key in force.
    #[must_use]
    pub fn sign(&self, by: &Key) -> String {
        let signature = encode_string(&self.signature(by));
        format!("{} {}:{signature}", self.at.unix_millis(), by.id())
    }

    /// Reads what was recorded of a key; `None` unless that key has signed it.
    #[must_use]
    pub fn read(key_id: &str, text: &str, by: &Key) -> Option<Self> {
        let (at, signed) = text.split_once(' ')?;
        let (id, hex) = signed.split_once(':')?;
        let mut bytes: Digest = [0; 32];
        let is_whole = decode(hex, &mut bytes).is_ok_and(|read| read.len() == 32);
        let retirement = Self {
            key_id: key_id.to_owned(),
            at: Timestamp::from_unix_millis(at.parse().ok()?),
        };
        let names_the_key = is_whole && id == by.id();
        (names_the_key && key::equal(&bytes, &retirement.signature(by))).then_some(retirement)
    }

    /// Whether the key may have made a row with these times.
    #[must_use]
    pub fn admits(&self, created_at: Timestamp, expires_at: Timestamp) -> bool {
        created_at <= self.at + CLOCK_SKEW && expires_at <= created_at + LONGEST_OF_FIRST
    }

    /// Whether anything that the key may have made can still work.
    #[must_use]
    pub fn is_of_use(&self, now: Timestamp) -> bool {
        now <= self.at + CLOCK_SKEW + LONGEST_OF_FIRST
    }

    fn signature(&self, by: &Key) -> Digest {
        by.retirement_digest(&[self.key_id.as_bytes(), &self.at.unix_millis().to_be_bytes()])
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn key(byte: u8) -> Key {
        let mut secret = [byte; Key::BYTES];
        secret[0] ^= 1;
        Key::new(&secret)
    }

    const AT: Timestamp = Timestamp::from_unix_millis(1_800_000_000_000);

    fn retirement(of: u8) -> Retirement {
        Retirement {
            key_id: key(of).id().to_owned(),
            at: AT,
        }
    }

    #[test]
    fn sec11_only_the_key_in_force_says_that_another_has_retired() {
        let (old, new) = (key(1), key(2));
        let text = retirement(1).sign(&new);
        assert_eq!(Retirement::read(old.id(), &text, &new), Some(retirement(1)));
        assert_eq!(Retirement::read(new.id(), &text, &new), None);
        assert_eq!(Retirement::read(old.id(), &text, &old), None);
        assert_eq!(Retirement::read(old.id(), &text, &key(3)), None);
        // The signature of another key under the name of this one.
        let renamed = retirement(1).sign(&old).replace(old.id(), new.id());
        assert_eq!(Retirement::read(old.id(), &renamed, &new), None);
        for at in 0..text.len() {
            let mut other = text.clone().into_bytes();
            other[at] ^= 1;
            let other = String::from_utf8(other).unwrap();
            assert_eq!(Retirement::read(old.id(), &other, &new), None, "{other}");
            assert_eq!(Retirement::read(old.id(), &text[..at], &new), None);
        }
    }

    #[test]
    fn sec11_a_retired_key_has_made_nothing_later_and_nothing_longer() {
        let retirement = retirement(1);
        let minute = Duration::from_mins(1);
        assert!(retirement.admits(AT, AT + LONGEST_OF_FIRST));
        assert!(retirement.admits(AT + minute, AT + LONGEST_OF_FIRST));
        let beyond = AT + minute + Timestamp::RESOLUTION;
        assert!(!retirement.admits(beyond, beyond + minute));
        assert!(!retirement.admits(AT, AT + LONGEST_OF_FIRST + Timestamp::RESOLUTION));
        let last = AT + minute + LONGEST_OF_FIRST;
        assert!(retirement.is_of_use(last));
        assert!(!retirement.is_of_use(last + Timestamp::RESOLUTION));
    }
}
