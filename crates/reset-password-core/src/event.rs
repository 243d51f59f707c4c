//! The event feed: what happened, in the order in which it was committed, never with a secret in it.

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::{
    api_key::ApiKey,
    clock::Timestamp,
    error::Error,
    id,
    random::Random,
    reset::ResetRecord,
    store::Ended,
    suppression::{Source, Suppressed},
    user::User,
};

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "object", rename = "event")]
pub struct Event {
    /// `event_…`
    pub id: String,
    /// What happened, such as `password_reset.succeeded`.
    pub event: String,
    /// The user, or the reset without token and url.
    pub data: Value,
    /// When.
    pub created_at: Timestamp,
}

/// A page of the feed, oldest first.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "object", rename = "list")]
pub struct EventList {
    /// The events.
    pub data: Vec<Event>,
    /// Where the next page begins.
    pub list_metadata: EventCursor,
}

impl EventList {
    /// Events on a page, unless another number is asked for.
    pub const DEFAULT_LIMIT: u32 = 10;
}

/// The place where a page of the feed ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EventCursor {
    /// The id to give as `after` for the next page; absent where there is none.
    pub after: Option<String>,
}

/// The kinds of event in the feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// A reset was created.
    PasswordResetCreated,
    /// A password was reset by its token.
    PasswordResetSucceeded,
    /// A change of a user was reported by the owner, as not theirs.
    UserChangeReported,
    /// A user was created.
    UserCreated,
    /// A user was deleted.
    UserDeleted,
    /// A user was changed.
    UserUpdated,
    /// An endpoint of webhooks is sent nothing any more, because it failed for too long or said that it is gone.
    WebhookEndpointDisabled,
}

impl EventKind {
    /// Every kind that the feed shows.
    pub const ALL: &'static [Self] = &[
        Self::PasswordResetCreated,
        Self::PasswordResetSucceeded,
        Self::UserChangeReported,
        Self::UserCreated,
        Self::UserDeleted,
        Self::UserUpdated,
        Self::WebhookEndpointDisabled,
    ];

    /// The kind of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == name)
    }

    /// The name in the feed.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PasswordResetCreated => "password_reset.created",
            Self::PasswordResetSucceeded => "password_reset.succeeded",
            Self::UserChangeReported => "user.change_reported",
            Self::UserCreated => "user.created",
            Self::UserDeleted => "user.deleted",
            Self::UserUpdated => "user.updated",
            Self::WebhookEndpointDisabled => "webhook_endpoint.disabled",
        }
    }
}

impl Serialize for EventKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// What the audit trail tells and the feed does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum HiddenKind {
    ApiKeyCreated,
    ApiKeyRevoked,
    ApiKeyRotated,
    AuthenticationBlocked,
    AuthenticationFailed,
    KeyRotated,
    PasswordResetIntegrityFailure,
    PasswordResetRequested,
    PasswordResetRevoked,
    PasswordResetTokenReused,
    UserUnlocked,
    WebhookEndpointCreated,
    WebhookEndpointDeleted,
    WebhookEndpointSecretRotated,
    WebhookEndpointUpdated,
}

impl HiddenKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::ApiKeyCreated => "api_key.created",
            Self::ApiKeyRevoked => "api_key.revoked",
            Self::ApiKeyRotated => "api_key.rotated",
            Self::AuthenticationBlocked => "authentication.blocked",
            Self::AuthenticationFailed => "authentication.failed",
            Self::KeyRotated => "key.rotated",
            Self::PasswordResetIntegrityFailure => "password_reset.integrity_failure",
            Self::PasswordResetRequested => "password_reset.requested",
            Self::PasswordResetRevoked => "password_reset.revoked",
            Self::PasswordResetTokenReused => "password_reset.token_reused",
            Self::UserUnlocked => "user.unlocked",
            Self::WebhookEndpointCreated => "webhook_endpoint.created",
            Self::WebhookEndpointDeleted => "webhook_endpoint.deleted",
            Self::WebhookEndpointSecretRotated => "webhook_endpoint.secret_rotated",
            Self::WebhookEndpointUpdated => "webhook_endpoint.updated",
        }
    }
}

/// What happened to an endpoint of webhooks.
#[derive(Clone, Copy)]
pub(crate) enum WebhookChange<'a> {
    /// It was made, for these kinds of event.
    Created(&'a [EventKind]),
    Deleted,
    /// It is sent nothing any more, and why.
    Disabled(&'a str),
    /// It has a new secret; the one before signs until then.
    SecretRotated(Option<Timestamp>),
    Updated {
        status: &'a str,
        events: &'a [EventKind],
    },
}

impl From<&Source> for HiddenKind {
    fn from(source: &Source) -> Self {
        match source {
            Source::FailedLogins(_) => Self::AuthenticationFailed,
            Source::IntegrityFailure(_) => Self::PasswordResetIntegrityFailure,
            Source::TokenReuse(_) => Self::PasswordResetTokenReused,
        }
    }
}

impl Event {
    pub(crate) fn of_user(
        kind: EventKind,
        user: &User,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<Self, Error> {
        let data = serde_json::to_value(user).map_err(Error::internal)?;
        Self::new(kind.as_str(), data, now, random)
    }

    pub(crate) fn of_reset(
        kind: EventKind,
        reset: &ResetRecord,
        email: &str,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<Self, Error> {
        Self::new(kind.as_str(), reset_data(reset, Some(email)), now, random)
    }

    /// A redeemed token, with how many rows of another system's sessions and links went, by their table.
    pub(crate) fn of_success(
        reset: &ResetRecord,
        email: &str,
        ended: &Ended,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<Self, Error> {
        let kind = EventKind::PasswordResetSucceeded;
        let event = Self::of_reset(kind, reset, email, now, random)?;
        Ok(event.with_ended(ended))
    }

    /// A change that was reported, whether the account is locked by it, and how many rows went with the password, by
    /// their table.
    pub(crate) fn of_report(
        user: &User,
        is_locked: bool,
        ended: &Ended,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<Self, Error> {
        let event = Self::of_user(EventKind::UserChangeReported, user, now, random)?;
        Ok(event.with("locked", json!(is_locked)).with_ended(ended))
    }

    /// Somebody has made sure of a user's address.
    pub(crate) fn of_unlocking(
        user_id: &str,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<Self, Error> {
        let data = json!({ "user_id": user_id });
        Self::new(HiddenKind::UserUnlocked.as_str(), data, now, random)
    }

    /// A request that made no reset for a user: a link that works was sent again, or the address is nobody's.
    /// Then the `user_id` is a pseudonym of the address, which is not told.
    pub(crate) fn of_request(
        reset: &ResetRecord,
        email: Option<&str>,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<Self, Error> {
        let kind = HiddenKind::PasswordResetRequested;
        Self::new(kind.as_str(), reset_data(reset, email), now, random)
    }

    pub(crate) fn of_revocation(
        user_id: Option<&str>,
        revoked: u64,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<Self, Error> {
        let kind = HiddenKind::PasswordResetRevoked;
        let data = json!({ "user_id": user_id, "revoked": revoked });
        Self::new(kind.as_str(), data, now, random)
    }

    /// A failed login, and how many there are in a row with it. The user is a pseudonym of the address where there
    /// is none.
    pub(crate) fn of_failed_login(
        user_id: &str,
        in_a_row: i64,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<Self, Error> {
        let data = json!({ "user_id": user_id, "failures": in_a_row });
        Self::new(HiddenKind::AuthenticationFailed.as_str(), data, now, random)
    }

    /// No password of the account is looked at any more.
    pub(crate) fn of_block(
        user_id: &str,
        in_a_row: i64,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<Self, Error> {
        let data = json!({ "user_id": user_id, "failures": in_a_row });
        let kind = HiddenKind::AuthenticationBlocked;
        Self::new(kind.as_str(), data, now, random)
    }

    /// Something that a reset gives away: that its token is presented again, or its row was altered.
    pub(crate) fn of_sign(
        source: &Source,
        reset: &ResetRecord,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<Self, Error> {
        let kind = HiddenKind::from(source);
        Self::new(kind.as_str(), reset_data(reset, None), now, random)
    }

    /// How many records of one source were not written.
    pub(crate) fn of_suppressed(
        suppressed: &Suppressed,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<Self, Error> {
        let Suppressed {
            source,
            count,
            since,
            until,
        } = suppressed;
        let mut data = json!({ "not_recorded": count, "since": since, "until": until });
        let (name, value) = match source {
            Source::FailedLogins(client) => ("client", client.as_deref()),
            Source::IntegrityFailure(id) | Source::TokenReuse(id) => ("id", Some(id.as_str())),
        };
        if let (Some(data), Some(value)) = (
            data.as_object_mut(),
            value.filter(|value| !value.is_empty()),
        ) {
            data.insert(name.to_owned(), value.into());
        }
        Self::new(HiddenKind::from(source).as_str(), data, now, random)
    }

    pub(crate) fn of_api_key(
        api_key: &ApiKey,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<Self, Error> {
        let data = serde_json::to_value(api_key).map_err(Error::internal)?;
        Self::new(HiddenKind::ApiKeyCreated.as_str(), data, now, random)
    }

    pub(crate) fn of_api_key_rotation(
        api_key: &ApiKey,
        replaced: &str,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<Self, Error> {
        let data = json!({ "replaced": replaced, "by": api_key });
        Self::new(HiddenKind::ApiKeyRotated.as_str(), data, now, random)
    }

    pub(crate) fn of_api_key_end(
        id: &str,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<Self, Error> {
        let data = json!({ "object": "api_key", "id": id });
        Self::new(HiddenKind::ApiKeyRevoked.as_str(), data, now, random)
    }

    /// The secret key with that id took the place of another.
    ///
    /// # Errors
    ///
    /// `internal` when the source of randomness fails.
    pub fn of_key_rotation(
        key_id: &str,
        replaced: &str,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<Self, Error> {
        let data = json!({ "object": "key", "id": key_id, "replaced": replaced });
        Self::new(HiddenKind::KeyRotated.as_str(), data, now, random)
    }

    pub(crate) fn of_webhook(
        change: WebhookChange<'_>,
        id: &str,
        origin: &str,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<Self, Error> {
        let mut data = json!({
            "object": "webhook_endpoint",
            "id": id,
            "endpoint_origin": origin,
        });
        let mut tell = |name: &str, value: Value| {
            if let Value::Object(fields) = &mut data {
                fields.insert(name.to_owned(), value);
            }
        };
        let kind = match change {
            WebhookChange::Created(events) => {
                tell("events", json!(events));
                HiddenKind::WebhookEndpointCreated.as_str()
            }
            WebhookChange::Deleted => HiddenKind::WebhookEndpointDeleted.as_str(),
            WebhookChange::Disabled(reason) => {
                tell("reason", reason.into());
                EventKind::WebhookEndpointDisabled.as_str()
            }
            WebhookChange::SecretRotated(previous_ends_at) => {
                tell("previous_secret_ends_at", json!(previous_ends_at));
                HiddenKind::WebhookEndpointSecretRotated.as_str()
            }
            WebhookChange::Updated { status, events } => {
                tell("status", status.into());
                tell("events", json!(events));
                HiddenKind::WebhookEndpointUpdated.as_str()
            }
        };
        Self::new(kind, data, now, random)
    }

    /// Whether the feed shows it; the audit trail shows every one.
    #[must_use]
    pub fn is_listed(&self) -> bool {
        EventKind::parse(&self.event).is_some()
    }

    fn with_ended(self, ended: &Ended) -> Self {
        if ended.is_empty() {
            return self;
        }
        self.with("ended", json!(ended))
    }

    fn with(mut self, name: &str, value: Value) -> Self {
        if let Value::Object(fields) = &mut self.data {
            fields.insert(name.to_owned(), value);
        }
        self
    }

    fn new(kind: &str, data: Value, now: Timestamp, random: &dyn Random) -> Result<Self, Error> {
        Ok(Self {
            id: id::new("event", now, random)?,
            event: kind.to_owned(),
            data,
            created_at: now,
        })
    }
}

fn reset_data(reset: &ResetRecord, email: Option<&str>) -> Value {
    json!({
        "object": "password_reset",
        "id": reset.id,
        "user_id": reset.user_id,
        "email": email,
        "expires_at": reset.expires_at,
        "created_at": reset.created_at,
    })
}
