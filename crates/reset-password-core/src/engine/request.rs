//! Making, reading and revoking resets.

use std::time::Duration;

use super::Engine;
use crate::{
    clock::Timestamp,
    email::Email,
    error::{Code, Error},
    event::{Event, EventKind},
    id,
    reset::{PasswordReset, ResetRecord, ResetState},
    store::{Credential, Replaced, Replacement, RequestLimit, Store, UserKey, UserRecord},
    token::Token,
};

/// How often a reset may be asked for, for one address.
const LIMITS: [(Duration, u32); 3] = [
    (Duration::from_mins(1), 1),
    (Duration::from_hours(1), 3),
    (Duration::from_hours(24), 10),
];

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
    pub async fn create_password_reset(&self, email: &str) -> Result<PasswordReset, Error> {
        let email = Email::parse(email)?;
        let user = self.user(UserKey::EmailLookup(email.lookup())).await?;
        match self
            .replace_reset(Some(&user), email.lookup(), None)
            .await?
        {
            (Replaced::Made, reset) => Ok(reset),
            (Replaced::Limited | Replaced::Refused, _) => Err(Code::UserNotFound.into()),
        }
    }

    /// Makes a reset if the address belongs to a user; for a public form, whose answer must be the
    /// same whatever comes back. At most one a minute, three an hour and ten a day for an address,
    /// known or not; beyond that nothing happens, and an earlier reset goes on working.
    ///
    /// # Errors
    ///
    /// `input_invalid` for text that is no address, `storage_unavailable`. Never an error that tells
    /// whether there is such a user.
    pub async fn request_password_reset(
        &self,
        email: &str,
    ) -> Result<Option<PasswordReset>, Error> {
        let email = Email::parse(email)?;
        let user = self
            .store
            .find_user(UserKey::EmailLookup(email.lookup()))
            .await?;
        let address = self.config.keys.current().address_digest(email.lookup());
        let now = self.now();
        let windows = LIMITS.map(|(length, most)| (now.before(length), most));
        let limit = RequestLimit {
            address: &address,
            windows: &windows,
        };
        let (made, reset) = self
            .replace_reset(user.as_ref(), email.lookup(), Some(limit))
            .await?;
        Ok((made == Replaced::Made && user.is_some()).then_some(reset))
    }

    /// Reads a reset with its token and url, while the token can be used.
    ///
    /// # Errors
    ///
    /// `password_reset_not_found`: there is no such reset, it is used, replaced, voided or expired, or
    /// tokens are not kept (`seal_tokens` is off).
    pub async fn get_password_reset(&self, id: &str) -> Result<PasswordReset, Error> {
        let not_found = || Error::new(Code::PasswordResetNotFound);
        let (reset, user) = self
            .store
            .find_reset_by_id(id)
            .await?
            .ok_or_else(not_found)?;
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
    pub async fn revoke_password_resets(&self, user_id: Option<&str>) -> Result<u64, Error> {
        if let Some(id) = user_id {
            self.user(UserKey::Id(id)).await?;
        }
        let now = self.now();
        let event = |revoked| Event::of_revocation(user_id, revoked, now, self.random());
        let revoked = self
            .store
            .revoke_resets(user_id, now, &event, &self.scribe())
            .await?;
        Ok(revoked)
    }

    /// Makes a reset in the place of the earlier one. Without a user it makes one for nobody, which no
    /// token can ever use: the same work, so that a form's answer takes the same time.
    async fn replace_reset(
        &self,
        user: Option<&UserRecord>,
        lookup: &str,
        limit: Option<RequestLimit<'_>>,
    ) -> Result<(Replaced, PasswordReset), Error> {
        let now = self.now();
        let Draft { reset, token } = self.draft(user, lookup, now)?;
        let email = user.map_or(lookup, |user| &user.user.email);
        let event = match user {
            Some(_) => {
                let kind = EventKind::PasswordResetCreated;
                Event::of_reset(kind, &reset, email, now, self.random())?
            }
            None => Event::of_nobody(&reset, now, self.random())?,
        };
        let expected = user.map(UserRecord::credential);
        let nobody = Credential {
            email: lookup.to_owned(),
            email_lookup: lookup.to_owned(),
            password_hash: None,
        };
        let key = self.config.keys.current();
        let made = self
            .store
            .replace_reset(Replacement {
                reset: &reset,
                bind: &|locked| match (locked, &expected) {
                    (Some(locked), Some(expected)) => locked
                        .has_address_of(expected)
                        .then(|| reset.fingerprint(key, locked)),
                    (None, None) => Some(reset.fingerprint(key, &nobody)),
                    (None, Some(_)) | (Some(_), None) => None,
                },
                limit,
                event: &event,
                scribe: &self.scribe(),
            })
            .await?;
        Ok((made, reset.with_link(&token, email, &self.config.reset_url)))
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
                || nobody_id(key.address_digest(lookup)),
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

/// An id that stands for an address without a user. It is no user's, since it is too long.
fn nobody_id(address: [u8; 32]) -> String {
    format!("nobody_{}", base16ct::lower::encode_string(&address))
}
