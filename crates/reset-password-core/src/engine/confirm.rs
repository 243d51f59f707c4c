//! Setting a password with a token: the main job.

use super::{Engine, RequestIdentity};
use crate::{
    admission::Class,
    clock::CLOCK_SKEW,
    credential::{Credential, StoredPassword, UserRecord},
    error::{Code, Error},
    event::Event,
    key::{self, Digest},
    message::MessageKind,
    reset::{Redemption, ResetRecord, ResetState, TokenCheck},
    retention::REQUEST_KNOWN_FOR,
    store::{EventSteps, Redeem, ResetSteps, Store, UserSteps},
    suppression::Source,
    token::Token,
    user::User,
};

/// How often a token that is alive, and whose user has changed since it was read, is tried again.
const TRIES: usize = 3;

/// Why a token does not work.
#[derive(Clone, Copy)]
pub(super) enum Death {
    /// It was used, replaced or voided.
    Ended,
    /// The row, or the credential that it was made for, is not what it was.
    Altered,
    /// It is dated further ahead than clocks lie apart.
    OfTheFuture,
    /// It is too old.
    Expired,
}

impl Death {
    /// What whoever holds the token is told.
    const fn code(self) -> Code {
        match self {
            Self::Expired => Code::PasswordResetTokenExpired,
            Self::Ended | Self::Altered | Self::OfTheFuture => Code::PasswordResetTokenNotFound,
        }
    }
}

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
    pub fn reset_password(&self, token: &str, new_password: &str) -> Result<User, Error> {
        self.confirm(token, new_password, None)
    }

    /// The same for a client that repeats a request whose answer it has lost: within a minute, and
    /// while the password that it set is in force, the same request gets the same success. Nothing is
    /// done twice.
    ///
    /// # Errors
    ///
    /// Those of [`Engine::reset_password`].
    pub fn reset_password_idempotently(
        &self,
        token: &str,
        new_password: &str,
        request: &RequestIdentity<'_>,
    ) -> Result<User, Error> {
        self.confirm(token, new_password, Some(request))
    }

    /// Says whether [`Engine::reset_password`] would take a token now, and until when. Nothing is spent, written or
    /// recorded, and no more is told than that would tell.
    ///
    /// # Errors
    ///
    /// `storage_unavailable`.
    pub fn check_password_reset_token(&self, token: &str) -> Result<TokenCheck, Error> {
        Ok(match self.peek(token)? {
            Ok((reset, _)) => TokenCheck::until(reset.expires_at),
            Err(code) => TokenCheck::refused(code),
        })
    }

    /// The user whose password a token could set now. Nothing is spent, written or recorded.
    pub(super) fn user_of_token(&self, token: &str) -> Result<User, Error> {
        let (_, user) = self.peek(token)??;
        Ok(user.user)
    }

    /// The reset of a token that works, and its user; or what whoever shows the token is told.
    fn peek(&self, token: &str) -> Result<Result<(ResetRecord, UserRecord), Code>, Error> {
        let found = match Token::parse_pasted(token) {
            Some(token) => self.seek(&token)?,
            None => None,
        };
        let Some((reset, user)) = found else {
            return Ok(Err(Code::PasswordResetTokenNotFound));
        };
        Ok(match self.death(&reset, &user.credential()) {
            None => Ok((reset, user)),
            Some(death) => Err(death.code()),
        })
    }

    fn confirm(
        &self,
        token: &str,
        new_password: &str,
        request: Option<&RequestIdentity<'_>>,
    ) -> Result<User, Error> {
        let token = Token::parse_pasted(token).ok_or(Code::PasswordResetTokenNotFound)?;
        let (reset, user) = self.find(&token)?;
        if self.has_answered(request, &reset, &user) {
            return Ok(user.user);
        }
        if let ResetState::Used(_) = reset.state {
            tracing::warn!(
                reset_id = reset.id,
                "token_reuse: a spent token was presented"
            );
            self.record_sign(Source::TokenReuse(reset.id.clone()), &reset);
        }
        self.check_live(&reset, &user.credential())?;
        let password = self.judge(new_password, &user.user)?;
        let password = self.hash(
            Class::Owner,
            &reset.user_id,
            &password,
            user.password_hash(),
        )?;
        let mut decided = self.consume(&reset, Some(&user), &password, request);
        for _ in 0..TRIES {
            match decided {
                Err(error) if error.code() == Code::PasswordResetTokenNotFound => {}
                decided => return decided,
            }
            // Something changed since it was read. It may have been this very request, whose answer was lost; or a
            // login, which does not end the token, and the new hash that came after it, which is another change:
            // then the user's row is locked before it is read.
            let (reset, user) = self.find(&token)?;
            if self.has_answered(request, &reset, &user) {
                return Ok(user.user);
            }
            self.check_live(&reset, &user.credential())?;
            decided = self.consume(&reset, None, &password, request);
        }
        decided
    }

    /// The reset that a token belongs to. What it says is advice: the transaction in `consume` decides.
    fn find(&self, token: &Token) -> Result<(ResetRecord, UserRecord), Error> {
        let found = self.seek(token)?;
        found.ok_or_else(|| Code::PasswordResetTokenNotFound.into())
    }

    /// The same; `None` if it belongs to none.
    fn seek(&self, token: &Token) -> Result<Option<(ResetRecord, UserRecord)>, Error> {
        let mut found = self.look_up(token)?;
        // It may have been made under a key that has replaced this process's.
        if found.is_none() && self.follow_key_if_due()? {
            found = self.look_up(token)?;
        }
        Ok(found)
    }

    fn look_up(&self, token: &Token) -> Result<Option<(ResetRecord, UserRecord)>, Error> {
        let keys = self.keys();
        let keys = keys.in_use(|| self.now());
        let digests: Vec<Digest> = keys.map(|key| key.token_digest(token)).collect();
        Ok(self.store.find_reset(&digests)?)
    }

    /// Whether this very request has used the token, a moment ago, and its password is in force.
    fn has_answered(
        &self,
        request: Option<&RequestIdentity<'_>>,
        reset: &ResetRecord,
        user: &UserRecord,
    ) -> bool {
        let ResetState::Used(spent) = reset.state else {
            return false;
        };
        let now = self.now();
        let hash = user.password_hash().unwrap_or_default();
        now < spent.at + REQUEST_KNOWN_FOR
            && spent.at <= now + CLOCK_SKEW
            && request
                .and_then(|request| self.identify(request, reset, hash))
                .zip(spent.request)
                .is_some_and(|(this, that)| key::equal(&this, &that))
    }

    /// What the request is known by, together with the hash that it sets.
    fn identify(
        &self,
        request: &RequestIdentity<'_>,
        reset: &ResetRecord,
        hash: &str,
    ) -> Option<Digest> {
        let keys = self.keys();
        let key = reset.maker(&keys)?;
        Some(key.request_digest(&[
            request.idempotency_key,
            request.api_key_id.as_bytes(),
            request.path.as_bytes(),
            request.body,
            hash.as_bytes(),
        ]))
    }

    /// Refuses a token that does not work. What is odd about it is logged and recorded, in a transaction of its own: so
    /// not inside of another one.
    pub(super) fn check_live(
        &self,
        reset: &ResetRecord,
        credential: &Credential,
    ) -> Result<(), Error> {
        let Some(death) = self.death(reset, credential) else {
            return Ok(());
        };
        let reset_id = &reset.id;
        match death {
            Death::Ended | Death::Expired => {}
            Death::Altered => {
                tracing::warn!(
                    reset_id,
                    "integrity_failure: the row was altered, or the credential changed behind it"
                );
                self.record_sign(Source::IntegrityFailure(reset.id.clone()), reset);
            }
            Death::OfTheFuture => {
                tracing::error!(reset_id, "a reset is dated in the future: check the clock");
            }
        }
        Err(death.code().into())
    }

    /// Why a token does not work; `None` if it does. Dead beats expired: whoever holds a replaced token learns nothing
    /// of its age.
    pub(super) fn death(&self, reset: &ResetRecord, credential: &Credential) -> Option<Death> {
        if reset.state != ResetState::Live {
            return Some(Death::Ended);
        }
        if !reset.binds(&self.keys(), credential) {
            return Some(Death::Altered);
        }
        let now = self.now();
        if reset.created_at > now + CLOCK_SKEW {
            return Some(Death::OfTheFuture);
        }
        (reset.expires_at <= now).then_some(Death::Expired)
    }

    /// Spends the token and sets the password, in one short transaction. The statement that spends compares
    /// everything that was read, so nothing has to be locked before it; where no user is given, it is
    /// locked and read here.
    ///
    /// `password_reset_token_not_found` when it lost.
    fn consume(
        &self,
        reset: &ResetRecord,
        read: Option<&UserRecord>,
        password: &StoredPassword,
        request: Option<&RequestIdentity<'_>>,
    ) -> Result<User, Error> {
        self.transact(|transaction| {
            let locked = match read {
                Some(_) => None,
                None => transaction.lock_user(&reset.user_id)?,
            };
            let user = read.or(locked.as_ref());
            let user = user.filter(|user| reset.binds(&self.keys(), &user.credential()));
            let user = user.ok_or(Code::PasswordResetTokenNotFound)?;
            let now = self.now();
            let redemption = Redemption {
                at: now,
                request: request.and_then(|request| self.identify(request, reset, &password.hash)),
            };
            let redeem = Redeem::new(reset, user, password, redemption);
            let ended = transaction.redeem(&redeem)?;
            let ended = ended.ok_or(Code::PasswordResetTokenNotFound)?;
            let changed = if self.has_own_table() {
                User {
                    email_verified: true,
                    credentials_changed_at: Some(redeem.credentials_changed_at),
                    updated_at: now,
                    ..user.user.clone()
                }
            } else {
                // What a reset sets besides, another system's table says.
                let changed = transaction.lock_user(&reset.user_id)?;
                changed.ok_or(Code::PasswordResetTokenNotFound)?.user
            };
            let (kind, email) = (MessageKind::PasswordChanged, &user.user.email);
            self.enqueue_notice(transaction, kind, &reset.user_id, email, now)?;
            let event = Event::of_success(reset, email, &ended, now, self.random())?;
            transaction.append(&event)?;
            Ok(changed)
        })
    }
}
