//! Locks that somebody else holds: for too long, for a while, and in a circle.

use std::thread;

use reset_password::{Code, PasswordReset};
use reset_password_core::Engine;
use reset_password_store::SqlStore;
use reset_password_test_databases::Session;

use crate::support::{Backend, Captured, Family, Fixture, Kind, NEW, OLD, engine, text, user_with};

on_each_database!(
    sec15_a_lock_that_is_kept_too_long_ends_a_reset_that_has_done_nothing,
    sec15_a_lock_that_is_given_back_only_delays_a_reset,
);

const ADA: &str = "ada@example.com";

/// The rows that a reset changes: the user's, and the reset's own. Each is locked by its key, and nothing
/// beside it.
fn rows(reset: &PasswordReset) -> [String; 2] {
    let PasswordReset { id, user_id, .. } = reset;
    [
        format!("SELECT id FROM reset_password_users WHERE id = '{user_id}' FOR UPDATE"),
        format!("SELECT id FROM reset_password_resets WHERE id = '{id}' FOR UPDATE"),
    ]
}

/// Each lock that a reset may wait for, held by somebody: the statements that take it. On SQLite it is the
/// whole file.
fn locks(fixture: &Fixture, reset: &PasswordReset) -> Vec<Vec<String>> {
    if fixture.database.server().is_none() {
        return vec![vec!["BEGIN IMMEDIATE".to_owned()]];
    }
    let each = rows(reset).into_iter();
    each.map(|row| vec!["BEGIN".to_owned(), row]).collect()
}

fn holder(fixture: &Fixture, statements: &[String]) -> Session {
    let mut session = fixture.database.session();
    for statement in statements {
        session.run(statement).unwrap();
    }
    session
}

/// An engine that waits a second for a lock. SQLite's waits five, and that cannot be set.
fn impatient(fixture: &Fixture) -> Engine<SqlStore> {
    let url = fixture.database.url();
    let url = match fixture.database.server() {
        None => url.to_owned(),
        Some(_) => format!("{url}?lock_timeout=1000"),
    };
    engine(&url, &fixture.clock, |_| {})
}

/// The lock is held for as long as the call takes, so that it ends is all that says how long it waited.
fn sec15_a_lock_that_is_kept_too_long_ends_a_reset_that_has_done_nothing(fixture: &Fixture) {
    fixture.ada();
    let reset = fixture.engine.create_password_reset(ADA).unwrap();
    let token = text(&reset.password_reset_token);
    let engine = impatient(fixture);
    for lock in locks(fixture, &reset) {
        let before = fixture.state();
        let mut holder = holder(fixture, &lock);
        let error = engine.reset_password(token, NEW).unwrap_err();
        assert_eq!(
            error.code(),
            Code::StorageUnavailable,
            "{lock:?}: {error:?}"
        );
        assert!(error.retryable());
        assert_eq!(fixture.state(), before, "{lock:?}");
        holder.run("ROLLBACK").unwrap();
    }
    engine.reset_password(token, NEW).unwrap();
    assert_is_reset(fixture, ADA, 1);
}

fn sec15_a_lock_that_is_given_back_only_delays_a_reset(fixture: &Fixture) {
    fixture.ada();
    for n in 0..if fixture.database.server().is_some() {
        2
    } else {
        1
    } {
        let reset = fixture.engine.create_password_reset(ADA).unwrap();
        let token = text(&reset.password_reset_token);
        let lock = &locks(fixture, &reset)[n];
        let mut holder = holder(fixture, lock);
        thread::scope(|scope| {
            let reset = scope.spawn(|| fixture.engine.reset_password(token, NEW));
            fixture.until_somebody_waits(|| reset.is_finished());
            holder.run("ROLLBACK").unwrap();
            reset.join().unwrap().unwrap();
        });
        assert_is_reset(fixture, ADA, n + 1);
    }
}

/// The new password is in force, and so many resets are told of.
fn assert_is_reset(fixture: &Fixture, email: &str, resets: usize) {
    let accepts = |password| fixture.accepts(email, password);
    assert_eq!((accepts(NEW), accepts(OLD)), (true, false));
    assert_eq!(fixture.told("password_reset.succeeded"), resets);
    assert!(fixture.engine.verify_audit().unwrap().is_whole());
}

/// Which of the two transactions in a circle the server ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Victim {
    Engine,
    Other,
}

#[test]
fn sec15_a_reset_that_is_ended_by_a_deadlock_is_done_once_on_postgres() {
    circle(Kind::Postgres15, Victim::Engine);
}

#[test]
fn sec15_a_reset_that_is_ended_by_a_deadlock_is_done_once_on_mariadb() {
    circle(Kind::MariaDb10_11, Victim::Engine);
}

#[test]
fn sec15_a_reset_whose_rival_is_ended_by_a_deadlock_is_done_once_on_postgres() {
    circle(Kind::Postgres15, Victim::Other);
}

#[test]
fn sec15_a_reset_whose_rival_is_ended_by_a_deadlock_is_done_once_on_mariadb() {
    circle(Kind::MariaDb10_11, Victim::Other);
}

/// Most tries until a circle comes about.
const TRIES: usize = 12;

/// Somebody locks one of the rows that a reset changes, waits until the reset waits for it, and locks the
/// other. In one of the two orders that is a circle; the server may change its mind which, as its statistics do.
fn circle(kind: Kind, victim: Victim) {
    let fixture = Fixture::on(Backend::Server(kind));
    choose(&fixture, victim);
    let patience = "lock_timeout=60000&statement_timeout=60000";
    let patient = format!("{}?{patience}", fixture.database.url());
    let patient = engine(&patient, &fixture.clock, |_| {});
    let (mut run_again, mut rolled_back) = (0, 0);
    for (n, order) in [[0, 1], [1, 0]].into_iter().cycle().take(TRIES).enumerate() {
        let email = format!("user{n}@example.com");
        fixture.engine.create_user(user_with(&email, OLD)).unwrap();
        let reset = fixture.engine.create_password_reset(&email).unwrap();
        let rows = rows(&reset);
        let mut other = rival(&fixture, victim);
        other.run(&rows[order[0]]).unwrap();
        let log = Captured::default();
        thread::scope(|scope| {
            let reset = scope.spawn(|| {
                let _listening = log.listen(tracing::Level::DEBUG);
                patient.reset_password(text(&reset.password_reset_token), NEW)
            });
            fixture.until_somebody_waits(|| reset.is_finished());
            match other.run(&rows[order[1]]) {
                Ok(_) => other.run("COMMIT").map(drop).unwrap(),
                Err(error) => {
                    assert!(error.to_lowercase().contains("deadlock"), "{error}");
                    rolled_back += 1;
                    other.run("ROLLBACK").unwrap();
                }
            }
            reset.join().unwrap().unwrap();
        });
        run_again += log.count("is run again");
        assert_is_reset(&fixture, &email, n + 1);
        if run_again + rolled_back > 0 {
            break;
        }
    }
    match victim {
        // One that comes back before the other has woken up may meet it in the same circle again.
        Victim::Engine => assert!(
            run_again > 0 && rolled_back == 0,
            "{run_again}, {rolled_back}"
        ),
        Victim::Other => assert_eq!((run_again, rolled_back), (0, 1)),
    }
}

/// PostgreSQL ends the transaction that looks first whether it waits in a circle. MariaDB ends the one that
/// has done less.
fn choose(fixture: &Fixture, victim: Victim) {
    let server = fixture.database.server().unwrap();
    match server.family() {
        Family::Postgres => {
            let looks_after = match victim {
                Victim::Engine => "3s",
                Victim::Other => "10min",
            };
            let name = fixture.database.value("SELECT current_database()");
            let set = format!("ALTER DATABASE {name} SET deadlock_timeout = '{looks_after}'");
            fixture.database.rows(&set);
        }
        Family::MariaDb => {
            fixture
                .database
                .rows("CREATE TABLE done (n INT PRIMARY KEY)");
        }
    }
}

fn rival(fixture: &Fixture, victim: Victim) -> Session {
    let mut other = fixture.database.session();
    match (fixture.database.server().unwrap().family(), victim) {
        (Family::Postgres, Victim::Engine) => other.run("SET deadlock_timeout = '10min'"),
        (Family::Postgres, Victim::Other) => other.run("SET deadlock_timeout = '10ms'"),
        (Family::MariaDb, _) => {
            other.run("SET innodb_lock_wait_timeout = 60, tx_isolation = 'READ-COMMITTED'")
        }
    }
    .unwrap();
    other.run("BEGIN").unwrap();
    if fixture.database.server().unwrap().family() == Family::MariaDb && victim == Victim::Engine {
        let many: Vec<String> = (0..500).map(|n| format!("({n})")).collect();
        other.run("DELETE FROM done").unwrap();
        let insert = format!("INSERT INTO done VALUES {}", many.join(", "));
        other.run(&insert).unwrap();
    }
    other
}
