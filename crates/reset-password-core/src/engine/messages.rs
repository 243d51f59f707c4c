//! The outbox: messages are put there by the transaction that makes them necessary, and given out to a mailer.

use super::{Engine, page::check_limit};
use crate::{
    clock::Timestamp,
    error::{Code, Error},
    id,
    message::{
        self, LEASE, Message, MessageKind, MessageList, MessageRecord, NOTICE_TRIED_FOR,
        WaitingMessages,
    },
    random,
    report::Notice,
    reset::{PasswordReset, ResetRecord},
    store::{MessageSteps, Store, StoreError, UserKey},
    user::User,
};

/// Most messages that are given out at a time.
const MOST: u32 = 100;

impl<S: Store> Engine<S> {
    /// Messages that are to be sent now, those first that have waited for longest, at most `limit` (1 to 100). Each is
    /// held for 5 minutes by whoever was given it, and nobody else is given it meanwhile: say
    /// [`message_sent`](Self::message_sent) or [`message_failed`](Self::message_failed) by its `id`. Of whom nothing is
    /// heard, the messages are given out again: each is sent at least once, and more than once if a mailer ends
    /// between sending it and saying so; its `message_id` stays the same.
    ///
    /// Messages whose link does not work any more, or whose user is gone, are removed and not given out. Fewer than
    /// `limit` may be answered while more wait; none, when none is due.
    ///
    /// # Errors
    ///
    /// `input_invalid` for a limit out of range, `config_invalid` when `messages` is off, `storage_unavailable`.
    pub fn messages(&self, limit: u32) -> Result<MessageList, Error> {
        self.check_messages()?;
        check_limit(limit, MOST)?;
        loop {
            let lease = base16ct::lower::encode_string(&random::bytes::<16>(self.random())?);
            let leased = self.transact(|transaction| {
                let now = self.now();
                transaction.lease_messages(&lease, now, now + LEASE, limit)
            })?;
            let is_over = leased.is_empty();
            let (mut given, mut dead) = (Vec::new(), Vec::new());
            for record in leased {
                match self.message(&record, &lease) {
                    Ok(Some((mut message, Audience::Owner))) => {
                        let keys = self.keys();
                        let token = Notice::token(&record, &message.to, keys.current())?;
                        message.report_token = Some(token);
                        given.push(message);
                    }
                    Ok(Some((message, Audience::Anybody))) => given.push(message),
                    Ok(None) => dead.push(record),
                    // It keeps none of the others from being sent, and is tried again with the next lease.
                    Err(error) if error.code() == Code::Internal => {
                        tracing::error!(message_id = record.id, "a message cannot be read");
                    }
                    Err(error) => return Err(error),
                }
            }
            if !dead.is_empty() {
                self.transact(|transaction| {
                    for record in &dead {
                        transaction.finish_message(&record.id, &lease)?;
                    }
                    Ok(())
                })?;
            }
            if is_over || !given.is_empty() {
                return Ok(MessageList { data: given });
            }
        }
    }

    /// Removes a message that was sent.
    ///
    /// # Errors
    ///
    /// `input_invalid` (`id_unknown`): there is no such message any more, or it was held for longer than 5 minutes and
    /// is another's now. Nothing is to be done about that. `config_invalid` when `messages` is off,
    /// `storage_unavailable`.
    pub fn message_sent(&self, id: &str) -> Result<(), Error> {
        self.check_messages()?;
        let (id, lease) = message::read_leased_id(id).ok_or_else(unknown)?;
        let is_finished = self.transact(|transaction| transaction.finish_message(id, lease))?;
        is_finished.then_some(()).ok_or_else(unknown)
    }

    /// Gives a message back that could not be sent. It is given out again after 10 seconds, 1, 5, 15 and 60 minutes, then
    /// every 4 hours, and up to a quarter later each time: a link until it stops working, a notice for at least 24 hours, and
    /// neither for longer than 48.
    ///
    /// # Errors
    ///
    /// Those of [`Engine::message_sent`].
    pub fn message_failed(&self, id: &str) -> Result<(), Error> {
        self.check_messages()?;
        let (id, lease) = message::read_leased_id(id).ok_or_else(unknown)?;
        let [drawn] = random::bytes(self.random())?;
        let given_up = self.transact(|transaction| {
            let record = transaction.lock_message(id, lease)?.ok_or_else(unknown)?;
            let now = self.now();
            let is_notice = record.reset_id.is_none();
            if is_notice && record.created_at + NOTICE_TRIED_FOR <= now {
                transaction.finish_message(id, lease)?;
                return Ok(Some(record));
            }
            let due_at = now + message::pause(record.attempts, drawn);
            transaction.postpone_message(id, lease, due_at)?;
            Ok(None)
        })?;
        if let Some(record) = given_up {
            tracing::warn!(
                message_id = record.id,
                kind = record.kind.as_str(),
                user_id = record.user_id,
                "a notice was not sent within a day, and is given up"
            );
        }
        Ok(())
    }

    /// How many messages wait, and since when.
    ///
    /// # Errors
    ///
    /// `storage_unavailable`.
    pub fn waiting_messages(&self) -> Result<WaitingMessages, Error> {
        Ok(self.store.waiting_messages()?)
    }

    /// Refuses what needs an outbox where there is none.
    pub(super) fn check_messages(&self) -> Result<(), Error> {
        if self.config.messages {
            return Ok(());
        }
        Err(Error::config(
            "there are no messages: turn the option messages on",
        ))
    }

    /// Has the link of a reset sent, if there is an outbox.
    pub(super) fn enqueue_link(
        &self,
        transaction: &mut S::Transaction<'_>,
        reset: &ResetRecord,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let kind = MessageKind::PasswordReset;
        self.enqueue(
            transaction,
            kind,
            &reset.user_id,
            Some(&reset.id),
            None,
            now,
        )
    }

    /// Has an address told what happened to an account, if there is an outbox.
    pub(super) fn enqueue_notice(
        &self,
        transaction: &mut S::Transaction<'_>,
        kind: MessageKind,
        user_id: &str,
        email: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.enqueue(transaction, kind, user_id, None, Some(email), now)
    }

    /// Has a user told that the password was changed, or the address from that one: both where it was and where it is.
    pub(super) fn enqueue_changes(
        &self,
        transaction: &mut S::Transaction<'_>,
        user: &User,
        moved_from: Option<&str>,
        has_other_password: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        for email in moved_from.into_iter().chain([user.email.as_str()]) {
            if moved_from.is_some() {
                let kind = MessageKind::EmailChanged;
                self.enqueue_notice(transaction, kind, &user.id, email, now)?;
            }
            if has_other_password {
                let kind = MessageKind::PasswordChanged;
                self.enqueue_notice(transaction, kind, &user.id, email, now)?;
            }
        }
        Ok(())
    }

    fn enqueue(
        &self,
        transaction: &mut S::Transaction<'_>,
        kind: MessageKind,
        user_id: &str,
        reset_id: Option<&str>,
        email: Option<&str>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if !self.config.messages {
            return Ok(());
        }
        transaction.enqueue(&MessageRecord {
            id: id::new("message", now, self.random()).map_err(Error::from)?,
            kind,
            user_id: user_id.to_owned(),
            reset_id: reset_id.map(str::to_owned),
            email: email.map(str::to_owned),
            created_at: now,
            attempts: 0,
        })
    }

    /// What a mailer is told; `None` if there is nothing to send any more.
    fn message(
        &self,
        record: &MessageRecord,
        lease: &str,
    ) -> Result<Option<(Message, Audience)>, Error> {
        let (user, to, link) = match (&record.reset_id, &record.email) {
            (Some(reset_id), _) => match self.find_link(reset_id)? {
                Some((user, link)) => (user, link.email.clone(), Some(link)),
                None => return Ok(None),
            },
            (None, Some(email)) => match self.store.find_user(UserKey::Id(&record.user_id))? {
                Some(found) => (found.user, email.clone(), None),
                None => return Ok(None),
            },
            (None, None) => return Ok(None),
        };
        let audience = match record.kind {
            MessageKind::PasswordReset => Audience::Anybody,
            // Whoever has the address that an account has moved to may be who moved it.
            MessageKind::EmailChanged if user.email == to => Audience::Anybody,
            MessageKind::EmailChanged | MessageKind::PasswordChanged => Audience::Owner,
        };
        let expires_at = link.as_ref().map(|link| link.expires_at);
        let message = Message {
            id: message::leased_id(&record.id, lease),
            message_id: record.id.clone(),
            kind: record.kind,
            to,
            user_id: user.id,
            first_name: user.first_name,
            name: user.name,
            locale: user.locale,
            url: link.map(|link: PasswordReset| link.password_reset_url),
            expires_at,
            report_token: None,
            created_at: record.created_at,
            attempt: record.attempts,
        };
        Ok(Some((message, audience)))
    }
}

/// Who reads a message.
enum Audience {
    /// Whoever has the mail of that address now.
    Anybody,
    /// Who should know of a change, and may say that it was not theirs.
    Owner,
}

/// What is said of an id that names no message which its holder holds.
fn unknown() -> Error {
    let message = "id must be that of a message that was given out and is still held";
    Error::field("id", "unknown", message)
}
