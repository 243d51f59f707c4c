//! The audit trail over time: many writers, purges, new keys, and rows that are older than it.

mod support;

use std::{fs, io::Read, path::Path, time::Duration};

use reset_password::{Options, UserManagement, blocking};
use reset_password_core::{AuditRecord, Engine, Timestamp};
use reset_password_store::SqliteStore;
use support::{NEW, TestClock, bench, cheap, engine, sql, text, url, user, worker, worker_role};

const DAY: Duration = Duration::from_hours(24);

/// Everything that is recorded, from the beginning.
async fn records(engine: &Engine<SqliteStore>) -> Vec<AuditRecord> {
    engine.audit(i64::MIN, 1_000).await.unwrap()
}

const WRITERS: usize = 4;
const ROUNDS: usize = 20;

#[test]
fn sec86_parallel_writers_keep_one_chain() {
    let folder = tempfile::tempdir().unwrap();
    let users = blocking::UserManagement::open(&url(folder.path()), cheap()).unwrap();
    let writers: Vec<_> = (0..WRITERS)
        .map(|n| worker("writer", folder.path(), &n.to_string()))
        .collect();
    for mut writer in writers {
        // Verifying while others write raises no false alarm.
        assert!(users.verify_audit().unwrap().is_whole());
        let mut said = String::new();
        writer
            .stdout
            .take()
            .unwrap()
            .read_to_string(&mut said)
            .unwrap();
        assert!(writer.wait().unwrap().success(), "{said}");
    }
    let verdict = users.verify_audit().unwrap();
    assert!(verdict.is_whole(), "{verdict:?}");
    assert_eq!(verdict.records, (WRITERS * (1 + ROUNDS * 3)) as u64);
}

/// The worker process of the test above.
#[test]
fn writer() {
    let Some((folder, role)) = worker_role() else {
        return;
    };
    let users = blocking::UserManagement::open(&url(&folder), cheap()).unwrap();
    let email = format!("writer{role}@example.com");
    users.create_user(user(&email)).unwrap();
    for n in 0..ROUNDS {
        let reset = users.create_password_reset(&email).unwrap();
        let password = format!("the new password of process {role} round {n}");
        users
            .reset_password(text(&reset.password_reset_token), &password)
            .unwrap();
        users
            .request_password_reset(&format!("nobody{role}{n}@example.com"))
            .unwrap();
        assert!(users.verify_audit().unwrap().is_whole());
    }
}

#[tokio::test]
async fn sec86_a_purged_trail_can_be_verified() {
    let bench = bench().await;
    let clock = &bench.clock;
    for day in 0..120 {
        let email = format!("user{day}@example.com");
        bench.engine.create_user(user(&email)).await.unwrap();
        bench
            .engine
            .request_password_reset("eve@example.com")
            .await
            .unwrap();
        clock.advance(DAY);
        let verdict = bench.engine.verify_audit().await.unwrap();
        assert!(verdict.is_whole(), "day {day}: {verdict:?}");
    }
    // Making a reset sweeps; what it leaves, purging takes.
    bench.engine.purge(10_000).await.unwrap();
    let verdict = bench.engine.verify_audit().await.unwrap();
    assert!(verdict.is_whole(), "{verdict:?}");
    assert_eq!(verdict.records, 180, "ninety days of two a day");
    assert_eq!(records(&bench.engine).await[0].sequence, 61);
    clock.advance(100 * DAY);
    while bench.engine.purge(7).await.unwrap().events > 0 {
        assert!(bench.engine.verify_audit().await.unwrap().is_whole());
    }
    let verdict = bench.engine.verify_audit().await.unwrap();
    assert!(verdict.is_whole() && verdict.records == 0, "{verdict:?}");
    bench.ada().await;
    let verdict = bench.engine.verify_audit().await.unwrap();
    assert!(verdict.is_whole() && verdict.records == 1, "{verdict:?}");
    assert_eq!(
        records(&bench.engine).await[0].sequence,
        241,
        "numbers go on"
    );
}

/// Appending and purging meanwhile is no damage.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sec86_verifying_disturbs_nobody() {
    let bench = std::sync::Arc::new(bench().await);
    for n in 0..200 {
        bench
            .engine
            .create_user(user(&format!("old{n}@example.com")))
            .await
            .unwrap();
    }
    bench.clock.advance(91 * DAY);
    let appends = tokio::spawn({
        let bench = bench.clone();
        async move {
            for n in 0..200 {
                bench
                    .engine
                    .create_user(user(&format!("new{n}@example.com")))
                    .await
                    .unwrap();
            }
        }
    });
    let purges = tokio::spawn({
        let bench = bench.clone();
        async move { while bench.engine.purge(1).await.unwrap().events > 0 {} }
    });
    while !(appends.is_finished() && purges.is_finished()) {
        let verdict = bench.engine.verify_audit().await.unwrap();
        assert!(verdict.is_whole(), "{verdict:?}");
    }
    assert_eq!(bench.engine.verify_audit().await.unwrap().records, 200);
}

/// Also with a handle that was open before and still holds the old key.
#[tokio::test]
async fn sec86_a_rotated_key_leaves_the_trail_whole() {
    let folder = tempfile::tempdir().unwrap();
    let url = url(folder.path());
    let open = async || UserManagement::open(&url, cheap()).await.unwrap();
    let whole = async |users: &UserManagement, records| {
        let verdict = users.verify_audit().await.unwrap();
        assert!(
            verdict.is_whole() && verdict.records == records,
            "{verdict:?}"
        );
    };
    let old = open().await;
    old.create_user(user("ada@example.com")).await.unwrap();
    old.rotate_key().await.unwrap();
    whole(&old, 2).await;
    let new = open().await;
    whole(&new, 2).await;
    new.create_user(user("bob@example.com")).await.unwrap();
    old.create_user(user("eve@example.com")).await.unwrap();
    new.create_user(user("kim@example.com")).await.unwrap();
    whole(&old, 5).await;
    whole(&new, 5).await;
    // What an old process signs is signed anew by the next that opens: then the old key may go.
    old.create_user(user("sue@example.com")).await.unwrap();
    drop(open().await);
    let previous = folder.path().join("app.db.key.previous");
    fs::rename(&previous, folder.path().join("kept")).unwrap();
    whole(&open().await, 6).await;
    for n in 7..11 {
        let users = open().await;
        users.rotate_key().await.unwrap();
        whole(&users, n).await;
        whole(&open().await, n).await;
    }
    // The same handle, again and again.
    let users = open().await;
    for n in 11..14 {
        users.rotate_key().await.unwrap();
        whole(&users, n).await;
    }
    fs::remove_file(&previous).unwrap();
    let users = open().await;
    whole(&users, 13).await;
    let rotations = records(&users).await;
    let rotations = rotations
        .iter()
        .filter(|record| record.event == "key.rotated");
    assert_eq!(rotations.count(), 8);
    for record in records(&users).await {
        assert!(!record.data.to_string().contains(&key_text(folder.path())));
    }
}

fn key_text(folder: &Path) -> String {
    fs::read_to_string(folder.join("app.db.key"))
        .unwrap()
        .trim()
        .to_owned()
}

/// A key that the application replaces by its options is told like any other.
#[tokio::test]
async fn sec86_a_key_given_anew_is_recorded_once() {
    let folder = tempfile::tempdir().unwrap();
    let key = |byte: &str| "1f".repeat(31) + byte;
    let options = |current: &str, previous: &[&str]| Options {
        key: Some(key(current).into()),
        previous_keys: previous.iter().map(|byte| key(byte).into()).collect(),
        ..cheap()
    };
    let open = async |current, previous: &[&str]| {
        UserManagement::open(&url(folder.path()), options(current, previous))
            .await
            .unwrap()
    };
    open("22", &[])
        .await
        .create_user(user("ada@example.com"))
        .await
        .unwrap();
    for _ in 0..2 {
        open("33", &["22"]).await;
    }
    let users = open("44", &["33"]).await;
    let kinds: Vec<_> = records(&users)
        .await
        .into_iter()
        .map(|record| record.event)
        .collect();
    assert_eq!(kinds, ["user.created", "key.rotated", "key.rotated"]);
    let verdict = open("44", &[]).await.verify_audit().await.unwrap();
    assert!(verdict.is_whole(), "{verdict:?}");
}

/// Rows that are older than the trail stay readable, and go in their time.
#[tokio::test]
async fn sec86_the_trail_begins_after_older_rows() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("app.db");
    fs::write(&database, "").unwrap();
    for statement in [
        "CREATE TABLE reset_password_settings (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT",
        include_str!("../../reset-password-store/src/migrations/0001_initial.sql"),
        include_str!("../../reset-password-store/src/migrations/0002_service.sql"),
        "INSERT INTO reset_password_settings VALUES ('schema_version', '2')",
        "INSERT INTO reset_password_events VALUES (4, 'event_4', 'user.created', '{}', 1799999990000, 1), \
         (7, 'event_7', 'user.updated', '{}', 1799999990000, 1)",
    ] {
        sql(&database, statement).await;
    }
    let clock = TestClock::at(Timestamp::from_unix_millis(1_800_000_000_000));
    let engine = engine(folder.path(), &clock, |_| {}).await;
    let counts = async || {
        let verdict = engine.verify_audit().await.unwrap();
        assert!(verdict.is_whole(), "{verdict:?}");
        (verdict.unchained, verdict.records)
    };
    assert_eq!(counts().await, (2, 0));
    engine.create_user(user("ada@example.com")).await.unwrap();
    clock.advance(DAY);
    engine.create_user(user("bob@example.com")).await.unwrap();
    assert_eq!(counts().await, (2, 2));
    assert_eq!(records(&engine).await[2].sequence, 8);
    assert_eq!(engine.events(None, 10).await.unwrap().data.len(), 4);
    clock.advance(89 * DAY + Duration::from_millis(1));
    assert_eq!(engine.purge(1).await.unwrap().events, 1);
    assert_eq!(counts().await, (1, 2));
    assert_eq!(engine.purge(100).await.unwrap().events, 2);
    assert_eq!(counts().await, (0, 1));
}

/// A new trail may begin with any change, also with a reset that was made before.
#[tokio::test]
async fn sec86_a_new_trail_begins_with_whatever_comes_next() {
    let bench = bench().await;
    bench.ada().await;
    let token = bench.token("ada@example.com").await;
    bench
        .sql(
            "DELETE FROM reset_password_events; INSERT OR REPLACE INTO reset_password_settings \
             VALUES ('audit_anchor', ''), ('audit_head', '')",
        )
        .await;
    bench.engine.reset_password(&token, NEW).await.unwrap();
    let verdict = bench.engine.verify_audit().await.unwrap();
    assert!(verdict.is_whole() && verdict.records == 1, "{verdict:?}");
}
