//! Databases that earlier versions made, with what was in them: `tests/upgrade/record` kept them.

use std::{collections::BTreeSet, fs, path::PathBuf};

use reset_password::{Code, ListUsers, blocking::UserManagement};

use crate::support::{Backend, Database, Fixture, cheap_with_key, text, user};

on_each_database!(what_earlier_versions_made_is_brought_up_to_date);

const OLD: &str = "a long walk by the sea";
const NEW: &str = "seven green boats at dusk";
const PEOPLE: [&str; 3] = ["ada@example.com", "bob@example.com", "eve@example.com"];

/// The folders of recorded databases, oldest first by their names.
fn recorded() -> Vec<PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/upgrade");
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut folders: Vec<_> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// The file of a kind of database.
fn file_of(database: &Database) -> &'static str {
    match database.backend() {
        Backend::SqliteFile | Backend::SqliteMemory => "sqlite.sql",
        _ if database.url().starts_with("postgres") => "postgres.sql",
        _ => "mysql.sql",
    }
}

fn what_earlier_versions_made_is_brought_up_to_date(fixture: &Fixture) {
    let mut found = 0;
    for folder in recorded() {
        let inside = tempfile::tempdir().unwrap();
        let database = Database::new(fixture.database.backend(), inside.path());
        let Ok(statements) = fs::read_to_string(folder.join(file_of(&database))) else {
            continue;
        };
        found += 1;
        database.rows(&statements);
        hand_over(&database);
        let version = "SELECT value FROM reset_password_settings WHERE name = 'schema_version'";
        let before = database.value(version);
        nothing_is_lost(&database);
        assert_ne!(database.value(version), before, "{}", folder.display());
        // It is as any other by now.
        nothing_is_lost(&database);
    }
    assert!(found > 0, "no database of this kind was recorded");
}

/// Gives tables that the administrator of a PostgreSQL has made to the user that the engine is.
fn hand_over(database: &Database) {
    let Some(user) = database.url().strip_prefix("postgres://") else {
        return;
    };
    let user = user.split([':', '@']).next().unwrap();
    let tables =
        database.rows("SELECT tablename FROM pg_tables WHERE tablename LIKE 'reset_password_%'");
    for table in tables.iter().flatten().flatten() {
        database.rows(&format!("ALTER TABLE {table} OWNER TO {user}"));
    }
}

/// Everybody is there, with the password that was theirs, and the trail is whole before and after a reset.
fn nothing_is_lost(database: &Database) {
    let users = UserManagement::open(database.url(), cheap_with_key()).unwrap();
    let verdict = users.verify_audit().unwrap();
    assert!(verdict.is_whole(), "{verdict:?}");
    let page = users.list_users(ListUsers::default()).unwrap();
    let emails: BTreeSet<_> = page.data.iter().map(|user| user.email.as_str()).collect();
    assert_eq!(emails, BTreeSet::from(PEOPLE));
    let [ada, bob, eve] = PEOPLE;
    let signed_in = users.authenticate_with_password(ada, NEW).unwrap();
    assert!(signed_in.email_verified && signed_in.credentials_changed_at.is_some());
    users.authenticate_with_password(bob, OLD).unwrap();
    for (email, password) in [(ada, OLD), (bob, NEW)] {
        let refused = users.authenticate_with_password(email, password);
        assert_eq!(refused.unwrap_err().code(), Code::InvalidCredentials);
    }
    let keys = users.list_api_keys().unwrap();
    assert!(keys.iter().any(|key| key.name == "app"));

    let reset = users.create_password_reset(eve).unwrap();
    let token = text(&reset.password_reset_token);
    let password = format!("the password of {}", reset.id);
    users.reset_password(token, &password).unwrap();
    users.authenticate_with_password(eve, &password).unwrap();
    let again = users.create_user(user(ada)).unwrap_err();
    assert_eq!(again.code(), Code::EmailNotAvailable);
    let verdict = users.verify_audit().unwrap();
    assert!(verdict.is_whole(), "{verdict:?}");
}
