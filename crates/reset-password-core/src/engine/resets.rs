//! Making, reading and revoking resets.

use std::{sync::atomic::Ordering, time::Duration};

use super::Engine;
use crate::{
    clock::Timestamp,
    credential::{Credential, Recipient, UserRecord},
    email::Email,
    error::{Code, Error},
    event::{Event, EventKind},
    id, request_limit,
    reset::{PasswordReset, ResetRecord, ResetState},
    store::{EventSteps, ReportSteps, ResetSteps, Store, StoreError, UserKey, UserSteps},
    token::Token,
    user::User,
};

/// One new reset or failed login in so many also removes what nobody needs any more, of each kind so many rows: more than
/// came in meanwhile.
const SWEEP_EVERY: u32 = 16;
const SWEPT: u32 = 256;

/// A new reset, and the token that only its link holds.
pub(super) struct Draft {
    pub(super) reset: ResetRecord,
    token: Token,
}

/// How a reset is made.
pub(super) struct Making {
    /// For a user, or for an address that is nobody's.
    pub(super) is_user: bool,
    /// Whether its link is sent, where there is an outbox.
    pub(super) is_sent: bool,
    /// How long its token works.
    pub(super) lifetime: Duration,
}

impl<S: Store> Engine<S> {
    /// Makes a reset for a user and answers its token and url; for the trusted server. An earlier
    /// reset of the same user stops working. For a user without a password, such as one who is invited, its token
    /// works for `first_password_lifetime`.
    ///
    /// # Errors
    ///
    /// `input_invalid`, `user_not_found`, `storage_unavailable`; `user_locked` after a change of the account was reported
    /// from an address that is not its own any more.
    pub fn create_password_reset(&self, email: &str) -> Result<PasswordReset, Error> {
        self.create_reset(email, false)
    }

    /// The same, and has the link sent to the user's address; for a trusted server without a mailer of its own.
    ///
    /// # Errors
    ///
    /// Those of [`Engine::create_password_reset`], and `config_invalid` when `messages` is off.
    pub fn send_password_reset(&self, email: &str) -> Result<PasswordReset, Error> {
        self.check_messages()?;
        self.create_reset(email, true)
    }

    fn create_reset(&self, email: &str, is_sent: bool) -> Result<PasswordReset, Error> {
        let email = Email::parse(email)?;
        let key = self.config.address_rule.key(&email);
        let made = self.transact(|transaction| {
            let recipient = transaction.lock_recipient(&key)?;
            let recipient = recipient.ok_or(Code::UserNotFound)?;
            if transaction.is_locked(&recipient.user_id)? {
                return Err(Code::UserLocked.into());
            }
            let making = Making {
                is_user: true,
                is_sent,
                lifetime: self.lifetime_for(&recipient),
            };
            self.make_reset(transaction, &recipient, &making, self.now())
        })?;
        self.sweep();
        Ok(made)
    }

    /// What to send to whoever has this address, if anybody has; for a public form, whose answer must be the
    /// same whatever comes back. While a link works that was made before, it is that link again: a request ends
    /// none. Without a sealed copy (`seal_tokens`) it is then nothing.
    ///
    /// With `messages`, the link also waits for a mailer: whenever a request is answered with a link, or would be if
    /// the address were somebody's.
    ///
    /// Answered are at most one request a minute for an address, known or not, three an hour and ten a day; the
    /// last two do not hold where the links of earlier requests have ended. Beyond that nothing happens.
    ///
    /// # Errors
    ///
    /// `input_invalid` for text that is no address; `rate_limited` when this process has answered as many
    /// requests, whatever their addresses, as `requests_per_minute` allows; `storage_unavailable`. Never an error
    /// that tells whether there is such a user.
    pub fn request_password_reset(&self, email: &str) -> Result<Option<PasswordReset>, Error> {
        let email = Email::parse(email)?;
        let (lookup, key) = (email.lookup(), self.config.address_rule.key(&email));
        self.requests.check(self.now())?;
        let link = self.transact(|transaction| {
            let now = self.now();
            if !self.count_request(transaction, lookup, now)? {
                return Ok(Answer::Silence);
            }
            let found = transaction.lock_recipient(&key)?;
            let nobody = self.nobody(lookup);
            let user_id = &found.as_ref().unwrap_or(&nobody).user_id;
            // Who is locked out of an account is answered as if there were none.
            let is_locked = transaction.is_locked(user_id)?;
            let found = found.filter(|_| !is_locked);
            let is_user = found.is_some();
            let recipient = found.unwrap_or(nobody);
            let link = self.link_for(transaction, &recipient, is_user, now)?;
            Ok(Answer::Link(link.filter(|_| is_user)))
        })?;
        let Answer::Link(link) = link else {
            return Ok(None);
        };
        self.requests.take(self.now());
        self.sweep();
        Ok(link)
    }

    /// Reads a reset with its token and url, while the token can be used.
    ///
    /// # Errors
    ///
    /// `password_reset_not_found`: there is no such reset, it is used, replaced, voided or expired, or
    /// tokens are not kept (`seal_tokens` is off).
    pub fn get_password_reset(&self, id: &str) -> Result<PasswordReset, Error> {
        let not_found = || Error::new(Code::PasswordResetNotFound);
        let (reset, user) = self.find_by_id(id)?.ok_or_else(not_found)?;
        self.check_live(&reset, &user.credential())
            .map_err(|_| not_found())?;
        let token = self.unseal(&reset).ok_or_else(not_found)?;
        Ok(reset.with_link(&token, &user.user.email, &self.config.reset_url))
    }

    /// A user and the link of a reset, while it works; `None` if it does not, or there is no such user or reset.
    pub(super) fn find_link(&self, id: &str) -> Result<Option<(User, PasswordReset)>, Error> {
        let Some((reset, user)) = self.find_by_id(id)? else {
            return Ok(None);
        };
        if self.death(&reset, &user.credential()).is_some() {
            return Ok(None);
        }
        let url = &self.config.reset_url;
        let link = |token: Token| reset.with_link(&token, &user.user.email, url);
        let link = self.unseal(&reset).map(link);
        Ok(link.map(|link| (user.user, link)))
    }

    /// A reset and its user; `None` if there is no such reset. It may have been made under a key that has replaced this
    /// process's, which is followed.
    fn find_by_id(&self, id: &str) -> Result<Option<(ResetRecord, UserRecord)>, Error> {
        let found = self.store.find_reset_by_id(id)?;
        if let Some((reset, _)) = &found
            && self.keys().find(&reset.key_id).is_none()
        {
            self.follow_key()?;
        }
        Ok(found)
    }

    /// Voids the live resets of one user, or of all users (after an incident or a restored backup).
    /// Answers how many.
    ///
    /// # Errors
    ///
    /// `user_not_found`, `storage_unavailable`.
    pub fn revoke_password_resets(&self, user_id: Option<&str>) -> Result<u64, Error> {
        if let Some(id) = user_id {
            self.user(UserKey::Id(id))?;
        }
        self.transact(|transaction| {
            let now = self.now();
            let revoked = transaction.void_resets(user_id, now)?;
            if revoked > 0 {
                let event = Event::of_revocation(user_id, revoked, now, self.random())?;
                transaction.append(&event)?;
            }
            Ok(revoked)
        })
    }

    /// The link to send: the one that works already, or a new one. For nobody the same is done, with a reset that
    /// no token can ever use, so that a form's answer takes the same time.
    fn link_for(
        &self,
        transaction: &mut S::Transaction<'_>,
        recipient: &Recipient,
        is_user: bool,
        now: Timestamp,
    ) -> Result<Option<PasswordReset>, StoreError> {
        let live = transaction.lock_live_reset(&recipient.user_id)?;
        let live = live.filter(|reset| self.death(reset, &recipient.credential).is_none());
        let token = live.as_ref().and_then(|reset| self.unseal(reset));
        match live {
            // What does not open was altered.
            Some(reset) if token.is_some() || reset.sealed.is_none() => {
                let email = is_user.then_some(recipient.email.as_str());
                if token.is_some() {
                    self.enqueue_link(transaction, &reset, now)?;
                }
                let event = Event::of_request(&reset, email, now, self.random())?;
                transaction.append(&event)?;
                let url = &self.config.reset_url;
                Ok(token.map(|token| reset.with_link(&token, &recipient.email, url)))
            }
            _ => {
                let making = Making {
                    is_user,
                    is_sent: true,
                    lifetime: self.config.token_lifetime,
                };
                self.make_reset(transaction, recipient, &making, now)
                    .map(Some)
            }
        }
    }

    /// Makes a reset in the place of the earlier one.
    pub(super) fn make_reset(
        &self,
        transaction: &mut S::Transaction<'_>,
        recipient: &Recipient,
        making: &Making,
        now: Timestamp,
    ) -> Result<PasswordReset, StoreError> {
        let Draft { reset, token } = self.draft(recipient, making.lifetime, now)?;
        transaction.void_resets(Some(&reset.user_id), now)?;
        transaction.insert_reset(&reset)?;
        if making.is_sent {
            self.enqueue_link(transaction, &reset, now)?;
        }
        let email = &recipient.email;
        let event = if making.is_user {
            let kind = EventKind::PasswordResetCreated;
            Event::of_reset(kind, &reset, email, now, self.random())?
        } else {
            Event::of_request(&reset, None, now, self.random())?
        };
        transaction.append(&event)?;
        Ok(reset.with_link(&token, email, &self.config.reset_url))
    }

    /// Notes a request for an address; false when it is not to be answered.
    fn count_request(
        &self,
        transaction: &mut S::Transaction<'_>,
        lookup: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let address = self.keys().current().address_digest(lookup);
        let since = request_limit::WINDOWS.map(|window| now.before(window));
        let counts = transaction.count_requests(&address, since, now + request_limit::AHEAD)?;
        if !request_limit::allows(&counts, now) {
            return Ok(false);
        }
        let link_expires_at = match counts.link_expires_at {
            ended if ended <= now => now + self.config.token_lifetime,
            living => living,
        };
        let number = counts.last.saturating_add(1);
        transaction.insert_request(&address, number, now, link_expires_at)?;
        Ok(true)
    }

    /// How long a link works that a trusted server asks for.
    const fn lifetime_for(&self, recipient: &Recipient) -> Duration {
        match recipient.credential.password_hash {
            None => self.config.first_password_lifetime,
            Some(_) => self.config.token_lifetime,
        }
    }

    /// The token of a reset, from its sealed copy; `None` if there is none that opens.
    fn unseal(&self, reset: &ResetRecord) -> Option<Token> {
        let keys = self.keys();
        let key = reset.maker(&keys)?;
        key.unseal(reset.sealed.as_deref()?, &reset.id, &reset.digest)
    }

    /// Now and then removes what nobody needs any more. What was written is none the worse if that fails.
    pub(super) fn sweep(&self) {
        if self
            .written
            .fetch_add(1, Ordering::Relaxed)
            .is_multiple_of(SWEEP_EVERY)
            && let Err(error) = self.purge(SWEPT)
        {
            tracing::warn!(code = %error.code(), "what has expired was not swept away");
        }
    }

    pub(super) fn draft(
        &self,
        recipient: &Recipient,
        lifetime: Duration,
        now: Timestamp,
    ) -> Result<Draft, Error> {
        let keys = self.keys();
        let key = keys.current();
        let token = Token::generate(self.random())?;
        let digest = key.token_digest(&token);
        let id = id::new("password_reset", now, self.random())?;
        let sealed = key.seal(&token, &id, &digest, self.random())?;
        let mut reset = ResetRecord {
            user_id: recipient.user_id.clone(),
            id,
            version: ResetRecord::VERSION,
            digest,
            key_id: key.id().to_owned(),
            fingerprint: [0; 32],
            sealed: self.config.seal_tokens.then_some(sealed),
            created_at: now,
            expires_at: now + lifetime,
            state: ResetState::Live,
        };
        reset.fingerprint = reset.fingerprint(key, &recipient.credential);
        Ok(Draft { reset, token })
    }

    /// Whom a link is made for where nobody has the address. The id stands for the address, and is longer than a
    /// user's id, so it is no user's.
    fn nobody(&self, lookup: &str) -> Recipient {
        let address = self.keys().current().address_digest(lookup);
        Recipient {
            user_id: id::nobody(&address),
            email: lookup.to_owned(),
            credential: Credential::new(lookup, lookup, None),
        }
    }
}

/// What becomes of a request.
enum Answer {
    /// It is beyond a limit.
    Silence,
    /// It is answered, with a link if there is one to send.
    Link(Option<PasswordReset>),
}
