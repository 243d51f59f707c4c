//! A record: as it is stored and chained, and as it is exported.

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::{
    clock::Timestamp,
    key::{self, Digest},
};

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
            chain: row
                .chain
                .map(|chain| base16ct::lower::encode_string(&chain)),
        }
    }
}
