//! Counting failed logins: few of them when they have failed, many before a password is looked at.

use std::{cell::OnceCell, sync::atomic::Ordering};

use super::Engine;
use crate::{
    caller::Caller,
    clock::Timestamp,
    credential::UserRecord,
    error::{Code, Error},
    event::Event,
    failed_logins::{FailedLogins, Refusal},
    id,
    key::Digest,
    store::{EventSteps, FailureSteps, SignIn, Store, StoreError, UserSteps},
    suppression::Source,
};

/// A login whose password may be looked at.
pub(super) struct Attempt {
    /// What failed logins with its address are counted by.
    address: Digest,
    /// The user, or a pseudonym of the address.
    user_id: String,
    /// Whether anything is counted for the address.
    has_row: bool,
    /// The failed logins before it.
    before: FailedLogins,
    /// The same and this one, where it was counted already.
    counted: Option<FailedLogins>,
}

impl<S: Store> Engine<S> {
    /// Lets a login look at a password. Known and unknown addresses are read and written alike.
    ///
    /// `rate_limited` while the address waits; `storage_unavailable`.
    pub(super) fn begin_attempt(
        &self,
        account: &str,
        user: Option<&UserRecord>,
    ) -> Result<Attempt, Error> {
        let keys = self.keys();
        let key = keys.current();
        let address = key.address_digest(account);
        let credential = key.credential_digest(user.and_then(UserRecord::password_hash));
        let found = self.store.find_failed_logins(&address)?;
        let mut attempt = Attempt {
            user_id: user.map_or_else(|| id::nobody(&address), |user| user.user.id.clone()),
            address,
            has_row: found.is_some(),
            before: FailedLogins::against(credential, found),
            counted: None,
        };
        if attempt.before.leave_one_free() && !self.counts_in_advance.load(Ordering::Relaxed) {
            return Ok(attempt);
        }
        // Nothing is written while the address waits.
        if let Some(refusal) = attempt.before.refusal(self.now()) {
            return Err(refusal.into());
        }
        let (before, counted) =
            self.transact(|transaction| self.count(transaction, &attempt, FailedLogins::refusal))?;
        attempt.before = before;
        attempt.counted = Some(counted);
        Ok(attempt)
    }

    /// Whether a login that has waited for its turn may still look at a password: others of the account may have
    /// failed meanwhile.
    pub(super) fn check_attempt(&self, attempt: &Attempt) -> Result<(), Error> {
        if attempt.counted.is_some() {
            return Ok(());
        }
        let found = self.store.find_failed_logins(&attempt.address)?;
        let failed = FailedLogins::against(attempt.before.credential, found);
        match uncounted_refusal(&failed, self.now()) {
            None => Ok(()),
            Some(refusal) => Err(refusal.into()),
        }
    }

    /// Counts and records a login that has failed, and answers what it is told.
    ///
    /// If that cannot be written, it is told so; and no password is looked at any more before the attempt is counted,
    /// until it can be: whoever guesses has nothing of a fault that only failed logins meet.
    pub(super) fn fail(&self, attempt: &Attempt) -> Error {
        let source = Source::FailedLogins(Caller::current().client);
        let share = OnceCell::new();
        let failed = self.transact(|transaction| {
            let failed = match &attempt.counted {
                Some(counted) => counted.clone(),
                None => self.count(transaction, attempt, uncounted_refusal)?.1,
            };
            let address = Some(&attempt.address);
            let share = share.get_or_init(|| {
                let suppression = self.suppression();
                suppression.share(source.clone(), address, failed.failed_at)
            });
            let (user_id, count) = (&attempt.user_id, failed.count);
            self.append_share(transaction, share, |now| {
                Event::of_failed_login(user_id, count, now, self.random())
            })?;
            if failed.are_most() {
                let event = Event::of_block(user_id, count, self.now(), self.random())?;
                transaction.append(&event)?;
            }
            Ok(failed)
        });
        match failed {
            Ok(failed) => {
                self.counts_in_advance.store(false, Ordering::Relaxed);
                if failed.are_most() {
                    let user_id = &attempt.user_id;
                    tracing::warn!(
                        user_id,
                        "no password of this account is looked at until it is reset"
                    );
                }
                self.sweep();
                Code::InvalidCredentials.into()
            }
            Err(error) if error.code() == Code::RateLimited => error,
            Err(error) => {
                self.counts_in_advance.store(true, Ordering::Relaxed);
                if let Some(share) = share.into_inner() {
                    self.owe(source, share);
                }
                error
            }
        }
    }

    /// Counts no attempt that came to nothing: its password was not looked at, or was right.
    pub(super) fn give_back(&self, attempt: &Attempt) {
        let Some(counted) = &attempt.counted else {
            return;
        };
        let given_back = self.transact(|transaction| {
            let found = transaction.lock_failed_logins(&attempt.address)?;
            // What others have counted since stays, and this with it.
            if found.as_ref() == Some(counted) {
                transaction.update_failed_logins(&attempt.address, &attempt.before)?;
            }
            Ok(())
        });
        if let Err(error) = given_back {
            tracing::warn!(code = %error.code(), "an attempt that came to nothing stays counted");
        }
    }

    /// Notes a good login and ends the row of failed ones; false when the hash that was verified is not in force any
    /// more, or too many others have failed meanwhile.
    pub(super) fn note_sign_in(
        &self,
        attempt: &Attempt,
        user_id: &str,
        verified_hash: &str,
        at: Timestamp,
    ) -> Result<bool, Error> {
        let sign_in = SignIn {
            user_id,
            verified_hash,
            at,
            address: &attempt.address,
            credential: &attempt.before.credential,
            fewer_than: match attempt.counted {
                Some(_) => i64::MAX,
                None => FailedLogins::FREE,
            },
        };
        if !attempt.has_row && attempt.counted.is_none() {
            return Ok(self.store.note_sign_in(&sign_in)?);
        }
        self.transact(|transaction| {
            let noted = transaction.note_sign_in(&sign_in)?;
            if noted {
                transaction.delete_failed_logins(&attempt.address)?;
            }
            Ok(noted)
        })
    }

    /// Counts one more, unless what is counted by now refuses it. Answers what was counted before and after.
    fn count(
        &self,
        transaction: &mut S::Transaction<'_>,
        attempt: &Attempt,
        refusal: impl Fn(&FailedLogins, Timestamp) -> Option<Refusal>,
    ) -> Result<(FailedLogins, FailedLogins), StoreError> {
        let found = transaction.lock_failed_logins(&attempt.address)?;
        let is_new = found.is_none();
        let before = FailedLogins::against(attempt.before.credential, found);
        let now = self.now();
        if let Some(refusal) = refusal(&before, now) {
            return Err(Error::from(refusal).into());
        }
        let counted = before.and_one(now);
        if is_new {
            transaction.insert_failed_logins(&attempt.address, &counted)?;
        } else {
            transaction.update_failed_logins(&attempt.address, &counted)?;
        }
        Ok((before, counted))
    }
}

/// Why an attempt that was not counted before its password was looked at has come too late; `None` if it has not.
fn uncounted_refusal(failed: &FailedLogins, now: Timestamp) -> Option<Refusal> {
    if failed.leave_one_free() {
        return None;
    }
    let refusal = failed.refusal(now);
    Some(refusal.unwrap_or(Refusal::Delayed(1)))
}
