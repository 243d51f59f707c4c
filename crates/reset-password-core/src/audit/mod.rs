//! The audit trail: every change of state, each record chained to the one before it.
//!
//! The chain alone could be computed anew by whoever can write to the database. So its end and its
//! beginning are marked, and the marks are signed under the secret key. Each mark is signed under every
//! key at hand: a process that has not been restarted since the key changed can still read it.

mod record;
mod scribe;
mod verdict;

pub(crate) use self::scribe::{Mark, Place};
pub use self::{
    record::{AuditRecord, AuditRow},
    scribe::{Link, Scribe, TrailEnd, TrailMarks},
    verdict::{AuditFault, AuditVerdict, MarkState},
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

fn hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(bytes)
}
