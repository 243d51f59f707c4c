//! Verifying the trail: a walk along all of its chains at once.

use super::{
    AuditFault, AuditRow, AuditVerdict, Chain, ChainPosition, Checkpoint, CheckpointState,
    Checkpoints,
};
use crate::key::Key;

/// What a stored checkpoint says.
type Read = Result<Option<ChainPosition>, CheckpointState>;

/// A walk along the trail, from its first record to its last.
pub(crate) struct Verification {
    verdict: AuditVerdict,
    walks: Vec<Walk>,
}

/// How far it has come on one chain.
struct Walk {
    chain: Chain,
    begin: Option<ChainPosition>,
    position: Option<ChainPosition>,
    head: Read,
    /// The first and the last record beyond the signed end.
    beyond: Option<[i64; 2]>,
}

impl Verification {
    /// A walk along what these checkpoints enclose.
    pub(crate) fn new(checkpoints: &Checkpoints, keys: &[&Key]) -> Self {
        let all = |checkpoint| -> Vec<_> {
            let chains = Chain::all(checkpoints.count());
            let read = chains.map(|chain| checkpoints.read(chain, checkpoint, keys));
            read.collect()
        };
        let (anchors, heads) = (all(Checkpoint::Anchor), all(Checkpoint::Head));
        let cannot_begin = |anchor: &Read| !matches!(anchor, Ok(Some(_)));
        let verdict = AuditVerdict {
            records: 0,
            first_bad: None,
            // Without a beginning that can be relied on there is nothing to hold a record against.
            reason: anchors
                .iter()
                .any(cannot_begin)
                .then_some(AuditFault::Checkpoint),
            head: state(&heads),
            anchor: state(&anchors),
        };
        let walks = Chain::all(checkpoints.count()).zip(anchors).zip(heads);
        let walks = walks.map(|((chain, anchor), head)| {
            let begin = anchor.ok().flatten();
            Walk {
                chain,
                begin,
                position: begin,
                head: match head {
                    Ok(None) => Err(CheckpointState::NotBegun),
                    head => head,
                },
                beyond: None,
            }
        });
        Self {
            verdict,
            walks: walks.collect(),
        }
    }

    /// Whether something is wrong already: nothing after it matters.
    pub(crate) const fn has_failed(&self) -> bool {
        !self.verdict.is_whole()
    }

    /// The next record, in the order of the trail.
    pub(crate) fn step(&mut self, row: &AuditRow) {
        if self.has_failed() {
            return;
        }
        let count = u8::try_from(self.walks.len()).unwrap_or(u8::MAX);
        let index = Chain::of_record(row.sequence, count).index();
        let Some(walk) = self.walks.get_mut(index) else {
            return;
        };
        match walk.step(row) {
            Ok(Step::Recorded) => self.verdict.records += 1,
            Ok(Step::Beyond) => {}
            Err((sequence, fault)) => self.verdict.fail(sequence, fault),
        }
    }

    /// What it came to. `now` are the checkpoints after the last step: what they enclose was recorded
    /// meanwhile, and is left to the next time.
    pub(crate) fn finish(mut self, now: &Checkpoints, keys: &[&Key]) -> AuditVerdict {
        for walk in &self.walks {
            if !self.verdict.is_whole() {
                break;
            }
            let head = now.read(walk.chain, Checkpoint::Head, keys);
            match walk.finish(head.ok().flatten()) {
                Ok(()) => {}
                Err(None) => self.verdict.reason = Some(AuditFault::Checkpoint),
                Err(Some((sequence, fault))) => self.verdict.fail(sequence, fault),
            }
        }
        self.verdict
    }
}

/// What a record is.
enum Step {
    /// One that is as it was written.
    Recorded,
    /// One beyond the signed end.
    Beyond,
}

impl Walk {
    fn step(&mut self, row: &AuditRow) -> Result<Step, (i64, AuditFault)> {
        let unsigned = Err((row.sequence, AuditFault::Unsigned));
        let (Some(begin), Some(position)) = (self.begin, self.position) else {
            return unsigned;
        };
        if row.sequence <= begin.sequence {
            return unsigned;
        }
        let is_beyond = match self.head {
            Ok(Some(head)) => row.sequence > head.sequence,
            _ => false,
        };
        if is_beyond {
            let [first, _] = self.beyond.unwrap_or([row.sequence; 2]);
            self.beyond = Some([first, row.sequence]);
            return Ok(Step::Beyond);
        }
        self.position = Some(position.followed_by(self.chain, row)?);
        Ok(Step::Recorded)
    }

    /// `Err(None)` if the end cannot be relied on.
    fn finish(&self, now: Option<ChainPosition>) -> Result<(), Option<(i64, AuditFault)>> {
        match (self.head, self.position) {
            (Ok(Some(head)), Some(position)) if !position.is_end(self.chain, head) => {
                let is_cut = position.sequence < head.sequence;
                Err(Some(match (is_cut, self.chain.is_counted()) {
                    (true, true) => (position.sequence.saturating_add(1), AuditFault::Missing),
                    (true, false) => (head.sequence, AuditFault::Missing),
                    (false, _) => (head.sequence, AuditFault::Rewritten),
                }))
            }
            (Err(_), _) => Err(None),
            _ => match self.beyond {
                Some([first, last]) if now.is_none_or(|now| now.sequence < last) => {
                    Err(Some((first, AuditFault::Unsigned)))
                }
                _ => Ok(()),
            },
        }
    }
}

/// The first state that is not as it should be, if there is one.
fn state(read: &[Read]) -> CheckpointState {
    let states = read.iter().map(|read| match read {
        Ok(Some(_)) => CheckpointState::Signed,
        Ok(None) => CheckpointState::NotBegun,
        Err(state) => *state,
    });
    let mut others = states.filter(|state| *state != CheckpointState::Signed);
    others.next().unwrap_or(CheckpointState::Signed)
}
