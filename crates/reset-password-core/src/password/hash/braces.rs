//! `{id}` before the hash: Spring Security (`PasswordEncoderFactories`), and directories and mail servers (RFC 2307,
//! Dovecot, passlib).
//!
//! Spring's id also stands for whatever the text does not say, at the defaults of the version that it names. An
//! application that set its own costs for PBKDF2 or a secret cannot be imported.

use super::{
    HashError, argon2, bcrypt,
    modular::modular,
    pbkdf2::{self, Digest},
    scheme::{Formed, Scheme},
    scrypt, sha_crypt, text,
};

/// Spring's ids are in lower case; those of directories are the same in any.
pub(super) fn parse(text: &str) -> Result<Formed, HashError> {
    let (id, rest) = text
        .strip_prefix('{')
        .and_then(|text| text.split_once('}'))
        .ok_or(HashError::Malformed)?;
    if let Some(scheme) = spring(id, rest)? {
        return Ok(scheme.into());
    }
    let passlib = |digest| {
        let [rounds, salt, tag] = text::fields(rest)?;
        pbkdf2::Stored::parse_passlib(digest, rounds, salt, tag).map(Scheme::Pbkdf2)
    };
    Ok(match id.to_ascii_uppercase().as_str() {
        "ARGON2" | "ARGON2I" | "ARGON2ID" => Scheme::Argon2(argon2::Stored::parse(rest)?).into(),
        "BCRYPT" | "BLF-CRYPT" => Scheme::Bcrypt(bcrypt::Stored::parse(rest)?).into(),
        "CRYPT" => modular(rest)?,
        "PBKDF2" if rest.starts_with('$') => {
            Scheme::Pbkdf2(pbkdf2::Stored::parse_dovecot(rest)?).into()
        }
        "PBKDF2" | "PBKDF2-SHA1" => passlib(Digest::Sha1)?.into(),
        "PBKDF2-SHA256" => passlib(Digest::Sha256)?.into(),
        "PBKDF2-SHA512" => passlib(Digest::Sha512)?.into(),
        "SHA256-CRYPT" | "SHA512-CRYPT" => Scheme::ShaCrypt(sha_crypt::Stored::parse(rest)?).into(),
        _ => return Err(HashError::Unsupported),
    })
}

fn spring(id: &str, rest: &str) -> Result<Option<Scheme>, HashError> {
    Ok(Some(match id {
        "argon2" | "argon2@SpringSecurity_v5_8" => Scheme::Argon2(argon2::Stored::parse(rest)?),
        "bcrypt" => Scheme::Bcrypt(bcrypt::Stored::parse(rest)?),
        "pbkdf2" => Scheme::Pbkdf2(pbkdf2::Stored::parse_spring(
            Digest::Sha1,
            185_000,
            8,
            rest,
        )?),
        "pbkdf2@SpringSecurity_v5_8" => Scheme::Pbkdf2(pbkdf2::Stored::parse_spring(
            Digest::Sha256,
            310_000,
            16,
            rest,
        )?),
        "scrypt" | "scrypt@SpringSecurity_v5_8" => {
            Scheme::Scrypt(scrypt::Stored::parse_spring(rest)?)
        }
        _ => return Ok(None),
    }))
}
