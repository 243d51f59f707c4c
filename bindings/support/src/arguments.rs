//! Arguments as hosts have them: each may be left out, and numbers may be any whole number.

use std::{collections::BTreeMap, path::PathBuf};

use reset_password::{Error, Order};
use secrecy::SecretString;

use crate::Text;

/// How an engine is to behave; see `docs/reference/options.md`. What is left out has its default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The secret key, as 64 hexadecimal characters.
    pub key: Option<Text>,
    /// The file that the secret key is in.
    pub key_file: Option<Text>,
    /// Earlier keys.
    pub previous_keys: Option<Vec<Text>>,
    /// The page that links lead to.
    pub reset_url: Option<Text>,
    /// How long a token works, in seconds.
    pub token_lifetime: Option<i64>,
    /// Whether a sealed copy of each token is kept.
    pub seal_tokens: Option<bool>,
    /// Least length of a password in code points.
    pub password_min_length: Option<i64>,
    /// Names of the service.
    pub service_names: Option<Vec<Text>>,
    /// Memory of one hash, in KiB.
    pub argon2_memory_kib: Option<i64>,
    /// Passes of one hash over its memory.
    pub argon2_iterations: Option<i64>,
    /// Memory of all hashes at work in this process, in KiB.
    pub memory_budget_kib: Option<i64>,
    /// Whether the tables are brought up to date.
    pub migrate: Option<bool>,
}

/// What a new user is made of.
#[derive(Clone, Debug)]
pub struct CreateUser {
    /// The address.
    pub email: Text,
    /// A password.
    pub password: Option<Text>,
    /// Or the hash of one.
    pub password_hash: Option<Text>,
    /// Whether the address is known to be the user's.
    pub email_verified: Option<bool>,
    /// Given name.
    pub first_name: Option<Text>,
    /// Family name.
    pub last_name: Option<Text>,
    /// Full name.
    pub name: Option<Text>,
    /// The id that another system knows the user by.
    pub external_id: Option<Text>,
    /// Free text by key.
    pub metadata: Option<Vec<(Text, Text)>>,
    /// Language tag.
    pub locale: Option<Text>,
}

/// A change to a user. What is left out stays as it is.
#[derive(Clone, Debug, Default)]
pub struct UpdateUser {
    /// A new address.
    pub email: Option<Text>,
    /// A new password.
    pub password: Option<Text>,
    /// Or the hash of one.
    pub password_hash: Option<Text>,
    /// Whether the address is known to be the user's.
    pub email_verified: Option<bool>,
    /// Given name; an empty text clears it.
    pub first_name: Option<Text>,
    /// Family name; an empty text clears it.
    pub last_name: Option<Text>,
    /// Full name; an empty text clears it.
    pub name: Option<Text>,
    /// The id that another system knows the user by; an empty text clears it.
    pub external_id: Option<Text>,
    /// All of the metadata; empty clears it.
    pub metadata: Option<Vec<(Text, Text)>>,
    /// Language tag; an empty text clears it.
    pub locale: Option<Text>,
}

/// Which users to list.
#[derive(Clone, Debug, Default)]
pub struct ListUsers {
    /// Only the user with this address.
    pub email: Option<Text>,
    /// Users on a page.
    pub limit: Option<i64>,
    /// The page that ends before this user.
    pub before: Option<Text>,
    /// The page that begins after this user.
    pub after: Option<Text>,
    /// `asc` or `desc`.
    pub order: Option<Text>,
}

impl Options {
    pub(crate) fn checked(self) -> Result<reset_password::Options, Error> {
        let standard = reset_password::Options::default();
        Ok(reset_password::Options {
            key: secret(self.key.as_ref(), "key")?,
            key_file: option(self.key_file.as_ref(), "key_file")?.map(PathBuf::from),
            previous_keys: all(self.previous_keys, "previous_keys")?
                .map_or(standard.previous_keys, |keys| {
                    keys.into_iter().map(Into::into).collect()
                }),
            reset_url: option(self.reset_url.as_ref(), "reset_url")?,
            token_lifetime: number(self.token_lifetime, "token_lifetime")?
                .map_or(standard.token_lifetime, u64::from),
            seal_tokens: self.seal_tokens.unwrap_or(standard.seal_tokens),
            password_min_length: number(self.password_min_length, "password_min_length")?
                .unwrap_or(standard.password_min_length),
            service_names: all(self.service_names, "service_names")?
                .unwrap_or(standard.service_names),
            argon2_memory_kib: number(self.argon2_memory_kib, "argon2_memory_kib")?
                .unwrap_or(standard.argon2_memory_kib),
            argon2_iterations: number(self.argon2_iterations, "argon2_iterations")?
                .unwrap_or(standard.argon2_iterations),
            argon2_portable: standard.argon2_portable,
            memory_budget_kib: number(self.memory_budget_kib, "memory_budget_kib")?
                .unwrap_or(standard.memory_budget_kib),
            requests_per_minute: standard.requests_per_minute,
            migrate: self.migrate.unwrap_or(standard.migrate),
        })
    }
}

impl CreateUser {
    pub(crate) fn checked(self) -> Result<reset_password::CreateUser, Error> {
        Ok(reset_password::CreateUser {
            email: self.email.as_field("email")?.to_owned(),
            password: password(self.password.as_ref())?,
            password_hash: hash(self.password_hash.as_ref()),
            email_verified: self.email_verified.unwrap_or(false),
            first_name: field(self.first_name.as_ref(), "first_name")?,
            last_name: field(self.last_name.as_ref(), "last_name")?,
            name: field(self.name.as_ref(), "name")?,
            external_id: field(self.external_id.as_ref(), "external_id")?,
            metadata: metadata(self.metadata)?.unwrap_or_default(),
            locale: field(self.locale.as_ref(), "locale")?,
        })
    }
}

impl UpdateUser {
    pub(crate) fn checked(self) -> Result<reset_password::UpdateUser, Error> {
        Ok(reset_password::UpdateUser {
            email: field(self.email.as_ref(), "email")?,
            password: password(self.password.as_ref())?,
            password_hash: hash(self.password_hash.as_ref()),
            email_verified: self.email_verified,
            first_name: field(self.first_name.as_ref(), "first_name")?,
            last_name: field(self.last_name.as_ref(), "last_name")?,
            name: field(self.name.as_ref(), "name")?,
            external_id: field(self.external_id.as_ref(), "external_id")?,
            metadata: metadata(self.metadata)?,
            locale: field(self.locale.as_ref(), "locale")?,
        })
    }
}

impl ListUsers {
    pub(crate) fn checked(self) -> Result<reset_password::ListUsers, Error> {
        let order = match self.order.as_ref().map(Text::as_name) {
            None | Some("desc") => Order::Desc,
            Some("asc") => Order::Asc,
            Some(_) => {
                return Err(Error::field(
                    "order",
                    "invalid",
                    "order must be asc or desc",
                ));
            }
        };
        Ok(reset_password::ListUsers {
            email: field(self.email.as_ref(), "email")?,
            limit: self.limit.map(limit),
            before: self.before.as_ref().map(|id| id.as_name().to_owned()),
            after: self.after.as_ref().map(|id| id.as_name().to_owned()),
            order,
        })
    }
}

/// A limit. One that the engine's type cannot hold becomes one that the engine refuses.
pub(crate) fn limit(limit: i64) -> u32 {
    u32::try_from(limit).unwrap_or(if limit < 0 { 0 } else { u32::MAX })
}

fn field(text: Option<&Text>, name: &'static str) -> Result<Option<String>, Error> {
    text.map(|text| text.as_field(name).map(str::to_owned))
        .transpose()
}

fn option(text: Option<&Text>, name: &'static str) -> Result<Option<String>, Error> {
    text.map(|text| text.as_option(name).map(str::to_owned))
        .transpose()
}

fn secret(text: Option<&Text>, name: &'static str) -> Result<Option<SecretString>, Error> {
    text.map(|text| text.as_option(name).map(Into::into))
        .transpose()
}

fn all(texts: Option<Vec<Text>>, name: &'static str) -> Result<Option<Vec<String>>, Error> {
    let owned = |text: &Text| text.as_option(name).map(str::to_owned);
    texts
        .map(|texts| texts.iter().map(owned).collect())
        .transpose()
}

fn password(text: Option<&Text>) -> Result<Option<SecretString>, Error> {
    text.map(|text| text.as_password().map(Into::into))
        .transpose()
}

/// No hash is of anything but ASCII, so one that is not Unicode is refused as a hash.
fn hash(text: Option<&Text>) -> Option<SecretString> {
    text.map(|text| text.as_name().into())
}

fn metadata(pairs: Option<Vec<(Text, Text)>>) -> Result<Option<BTreeMap<String, String>>, Error> {
    let owned = |text: &Text| text.as_field("metadata").map(str::to_owned);
    let Some(pairs) = pairs else {
        return Ok(None);
    };
    let metadata = pairs
        .iter()
        .map(|(key, value)| Ok((owned(key)?, owned(value)?)))
        .collect::<Result<BTreeMap<_, _>, Error>>()?;
    if metadata.len() < pairs.len() {
        let message = "metadata must hold each key once";
        return Err(Error::field("metadata", "ambiguous", message));
    }
    Ok(Some(metadata))
}

fn number(number: Option<i64>, name: &'static str) -> Result<Option<u32>, Error> {
    let out_of_range = |_| {
        Error::config(format!(
            "{name} must be a whole number from 0 to {}",
            u32::MAX
        ))
    };
    number
        .map(|number| u32::try_from(number).map_err(out_of_range))
        .transpose()
}
