//! A disk that is full: a reset that cannot be written is not done and says so, and it is done when there is
//! room again, by the same handle.
//!
//! The disk is full for the process that writes: none of its files may grow.

use std::{collections::BTreeMap, fs};

use reset_password::{Code, CreateUser, Error, PasswordReset, blocking::UserManagement};
use reset_password_test_databases::{Family, Server, Session};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::support::{
    Backend, Database, Kind, NEW, OLD, cheap_with_key, said_by, text, url, user_with, worker_role,
    worker_that_may_fill_the_disk,
};

const TABLES: [&str; 4] = ["users", "resets", "events", "settings"];

#[test]
fn sec15_a_full_disk_under_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let file = url(folder.path());
    let writer = worker_that_may_fill_the_disk("disk_full::writer", &file, folder.path());
    let said = said_by(writer);
    assert!(said.contains("written when there was room"), "{said}");
}

/// How much more room there is each time: less than a page, so that the disk is full before each page of the
/// transaction, and in the middle of it.
const ROOM: usize = 2_048;

/// The worker process of the test above.
#[test]
fn writer() {
    let Some(role) = worker_role() else { return };
    let users = UserManagement::open(&role.database, cheap_with_key()).unwrap();
    let database = Database::new(Backend::SqliteFile, &role.folder);
    let email = "ada@example.com";
    users.create_user(user_with(email, OLD)).unwrap();
    let reset = users.create_password_reset(email).unwrap();
    let token = text(&reset.password_reset_token);

    let before = TABLES.map(|table| database.dump(&format!("reset_password_{table}")));
    let log = role.folder.join("app.db-wal");
    let mut refused = 0;
    for room in (0..).step_by(ROOM) {
        let size = fs::metadata(&log).map_or(0, |metadata| metadata.len());
        limit_files(Some(size + room));
        let done = users.reset_password(token, NEW);
        let created = (room == 0).then(|| users.create_user(user_with("bob@example.com", OLD)));
        limit_files(None);
        if let Some(created) = created {
            assert_eq!(created.unwrap_err().code(), Code::StorageUnavailable);
        }
        let Err(error) = done else { break };
        assert_is_unavailable(&error);
        let after = TABLES.map(|table| database.dump(&format!("reset_password_{table}")));
        assert_eq!(after, before, "{room} bytes were left");
        refused += 1;
    }
    assert!(refused > 5, "the disk was full {refused} times");
    let accepts = |password| users.authenticate_with_password(email, password).is_ok();
    assert_eq!((accepts(NEW), accepts(OLD)), (true, false));
    assert_eq!(told(&users, &reset.id), 1);
    assert!(users.verify_audit().unwrap().is_whole());
    assert_eq!(database.damage(), [""; 0]);
    println!("\nwritten when there was room");
}

/// Keeps every file that this process writes from growing beyond so many bytes.
fn limit_files(bytes: Option<u64>) {
    let Rlimit { maximum, .. } = getrlimit(Resource::Fsize);
    let current = bytes.or(maximum);
    setrlimit(Resource::Fsize, Rlimit { current, maximum }).unwrap();
}

#[test]
fn sec15_a_full_disk_under_postgres() {
    on_server(Kind::Postgres15);
}

#[test]
fn sec15_a_full_disk_under_mariadb() {
    on_server(Kind::MariaDb10_11);
}

/// What a file of the server may grow to: as much as its write-ahead log has from the beginning.
const LIMIT: u64 = 16 * 1024 * 1024;

/// More accounts than the space that the fullest table has left serves.
const ACCOUNTS: usize = 100;

fn on_server(kind: Kind) {
    let server = Server::start(kind);
    for setting in settings(server.family()) {
        server.admin(setting);
    }
    let url = server.new_database();
    let users = UserManagement::open(&url, cheap_with_key()).unwrap();
    let resets: Vec<_> = (0..ACCOUNTS).map(|n| reset_of(&users, n)).collect();
    let redeem = |reset: &PasswordReset| {
        users
            .reset_password(text(&reset.password_reset_token), NEW)
            .map(drop)
    };

    server.limit_files(Some(LIMIT));
    let mut session = server.session(&url);
    fill(&mut session, server.family());
    let outcomes = resets.iter().map(redeem);
    let done = outcomes.take_while(Result::is_ok).count();
    let left = resets.get(done..).filter(|left| left.len() > 2);
    let left = left.expect("the disk was not full");
    let state = |session: &mut Session| {
        TABLES.map(|table| session.run(&format!("SELECT * FROM reset_password_{table}")))
    };
    let before = state(&mut session);
    for _ in 0..2 {
        assert_is_unavailable(&redeem(&left[0]).unwrap_err());
    }
    assert!(state(&mut session) == before, "something was changed");
    users.get_user(&left[0].user_id).unwrap();

    server.limit_files(None);
    left[..3].iter().map(redeem).for_each(Result::unwrap);
    for (n, reset) in resets[..done + 3].iter().enumerate() {
        assert_eq!(
            told(&users, &reset.id),
            1,
            "reset {n}, of which {done} were before"
        );
    }
    let login = users.authenticate_with_password(&email(done), NEW);
    assert!(login.unwrap().email_verified);
    assert!(users.verify_audit().unwrap().is_whole());
    assert_eq!(server.damage(&url), [""; 0]);
}

/// What makes a table grow as soon as it must.
fn settings(family: Family) -> &'static [&'static str] {
    match family {
        // Nothing makes room by the way.
        Family::Postgres => &[
            "ALTER SYSTEM SET autovacuum = off",
            "SELECT pg_reload_conf()",
        ],
        // All tables in one file, which grows by a MiB.
        Family::MariaDb => &[
            "SET GLOBAL innodb_file_per_table = OFF",
            "SET GLOBAL innodb_autoextend_increment = 1",
        ],
    }
}

fn email(n: usize) -> String {
    format!("user{n}@example.com")
}

/// A user whose row is larger than those that the disk is filled with, and a reset.
fn reset_of(users: &UserManagement, n: usize) -> PasswordReset {
    let metadata = ["a", "b", "c"].map(|key| (key.to_owned(), "x".repeat(500)));
    let user = CreateUser {
        email: email(n),
        metadata: BTreeMap::from(metadata),
        ..CreateUser::default()
    };
    users.create_user(user).unwrap();
    users.create_password_reset(&email(n)).unwrap()
}

/// Writes until that fails. What was written stays.
fn fill(session: &mut Session, family: Family) {
    match family {
        // A changed row is written anew, and finds no page of its table with room for it.
        Family::Postgres => {
            let rows = |first: &str, last: &str| {
                format!(
                    "INSERT INTO reset_password_users (id, email, email_lookup, email_verified, metadata, \
                     created_at, updated_at) SELECT md5(n::text), md5(n::text), \
                     decode(md5(n::text), 'hex'), 0, repeat('x', 900), 0, 0 \
                     FROM generate_series({first}, {last}) AS n"
                )
            };
            session.run(&rows("1", "13000")).unwrap();
            session.run("SET synchronous_commit = off").unwrap();
            let one = rows("place", "place");
            let each = format!(
                "DO $$ BEGIN FOR place IN 13001..20000 LOOP {one}; COMMIT; END LOOP; END $$"
            );
            session.run(&each).unwrap_err();
        }
        Family::MariaDb => {
            session
                .run("CREATE TABLE filler (n BIGINT AUTO_INCREMENT PRIMARY KEY, b VARBINARY(4000))")
                .unwrap();
            for rows in [64, 1] {
                let values = vec!["(REPEAT('x', 4000))"; rows].join(", ");
                let insert = format!("INSERT INTO filler (b) VALUES {values}");
                let written = (0..500).take_while(|_| session.run(&insert).is_ok());
                assert!(written.count() < 500, "it may grow");
            }
        }
    }
}

fn assert_is_unavailable(error: &Error) {
    assert_eq!(error.code(), Code::StorageUnavailable, "{error:?}");
    assert!(error.retryable());
}

/// How many events tell of the success of this reset.
fn told(users: &UserManagement, id: &str) -> usize {
    let records = users.audit(i64::MIN, 1_000).unwrap();
    let records = records
        .iter()
        .filter(|record| record.event == "password_reset.succeeded" && record.data["id"] == id);
    records.count()
}
