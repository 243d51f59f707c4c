//! Whose form a text is in.

use base64ct::Base64;

use super::{
    HashError, argon2, bcrypt,
    before::Before,
    braces, django, firebase, pbkdf2, phpass,
    scheme::{Formed, Scheme},
    scrypt, sha_crypt, text,
};

/// Reads a hash in any form, and whether another system's wrapper is around it.
pub(super) fn parse(text: &str) -> Result<(Formed, bool), HashError> {
    if text.starts_with('$') {
        return Ok((modular(text)?, false));
    }
    let wrapped = if text.starts_with('{') {
        braces::parse(text)
    } else if let Some(rest) = text.strip_prefix("scrypt:") {
        // Werkzeug, and so Flask.
        scrypt::Stored::parse_werkzeug(rest).map(|stored| Scheme::Scrypt(stored).into())
    } else if let Some(rest) = text.strip_prefix("pbkdf2:") {
        pbkdf2::Stored::parse_werkzeug(rest).map(|stored| Scheme::Pbkdf2(stored).into())
    } else if let Some((version, rest)) = text.split_once('|') {
        // Nextcloud and ownCloud count their forms.
        match version {
            "1" | "2" | "3" => modular(rest),
            _ => Err(HashError::Unsupported),
        }
    } else if text.contains('$') {
        django::parse(text)
    } else if text.contains(':') {
        let stored = scrypt::Stored::parse_better_auth(text)?;
        Ok((Before::Nfkc, Scheme::Scrypt(stored)))
    } else if text.starts_with('A') {
        // ASP.NET Identity: the first byte is 0 or 1.
        let octets = text::base64::<Base64>(text).map_err(|_| HashError::Unsupported)?;
        pbkdf2::Stored::parse_aspnet(&octets).map(|stored| Scheme::Pbkdf2(stored).into())
    } else {
        Err(HashError::Unsupported)
    };
    Ok((wrapped?, true))
}

/// `$scheme$…`.
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
        "wp" => {
            let stored = bcrypt::Stored::parse(text.strip_prefix("$wp").unwrap_or_default())?;
            (Before::WordPress, Scheme::Bcrypt(stored))
        }
        _ => return Err(HashError::Unsupported),
    })
}
