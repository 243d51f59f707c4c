//! Writing the trail: the next record, and the signed checkpoints of its end and its beginning.

use super::{AuditRow, ChainPosition, Checkpoint, Checkpoints, LastRecord};
use crate::{
    caller::Caller,
    event::Event,
    key::{Digest, Key, Keyring},
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
    /// The checkpoint of the beginning from now on; `None` unless the trail begins with this record.
    pub anchor: Option<String>,
}

/// Writes the trail: knows who acts, and holds the keys that its checkpoints are signed with, the one in
/// force first.
pub struct AuditWriter<'a> {
    keys: Vec<&'a Key>,
    context: String,
}

impl<'a> AuditWriter<'a> {
    /// A writer for the current caller.
    #[must_use]
    pub fn new(keys: &'a Keyring) -> Self {
        Self {
            keys: keys.iter().collect(),
            context: serde_json::to_string(&Caller::current()).unwrap_or_default(),
        }
    }

    /// The same with one more key, which is about to be the one in force.
    #[must_use]
    pub fn with(mut self, key: &'a Key) -> Self {
        self.keys.insert(0, key);
        self
    }

    /// The record of an event behind the signed end of the trail; `None` if that is not signed, or does not
    /// verify.
    #[must_use]
    pub fn after_head(&self, head: Option<&str>, event: &Event) -> Option<ChainedRecord> {
        let head = Checkpoint::Head.read(head, &self.keys).ok().flatten()?;
        Some(self.record(head, event, true))
    }

    /// The record of an event behind a trail whose end is not where it was signed, or not signed. The first
    /// record begins the trail. A trail that is damaged is written on, because what is recorded matters
    /// more; but an end that does not verify is not signed again, so that the damage stays to be seen.
    #[must_use]
    pub fn after_last(
        &self,
        head: Option<&str>,
        last: &LastRecord,
        event: &Event,
    ) -> ChainedRecord {
        let sequence = last.sequence.unwrap_or(0);
        let chain = last
            .chain
            .as_deref()
            .and_then(|chain| chain.try_into().ok());
        let position = ChainPosition {
            sequence,
            chain: chain.unwrap_or(ChainPosition::NOTHING),
        };
        match Checkpoint::Head.read(head, &self.keys) {
            Ok(None) if last.chain.is_none() => ChainedRecord {
                anchor: Some(Checkpoint::Anchor.sign(position, &self.keys)),
                ..self.record(position, event, true)
            },
            Ok(Some(head)) => {
                report(event);
                let sequence = head.sequence.max(sequence);
                self.record(ChainPosition { sequence, ..head }, event, true)
            }
            Ok(None) | Err(_) => {
                report(event);
                self.record(position, event, false)
            }
        }
    }

    /// The checkpoint of the beginning, once these records, the first, are gone. It moves only past records
    /// that are as they were written: what was tampered with cannot be purged out of sight. `None` where it
    /// must not move.
    #[must_use]
    pub fn shorten(&self, anchor: Option<&str>, removed: &[AuditRow]) -> Option<String> {
        let before = Checkpoint::Anchor.read(anchor, &self.keys).ok().flatten()?;
        let mut position = before;
        for row in removed.iter().filter(|row| row.sequence > before.sequence) {
            let Ok(next) = position.followed_by(row) else {
                tracing::error!(
                    sequence = row.sequence,
                    "integrity_failure: a record that is too old was altered; run \
                     `reset-password audit verify`"
                );
                break;
            };
            position = next;
        }
        (position != before).then(|| Checkpoint::Anchor.sign(position, &self.keys))
    }

    /// The checkpoints that verify and are not signed under the key in force, signed under it: the setting
    /// and its value. After that the keys before it are not needed for the trail.
    #[must_use]
    pub fn renew(&self, checkpoints: &Checkpoints) -> Vec<(&'static str, String)> {
        let stored = [
            (Checkpoint::Anchor, &checkpoints.anchor),
            (Checkpoint::Head, &checkpoints.head),
        ];
        let old = stored.into_iter().filter_map(|(checkpoint, text)| {
            let position = checkpoint.read(text.as_deref(), &self.keys).ok()??;
            let signature = format!(" {}:", self.keys.first()?.id());
            let is_new = text.as_ref().is_some_and(|text| text.contains(&signature));
            (!is_new).then(|| (checkpoint.setting(), checkpoint.sign(position, &self.keys)))
        });
        old.collect()
    }

    fn record(&self, before: ChainPosition, event: &Event, signs: bool) -> ChainedRecord {
        let data = event.data.to_string();
        let sequence = before.sequence.saturating_add(1);
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
        let chain = row.chain_after(&before.chain);
        let position = ChainPosition { sequence, chain };
        ChainedRecord {
            sequence,
            data,
            context: self.context.clone(),
            chain,
            head: signs.then(|| Checkpoint::Head.sign(position, &self.keys)),
            anchor: None,
        }
    }
}

fn report(event: &Event) {
    tracing::error!(
        event_id = event.id,
        "integrity_failure: the audit trail does not end where it was signed; run \
         `reset-password audit verify`"
    );
}
