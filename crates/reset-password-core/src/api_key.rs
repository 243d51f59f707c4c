//! API keys: who may call the HTTP service, and what they may do there.
//!
//! A key reads `rpk_<public part>_<secret>`. The public part finds the row; the secret is 256 random
//! bits, so a plain SHA-256 of it can be stored, which does not depend on the secret key.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use crate::{
    clock::Timestamp,
    error::Error,
    id,
    key::{self, Digest},
    random::{Random, RandomError},
    token::Token,
};

/// What a key may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Read the event feed.
    EventsRead,
    /// Set a password with a token.
    ResetsConfirm,
    /// Make a reset, which answers its token.
    ResetsCreate,
    /// Read a reset, which answers its token.
    ResetsRead,
    /// Read users.
    UsersRead,
    /// Create, change and delete users.
    UsersWrite,
    /// Read the endpoints of webhooks.
    WebhooksRead,
    /// Create, change and delete endpoints of webhooks, which answers their secrets.
    WebhooksWrite,
}

impl Scope {
    /// Every scope.
    pub const ALL: &'static [Self] = &[
        Self::EventsRead,
        Self::ResetsConfirm,
        Self::ResetsCreate,
        Self::ResetsRead,
        Self::UsersRead,
        Self::UsersWrite,
        Self::WebhooksRead,
        Self::WebhooksWrite,
    ];

    /// The scope's name, such as `resets:confirm`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EventsRead => "events:read",
            Self::ResetsConfirm => "resets:confirm",
            Self::ResetsCreate => "resets:create",
            Self::ResetsRead => "resets:read",
            Self::UsersRead => "users:read",
            Self::UsersWrite => "users:write",
            Self::WebhooksRead => "webhooks:read",
            Self::WebhooksWrite => "webhooks:write",
        }
    }

    /// The scope of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|scope| scope.as_str() == name)
    }
}

impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// A key, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "object", rename = "api_key")]
pub struct ApiKey {
    /// `api_key_…`
    pub id: String,
    /// What the key is for, in its owner's words.
    pub name: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

impl ApiKey {
    /// Days that a key may work, at least and at most (ASVS 13.3.4).
    pub const LIFETIME_DAYS: [u32; 2] = [1, 365];
    /// Days that a key works unless another number is asked for.
    pub const DEFAULT_LIFETIME_DAYS: u32 = 90;
    /// Longest time for which a key and the one that replaces it both work.
    pub const MAX_OVERLAP: Duration = Duration::from_hours(7 * 24);

    /// The id that a key's text names; `None` if it is no such text. Whether the key is right is not looked at.
    #[must_use]
    pub fn id_of(text: &str) -> Option<String> {
        ParsedApiKey::parse(text).map(|parsed| parsed.id)
    }

    /// Whether the key can be used at that moment.
    #[must_use]
    pub fn works_at(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }

    /// Whether the key may be used for that.
    #[must_use]
    pub fn allows(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }
}

/// A new key and its text, which is shown once and kept nowhere.
#[derive(Clone, Debug, Serialize)]
pub struct NewApiKey {
    /// The key.
    #[serde(flatten)]
    pub api_key: ApiKey,
    /// Its text, for the `Authorization: Bearer` header.
    #[serde(serialize_with = "crate::token::expose")]
    pub key: SecretString,
}

/// A key as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKeyRecord {
    /// What callers see.
    pub api_key: ApiKey,
    /// SHA-256 of the secret.
    pub digest: Digest,
}

const PREFIX: &str = "rpk_";
const ID_PREFIX: &str = "api_key";
/// Characters of a ULID.
const PUBLIC: usize = 26;
/// Longest name, in characters.
const MAX_NAME: usize = 100;

/// A key's text, taken apart.
pub(crate) struct ParsedApiKey {
    pub(crate) id: String,
    pub(crate) digest: Digest,
}

impl ParsedApiKey {
    /// Reads the one form of a key; `None` for any other text, after bounded work.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (public, secret) = text.strip_prefix(PREFIX)?.split_at_checked(PUBLIC)?;
        let secret = Token::parse(secret.strip_prefix('_')?)?;
        let is_public = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
        public.bytes().all(is_public).then(|| Self {
            id: format!("{ID_PREFIX}_{public}"),
            digest: digest(&secret),
        })
    }

    /// Whether this is that key; compared in constant time, with a stand-in where there is none.
    pub(crate) fn matches(&self, record: Option<&ApiKeyRecord>) -> bool {
        let stored = record.map_or([0; 32], |record| record.digest);
        key::equal(&self.digest, &stored) && record.is_some()
    }
}

/// A new key, its row and its text.
pub(crate) fn draft(
    name: &str,
    scopes: &[Scope],
    lifetime: Duration,
    now: Timestamp,
    random: &dyn Random,
) -> Result<(ApiKeyRecord, SecretString), RandomError> {
    let id = id::new(ID_PREFIX, now, random)?;
    let secret = Token::generate(random)?;
    let public = id.trim_start_matches(ID_PREFIX).trim_start_matches('_');
    let text = format!("{PREFIX}{public}_{}", secret.reveal().expose_secret()).into();
    let mut scopes = scopes.to_vec();
    scopes.sort();
    scopes.dedup();
    let api_key = ApiKey {
        id,
        name: name.to_owned(),
        scopes,
        created_at: now,
        expires_at: now + lifetime,
        last_used_at: None,
        revoked_at: None,
    };
    let digest = digest(&secret);
    Ok((ApiKeyRecord { api_key, digest }, text))
}

/// What a new key must be like.
pub(crate) fn check(name: &str, scopes: &[Scope], days: u32) -> Result<Duration, Error> {
    let characters = name.chars().count();
    if !(1..=MAX_NAME).contains(&characters) || name.chars().any(char::is_control) {
        let message = format!("name must be 1 to {MAX_NAME} characters of text");
        return Err(Error::field("name", "invalid", message));
    }
    if scopes.is_empty() {
        let names: Vec<_> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
        let message = format!("give the key at least one scope: {}", names.join(", "));
        return Err(Error::field("scopes", "required", message));
    }
    let [least, most] = ApiKey::LIFETIME_DAYS;
    if !(least..=most).contains(&days) {
        let message = format!("expires must be from {least} to {most} days");
        return Err(Error::field("expires", "invalid", message));
    }
    Ok(Duration::from_hours(u64::from(days) * 24))
}

fn digest(secret: &Token) -> Digest {
    Sha256::digest(secret.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Os;

    const NOW: Timestamp = Timestamp::from_unix_millis(1_800_000_000_000);

    #[test]
    fn sec89_a_key_is_found_by_its_public_part_and_known_by_its_secret() {
        let day = Duration::from_hours(24);
        let (record, text) = draft("app", &[Scope::UsersRead], day, NOW, &Os).unwrap();
        let (other, _) = draft("app", &[Scope::UsersRead], day, NOW, &Os).unwrap();
        let text = text.expose_secret();
        assert_eq!(text.len(), 4 + PUBLIC + 1 + Token::LENGTH);
        let presented = ParsedApiKey::parse(text).unwrap();
        assert_eq!(presented.id, record.api_key.id);
        assert!(presented.matches(Some(&record)));
        assert!(!presented.matches(Some(&other)) && !presented.matches(None));
        let shown = format!("{:?}", record.api_key);
        assert!(!shown.contains(&text[31..]), "{shown}");
    }

    #[test]
    fn no_other_text_is_a_key() {
        let (_, text) = draft("app", &[Scope::UsersRead], Duration::ZERO, NOW, &Os).unwrap();
        let text = text.expose_secret();
        for bad in [
            String::new(),
            "rpk_".into(),
            text[1..].to_owned(),
            format!("{text}A"),
            format!("{text}="),
            format!(" {text}"),
            text.to_lowercase(),
            text.replacen('_', "-", 1),
            format!("rpk_{}é_{}", &text[4..28], &text[31..]),
            "x".repeat(1 << 20),
        ] {
            assert!(
                ParsedApiKey::parse(&bad).is_none(),
                "{} characters",
                bad.len()
            );
        }
    }

    #[test]
    fn a_key_needs_a_name_a_scope_and_an_end() {
        let scopes = [Scope::UsersRead];
        assert!(check("app", &scopes, 90).is_ok());
        for (name, scopes, days) in [
            ("", &scopes[..], 90),
            ("a\nb", &scopes, 90),
            ("app", &[], 90),
            ("app", &scopes, 0),
            ("app", &scopes, 366),
        ] {
            assert!(check(name, scopes, days).is_err(), "{name:?} {days}");
        }
    }
}
