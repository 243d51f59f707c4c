//! Making, reading and revoking resets.

use std::{sync::atomic::Ordering, time::Duration};

use super::Engine;
use crate::{
    clock::Timestamp,
    credential::{Credential, UserRecord},
    email::Email,
    error::{Code, Error},
    event::{Event, EventKind},
    id,
    reset::{PasswordReset, ResetRecord, ResetState},
    store::{EventSteps, ResetSteps, Store, StoreError, UserKey, UserSteps},
    token::Token,
};

/// How often a reset may be asked for, for one address.
const LIMITS: [(Duration, i64); 3] = [
    (Duration::from_mins(1), 1),
    (Duration::from_hours(1), 3),
    (Duration::from_hours(24), 10),
];

/// One new reset or failed login in so many also removes what nobody needs any more, of each kind so many rows: more than
/// came in meanwhile.
const SWEEP_EVERY: u32 = 16;
const SWEPT: u32 = 256;

/// A new reset, and the token that only its link holds.
struct Draft {
    reset: ResetRecord,
    token: Token,
}

impl<S: Store> Engine<S> {
    /// Makes a reset for a user and answers its token and url; for the trusted server. An earlier
    /// reset of the same user stops working.
    ///
    /// # Errors
    ///
    /// `input_invalid`, `user_not_found`, `storage_unavailable`.
    pub fn create_password_reset(&self, email: &str) -> Result<PasswordReset, Error> {
        let email = Email::parse(email)?;
        let user = self.user(UserKey::EmailLookup(email.lookup()))?;
        let reset = self.replace_reset(Some(&user), &email, Limit::None)?;
        reset.ok_or_else(|| Code::UserNotFound.into())
    }

    /// Makes a reset if the address belongs to a user; for a public form, whose answer must be the
    /// same whatever comes back. At most one a minute, three an hour and ten a day for an address,
    /// known or not; beyond that nothing happens, and an earlier reset goes on working.
    ///
    /// # Errors
    ///
    /// `input_invalid` for text that is no address, `storage_unavailable`. Never an error that tells
    /// whether there is such a user.
    pub fn request_password_reset(&self, email: &str) -> Result<Option<PasswordReset>, Error> {
        let email = Email::parse(email)?;
        let user = self.store.find_user(UserKey::EmailLookup(email.lookup()))?;
        let reset = self.replace_reset(user.as_ref(), &email, Limit::ByAddress)?;
        Ok(reset.filter(|_| user.is_some()))
    }

    /// Reads a reset with its token and url, while the token can be used.
    ///
    /// # Errors
    ///
    /// `password_reset_not_found`: there is no such reset, it is used, replaced, voided or expired, or
    /// tokens are not kept (`seal_tokens` is off).
    pub fn get_password_reset(&self, id: &str) -> Result<PasswordReset, Error> {
        let not_found = || Error::new(Code::PasswordResetNotFound);
        let found = self.store.find_reset_by_id(id)?;
        let (reset, user) = found.ok_or_else(not_found)?;
        self.check_live(&reset, &user).map_err(|_| not_found())?;
        let key = self.config.keys.find(&reset.key_id).ok_or_else(not_found)?;
        let sealed = reset.sealed.as_deref().ok_or_else(not_found)?;
        let token = key
            .unseal(sealed, &reset.id, &reset.digest)
            .ok_or_else(not_found)?;
        Ok(reset.with_link(&token, &user.user.email, &self.config.reset_url))
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

    /// Makes a reset in the place of the earlier one. Without a user it makes one for nobody, which no
    /// token can ever use: the same work, so that a form's answer takes the same time. `None` when none
    /// was made: a limit is reached, or the address is not that user's any more.
    fn replace_reset(
        &self,
        user: Option<&UserRecord>,
        email: &Email,
        limit: Limit,
    ) -> Result<Option<PasswordReset>, Error> {
        let lookup = email.lookup();
        let made = self.transact(|transaction| {
            let now = self.now();
            let Draft { mut reset, token } = self.draft(user, lookup, now)?;
            let locked = transaction.lock_user(&reset.user_id)?;
            let Some(credential) = present_credential(user, locked.as_ref(), lookup) else {
                return Ok(None);
            };
            if limit == Limit::ByAddress && !self.count_request(transaction, lookup, now)? {
                return Ok(None);
            }
            let key = self.config.keys.current();
            reset.fingerprint = reset.fingerprint(key, &credential);
            transaction.void_resets(Some(&reset.user_id), now)?;
            transaction.insert_reset(&reset)?;
            let email = user.map_or(lookup, |user| &user.user.email);
            let event = match user {
                Some(_) => {
                    let kind = EventKind::PasswordResetCreated;
                    Event::of_reset(kind, &reset, email, now, self.random())?
                }
                None => Event::of_nobody(&reset, now, self.random())?,
            };
            transaction.append(&event)?;
            Ok(Some(reset.with_link(&token, email, &self.config.reset_url)))
        })?;
        self.sweep();
        Ok(made)
    }

    /// Notes a request for an address; false when a limit is reached.
    fn count_request(
        &self,
        transaction: &mut S::Transaction<'_>,
        lookup: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let address = self.config.keys.current().address_digest(lookup);
        let since = LIMITS.map(|(length, _)| now.before(length));
        let counted = transaction.count_requests(&address, since)?;
        let mut windows = counted.since.into_iter().zip(LIMITS);
        if windows.any(|(requests, (_, most))| requests >= most) {
            return Ok(false);
        }
        transaction.insert_request(&address, counted.last.saturating_add(1), now)?;
        Ok(true)
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

    fn draft(
        &self,
        user: Option<&UserRecord>,
        lookup: &str,
        now: Timestamp,
    ) -> Result<Draft, Error> {
        let key = self.config.keys.current();
        let token = Token::generate(self.random())?;
        let digest = key.token_digest(&token);
        let id = id::new("password_reset", now, self.random())?;
        let sealed = key.seal(&token, &id, &digest, self.random())?;
        let reset = ResetRecord {
            user_id: user.map_or_else(
                || id::nobody(&key.address_digest(lookup)),
                |user| user.user.id.clone(),
            ),
            id,
            version: ResetRecord::VERSION,
            digest,
            key_id: key.id().to_owned(),
            fingerprint: [0; 32],
            sealed: self.config.seal_tokens.then_some(sealed),
            created_at: now,
            expires_at: now + self.config.token_lifetime,
            state: ResetState::Live,
        };
        Ok(Draft { reset, token })
    }
}

/// Whether requests are counted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Limit {
    /// By address, known or not.
    ByAddress,
    /// Not at all.
    None,
}

/// What a new token is bound to: the credential as it stands under the lock; `None` if the user that was
/// found is gone or has another address by now.
fn present_credential(
    found: Option<&UserRecord>,
    locked: Option<&UserRecord>,
    lookup: &str,
) -> Option<Credential> {
    match (found, locked) {
        (Some(found), Some(locked)) => {
            let credential = locked.credential();
            let is_same = credential.has_address_of(&found.credential());
            is_same.then_some(credential)
        }
        (None, None) => Some(Credential {
            email: lookup.to_owned(),
            email_lookup: lookup.to_owned(),
            password_hash: None,
        }),
        (None, Some(_)) | (Some(_), None) => None,
    }
}
