//! A reset that is tried, and undone.

use super::{Engine, resets::Making};
use crate::{
    admission::Class,
    audit::AuditWriter,
    credential::UserRecord,
    error::{Code, Error},
    id,
    password::normal::NormalizedPassword,
    reset::Redemption,
    store::{Redeem, ResetSteps, Store, StoreError, UserSteps},
};

impl<S: Store> Engine<S> {
    /// Makes a link for some account and redeems it, in a transaction that is rolled back: what the database would
    /// refuse of a reset is found before somebody needs one. The account's row is locked meanwhile. False where there is
    /// no account to try it on.
    ///
    /// # Errors
    ///
    /// `config_invalid` with what does not work, `overloaded`, `storage_unavailable`.
    pub fn rehearse_reset(&self) -> Result<bool, Error> {
        let Some(user) = self.store.find_any_user()? else {
            return Ok(false);
        };
        let password = id::new("rehearsal", self.now(), self.random())?;
        let password = NormalizedPassword::of_any(&password);
        let (id, present) = (user.user.id.as_str(), user.password_hash());
        let password = self.hash(Class::Owner, id, &password, present)?;
        let mut transaction = self.store.begin(AuditWriter::new(&self.keys()))?;
        let mut rehearse = || {
            let user = locked(&mut transaction, id)?;
            let now = self.now();
            let making = Making {
                is_user: true,
                is_sent: true,
                lifetime: self.config.token_lifetime,
            };
            self.make_reset(&mut transaction, &user.recipient(), &making, now)?;
            let reset = transaction.lock_live_reset(id)?;
            let reset = reset.ok_or(StoreError::Damaged("a reset that was just made"))?;
            let redemption = Redemption {
                at: now,
                request: None,
            };
            let redeem = Redeem::new(&reset, &user, &password, redemption);
            let ended = transaction.redeem(&redeem)?;
            let changed = locked(&mut transaction, id)?;
            let is_set = changed.password_hash() == Some(&password.hash);
            Ok((ended.is_some(), is_set))
        };
        let (is_redeemed, is_set) = match rehearse() {
            Err(StoreError::Unavailable(source)) => {
                return Err(Error::config(format!(
                    "a reset does not work on this users' table: {source}"
                )));
            }
            rehearsed => rehearsed?,
        };
        let sentence = match (is_redeemed, is_set) {
            (true, true) => return Ok(true),
            (true, false) => {
                "after a reset the password's column holds something else than what was written: is it shorter than the hash, or does a trigger change it?"
            }
            (false, _) => {
                "a reset did not find the row of an account that it had just read: does a trigger or a rule keep it from being changed?"
            }
        };
        Err(Error::config(sentence))
    }
}

fn locked(users: &mut impl UserSteps, id: &str) -> Result<UserRecord, StoreError> {
    Ok(users.lock_user(id)?.ok_or(Code::UserNotFound)?)
}
