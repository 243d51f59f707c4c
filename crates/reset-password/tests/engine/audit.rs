//! The audit trail: nobody can change what was recorded without being seen.

use reset_password::{
    AuditFault::{self, Altered, Missing, Unsigned},
    AuditVerdict, CheckpointState,
};
use reset_password_core::store::EventReads;

use crate::support::{Backend, Fixture, NEW, user};

on_each_database!(
    sec86_audit_chain,
    sec86_a_chain_computed_anew_is_given_away_by_its_end,
    sec86_purging_hides_nothing,
);

/// A trail of eight records of many kinds.
fn fill(fixture: &Fixture) {
    let engine = &fixture.engine;
    let id = fixture.ada();
    let token = fixture.token("ada@example.com");
    engine.request_password_reset("eve@example.com").unwrap();
    engine.create_password_reset("ada@example.com").unwrap();
    assert!(engine.reset_password(&token, NEW).is_err());
    engine.revoke_password_resets(Some(&id)).unwrap();
    let token = fixture.token("ada@example.com");
    engine.reset_password(&token, NEW).unwrap();
    engine.delete_user(&id).unwrap();
}

/// The tables that a tampering may touch.
const TABLES: [&str; 3] = ["events", "settings", "users"];

/// Keeps the rows, to put them back after each harm.
fn keep(fixture: &Fixture) {
    for table in TABLES {
        let name = format!("reset_password_{table}");
        fixture.database.rows(&format!(
            "CREATE TABLE kept_{table} AS SELECT * FROM {name}"
        ));
    }
}

/// Puts the rows back as they were.
fn put_back(fixture: &Fixture) {
    for table in TABLES {
        let name = format!("reset_password_{table}");
        fixture.database.rows(&format!(
            "DELETE FROM {name}; INSERT INTO {name} SELECT * FROM kept_{table}"
        ));
    }
}

/// What verifying says of a trail that was tampered with, also after more was recorded.
fn tampered(fixture: &Fixture, statements: &str) -> AuditVerdict {
    put_back(fixture);
    let engine = &fixture.engine;
    assert!(
        engine.verify_audit().unwrap().is_whole(),
        "before {statements}"
    );
    fixture.alter(statements);
    let verdict = engine.verify_audit().unwrap();
    engine.audit(i64::MIN, 1_000).unwrap();
    if !verdict.is_whole() {
        engine.create_user(user("later@example.com")).unwrap();
        engine.create_user(user("latest@example.com")).unwrap();
        let later = engine.verify_audit().unwrap();
        assert!(!later.is_whole(), "it healed: {statements}");
    }
    verdict
}

fn bad(verdict: &AuditVerdict) -> (Option<i64>, Option<AuditFault>) {
    (verdict.first_bad, verdict.reason)
}

/// What is done to records, the first that is bad then, and why.
const RECORDS: &[(&str, i64, AuditFault)] = &[
    (
        "UPDATE reset_password_events SET id = 'event_x' WHERE sequence = 3",
        3,
        Altered,
    ),
    (
        "UPDATE reset_password_events SET event = 'user.updated' WHERE sequence = 3",
        3,
        Altered,
    ),
    (
        "UPDATE reset_password_events SET data = '{}' WHERE sequence = 3",
        3,
        Altered,
    ),
    (
        "UPDATE reset_password_events SET created_at = created_at + 1 WHERE sequence = 3",
        3,
        Altered,
    ),
    (
        "UPDATE reset_password_events SET listed = 1 - listed WHERE sequence = 3",
        3,
        Altered,
    ),
    (
        "UPDATE reset_password_events SET context = '{}' WHERE sequence = 3",
        3,
        Altered,
    ),
    (
        "UPDATE reset_password_events SET context = NULL WHERE sequence = 3",
        3,
        Altered,
    ),
    (
        "UPDATE reset_password_events SET chain = NULL WHERE sequence = 3",
        3,
        Altered,
    ),
    (
        "UPDATE reset_password_events SET chain = NOTHING WHERE sequence = 3",
        3,
        Altered,
    ),
    (
        "UPDATE reset_password_events SET chain = NOTHING WHERE sequence = 8",
        8,
        Altered,
    ),
    (
        "UPDATE reset_password_events SET data = '{}' WHERE sequence = 8",
        8,
        Altered,
    ),
    (
        "UPDATE reset_password_events SET sequence = 99 WHERE sequence = 3",
        3,
        Missing,
    ),
    (
        "UPDATE reset_password_events SET sequence = -3 WHERE sequence = 3",
        -3,
        Unsigned,
    ),
    (
        "DELETE FROM reset_password_events WHERE sequence = 1",
        1,
        Missing,
    ),
    (
        "DELETE FROM reset_password_events WHERE sequence = 4",
        4,
        Missing,
    ),
    (
        "DELETE FROM reset_password_events WHERE sequence = 8",
        8,
        Missing,
    ),
    (
        "DELETE FROM reset_password_events WHERE sequence > 5",
        6,
        Missing,
    ),
    ("DELETE FROM reset_password_events", 1, Missing),
    // Two change places.
    (
        "UPDATE reset_password_events SET sequence = -1 WHERE sequence = 3; \
          UPDATE reset_password_events SET sequence = 3 WHERE sequence = 4; \
          UPDATE reset_password_events SET sequence = 4 WHERE sequence = -1",
        3,
        Altered,
    ),
    // One is copied to the end, or into the middle.
    (
        "INSERT INTO reset_password_events (sequence, id, event, data, created_at, listed, context, chain) \
          SELECT 9, 'event_x', event, data, created_at, listed, context, chain \
          FROM reset_password_events WHERE sequence = 8",
        9,
        Unsigned,
    ),
    (
        "UPDATE reset_password_events SET sequence = -(sequence + 1) WHERE sequence >= 4; \
          UPDATE reset_password_events SET sequence = -sequence WHERE sequence < 0; \
          INSERT INTO reset_password_events (sequence, id, event, data, created_at, listed, context, chain) \
          SELECT 4, 'event_x', event, data, created_at, listed, context, chain \
          FROM reset_password_events WHERE sequence = 5",
        4,
        Altered,
    ),
    // The end is cut off, and another put in its place.
    (
        "DELETE FROM reset_password_events WHERE sequence > 5; \
          INSERT INTO reset_password_events (sequence, id, event, data, created_at, listed) \
          VALUES (9, 'event_x', 'user.created', '{}', 1, 1)",
        6,
        Missing,
    ),
];

/// What is done to the marks of the end and the beginning, and how the two are then.
const MARKS: &[(&str, CheckpointState, CheckpointState)] = &[
    (
        "DELETE FROM reset_password_settings WHERE name LIKE 'audit%'",
        CheckpointState::Missing,
        CheckpointState::Missing,
    ),
    (
        "DELETE FROM reset_password_events; \
             DELETE FROM reset_password_settings WHERE name = 'audit_head'",
        CheckpointState::Missing,
        CheckpointState::Signed,
    ),
    (
        "UPDATE reset_password_settings SET value = '' WHERE name = 'audit_anchor'",
        CheckpointState::Signed,
        CheckpointState::NotBegun,
    ),
    (
        "UPDATE reset_password_settings SET value = '' WHERE name = 'audit_head'",
        CheckpointState::NotBegun,
        CheckpointState::Signed,
    ),
    (
        "UPDATE reset_password_settings SET value = 'x' WHERE name = 'audit_head'",
        CheckpointState::Forged,
        CheckpointState::Signed,
    ),
    // The end is moved back, and the signature left as it was.
    (
        "UPDATE reset_password_settings SET value = concat('7', substr(value, 2)) WHERE name = 'audit_head'; \
             DELETE FROM reset_password_events WHERE sequence > 7",
        CheckpointState::Forged,
        CheckpointState::Signed,
    ),
    // One mark in the place of the other.
    (
        "UPDATE reset_password_settings SET value = (SELECT value FROM reset_password_settings \
             WHERE name = 'audit_anchor') WHERE name = 'audit_head'; \
             DELETE FROM reset_password_events",
        CheckpointState::Forged,
        CheckpointState::Signed,
    ),
    (
        "UPDATE reset_password_settings SET value = replace(value, substr(value, 68, 16), \
             '0123456789abcdef') WHERE name = 'audit_head'",
        CheckpointState::UnknownKey,
        CheckpointState::Signed,
    ),
];

fn sec86_audit_chain(fixture: &Fixture) {
    let fixture = &fixture.with_one_chain();
    fill(fixture);
    let whole = fixture.engine.verify_audit().unwrap();
    assert!(whole.is_whole(), "{whole:?}");
    assert_eq!((whole.records, whole.first_bad), (8, None));
    assert_eq!(
        (whole.head, whole.anchor),
        (CheckpointState::Signed, CheckpointState::Signed)
    );

    keep(fixture);
    let nothing = fixture.bytes(&[0; 32]);
    for (statement, sequence, fault) in RECORDS.iter().copied() {
        let statement = statement.replace("NOTHING", &nothing);
        let verdict = tampered(fixture, &statement);
        assert_eq!(bad(&verdict), (Some(sequence), Some(fault)), "{statement}");
        assert_eq!(
            verdict.records,
            u64::try_from(sequence - 1).unwrap_or(0),
            "{statement}"
        );
    }

    for (statement, head, anchor) in MARKS.iter().copied() {
        let verdict = tampered(fixture, statement);
        assert_eq!(verdict.reason, Some(AuditFault::Checkpoint), "{statement}");
        assert_eq!(
            (verdict.head, verdict.anchor),
            (head, anchor),
            "{statement}"
        );
    }
    let unmarked = tampered(
        fixture,
        "UPDATE reset_password_settings SET value = '' WHERE name LIKE 'audit%'",
    );
    assert_eq!(bad(&unmarked), (None, Some(AuditFault::Checkpoint)));
}

/// Text that is no text can be read, and is seen. The other databases store none.
#[test]
fn sec86_a_record_that_is_no_text_is_seen() {
    let fixture = Fixture::on(Backend::SqliteFile);
    fill(&fixture);
    keep(&fixture);
    let damage = "UPDATE reset_password_events SET data = CAST(x'ff' AS TEXT) WHERE sequence = 3";
    assert_eq!(bad(&tampered(&fixture, damage)), (Some(3), Some(Altered)));
}

/// Whoever can write to the database can compute the chain, and cannot sign its end.
fn sec86_a_chain_computed_anew_is_given_away_by_its_end(fixture: &Fixture) {
    let fixture = &fixture.with_one_chain();
    let engine = &fixture.engine;
    fill(fixture);
    keep(fixture);
    for forges_head in [false, true] {
        put_back(fixture);
        fixture.alter("UPDATE reset_password_events SET data = '{}' WHERE sequence = 3");
        let mut before = [0; 32];
        for row in engine.store().trail(0, i64::MAX, 1_000).unwrap() {
            before = row.chain_after(&before);
            fixture.database.rows(&format!(
                "UPDATE reset_password_events SET chain = {} WHERE sequence = {}",
                fixture.bytes(&before),
                row.sequence
            ));
        }
        if forges_head {
            fixture.alter(&format!(
                "UPDATE reset_password_settings SET value = \
                 concat(substr(value, 1, 2), '{}', substr(value, 67)) WHERE name = 'audit_head'",
                hex(&before)
            ));
        }
        let verdict = engine.verify_audit().unwrap();
        let expected = if forges_head {
            (None, Some(AuditFault::Checkpoint))
        } else {
            (Some(8), Some(AuditFault::Rewritten))
        };
        assert_eq!(bad(&verdict), expected);
        engine.create_user(user("later@example.com")).unwrap();
        assert!(!engine.verify_audit().unwrap().is_whole());
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// A record that is made to look old is removed, and its loss is seen.
fn sec86_purging_hides_nothing(fixture: &Fixture) {
    let fixture = &fixture.with_one_chain();
    fill(fixture);
    fixture.alter("UPDATE reset_password_events SET created_at = 0 WHERE sequence <= 3");
    assert_eq!(fixture.engine.purge(100).unwrap().events, 3);
    let verdict = fixture.engine.verify_audit().unwrap();
    assert_eq!(bad(&verdict), (Some(1), Some(AuditFault::Missing)));
    fixture.ada();
    assert!(!fixture.engine.verify_audit().unwrap().is_whole());
}
