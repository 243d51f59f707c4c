//! The use cases.

mod api_keys;
mod audit;
mod authenticate;
mod check_password;
mod confirm;
mod events;
mod keys;
mod login_attempts;
mod messages;
mod page;
mod purge;
mod rehearsal;
mod replay;
mod reports;
mod resets;
mod signs;
mod users;
mod webhook_deliveries;
mod webhooks;

use std::{
    convert::Infallible,
    num::NonZero,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32},
    },
    thread,
    time::Duration,
};

use secrecy::{ExposeSecret, SecretString};

pub use self::replay::RequestIdentity;
use crate::{
    address_rule::AddressRule,
    admission::{Admission, Capacity, Class, Load, Permit, Source},
    audit::AuditWriter,
    caller::Caller,
    clock::{Clock, Timestamp},
    credential::{PasswordForm, StoredPassword, UserRecord},
    email::Email,
    error::{Code, Detail, Error},
    keyring::{Keyring, Keys},
    lifetime,
    password::{
        account::Account,
        hash::{Argon2Params, HashForm, Import, Work},
        normal::NormalizedPassword,
        policy::Policy,
    },
    process::PerProcess,
    random::{self, Random},
    request_limit::RequestBudget,
    reset::ResetUrl,
    store::{Store, StoreError, Transaction, UserKey},
    suppression::Suppression,
    user::User,
};

/// How long a unit of work pauses before each time that it is run again.
const PAUSES: [Duration; 6] = [
    Duration::ZERO,
    Duration::from_millis(2),
    Duration::from_millis(10),
    Duration::from_millis(50),
    Duration::from_millis(200),
    Duration::from_millis(800),
];

/// How an engine behaves. Every part has been checked by its own constructor.
pub struct Config {
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where secrets come from.
    pub random: Arc<dyn Random>,
    /// The secret keys.
    pub keys: Keys,
    /// What another system appended to each password that it hashed (`peppered$`).
    pub pepper: Option<SecretString>,
    /// What passwords may be chosen.
    pub policy: Policy,
    /// The cost of a hash.
    pub argon2: Argon2Params,
    /// How a hash is written.
    pub hash_form: HashForm,
    /// How the users' table compares addresses.
    pub address_rule: AddressRule,
    /// The page that links lead to.
    pub reset_url: ResetUrl,
    /// How long a token works.
    pub token_lifetime: Duration,
    /// How long the token of a reset works that a trusted server makes for a user who has no password yet.
    pub first_password_lifetime: Duration,
    /// Whether a copy of each token is kept, sealed, so that its link can be shown again.
    pub seal_tokens: bool,
    /// Whether there is an outbox: links that are asked for and notices of changes wait in the database until a mailer
    /// takes them. It needs `seal_tokens`.
    pub messages: bool,
    /// Memory that all hashes at work may take together, in KiB.
    pub memory_budget_kib: u32,
    /// Processor cores that may hash.
    pub cores: NonZero<usize>,
    /// How many requests of public forms this process answers a minute.
    pub requests_per_minute: NonZero<u32>,
}

/// The reset engine on a store.
pub struct Engine<S> {
    store: S,
    config: Config,
    admission: PerProcess<Admission>,
    requests: RequestBudget,
    suppression: PerProcess<Suppression>,
    /// Whether the last failed login could not be counted or recorded, so that the next is counted before its
    /// password is looked at.
    counts_in_advance: AtomicBool,
    /// How many resets were made and failed logins counted, to sweep now and then.
    written: AtomicU32,
}

impl<S: Store> Engine<S> {
    /// Shortest and longest lifetime of a token.
    pub const TOKEN_LIFETIME: [Duration; 2] = [Duration::from_mins(5), lifetime::LONGEST];

    /// The same of one that sets a first password, as in an invitation.
    pub const FIRST_PASSWORD_LIFETIME: [Duration; 2] =
        [Duration::from_mins(5), lifetime::LONGEST_OF_FIRST];

    /// An engine on an open store.
    ///
    /// # Errors
    ///
    /// `config_invalid` when a lifetime is outside [`Self::TOKEN_LIFETIME`] or [`Self::FIRST_PASSWORD_LIFETIME`], or there
    /// are to be messages whose tokens are not kept.
    pub fn new(store: S, config: Config) -> Result<Self, Error> {
        let [shortest, longest] = Self::TOKEN_LIFETIME;
        if !(shortest..=longest).contains(&config.token_lifetime) {
            return Err(Error::config(
                "token_lifetime must be from 300 to 86,400 seconds (5 minutes to 24 hours)",
            ));
        }
        let [shortest, longest] = Self::FIRST_PASSWORD_LIFETIME;
        if !(shortest..=longest).contains(&config.first_password_lifetime) {
            return Err(Error::config(
                "first_password_lifetime must be from 300 to 604,800 seconds (5 minutes to 7 days)",
            ));
        }
        if config.messages && !config.seal_tokens {
            return Err(Error::config(
                "messages need seal_tokens: a link is made of the sealed copy of its token when it is sent",
            ));
        }
        Ok(Self {
            store,
            requests: RequestBudget::new(config.requests_per_minute),
            config,
            admission: PerProcess::new(),
            suppression: PerProcess::new(),
            counts_in_advance: AtomicBool::new(false),
            written: AtomicU32::new(0),
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

    /// Looks whether the database answers.
    ///
    /// # Errors
    ///
    /// `storage_unavailable`.
    pub fn check_ready(&self) -> Result<(), Error> {
        self.store.key_id()?;
        Ok(())
    }

    /// Hashes begun in this process so far, for tests and metrics.
    pub fn hashes_started(&self) -> u64 {
        self.admission
            .get()
            .map_or(0, |admission| admission.started())
    }

    /// How long all hashes of this process were at work that have ended, for metrics.
    pub fn hash_time(&self) -> Duration {
        self.admission
            .get()
            .map_or(Duration::ZERO, |admission| admission.time())
    }

    /// The most hashes that were at work in this process at one time so far, for tests and metrics.
    pub fn hashes_at_once(&self) -> usize {
        self.admission
            .get()
            .map_or(0, |admission| admission.most_at_once())
    }

    /// Hashes that are at work in this process at this moment, and calls that wait for theirs, for metrics.
    pub fn hash_load(&self) -> Load {
        self.admission
            .get()
            .map_or_else(Load::default, |admission| admission.load())
    }

    /// Runs a unit of work until it is committed or refused. What failed for no reason of its own is run
    /// again as a whole, a few times, so the work may run more than once and does nothing outside its
    /// transaction. An outcome that nobody told is read, not guessed. Where another process has replaced the key,
    /// it is run again with the new one.
    fn transact<T>(
        &self,
        work: impl Fn(&mut S::Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, Error> {
        self.transact_as(|| AuditWriter::new(&self.keys()), work)
    }

    /// The same, with another writer of the trail than the current caller's.
    fn transact_as<T>(
        &self,
        audit: impl Fn() -> AuditWriter,
        work: impl Fn(&mut S::Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, Error> {
        let mut pauses = PAUSES.into_iter();
        let (mut has_waited, mut has_followed) = (false, false);
        loop {
            let attempt = self.store.begin(audit()).and_then(|mut transaction| {
                let done = work(&mut transaction)?;
                match transaction.commit() {
                    Ok(()) => Ok(done),
                    Err(StoreError::CommitUnknown { event_id, source }) => {
                        let committed = match event_id {
                            Some(id) => self.has_committed(&id)?,
                            None => false,
                        };
                        committed
                            .then_some(done)
                            .ok_or(StoreError::Transient(source))
                    }
                    Err(error) => Err(error),
                }
            });
            match (attempt, pauses.next()) {
                (Err(StoreError::KeyReplaced), Some(_)) if !has_followed => {
                    self.follow_key()?;
                    has_followed = true;
                }
                // It has waited for seconds already, so it is run again once.
                (Err(StoreError::LockTimeout(reason)), Some(_)) if !has_waited => {
                    tracing::debug!(%reason, "a transaction is run again");
                    has_waited = true;
                }
                (Err(StoreError::Transient(reason)), Some(pause)) => {
                    tracing::debug!(%reason, "a transaction is run again");
                    thread::park_timeout(pause);
                }
                (attempt, _) => return Ok(attempt?),
            }
        }
    }

    /// Whether a transaction whose commit was not answered has been committed. The database may be coming
    /// back, so it is asked a few times; where it never answers nothing is claimed.
    fn has_committed(&self, event_id: &str) -> Result<bool, StoreError> {
        let mut pauses = PAUSES.into_iter();
        loop {
            match (self.store.has_committed(event_id), pauses.next()) {
                // A lock that is waited for in vain is that of the very transaction: it has not ended yet.
                (
                    Err(
                        StoreError::LockTimeout(_)
                        | StoreError::Transient(_)
                        | StoreError::Unavailable(_),
                    ),
                    Some(pause),
                ) => {
                    thread::park_timeout(pause);
                }
                // Nobody may run it again, for it may have been committed.
                (Err(StoreError::LockTimeout(source) | StoreError::Transient(source)), None) => {
                    return Err(StoreError::Unavailable(source));
                }
                (answer, _) => return answer,
            }
        }
    }

    fn now(&self) -> Timestamp {
        self.config.clock.now()
    }

    /// The secret keys as they are now.
    #[must_use]
    pub fn keys(&self) -> Arc<Keyring> {
        self.config.keys.ring()
    }

    fn random(&self) -> &dyn Random {
        &*self.config.random
    }

    fn user(&self, key: UserKey<'_>) -> Result<UserRecord, Error> {
        let user = self.store.find_user(key)?;
        user.ok_or_else(|| Code::UserNotFound.into())
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
        self.judge_for(password, &account)
            .map_err(Error::password_rejected)
    }

    /// What is hashed of a password, if the policy lets it be chosen and the form of the hash holds all of it.
    fn judge_for(
        &self,
        password: &str,
        account: &Account<'_>,
    ) -> Result<NormalizedPassword, Vec<Detail>> {
        let form = self.config.hash_form;
        let normal = self.config.policy.judge(password, account)?;
        if !form.holds(password.as_bytes()) {
            return Err(vec![Policy::unread(password)]);
        }
        Ok(if self.has_own_table() {
            normal
        } else {
            NormalizedPassword::as_typed(password)
        })
    }

    /// Whether users are in the engine's own table, whose passwords are in their normal form.
    const fn has_own_table(&self) -> bool {
        matches!(self.config.address_rule, AddressRule::Canonical)
    }

    /// What lets this process's hashing jobs in.
    fn admission(&self) -> Arc<Admission> {
        let admission = self.admission.get_or_make(|| {
            Ok::<_, Infallible>(Admission::new(Capacity {
                budget_kib: self.config.memory_budget_kib,
                hash_kib: self.config.argon2.memory_kib(),
                cores: self.config.cores,
            }))
        });
        match admission {
            Ok(admission) => admission,
            Err(never) => match never {},
        }
    }

    /// Waits for a turn to do a hashing job for an account, outside any transaction.
    fn admit<T>(
        &self,
        class: Class,
        account: &str,
        memory_kib: u32,
        job: impl FnOnce(Permit<'_>) -> T,
    ) -> Result<T, Error> {
        let client = Caller::current().client;
        let source = Source {
            account,
            client: client.as_deref(),
        };
        let admission = self.admission();
        let permit = admission.admit(class, source, memory_kib)?;
        Ok(job(permit))
    }

    /// Hashes a password for an account, which has a hash at present or none.
    fn hash(
        &self,
        class: Class,
        account: &str,
        password: &NormalizedPassword,
        present: Option<&str>,
    ) -> Result<StoredPassword, Error> {
        let Config {
            argon2: params,
            hash_form,
            ..
        } = self.config;
        let salt = random::bytes(self.random())?;
        let hash = self.admit(class, account, hash_form.memory_kib(params), |permit| {
            permit.run(&*self.config.clock, |arena| {
                let pepper = self.config.pepper.as_ref();
                let mut work = Work {
                    params,
                    arena,
                    salt: &salt,
                    pepper,
                };
                hash_form.write(&mut work, password.as_bytes(), present)
            })
        })??;
        let form = if self.has_own_table() {
            PasswordForm::Nfc
        } else {
            PasswordForm::Raw
        };
        Ok(StoredPassword { hash, form })
    }

    /// The password or the imported hash that a user is created or updated with.
    fn credential(
        &self,
        password: Option<&SecretString>,
        password_hash: Option<&SecretString>,
        user: &User,
        (class, account): (Class, &str),
    ) -> Result<NewCredential, Error> {
        match (password, password_hash) {
            (None, None) => Ok(NewCredential::Same),
            (Some(password), None) => {
                let password = self.judge(password.expose_secret(), user)?;
                self.hash(class, account, &password, None)
                    .map(NewCredential::Password)
            }
            (None, Some(hash)) => {
                let hash = hash.expose_secret();
                Ok(match Import::read(hash, self.config.pepper.as_ref())? {
                    Import::Hash => NewCredential::Password(StoredPassword {
                        hash: hash.to_owned(),
                        form: PasswordForm::Raw,
                    }),
                    Import::MustReset => NewCredential::Nothing,
                })
            }
            (Some(_), Some(_)) => Err(Code::PasswordAndPasswordHashProvided.into()),
        }
    }
}

/// What a user logs in with after a change.
enum NewCredential {
    /// What it was.
    Same,
    /// Nothing, until a reset gives them a password.
    Nothing,
    /// This password.
    Password(StoredPassword),
}

impl NewCredential {
    const fn password(&self) -> Option<&StoredPassword> {
        match self {
            Self::Password(password) => Some(password),
            Self::Same | Self::Nothing => None,
        }
    }
}

/// The address, for calls where a malformed one is like an unknown one.
fn known_form(email: &str) -> Option<Email> {
    Email::parse(email).ok()
}
