//! The use cases.

mod api_keys;
mod audit;
mod authenticate;
mod confirm;
mod feed;
mod request;
mod users;

use std::{convert::Infallible, num::NonZero, sync::Arc, time::Duration};

use secrecy::{ExposeSecret, SecretString};

pub use self::confirm::RequestIdentity;
use crate::{
    admission::{Admission, Capacity, Permit},
    audit::Scribe,
    clock::{Clock, Timestamp},
    email::Email,
    error::{Code, Error},
    key::Keyring,
    password::{
        hash::{self, Argon2Params, StoredHash},
        normal::NormalizedPassword,
        policy::{Account, Policy},
    },
    process::PerProcess,
    random::{self, Random},
    reset::ResetUrl,
    store::{PasswordForm, Store, StoredPassword, UserKey, UserRecord},
    user::User,
};

/// How an engine behaves. Every part has been checked by its own constructor.
pub struct Config {
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where secrets come from.
    pub random: Arc<dyn Random>,
    /// The secret keys.
    pub keys: Keyring,
    /// What passwords may be chosen.
    pub policy: Policy,
    /// The cost of a hash.
    pub argon2: Argon2Params,
    /// The page that links lead to.
    pub reset_url: ResetUrl,
    /// How long a token works.
    pub token_lifetime: Duration,
    /// Whether a copy of each token is kept, sealed, so that its link can be shown again.
    pub seal_tokens: bool,
    /// Memory that all hashes at work may take together, in KiB.
    pub memory_budget_kib: u32,
    /// Processor cores that may hash.
    pub cores: NonZero<usize>,
}

/// The reset engine on a store.
pub struct Engine<S> {
    store: S,
    config: Config,
    admission: PerProcess<Admission>,
}

impl<S: Store> Engine<S> {
    /// Shortest and longest lifetime of a token.
    pub const TOKEN_LIFETIME: [Duration; 2] = [Duration::from_mins(5), Duration::from_hours(24)];

    /// An engine on an open store.
    ///
    /// # Errors
    ///
    /// `config_invalid` when the lifetime is outside [`Self::TOKEN_LIFETIME`].
    pub fn new(store: S, config: Config) -> Result<Self, Error> {
        let [shortest, longest] = Self::TOKEN_LIFETIME;
        if !(shortest..=longest).contains(&config.token_lifetime) {
            return Err(Error::config(
                "token_lifetime must be from 300 to 86,400 seconds (5 minutes to 24 hours)",
            ));
        }
        Ok(Self {
            store,
            config,
            admission: PerProcess::new(),
        })
    }

    /// The store.
    pub const fn store(&self) -> &S {
        &self.store
    }

    /// The configuration.
    pub const fn config(&self) -> &Config {
        &self.config
    }

    /// Hashes begun in this process so far, for tests and metrics.
    pub fn hashes_started(&self) -> u64 {
        self.admission
            .get()
            .map_or(0, |admission| admission.started())
    }

    /// Writes the audit trail on behalf of the present caller.
    pub fn scribe(&self) -> Scribe<'_> {
        Scribe::new(&self.config.keys)
    }

    fn now(&self) -> Timestamp {
        self.config.clock.now()
    }

    fn random(&self) -> &dyn Random {
        &*self.config.random
    }

    async fn user(&self, key: UserKey<'_>) -> Result<UserRecord, Error> {
        self.store
            .find_user(key)
            .await?
            .ok_or_else(|| Code::UserNotFound.into())
    }

    /// The password in the form that is hashed, or every rule that it breaks.
    fn judge(&self, password: &str, user: &User) -> Result<NormalizedPassword, Error> {
        let names = [
            &user.first_name,
            &user.last_name,
            &user.name,
            &user.external_id,
        ];
        let account = Account {
            email: Some(&user.email),
            names: names.into_iter().flatten().map(String::as_str).collect(),
        };
        self.config
            .policy
            .judge(password, &account)
            .map_err(Error::password_rejected)
    }

    async fn admit(&self, memory_kib: u32) -> Result<Permit, Error> {
        let admission = self.admission.get_or_make(|| {
            Ok::<_, Infallible>(Admission::new(Capacity {
                budget_kib: self.config.memory_budget_kib,
                hash_kib: self.config.argon2.memory_kib(),
                cores: self.config.cores,
            }))
        });
        match admission {
            Ok(admission) => admission.admit(memory_kib).await,
            Err(never) => match never {},
        }
    }

    /// Hashes a password, outside any transaction.
    async fn hash(
        &self,
        permit: Permit,
        password: NormalizedPassword,
    ) -> Result<StoredPassword, Error> {
        let params = self.config.argon2;
        let salt = random::bytes(self.random())?;
        let hash = permit
            .run(move |arena| hash::compute(params, arena, password.as_bytes(), &salt))
            .await??;
        Ok(StoredPassword {
            hash,
            form: PasswordForm::Nfc,
        })
    }

    /// The password or the imported hash that a user is created or updated with.
    async fn credential(
        &self,
        password: Option<&SecretString>,
        password_hash: Option<&SecretString>,
        user: &User,
    ) -> Result<Option<StoredPassword>, Error> {
        match (password, password_hash) {
            (None, None) => Ok(None),
            (Some(password), None) => {
                let password = self.judge(password.expose_secret(), user)?;
                let permit = self.admit(self.config.argon2.memory_kib()).await?;
                self.hash(permit, password).await.map(Some)
            }
            (None, Some(hash)) => {
                let hash = hash.expose_secret();
                StoredHash::parse(hash)?;
                Ok(Some(StoredPassword {
                    hash: hash.to_owned(),
                    form: PasswordForm::Raw,
                }))
            }
            (Some(_), Some(_)) => Err(Code::PasswordAndPasswordHashProvided.into()),
        }
    }
}

/// The address, for calls where a malformed one is like an unknown one.
fn known_form(email: &str) -> Option<Email> {
    Email::parse(email).ok()
}
