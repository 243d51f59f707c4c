//! Writing the trail: the next record, and the signed marks of its end and its beginning.

use super::{AuditFault, AuditRow, MarkState, hex};
use crate::{
    caller::Caller,
    event::Event,
    key::{self, Digest, Key, Keyring},
};

/// Where a transaction finds the trail's end.
pub struct TrailEnd {
    /// The mark `audit_head`.
    pub head: Option<String>,
    /// The last record's place, if there is a record.
    pub sequence: Option<i64>,
    /// What chains the last record to the one before it.
    pub chain: Option<Vec<u8>>,
}

/// The trail's end and its beginning, read at one moment.
pub struct TrailMarks {
    /// Its end.
    pub end: TrailEnd,
    /// The mark `audit_anchor`.
    pub anchor: Option<String>,
}

/// What is to be written for an event beside the event itself.
pub struct Link {
    /// The record's place.
    pub sequence: i64,
    /// The event's data, as text.
    pub data: String,
    /// Who did it.
    pub context: String,
    /// What chains it to the one before it.
    pub chain: Digest,
    /// The mark `audit_head` from now on; absent where the one that is there must stay, because it does
    /// not verify.
    pub head: Option<String>,
    /// The mark `audit_anchor` from now on, where the trail begins with this record.
    pub anchor: Option<String>,
}

/// A place in the trail: a record and what chains it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) sequence: i64,
    pub(crate) chain: Digest,
}

impl Place {
    /// What the first record is chained to.
    pub(crate) const NOTHING: Digest = [0; 32];

    /// The next place, if that record is the one that was written after this.
    pub(crate) fn followed_by(self, row: &AuditRow) -> Result<Self, (i64, AuditFault)> {
        let next = self.sequence.saturating_add(1);
        if row.sequence != next {
            return Err((next, AuditFault::Missing));
        }
        let chain = row.chain_after(&self.chain);
        if row.chain.as_deref() != Some(&chain) {
            return Err((next, AuditFault::Altered));
        }
        Ok(Self {
            sequence: next,
            chain,
        })
    }
}

/// The two marks.
#[derive(Clone, Copy)]
pub(crate) enum Mark {
    /// Before the first record that is kept.
    Anchor,
    /// The last record.
    Head,
}

impl Mark {
    const fn setting(self) -> &'static str {
        match self {
            Self::Anchor => "audit_anchor",
            Self::Head => "audit_head",
        }
    }

    fn signature(self, place: Place, key: &Key) -> Digest {
        key.mark_digest(&[
            self.setting().as_bytes(),
            &place.sequence.to_be_bytes(),
            &place.chain,
        ])
    }
}

/// Writes the trail: knows who acts, and holds the keys that its marks are signed with, the one in force
/// first.
pub struct Scribe<'a> {
    keys: Vec<&'a Key>,
    context: String,
}

impl<'a> Scribe<'a> {
    /// A scribe for the present caller.
    #[must_use]
    pub fn new(keys: &'a Keyring) -> Self {
        Self {
            keys: keys.iter().collect(),
            context: serde_json::to_string(&Caller::present()).unwrap_or_default(),
        }
    }

    /// The same with one more key, which is about to be the one in force.
    #[must_use]
    pub fn with(mut self, key: &'a Key) -> Self {
        self.keys.insert(0, key);
        self
    }

    /// Joins an event to the trail. One that is damaged is written on, because what is recorded matters
    /// more; but its end is then not signed again, so that the damage stays to be seen.
    #[must_use]
    pub fn join(&self, end: &TrailEnd, event: &Event) -> Link {
        let last = end.sequence.unwrap_or(0);
        let chain: Option<Digest> = end.chain.as_deref().and_then(|chain| chain.try_into().ok());
        let present = Place {
            sequence: last,
            chain: chain.unwrap_or(Place::NOTHING),
        };
        let (before, begins, signs) = match self.read(Mark::Head, end.head.as_deref()) {
            Ok(Some(head)) => {
                // A purge may have removed every record.
                if end.sequence.is_some() && present != head {
                    report(event);
                }
                let sequence = head.sequence.max(last);
                (Place { sequence, ..head }, false, true)
            }
            Ok(None) if end.chain.is_none() => (present, true, true),
            Ok(None) | Err(_) => {
                report(event);
                (present, false, false)
            }
        };
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
        let place = Place { sequence, chain };
        Link {
            sequence,
            data,
            context: self.context.clone(),
            chain,
            head: signs.then(|| self.sign(Mark::Head, place)),
            anchor: begins.then(|| self.sign(Mark::Anchor, before)),
        }
    }

    /// The mark of the beginning, once these records, the first, are gone. It moves only past records
    /// that are as they were written: what was tampered with cannot be purged out of sight.
    #[must_use]
    pub fn shorten(&self, anchor: Option<&str>, removed: &[AuditRow]) -> Option<String> {
        let Ok(Some(before)) = self.read(Mark::Anchor, anchor) else {
            return None;
        };
        let mut place = before;
        for row in removed.iter().filter(|row| row.sequence > before.sequence) {
            let Ok(next) = place.followed_by(row) else {
                tracing::error!(
                    sequence = row.sequence,
                    "integrity_failure: a record that is too old was altered; run \
                     `reset-password audit verify`"
                );
                break;
            };
            place = next;
        }
        (place != before).then(|| self.sign(Mark::Anchor, place))
    }

    /// The marks that verify and are not signed under the key in force, signed under it: the setting and
    /// its value. After that the keys before it are not needed for the trail.
    #[must_use]
    pub fn renew(&self, marks: &TrailMarks) -> Vec<(&'static str, String)> {
        let texts = [(Mark::Anchor, &marks.anchor), (Mark::Head, &marks.end.head)];
        let old = texts.into_iter().filter_map(|(mark, text)| {
            let place = self.read(mark, text.as_deref()).ok()??;
            let signature = format!(" {}:", self.keys.first()?.id());
            let is_new = text.as_ref().is_some_and(|text| text.contains(&signature));
            (!is_new).then(|| (mark.setting(), self.sign(mark, place)))
        });
        old.collect()
    }

    /// The place that a mark names, or nothing where the trail has not begun.
    pub(crate) fn read(&self, mark: Mark, text: Option<&str>) -> Result<Option<Place>, MarkState> {
        let text = text.ok_or(MarkState::Missing)?;
        if text.is_empty() {
            return Ok(None);
        }
        let mut words = text.split_ascii_whitespace();
        let place = words.next().zip(words.next()).and_then(place);
        let place = place.ok_or(MarkState::Forged)?;
        let mut state = MarkState::UnknownKey;
        for (id, signature) in words.filter_map(|word| word.split_once(':')) {
            let Some(key) = self.keys.iter().find(|key| key.id() == id) else {
                continue;
            };
            let right = mark.signature(place, key);
            if bytes(signature).is_some_and(|signature| key::equal(&signature, &right)) {
                return Ok(Some(place));
            }
            state = MarkState::Forged;
        }
        Err(state)
    }

    fn sign(&self, mark: Mark, place: Place) -> String {
        let mut text = format!("{} {}", place.sequence, hex(&place.chain));
        for key in &self.keys {
            text.push(' ');
            text.push_str(key.id());
            text.push(':');
            text.push_str(&hex(&mark.signature(place, key)));
        }
        text
    }
}

fn report(event: &Event) {
    tracing::error!(
        event_id = event.id,
        "integrity_failure: the audit trail does not end where it was signed; run \
         `reset-password audit verify`"
    );
}

fn place((sequence, chain): (&str, &str)) -> Option<Place> {
    Some(Place {
        sequence: sequence.parse().ok()?,
        chain: bytes(chain)?,
    })
}

fn bytes(hex: &str) -> Option<Digest> {
    let mut bytes = [0; 32];
    let read = base16ct::lower::decode(hex, &mut bytes).ok()?.len();
    (read == bytes.len()).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(bytes: &[u8]) -> Keyring {
        let key = |byte: &u8| {
            let mut secret = [*byte; Key::BYTES];
            secret[0] ^= 1;
            Key::new(&secret)
        };
        let mut keys = bytes.iter().map(key);
        Keyring::new(keys.next().unwrap(), keys.collect()).unwrap()
    }

    #[test]
    fn sec86_a_mark_is_read_by_whoever_has_one_of_its_keys() {
        let place = Place {
            sequence: 7,
            chain: [3; 32],
        };
        let (both, old, new) = (ring(&[2, 1]), ring(&[1]), ring(&[2, 3]));
        let text = Scribe::new(&both).sign(Mark::Head, place);
        for keys in [&both, &old, &new] {
            let read = Scribe::new(keys).read(Mark::Head, Some(&text));
            assert!(read == Ok(Some(place)));
        }
        let read = |mark, text: &str| Scribe::new(&old).read(mark, Some(text));
        assert!(read(Mark::Anchor, &text) == Err(MarkState::Forged));
        let strange = Scribe::new(&new).sign(Mark::Head, place);
        assert!(read(Mark::Head, &strange) == Err(MarkState::UnknownKey));
    }

    #[test]
    fn sec86_no_other_text_is_a_mark() {
        let keys = ring(&[1]);
        let scribe = Scribe::new(&keys);
        let place = Place {
            sequence: 7,
            chain: [3; 32],
        };
        let text = scribe.sign(Mark::Head, place);
        for at in 0..text.len() {
            let mut other = text.clone().into_bytes();
            other[at] ^= 1;
            let other = String::from_utf8(other).unwrap();
            assert!(scribe.read(Mark::Head, Some(&other)).is_err(), "{other}");
            let cut = text.get(..at).filter(|cut| !cut.is_empty());
            assert!(cut.is_none_or(|cut| scribe.read(Mark::Head, Some(cut)).is_err()));
        }
        for other in [" ", "x", "7", "é é é:é", "9223372036854775808 00 x:y"] {
            assert!(scribe.read(Mark::Head, Some(other)).is_err(), "{other}");
        }
        assert!(scribe.read(Mark::Head, None) == Err(MarkState::Missing));
        assert!(scribe.read(Mark::Head, Some("")) == Ok(None));
    }
}
