//! Users: what callers see, what they may give, and the bounds of each field.

use std::collections::BTreeMap;

use secrecy::SecretString;
use serde::Serialize;

use crate::{
    clock::{CLOCK_SKEW, Timestamp},
    error::{Detail, Error},
};

/// A user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "object", rename = "user")]
pub struct User {
    /// `user_…`
    pub id: String,
    /// The address as it was typed; the only recipient of mail.
    pub email: String,
    /// Whether the user has shown that the address is theirs, for instance by a reset.
    pub email_verified: bool,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Full name.
    pub name: Option<String>,
    /// A picture. No operation sets it yet.
    pub profile_picture_url: Option<String>,
    /// The last good login through the engine.
    pub last_sign_in_at: Option<Timestamp>,
    /// The id that another system knows the user by.
    pub external_id: Option<String>,
    /// Free text by key.
    pub metadata: BTreeMap<String, String>,
    /// Language, as a BCP 47 tag.
    pub locale: Option<String>,
    /// Sessions begun before this moment should be refused: the password was set then.
    pub credentials_changed_at: Option<Timestamp>,
    /// When the user was created.
    pub created_at: Timestamp,
    /// When the user was last changed.
    pub updated_at: Timestamp,
}

/// A page of users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "object", rename = "list")]
pub struct UserList {
    /// The users.
    pub data: Vec<User>,
    /// Where the neighbouring pages begin.
    pub list_metadata: UserCursors,
}

/// The ids to give as `before` and `after` for the neighbouring pages; absent where there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct UserCursors {
    /// For the page before this one.
    pub before: Option<String>,
    /// For the page after this one.
    pub after: Option<String>,
}

/// What a new user is made of. Everything but the address may be left out.
#[derive(Clone, Debug, Default)]
pub struct CreateUser {
    /// The address.
    pub email: String,
    /// A password, held to the policy.
    pub password: Option<SecretString>,
    /// Or the hash of one, from another system; see `docs/reference/password-hashes.md`.
    pub password_hash: Option<SecretString>,
    /// Whether the address is known to be the user's. False by default.
    pub email_verified: bool,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Full name.
    pub name: Option<String>,
    /// The id that another system knows the user by: at most 128 ASCII characters, unique.
    pub external_id: Option<String>,
    /// At most 50 keys of at most 40 characters, values of at most 600.
    pub metadata: BTreeMap<String, String>,
    /// Language, as a BCP 47 tag.
    pub locale: Option<String>,
    /// When the user came to be, where another system knows: RFC 3339. Now by default.
    pub created_at: Option<String>,
}

/// A change to a user. What is `None` stays as it is; an empty string clears a name, the locale or the
/// external id; empty metadata clears metadata.
#[derive(Clone, Debug, Default)]
pub struct UpdateUser {
    /// A new address. It counts as unverified unless `email_verified` is given true with it.
    pub email: Option<String>,
    /// A new password, held to the policy.
    pub password: Option<SecretString>,
    /// Or the hash of one.
    pub password_hash: Option<SecretString>,
    /// True marks the address verified; false is only allowed while it is not.
    pub email_verified: Option<bool>,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Full name.
    pub name: Option<String>,
    /// The id that another system knows the user by.
    pub external_id: Option<String>,
    /// All of the metadata.
    pub metadata: Option<BTreeMap<String, String>>,
    /// Language, as a BCP 47 tag.
    pub locale: Option<String>,
}

/// Which users to list.
#[derive(Clone, Debug, Default)]
pub struct ListUsers {
    /// Only the user with this address.
    pub email: Option<String>,
    /// Users on a page, 1 to 100; 10 by default.
    pub limit: Option<u32>,
    /// The page that ends before this user.
    pub before: Option<String>,
    /// The page that begins after this user.
    pub after: Option<String>,
    /// By creation, newest first by default.
    pub order: Order,
}

/// The order of a list, by creation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Oldest first.
    Asc,
    /// Newest first.
    #[default]
    Desc,
}

const MAX_NAME: usize = 256;
const MAX_EXTERNAL_ID: usize = 128;
const MAX_LOCALE: usize = 35;
const MAX_KEYS: usize = 50;
const MAX_KEY: usize = 40;
const MAX_VALUE: usize = 600;

impl User {
    /// Every reason why these fields cannot be stored.
    pub(crate) fn check_fields(&self) -> Result<(), Error> {
        let names = [
            ("first_name", &self.first_name),
            ("last_name", &self.last_name),
            ("name", &self.name),
        ];
        let mut errors: Vec<Detail> = names
            .into_iter()
            .filter(|(_, name)| name.as_ref().is_some_and(|name| !is_text(name, MAX_NAME)))
            .map(|(field, _)| {
                let message = format!("{field} must be at most {MAX_NAME} characters of text");
                Detail::field(field, "invalid", message)
            })
            .collect();
        if self.external_id.as_ref().is_some_and(|id| {
            id.len() > MAX_EXTERNAL_ID || !id.bytes().all(|byte| byte.is_ascii_graphic())
        }) {
            let message = "external_id must be at most 128 visible ASCII characters";
            errors.push(Detail::field("external_id", "invalid", message));
        }
        if self
            .locale
            .as_ref()
            .is_some_and(|locale| !is_language_tag(locale))
        {
            let message = "locale must be a language tag, such as de or pt-BR";
            errors.push(Detail::field("locale", "invalid", message));
        }
        if self.metadata.len() > MAX_KEYS
            || self.metadata.iter().any(|(key, value)| {
                key.is_empty() || !is_text(key, MAX_KEY) || !is_text(value, MAX_VALUE)
            })
        {
            let message = "metadata takes at most 50 keys of at most 40 characters, with values of \
                           at most 600 characters";
            errors.push(Detail::field("metadata", "invalid", message));
        }
        if errors.is_empty() {
            Ok(())
        } else {
            Err(Error::input(errors))
        }
    }
}

/// When a user came to be, as another system says.
pub(crate) fn moment_of_creation(text: &str, now: Timestamp) -> Result<Timestamp, Error> {
    let moments = Timestamp::from_unix_millis(0)..=now + CLOCK_SKEW;
    let moment = Timestamp::parse(text).filter(|moment| moments.contains(moment));
    moment.ok_or_else(|| {
        let message =
            "created_at must be a moment from 1970 to now, such as 2019-03-04T05:06:07Z (RFC 3339)";
        Error::field("created_at", "invalid", message)
    })
}

fn is_text(text: &str, most: usize) -> bool {
    text.len() <= most * 4 && text.chars().count() <= most && !text.chars().any(char::is_control)
}

fn is_language_tag(tag: &str) -> bool {
    tag.len() <= MAX_LOCALE
        && tag.split(['-', '_']).all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

/// The text, or nothing where it is empty.
pub(crate) fn non_empty(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}
