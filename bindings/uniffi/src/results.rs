//! Results, as the records that hosts have.
//!
//! Generated from bindings/api by scripts/update; changes here are lost.

use std::{collections::HashMap, fmt, time::SystemTime};

use reset_password_bindings::Value;

use crate::{
    from_value::{FromValue, next},
    json::JsonValue,
};

/// Declares records, whose fields stand in the order in which the engine answers them.
macro_rules! records {
    ($($(#[$meta:meta])* pub struct $name:ident { $($(#[$doc:meta])* pub $field:ident: $type:ty,)* })*) => {
        $(
            $(#[$meta])*
            pub struct $name {
                $($(#[$doc])* pub $field: $type,)*
            }

            impl FromValue for $name {
                fn from_value(value: Value) -> Option<Self> {
                    let Value::Record(record) = value else {
                        return None;
                    };
                    let mut fields = record.fields.into_iter();
                    Some(Self { $($field: next(&mut fields, stringify!($field))?,)* })
                }
            }
        )*
    };
}

records! {
    /// One reason why a password or an input is refused.
    #[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
    pub struct Detail {
        /// Which reason, such as `password_too_short`.
        pub code: String,
        /// The same in English, to show to whoever typed it.
        pub message: String,
        /// The argument that it is about.
        pub field: Option<String>,
        /// With `password_too_short`.
        pub minimum_length: Option<i64>,
        /// With `password_too_long`.
        pub maximum_length: Option<i64>,
    }

    /// Something that happened.
    #[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
    pub struct Event {
        /// `event_` and a ULID.
        pub id: String,
        /// What happened, such as `password_reset.succeeded`.
        pub event: String,
        /// The user, or the reset without token and url.
        pub data: HashMap<String, JsonValue>,
        /// When.
        pub created_at: SystemTime,
    }

    /// Where a page of events ends.
    #[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
    pub struct EventCursor {
        /// The id to give as `after` for the next page.
        pub after: Option<String>,
    }

    /// A page of events.
    #[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
    pub struct EventList {
        /// The events, oldest first.
        pub data: Vec<Event>,
        /// Where the page ends.
        pub list_metadata: EventCursor,
    }

    /// A message that is to be sent now. What is secret in it is left out of its text.
    #[derive(Clone, PartialEq, Eq, uniffi::Record)]
    #[uniffi::export(Debug, Display)]
    pub struct Message {
        /// What `message_sent` and `message_failed` take; another one each time.
        pub id: String,
        /// `message_` and a ULID, the same each time: what to make the mail's `Message-ID` of.
        pub message_id: String,
        /// `password_reset`, `password_changed` or `email_changed`.
        pub kind: String,
        /// The address to send it to, as stored.
        pub to: String,
        /// The user whose account it is about.
        pub user_id: String,
        /// Given name.
        pub first_name: Option<String>,
        /// Full name.
        pub name: Option<String>,
        /// Language tag, such as `de` or `pt-BR`.
        pub locale: Option<String>,
        /// The link, of `password_reset`. A secret.
        pub url: Option<String>,
        /// When the link stops working.
        pub expires_at: Option<SystemTime>,
        /// Of a notice: what `report_change` takes. A secret.
        pub report_token: Option<String>,
        /// When what it tells of happened.
        pub created_at: SystemTime,
        /// How often it was given out, this time included.
        pub attempt: i64,
    }

    /// Messages that are to be sent now.
    #[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
    pub struct MessageList {
        /// The messages, those first that have waited for longest.
        pub data: Vec<Message>,
    }

    /// The policy's verdict on a password.
    #[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
    pub struct PasswordCheck {
        /// Whether it may be chosen.
        pub acceptable: bool,
        /// Every rule that it breaks.
        pub errors: Vec<Detail>,
    }

    /// A password reset with its token and url. What is secret in it is left out of its text.
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
        /// The link: `reset_url` with the token. A secret.
        pub password_reset_url: String,
        /// When the token stops working.
        pub expires_at: SystemTime,
        /// When it was made.
        pub created_at: SystemTime,
    }

    /// How many rows were removed.
    #[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
    pub struct Purged {
        /// Resets removed.
        pub password_resets: i64,
        /// Events removed.
        pub events: i64,
        /// Counted requests and failed logins removed.
        pub requests: i64,
    }

    /// Whether a token can be used, and until when.
    #[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
    pub struct TokenCheck {
        /// Whether `reset_password` would take it now.
        pub usable: bool,
        /// When it stops working, where it is usable.
        pub expires_at: Option<SystemTime>,
        /// The error that `reset_password` would answer, where it is not.
        pub error_code: Option<String>,
    }

    /// A user.
    #[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
    pub struct User {
        /// `user_` and a ULID.
        pub id: String,
        /// The address as typed; the only recipient of mail.
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

    /// Where the neighbouring pages of a list of users begin.
    #[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
    pub struct UserCursors {
        /// The id to give as `before` for the page before.
        pub before: Option<String>,
        /// The id to give as `after` for the page after.
        pub after: Option<String>,
    }

    /// A page of users.
    #[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
    pub struct UserList {
        /// The users.
        pub data: Vec<User>,
        /// Where the neighbouring pages begin.
        pub list_metadata: UserCursors,
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Message(id={}, messageId={}, kind={}, to={}, userId={}, url=[redacted], reportToken=[redacted])",
            self.id, self.message_id, self.kind, self.to, self.user_id
        )
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for PasswordReset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "PasswordReset(id={}, userId={}, email={}, passwordResetToken=[redacted], passwordResetUrl=[redacted])",
            self.id, self.user_id, self.email
        )
    }
}

impl fmt::Debug for PasswordReset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
