//! Verifying and reading the audit trail.

use super::{Engine, page::check_limit};
use crate::{
    audit::{
        AuditFault, AuditRecord, AuditRow, AuditVerdict, ChainPosition, Checkpoint,
        CheckpointState, Checkpoints,
    },
    error::Error,
    key::Key,
    store::Store,
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
        loop {
            let checkpoints = self.store.checkpoints()?;
            let verdict = self.verify_between(&checkpoints)?;
            // What a purge removed meanwhile is not missing.
            if verdict.is_whole() || self.store.checkpoints()?.anchor == checkpoints.anchor {
                return Ok(verdict);
            }
        }
    }

    /// The records of the audit trail beyond a place in it, at most `limit` (1 to 1,000), in its order.
    /// The first has the number 1, if it has not been purged.
    ///
    /// # Errors
    ///
    /// `input_invalid` for a limit out of range, `storage_unavailable`.
    pub fn audit(&self, after: i64, limit: u32) -> Result<Vec<AuditRecord>, Error> {
        check_limit(limit, BATCH)?;
        let rows = self.store.trail(after, limit)?;
        Ok(rows.into_iter().map(AuditRecord::from).collect())
    }

    fn verify_between(&self, checkpoints: &Checkpoints) -> Result<AuditVerdict, Error> {
        let keys: Vec<&Key> = self.config.keys.iter().collect();
        let mut walk = Walk::new(
            Checkpoint::Anchor.read(checkpoints.anchor.as_deref(), &keys),
            Checkpoint::Head.read(checkpoints.head.as_deref(), &keys),
        );
        let last = checkpoints.last.sequence.unwrap_or(i64::MIN);
        let mut after = i64::MIN;
        while after < last && walk.verdict.is_whole() {
            let rows = self.store.trail(after, BATCH)?;
            let Some(end) = rows.last() else { break };
            after = end.sequence;
            for row in rows.iter().take_while(|row| row.sequence <= last) {
                walk.step(row);
            }
        }
        Ok(walk.finish())
    }
}

/// A walk along the trail, from its first record to its last.
struct Walk {
    verdict: AuditVerdict,
    begin: Option<ChainPosition>,
    position: Option<ChainPosition>,
    head: Result<Option<ChainPosition>, CheckpointState>,
    beyond: Option<i64>,
}

impl Walk {
    fn new(
        anchor: Result<Option<ChainPosition>, CheckpointState>,
        head: Result<Option<ChainPosition>, CheckpointState>,
    ) -> Self {
        let has_begun = matches!(anchor, Ok(Some(_))) || matches!(head, Ok(Some(_)));
        let verdict = AuditVerdict {
            records: 0,
            unchained: 0,
            first_bad: None,
            // Without a beginning that can be relied on there is nothing to hold a record against.
            reason: match anchor {
                Ok(None) if has_begun => Some(AuditFault::Checkpoint),
                Ok(_) => None,
                Err(_) => Some(AuditFault::Checkpoint),
            },
            head: state(head),
            anchor: state(anchor),
        };
        let begin = anchor.ok().flatten();
        let head = match head {
            Ok(None) if has_begun => Err(CheckpointState::NotBegun),
            head => head,
        };
        Self {
            verdict,
            begin,
            position: begin,
            head,
            beyond: None,
        }
    }

    fn step(&mut self, row: &AuditRow) {
        if !self.verdict.is_whole() || self.beyond.is_some() {
            return;
        }
        let (Some(begin), Some(position)) = (self.begin, self.position) else {
            return self.step_unchained(row);
        };
        if row.sequence <= begin.sequence {
            if begin.chain == ChainPosition::NOTHING {
                return self.step_unchained(row);
            }
            return self.fail(row.sequence, AuditFault::Unsigned);
        }
        if let Ok(Some(head)) = self.head
            && row.sequence > head.sequence
        {
            self.beyond = Some(row.sequence);
            return;
        }
        match position.followed_by(row) {
            Ok(next) => {
                self.position = Some(next);
                self.verdict.records += 1;
            }
            Err((sequence, fault)) => self.fail(sequence, fault),
        }
    }

    /// A record from before the trail began.
    fn step_unchained(&mut self, row: &AuditRow) {
        match row.chain {
            None => self.verdict.unchained += 1,
            Some(_) => self.fail(row.sequence, AuditFault::Unsigned),
        }
    }

    fn finish(mut self) -> AuditVerdict {
        if !self.verdict.is_whole() {
            return self.verdict;
        }
        match (self.head, self.position) {
            (Ok(Some(head)), Some(position)) if position.sequence < head.sequence => {
                self.fail(position.sequence.saturating_add(1), AuditFault::Missing);
            }
            (Ok(Some(head)), Some(position)) if position != head => {
                self.fail(head.sequence, AuditFault::Rewritten);
            }
            (Err(_), _) => self.verdict.reason = Some(AuditFault::Checkpoint),
            _ => {
                if let Some(sequence) = self.beyond {
                    self.fail(sequence, AuditFault::Unsigned);
                }
            }
        }
        self.verdict
    }

    const fn fail(&mut self, sequence: i64, fault: AuditFault) {
        self.verdict.first_bad = Some(sequence);
        self.verdict.reason = Some(fault);
    }
}

const fn state(checkpoint: Result<Option<ChainPosition>, CheckpointState>) -> CheckpointState {
    match checkpoint {
        Ok(Some(_)) => CheckpointState::Signed,
        Ok(None) => CheckpointState::NotBegun,
        Err(state) => state,
    }
}
