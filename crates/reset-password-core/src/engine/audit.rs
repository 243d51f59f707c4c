//! Verifying and reading the audit trail.

use super::{Engine, page::check_limit};
use crate::{
    audit::{AuditMark, AuditRecord, AuditVerdict, Chain, Checkpoint, Ends, Place, Verification},
    error::Error,
    key::Key,
    store::{EventSteps, Store, StoreError},
};

/// Records that are read at once.
const BATCH: u32 = 1_000;

impl<S: Store> Engine<S> {
    /// Holds every record of the audit trail against the one before it, and the trail's beginning and
    /// end against the checkpoints that were signed. What is recorded meanwhile is left to the next time.
    ///
    /// # Errors
    ///
    /// `storage_unavailable`.
    pub fn verify_audit(&self) -> Result<AuditVerdict, Error> {
        self.follow_key()?;
        let keys = self.keys();
        let keys: [&Key; 1] = [keys.current()];
        loop {
            let checkpoints = self.store.checkpoints()?;
            let mut verification = Verification::new(&checkpoints, &keys);
            let mut after = i64::MIN;
            loop {
                let rows = self.store.trail(after, i64::MAX, BATCH)?;
                for row in &rows {
                    verification.step(row);
                }
                match rows.last() {
                    Some(last) if !verification.has_failed() => after = last.sequence,
                    _ => break,
                }
            }
            let now = self.store.checkpoints()?;
            let verdict = verification.finish(&now, &keys);
            // What a purge removed meanwhile is not missing.
            if verdict.is_whole() || now.begins_like(&checkpoints) {
                return Ok(verdict);
            }
        }
    }

    /// How far the trail has come, to be kept outside the database.
    ///
    /// # Errors
    ///
    /// `storage_unavailable`.
    pub fn audit_mark(&self) -> Result<AuditMark, Error> {
        Ok(AuditMark::of(&self.store.last_records()?))
    }

    /// Holds the trail against a mark of it that was kept. Answers the first record that was there then, and is gone
    /// now or another one, though it is not older than what a purge has removed; `None` if there is none.
    ///
    /// # Errors
    ///
    /// `storage_unavailable`.
    pub fn missing_since(&self, mark: &AuditMark) -> Result<Option<i64>, Error> {
        self.follow_key()?;
        let keys = self.keys();
        let keys: [&Key; 1] = [keys.current()];
        let checkpoints = self.store.checkpoints()?;
        for Place { sequence, chain } in mark.places() {
            let rows = self.store.trail(sequence.saturating_sub(1), sequence, 1)?;
            let is_there = if let Some(row) = rows.first() {
                row.chain.as_deref() == Some(&chain)
            } else {
                let chain = Chain::of_record(sequence, checkpoints.count());
                let anchor = checkpoints.read(chain, Checkpoint::Anchor, &keys);
                matches!(anchor, Ok(Some(anchor)) if anchor.sequence >= sequence)
            };
            if !is_there {
                return Ok(Some(sequence));
            }
        }
        Ok(None)
    }

    /// The records of the audit trail beyond a place in it, at most `limit` (1 to 1,000), in its order.
    ///
    /// # Errors
    ///
    /// `input_invalid` for a limit out of range, `storage_unavailable`.
    pub fn audit(&self, after: i64, limit: u32) -> Result<Vec<AuditRecord>, Error> {
        check_limit(limit, BATCH)?;
        let rows = self.settled(limit, |through| {
            self.store.trail(after, through, limit).map(Some)
        })?;
        let rows = rows.into_iter().flatten();
        Ok(rows.map(AuditRecord::from).collect())
    }

    /// Reads a page of the trail that nothing is added to later, so that its last record can be gone on
    /// from: `read` is given the place that it may not go beyond. Where the chains' ends lie apart and the
    /// page would end between them, they are moved up first.
    pub(super) fn settled<T>(
        &self,
        limit: u32,
        read: impl Fn(i64) -> Result<Option<Vec<T>>, StoreError>,
    ) -> Result<Option<Vec<T>>, Error> {
        if self.store.chains() == 1 {
            return Ok(read(i64::MAX)?);
        }
        let checkpoints = self.store.checkpoints()?;
        let mut keys = self.keys();
        // Ends that cannot be read may have been signed by a key that has replaced this one.
        if checkpoints.heads(&[keys.current()]).is_none() && self.follow_key()? {
            keys = self.keys();
        }
        let ends = Ends::new(&checkpoints, &[keys.current()]);
        let page = read(ends.settled)?;
        let is_full = match &page {
            Some(rows) => rows.len() >= usize::try_from(limit).unwrap_or(usize::MAX),
            None => false,
        };
        if is_full || ends.are_level() {
            return Ok(page);
        }
        let through = self.transact(|transaction| transaction.level_chains())?;
        Ok(read(through)?)
    }
}
