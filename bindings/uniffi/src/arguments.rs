//! Arguments with many parts. What is left out has the engine's default, which is not repeated here.

use std::{collections::HashMap, fmt};

use reset_password_bindings::arguments;

use crate::InputText;

/// How an engine is to behave: see `docs/reference/options.md`.
#[derive(uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Options {
    /// The secret key, as 64 hexadecimal characters.
    #[uniffi(default = None)]
    pub key: Option<InputText>,
    /// The file that the secret key is in.
    #[uniffi(default = None)]
    pub key_file: Option<InputText>,
    /// Earlier keys.
    #[uniffi(default = None)]
    pub previous_keys: Option<Vec<InputText>>,
    /// The page that links lead to.
    #[uniffi(default = None)]
    pub reset_url: Option<InputText>,
    /// How long a token works, in seconds.
    #[uniffi(default = None)]
    pub token_lifetime: Option<i64>,
    /// Whether a sealed copy of each token is kept.
    #[uniffi(default = None)]
    pub seal_tokens: Option<bool>,
    /// Least length of a password in code points.
    #[uniffi(default = None)]
    pub password_min_length: Option<i64>,
    /// Names of the service.
    #[uniffi(default = None)]
    pub service_names: Option<Vec<InputText>>,
    /// Memory of one hash, in KiB.
    #[uniffi(default = None)]
    pub argon2_memory_kib: Option<i64>,
    /// Passes of one hash over its memory.
    #[uniffi(default = None)]
    pub argon2_iterations: Option<i64>,
    /// Memory of all hashes at work in this process, in KiB.
    #[uniffi(default = None)]
    pub memory_budget_kib: Option<i64>,
    /// Whether the tables are brought up to date.
    #[uniffi(default = None)]
    pub migrate: Option<bool>,
}

impl From<Options> for arguments::Options {
    fn from(given: Options) -> Self {
        Self {
            key: given.key.map(Into::into),
            key_file: given.key_file.map(Into::into),
            previous_keys: given.previous_keys.map(texts),
            reset_url: given.reset_url.map(Into::into),
            token_lifetime: given.token_lifetime,
            seal_tokens: given.seal_tokens,
            password_min_length: given.password_min_length,
            service_names: given.service_names.map(texts),
            argon2_memory_kib: given.argon2_memory_kib,
            argon2_iterations: given.argon2_iterations,
            memory_budget_kib: given.memory_budget_kib,
            migrate: given.migrate,
        }
    }
}

/// What a new user is made of. Only the address must be given.
#[derive(uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct CreateUser {
    /// The address.
    pub email: InputText,
    /// A password.
    #[uniffi(default = None)]
    pub password: Option<InputText>,
    /// Or the hash of one.
    #[uniffi(default = None)]
    pub password_hash: Option<InputText>,
    /// Whether the address is known to be the user's.
    #[uniffi(default = None)]
    pub email_verified: Option<bool>,
    /// Given name.
    #[uniffi(default = None)]
    pub first_name: Option<InputText>,
    /// Family name.
    #[uniffi(default = None)]
    pub last_name: Option<InputText>,
    /// Full name.
    #[uniffi(default = None)]
    pub name: Option<InputText>,
    /// The id that another system knows the user by.
    #[uniffi(default = None)]
    pub external_id: Option<InputText>,
    /// Free text by key.
    #[uniffi(default = None)]
    pub metadata: Option<HashMap<InputText, InputText>>,
    /// Language tag, such as `de` or `pt-BR`.
    #[uniffi(default = None)]
    pub locale: Option<InputText>,
}

impl From<CreateUser> for arguments::CreateUser {
    fn from(given: CreateUser) -> Self {
        Self {
            email: given.email.into(),
            password: given.password.map(Into::into),
            password_hash: given.password_hash.map(Into::into),
            email_verified: given.email_verified,
            first_name: given.first_name.map(Into::into),
            last_name: given.last_name.map(Into::into),
            name: given.name.map(Into::into),
            external_id: given.external_id.map(Into::into),
            metadata: given.metadata.map(pairs),
            locale: given.locale.map(Into::into),
        }
    }
}

/// A change to a user. What is left out stays as it is.
#[derive(uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct UpdateUser {
    /// A new address.
    #[uniffi(default = None)]
    pub email: Option<InputText>,
    /// A new password.
    #[uniffi(default = None)]
    pub password: Option<InputText>,
    /// Or the hash of one.
    #[uniffi(default = None)]
    pub password_hash: Option<InputText>,
    /// Whether the address is known to be the user's.
    #[uniffi(default = None)]
    pub email_verified: Option<bool>,
    /// Given name; an empty text clears it.
    #[uniffi(default = None)]
    pub first_name: Option<InputText>,
    /// Family name; an empty text clears it.
    #[uniffi(default = None)]
    pub last_name: Option<InputText>,
    /// Full name; an empty text clears it.
    #[uniffi(default = None)]
    pub name: Option<InputText>,
    /// The id that another system knows the user by; an empty text clears it.
    #[uniffi(default = None)]
    pub external_id: Option<InputText>,
    /// All of the metadata; empty clears it.
    #[uniffi(default = None)]
    pub metadata: Option<HashMap<InputText, InputText>>,
    /// Language tag; an empty text clears it.
    #[uniffi(default = None)]
    pub locale: Option<InputText>,
}

impl From<UpdateUser> for arguments::UpdateUser {
    fn from(given: UpdateUser) -> Self {
        Self {
            email: given.email.map(Into::into),
            password: given.password.map(Into::into),
            password_hash: given.password_hash.map(Into::into),
            email_verified: given.email_verified,
            first_name: given.first_name.map(Into::into),
            last_name: given.last_name.map(Into::into),
            name: given.name.map(Into::into),
            external_id: given.external_id.map(Into::into),
            metadata: given.metadata.map(pairs),
            locale: given.locale.map(Into::into),
        }
    }
}

/// Which users to list.
#[derive(uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ListUsers {
    /// Only the user with this address.
    #[uniffi(default = None)]
    pub email: Option<InputText>,
    /// Users on a page: 1 to 100.
    #[uniffi(default = None)]
    pub limit: Option<i64>,
    /// The page that ends before this user.
    #[uniffi(default = None)]
    pub before: Option<InputText>,
    /// The page that begins after this user.
    #[uniffi(default = None)]
    pub after: Option<InputText>,
    /// `asc` or `desc`.
    #[uniffi(default = None)]
    pub order: Option<InputText>,
}

impl From<ListUsers> for arguments::ListUsers {
    fn from(given: ListUsers) -> Self {
        Self {
            email: given.email.map(Into::into),
            limit: given.limit,
            before: given.before.map(Into::into),
            after: given.after.map(Into::into),
            order: given.order.map(Into::into),
        }
    }
}

fn texts(texts: Vec<InputText>) -> Vec<reset_password_bindings::Text> {
    texts.into_iter().map(Into::into).collect()
}

fn pairs(
    pairs: HashMap<InputText, InputText>,
) -> Vec<(reset_password_bindings::Text, reset_password_bindings::Text)> {
    pairs
        .into_iter()
        .map(|(key, value)| (key.into(), value.into()))
        .collect()
}

/// Shows the name of the type alone: what is in it may be secret.
macro_rules! redacted {
    ($($name:ident),*) => {
        $(
            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str(concat!(stringify!($name), "([redacted])"))
                }
            }

            impl fmt::Debug for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    fmt::Display::fmt(self, f)
                }
            }
        )*
    };
}

redacted!(CreateUser, ListUsers, Options, UpdateUser);
