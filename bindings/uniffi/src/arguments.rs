//! Arguments with many parts. What is left out has the engine's default, which is not repeated here.

use std::{collections::HashMap, fmt};

use reset_password_bindings::{Argument, Arguments};

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

impl Options {
    /// In the order of the description.
    pub(crate) fn into_arguments(self) -> Arguments {
        vec![
            self.key.into_argument(),
            self.key_file.into_argument(),
            self.previous_keys.into_argument(),
            self.reset_url.into_argument(),
            self.token_lifetime.into_argument(),
            self.seal_tokens.into_argument(),
            self.password_min_length.into_argument(),
            self.service_names.into_argument(),
            self.argon2_memory_kib.into_argument(),
            self.argon2_iterations.into_argument(),
            self.memory_budget_kib.into_argument(),
            self.migrate.into_argument(),
        ]
    }
}

/// What a new user is made of. Only the address must be self.
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
        ]
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

/// A value, as the façade takes it.
pub(crate) trait IntoArgument {
    /// The argument; `None` where it was left out.
    fn into_argument(self) -> Option<Argument>;
}

impl IntoArgument for InputText {
    fn into_argument(self) -> Option<Argument> {
        Some(Argument::Text(self.into()))
    }
}

impl IntoArgument for bool {
    fn into_argument(self) -> Option<Argument> {
        Some(Argument::Flag(self))
    }
}

impl IntoArgument for i64 {
    fn into_argument(self) -> Option<Argument> {
        Some(Argument::Number(self))
    }
}

impl IntoArgument for Vec<InputText> {
    fn into_argument(self) -> Option<Argument> {
        let texts = self.into_iter().map(Into::into);
        Some(Argument::Texts(texts.collect()))
    }
}

impl IntoArgument for HashMap<InputText, InputText> {
    fn into_argument(self) -> Option<Argument> {
        let pairs = self.into_iter();
        let pairs = pairs.map(|(key, value)| (key.into(), value.into()));
        Some(Argument::Pairs(pairs.collect()))
    }
}

impl<T: IntoArgument> IntoArgument for Option<T> {
    fn into_argument(self) -> Option<Argument> {
        self.and_then(T::into_argument)
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
