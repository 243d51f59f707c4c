//! Messages to the people whose accounts these are: what waits for a mailer, and what a mailer is told.
//!
//! A message that waits names the reset whose link it brings, never the token, and is no text yet: it becomes one
//! when it is sent. Whoever is given it holds it for [`LEASE`], and says by its [`Message::id`] what became of it.

use std::time::Duration;

use secrecy::SecretString;
use serde::{Serialize, Serializer};

use crate::{clock::Timestamp, token};

/// How long a message is held by whoever was given it. Nobody else is given it meanwhile.
pub const LEASE: Duration = Duration::from_mins(5);

/// For how long it is tried to send a notice. One that fails after that is given up.
pub const NOTICE_TRIED_FOR: Duration = Duration::from_hours(24);

/// How long a message rests after each of the first times that it could not be sent, and after every further one.
const PAUSES: [Duration; 5] = [
    Duration::from_secs(10),
    Duration::from_mins(1),
    Duration::from_mins(5),
    Duration::from_mins(15),
    Duration::from_hours(1),
];
const LONGEST_PAUSE: Duration = Duration::from_hours(4);

/// What stands between a message's lasting name and the lease of whoever holds it.
const LEASED_BY: char = '.';

/// What a message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageKind {
    /// The account's address was changed: told at the old one and at the new one.
    EmailChanged,
    /// The account's password was changed.
    PasswordChanged,
    /// The link that sets a new password.
    PasswordReset,
}

impl MessageKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::EmailChanged,
        Self::PasswordChanged,
        Self::PasswordReset,
    ];

    /// The kind of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == name)
    }

    /// The name, such as `password_reset`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EmailChanged => "email_changed",
            Self::PasswordChanged => "password_changed",
            Self::PasswordReset => "password_reset",
        }
    }
}

impl Serialize for MessageKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// A message that is to be sent now. `Debug` shows neither `url` nor `report_token`; serialising does, because whoever sends it needs it.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "object", rename = "message")]
pub struct Message {
    /// What `message_sent` and `message_failed` take. It is another one each time that the message is given out.
    pub id: String,
    /// `message_…`, the same each time: what to make the mail's `Message-ID` of.
    pub message_id: String,
    /// What it is about.
    pub kind: MessageKind,
    /// The address to send it to, as stored.
    pub to: String,
    /// The user whose account it is about.
    pub user_id: String,
    /// The user's given name.
    pub first_name: Option<String>,
    /// The user's full name.
    pub name: Option<String>,
    /// The user's language, as a BCP 47 tag.
    pub locale: Option<String>,
    /// The link, of a [`MessageKind::PasswordReset`]; `None` of a notice.
    #[serde(serialize_with = "token::expose_option")]
    pub url: Option<SecretString>,
    /// When the link stops working; `None` of a notice.
    pub expires_at: Option<Timestamp>,
    /// What [`report_change`](crate::engine::Engine::report_change) takes from whoever says that the change was not theirs;
    /// `None` of a link, and at an address that the account has moved to.
    #[serde(serialize_with = "token::expose_option")]
    pub report_token: Option<SecretString>,
    /// When what it tells of happened.
    pub created_at: Timestamp,
    /// How often it was given out, with this time: 1 for the first.
    pub attempt: i64,
}

/// Messages that are to be sent now.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "object", rename = "list")]
pub struct MessageList {
    /// The messages.
    pub data: Vec<Message>,
}

impl MessageList {
    /// Messages that are given out at a time, unless another number is asked for.
    pub const DEFAULT_LIMIT: u32 = 10;
}

/// The messages that wait, those among them that somebody is sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct WaitingMessages {
    /// How many.
    pub count: i64,
    /// When the oldest was made; `None` if there is none.
    pub oldest_created_at: Option<Timestamp>,
}

/// A message as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageRecord {
    /// `message_…`
    pub id: String,
    /// What it is about.
    pub kind: MessageKind,
    /// The user, or the pseudonym of an address that is nobody's.
    pub user_id: String,
    /// The reset whose link it brings; `None` of a notice.
    pub reset_id: Option<String>,
    /// The address that a notice is for, which may not be the user's any more. `None` of a link, which goes to
    /// the address that the user has when it is sent.
    pub email: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// How often it was given out.
    pub attempts: i64,
}

/// What a host knows a message by that it holds.
pub(crate) fn leased_id(id: &str, lease: &str) -> String {
    format!("{id}{LEASED_BY}{lease}")
}

/// The message and the lease that make up such an id; `None` where the text is none.
pub(crate) fn read_leased_id(text: &str) -> Option<(&str, &str)> {
    text.split_once(LEASED_BY)
}

/// How long a message rests that could not be sent for the how-manyeth time, counted from 1. Up to a quarter is added, by a
/// byte that was drawn, so that what failed together is not tried together.
pub(crate) fn pause(attempts: i64, drawn: u8) -> Duration {
    let index = usize::try_from(attempts.saturating_sub(1)).unwrap_or(0);
    let pause = PAUSES.get(index).copied().unwrap_or(LONGEST_PAUSE);
    pause + pause * u32::from(drawn) / 1_024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_are_bounded() {
        let seconds = |attempts, drawn| pause(attempts, drawn).as_secs();
        let growing: Vec<_> = (1..=8).map(|attempts| seconds(attempts, 0)).collect();
        let hours = 60 * 60;
        assert_eq!(
            growing,
            [10, 60, 300, 900, hours, 4 * hours, 4 * hours, 4 * hours]
        );
        assert_eq!(seconds(i64::MAX, 255) / 60, 240 + 59);
        assert_eq!(pause(0, 0), pause(1, 0));
        assert_eq!(pause(i64::MIN, 0), pause(1, 0));
    }

    #[test]
    fn what_fails_together_is_not_tried_together() {
        let mut pauses: Vec<_> = (0..=255).map(|drawn| pause(1, drawn)).collect();
        assert!(pauses.iter().all(|pause| *pause < PAUSES[0] * 5 / 4));
        pauses.dedup();
        assert_eq!(pauses.len(), 256);
    }

    #[test]
    fn a_kind_is_read_by_its_name() {
        for kind in MessageKind::ALL {
            assert_eq!(MessageKind::parse(kind.as_str()), Some(*kind));
        }
        assert_eq!(MessageKind::parse("newsletter"), None);
    }

    #[test]
    fn an_id_holds_the_lease() {
        let id = leased_id("message_1", "ab");
        assert_eq!(read_leased_id(&id), Some(("message_1", "ab")));
        assert_eq!(read_leased_id("message_1"), None);
    }
}
