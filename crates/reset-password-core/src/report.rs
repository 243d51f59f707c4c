//! Reports: who reads a notice of a change that was not theirs says so.
//!
//! A notice brings a token that holds what it proves: that its reader has the mail of an address that the account had.
//! The token is stored nowhere. It works once, within [`REPORTED_WITHIN`], for whoever types that address, too:
//! programs that look at mails press buttons, and type nothing.

use std::{sync::Arc, time::Duration};

use base64ct::{Base64UrlUnpadded, Encoding};
use secrecy::SecretString;

use crate::{
    clock::{CLOCK_SKEW, Timestamp},
    email::Email,
    error::Error,
    key::Key,
    message::MessageRecord,
};

/// For how long after a change it can be reported.
pub const REPORTED_WITHIN: Duration = Duration::from_hours(7 * 24);

/// Most characters of a token: one of a longest address and id is shorter.
const MOST: usize = 4_096;

/// A notice, as its token tells of it.
pub(crate) struct Notice {
    /// `message_…`
    pub(crate) message_id: String,
    /// The user.
    pub(crate) user_id: String,
    /// The address that it was sent to.
    pub(crate) email: String,
    /// When what it tells of happened.
    pub(crate) created_at: Timestamp,
}

/// That a change was reported, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportRecord {
    /// The notice's `message_…`, which reports once.
    pub message_id: String,
    /// The user.
    pub user_id: String,
    /// Whether no link is made for the user any more, until somebody unlocks the account.
    pub locks: bool,
    /// When the notice was made.
    pub created_at: Timestamp,
}

impl Notice {
    /// The token that a notice brings to its address.
    pub(crate) fn token(
        message: &MessageRecord,
        email: &str,
        key: &Key,
    ) -> Result<SecretString, Error> {
        let (id, user_id) = (&message.id, &message.user_id);
        let content = serde_json::to_vec(&(id, user_id, email, message.created_at.unix_millis()))
            .map_err(Error::internal)?;
        let sealed = key.seal_notice(&content)?;
        Ok(Base64UrlUnpadded::encode_string(&sealed).into())
    }

    /// The notice that brought this token; `None` if none did, or it is too old, by any of these keys.
    pub(crate) fn read<'a>(
        text: &str,
        mut keys: impl Iterator<Item = &'a Arc<Key>>,
        now: Timestamp,
    ) -> Option<Self> {
        if text.len() > MOST {
            return None;
        }
        let sealed = Base64UrlUnpadded::decode_vec(text).ok()?;
        let content = keys.find_map(|key| key.unseal_notice(&sealed))?;
        let (message_id, user_id, email, created_at) = serde_json::from_slice(&content).ok()?;
        let created_at = Timestamp::from_unix_millis(created_at);
        let is_told_now = created_at <= now + CLOCK_SKEW && now < created_at + REPORTED_WITHIN;
        is_told_now.then_some(Self {
            message_id,
            user_id,
            email,
            created_at,
        })
    }

    /// Whether it was sent to this address, in whatever form that is typed.
    pub(crate) fn was_sent_to(&self, email: &Email) -> bool {
        Email::parse(&self.email).is_ok_and(|sent| sent.lookup() == email.lookup())
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::message::MessageKind;

    const NOW: Timestamp = Timestamp::from_unix_millis(1_800_000_000_000);

    fn key(byte: u8) -> Arc<Key> {
        let mut secret = [byte; Key::BYTES];
        secret[0] ^= 1;
        Arc::new(Key::new(&secret))
    }

    fn token(id: &str, email: &str, key: &Key) -> SecretString {
        let message = MessageRecord {
            id: id.to_owned(),
            kind: MessageKind::PasswordChanged,
            user_id: "user_1".to_owned(),
            reset_id: None,
            email: Some(email.to_owned()),
            created_at: NOW,
            attempts: 1,
        };
        Notice::token(&message, email, key).unwrap()
    }

    fn read(token: &SecretString, keys: &[Arc<Key>], now: Timestamp) -> Option<Notice> {
        Notice::read(token.expose_secret(), keys.iter(), now)
    }

    #[test]
    fn a_token_says_what_its_notice_said_and_is_the_same_each_time() {
        let (new, old) = (key(1), key(2));
        let brought = token("message_1", "Ada@Example.com", &old);
        let again = token("message_1", "Ada@Example.com", &old);
        assert_eq!(brought.expose_secret(), again.expose_secret());
        let other = token("message_2", "Ada@Example.com", &old);
        assert_ne!(
            brought.expose_secret().get(..32),
            other.expose_secret().get(..32),
            "no two have a nonce in common"
        );
        let notice = read(&brought, &[new, old], NOW).unwrap();
        assert_eq!(notice.message_id, "message_1");
        assert_eq!(notice.user_id, "user_1");
        assert_eq!(notice.created_at, NOW);
        assert!(notice.was_sent_to(&Email::parse("ada@example.com").unwrap()));
        assert!(!notice.was_sent_to(&Email::parse("ada@example.org").unwrap()));
    }

    #[test]
    fn a_token_is_read_with_its_own_key_and_for_seven_days() {
        let (mine, others) = (key(1), key(2));
        let brought = token("message_1", "ada@example.com", &mine);
        let keys = [mine];
        assert!(read(&brought, &[others], NOW).is_none());
        let last = NOW + REPORTED_WITHIN;
        let almost = last.before(Duration::from_millis(1));
        assert!(read(&brought, &keys, almost).is_some());
        assert!(read(&brought, &keys, last).is_none());
        let ahead = NOW.before(CLOCK_SKEW);
        assert!(read(&brought, &keys, ahead).is_some(), "clocks differ");
        let further = ahead.before(Duration::from_millis(1));
        assert!(read(&brought, &keys, further).is_none());
    }

    #[test]
    fn no_byte_of_a_token_can_be_another() {
        let keys = [key(1)];
        let brought = token("message_1", "ada@example.com", &keys[0]);
        let text = brought.expose_secret();
        for at in 0..text.len() {
            let other = if text.get(at..=at) == Some("A") {
                "B"
            } else {
                "A"
            };
            let mut altered = text.to_owned();
            altered.replace_range(at..=at, other);
            assert!(read(&altered.into(), &keys, NOW).is_none(), "{at}");
        }
        for altered in [text.get(1..).unwrap(), "", "A", &"A".repeat(5_000)] {
            assert!(read(&altered.into(), &keys, NOW).is_none());
        }
    }
}
