//! The signed checkpoints of each chain: before its first record, and its last.

use base16ct::lower::{decode, encode_string};

use super::{AuditFault, AuditRow, Chain, CheckpointState};
use crate::key::{self, Digest, Key};

/// The beginning and the end of each chain as they are stored, read at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoints {
    count: u8,
    /// Of each chain in turn: that of its beginning and that of its end; `None` if it is gone.
    stored: Vec<[Option<String>; 2]>,
}

impl Checkpoints {
    /// Those among the settings, by name and value, of a trail of so many chains.
    pub fn new(count: u8, settings: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut settings: Vec<_> = settings.into_iter().collect();
        let mut take = |name: String| {
            let at = settings.iter().position(|(other, _)| *other == name)?;
            Some(settings.swap_remove(at).1)
        };
        let stored = Chain::all(count)
            .map(|chain| Checkpoint::BOTH.map(|checkpoint| take(checkpoint.setting(chain))));
        Self {
            count,
            stored: stored.collect(),
        }
    }

    /// How many chains there are.
    #[must_use]
    pub const fn count(&self) -> u8 {
        self.count
    }

    /// A checkpoint as it is stored; `None` if it is gone.
    #[must_use]
    pub fn get(&self, chain: Chain, checkpoint: Checkpoint) -> Option<&str> {
        let [anchor, head] = self.stored.get(chain.index())?;
        match checkpoint {
            Checkpoint::Anchor => anchor.as_deref(),
            Checkpoint::Head => head.as_deref(),
        }
    }

    /// The position that a checkpoint names; `None` where the trail has not begun.
    pub(crate) fn read(
        &self,
        chain: Chain,
        checkpoint: Checkpoint,
        keys: &[&Key],
    ) -> Result<Option<ChainPosition>, CheckpointState> {
        checkpoint.read(chain, self.get(chain, checkpoint), keys)
    }

    /// Each with the chain that it is of.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Chain, Checkpoint, Option<&str>)> {
        Chain::all(self.count).flat_map(move |chain| {
            Checkpoint::BOTH.map(|checkpoint| (chain, checkpoint, self.get(chain, checkpoint)))
        })
    }

    /// Whether every chain begins where it did in others.
    pub(crate) fn begins_like(&self, other: &Self) -> bool {
        let anchors = |checkpoints: &Self| -> Vec<Option<String>> {
            let stored = checkpoints.stored.iter();
            stored.map(|[anchor, _]| anchor.clone()).collect()
        };
        anchors(self) == anchors(other)
    }

    /// Whether nothing has been signed yet.
    #[must_use]
    pub fn are_blank(&self) -> bool {
        self.iter().all(|(.., text)| text == Some(""))
    }

    /// The signed ends; `None` where one does not verify.
    pub(crate) fn heads(&self, keys: &[&Key]) -> Option<Vec<(Chain, ChainPosition)>> {
        let heads = Chain::all(self.count).map(|chain| {
            let position = self.read(chain, Checkpoint::Head, keys).ok()??;
            Some((chain, position))
        });
        heads.collect()
    }
}

/// How far the signed ends of the chains lie apart.
pub(crate) struct Ends {
    /// No record will be added that is not beyond this place.
    pub(crate) settled: i64,
    furthest: i64,
}

impl Ends {
    /// Those of all chains. Where one does not verify nobody is kept waiting for it.
    pub(crate) fn new(checkpoints: &Checkpoints, keys: &[&Key]) -> Self {
        let Some(heads) = checkpoints.heads(keys) else {
            return Self {
                settled: i64::MAX,
                furthest: i64::MAX,
            };
        };
        let next = heads
            .iter()
            .map(|(chain, head)| chain.next(head.sequence, 0));
        Self {
            settled: next.min().unwrap_or(i64::MAX).saturating_sub(1),
            furthest: furthest(&heads),
        }
    }

    /// Whether every record that has been committed is settled.
    pub(crate) const fn are_level(&self) -> bool {
        self.furthest <= self.settled
    }
}

/// The furthest of these ends.
pub(crate) fn furthest(heads: &[(Chain, ChainPosition)]) -> i64 {
    let places = heads.iter().map(|(_, head)| head.sequence);
    places.max().unwrap_or(i64::MAX)
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
    /// Whether a chain that has come to this position ends where its `head` says: the end of one of several
    /// can have been moved up behind its last record.
    pub(crate) fn is_end(self, chain: Chain, head: Self) -> bool {
        let is_there = self.sequence == head.sequence;
        let is_behind = !chain.is_counted() && self.sequence < head.sequence;
        self.chain == head.chain && (is_there || is_behind)
    }

    /// What the first record is chained to.
    pub(crate) const NOTHING: Digest = [0; 32];

    /// The next position, if that record is the one that was written after this.
    pub(crate) fn followed_by(
        self,
        chain: Chain,
        row: &AuditRow,
    ) -> Result<Self, (i64, AuditFault)> {
        let next = self.sequence.saturating_add(1);
        if chain.is_counted() && row.sequence != next {
            return Err((next, AuditFault::Missing));
        }
        let sequence = row.sequence;
        let chain = row.chain_after(&self.chain);
        if row.chain.as_deref() != Some(&chain) {
            return Err((sequence, AuditFault::Altered));
        }
        Ok(Self { sequence, chain })
    }
}

/// The two checkpoints of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checkpoint {
    /// Before the first record that is kept.
    Anchor,
    /// The last record.
    Head,
}

impl Checkpoint {
    /// The beginning and the end.
    pub(crate) const BOTH: [Self; 2] = [Self::Anchor, Self::Head];

    /// What the setting's name begins with that it is stored as.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Anchor => "audit_anchor",
            Self::Head => "audit_head",
        }
    }

    /// The setting that it is stored as. How many chains there are is part of the name, and so of what is
    /// signed.
    #[must_use]
    pub fn setting(self, chain: Chain) -> String {
        let name = self.name();
        match chain.count() {
            1 => name.to_owned(),
            count => format!("{name}_{:02}_of_{count:02}", chain.index() + 1),
        }
    }

    /// How many chains a trail has, by the name of one of the settings that keep its checkpoints; `None` if
    /// it is none of them.
    #[must_use]
    pub fn chains(setting: &str) -> Option<u8> {
        let mut both = Self::BOTH.iter();
        let number = both.find_map(|checkpoint| setting.strip_prefix(checkpoint.name()))?;
        match number.rsplit_once("_of_") {
            None => number.is_empty().then_some(1),
            Some((_, count)) => count.parse().ok().filter(|count| *count > 1),
        }
    }

    /// The position, signed.
    pub(crate) fn sign(self, chain: Chain, position: ChainPosition, key: &Key) -> String {
        let place = encode_string(&position.chain);
        let signature = encode_string(&self.signature(chain, position, key));
        format!("{} {place} {}:{signature}", position.sequence, key.id())
    }

    /// The position that a stored checkpoint names; `None` where the trail has not begun.
    pub(crate) fn read(
        self,
        chain: Chain,
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
            let right = self.signature(chain, position, key);
            if bytes(signature).is_some_and(|signature| key::equal(&signature, &right)) {
                return Ok(Some(position));
            }
            state = CheckpointState::Forged;
        }
        Err(state)
    }

    fn signature(self, chain: Chain, position: ChainPosition, key: &Key) -> Digest {
        key.checkpoint_digest(&[
            self.setting(chain).as_bytes(),
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
    use std::collections::BTreeSet;

    use super::*;

    fn one() -> Chain {
        Chain::all(1).next().unwrap()
    }

    fn key(byte: u8) -> Key {
        let mut secret = [byte; Key::BYTES];
        secret[0] ^= 1;
        Key::new(&secret)
    }

    #[test]
    fn sec86_a_checkpoint_is_read_with_the_key_that_signed_it() {
        let position = ChainPosition {
            sequence: 7,
            chain: [3; 32],
        };
        let (old, new) = (key(1), key(2));
        let text = Checkpoint::Head.sign(one(), position, &new);
        let read = |checkpoint: Checkpoint, chain, keys: &[&Key]| {
            checkpoint.read(chain, Some(&text), keys)
        };
        assert!(read(Checkpoint::Head, one(), &[&new]) == Ok(Some(position)));
        // While the one takes the other's place.
        assert!(read(Checkpoint::Head, one(), &[&old, &new]) == Ok(Some(position)));
        assert!(read(Checkpoint::Head, one(), &[&old]) == Err(CheckpointState::UnknownKey));
        assert!(read(Checkpoint::Anchor, one(), &[&new]) == Err(CheckpointState::Forged));
        for other in Chain::all(2) {
            assert!(read(Checkpoint::Head, other, &[&new]) == Err(CheckpointState::Forged));
        }
    }

    #[test]
    fn a_name_tells_how_many_chains_there_are() {
        assert_eq!(Checkpoint::Head.setting(one()), "audit_head");
        for count in [1, 2, 16] {
            let names: BTreeSet<_> = Chain::all(count)
                .flat_map(|chain| Checkpoint::BOTH.map(|checkpoint| checkpoint.setting(chain)))
                .collect();
            assert_eq!(names.len(), 2 * usize::from(count));
            assert!(
                names
                    .iter()
                    .all(|name| Checkpoint::chains(name) == Some(count))
            );
        }
        for other in [
            "key_id",
            "audit_heads",
            "audit_head_01_of_",
            "audit_head_01_of_01",
        ] {
            assert_eq!(Checkpoint::chains(other), None, "{other}");
        }
    }

    #[test]
    fn sec86_no_other_text_is_a_checkpoint() {
        let key = key(1);
        let read = |text: Option<&str>| Checkpoint::Head.read(one(), text, &[&key]);
        let position = ChainPosition {
            sequence: 7,
            chain: [3; 32],
        };
        let text = Checkpoint::Head.sign(one(), position, &key);
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
