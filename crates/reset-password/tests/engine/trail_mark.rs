//! The mark of the audit trail that is kept outside the database.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    time::Duration,
};

use reset_password::{AuditFault, Options, blocking::UserManagement};

use crate::support::{Backend, Database, Fixture, cheap, user, write_private};

on_each_database!(
    sec86_a_trail_that_was_put_back_does_not_reach_its_mark,
    sec86_what_is_purged_is_not_missing,
);

/// Every record after the first ones is taken away, with the marks inside the database as they were then.
fn sec86_a_trail_that_was_put_back_does_not_reach_its_mark(fixture: &Fixture) {
    fixture.ada();
    let saved = fixture
        .database
        .rows("SELECT name, value FROM reset_password_settings WHERE name LIKE 'audit_head%'");
    let early = fixture.engine.audit_mark().unwrap();
    assert_eq!(fixture.engine.missing_since(&early).unwrap(), None);
    let records = fixture.engine.audit(i64::MIN, 1_000).unwrap();
    let last = records.last().unwrap().sequence;
    for n in 0..20 {
        fixture
            .engine
            .create_user(user(&format!("user{n}@example.com")))
            .unwrap();
    }
    let late = fixture.engine.audit_mark().unwrap();
    assert!(late.is_beyond(&early));
    assert_eq!(fixture.engine.missing_since(&early).unwrap(), None);
    assert_eq!(fixture.engine.missing_since(&late).unwrap(), None);

    fixture.alter(&format!(
        "DELETE FROM reset_password_events WHERE sequence > {last}"
    ));
    for row in saved {
        let [Some(name), Some(value)] = &row[..] else {
            panic!("{row:?}")
        };
        // One chain or another may have had no record meanwhile.
        fixture.database.rows(&format!(
            "UPDATE reset_password_settings SET value = '{value}' WHERE name = '{name}'"
        ));
    }
    assert!(
        fixture.engine.verify_audit().unwrap().is_whole(),
        "it is whole in itself"
    );
    assert_eq!(fixture.engine.missing_since(&early).unwrap(), None);
    assert!(fixture.engine.missing_since(&late).unwrap().is_some());
    // It grows beyond the mark, and is another one all the same.
    for n in 0..40 {
        fixture
            .engine
            .create_user(user(&format!("other{n}@example.com")))
            .unwrap();
    }
    assert!(fixture.engine.verify_audit().unwrap().is_whole());
    assert!(fixture.engine.missing_since(&late).unwrap().is_some());
}

fn sec86_what_is_purged_is_not_missing(fixture: &Fixture) {
    for n in 0..20 {
        fixture
            .engine
            .create_user(user(&format!("user{n}@example.com")))
            .unwrap();
    }
    let mark = fixture.engine.audit_mark().unwrap();
    fixture.clock.advance(Duration::from_hours(24 * 91));
    fixture.engine.create_user(user("ada@example.com")).unwrap();
    assert_eq!(fixture.engine.purge(1_000).unwrap().events, 20);
    assert_eq!(fixture.engine.missing_since(&mark).unwrap(), None);
}

struct Kept {
    database: Database,
    key_file: PathBuf,
}

impl Kept {
    fn open(&self) -> UserManagement {
        let options = Options {
            key_file: Some(self.key_file.clone()),
            ..cheap()
        };
        UserManagement::open(self.database.url(), options).unwrap()
    }

    fn mark(&self) -> PathBuf {
        let files = fs::read_dir(self.key_file.parent().unwrap()).unwrap();
        let mut paths = files.map(|file| file.unwrap().path());
        let is_mark = |path: &PathBuf| path.to_string_lossy().contains("key.trail-");
        paths.find(is_mark).unwrap_or_default()
    }

    fn fault(&self) -> Option<AuditFault> {
        self.open().verify_audit().unwrap().reason
    }
}

/// A whole database put back to an earlier state, as from a backup, is seen until its owner says that it is meant.
#[test]
fn sec86_a_database_put_back_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let kept = Kept {
        database: Database::new(Backend::SqliteFile, folder.path()),
        key_file: folder.path().join("keys/key"),
    };
    fs::create_dir(folder.path().join("keys")).unwrap();
    write_private(&kept.key_file, &("01".repeat(31) + "54\n"));
    let users = kept.open();
    users.create_user(user("ada@example.com")).unwrap();
    users.close();
    let backup = folder.path().join("backup.db");
    let database = Path::new(kept.database.url());
    fs::copy(database, &backup).unwrap();
    let users = kept.open();
    users.create_user(user("bob@example.com")).unwrap();
    assert_eq!(users.keep_trail_mark().unwrap(), None);
    users.close();
    assert_eq!(kept.fault(), None);
    let mode = fs::metadata(kept.mark()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    fs::copy(&backup, database).unwrap();
    for _ in 0..2 {
        let users = kept.open();
        assert_eq!(users.keep_trail_mark().unwrap(), Some(2));
        let verdict = users.verify_audit().unwrap();
        assert_eq!(
            (verdict.first_bad, verdict.reason),
            (Some(2), Some(AuditFault::RolledBack))
        );
        users
            .create_user(user(&format!("eve{}@example.com", verdict.records)))
            .unwrap();
        users.close();
    }
    let mark = kept.mark();
    fs::write(&mark, "no mark").unwrap();
    let users = kept.open();
    let unreadable = users.verify_audit().unwrap_err();
    assert!(unreadable.message().contains("key.trail-"), "{unreadable}");
    users.close();
    fs::remove_file(&mark).unwrap();
    assert_eq!(kept.fault(), None);
    assert_eq!(kept.mark(), mark);
}
