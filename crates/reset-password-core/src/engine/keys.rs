//! The secret key that the database belongs to.

use std::sync::Arc;

use super::Engine;
use crate::{
    audit::AuditWriter,
    error::Error,
    event::Event,
    key::Key,
    keyring::Keyring,
    retirement::Retirement,
    store::{EventSteps, SettingSteps, Store},
};

impl<S: Store> Engine<S> {
    /// Makes the database this engine's: its key is the one in force from now on. Where the database is nobody's
    /// yet, the audit trail begins with that, in one transaction; where it belongs to another key of the ring, that
    /// one is replaced.
    ///
    /// # Errors
    ///
    /// `config_invalid` when the database belongs to a key that is not in the ring, or to one that replaced this
    /// one. `storage_unavailable`.
    pub fn take_database(&self) -> Result<(), Error> {
        let recorded = match self.store.key_id()? {
            Some(id) => id,
            None => self.transact(|transaction| {
                if transaction.record_first_key_id(self.keys().current().id())? {
                    transaction.begin_trail()?;
                }
                transaction.lock_key_id()
            })?,
        };
        let keys = self.keys();
        let Some(before) = keys.find(&recorded) else {
            return Err(Error::config(format!(
                "the database was last used with key {recorded}, which is not among the keys given; give \
                 that key, or list it among previous_keys"
            )));
        };
        let current = keys.current();
        if recorded != current.id() {
            self.replace_key(current, before)?;
        }
        self.know_retirements(Keyring::clone(&keys))
    }

    /// Records that the database belongs to this key from now on, and to the one `before` no longer, whose end is
    /// recorded with it, seals the secrets of webhooks and signs the audit trail's checkpoints under it. Nothing happens
    /// where it does already.
    ///
    /// # Errors
    ///
    /// `config_invalid` when the database belongs to neither of them, because another one has been given a key
    /// meanwhile, and when the key was itself replaced before. `storage_unavailable`.
    pub fn replace_key(&self, key: &Arc<Key>, before: &Arc<Key>) -> Result<(), Error> {
        let audit =
            || AuditWriter::new(&self.keys()).replacing(Arc::clone(before), Arc::clone(key));
        self.transact_as(audit, |transaction| {
            let present = transaction.lock_key_id()?;
            if present == key.id() {
                return Ok(());
            }
            if present != before.id() {
                return Err(Error::config(format!(
                    "the database's key was replaced by key {present} meanwhile, and not by this one; give that \
                     key to every process"
                ))
                .into());
            }
            let now = self.now();
            for (id, text) in transaction.lock_retirements()? {
                let Some(retired) = Retirement::read(&id, &text, before) else {
                    continue;
                };
                if id == key.id() {
                    return Err(Error::config(format!(
                        "key {id} was replaced by key {present} and signs nothing any more; give key {present}"
                    ))
                    .into());
                }
                transaction.set_retirement(&id, &retired.sign(key))?;
            }
            let retired = Retirement {
                key_id: present,
                at: now,
            };
            transaction.set_retirement(&retired.key_id, &retired.sign(key))?;
            transaction.set_key_id(key.id())?;
            self.reseal_webhooks(transaction, key, before)?;
            let event = Event::of_key_rotation(key.id(), before.id(), now, self.random())?;
            // All ends are locked in their order before one of them is written to.
            transaction.renew_checkpoints()?;
            transaction.append(&event)
        })
    }

    /// The ids of the keys that links which still work were made with.
    ///
    /// # Errors
    ///
    /// `storage_unavailable`.
    pub fn key_ids_in_use(&self) -> Result<Vec<String>, Error> {
        Ok(self.store.key_ids_in_use(self.now())?)
    }

    /// Goes on with the key that the database belongs to by now, if it has replaced the present one. Answers
    /// whether it has.
    ///
    /// # Errors
    ///
    /// `config_invalid` when this process does not have that key and cannot read it, or it is not the one that replaced the
    /// present one; `storage_unavailable`.
    pub fn follow_key(&self) -> Result<bool, Error> {
        let keys = self.keys();
        let present = keys.current().id();
        let recorded = match self.store.key_id()? {
            Some(id) if id != present => id,
            _ => return Ok(false),
        };
        // What was replaced once does not come back, whatever the database says.
        if keys.retirement(&recorded).is_some() {
            tracing::error!(
                key_id = recorded,
                "integrity_failure: the database names a key that was replaced"
            );
            return Err(Error::config(format!(
                "the database names key {recorded}, which key {present} has replaced"
            )));
        }
        let next = self.config.keys.led_by(&recorded)?;
        let next = next.knowing(&self.store.retirements()?);
        if next.retirement(present).is_none() {
            tracing::error!(
                key_id = recorded,
                "integrity_failure: the database names a key that has not replaced the present one"
            );
            return Err(Error::config(format!(
                "the database names key {recorded}, which has not replaced key {present}"
            )));
        }
        tracing::info!(
            key_id = recorded,
            replaced = present,
            "the key was replaced"
        );
        self.config.keys.set(next, self.now());
        Ok(true)
    }

    /// The same, once in ten seconds: for what anybody can cause.
    pub(super) fn follow_key_if_due(&self) -> Result<bool, Error> {
        Ok(self.config.keys.is_due(self.now()) && self.follow_key()?)
    }

    /// Reads what is recorded of the ring's earlier keys.
    fn know_retirements(&self, keys: Keyring) -> Result<(), Error> {
        let keys = keys.knowing(&self.store.retirements()?);
        for key in keys.iter().skip(1) {
            if keys.retirement(key.id()).is_none() {
                let key_id = key.id();
                tracing::warn!(
                    key_id,
                    "links made with an earlier key are refused: the present one has not recorded its end"
                );
            }
        }
        self.config.keys.set(keys, self.now());
        Ok(())
    }
}
