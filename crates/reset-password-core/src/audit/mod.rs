//! The audit trail: every change of state, each record chained to the one before it.
//!
//! The chain alone could be computed anew by whoever can write to the database. So checkpoints of its end
//! and its beginning are kept, signed under the secret key in force: under a key that was replaced nothing can
//! be signed any more.

mod chain;
mod checkpoint;
mod mark;
mod record;
mod verdict;
mod verification;
mod writer;

pub use self::{
    chain::Chain,
    checkpoint::{Checkpoint, Checkpoints, LastRecord},
    mark::AuditMark,
    record::{AuditRecord, AuditRow},
    verdict::{AuditFault, AuditVerdict, CheckpointState},
    writer::{AuditWriter, ChainedRecord},
};
pub(crate) use self::{
    checkpoint::{ChainPosition, Ends},
    mark::Place,
    verification::Verification,
};
