//! A password reset: what callers see, what is stored, and what binds a token to its account.

use std::{
    net::{Ipv4Addr, Ipv6Addr},
    sync::Arc,
};

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::{
    clock::Timestamp,
    credential::Credential,
    error::{Code, Error},
    key::{self, Digest, Key},
    keyring::Keyring,
    lifetime,
    token::{self, Token},
};

/// A reset and its link. `Debug` shows neither token nor url; serialising does, because that is what
/// the holder asked for.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "object", rename = "password_reset")]
pub struct PasswordReset {
    /// `password_reset_…`
    pub id: String,
    /// The user whose password it resets.
    pub user_id: String,
    /// The user's address, as stored: the only recipient.
    pub email: String,
    /// The token, 43 characters.
    #[serde(serialize_with = "token::expose")]
    pub password_reset_token: SecretString,
    /// The link: the configured page and the token.
    #[serde(serialize_with = "token::expose")]
    pub password_reset_url: SecretString,
    /// When the token stops working.
    pub expires_at: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Whether a token can be used, and until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "object", rename = "token_check")]
pub struct TokenCheck {
    /// Whether a confirm would take it now.
    pub usable: bool,
    /// When it stops working, where it is usable.
    pub expires_at: Option<Timestamp>,
    /// The code that a confirm would answer, where it is not.
    pub error_code: Option<Code>,
}

impl TokenCheck {
    pub(crate) const fn until(expires_at: Timestamp) -> Self {
        Self {
            usable: true,
            expires_at: Some(expires_at),
            error_code: None,
        }
    }

    pub(crate) const fn refused(code: Code) -> Self {
        Self {
            usable: false,
            expires_at: None,
            error_code: Some(code),
        }
    }
}

/// The page that links lead to. It comes from the configuration and from nowhere else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResetUrl {
    /// What stands before the token in a link, and behind it.
    before: String,
    behind: String,
}

impl ResetUrl {
    /// Where a person who only tries things out sends links.
    pub const LOCAL: &'static str = "http://127.0.0.1:8080/reset-password";

    /// Where the token stands in a link; without it, the token is a parameter `token` of the query.
    const PLACE: &'static str = "{token}";
    const PARAMETER: &'static str = "token";

    /// Reads the address of the page. `{token}` in its path, its query or its fragment is where the token stands.
    ///
    /// # Errors
    ///
    /// `config_invalid` unless it is `https` (or `http` on loopback), without user name, white space or other braces,
    /// and, where it has no `{token}`, without a fragment and a `token` parameter of its own.
    pub fn new(text: &str) -> Result<Self, Error> {
        let refuse = |why: &str| Err(Error::config(format!("reset_url {why}")));
        if text.len() > 2_048 || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return refuse("must be one address without white space, at most 2,048 characters");
        }
        if text.contains(['\\', '"', '<', '>']) {
            return refuse("must have no characters that an address cannot hold");
        }
        let (before, behind) = match text.split_once(Self::PLACE) {
            Some((before, behind)) => (before, Some(behind)),
            None => (text, None),
        };
        let is_braced = |part: &str| {
            let part = part.to_ascii_lowercase();
            part.contains(['{', '}']) || part.contains("%7b") || part.contains("%7d")
        };
        if is_braced(before) || behind.is_some_and(is_braced) {
            return refuse("must have no braces but those of one {token}, written as they are");
        }
        if behind.is_none() && text.contains('#') {
            return refuse("must have no fragment, unless {token} stands in it");
        }
        let lower = text.to_ascii_lowercase();
        let Some((secure, rest)) = lower
            .strip_prefix("https://")
            .map(|rest| (true, rest))
            .or_else(|| lower.strip_prefix("http://").map(|rest| (false, rest)))
        else {
            return refuse("must begin with https:// (http:// on loopback only)");
        };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let (host, port) = host_and_port(authority);
        let is_number = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
        let is_port = |port: &str| is_number(port) && port.parse::<u16>().is_ok();
        if !is_host(host) || !port.is_none_or(is_port) {
            return refuse("must name a host, without user name, and a port that is a number");
        }
        if !secure && !matches!(host, "localhost" | "[::1]") && !is_loopback(host) {
            return refuse("must use https: over http the link can be read by anyone on the way");
        }
        let address = rest.split('#').next().unwrap_or_default();
        let query = address.split_once('?').map_or("", |(_, query)| query);
        let is_parameter = |pair: &str| pair.split('=').next() == Some(Self::PARAMETER);
        let Some(behind) = behind else {
            if query.split('&').any(is_parameter) {
                return refuse(
                    "must not have a token parameter: the link's own token is added to it",
                );
            }
            let separator = if text.contains('?') { '&' } else { '?' };
            return Ok(Self {
                before: format!("{text}{separator}token="),
                behind: String::new(),
            });
        };
        if query.split('&').any(|pair| {
            is_parameter(pair) && pair.split_once('=') != Some((Self::PARAMETER, Self::PLACE))
        }) {
            return refuse("must have no token parameter but token={token}");
        }
        Ok(Self {
            before: before.to_owned(),
            behind: behind.to_owned(),
        })
    }

    /// Whether it is the page of that address, which links lead to.
    #[must_use]
    pub fn is(&self, page: &str) -> bool {
        Self::new(page).is_ok_and(|page| page == *self)
    }

    /// Whether links lead to this machine alone.
    #[must_use]
    pub fn is_local(&self) -> bool {
        let lower = self.before.to_ascii_lowercase();
        let authority = lower
            .split("://")
            .nth(1)
            .and_then(|rest| rest.split(['/', '?', '#']).next());
        let (host, _) = host_and_port(authority.unwrap_or_default());
        matches!(host, "localhost" | "[::1]") || is_loopback(host)
    }

    fn with(&self, token: &SecretString) -> SecretString {
        let token = token.expose_secret();
        let length = self.before.len() + token.len() + self.behind.len();
        let mut link = Zeroizing::new(String::with_capacity(length));
        for part in [&self.before, token, &self.behind] {
            link.push_str(part);
        }
        link.as_str().into()
    }
}

pub(crate) fn host_and_port(authority: &str) -> (&str, Option<&str>) {
    if authority.starts_with('[') {
        let end = authority.find(']').map_or(authority.len(), |end| end + 1);
        let (host, rest) = authority.split_at(end);
        return (
            host,
            rest.strip_prefix(':')
                .or((!rest.is_empty()).then_some(rest)),
        );
    }
    match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    }
}

/// Whether it is an address or a name that nobody can read as another one (RFC 3986, section 3.2.2): nothing
/// is encoded, and no reserved character is in it. A name may be in any script.
pub(crate) fn is_host(host: &str) -> bool {
    if let Some(rest) = host.strip_prefix('[') {
        let address = rest.strip_suffix(']');
        return address.is_some_and(|address| address.parse::<Ipv6Addr>().is_ok());
    }
    let is_of_names = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '_');
    !host.is_empty() && host.chars().all(is_of_names)
}

fn is_loopback(host: &str) -> bool {
    host.parse::<Ipv4Addr>()
        .is_ok_and(|address| address.is_loopback())
}

/// A reset as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct ResetRecord {
    /// `password_reset_…`
    pub id: String,
    /// The user.
    pub user_id: String,
    /// The form of the row; only [`ResetRecord::VERSION`] is read.
    pub version: i64,
    /// The token's keyed digest.
    pub digest: Digest,
    /// The key that digest, fingerprint and seal were made with.
    pub key_id: String,
    /// What binds the token to the account's credential; see [`ResetRecord::fingerprint`].
    pub fingerprint: Digest,
    /// The token, sealed, while it lives.
    pub sealed: Option<Vec<u8>>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the token stops working.
    pub expires_at: Timestamp,
    /// Whether it may still be used.
    pub state: ResetState,
}

/// What has become of a reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetState {
    /// Neither used nor voided. It may have expired.
    Live,
    /// Its token has set a password.
    Used(Redemption),
    /// Replaced, revoked, or ended by a change of password or address.
    Voided,
}

/// How a token was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Redemption {
    /// When.
    pub at: Timestamp,
    /// What knows the request that used it; `None` if none can be known again, or its minute is over.
    pub request: Option<Digest>,
}

impl ResetRecord {
    /// The form of the rows that this version writes.
    pub const VERSION: i64 = 1;

    /// The fingerprint this row must carry: an HMAC over the fields that give it authority and the
    /// credential it was made for. Any change of password or address, by any path, changes it.
    #[must_use]
    pub fn fingerprint(&self, key: &Key, credential: &Credential) -> Digest {
        let (tag, hash): (&[u8], &[u8]) = match &credential.password_hash {
            Some(hash) => (b"password", hash.as_bytes()),
            None => (b"no password", b""),
        };
        key.fingerprint(&[
            &self.version.to_be_bytes(),
            &self.digest,
            token::PURPOSE,
            &self.created_at.unix_millis().to_be_bytes(),
            &self.expires_at.unix_millis().to_be_bytes(),
            self.user_id.as_bytes(),
            credential.email.as_bytes(),
            credential.email_lookup.as_bytes(),
            tag,
            hash,
        ])
    }

    /// The key that it was made with, if that key can have made it.
    #[must_use]
    pub fn maker<'a>(&self, keys: &'a Keyring) -> Option<&'a Arc<Key>> {
        keys.maker(&self.key_id, self.created_at, self.expires_at)
    }

    /// Whether the row is intact, made by a key that could make it, lives no longer than one for its account may, and
    /// the account's credential is still the one it was made for.
    #[must_use]
    pub fn binds(&self, keys: &Keyring, credential: &Credential) -> bool {
        let lives_long = self.expires_at > self.created_at + lifetime::LONGEST;
        self.version == Self::VERSION
            && !(lives_long && credential.password_hash.is_some())
            && self.maker(keys).is_some_and(|key| {
                key::equal(&self.fingerprint(key, credential), &self.fingerprint)
            })
    }

    /// The reset with its link.
    pub(crate) fn with_link(&self, token: &Token, email: &str, url: &ResetUrl) -> PasswordReset {
        let token = token.reveal();
        PasswordReset {
            id: self.id.clone(),
            user_id: self.user_id.clone(),
            email: email.to_owned(),
            password_reset_url: url.with(&token),
            password_reset_token: token,
            expires_at: self.expires_at,
            created_at: self.created_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reset_url_is_https_or_loopback() {
        for good in [
            "https://example.com/reset",
            "https://example.com:8443/reset?lang=de",
            "http://localhost:3000/reset",
            "http://127.0.0.1/reset",
            "http://[::1]:80/reset",
            "https://example.com/#/reset/{token}",
            "https://example.com/reset/{token}?lang=de",
            "https://example.com?token={token}#top",
            "https://example.com#{token}",
            ResetUrl::LOCAL,
        ] {
            assert!(ResetUrl::new(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "example.com/reset",
            "http://example.com/reset",
            "http://127.0.0.1.example.com/",
            "http://localhost.example.com/",
            "http://localhost@example.com/",
            "https://",
            "https:///reset",
            "https://example.com/reset#x",
            "https://user@example.com/",
            "https://example.com:port/",
            "https://example.com/?token=x",
            "https://example.com/?a=b&token=x",
            "https://exa mple.com/",
            "https://example.com\\@evil.example/",
            "https://example.com/{tokens}",
            "https://example.com/{token}/{token}",
            "https://example.com/{token}}",
            "https://example.com/%7Btoken%7D",
            "https://example.com/{}",
            "https://{token}.example.com/",
            "https://example.com:{token}/",
            "https://{token}/",
            "https://user@{token}/",
            "https://example.com/{token}?token=x",
            "https://example.com/?token={token}x",
            "http://example.com/#/{token}",
            "{token}",
            "javascript:alert(1)",
            "ftp://example.com/",
        ] {
            let error = ResetUrl::new(bad).unwrap_err();
            assert!(
                error.message().starts_with("reset_url must"),
                "{bad}: {error}"
            );
        }
    }

    #[test]
    fn the_token_is_a_query_parameter() {
        let token: SecretString = "T".into();
        let link = |url: &str| {
            ResetUrl::new(url)
                .unwrap()
                .with(&token)
                .expose_secret()
                .to_owned()
        };
        assert_eq!(
            link("https://example.com/r"),
            "https://example.com/r?token=T"
        );
        assert_eq!(
            link("https://example.com/r?a=b"),
            "https://example.com/r?a=b&token=T"
        );
        assert_eq!(
            link("https://example.com/r?"),
            "https://example.com/r?&token=T"
        );
        for (url, made) in [
            (
                "https://example.com/#/reset/{token}",
                "https://example.com/#/reset/T",
            ),
            (
                "https://example.com/r/{token}?a=b",
                "https://example.com/r/T?a=b",
            ),
            (
                "https://example.com/r?t={token}&a=b",
                "https://example.com/r?t=T&a=b",
            ),
            (
                "https://example.com/r?token={token}#x",
                "https://example.com/r?token=T#x",
            ),
        ] {
            assert_eq!(link(url), made);
        }
    }
}
