//! Django's wrapper: `algorithm$` before the hash (`django.contrib.auth.hashers`).

use super::{
    HashError, argon2, bcrypt,
    before::Before,
    pbkdf2::{self, Digest},
    scheme::{Formed, Scheme},
    scrypt,
};

/// Argon2 and bcrypt follow with their own `$`; PBKDF2 and scrypt as Django writes them.
pub(super) fn parse(text: &str) -> Result<Formed, HashError> {
    let (algorithm, rest) = text.split_once('$').ok_or(HashError::Unsupported)?;
    let own = text.strip_prefix(algorithm).unwrap_or_default();
    Ok(match algorithm {
        "argon2" => Scheme::Argon2(argon2::Stored::parse(own)?).into(),
        "bcrypt" => Scheme::Bcrypt(bcrypt::Stored::parse(rest)?).into(),
        "bcrypt_sha256" => {
            let stored = bcrypt::Stored::parse(rest)?;
            (Before::Sha256Digits, Scheme::Bcrypt(stored))
        }
        "pbkdf2_sha1" => Scheme::Pbkdf2(pbkdf2::Stored::parse_django(Digest::Sha1, rest)?).into(),
        "pbkdf2_sha256" => {
            Scheme::Pbkdf2(pbkdf2::Stored::parse_django(Digest::Sha256, rest)?).into()
        }
        "scrypt" => Scheme::Scrypt(scrypt::Stored::parse_django(rest)?).into(),
        _ => return Err(HashError::Unsupported),
    })
}
