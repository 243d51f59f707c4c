//! What the engine needs of a database.
//!
//! Every method is one transaction: it happens as a whole, durably, or not at all. Wherever a rule of
//! the core must be applied to a row that is locked, the method takes the rule as a function. What a
//! method changes it records in the audit trail, in the same transaction, as its [`Scribe`] says.

use std::{error::Error as StdError, future::Future, time::Duration};

use thiserror::Error;

use crate::{
    api_key::{ApiKey, ApiKeyRecord},
    audit::{AuditRow, Scribe, TrailMarks},
    clock::Timestamp,
    email::Email,
    engine::RequestIdentity,
    error::{Code, Error},
    event::{Event, EventKind},
    key::Digest,
    reset::ResetRecord,
    user::{Order, User},
};

/// A user as it is stored.
#[derive(Clone)]
pub struct UserRecord {
    /// What callers see.
    pub user: User,
    /// The address in the form that accounts are found by, unique in the table.
    pub email_lookup: String,
    /// The password, if the user has one.
    pub password: Option<StoredPassword>,
}

/// A password as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredPassword {
    /// The hash, which names its own scheme and cost.
    pub hash: String,
    /// What was hashed.
    pub form: PasswordForm,
}

/// What a stored hash is a hash of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordForm {
    /// The password in Unicode's normal form C: every hash that the engine writes.
    Nfc,
    /// The password exactly as it was typed: imported hashes.
    Raw,
}

/// What a token is bound to: change any of it, and the token is dead.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// The look-up form of the address that mail goes to.
    pub email: String,
    /// The form that the account is found by. The two are equal unless one of the columns was changed
    /// without the other.
    pub email_lookup: String,
    /// The present hash, if the user has a password.
    pub password_hash: Option<String>,
}

impl Credential {
    /// Whether the account is still the one that this address belongs to.
    #[must_use]
    pub fn has_address_of(&self, other: &Self) -> bool {
        self.email == other.email && self.email_lookup == other.email_lookup
    }
}

impl UserRecord {
    /// What this user's tokens are bound to.
    #[must_use]
    pub fn credential(&self) -> Credential {
        let email = Email::parse(&self.user.email);
        Credential {
            email: email.map_or_else(
                |_| self.user.email.clone(),
                |email| email.lookup().to_owned(),
            ),
            email_lookup: self.email_lookup.clone(),
            password_hash: self.password.as_ref().map(|password| password.hash.clone()),
        }
    }
}

/// How a user is named.
#[derive(Clone, Copy)]
pub enum UserKey<'a> {
    /// By address, in its look-up form.
    EmailLookup(&'a str),
    /// By the other system's id.
    ExternalId(&'a str),
    /// By id.
    Id(&'a str),
}

/// A page of users to read.
pub struct UserPage<'a> {
    /// Only the user with this look-up address.
    pub email_lookup: Option<&'a str>,
    /// At most so many.
    pub limit: u32,
    /// Beyond this user, in the direction of `order`.
    pub beyond: Option<&'a str>,
    /// The direction to read in.
    pub order: Order,
}

/// A page of the feed to read.
pub struct EventPage<'a> {
    /// Only these kinds; all, where none is named.
    pub kinds: &'a [EventKind],
    /// Beyond this event.
    pub after: Option<&'a str>,
    /// At most so many.
    pub limit: u32,
}

/// A change to a user, decided while the row is locked.
pub struct Amendment {
    /// The row to write.
    pub record: UserRecord,
    /// Whether the user's live reset dies.
    pub void_resets: bool,
    /// What the trail tells of it.
    pub event: Event,
}

/// Decides a change from the row as it stands.
pub type Amend<'a> = &'a (dyn Fn(UserRecord) -> Result<Amendment, Error> + Send + Sync);

/// A new reset that takes the place of the user's earlier one.
pub struct Replacement<'a> {
    /// The row to write, but for its fingerprint.
    pub reset: &'a ResetRecord,
    /// The fingerprint for the credential that stands under the lock (`None`: there is no such user),
    /// or `None` if the reset must not be made.
    pub bind: &'a (dyn Fn(Option<&Credential>) -> Option<Digest> + Send + Sync),
    /// How many resets may be asked for, where they are counted.
    pub limit: Option<RequestLimit<'a>>,
    /// What the trail tells of it.
    pub event: &'a Event,
    /// Who writes the trail.
    pub scribe: &'a Scribe<'a>,
}

/// A count of requests for one address.
#[derive(Clone, Copy)]
pub struct RequestLimit<'a> {
    /// The keyed digest of the address.
    pub address: &'a Digest,
    /// At most so many requests since each moment.
    pub windows: &'a [(Timestamp, u32)],
}

/// What became of a new reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replaced {
    /// It was not made: a window of the limit is full. Nothing was changed.
    Limited,
    /// It was made, and the earlier one is dead.
    Made,
    /// It was not made: the credential is not the expected one. Nothing was changed.
    Refused,
}

/// A password to be set by spending a token.
pub struct Consumption<'a> {
    /// The reset that the token belongs to, as it was found.
    pub reset: &'a ResetRecord,
    /// Now, which must be before the reset expires.
    pub now: Timestamp,
    /// The new password.
    pub password: &'a StoredPassword,
    /// Whether the row as it stands under the lock is intact and bound to the credential that stands.
    pub binds: &'a (dyn Fn(&ResetRecord, &Credential) -> bool + Send + Sync),
    /// What knows the same request again, if it is repeated because its answer was lost.
    pub request: Option<Digest>,
    /// What the trail tells of it.
    pub event: &'a Event,
    /// Who writes the trail.
    pub scribe: &'a Scribe<'a>,
}

/// A password hash replaced by a better one of the same password.
pub struct Upgrade<'a> {
    /// The user.
    pub user_id: &'a str,
    /// The hash that must still be in force.
    pub old: &'a str,
    /// What replaces it.
    pub new: &'a StoredPassword,
    /// The live reset's new fingerprint, or `None` if it was not bound to the old hash.
    pub rebind:
        &'a (dyn Fn(&ResetRecord, &Credential, &Credential) -> Option<Digest> + Send + Sync),
}

/// What a purge removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Purged {
    /// Resets that had expired a day ago.
    pub password_resets: u64,
    /// Records of the audit trail older than 90 days, which the feed's events are among.
    pub events: u64,
    /// Counted requests older than a day.
    pub requests: u64,
}

impl Purged {
    /// Rows of the kind of which most were removed: fewer than were allowed mean that none is left.
    #[must_use]
    pub fn most(&self) -> u64 {
        self.password_resets.max(self.events).max(self.requests)
    }
}

/// What is older than these moments may go.
#[derive(Clone, Copy)]
pub struct PurgeBefore {
    /// Sealed tokens of resets that expired before.
    pub sealed_tokens: Timestamp,
    /// What knows the requests of resets that were used before.
    pub known_requests: Timestamp,
    /// Resets that expired before.
    pub password_resets: Timestamp,
    /// Events made before.
    pub events: Timestamp,
    /// Requests counted before.
    pub requests: Timestamp,
}

impl PurgeBefore {
    const DAY: Duration = Duration::from_hours(24);
    const EVENTS_KEPT: Duration = Duration::from_hours(90 * 24);

    /// How long each kind is kept: sealed tokens until they expire, what knows a request for as long as
    /// it is answered again, resets for a day after they expired, counted requests for a day, events
    /// for 90 days.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self {
            sealed_tokens: now,
            known_requests: now.before(RequestIdentity::KNOWN_FOR),
            password_resets: now.before(Self::DAY),
            events: now.before(Self::EVENTS_KEPT),
            requests: now.before(Self::DAY),
        }
    }
}

/// A database, as the engine sees it.
///
/// Futures may be dropped at any point: what was not committed is rolled back.
pub trait Store: Send + Sync + 'static {
    /// Adds a user.
    ///
    /// # Errors
    ///
    /// `EmailTaken` and `ExternalIdTaken`, by unique indexes.
    fn insert_user(
        &self,
        record: &UserRecord,
        event: &Event,
        scribe: &Scribe<'_>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Finds a user; `None` when there is no such user.
    fn find_user(
        &self,
        key: UserKey<'_>,
    ) -> impl Future<Output = Result<Option<UserRecord>, StoreError>> + Send;

    /// Reads users in the order of their creation; `None` when `beyond` names no user.
    fn list_users(
        &self,
        page: UserPage<'_>,
    ) -> impl Future<Output = Result<Option<Vec<User>>, StoreError>> + Send;

    /// Changes a user under a lock. `None` when there is no such user.
    ///
    /// # Errors
    ///
    /// `EmailTaken`, `ExternalIdTaken`, and `Refused` with whatever `amend` answers.
    fn update_user(
        &self,
        id: &str,
        amend: Amend<'_>,
        scribe: &Scribe<'_>,
    ) -> impl Future<Output = Result<Option<User>, StoreError>> + Send;

    /// Removes a user and its resets; `event` is made of the row that goes. False when there was none.
    ///
    /// # Errors
    ///
    /// `Refused` with whatever `event` answers.
    fn delete_user(
        &self,
        id: &str,
        event: &(dyn Fn(&User) -> Result<Event, Error> + Send + Sync),
        scribe: &Scribe<'_>,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Notes a good login.
    fn record_sign_in(
        &self,
        user_id: &str,
        now: Timestamp,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Replaces a hash, and rewrites the live reset's fingerprint with it, if `old` is still in force.
    fn upgrade_password(
        &self,
        upgrade: Upgrade<'_>,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Makes a reset: locks the user, counts the request, kills the earlier reset, inserts this one.
    /// Wipes some sealed tokens that have expired and removes some rows that nobody needs.
    fn replace_reset(
        &self,
        replacement: Replacement<'_>,
    ) -> impl Future<Output = Result<Replaced, StoreError>> + Send;

    /// Finds a reset and its user by any of the digests; `None` when there is no such reset.
    fn find_reset(
        &self,
        digests: &[Digest],
    ) -> impl Future<Output = Result<Option<(ResetRecord, UserRecord)>, StoreError>> + Send;

    /// Finds a reset and its user by its id; `None` when there is no such reset.
    fn find_reset_by_id(
        &self,
        id: &str,
    ) -> impl Future<Output = Result<Option<(ResetRecord, UserRecord)>, StoreError>> + Send;

    /// Spends a token: under the user's lock checks `binds`, marks the reset used by a conditional
    /// update whose row count decides, sets the password, verifies the address, kills the user's other
    /// resets, stamps `credentials_changed_at`, appends the event. `None` when the token lost.
    fn consume(
        &self,
        consumption: Consumption<'_>,
    ) -> impl Future<Output = Result<Option<User>, StoreError>> + Send;

    /// Voids the live resets of one user, or of all; answers how many. `event` is made of that number,
    /// unless it is none.
    ///
    /// # Errors
    ///
    /// `Refused` with whatever `event` answers.
    fn revoke_resets(
        &self,
        user_id: Option<&str>,
        now: Timestamp,
        event: &(dyn Fn(u64) -> Result<Event, Error> + Send + Sync),
        scribe: &Scribe<'_>,
    ) -> impl Future<Output = Result<u64, StoreError>> + Send;

    /// Reads the feed in the order of commits; `None` when `after` names no event.
    fn events(
        &self,
        page: EventPage<'_>,
    ) -> impl Future<Output = Result<Option<Vec<Event>>, StoreError>> + Send;

    /// Adds an API key; with it, makes the key that it replaces end at a moment, if it would not end
    /// sooner.
    fn insert_api_key(
        &self,
        record: &ApiKeyRecord,
        replaced: Option<(&str, Timestamp)>,
        event: &Event,
        scribe: &Scribe<'_>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Finds an API key; `None` when there is no such key.
    fn find_api_key(
        &self,
        id: &str,
    ) -> impl Future<Output = Result<Option<ApiKeyRecord>, StoreError>> + Send;

    /// Reads every API key, in the order of their creation.
    fn list_api_keys(&self) -> impl Future<Output = Result<Vec<ApiKey>, StoreError>> + Send;

    /// Ends an API key at the event's moment, unless it has been ended before.
    fn revoke_api_key(
        &self,
        id: &str,
        event: &Event,
        scribe: &Scribe<'_>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Notes the use of an API key, unless one was noted since `before`.
    fn note_api_key_use(
        &self,
        id: &str,
        now: Timestamp,
        before: Timestamp,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Reads the trail's end and its beginning as they are at one moment.
    fn trail_marks(&self) -> impl Future<Output = Result<TrailMarks, StoreError>> + Send;

    /// Reads the records beyond a place in the trail, at most `limit`, in its order.
    fn trail(
        &self,
        after: i64,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<AuditRow>, StoreError>> + Send;

    /// Removes what is older, at most `limit` rows of each kind. Of the trail it removes the beginning
    /// alone, up to the first record that is not older, and moves the mark of it.
    fn purge(
        &self,
        before: PurgeBefore,
        limit: u32,
        scribe: &Scribe<'_>,
    ) -> impl Future<Output = Result<Purged, StoreError>> + Send;
}

/// Why a database did not do as it was asked.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The store cannot be used so; the sentence says how to mend it.
    #[error("{0}")]
    Config(String),
    /// Another user has the address.
    #[error("the e-mail address is taken")]
    EmailTaken,
    /// Another user has the external id.
    #[error("the external id is taken")]
    ExternalIdTaken,
    /// A rule of the core refused.
    #[error(transparent)]
    Refused(Error),
    /// The database failed or was busy too long.
    #[error("the database failed")]
    Unavailable(#[source] Box<dyn StdError + Send + Sync>),
    /// A stored value makes no sense.
    #[error("{0} is damaged")]
    Damaged(&'static str),
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Config(sentence) => Self::config(sentence),
            StoreError::EmailTaken => Self::new(Code::EmailNotAvailable),
            StoreError::ExternalIdTaken => Self::new(Code::ExternalIdAlreadyUsed),
            StoreError::Refused(error) => error,
            StoreError::Unavailable(source) => {
                tracing::error!(error = %source, "the database failed");
                Self::storage(source)
            }
            StoreError::Damaged(what) => {
                tracing::error!(what, "a stored value is damaged");
                Self::internal(format!("{what} is damaged"))
            }
        }
    }
}
