//! bcrypt, by its own rules.
//!
//! A bcrypt key is the password with a NUL after it, cut at 72 bytes. So bytes beyond the 72nd never
//! counted, in any implementation. Implementations differ when the password itself has a NUL: those
//! that take a C string end there (crypt(3), PHP), those that take a length go on (Java, Go, Node,
//! Python). A stored hash does not say which wrote it, so such a password is tried both ways.
//!
//! `$2a$`, `$2b$` and `$2y$` mean the same algorithm today. The faults that the letters once told
//! apart are not imitated: `$2x$` (signed characters) is refused, and hashes of passwords over 254
//! bytes by an OpenBSD of before 2014 (`$2a$`, length kept in one byte) do not verify.

use base64ct::{Base64Bcrypt, Encoding as _};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::{HashError, before::Before, text};

/// Cost 17 takes about as long as the dearest Argon2 that is accepted; everyone writes 10 to 14.
const COSTS: std::ops::RangeInclusive<u32> = 4..=17;
/// Bytes of the password that reach the algorithm.
const KEY: usize = 72;
const SALT: usize = 16;
const TAG: usize = 23;
/// Both in base64.
const SALT_TEXT: usize = 22;
const TAG_TEXT: usize = 31;

/// A stored bcrypt hash.
pub(super) struct Stored {
    cost: u32,
    salt: [u8; SALT],
    tag: [u8; TAG],
}

impl Stored {
    /// `$2b$12$` and 53 characters.
    pub(super) fn parse(text: &str) -> Result<Self, HashError> {
        let rest = text
            .strip_prefix('$')
            .and_then(|rest| rest.split_once('$'))
            .filter(|(version, _)| matches!(*version, "2a" | "2b" | "2y"))
            .map(|(_, rest)| rest)
            .ok_or(HashError::Unsupported)?;
        let (cost, rest) = rest.split_once('$').ok_or(HashError::Malformed)?;
        if cost.len() != 2 || rest.len() != SALT_TEXT + TAG_TEXT {
            return Err(HashError::Malformed);
        }
        let cost = cost
            .bytes()
            .try_fold(0, |cost, digit| {
                char::from(digit)
                    .to_digit(10)
                    .map(|digit| cost * 10 + digit)
            })
            .ok_or(HashError::Malformed)?;
        if cost > *COSTS.end() {
            return Err(HashError::TooCostly);
        }
        if !COSTS.contains(&cost) {
            return Err(HashError::Malformed);
        }
        let (salt, tag) = rest
            .split_at_checked(SALT_TEXT)
            .ok_or(HashError::Malformed)?;
        Ok(Self {
            cost,
            salt: decode(salt)?,
            tag: decode(tag)?,
        })
    }

    /// passlib's `$bcrypt-sha256$v=2,t=2b,r=12$salt$tag`, and `$bcrypt-sha256$2a,12$salt$tag` of before its 1.7.3; with
    /// what is done to the password first.
    pub(super) fn parse_passlib(text: &str) -> Result<(Self, Before), HashError> {
        let ["", "bcrypt-sha256", settings, salt, tag] = text::fields(text)? else {
            return Err(HashError::Malformed);
        };
        let (kind, cost, before) = if let Some(rest) = settings.strip_prefix("v=2,t=") {
            let (kind, cost) = rest.split_once(",r=").ok_or(HashError::Malformed)?;
            (kind, cost, Before::KeyedSha256(salt.to_owned()))
        } else {
            let (kind, cost) = settings.split_once(',').ok_or(HashError::Malformed)?;
            (kind, cost, Before::Sha256Base64)
        };
        if salt.len() != SALT_TEXT {
            return Err(HashError::Malformed);
        }
        let stored = Self::parse(&format!("${kind}${cost:0>2}${salt}{tag}"))?;
        Ok((stored, before))
    }

    pub(super) fn verify(&self, password: &[u8]) -> bool {
        let head = password.iter().take(KEY).position(|byte| *byte == 0);
        let until_nul = head.and_then(|length| password.get(..length));
        self.matches(password) || until_nul.is_some_and(|head| self.matches(head))
    }

    pub(super) fn reads_all_of(password: &[u8]) -> bool {
        password.len() <= KEY && !password.contains(&0)
    }

    /// One that is to be written, without its tag.
    pub(super) const fn new(cost: u32, salt: [u8; SALT]) -> Self {
        let tag = [0; TAG];
        Self { cost, salt, tag }
    }

    pub(super) const fn cost(&self) -> u32 {
        self.cost
    }

    /// `$2b$12$` and 53 characters, of this password.
    pub(super) fn write(&self, version: &str, password: &[u8]) -> String {
        let tag = self.derive(password);
        let tag = tag.get(..TAG).unwrap_or_default();
        let (salt, tag) = (
            Base64Bcrypt::encode_string(&self.salt),
            Base64Bcrypt::encode_string(tag),
        );
        format!("${version}${:02}${salt}{tag}", self.cost)
    }

    fn matches(&self, password: &[u8]) -> bool {
        let tag = self.derive(password);
        tag.get(..TAG)
            .is_some_and(|tag| tag.ct_eq(&self.tag).into())
    }

    fn derive(&self, password: &[u8]) -> Zeroizing<[u8; 24]> {
        let mut key = Zeroizing::new([0; KEY]);
        for (to, from) in key.iter_mut().zip(password) {
            *to = *from;
        }
        let with_nul = (password.len() + 1).min(KEY);
        let key = key.get(..with_nul).unwrap_or(&*key);
        Zeroizing::new(::bcrypt::bcrypt(self.cost, self.salt, key))
    }
}

/// Sixteen or twenty-three bytes leave bits of the last character unused. Some writers set them, and
/// every reader ignores them; filling up with zeros to a multiple of four characters does the same.
fn decode<const N: usize>(text: &str) -> Result<[u8; N], HashError> {
    let mut filled = [b'.'; 32];
    for (to, from) in filled.iter_mut().zip(text.bytes()) {
        *to = from;
    }
    let filled = filled
        .get(..text.len().next_multiple_of(4))
        .ok_or(HashError::Malformed)?;
    let mut bytes = [0; 24];
    Base64Bcrypt::decode(filled, &mut bytes)
        .map_err(|_| HashError::Malformed)?
        .first_chunk()
        .copied()
        .ok_or(HashError::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const REST: &str = "abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG";
    const PASSWORD: &[u8] = b"correct horse battery staple";

    #[test]
    fn sec59_only_known_versions_and_costs() {
        for head in ["$2a$04$", "$2b$12$", "$2y$17$"] {
            assert!(Stored::parse(&format!("{head}{REST}")).is_ok(), "{head}");
        }
        for (head, error) in [
            ("$2a$03$", HashError::Malformed),
            ("$2a$00$", HashError::Malformed),
            ("$2a$18$", HashError::TooCostly),
            ("$2a$31$", HashError::TooCostly),
            ("$2a$99$", HashError::TooCostly),
            ("$2a$4$", HashError::Malformed),
            ("$2a$+4$", HashError::Malformed),
            ("$2a$012$", HashError::Malformed),
            ("$2a$1a$", HashError::Malformed),
            ("$2a$$", HashError::Malformed),
            ("$2x$04$", HashError::Unsupported),
            ("$2$04$", HashError::Unsupported),
            ("2a$04$", HashError::Unsupported),
        ] {
            assert_eq!(
                Stored::parse(&format!("{head}{REST}")).err(),
                Some(error),
                "{head}"
            );
        }
        let whole = format!("$2b$04${REST}");
        for length in 0..whole.len() {
            assert!(Stored::parse(&whole[..length]).is_err(), "{length}");
        }
        assert!(Stored::parse(&format!("{whole}.")).is_err());
        assert!(Stored::parse(&whole.replace("7EJV", "7EJ+")).is_err());
    }

    #[test]
    fn sec57_unused_bits_of_the_salt_are_ignored() {
        for last in ["u", "v", "w", "9"] {
            let text = format!("$2b$04${REST}").replacen("uu7", &format!("u{last}7"), 1);
            assert!(Stored::parse(&text).unwrap().verify(PASSWORD), "{text}");
        }
        let other = format!("$2b$04${REST}").replacen("uu7", "ue7", 1);
        assert!(!Stored::parse(&other).unwrap().verify(PASSWORD));
    }

    #[test]
    fn sec57_seventy_two_bytes_and_the_nul_are_bcrypts_own() {
        // Of ninety bytes, the first seventy-two of which were hashed.
        let text = "$2b$04$abcdefghijklmnopqrstuum2G75IXDN/xsgbNa/hCiPSKyIHQd70S";
        let (stored, digits) = (Stored::parse(text).unwrap(), "0123456789".repeat(9));
        for length in [72, 73, 90] {
            assert!(stored.verify(&digits.as_bytes()[..length]), "{length}");
        }
        assert!(!stored.verify(&digits.as_bytes()[..71]));
        assert!(Stored::reads_all_of(&digits.as_bytes()[..72]));
        assert!(!Stored::reads_all_of(&digits.as_bytes()[..73]));

        let a =
            Stored::parse("$2y$04$abcdefghijklmnopqrstuuMFdJu9yVgmagVAIC24fOZkaFqd3s9JC").unwrap();
        assert!(a.verify(b"a") && a.verify(b"a\0b") && a.verify(b"a\0"));
        assert!(!a.verify(b"ab") && !a.verify(b"\0a") && !a.verify(b""));
        assert!(Stored::reads_all_of(b"a") && !Stored::reads_all_of(b"a\0b"));

        let a_nul_b =
            Stored::parse("$2b$04$abcdefghijklmnopqrstuusjHI0zQHpOe3SFDK1IriYv6N79Gzr32").unwrap();
        assert!(a_nul_b.verify(b"a\0b"));
        assert!(!a_nul_b.verify(b"a") && !a_nul_b.verify(b"a\0c"));
    }

    #[test]
    fn sec59_only_passlibs_settings() {
        let tail = "OotnDaIguCJ9ZPe91Tu0su$vOcoaw/Vacc5A9WnHpUNh3D.PiCkihK";
        for settings in ["v=2,t=2b,r=12", "2a,12", "2b,04"] {
            let text = format!("$bcrypt-sha256${settings}${tail}");
            assert!(Stored::parse_passlib(&text).is_ok(), "{settings}");
        }
        for settings in [
            "v=1,t=2b,r=12",
            "v=2,t=2x,r=12",
            "v=2,t=2b,r=1a",
            "v=2,r=12",
            "2a",
            ",12",
            "2a,18",
        ] {
            let text = format!("$bcrypt-sha256${settings}${tail}");
            assert!(Stored::parse_passlib(&text).is_err(), "{settings}");
        }
    }
}
