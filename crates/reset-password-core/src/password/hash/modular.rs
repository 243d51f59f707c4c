//! `$scheme$…`: the form of crypt(3), and of PHC strings.

use super::{
    HashError, argon2, bcrypt,
    before::Before,
    firebase, pbkdf2, phpass,
    scheme::{Formed, Scheme},
    scrypt, sha_crypt, symfony,
};

/// Reads it.
pub(super) fn modular(text: &str) -> Result<Formed, HashError> {
    let scheme = text
        .strip_prefix('$')
        .and_then(|rest| rest.split('$').next());
    Ok(match scheme.unwrap_or_default() {
        "2a" | "2b" | "2y" => Scheme::Bcrypt(bcrypt::Stored::parse(text)?).into(),
        "5" | "6" => Scheme::ShaCrypt(sha_crypt::Stored::parse(text)?).into(),
        "7" => Scheme::Scrypt(scrypt::Stored::parse_crypt(text)?).into(),
        "H" | "P" | "S" => Scheme::Phpass(phpass::Stored::parse(text)?).into(),
        "argon2d" | "argon2i" | "argon2id" => Scheme::Argon2(argon2::Stored::parse(text)?).into(),
        "bcrypt-sha256" => {
            let (stored, before) = bcrypt::Stored::parse_passlib(text)?;
            (before, Scheme::Bcrypt(stored))
        }
        "firebase-scrypt" => Scheme::Firebase(firebase::Stored::parse(text)?).into(),
        "pbkdf2" | "pbkdf2-sha1" | "pbkdf2-sha256" | "pbkdf2-sha512" => {
            Scheme::Pbkdf2(pbkdf2::Stored::parse(text)?).into()
        }
        "scrypt" => Scheme::Scrypt(scrypt::Stored::parse_phc(text)?).into(),
        "symfony-sha256" | "symfony-sha512" => {
            Scheme::Symfony(symfony::Stored::parse(text)?).into()
        }
        "wp" => {
            let stored = bcrypt::Stored::parse(text.strip_prefix("$wp").unwrap_or_default())?;
            (Before::WordPress, Scheme::Bcrypt(stored))
        }
        _ => return Err(HashError::Unsupported),
    })
}
