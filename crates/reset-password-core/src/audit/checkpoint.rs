//! The two signed checkpoints of the trail: before its first record, and its last.

use base16ct::lower::{decode, encode_string};

use super::{AuditFault, AuditRow, CheckpointState};
use crate::key::{self, Digest, Key};

/// The trail's end and its beginning, read at one moment.
pub struct Checkpoints {
    /// The checkpoint of its beginning, as it is stored; `None` if it is gone.
    pub anchor: Option<String>,
    /// The checkpoint of its end, as it is stored; `None` if it is gone.
    pub head: Option<String>,
    /// The last record.
    pub last: LastRecord,
}

/// The record that is last, whatever the checkpoint of the end says.
#[derive(Default)]
pub struct LastRecord {
    /// Its place; `None` if there is no record.
    pub sequence: Option<i64>,
    /// What chains it to the one before it; `None` if it is from before the trail began.
    pub chain: Option<Vec<u8>>,
}

/// A place in the trail: a record and what chains it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct ChainPosition {
    pub(crate) sequence: i64,
    pub(crate) chain: Digest,
}

impl ChainPosition {
    /// What the first record is chained to.
    pub(crate) const NOTHING: Digest = [0; 32];

    /// The next position, if that record is the one that was written after this.
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

/// The two checkpoints.
#[derive(Clone, Copy)]
pub(crate) enum Checkpoint {
    /// Before the first record that is kept.
    Anchor,
    /// The last record.
    Head,
}

impl Checkpoint {
    /// The setting that it is stored as.
    pub(crate) const fn setting(self) -> &'static str {
        match self {
            Self::Anchor => "audit_anchor",
            Self::Head => "audit_head",
        }
    }

    /// The position, signed under each of the keys: a process that holds but one of them can read it.
    pub(crate) fn sign(self, position: ChainPosition, keys: &[&Key]) -> String {
        let mut text = format!("{} {}", position.sequence, encode_string(&position.chain));
        for key in keys {
            text.push(' ');
            text.push_str(key.id());
            text.push(':');
            text.push_str(&encode_string(&self.signature(position, key)));
        }
        text
    }

    /// The position that a stored checkpoint names; `None` where the trail has not begun.
    pub(crate) fn read(
        self,
        text: Option<&str>,
        keys: &[&Key],
    ) -> Result<Option<ChainPosition>, CheckpointState> {
        let text = text.ok_or(CheckpointState::Missing)?;
        if text.is_empty() {
            return Ok(None);
        }
        let mut words = text.split_ascii_whitespace();
        let position = words.next().zip(words.next()).and_then(position);
        let position = position.ok_or(CheckpointState::Forged)?;
        let mut state = CheckpointState::UnknownKey;
        for (id, signature) in words.filter_map(|word| word.split_once(':')) {
            let Some(key) = keys.iter().find(|key| key.id() == id) else {
                continue;
            };
            let right = self.signature(position, key);
            if bytes(signature).is_some_and(|signature| key::equal(&signature, &right)) {
                return Ok(Some(position));
            }
            state = CheckpointState::Forged;
        }
        Err(state)
    }

    fn signature(self, position: ChainPosition, key: &Key) -> Digest {
        key.checkpoint_digest(&[
            self.setting().as_bytes(),
            &position.sequence.to_be_bytes(),
            &position.chain,
        ])
    }
}

fn position((sequence, chain): (&str, &str)) -> Option<ChainPosition> {
    Some(ChainPosition {
        sequence: sequence.parse().ok()?,
        chain: bytes(chain)?,
    })
}

fn bytes(hex: &str) -> Option<Digest> {
    let mut bytes = [0; 32];
    let read = decode(hex, &mut bytes).ok()?.len();
    (read == bytes.len()).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::Keyring;

    fn all(keys: &Keyring) -> Vec<&Key> {
        keys.iter().collect()
    }

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
    fn sec86_a_checkpoint_is_read_by_whoever_has_one_of_its_keys() {
        let position = ChainPosition {
            sequence: 7,
            chain: [3; 32],
        };
        let (both, old, new) = (ring(&[2, 1]), ring(&[1]), ring(&[2, 3]));
        let text = Checkpoint::Head.sign(position, &all(&both));
        for keys in [&both, &old, &new] {
            let read = Checkpoint::Head.read(Some(&text), &all(keys));
            assert!(read == Ok(Some(position)));
        }
        let read = |checkpoint: Checkpoint, text: &str| checkpoint.read(Some(text), &all(&old));
        assert!(read(Checkpoint::Anchor, &text) == Err(CheckpointState::Forged));
        let strange = Checkpoint::Head.sign(position, &all(&new));
        assert!(read(Checkpoint::Head, &strange) == Err(CheckpointState::UnknownKey));
    }

    #[test]
    fn sec86_no_other_text_is_a_checkpoint() {
        let keys = ring(&[1]);
        let read = |text: Option<&str>| Checkpoint::Head.read(text, &all(&keys));
        let position = ChainPosition {
            sequence: 7,
            chain: [3; 32],
        };
        let text = Checkpoint::Head.sign(position, &all(&keys));
        for at in 0..text.len() {
            let mut other = text.clone().into_bytes();
            other[at] ^= 1;
            let other = String::from_utf8(other).unwrap();
            assert!(read(Some(&other)).is_err(), "{other}");
            let cut = text.get(..at).filter(|cut| !cut.is_empty());
            assert!(cut.is_none_or(|cut| read(Some(cut)).is_err()));
        }
        for other in [" ", "x", "7", "é é é:é", "9223372036854775808 00 x:y"] {
            assert!(read(Some(other)).is_err(), "{other}");
        }
        assert!(read(None) == Err(CheckpointState::Missing));
        assert!(read(Some("")) == Ok(None));
    }
}
