//! Verifying and reading the audit trail.

use super::{Engine, feed::check_limit};
use crate::{
    audit::{AuditFault, AuditRecord, AuditRow, AuditVerdict, Mark, MarkState, Place, TrailMarks},
    error::Error,
    store::Store,
};

/// Records that are read at once.
const BATCH: u32 = 1_000;

impl<S: Store> Engine<S> {
    /// Holds every record of the audit trail against the one before it, and the trail's beginning and
    /// end against the marks that were signed. What is recorded meanwhile is left to the next time.
    ///
    /// # Errors
    ///
    /// `storage_unavailable`.
    pub async fn verify_audit(&self) -> Result<AuditVerdict, Error> {
        loop {
            let marks = self.store.trail_marks().await?;
            let verdict = self.verify_between(&marks).await?;
            // What a purge removed meanwhile is not missing.
            if verdict.is_whole() || self.store.trail_marks().await?.anchor == marks.anchor {
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
    pub async fn audit(&self, after: i64, limit: u32) -> Result<Vec<AuditRecord>, Error> {
        check_limit(limit, BATCH)?;
        let rows = self.store.trail(after, limit).await?;
        Ok(rows.into_iter().map(AuditRecord::from).collect())
    }

    async fn verify_between(&self, marks: &TrailMarks) -> Result<AuditVerdict, Error> {
        let mut walk = Walk::new(
            self.scribe().read(Mark::Anchor, marks.anchor.as_deref()),
            self.scribe().read(Mark::Head, marks.end.head.as_deref()),
        );
        let last = marks.end.sequence.unwrap_or(i64::MIN);
        let mut after = i64::MIN;
        while after < last && walk.verdict.is_whole() {
            let rows = self.store.trail(after, BATCH).await?;
            let Some(end) = rows.last() else { break };
            after = end.sequence;
            for row in rows.iter().take_while(|row| row.sequence <= last) {
                walk.pass(row);
            }
        }
        Ok(walk.finish())
    }
}

/// A walk along the trail, from its first record to its last.
struct Walk {
    verdict: AuditVerdict,
    begin: Option<Place>,
    place: Option<Place>,
    head: Result<Option<Place>, MarkState>,
    beyond: Option<i64>,
}

impl Walk {
    fn new(
        anchor: Result<Option<Place>, MarkState>,
        head: Result<Option<Place>, MarkState>,
    ) -> Self {
        let has_begun = matches!(anchor, Ok(Some(_))) || matches!(head, Ok(Some(_)));
        let verdict = AuditVerdict {
            records: 0,
            unchained: 0,
            first_bad: None,
            // Without a beginning that can be relied on there is nothing to hold a record against.
            reason: match anchor {
                Ok(None) if has_begun => Some(AuditFault::Mark),
                Ok(_) => None,
                Err(_) => Some(AuditFault::Mark),
            },
            head: state(head),
            anchor: state(anchor),
        };
        let begin = anchor.ok().flatten();
        let head = match head {
            Ok(None) if has_begun => Err(MarkState::NotBegun),
            head => head,
        };
        Self {
            verdict,
            begin,
            place: begin,
            head,
            beyond: None,
        }
    }

    fn pass(&mut self, row: &AuditRow) {
        if !self.verdict.is_whole() || self.beyond.is_some() {
            return;
        }
        let (Some(begin), Some(place)) = (self.begin, self.place) else {
            return self.pass_unchained(row);
        };
        if row.sequence <= begin.sequence {
            if begin.chain == Place::NOTHING {
                return self.pass_unchained(row);
            }
            return self.fail(row.sequence, AuditFault::Unsigned);
        }
        if let Ok(Some(head)) = self.head
            && row.sequence > head.sequence
        {
            self.beyond = Some(row.sequence);
            return;
        }
        match place.followed_by(row) {
            Ok(next) => {
                self.place = Some(next);
                self.verdict.records += 1;
            }
            Err((sequence, fault)) => self.fail(sequence, fault),
        }
    }

    /// A record from before the trail began.
    fn pass_unchained(&mut self, row: &AuditRow) {
        match row.chain {
            None => self.verdict.unchained += 1,
            Some(_) => self.fail(row.sequence, AuditFault::Unsigned),
        }
    }

    fn finish(mut self) -> AuditVerdict {
        if !self.verdict.is_whole() {
            return self.verdict;
        }
        match (self.head, self.place) {
            (Ok(Some(head)), Some(place)) if place.sequence < head.sequence => {
                self.fail(place.sequence.saturating_add(1), AuditFault::Missing);
            }
            (Ok(Some(head)), Some(place)) if place != head => {
                self.fail(head.sequence, AuditFault::Rewritten);
            }
            (Err(_), _) => self.verdict.reason = Some(AuditFault::Mark),
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

const fn state(mark: Result<Option<Place>, MarkState>) -> MarkState {
    match mark {
        Ok(Some(_)) => MarkState::Signed,
        Ok(None) => MarkState::NotBegun,
        Err(state) => state,
    }
}
