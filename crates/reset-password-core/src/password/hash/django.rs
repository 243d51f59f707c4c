//! Django's wrapper: `algorithm$` before the hash (`django.contrib.auth.hashers`).

use super::{
    HashError, Scheme, argon2, bcrypt,
    pbkdf2::{self, Digest},
    scrypt,
};

/// Argon2 and bcrypt follow with their own `$`; PBKDF2 and scrypt as Django writes them.
pub(super) fn parse(text: &str) -> Result<Scheme, HashError> {
    let (algorithm, rest) = text.split_once('$').ok_or(HashError::Unsupported)?;
    let own = text.strip_prefix(algorithm).unwrap_or_default();
    match algorithm {
        "argon2" => argon2::Stored::parse(own).map(Scheme::Argon2),
        "bcrypt" => bcrypt::Stored::parse(rest).map(Scheme::Bcrypt),
        "bcrypt_sha256" => bcrypt::Stored::parse_over_sha256(rest).map(Scheme::Bcrypt),
        "pbkdf2_sha1" => pbkdf2::Stored::parse_django(Digest::Sha1, rest).map(Scheme::Pbkdf2),
        "pbkdf2_sha256" => pbkdf2::Stored::parse_django(Digest::Sha256, rest).map(Scheme::Pbkdf2),
        "scrypt" => scrypt::Stored::parse_django(rest).map(Scheme::Scrypt),
        _ => Err(HashError::Unsupported),
    }
}
