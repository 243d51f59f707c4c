//! The audit trail: nobody can change what was recorded without being seen.

mod support;

use std::fs;

use reset_password::{
    AuditFault::{self, Altered, Missing, Unsigned},
    AuditVerdict, MarkState,
};
use reset_password_core::{Engine, Store};
use reset_password_store::SqliteStore;
use support::{Bench, NEW, bench, engine, sql, sql_with, user};

/// A trail of eight records of many kinds.
async fn fill(bench: &Bench) {
    let engine = &bench.engine;
    let id = bench.ada().await;
    let token = bench.token("ada@example.com").await;
    engine
        .request_password_reset("eve@example.com")
        .await
        .unwrap();
    engine
        .create_password_reset("ada@example.com")
        .await
        .unwrap();
    assert!(engine.reset_password(&token, NEW).await.is_err());
    engine.revoke_password_resets(Some(&id)).await.unwrap();
    let token = bench.token("ada@example.com").await;
    engine.reset_password(&token, NEW).await.unwrap();
    engine.delete_user(&id).await.unwrap();
}

/// A copy of the database of its own, to do harm to.
async fn copy(bench: &Bench) -> (tempfile::TempDir, Engine<SqliteStore>) {
    bench.engine.store().close().await;
    let folder = tempfile::tempdir().unwrap();
    fs::copy(
        bench.folder.path().join("app.db"),
        folder.path().join("app.db"),
    )
    .unwrap();
    let engine = engine(folder.path(), &bench.clock, |_| {}).await;
    (folder, engine)
}

/// What verifying says of a trail that was tampered with, also after more was recorded.
async fn tampered(bench: &Bench, statement: &'static str) -> AuditVerdict {
    let (folder, engine) = copy(bench).await;
    sql(&folder.path().join("app.db"), statement).await;
    let verdict = engine.verify_audit().await.unwrap();
    engine.audit(i64::MIN, 1_000).await.unwrap();
    if !verdict.is_whole() {
        engine.create_user(user("later@example.com")).await.unwrap();
        engine
            .create_user(user("latest@example.com"))
            .await
            .unwrap();
        let later = engine.verify_audit().await.unwrap();
        assert!(!later.is_whole(), "it healed: {statement}");
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
        "UPDATE reset_password_events SET data = CAST(x'ff' AS TEXT) WHERE sequence = 3",
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
        "UPDATE reset_password_events SET chain = zeroblob(32) WHERE sequence = 3",
        3,
        Altered,
    ),
    (
        "UPDATE reset_password_events SET chain = zeroblob(32) WHERE sequence = 8",
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
        "INSERT INTO reset_password_events (id, event, data, created_at, listed, context, chain) \
          SELECT 'event_x', event, data, created_at, listed, context, chain \
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
const MARKS: &[(&str, MarkState, MarkState)] = &[
    (
        "DELETE FROM reset_password_settings WHERE name LIKE 'audit%'",
        MarkState::Missing,
        MarkState::Missing,
    ),
    (
        "DELETE FROM reset_password_events; \
             DELETE FROM reset_password_settings WHERE name = 'audit_head'",
        MarkState::Missing,
        MarkState::Signed,
    ),
    (
        "UPDATE reset_password_settings SET value = '' WHERE name = 'audit_anchor'",
        MarkState::Signed,
        MarkState::NotBegun,
    ),
    (
        "UPDATE reset_password_settings SET value = '' WHERE name = 'audit_head'",
        MarkState::NotBegun,
        MarkState::Signed,
    ),
    (
        "UPDATE reset_password_settings SET value = 'x' WHERE name = 'audit_head'",
        MarkState::Forged,
        MarkState::Signed,
    ),
    // The end is moved back, and the signature left as it was.
    (
        "UPDATE reset_password_settings SET value = '7' || substr(value, 2) WHERE name = 'audit_head'; \
             DELETE FROM reset_password_events WHERE sequence > 7",
        MarkState::Forged,
        MarkState::Signed,
    ),
    // One mark in the place of the other.
    (
        "UPDATE reset_password_settings SET value = (SELECT value FROM reset_password_settings \
             WHERE name = 'audit_anchor') WHERE name = 'audit_head'; \
             DELETE FROM reset_password_events",
        MarkState::Forged,
        MarkState::Signed,
    ),
    (
        "UPDATE reset_password_settings SET value = replace(value, \
             (SELECT substr(value, 68, 16)), '0123456789abcdef') WHERE name = 'audit_head'",
        MarkState::UnknownKey,
        MarkState::Signed,
    ),
];

#[tokio::test]
async fn sec86_audit_chain() {
    let bench = bench().await;
    fill(&bench).await;
    let whole = bench.engine.verify_audit().await.unwrap();
    assert!(whole.is_whole(), "{whole:?}");
    assert_eq!(
        (whole.records, whole.unchained, whole.first_bad),
        (8, 0, None)
    );
    assert_eq!(
        (whole.head, whole.anchor),
        (MarkState::Signed, MarkState::Signed)
    );

    for (statement, sequence, fault) in RECORDS.iter().copied() {
        let verdict = tampered(&bench, statement).await;
        assert_eq!(bad(&verdict), (Some(sequence), Some(fault)), "{statement}");
        assert_eq!(
            verdict.records,
            u64::try_from(sequence - 1).unwrap_or(0),
            "{statement}"
        );
    }

    for (statement, head, anchor) in MARKS.iter().copied() {
        let verdict = tampered(&bench, statement).await;
        assert_eq!(verdict.reason, Some(AuditFault::Mark), "{statement}");
        assert_eq!(
            (verdict.head, verdict.anchor),
            (head, anchor),
            "{statement}"
        );
    }
    let unmarked = tampered(
        &bench,
        "UPDATE reset_password_settings SET value = '' WHERE name LIKE 'audit%'",
    )
    .await;
    assert_eq!(bad(&unmarked), (Some(1), Some(AuditFault::Unsigned)));
}

/// Whoever can write to the database can compute the chain, and cannot sign its end.
#[tokio::test]
async fn sec86_a_chain_computed_anew_is_given_away_by_its_end() {
    let bench = bench().await;
    fill(&bench).await;
    for forges_head in [false, true] {
        let (folder, engine) = copy(&bench).await;
        let database = folder.path().join("app.db");
        sql(
            &database,
            "UPDATE reset_password_events SET data = '{}' WHERE sequence = 3",
        )
        .await;
        let mut before = [0; 32];
        for row in engine.store().trail(0, 1_000).await.unwrap() {
            before = row.chain_after(&before);
            let value = format!("{}{}", hex(&before), row.sequence);
            let statement = "UPDATE reset_password_events SET chain = unhex(substr(?1, 1, 64)) \
                             WHERE sequence = CAST(substr(?1, 65) AS INTEGER)";
            sql_with(&database, statement, &value).await;
        }
        if forges_head {
            let statement = "UPDATE reset_password_settings SET value = \
                 substr(value, 1, 2) || ?1 || substr(value, 67) WHERE name = 'audit_head'";
            sql_with(&database, statement, &hex(&before)).await;
        }
        let verdict = engine.verify_audit().await.unwrap();
        let expected = if forges_head {
            (None, Some(AuditFault::Mark))
        } else {
            (Some(8), Some(AuditFault::Rewritten))
        };
        assert_eq!(bad(&verdict), expected);
        engine.create_user(user("later@example.com")).await.unwrap();
        assert!(!engine.verify_audit().await.unwrap().is_whole());
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// A record that is made to look old is removed, and its loss is seen.
#[tokio::test]
async fn sec86_purging_hides_nothing() {
    let bench = bench().await;
    fill(&bench).await;
    bench
        .sql("UPDATE reset_password_events SET created_at = 0 WHERE sequence <= 3")
        .await;
    assert_eq!(bench.engine.purge(100).await.unwrap().events, 3);
    let verdict = bench.engine.verify_audit().await.unwrap();
    assert_eq!(bad(&verdict), (Some(1), Some(AuditFault::Missing)));
    bench.ada().await;
    assert!(!bench.engine.verify_audit().await.unwrap().is_whole());
}
