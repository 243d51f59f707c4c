//! Arguments with many parts. What is left out has the engine's default, which is not repeated here.
//!
//! Generated from bindings/api by scripts/update; changes here are lost.

use std::{collections::HashMap, fmt};

use reset_password_bindings::Arguments;

use crate::{InputText, into_argument::IntoArgument};

/// How an engine is to behave: see `docs/reference/options.md`.
#[derive(uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Options {
    /// The secret key: 64 hexadecimal characters.
    #[uniffi(default = None)]
    pub key: Option<InputText>,
    /// The file that the secret key is in; `<database>.key` by default.
    #[uniffi(default = None)]
    pub key_file: Option<InputText>,
    /// Earlier keys, at most 3; links made with them go on working.
    #[uniffi(default = None)]
    pub previous_keys: Option<Vec<InputText>>,
    /// The page that links lead to.
    #[uniffi(default = None)]
    pub reset_url: Option<InputText>,
    /// How long a token works, in seconds: 300 to 86,400, 1,800 by default.
    #[uniffi(default = None)]
    pub token_lifetime: Option<i64>,
    /// How long a token works that `create_password_reset` makes for a user without a password, in seconds: 300 to 604,800, `token_lifetime` by default.
    #[uniffi(default = None)]
    pub first_password_lifetime: Option<i64>,
    /// Whether an encrypted copy of each token is kept while it lives. True by default.
    #[uniffi(default = None)]
    pub seal_tokens: Option<bool>,
    /// Least length of a password in code points: 8 to 64, 15 by default.
    #[uniffi(default = None)]
    pub password_min_length: Option<i64>,
    /// Names of the service, which no password may be a version of.
    #[uniffi(default = None)]
    pub service_names: Option<Vec<InputText>>,
    /// What another system appended to passwords before it hashed them, for hashes imported as `peppered$…`.
    #[uniffi(default = None)]
    pub pepper: Option<InputText>,
    /// The file that the pepper is in.
    #[uniffi(default = None)]
    pub pepper_file: Option<InputText>,
    /// Memory of one hash, in KiB; 65,536 by default.
    #[uniffi(default = None)]
    pub argon2_memory_kib: Option<i64>,
    /// Passes of one hash over its memory; 3 by default.
    #[uniffi(default = None)]
    pub argon2_iterations: Option<i64>,
    /// Whether hashes are computed by the portable code alone, in about twice the time. False by default.
    #[uniffi(default = None)]
    pub argon2_portable: Option<bool>,
    /// Memory of all hashes at work in this process, in KiB; 262,144 by default.
    #[uniffi(default = None)]
    pub memory_budget_kib: Option<i64>,
    /// Requests of public forms that this process answers a minute: 1 to 1,000,000, 6,000 by default.
    #[uniffi(default = None)]
    pub requests_per_minute: Option<i64>,
    /// The users' table that is there already: a preset's name, such as `django`, a file of a mapping, or the mapping in TOML.
    #[uniffi(default = None)]
    pub users: Option<InputText>,
    /// Whether links that are asked for, and notices of changes, wait for a mailer, which takes them by `messages`. False by default.
    #[uniffi(default = None)]
    pub messages: Option<bool>,
    /// Whether the tables are made or brought up to date. True by default.
    #[uniffi(default = None)]
    pub migrate: Option<bool>,
}

impl Options {
    /// In the order of the description.
    pub(crate) fn into_arguments(self) -> Arguments {
        vec![
            self.key.into_argument(),
            self.key_file.into_argument(),
            self.previous_keys.into_argument(),
            self.reset_url.into_argument(),
            self.token_lifetime.into_argument(),
            self.first_password_lifetime.into_argument(),
            self.seal_tokens.into_argument(),
            self.password_min_length.into_argument(),
            self.service_names.into_argument(),
            self.pepper.into_argument(),
            self.pepper_file.into_argument(),
            self.argon2_memory_kib.into_argument(),
            self.argon2_iterations.into_argument(),
            self.argon2_portable.into_argument(),
            self.memory_budget_kib.into_argument(),
            self.requests_per_minute.into_argument(),
            self.users.into_argument(),
            self.messages.into_argument(),
            self.migrate.into_argument(),
        ]
    }
}

/// Makes a user. A password is held to the policy. A hash from another system is taken as it is, and replaced by a current one when the user signs in.
#[derive(uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct CreateUser {
    /// The address: at most 254 octets, 64 before the `@`.
    pub email: InputText,
    /// A password, held to the policy.
    #[uniffi(default = None)]
    pub password: Option<InputText>,
    /// Or the hash of one, from another system; not both.
    #[uniffi(default = None)]
    pub password_hash: Option<InputText>,
    /// Whether the address is known to be the user's. False by default.
    #[uniffi(default = None)]
    pub email_verified: Option<bool>,
    /// Given name: at most 256 characters.
    #[uniffi(default = None)]
    pub first_name: Option<InputText>,
    /// Family name: at most 256 characters.
    #[uniffi(default = None)]
    pub last_name: Option<InputText>,
    /// Full name: at most 256 characters.
    #[uniffi(default = None)]
    pub name: Option<InputText>,
    /// The id that another system knows the user by: at most 128 visible ASCII characters, unique.
    #[uniffi(default = None)]
    pub external_id: Option<InputText>,
    /// At most 50 keys of at most 40 characters, values of at most 600.
    #[uniffi(default = None)]
    pub metadata: Option<HashMap<InputText, InputText>>,
    /// Language tag of at most 35 characters.
    #[uniffi(default = None)]
    pub locale: Option<InputText>,
    /// When the user came to be, where another system knows: RFC 3339, 1970 to now. Now by default.
    #[uniffi(default = None)]
    pub created_at: Option<InputText>,
}

impl CreateUser {
    /// In the order of the description.
    pub(crate) fn into_arguments(self) -> Arguments {
        vec![
            self.email.into_argument(),
            self.password.into_argument(),
            self.password_hash.into_argument(),
            self.email_verified.into_argument(),
            self.first_name.into_argument(),
            self.last_name.into_argument(),
            self.name.into_argument(),
            self.external_id.into_argument(),
            self.metadata.into_argument(),
            self.locale.into_argument(),
            self.created_at.into_argument(),
        ]
    }
}

/// Reads a page of users. The newest come first, unless `order` says otherwise.
#[derive(uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ListUsers {
    /// Only the user with this address.
    #[uniffi(default = None)]
    pub email: Option<InputText>,
    /// Users on a page: 1 to 100, 10 by default.
    #[uniffi(default = None)]
    pub limit: Option<i64>,
    /// The page that ends before this user.
    #[uniffi(default = None)]
    pub before: Option<InputText>,
    /// The page that begins after this user.
    #[uniffi(default = None)]
    pub after: Option<InputText>,
    /// By creation: `asc` oldest first, `desc` newest first, which is the default.
    #[uniffi(default = None)]
    pub order: Option<InputText>,
}

impl ListUsers {
    /// In the order of the description.
    pub(crate) fn into_arguments(self) -> Arguments {
        vec![
            self.email.into_argument(),
            self.limit.into_argument(),
            self.before.into_argument(),
            self.after.into_argument(),
            self.order.into_argument(),
        ]
    }
}

/// Changes a user; what is left out stays as it is. An empty text clears a name, the locale or the external id. Metadata that is given replaces all of it. A new address or password ends the user's live reset.
#[derive(uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct UpdateUser {
    /// A new address. It counts as unverified unless `email_verified` is given true with it.
    #[uniffi(default = None)]
    pub email: Option<InputText>,
    /// A new password, held to the policy.
    #[uniffi(default = None)]
    pub password: Option<InputText>,
    /// Or the hash of one; not both.
    #[uniffi(default = None)]
    pub password_hash: Option<InputText>,
    /// True marks the address verified; false is allowed only while it is not, or with a new address.
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

impl UpdateUser {
    /// In the order of the description.
    pub(crate) fn into_arguments(self) -> Arguments {
        vec![
            self.email.into_argument(),
            self.password.into_argument(),
            self.password_hash.into_argument(),
            self.email_verified.into_argument(),
            self.first_name.into_argument(),
            self.last_name.into_argument(),
            self.name.into_argument(),
            self.external_id.into_argument(),
            self.metadata.into_argument(),
            self.locale.into_argument(),
        ]
    }
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
