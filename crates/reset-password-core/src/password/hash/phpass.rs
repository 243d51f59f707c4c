//! A digest that is taken again and again, as phpass does it: `$P$` and `$H$` of MD5 (WordPress before 6.8, `phpBB`,
//! Drupal 6), `$S$` of SHA-512 (Drupal 7).

use md5::{Digest as Hash, Md5};
use sha2::Sha512;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::HashError;

/// Everyone writes 13 to 19. Of SHA-512, 2²³ take about as long as the dearest Argon2 that is accepted.
const MAX_LOG_ROUNDS: u32 = 23;
const SALT: usize = 8;
/// phpass's own alphabet, whose digits are written with the lowest first.
const DIGITS: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Digest {
    Md5,
    Sha512,
}

impl Digest {
    /// Characters of the tag. Drupal keeps as many as its column of then had room for.
    const fn kept(self) -> usize {
        match self {
            Self::Md5 => 22,
            Self::Sha512 => 43,
        }
    }
}

/// A stored hash of phpass.
pub(super) struct Stored {
    digest: Digest,
    rounds: u32,
    salt: Vec<u8>,
    tag: Vec<u8>,
}

impl Stored {
    /// `$P$`, one character for log₂ of the rounds, eight of salt, the tag.
    pub(super) fn parse(text: &str) -> Result<Self, HashError> {
        let (digest, rest) = match text.split_at_checked(3) {
            Some(("$P$" | "$H$", rest)) => (Digest::Md5, rest.as_bytes()),
            Some(("$S$", rest)) => (Digest::Sha512, rest.as_bytes()),
            _ => return Err(HashError::Unsupported),
        };
        let (log_rounds, rest) = rest.split_first().ok_or(HashError::Malformed)?;
        let (salt, tag) = rest.split_at_checked(SALT).ok_or(HashError::Malformed)?;
        let is_digit = |byte: &u8| DIGITS.contains(byte);
        let is_whole = tag.len() == digest.kept();
        if !is_whole || !salt.iter().chain(tag).all(is_digit) {
            return Err(HashError::Malformed);
        }
        let log_rounds = DIGITS.iter().position(|digit| digit == log_rounds);
        let log_rounds = log_rounds
            .and_then(|log| u32::try_from(log).ok())
            .ok_or(HashError::Malformed)?;
        if log_rounds > MAX_LOG_ROUNDS {
            return Err(HashError::TooCostly);
        }
        Ok(Self {
            digest,
            rounds: 1 << log_rounds,
            salt: salt.to_vec(),
            tag: tag.to_vec(),
        })
    }

    pub(super) fn verify(&self, password: &[u8]) -> bool {
        let tag = match self.digest {
            Digest::Md5 => self.again_and_again::<Md5>(password),
            Digest::Sha512 => self.again_and_again::<Sha512>(password),
        };
        let tag = Zeroizing::new(encode(&tag));
        tag.get(..self.tag.len())
            .is_some_and(|tag| tag.ct_eq(&self.tag).into())
    }

    fn again_and_again<D: Hash>(&self, password: &[u8]) -> Zeroizing<Vec<u8>> {
        let first = D::new().chain_update(&self.salt).chain_update(password);
        let mut digest = first.finalize();
        for _ in 0..self.rounds {
            digest = D::new()
                .chain_update(&digest)
                .chain_update(password)
                .finalize();
        }
        Zeroizing::new(digest.to_vec())
    }
}

/// Three bytes in four characters, the lowest bits first; of one byte at the end two, of two three.
fn encode(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = chunk
            .iter()
            .rev()
            .fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte));
        let digits = (0..=chunk.len()).filter_map(|place| DIGITS.get(bits >> (6 * place) & 63));
        text.extend(digits);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec59_the_ceiling_holds_and_every_writing_is_checked() {
        for (text, error) in [
            ("$P$HOlCn3rXF1.VuiGNB1LZtTUpfFb2MU1", None),
            ("$H$9OlCn3rXF1.VuiGNB1LZtTUpfFb2MU1", None),
            ("$P$LOlCn3rXF1.VuiGNB1LZtTUpfFb2MU1", None),
            (
                "$P$MOlCn3rXF1.VuiGNB1LZtTUpfFb2MU1",
                Some(HashError::TooCostly),
            ),
            (
                "$P$zOlCn3rXF1.VuiGNB1LZtTUpfFb2MU1",
                Some(HashError::TooCostly),
            ),
            (
                "$P$!OlCn3rXF1.VuiGNB1LZtTUpfFb2MU1",
                Some(HashError::Malformed),
            ),
            (
                "$P$HOlCn3rXF1.VuiGNB1LZtTUpfFb2MU",
                Some(HashError::Malformed),
            ),
            (
                "$P$HOlCn3rXF1.VuiGNB1LZtTUpfFb2MU11",
                Some(HashError::Malformed),
            ),
            (
                "$S$HOlCn3rXF1.VuiGNB1LZtTUpfFb2MU1",
                Some(HashError::Malformed),
            ),
            ("$P$", Some(HashError::Malformed)),
            (
                "$Q$HOlCn3rXF1.VuiGNB1LZtTUpfFb2MU1",
                Some(HashError::Unsupported),
            ),
        ] {
            assert_eq!(Stored::parse(text).err(), error, "{text}");
        }
    }
}
