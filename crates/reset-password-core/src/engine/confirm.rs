//! Setting a password with a token: the main job.

use std::time::Duration;

use super::Engine;
use crate::{
    error::{Code, Error},
    event::{Event, EventKind},
    key::Digest,
    reset::{ResetRecord, ResetState},
    store::{Consumption, Store, StoredPassword, UserRecord},
    token::Token,
    user::User,
};

/// How far ahead of this machine's clock a row may be dated, before it is not believed.
const CLOCK_SKEW: Duration = Duration::from_mins(1);

impl<S: Store> Engine<S> {
    /// Sets a new password using the token from the link that the user received, and verifies the
    /// user's address if it was not verified yet. Works once for each token.
    ///
    /// # Errors
    ///
    /// - `password_reset_token_not_found`: the token is unknown, malformed, used, replaced, or voided
    ///   by a change of password or address.
    /// - `password_reset_token_expired`: the token was real and is too old.
    /// - `password_rejected`: the policy refuses the password; the token stays usable.
    /// - `overloaded`, `storage_unavailable`: try again; the token stays usable.
    pub async fn reset_password(&self, token: &str, new_password: &str) -> Result<User, Error> {
        let token = Token::parse(token).ok_or(Code::PasswordResetTokenNotFound)?;
        let (reset, user) = self.find_live(&token).await?;
        let password = self.judge(new_password, &user.user)?;
        let permit = self.admit(self.config.argon2.memory_kib()).await?;
        let password = self.hash(permit, password).await?;
        self.consume(&reset, &user, &password).await
    }

    /// The reset that a token belongs to, if the token can still be used. This is advice: the
    /// transaction in `consume` decides.
    async fn find_live(&self, token: &Token) -> Result<(ResetRecord, UserRecord), Error> {
        let digests: Vec<Digest> = self
            .config
            .keys
            .iter()
            .map(|key| key.token_digest(token))
            .collect();
        let (reset, user) = self
            .store
            .find_reset(&digests)
            .await?
            .ok_or(Code::PasswordResetTokenNotFound)?;
        if reset.state == ResetState::Used {
            tracing::warn!(
                reset_id = reset.id,
                "token_reuse: a spent token was presented"
            );
        }
        self.check_live(&reset, &user)?;
        Ok((reset, user))
    }

    /// Dead beats expired: whoever holds a replaced token learns nothing of its age.
    pub(super) fn check_live(&self, reset: &ResetRecord, user: &UserRecord) -> Result<(), Error> {
        if reset.state != ResetState::Live {
            return Err(Code::PasswordResetTokenNotFound.into());
        }
        if !reset.binds(&self.config.keys, &user.credential()) {
            tracing::warn!(
                reset_id = reset.id,
                "integrity_failure: the row was altered, or the credential changed behind it"
            );
            return Err(Code::PasswordResetTokenNotFound.into());
        }
        let now = self.now();
        if reset.created_at > now + CLOCK_SKEW {
            tracing::error!(
                reset_id = reset.id,
                "a reset is dated in the future: check the clock"
            );
            return Err(Code::PasswordResetTokenNotFound.into());
        }
        if reset.expires_at <= now {
            return Err(Code::PasswordResetTokenExpired.into());
        }
        Ok(())
    }

    async fn consume(
        &self,
        reset: &ResetRecord,
        user: &UserRecord,
        password: &StoredPassword,
    ) -> Result<User, Error> {
        let now = self.now();
        let kind = EventKind::PasswordResetSucceeded;
        let event = Event::of_reset(kind, reset, &user.user.email, now, self.random())?;
        let keys = &self.config.keys;
        let spent = self
            .store
            .consume(Consumption {
                reset,
                now,
                password,
                binds: &|row, credential| row.binds(keys, credential),
                event: &event,
            })
            .await?;
        spent.ok_or_else(|| Code::PasswordResetTokenNotFound.into())
    }
}
