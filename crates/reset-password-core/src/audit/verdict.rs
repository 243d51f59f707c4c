//! What verifying the trail comes to.

use serde::{Serialize, Serializer};

/// Whether a checkpoint can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckpointState {
    /// It is not as it was signed.
    Forged,
    /// It is gone.
    Missing,
    /// It is empty, as before the database was first opened.
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
    /// A checkpoint of the trail's end or beginning does not verify.
    #[serde(rename = "mark")]
    Checkpoint,
    /// The record is gone.
    Missing,
    /// The record is not the one that the trail's end was signed with: it, or any before it, was
    /// rewritten.
    Rewritten,
    /// The trail is whole in itself, and not the one that was seen before: it was put back to an earlier state, or
    /// begun anew. The number is that of the record that was seen.
    RolledBack,
    /// The record lies outside the signed trail.
    Unsigned,
}

/// What verifying the trail came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditVerdict {
    /// Records that are as they were written, from the trail's beginning on.
    pub records: u64,
    /// The number of the first record that is wrong or gone, where one can be named.
    pub first_bad: Option<i64>,
    /// What is wrong; nothing, where the trail is whole.
    pub reason: Option<AuditFault>,
    /// The checkpoint of the trail's end.
    pub head: CheckpointState,
    /// The checkpoint of the trail's beginning.
    pub anchor: CheckpointState,
}

impl AuditVerdict {
    /// Whether every record is there and as it was written.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.reason.is_none()
    }

    /// Takes it that this record is wrong.
    pub const fn fail(&mut self, sequence: i64, fault: AuditFault) {
        self.first_bad = Some(sequence);
        self.reason = Some(fault);
    }
}

impl Serialize for AuditVerdict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(tag = "object", rename = "audit_verdict")]
        struct Document {
            whole: bool,
            records: u64,
            first_bad: Option<i64>,
            reason: Option<AuditFault>,
            head: CheckpointState,
            anchor: CheckpointState,
        }
        let document = Document {
            whole: self.is_whole(),
            records: self.records,
            first_bad: self.first_bad,
            reason: self.reason,
            head: self.head,
            anchor: self.anchor,
        };
        document.serialize(serializer)
    }
}
