//! PBKDF2, in the ways that it is written.

use base64ct::{Base64, Base64Pbkdf2};
use hmac::Hmac;
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::{HashError, text};

/// Iterations, times the blocks of the tag, of the dearest hash that is accepted. They take about as
/// long as the dearest Argon2; OWASP recommends 600,000 with SHA-256, Django writes 1,000,000.
const MAX_WORK: u64 = 10_000_000;

/// Bytes of the tag that Spring keeps, whatever the hash inside.
const SPRING_TAG: usize = 32;

/// The hash inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Digest {
    Sha1,
    Sha256,
    Sha512,
}

impl Digest {
    fn named(name: &str) -> Result<Self, HashError> {
        match name {
            "sha1" => Ok(Self::Sha1),
            "sha256" => Ok(Self::Sha256),
            "sha512" => Ok(Self::Sha512),
            _ => Err(HashError::Unsupported),
        }
    }

    const fn length(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }
}

/// A stored PBKDF2 hash.
pub(super) struct Stored {
    digest: Digest,
    iterations: u32,
    salt: Vec<u8>,
    tag: Vec<u8>,
}

impl Stored {
    /// `$pbkdf2-sha256$i=600000,l=32$salt$tag` (PHC, `l` may be missing), `$pbkdf2$i=600000,d=sha256$salt$tag` as
    /// WorkOS documents it, or passlib's `$pbkdf2-sha256$29000$salt$tag`, whose base64 has `.` for `+`.
    pub(super) fn parse(text: &str) -> Result<Self, HashError> {
        let ["", name, parameters, salt, tag] = text::fields(text)? else {
            return Err(HashError::Malformed);
        };
        let named = name
            .strip_prefix("pbkdf2-")
            .map(Digest::named)
            .transpose()?;
        if !parameters.contains('=') {
            return Self::parse_passlib(named.unwrap_or(Digest::Sha1), parameters, salt, tag);
        }
        let (digest, numbers) = match parameters.split_once(",d=") {
            Some((before, rest)) => {
                let (digest, after) = rest.split_once(',').unwrap_or((rest, ""));
                let separator = if after.is_empty() { "" } else { "," };
                (
                    Some(Digest::named(digest)?),
                    format!("{before}{separator}{after}"),
                )
            }
            None => (None, parameters.to_owned()),
        };
        let digest = match (named, digest) {
            (Some(digest), None) | (None, Some(digest)) => digest,
            (None, None) => Digest::Sha1,
            (Some(_), Some(_)) => return Err(HashError::Malformed),
        };
        let [Some(iterations), length, key_length] = text::parameters(&numbers, ["i", "l", "kl"])?
        else {
            return Err(HashError::Malformed);
        };
        let tag = text::of_length(length.or(key_length), text::phc_base64(tag)?)?;
        Self::new(digest, iterations, text::phc_base64(salt)?, tag)
    }

    /// `rounds`, `salt` and `tag` of passlib's, which also stand behind `{PBKDF2-SHA256}` in a directory.
    pub(super) fn parse_passlib(
        digest: Digest,
        rounds: &str,
        salt: &str,
        tag: &str,
    ) -> Result<Self, HashError> {
        let salt = text::base64::<Base64Pbkdf2>(salt)?;
        let tag = text::exactly(digest.length(), text::base64::<Base64Pbkdf2>(tag)?)?;
        Self::new(digest, text::decimal(rounds)?, salt, tag)
    }

    /// Werkzeug's `sha256:iterations$salt$digits`, the salt as it is.
    pub(super) fn parse_werkzeug(rest: &str) -> Result<Self, HashError> {
        let [method, salt, digits] = text::fields(rest)?;
        let [digest, iterations] = text::parts(method, ':')?;
        let digest = Digest::named(digest)?;
        let tag = text::exactly(digest.length(), text::hex(digits)?)?;
        Self::new(
            digest,
            text::decimal(iterations)?,
            salt.as_bytes().to_vec(),
            tag,
        )
    }

    /// Dovecot's `$1$salt$rounds$digits`, of SHA-1, the salt as it is.
    pub(super) fn parse_dovecot(text: &str) -> Result<Self, HashError> {
        let ["", "1", salt, rounds, digits] = text::fields(text)? else {
            return Err(HashError::Malformed);
        };
        let tag = text::exactly(Digest::Sha1.length(), text::hex(digits)?)?;
        Self::new(
            Digest::Sha1,
            text::decimal(rounds)?,
            salt.as_bytes().to_vec(),
            tag,
        )
    }

    /// What ASP.NET Identity keeps, behind its base64: a version, then of version 0 salt and tag, and of version 1 three
    /// numbers (digest, iterations, length of the salt) before them.
    pub(super) fn parse_aspnet(octets: &[u8]) -> Result<Self, HashError> {
        match octets.split_first() {
            Some((0, rest)) => {
                let (salt, tag) = rest.split_at_checked(16).ok_or(HashError::Malformed)?;
                let tag = text::exactly(32, tag.to_vec())?;
                Self::new(Digest::Sha1, 1_000, salt.to_vec(), tag)
            }
            Some((1, rest)) => {
                let (numbers, rest) = rest.split_at_checked(12).ok_or(HashError::Malformed)?;
                let (numbers, _) = numbers.as_chunks();
                let numbers: Vec<_> = numbers.iter().copied().map(u32::from_be_bytes).collect();
                let &[digest, iterations, salt] = numbers.as_slice() else {
                    return Err(HashError::Malformed);
                };
                let digest = match digest {
                    0 => Digest::Sha1,
                    1 => Digest::Sha256,
                    2 => Digest::Sha512,
                    _ => return Err(HashError::Unsupported),
                };
                let salt = usize::try_from(salt).unwrap_or(usize::MAX);
                let (salt, tag) = rest.split_at_checked(salt).ok_or(HashError::Malformed)?;
                // A tag that is cut is none: Identity writes 32 bytes, whatever the digest.
                let tag = text::exactly(32, tag.to_vec())?;
                Self::new(digest, iterations, salt.to_vec(), tag)
            }
            _ => Err(HashError::Unsupported),
        }
    }

    /// Django's `iterations$salt$tag`, the salt as it is.
    pub(super) fn parse_django(digest: Digest, rest: &str) -> Result<Self, HashError> {
        let [iterations, salt, tag] = text::fields(rest)?;
        let tag = text::exactly(digest.length(), text::base64::<Base64>(tag)?)?;
        Self::new(
            digest,
            text::decimal(iterations)?,
            salt.as_bytes().to_vec(),
            tag,
        )
    }

    /// Spring's hexadecimal digits of salt and tag, one after the other. How long the salt is, and how
    /// many iterations there were, stands in the application's code: these are Spring's defaults.
    pub(super) fn parse_spring(
        digest: Digest,
        iterations: u32,
        salt_length: usize,
        digits: &str,
    ) -> Result<Self, HashError> {
        let bytes = text::hex(digits)?;
        let (salt, tag) = bytes
            .split_at_checked(salt_length)
            .ok_or(HashError::Malformed)?;
        let tag = text::exactly(SPRING_TAG, tag.to_vec())?;
        Self::new(digest, iterations, salt.to_vec(), tag)
    }

    fn new(
        digest: Digest,
        iterations: u32,
        salt: Vec<u8>,
        tag: Vec<u8>,
    ) -> Result<Self, HashError> {
        if iterations == 0 {
            return Err(HashError::Malformed);
        }
        let tag = text::tag(tag)?;
        let blocks = u64::try_from(tag.len().div_ceil(digest.length())).unwrap_or(u64::MAX);
        if u64::from(iterations).saturating_mul(blocks) > MAX_WORK {
            return Err(HashError::TooCostly);
        }
        Ok(Self {
            digest,
            iterations,
            salt: text::salt(salt)?,
            tag,
        })
    }

    /// One that is to be written, with a tag of zeros.
    pub(super) fn blank(
        digest: Digest,
        iterations: u32,
        salt: Vec<u8>,
        tag: usize,
    ) -> Result<Self, HashError> {
        Self::new(digest, iterations, salt, vec![0; tag])
    }

    pub(super) const fn iterations(&self) -> u32 {
        self.iterations
    }

    pub(super) fn verify(&self, password: &[u8]) -> Result<bool, HashError> {
        Ok(self.derive(password)?.ct_eq(&self.tag).into())
    }

    /// The tag of this password.
    pub(super) fn derive(&self, password: &[u8]) -> Result<Zeroizing<Vec<u8>>, HashError> {
        let mut tag = Zeroizing::new(vec![0; self.tag.len()]);
        let derive = match self.digest {
            Digest::Sha1 => ::pbkdf2::pbkdf2::<Hmac<Sha1>>,
            Digest::Sha256 => ::pbkdf2::pbkdf2::<Hmac<Sha256>>,
            Digest::Sha512 => ::pbkdf2::pbkdf2::<Hmac<Sha512>>,
        };
        derive(password, &self.salt, self.iterations, &mut tag).map_err(|_| HashError::Failed)?;
        Ok(tag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec59_the_ceilings_hold() {
        let tag = |bytes: usize| "A".repeat((bytes * 4).div_ceil(3));
        for (head, length, error) in [
            ("$pbkdf2-sha256$i=1", 32, None),
            ("$pbkdf2-sha256$i=10000000", 32, None),
            ("$pbkdf2-sha256$l=32,i=600000", 32, None),
            ("$pbkdf2-sha512$10000000", 64, None),
            ("$pbkdf2$131000", 20, None),
            ("$pbkdf2-sha256$i=10000001", 32, Some(HashError::TooCostly)),
            ("$pbkdf2-sha256$i=5000001", 33, Some(HashError::TooCostly)),
            (
                "$pbkdf2-sha256$i=4294967295",
                32,
                Some(HashError::TooCostly),
            ),
            (
                "$pbkdf2-sha256$i=4294967296",
                32,
                Some(HashError::TooCostly),
            ),
            ("$pbkdf2-sha1$4294967295", 20, Some(HashError::TooCostly)),
            ("$pbkdf2-sha1$4294967296", 20, Some(HashError::TooCostly)),
            ("$pbkdf2-sha256$i=0", 32, Some(HashError::Malformed)),
            ("$pbkdf2-sha256$0", 32, Some(HashError::Malformed)),
            ("$pbkdf2-sha256$", 32, Some(HashError::Malformed)),
            ("$pbkdf2-sha256$l=32", 32, Some(HashError::Malformed)),
            ("$pbkdf2-sha256$i=1,l=20", 32, Some(HashError::Malformed)),
            ("$pbkdf2-sha256$i=1,x=2", 32, Some(HashError::Unsupported)),
            ("$pbkdf2-sha256$i=1", 15, Some(HashError::Malformed)),
            ("$pbkdf2-md5$i=1", 32, Some(HashError::Unsupported)),
        ] {
            let text = format!("{head}$AAECAw${}", tag(length));
            assert_eq!(Stored::parse(&text).err(), error, "{text}");
        }
    }

    #[test]
    fn sec59_every_writing_is_checked() {
        let digits = "00".repeat(40);
        let spring = |digits: &str| Stored::parse_spring(Digest::Sha1, 185_000, 8, digits);
        assert!(spring(&digits).is_ok());
        assert!(spring(&digits[..78]).is_err());
        for digits in [
            "",
            "00",
            &digits[..46],
            &digits[..79],
            &digits.replace("00", "0x"),
        ] {
            assert!(spring(digits).is_err(), "{digits}");
        }
        let django = |rest: &str| Stored::parse_django(Digest::Sha256, rest);
        let tag = "A".repeat(43) + "=";
        assert!(django(&format!("1$salt${tag}")).is_ok());
        for rest in [
            "",
            "1$salt",
            "1$salt$AAAAAAAAAAAAAAAAAAAAAA==",
            &format!("1$${tag}"),
            &format!("1$salt${}", &tag[..43]),
            &format!("0$salt${tag}"),
            &format!("-1$salt${tag}"),
            &format!("1$salt${tag}$"),
        ] {
            assert!(django(rest).is_err(), "{rest}");
        }
    }
}
