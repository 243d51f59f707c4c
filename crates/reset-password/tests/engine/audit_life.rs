//! The audit trail over time: many writers, purges, new keys, and rows that are older than it.

use std::{fs, path::Path, thread, time::Duration};

use reset_password::{Options, blocking::UserManagement};
use reset_password_core::{AuditRecord, Engine, Timestamp};
use reset_password_store::SqlStore;

use crate::support::{
    Backend, Database, Fixture, NEW, TestClock, cheap, cheap_with_key, engine, said_by, text, user,
    worker_on, worker_role, write_private,
};

on_each_database!(
    sec86_parallel_writers_keep_one_chain,
    sec86_verifying_disturbs_nobody,
    sec86_a_rotated_key_leaves_the_trail_whole,
    sec86_a_key_given_anew_is_recorded_once,
    sec86_a_purged_trail_can_be_verified,
    sec86_no_trail_begins_twice,
);

const DAY: Duration = Duration::from_hours(24);

/// Everything that is recorded, from the beginning.
fn records(engine: &Engine<SqlStore>) -> Vec<AuditRecord> {
    engine.audit(i64::MIN, 1_000).unwrap()
}

const WRITERS: usize = 4;
const ROUNDS: usize = 20;

fn sec86_parallel_writers_keep_one_chain(fixture: &Fixture) {
    let (database, folder) = (fixture.database.url(), fixture.folder.path());
    let users = UserManagement::open(database, cheap_with_key()).unwrap();
    let writers: Vec<_> = (0..WRITERS)
        .map(|n| worker_on("audit_life::writer", database, folder, &n.to_string()))
        .collect();
    for writer in writers {
        // Verifying while others write raises no false alarm.
        assert!(users.verify_audit().unwrap().is_whole());
        said_by(writer);
    }
    let verdict = users.verify_audit().unwrap();
    assert!(verdict.is_whole(), "{verdict:?}");
    assert_eq!(verdict.records, (WRITERS * (1 + ROUNDS * 3)) as u64);
}

/// The worker process of the test above.
#[test]
fn writer() {
    let Some(role) = worker_role() else { return };
    let users = UserManagement::open(&role.database, cheap_with_key()).unwrap();
    let name = role.name;
    let email = format!("writer{name}@example.com");
    users.create_user(user(&email)).unwrap();
    for n in 0..ROUNDS {
        let reset = users.create_password_reset(&email).unwrap();
        let password = format!("the new password of process {name} round {n}");
        users
            .reset_password(text(&reset.password_reset_token), &password)
            .unwrap();
        users
            .request_password_reset(&format!("nobody{name}{n}@example.com"))
            .unwrap();
        assert!(users.verify_audit().unwrap().is_whole());
    }
}

fn sec86_a_purged_trail_can_be_verified(fixture: &Fixture) {
    let fixture = &fixture.with_one_chain();
    let clock = &fixture.clock;
    for day in 0..120 {
        let email = format!("user{day}@example.com");
        fixture.engine.create_user(user(&email)).unwrap();
        fixture
            .engine
            .request_password_reset("eve@example.com")
            .unwrap();
        clock.advance(DAY);
        let verdict = fixture.engine.verify_audit().unwrap();
        assert!(verdict.is_whole(), "day {day}: {verdict:?}");
    }
    // Making a reset sweeps; what it leaves, purging takes.
    fixture.engine.purge(10_000).unwrap();
    let verdict = fixture.engine.verify_audit().unwrap();
    assert!(verdict.is_whole(), "{verdict:?}");
    assert_eq!(verdict.records, 180, "ninety days of two a day");
    assert_eq!(records(&fixture.engine)[0].sequence, 61);
    clock.advance(100 * DAY);
    while fixture.engine.purge(7).unwrap().events > 0 {
        assert!(fixture.engine.verify_audit().unwrap().is_whole());
    }
    let verdict = fixture.engine.verify_audit().unwrap();
    assert!(verdict.is_whole() && verdict.records == 0, "{verdict:?}");
    fixture.ada();
    let verdict = fixture.engine.verify_audit().unwrap();
    assert!(verdict.is_whole() && verdict.records == 1, "{verdict:?}");
    assert_eq!(records(&fixture.engine)[0].sequence, 241, "numbers go on");
}

/// Appending and purging meanwhile is no damage.
fn sec86_verifying_disturbs_nobody(fixture: &Fixture) {
    const RECORDS: u64 = 60;
    let engine = &fixture.engine;
    for n in 0..RECORDS {
        engine
            .create_user(user(&format!("old{n}@example.com")))
            .unwrap();
    }
    fixture.clock.advance(91 * DAY);
    thread::scope(|scope| {
        let appends = scope.spawn(|| {
            for n in 0..RECORDS {
                engine
                    .create_user(user(&format!("new{n}@example.com")))
                    .unwrap();
            }
        });
        let purges = scope.spawn(|| while engine.purge(1).unwrap().events > 0 {});
        while !(appends.is_finished() && purges.is_finished()) {
            let verdict = engine.verify_audit().unwrap();
            assert!(verdict.is_whole(), "{verdict:?}");
        }
    });
    assert_eq!(engine.verify_audit().unwrap().records, RECORDS);
}

/// Also with a handle that was open before and still holds the old key.
fn sec86_a_rotated_key_leaves_the_trail_whole(fixture: &Fixture) {
    let folder = &fixture.folder;
    let key_file = folder.path().join("key");
    write_private(&key_file, &("01".repeat(31) + "54\n"));
    let open = || {
        let options = Options {
            key_file: Some(key_file.clone()),
            ..cheap()
        };
        UserManagement::open(fixture.database.url(), options).unwrap()
    };
    let whole = |users: &UserManagement, records| {
        let verdict = users.verify_audit().unwrap();
        assert!(
            verdict.is_whole() && verdict.records == records,
            "{verdict:?}"
        );
    };
    let old = open();
    old.create_user(user("ada@example.com")).unwrap();
    old.rotate_key().unwrap();
    whole(&old, 2);
    let new = open();
    whole(&new, 2);
    new.create_user(user("bob@example.com")).unwrap();
    old.create_user(user("eve@example.com")).unwrap();
    new.create_user(user("kim@example.com")).unwrap();
    whole(&old, 5);
    whole(&new, 5);
    // What an old process signs is signed anew by the next that opens: then the old key may go.
    old.create_user(user("sue@example.com")).unwrap();
    drop(open());
    let previous = folder.path().join("key.previous");
    fs::rename(&previous, folder.path().join("kept")).unwrap();
    whole(&open(), 6);
    for n in 7..11 {
        let users = open();
        users.rotate_key().unwrap();
        whole(&users, n);
        whole(&open(), n);
    }
    // The same handle, again and again.
    let users = open();
    for n in 11..14 {
        users.rotate_key().unwrap();
        whole(&users, n);
    }
    fs::remove_file(&previous).unwrap();
    let users = open();
    whole(&users, 13);
    let rotations = records(&users);
    let rotations = rotations
        .iter()
        .filter(|record| record.event == "key.rotated");
    assert_eq!(rotations.count(), 8);
    for record in records(&users) {
        assert!(!record.data.to_string().contains(&key_text(folder.path())));
    }
}

fn key_text(folder: &Path) -> String {
    fs::read_to_string(folder.join("key"))
        .unwrap()
        .trim()
        .to_owned()
}

/// A key that the application replaces by its options is told like any other.
fn sec86_a_key_given_anew_is_recorded_once(fixture: &Fixture) {
    let key = |byte: &str| "01".repeat(31) + byte;
    let options = |current: &str, previous: &[&str]| Options {
        key: Some(key(current).into()),
        previous_keys: previous.iter().map(|byte| key(byte).into()).collect(),
        ..cheap()
    };
    let open = |current, previous: &[&str]| {
        UserManagement::open(fixture.database.url(), options(current, previous)).unwrap()
    };
    open("54", &[])
        .create_user(user("ada@example.com"))
        .unwrap();
    for _ in 0..2 {
        open("33", &["54"]);
    }
    let users = open("44", &["33"]);
    let kinds: Vec<_> = records(&users)
        .into_iter()
        .map(|record| record.event)
        .collect();
    assert_eq!(kinds, ["user.created", "key.rotated", "key.rotated"]);
    let verdict = open("44", &[]).verify_audit().unwrap();
    assert!(verdict.is_whole(), "{verdict:?}");
}

/// Events of a database from before there was a trail go, for nothing vouches for them, and the trail begins.
#[test]
fn sec86_the_trail_begins_after_older_rows() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::new(Backend::SqliteFile, folder.path());
    fs::write(database.url(), "").unwrap();
    for statements in [
        "CREATE TABLE reset_password_settings (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT",
        include_str!("../../../reset-password-store/src/migrations/sqlite/0001_initial.sql"),
        include_str!("../../../reset-password-store/src/migrations/sqlite/0002_service.sql"),
        "INSERT INTO reset_password_settings VALUES ('schema_version', '2'), ('key_id', '0123456789abcdef')",
        "INSERT INTO reset_password_events VALUES (4, 'event_4', 'user.created', '{}', 1799999990000, 1), \
         (7, 'event_7', 'user.updated', '{}', 1799999990000, 1)",
    ] {
        database.rows(statements);
    }
    let clock = TestClock::at(Timestamp::from_unix_millis(1_800_000_000_000));
    let engine = engine(database.url(), &clock, |_| {});
    let count = || {
        let verdict = engine.verify_audit().unwrap();
        assert!(verdict.is_whole(), "{verdict:?}");
        verdict.records
    };
    assert_eq!(count(), 0);
    engine.create_user(user("ada@example.com")).unwrap();
    assert_eq!(count(), 1);
    assert_eq!(engine.events(None, 10).unwrap().data.len(), 1);
}

/// Whoever can write to the database can make no new trail of an old one: neither of all that was recorded, nor
/// of a part of it, nor of nothing. What is written later makes nothing whole.
fn sec86_no_trail_begins_twice(fixture: &Fixture) {
    let blank = "UPDATE reset_password_settings SET value = '' WHERE name LIKE 'audit%'";
    let unchain = "UPDATE reset_password_events SET chain = NULL, context = NULL";
    let forget_key = "DELETE FROM reset_password_settings WHERE name = 'key_id'";
    let empty = "DELETE FROM reset_password_events";
    let newest = "DELETE FROM reset_password_events WHERE event = 'user.created'";
    let attacks: [&[&str]; 6] = [
        &[blank],
        &[blank, unchain],
        &[blank, unchain, forget_key],
        &[blank, newest, unchain],
        &[blank, newest, unchain, forget_key],
        &[blank, empty],
    ];
    for attack in attacks {
        let fixture = Fixture::on(fixture.database.backend());
        fixture.ada();
        let token = fixture.token("ada@example.com");
        for statement in attack {
            fixture.alter(statement);
        }
        assert!(
            !fixture.engine.verify_audit().unwrap().is_whole(),
            "{attack:?}"
        );
        let next = fixture.another(|_| {});
        assert!(!next.verify_audit().unwrap().is_whole(), "{attack:?}");
        next.reset_password(&token, NEW).unwrap();
        assert!(!next.verify_audit().unwrap().is_whole(), "{attack:?}");
        let later = fixture.another(|_| {});
        later.create_user(user("eve@example.com")).unwrap();
        assert!(!later.verify_audit().unwrap().is_whole(), "{attack:?}");
    }
}
