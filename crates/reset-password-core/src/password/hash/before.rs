//! What some systems do to a password before they hash it.

use base64ct::{Base64, Encoding as _};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest as _, Sha256, Sha384};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// A step before the hash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Before {
    /// None.
    #[default]
    Nothing,
    /// SHA-256 in hexadecimal digits: Django's `bcrypt_sha256`, and Meteor.
    Sha256Digits,
    /// SHA-256 in base64: passlib's `bcrypt_sha256`, its first version.
    Sha256Base64,
    /// HMAC-SHA-256 under the salt's text, in base64: its second version.
    KeyedSha256(String),
    /// HMAC-SHA-384 of the password without white space around it, in base64: WordPress since 6.8.
    WordPress,
    /// Unicode's normal form KC: better-auth.
    Nfkc,
}

impl Before {
    /// Whether every byte of the password counts, whatever the hash behind it.
    pub(super) const fn is_digest(&self) -> bool {
        !matches!(self, Self::Nothing | Self::Nfkc)
    }

    /// What is hashed instead of the password; `None` where that itself is.
    pub(super) fn apply(&self, password: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        Some(match self {
            Self::Nothing => return None,
            Self::Sha256Digits => {
                let digest = Zeroizing::new(<[u8; 32]>::from(Sha256::digest(password)));
                let mut digits = Zeroizing::new(vec![0; 64]);
                // There is room for it.
                let _ = base16ct::lower::encode(&*digest, &mut digits);
                digits
            }
            Self::Sha256Base64 => {
                let digest = Zeroizing::new(<[u8; 32]>::from(Sha256::digest(password)));
                in_base64(&*digest)
            }
            Self::KeyedSha256(salt) => in_base64(&keyed::<Hmac<Sha256>>(salt.as_bytes(), password)),
            Self::WordPress => {
                let is_trimmed =
                    |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0 | 0x0b);
                let begin = password.iter().position(|byte| !is_trimmed(byte));
                let end = password.iter().rposition(|byte| !is_trimmed(byte));
                let password = match (begin, end) {
                    (Some(begin), Some(end)) => password.get(begin..=end).unwrap_or_default(),
                    _ => &[],
                };
                in_base64(&keyed::<Hmac<Sha384>>(b"wp-sha384", password))
            }
            Self::Nfkc => {
                let text = std::str::from_utf8(password).ok()?;
                // No character becomes more than eighteen of its own length: the text does not move while it grows.
                let mut normal = Zeroizing::new(String::with_capacity(18 * text.len()));
                normal.extend(text.nfkc());
                Zeroizing::new(std::mem::take(&mut *normal).into_bytes())
            }
        })
    }
}

/// A password with another system's secret behind it.
pub(super) fn with_pepper(password: &[u8], pepper: &SecretString) -> Zeroizing<Vec<u8>> {
    Zeroizing::new([password, pepper.expose_secret().as_bytes()].concat())
}

fn keyed<M: Mac + KeyInit>(key: &[u8], password: &[u8]) -> Zeroizing<Vec<u8>> {
    // HMAC takes keys of any length.
    let Ok(mut mac) = <M as KeyInit>::new_from_slice(key) else {
        return Zeroizing::default();
    };
    mac.update(password);
    Zeroizing::new(mac.finalize().into_bytes().to_vec())
}

fn in_base64(digest: &[u8]) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(Base64::encode_string(digest).into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is hashed in the end.
    fn hashed(before: &Before, password: &[u8]) -> Vec<u8> {
        let changed = before.apply(password);
        changed.map_or_else(|| password.to_vec(), |changed| changed.to_vec())
    }

    #[test]
    fn digits_are_those_of_the_standard() {
        assert_eq!(
            hashed(&Before::Sha256Digits, b"abc").as_slice(),
            b"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn white_space_around_a_word_is_none_to_wordpress_and_compatible_characters_are_one_to_better_auth()
     {
        let wordpress = |password: &[u8]| hashed(&Before::WordPress, password);
        assert_eq!(wordpress(b" \0a b\n\x0b"), wordpress(b"a b"));
        assert_ne!(wordpress(b"a b"), wordpress(b"a  b"));
        assert_eq!(wordpress(b" \t"), wordpress(b""));
        assert_eq!(
            hashed(&Before::Nfkc, "\u{fb01}x".as_bytes()).as_slice(),
            b"fix"
        );
        assert_eq!(hashed(&Before::Nfkc, b"\xff").as_slice(), b"\xff");
    }
}
