//! Spring Security's wrapper: `{id}` before the hash (`PasswordEncoderFactories`).
//!
//! The id also stands for whatever the text does not say, at the defaults of the version that it
//! names. An application that set its own costs for PBKDF2 or a secret cannot be imported.

use super::{
    HashError, Scheme, argon2, bcrypt,
    pbkdf2::{self, Digest},
    scrypt,
};

/// `{noop}`, `{MD5}`, `{SHA-1}`, `{SHA-256}`, `{sha256}`, `{ldap}` and `{MD4}` are refused.
pub(super) fn parse(text: &str) -> Result<Scheme, HashError> {
    let (id, rest) = text
        .strip_prefix('{')
        .and_then(|text| text.split_once('}'))
        .ok_or(HashError::Malformed)?;
    match id {
        "argon2" | "argon2@SpringSecurity_v5_8" => argon2::Stored::parse(rest).map(Scheme::Argon2),
        "bcrypt" => bcrypt::Stored::parse(rest).map(Scheme::Bcrypt),
        "pbkdf2" => {
            pbkdf2::Stored::parse_spring(Digest::Sha1, 185_000, 8, rest).map(Scheme::Pbkdf2)
        }
        "pbkdf2@SpringSecurity_v5_8" => {
            pbkdf2::Stored::parse_spring(Digest::Sha256, 310_000, 16, rest).map(Scheme::Pbkdf2)
        }
        "scrypt" | "scrypt@SpringSecurity_v5_8" => {
            scrypt::Stored::parse_spring(rest).map(Scheme::Scrypt)
        }
        _ => Err(HashError::Unsupported),
    }
}
