//! PBKDF2, in the four ways that it is written.

use base64ct::{Base64, Base64Pbkdf2, Base64Unpadded};
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
    /// `$pbkdf2-sha256$i=600000,l=32$salt$tag` (PHC, `l` may be missing) or passlib's
    /// `$pbkdf2-sha256$29000$salt$tag`, whose base64 has `.` for `+`.
    pub(super) fn parse(text: &str) -> Result<Self, HashError> {
        let ["", name, parameters, salt, tag] = text::fields(text)? else {
            return Err(HashError::Malformed);
        };
        let digest = match name {
            "pbkdf2" | "pbkdf2-sha1" => Digest::Sha1,
            "pbkdf2-sha256" => Digest::Sha256,
            "pbkdf2-sha512" => Digest::Sha512,
            _ => return Err(HashError::Unsupported),
        };
        if !parameters.contains('=') {
            let salt = text::base64::<Base64Pbkdf2>(salt)?;
            let tag = text::exactly(digest.length(), text::base64::<Base64Pbkdf2>(tag)?)?;
            return Self::new(digest, text::decimal(parameters)?, salt, tag);
        }
        let [Some(iterations), length] = text::parameters(parameters, ["i", "l"])? else {
            return Err(HashError::Malformed);
        };
        let tag = text::base64::<Base64Unpadded>(tag)?;
        if length.is_some_and(|length| usize::try_from(length) != Ok(tag.len())) {
            return Err(HashError::Malformed);
        }
        Self::new(
            digest,
            iterations,
            text::base64::<Base64Unpadded>(salt)?,
            tag,
        )
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

    pub(super) fn verify(&self, password: &[u8]) -> Result<bool, HashError> {
        let mut tag = Zeroizing::new(vec![0; self.tag.len()]);
        let derive = match self.digest {
            Digest::Sha1 => ::pbkdf2::pbkdf2::<Hmac<Sha1>>,
            Digest::Sha256 => ::pbkdf2::pbkdf2::<Hmac<Sha256>>,
            Digest::Sha512 => ::pbkdf2::pbkdf2::<Hmac<Sha512>>,
        };
        derive(password, &self.salt, self.iterations, &mut tag).map_err(|_| HashError::Failed)?;
        Ok(tag.ct_eq(&self.tag).into())
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
