//! A digest that is taken again and again with the salt in braces, as Symfony's `MessageDigestPasswordHasher` does it.
//! Symfony keeps the salt in a column of its own; here it stands before the tag.

use base64ct::Base64;
use sha2::{Digest as Hash, Sha256, Sha512};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::{HashError, text};

/// Symfony writes 5,000. Of SHA-512, these take about as long as the dearest Argon2 that is accepted.
const MAX_ITERATIONS: u32 = 8_388_608;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Digest {
    Sha256,
    Sha512,
}

impl Digest {
    const fn length(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }
}

/// A stored hash of Symfony's.
pub(super) struct Stored {
    digest: Digest,
    iterations: u32,
    salt: String,
    tag: Vec<u8>,
}

impl Stored {
    /// `$symfony-sha512$i=5000$salt$tag`, the salt as it is, the tag in base64 or hexadecimal digits, as its column has it.
    pub(super) fn parse(text: &str) -> Result<Self, HashError> {
        let ["", name, parameters, salt, tag] = text::fields(text)? else {
            return Err(HashError::Malformed);
        };
        let digest = match name {
            "symfony-sha256" => Digest::Sha256,
            "symfony-sha512" => Digest::Sha512,
            _ => return Err(HashError::Unsupported),
        };
        let [Some(iterations)] = text::parameters(parameters, ["i"])? else {
            return Err(HashError::Malformed);
        };
        // Symfony refuses a salt with braces, which would end it before its end.
        if iterations == 0 || salt.is_empty() || salt.contains(['{', '}']) {
            return Err(HashError::Malformed);
        }
        if iterations > MAX_ITERATIONS {
            return Err(HashError::TooCostly);
        }
        // Padded base64 has a digit that is not hexadecimal.
        let tag = text::hex(tag).or_else(|_| text::base64::<Base64>(tag))?;
        Ok(Self {
            digest,
            iterations,
            salt: salt.to_owned(),
            tag: text::exactly(digest.length(), tag)?,
        })
    }

    pub(super) fn verify(&self, password: &[u8]) -> bool {
        let tag = match self.digest {
            Digest::Sha256 => self.again_and_again::<Sha256>(password),
            Digest::Sha512 => self.again_and_again::<Sha512>(password),
        };
        tag.ct_eq(&self.tag).into()
    }

    fn again_and_again<D: Hash>(&self, password: &[u8]) -> Zeroizing<Vec<u8>> {
        let salted = [password, b"{", self.salt.as_bytes(), b"}"].concat();
        let salted = Zeroizing::new(salted);
        let mut digest = D::digest(&*salted);
        for _ in 1..self.iterations {
            digest = D::new()
                .chain_update(&digest)
                .chain_update(&*salted)
                .finalize();
        }
        Zeroizing::new(digest.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec59_the_ceiling_holds_and_every_writing_is_checked() {
        let tag = "+X35luLWqdQmUTAGC/wvyu/lWuSXqox/ongBCaMRef0=";
        let digits = "0".repeat(64);
        for (text, error) in [
            (format!("$symfony-sha256$i=8388608$salt${tag}"), None),
            (format!("$symfony-sha256$i=1$salt${digits}"), None),
            (
                format!("$symfony-sha256$i=8388609$salt${tag}"),
                Some(HashError::TooCostly),
            ),
            (
                format!("$symfony-sha256$i=0$salt${tag}"),
                Some(HashError::Malformed),
            ),
            (
                format!("$symfony-sha256$i=5000$${tag}"),
                Some(HashError::Malformed),
            ),
            (
                format!("$symfony-sha256$i=5000$sa}}lt${tag}"),
                Some(HashError::Malformed),
            ),
            (
                format!("$symfony-sha512$i=5000$salt${tag}"),
                Some(HashError::Malformed),
            ),
            (
                format!("$symfony-sha256$r=5000$salt${tag}"),
                Some(HashError::Unsupported),
            ),
            (
                format!("$symfony-md5$i=5000$salt${tag}"),
                Some(HashError::Unsupported),
            ),
            (
                "$symfony-sha256$i=5000$salt".to_owned(),
                Some(HashError::Malformed),
            ),
        ] {
            assert_eq!(Stored::parse(&text).err(), error, "{text}");
        }
    }
}
