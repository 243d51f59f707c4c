//! Whose form a text is in.

use base64ct::Base64;

use super::{
    HashError,
    before::Before,
    braces, django,
    modular::modular,
    pbkdf2,
    scheme::{Formed, Scheme},
    scrypt, text,
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
