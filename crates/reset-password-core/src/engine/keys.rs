//! The secret key that the database belongs to.

use super::Engine;
use crate::{
    audit::AuditWriter,
    error::Error,
    event::Event,
    key::Key,
    store::{EventSteps, SettingSteps, Store},
};

impl<S: Store> Engine<S> {
    /// Records that the database belongs to this key from now on, and to the one with the id `before` no longer, and
    /// signs the audit trail's checkpoints under it. Nothing happens where it does already.
    ///
    /// # Errors
    ///
    /// `config_invalid` when the database belongs to neither of them: another one has been given a key meanwhile.
    /// `storage_unavailable`.
    pub fn replace_key(&self, key: &Key, before: &str) -> Result<(), Error> {
        let audit = || {
            let writer = AuditWriter::new(&self.config.keys);
            match self.config.keys.find(key.id()) {
                Some(_) => writer,
                None => writer.with(key),
            }
        };
        self.transact_as(audit, |transaction| {
            let present = transaction.lock_key_id()?;
            if present == key.id() {
                return Ok(());
            }
            if present != before {
                return Err(Error::config(format!(
                    "the database's key was replaced by key {present} meanwhile, and not by this one; give that \
                     key to every process"
                ))
                .into());
            }
            transaction.set_key_id(key.id())?;
            let event = Event::of_key_rotation(key.id(), before, self.now(), self.random())?;
            // All ends are locked in their order before one of them is written to.
            transaction.renew_checkpoints()?;
            transaction.append(&event)
        })
    }

    /// Makes the database this key's, where it is nobody's yet, and begins the audit trail: both, or neither.
    /// Answers the id of the key that it belongs to now, which is another's if another process was faster.
    ///
    /// # Errors
    ///
    /// `storage_unavailable`.
    pub fn take_database(&self) -> Result<String, Error> {
        self.transact(|transaction| {
            if transaction.record_first_key_id(self.config.keys.current().id())? {
                transaction.begin_trail()?;
            }
            transaction.lock_key_id()
        })
    }

    /// Signs the audit trail's checkpoints under the key in force, where a process that holds an earlier one has
    /// signed them since.
    ///
    /// # Errors
    ///
    /// `storage_unavailable`.
    pub fn renew_checkpoints(&self) -> Result<(), Error> {
        let checkpoints = self.store.checkpoints()?;
        let writer = AuditWriter::new(&self.config.keys);
        let due = writer.renew(&checkpoints);
        if !due.is_empty() {
            self.transact(|transaction| transaction.renew_checkpoints())?;
        }
        Ok(())
    }

    /// The ids of the keys that links which still work were made with.
    ///
    /// # Errors
    ///
    /// `storage_unavailable`.
    pub fn key_ids_in_use(&self) -> Result<Vec<String>, Error> {
        Ok(self.store.key_ids_in_use(self.now())?)
    }
}
