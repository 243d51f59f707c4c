//! The audit trail: every change of state, each record chained to the one before it.
//!
//! The chain alone could be computed anew by whoever can write to the database. So its end and its
//! beginning are marked, and the marks are signed under the secret key. Each mark is signed under every
//! key at hand: a process that has not been restarted since the key changed can still read it.

use serde::{Serialize, Serializer};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::{
    caller::Caller,
    clock::Timestamp,
    event::Event,
    key::{self, Digest, Key, Keyring},
};

/// What the trail tells and the feed does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HiddenKind {
    ApiKeyCreated,
    ApiKeyRevoked,
    ApiKeyRotated,
    KeyRotated,
    PasswordResetRequested,
    PasswordResetRevoked,
}

impl HiddenKind {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::ApiKeyCreated => "api_key.created",
            Self::ApiKeyRevoked => "api_key.revoked",
            Self::ApiKeyRotated => "api_key.rotated",
            Self::KeyRotated => "key.rotated",
            Self::PasswordResetRequested => "password_reset.requested",
            Self::PasswordResetRevoked => "password_reset.revoked",
        }
    }
}

/// A record as it is stored, byte for byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// Its place in the trail.
    pub sequence: i64,
    /// `event_…`
    pub id: Vec<u8>,
    /// What happened.
    pub event: Vec<u8>,
    /// Of what, as JSON.
    pub data: Vec<u8>,
    /// When, in milliseconds since 1970.
    pub created_at: i64,
    /// Whether the feed shows it.
    pub listed: bool,
    /// Who did it, as JSON; absent in a record from before the trail began.
    pub context: Option<Vec<u8>>,
    /// What chains it to the one before it; absent in a record from before the trail began.
    pub chain: Option<Vec<u8>>,
}

impl AuditRow {
    /// The value that chains this record to the one with the value `before`: SHA-256 over that value
    /// and the record's fields, each behind its length.
    #[must_use]
    pub fn chain_after(&self, before: &Digest) -> Digest {
        let fields: [&[u8]; 8] = [
            before,
            &self.sequence.to_be_bytes(),
            &self.id,
            &self.event,
            &self.data,
            &self.created_at.to_be_bytes(),
            &[u8::from(self.listed)],
            self.context.as_deref().unwrap_or_default(),
        ];
        let mut hash = Sha256::new();
        for field in fields {
            hash.update(key::length(field));
            hash.update(field);
        }
        hash.finalize().into()
    }
}

/// A record, as it is exported.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "object", rename = "audit_record")]
pub struct AuditRecord {
    /// Its place in the trail.
    pub sequence: i64,
    /// `event_…`
    pub id: String,
    /// What happened.
    pub event: String,
    /// Of what.
    pub data: Value,
    /// When.
    pub created_at: Timestamp,
    /// Whether the feed shows it.
    pub listed: bool,
    /// Who did it.
    pub context: Value,
    /// What chains it to the one before it, in hexadecimal.
    pub chain: Option<String>,
}

impl From<AuditRow> for AuditRecord {
    fn from(row: AuditRow) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        let json = |bytes: Vec<u8>| {
            serde_json::from_slice(&bytes).unwrap_or_else(|_| Value::String(text(bytes)))
        };
        Self {
            sequence: row.sequence,
            id: text(row.id),
            event: text(row.event),
            data: json(row.data),
            created_at: Timestamp::from_unix_millis(row.created_at),
            listed: row.listed,
            context: row.context.map_or(Value::Null, json),
            chain: row.chain.map(|chain| hex(&chain)),
        }
    }
}

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

/// Whether a mark can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkState {
    /// It is not as it was signed.
    Forged,
    /// It is gone.
    Missing,
    /// It says that nothing has been recorded yet.
    NotBegun,
    /// Its signature is right.
    Signed,
    /// It is signed under none of the keys at hand.
    UnknownKey,
}

/// What is wrong with the trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditFault {
    /// The record is not the one that was written, or it does not follow the one before it.
    Altered,
    /// A mark of the trail's end or beginning does not verify.
    Mark,
    /// The record is gone.
    Missing,
    /// The record is not the one that the trail's end was signed with: it, or any before it, was
    /// rewritten.
    Rewritten,
    /// The record lies outside the signed trail.
    Unsigned,
}

/// What verifying the trail came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditVerdict {
    /// Records that are as they were written, from the trail's beginning on.
    pub records: u64,
    /// Records from before the trail began, which nothing vouches for.
    pub unchained: u64,
    /// The number of the first record that is wrong or gone, where one can be named.
    pub first_bad: Option<i64>,
    /// What is wrong; nothing, where the trail is whole.
    pub reason: Option<AuditFault>,
    /// The mark of the trail's end.
    pub head: MarkState,
    /// The mark of the trail's beginning.
    pub anchor: MarkState,
}

impl AuditVerdict {
    /// Whether every record is there and as it was written.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.reason.is_none()
    }
}

impl Serialize for AuditVerdict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(tag = "object", rename = "audit_verdict")]
        struct Document {
            whole: bool,
            records: u64,
            unchained: u64,
            first_bad: Option<i64>,
            reason: Option<AuditFault>,
            head: MarkState,
            anchor: MarkState,
        }
        let document = Document {
            whole: self.is_whole(),
            records: self.records,
            unchained: self.unchained,
            first_bad: self.first_bad,
            reason: self.reason,
            head: self.head,
            anchor: self.anchor,
        };
        document.serialize(serializer)
    }
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

fn hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(bytes)
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
