//! How an engine is to behave, for every surface.

use std::{num::NonZero, path::PathBuf, sync::Arc, thread, time::Duration};

use reset_password_core::{Argon2Params, Config, Error, Keys, Policy, ResetUrl};
use reset_password_store::UserTables;
use secrecy::SecretString;
use serde::Deserialize;

use crate::{
    pepper,
    system::{SystemClock, SystemRandom},
    users_table,
};

/// How an engine is to behave. Everything has a default that is safe.
///
/// ```
/// use reset_password::Options;
///
/// let options = Options {
///     reset_url: Some("https://example.com/reset-password".into()),
///     service_names: vec!["Example".into()],
///     ..Options::default()
/// };
/// ```
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option by itself")]
pub struct Options {
    /// The secret key, as 64 hexadecimal characters. Without it, or `key_file`, the file that the
    /// environment variable `RESET_PASSWORD_KEY_FILE` names is read, or else `<database>.key`, which is
    /// made if the database is new.
    pub key: Option<SecretString>,
    /// The file that the secret key is in. Keys that it replaced are read from `<key_file>.previous`.
    pub key_file: Option<PathBuf>,
    /// Earlier keys, still accepted for links that were made with them; at most 3.
    pub previous_keys: Vec<SecretString>,
    /// The page that links lead to: https, or http on loopback. Default:
    /// `http://127.0.0.1:8080/reset-password`.
    pub reset_url: Option<String>,
    /// How long a token works, in seconds: 300 to 86,400. Default: 1,800.
    pub token_lifetime: u64,
    /// How long the token works of a reset that `create_password_reset` makes for a user without a password, such as
    /// one who is invited, in seconds: 300 to 604,800. Default: `token_lifetime`.
    pub first_password_lifetime: Option<u64>,
    /// Whether a copy of each token is kept, encrypted under the secret key, so that
    /// `get_password_reset` can show its link again while it lives. Default: true.
    pub seal_tokens: bool,
    /// Whether there is an outbox: the links of `request_password_reset` and `send_password_reset`, and notices of a
    /// changed password or address, wait in the database until a mailer takes them with `messages`. Needs `seal_tokens`.
    /// Default: false, for a host that sends its own mail.
    pub messages: bool,
    /// Least length of a password in code points: 8 to 64. Default: 15, which NIST SP 800-63B-4 asks for
    /// where the password is all there is.
    pub password_min_length: u32,
    /// Names of the service, which no password may be a version of.
    pub service_names: Vec<String>,
    /// What another system appended to each password before it hashed it, such as Devise's `config.pepper`: the hashes
    /// that are imported as `peppered$…` need it until each of their users has logged in. Default: none.
    pub pepper: Option<SecretString>,
    /// The file that the pepper is in, on its first line.
    pub pepper_file: Option<PathBuf>,
    /// Memory of one Argon2id hash, in KiB. Default: 65,536.
    pub argon2_memory_kib: u32,
    /// Passes of one Argon2id hash over its memory. Default: 3.
    pub argon2_iterations: u32,
    /// Whether this process computes its hashes with the `argon2` crate alone, in about twice the time. Default:
    /// false, which leaves it to `argon2-rust` if that gives right answers on this processor.
    pub argon2_portable: bool,
    /// Memory that all hashes at work in this process may take together, in KiB. Default: 262,144.
    pub memory_budget_kib: u32,
    /// How many requests of public forms (`request_password_reset`) this process answers a minute, whatever their
    /// addresses: 1 to 1,000,000. Default: 6,000.
    pub requests_per_minute: u32,
    /// The users' table that is there already: the name of a preset, such as `django`, a file of a mapping (`users.toml`), or the mapping itself in TOML. Default: a table of the
    /// engine's own.
    pub users: Option<String>,
    /// Whether `open` brings the database's tables up to date. Default: true.
    pub migrate: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            key: None,
            key_file: None,
            previous_keys: Vec::new(),
            reset_url: None,
            token_lifetime: 30 * 60,
            first_password_lifetime: None,
            seal_tokens: true,
            messages: false,
            password_min_length: Policy::DEFAULT_MIN_LENGTH,
            service_names: Vec::new(),
            pepper: None,
            pepper_file: None,
            argon2_memory_kib: Argon2Params::DEFAULT.memory_kib(),
            argon2_iterations: Argon2Params::DEFAULT.iterations(),
            argon2_portable: false,
            memory_budget_kib: 256 * 1_024,
            requests_per_minute: 6_000,
            users: None,
            migrate: true,
        }
    }
}

/// The parts of the configuration that need no database, checked.
pub(crate) struct Checked {
    pepper: Option<SecretString>,
    pub(crate) users: Option<UserTables>,
    policy: Policy,
    argon2: Argon2Params,
    reset_url: ResetUrl,
    token_lifetime: Duration,
    first_password_lifetime: Duration,
    requests_per_minute: NonZero<u32>,
}

impl Options {
    pub(crate) fn check(&self) -> Result<Checked, Error> {
        if self.key.is_some() && self.key_file.is_some() {
            return Err(Error::config("give key or key_file, not both"));
        }
        let requests_per_minute = NonZero::new(self.requests_per_minute)
            .filter(|number| number.get() <= 1_000_000)
            .ok_or_else(|| Error::config("requests_per_minute must be from 1 to 1,000,000"))?;
        Ok(Checked {
            requests_per_minute,
            pepper: pepper::read(self)?,
            users: match &self.users {
                None => None,
                Some(users) => Some(users_table::read(users)?.resolve()?),
            },
            policy: Policy::new(self.password_min_length, self.service_names.clone())?,
            argon2: Argon2Params::new(self.argon2_memory_kib, self.argon2_iterations)?,
            reset_url: ResetUrl::new(self.reset_url.as_deref().unwrap_or(ResetUrl::LOCAL))?,
            token_lifetime: Duration::from_secs(self.token_lifetime),
            first_password_lifetime: Duration::from_secs(
                self.first_password_lifetime.unwrap_or(self.token_lifetime),
            ),
        })
    }

    pub(crate) fn config(&self, checked: Checked, keys: Keys) -> Config {
        Config {
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            keys,
            pepper: checked.pepper,
            policy: checked.policy,
            argon2: checked.argon2,
            hash_form: checked
                .users
                .as_ref()
                .map(|users| users.hash_form)
                .unwrap_or_default(),
            address_rule: checked
                .users
                .as_ref()
                .map(|users| users.address_rule)
                .unwrap_or_default(),
            reset_url: checked.reset_url,
            token_lifetime: checked.token_lifetime,
            first_password_lifetime: checked.first_password_lifetime,
            seal_tokens: self.seal_tokens,
            messages: self.messages,
            memory_budget_kib: self.memory_budget_kib,
            cores: thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN),
            requests_per_minute: checked.requests_per_minute,
        }
    }
}
