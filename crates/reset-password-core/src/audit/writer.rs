//! Writing the trail: the next record, and the signed checkpoints of its end and its beginning.

use std::sync::Arc;

use super::{
    AuditRow, Chain, ChainPosition, Checkpoint, CheckpointState, Checkpoints, LastRecord,
    checkpoint::furthest,
};
use crate::{
    caller::Caller,
    event::Event,
    key::{Digest, Key},
    keyring::Keyring,
};

/// What is to be written for an event beside the event itself.
pub struct ChainedRecord {
    /// The record's place.
    pub sequence: i64,
    /// The event's data, as text.
    pub data: String,
    /// Who did it.
    pub context: String,
    /// What chains it to the one before it.
    pub chain: Digest,
    /// The checkpoint of the end from now on; `None` where the one that is there must stay, because it does
    /// not verify.
    pub head: Option<String>,
}

/// Writes the trail: knows who acts, and holds the key that its checkpoints are signed with.
pub struct AuditWriter {
    key: Arc<Key>,
    /// The key that they were signed with before, while it is being replaced.
    replaced: Option<Arc<Key>>,
    context: String,
}

impl AuditWriter {
    /// A writer for the current caller.
    #[must_use]
    pub fn new(keys: &Keyring) -> Self {
        Self {
            key: Arc::clone(keys.current()),
            replaced: None,
            context: serde_json::to_string(&Caller::current()).unwrap_or_default(),
        }
    }

    /// The same while one key takes the place of another.
    #[must_use]
    pub fn replacing(mut self, replaced: Arc<Key>, key: Arc<Key>) -> Self {
        self.key = key;
        self.replaced = Some(replaced);
        self
    }

    /// The id of the key that it signs with.
    #[must_use]
    pub fn key_id(&self) -> &str {
        self.key.id()
    }

    /// Whether one of these checkpoints is signed, and by no key that this writer reads. Then the key may have
    /// been replaced.
    #[must_use]
    pub fn is_locked_out(&self, checkpoints: &Checkpoints) -> bool {
        let keys = self.keys();
        let mut all = checkpoints.iter();
        all.any(|(chain, checkpoint, text)| {
            checkpoint.read(chain, text, &keys) == Err(CheckpointState::UnknownKey)
        })
    }

    /// The same of the end of one chain.
    #[must_use]
    pub fn is_locked_out_of(&self, chain: Chain, head: Option<&str>) -> bool {
        Checkpoint::Head.read(chain, head, &self.keys()) == Err(CheckpointState::UnknownKey)
    }

    fn keys(&self) -> Vec<&Key> {
        let replaced = self.replaced.as_deref();
        std::iter::once(&*self.key).chain(replaced).collect()
    }

    /// The record of an event behind the signed end of its chain, at this time of the server's clock; `None`
    /// if that end is not signed, or does not verify.
    #[must_use]
    pub fn after_head(
        &self,
        chain: Chain,
        head: Option<&str>,
        ticks: i64,
        event: &Event,
    ) -> Option<ChainedRecord> {
        let head = Checkpoint::Head.read(chain, head, &self.keys()).ok()??;
        Some(self.record(chain, head, ticks, event, true))
    }

    /// The record of an event behind a chain whose end is not where it was signed, or not signed. A trail
    /// that is damaged is written on, because what is recorded matters more; but an end that does not verify
    /// is not signed again, so that the damage stays to be seen.
    #[must_use]
    pub fn after_last(
        &self,
        chain: Chain,
        head: Option<&str>,
        ticks: i64,
        last: &LastRecord,
        event: &Event,
    ) -> ChainedRecord {
        tracing::error!(
            event_id = event.id,
            "integrity_failure: the audit trail does not end where it was signed; run \
             `reset-password audit verify`"
        );
        let sequence = last.sequence.unwrap_or_else(|| chain.beginning());
        if let Ok(Some(head)) = Checkpoint::Head.read(chain, head, &self.keys()) {
            let sequence = head.sequence.max(sequence);
            let position = ChainPosition { sequence, ..head };
            return self.record(chain, position, ticks, event, true);
        }
        let last = last.chain.as_deref();
        let position = ChainPosition {
            sequence,
            chain: last
                .and_then(|chain| chain.try_into().ok())
                .unwrap_or(ChainPosition::NOTHING),
        };
        self.record(chain, position, ticks, event, false)
    }

    /// The checkpoints of the beginnings, once these records, the first, are gone: the settings and their
    /// values. A beginning moves only past records that are as they were written: what was tampered with
    /// cannot be purged out of sight.
    #[must_use]
    pub fn shorten(
        &self,
        checkpoints: &Checkpoints,
        removed: &[AuditRow],
    ) -> Vec<(String, String)> {
        let count = checkpoints.count();
        let moved = Chain::all(count).filter_map(|chain| {
            let before = checkpoints
                .read(chain, Checkpoint::Anchor, &self.keys())
                .ok()??;
            let mut position = before;
            let removed = removed.iter().filter(|row| {
                row.sequence > before.sequence && Chain::of_record(row.sequence, count) == chain
            });
            for row in removed {
                let Ok(next) = position.followed_by(chain, row) else {
                    tracing::error!(
                        sequence = row.sequence,
                        "integrity_failure: a record that is too old was altered; run \
                         `reset-password audit verify`"
                    );
                    break;
                };
                position = next;
            }
            (position != before).then(|| self.sign(chain, Checkpoint::Anchor, position))
        });
        moved.collect()
    }

    /// All checkpoints of a new trail, the settings and their values. There is nothing to sign, and nothing that
    /// could be taken for a new trail, where one of them is there or anything has been recorded.
    #[must_use]
    pub fn begin(&self, checkpoints: &Checkpoints, last: &[LastRecord]) -> Vec<(String, String)> {
        let has_records = last.iter().any(|record| record.sequence.is_some());
        if !checkpoints.are_blank() || has_records {
            return Vec::new();
        }
        let all = checkpoints.iter().map(|(chain, checkpoint, _)| {
            let sequence = chain.beginning();
            let chained_to = ChainPosition::NOTHING;
            let position = ChainPosition {
                sequence,
                chain: chained_to,
            };
            self.sign(chain, checkpoint, position)
        });
        all.collect()
    }

    /// The checkpoints that are to be signed under the key in force, the settings and their values: those
    /// that verify and are not yet. After that the key before it is not needed for the trail.
    #[must_use]
    pub fn renew(&self, checkpoints: &Checkpoints) -> Vec<(String, String)> {
        let due = checkpoints.iter().filter_map(|(chain, checkpoint, text)| {
            let signature = format!(" {}:", self.key.id());
            let is_new = text.is_some_and(|text| text.contains(&signature));
            let position = checkpoint.read(chain, text, &self.keys()).ok()??;
            (!is_new).then(|| self.sign(chain, checkpoint, position))
        });
        due.collect()
    }

    /// Moves the ends up to the furthest of them, so that nothing is recorded before it any more: that place,
    /// and the settings and their values. Nothing moves where one of them does not verify.
    #[must_use]
    pub fn level(&self, checkpoints: &Checkpoints) -> (i64, Vec<(String, String)>) {
        let heads = checkpoints.heads(&self.keys()).unwrap_or_default();
        let furthest = furthest(&heads);
        let moved = heads.into_iter().filter_map(|(chain, head)| {
            let sequence = chain.last_through(furthest);
            let position = ChainPosition { sequence, ..head };
            (sequence > head.sequence).then(|| self.sign(chain, Checkpoint::Head, position))
        });
        (furthest, moved.collect())
    }

    fn sign(
        &self,
        chain: Chain,
        checkpoint: Checkpoint,
        position: ChainPosition,
    ) -> (String, String) {
        let text = checkpoint.sign(chain, position, &self.key);
        (checkpoint.setting(chain), text)
    }

    fn record(
        &self,
        chain: Chain,
        before: ChainPosition,
        ticks: i64,
        event: &Event,
        signs: bool,
    ) -> ChainedRecord {
        let data = event.data.to_string();
        let sequence = chain.next(before.sequence, ticks);
        let row = AuditRow {
            sequence,
            id: event.id.clone().into_bytes(),
            event: event.event.clone().into_bytes(),
            data: data.clone().into_bytes(),
            created_at: event.created_at.unix_millis(),
            listed: event.is_listed(),
            context: Some(self.context.clone().into_bytes()),
            chain: None,
        };
        let position = ChainPosition {
            sequence,
            chain: row.chain_after(&before.chain),
        };
        ChainedRecord {
            sequence,
            data,
            context: self.context.clone(),
            chain: position.chain,
            head: signs.then(|| Checkpoint::Head.sign(chain, position, &self.key)),
        }
    }
}
