//! Results, as the records that hosts have.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    time::{Duration, SystemTime},
};

use reset_password_bindings::ExposeSecret;
use serde_json::Value;

/// A user.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct User {
    /// `user_` and a ULID.
    pub id: String,
    /// The address as typed: the only recipient of mail.
    pub email: String,
    /// Whether the user has shown that the address is theirs, for instance by a reset.
    pub email_verified: bool,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Full name.
    pub name: Option<String>,
    /// A picture. Nothing sets it yet.
    pub profile_picture_url: Option<String>,
    /// The last good login through the engine.
    pub last_sign_in_at: Option<SystemTime>,
    /// The id that another system knows the user by.
    pub external_id: Option<String>,
    /// Free text by key.
    pub metadata: HashMap<String, String>,
    /// Language tag, such as `de` or `pt-BR`.
    pub locale: Option<String>,
    /// When the password was set. Refuse sessions that began before it.
    pub credentials_changed_at: Option<SystemTime>,
    /// When the user was created.
    pub created_at: SystemTime,
    /// When the user was last changed.
    pub updated_at: SystemTime,
}

/// A page of users.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct UserList {
    /// The users.
    pub data: Vec<User>,
    /// Where the neighbouring pages begin.
    pub list_metadata: UserCursors,
}

/// Where the neighbouring pages begin.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct UserCursors {
    /// Give it as `before` for the page before.
    pub before: Option<String>,
    /// Give it as `after` for the page after.
    pub after: Option<String>,
}

/// A password reset with its token and its link. Both are secrets, and its text leaves them out.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct PasswordReset {
    /// `password_reset_` and a ULID.
    pub id: String,
    /// The user whose password it resets.
    pub user_id: String,
    /// The user's address, as stored: the only recipient.
    pub email: String,
    /// The token: 43 characters of base64url. A secret.
    pub password_reset_token: String,
    /// The link: the page of `reset_url` with the token. A secret.
    pub password_reset_url: String,
    /// When the token stops working.
    pub expires_at: SystemTime,
    /// When it was made.
    pub created_at: SystemTime,
}

/// The policy's verdict on a password.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct PasswordCheck {
    /// Whether the password may be set.
    pub acceptable: bool,
    /// Every rule that it breaks.
    pub errors: Vec<Detail>,
}

/// One reason among several: a rule that a password breaks, or a field that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Detail {
    /// The reason, such as `password_too_short` or `email_invalid`.
    pub code: String,
    /// The reason in English, fit to show to the person who typed.
    pub message: String,
    /// The input field, where the reason is about one.
    pub field: Option<String>,
    /// The least number of code points.
    pub minimum_length: Option<i64>,
    /// The greatest number of code points.
    pub maximum_length: Option<i64>,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Event {
    /// `event_` and a ULID.
    pub id: String,
    /// What happened, such as `password_reset.succeeded`.
    pub event: String,
    /// The user, or the reset without token and link, as on the wire: keys with underscores, moments as text.
    pub data: HashMap<String, JsonValue>,
    /// When.
    pub created_at: SystemTime,
}

/// A value within the data of an event. Its text is JSON.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
#[uniffi::export(Display)]
pub enum JsonValue {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool {
        /// Which.
        value: bool,
    },
    /// A whole number.
    Integer {
        /// The number.
        value: i64,
    },
    /// A text. A number that is not whole is one too.
    Text {
        /// The text.
        value: String,
    },
    /// Several values.
    Array {
        /// The values.
        values: Vec<JsonValue>,
    },
    /// Values by key.
    Object {
        /// The values.
        values: HashMap<String, JsonValue>,
    },
}

/// A page of the feed.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct EventList {
    /// The events, oldest first.
    pub data: Vec<Event>,
    /// Where the page ends.
    pub list_metadata: EventCursor,
}

/// Where a page of the feed ends.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct EventCursor {
    /// Give it as `after` for what happened later.
    pub after: Option<String>,
}

/// How many rows a purge removed.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Purged {
    /// Dead resets.
    pub password_resets: i64,
    /// Records of the audit trail. The feed's events are among them.
    pub events: i64,
    /// Counted requests and failed logins.
    pub requests: i64,
}

impl From<reset_password::User> for User {
    fn from(user: reset_password::User) -> Self {
        Self {
            id: user.id,
            email: user.email,
            email_verified: user.email_verified,
            first_name: user.first_name,
            last_name: user.last_name,
            name: user.name,
            profile_picture_url: user.profile_picture_url,
            last_sign_in_at: user.last_sign_in_at.map(moment),
            external_id: user.external_id,
            metadata: user.metadata.into_iter().collect(),
            locale: user.locale,
            credentials_changed_at: user.credentials_changed_at.map(moment),
            created_at: moment(user.created_at),
            updated_at: moment(user.updated_at),
        }
    }
}

impl From<reset_password::UserList> for UserList {
    fn from(list: reset_password::UserList) -> Self {
        let cursors = list.list_metadata;
        Self {
            data: list.data.into_iter().map(Into::into).collect(),
            list_metadata: UserCursors {
                before: cursors.before,
                after: cursors.after,
            },
        }
    }
}

impl From<reset_password::PasswordReset> for PasswordReset {
    fn from(reset: reset_password::PasswordReset) -> Self {
        Self {
            id: reset.id,
            user_id: reset.user_id,
            email: reset.email,
            password_reset_token: reset.password_reset_token.expose_secret().to_owned(),
            password_reset_url: reset.password_reset_url.expose_secret().to_owned(),
            expires_at: moment(reset.expires_at),
            created_at: moment(reset.created_at),
        }
    }
}

impl fmt::Display for PasswordReset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "PasswordReset(id={}, userId={}, email={}, passwordResetToken=[redacted], \
             passwordResetUrl=[redacted])",
            self.id, self.user_id, self.email
        )
    }
}

impl fmt::Debug for PasswordReset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<reset_password::PasswordCheck> for PasswordCheck {
    fn from(check: reset_password::PasswordCheck) -> Self {
        Self {
            acceptable: check.acceptable,
            errors: check.errors.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<reset_password::Detail> for Detail {
    fn from(detail: reset_password::Detail) -> Self {
        Self {
            code: detail.code.into_owned(),
            message: detail.message.into_owned(),
            field: detail.field.map(str::to_owned),
            minimum_length: detail.minimum_length.map(Into::into),
            maximum_length: detail.maximum_length.map(Into::into),
        }
    }
}

impl From<reset_password::Event> for Event {
    fn from(event: reset_password::Event) -> Self {
        let data = match event.data {
            Value::Object(values) => values,
            other => [("value".to_owned(), other)].into_iter().collect(),
        };
        Self {
            id: event.id,
            event: event.event,
            data: data
                .into_iter()
                .map(|(key, value)| (key, value.into()))
                .collect(),
            created_at: moment(event.created_at),
        }
    }
}

impl From<Value> for JsonValue {
    fn from(json: Value) -> Self {
        match json {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool { value },
            Value::Number(number) => number.as_i64().map_or_else(
                || Self::Text {
                    value: number.to_string(),
                },
                |value| Self::Integer { value },
            ),
            Value::String(value) => Self::Text { value },
            Value::Array(values) => Self::Array {
                values: values.into_iter().map(Into::into).collect(),
            },
            Value::Object(values) => Self::Object {
                values: values
                    .into_iter()
                    .map(|(key, value)| (key, value.into()))
                    .collect(),
            },
        }
    }
}

impl From<&JsonValue> for Value {
    fn from(value: &JsonValue) -> Self {
        match value {
            JsonValue::Null => Self::Null,
            JsonValue::Bool { value } => Self::Bool(*value),
            JsonValue::Integer { value } => Self::from(*value),
            JsonValue::Text { value } => Self::from(value.as_str()),
            JsonValue::Array { values } => values.iter().map(Self::from).collect(),
            JsonValue::Object { values } => {
                let ordered: BTreeMap<&String, &JsonValue> = values.iter().collect();
                ordered
                    .into_iter()
                    .map(|(key, value)| (key.clone(), Self::from(value)))
                    .collect()
            }
        }
    }
}

impl fmt::Display for JsonValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Value::from(self), f)
    }
}

impl From<reset_password::EventList> for EventList {
    fn from(list: reset_password::EventList) -> Self {
        Self {
            data: list.data.into_iter().map(Into::into).collect(),
            list_metadata: EventCursor {
                after: list.list_metadata.after,
            },
        }
    }
}

impl From<reset_password::Purged> for Purged {
    fn from(purged: reset_password::Purged) -> Self {
        Self {
            password_resets: whole(purged.password_resets),
            events: whole(purged.events),
            requests: whole(purged.requests),
        }
    }
}

/// A count, in the type that hosts count in.
pub(crate) fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn moment(timestamp: reset_password::Timestamp) -> SystemTime {
    let millis = timestamp.unix_millis();
    let distance = Duration::from_millis(millis.unsigned_abs());
    if millis < 0 {
        SystemTime::UNIX_EPOCH - distance
    } else {
        SystemTime::UNIX_EPOCH + distance
    }
}

#[cfg(test)]
mod tests {
    use reset_password::Timestamp;
    use serde_json::json;

    use super::*;

    #[test]
    fn json_is_kept_as_it_is() {
        let text = |value: &str| JsonValue::Text {
            value: value.to_owned(),
        };
        let values = vec![
            JsonValue::Null,
            JsonValue::Bool { value: true },
            JsonValue::Integer { value: -7 },
            text("1.5"),
            text("18446744073709551615"),
            text("é"),
        ];
        let list = JsonValue::Array { values };
        let json = json!({ "list": [null, true, -7, 1.5, u64::MAX, "é"] });
        let values = [("list".to_owned(), list)].into_iter().collect();
        assert_eq!(JsonValue::from(json), JsonValue::Object { values });
    }

    #[test]
    fn the_text_of_json_is_json() {
        let json = json!({ "b": [null, true, -7, "é\n\"x\""], "a": {}, "": null });
        let shown = r#"{"":null,"a":{},"b":[null,true,-7,"é\n\"x\""]}"#;
        assert_eq!(JsonValue::from(json).to_string(), shown);
        assert_eq!(JsonValue::Null.to_string(), "null");
    }

    #[test]
    fn moments_are_before_and_after_1970() {
        let at = |millis| moment(Timestamp::from_unix_millis(millis));
        assert_eq!(at(0), SystemTime::UNIX_EPOCH);
        assert_eq!(
            at(1_500),
            SystemTime::UNIX_EPOCH + Duration::from_millis(1_500)
        );
        assert_eq!(at(-1), SystemTime::UNIX_EPOCH - Duration::from_millis(1));
    }
}
