//! A database server that is killed: what was acknowledged is there when it is back, and nothing is half done.

use std::{sync::mpsc, thread};

use reset_password::{Code, blocking::UserManagement};
use reset_password_test_databases::Server;

use crate::support::{Kind, OLD, cheap_with_key, long, text, user_with};

const ADA: &str = "ada@example.com";

/// Resets that are acknowledged before the server is killed, in each round.
const BEFORE: usize = 3;

#[test]
fn sec15_postgres_is_killed() {
    rounds(Kind::Postgres15);
}

#[test]
fn sec15_mariadb_is_killed() {
    rounds(Kind::MariaDb10_11);
}

/// A reset that was tried.
struct Try {
    token: String,
    id: String,
    password: String,
}

fn rounds(kind: Kind) {
    let server = Server::start(kind);
    let url = server.new_database();
    let users = UserManagement::open(&url, cheap_with_key()).unwrap();
    users.create_user(user_with(ADA, OLD)).unwrap();
    let mut used = 0;
    for round in 0..if long() { 25 } else { 2 } {
        let (acknowledging, acknowledged) = mpsc::channel();
        // The last try is the one that was under way.
        let users = &users;
        let last = thread::scope(|scope| {
            let resets = scope.spawn(move || reset_until_it_fails(users, round, &acknowledging));
            for _ in 0..BEFORE {
                acknowledged.recv().unwrap();
            }
            server.kill();
            resets.join().unwrap()
        });
        server.restart();
        let mut in_force: Option<String> = None;
        for password in acknowledged {
            in_force = Some(password);
            used += 1;
        }
        used += BEFORE;
        check(users, last, in_force, &mut used);
    }
}

/// Resets the password again and again, and tells each that was acknowledged. Answers the one that was not.
fn reset_until_it_fails(
    users: &UserManagement,
    round: usize,
    acknowledging: &mpsc::Sender<String>,
) -> Option<Try> {
    for n in 0_usize.. {
        let Ok(reset) = users.create_password_reset(ADA) else {
            break;
        };
        let attempt = Try {
            token: text(&reset.password_reset_token).to_owned(),
            id: reset.id,
            password: format!("the new password {n} of round {round}"),
        };
        match users.reset_password(&attempt.token, &attempt.password) {
            Ok(_) => acknowledging.send(attempt.password).unwrap(),
            Err(error) => {
                assert_eq!(error.code(), Code::StorageUnavailable);
                return Some(attempt);
            }
        }
    }
    None
}

/// The last acknowledged password is in force, or the one that was under way, and then its token is used.
fn check(
    users: &UserManagement,
    last: Option<Try>,
    acknowledged: Option<String>,
    used: &mut usize,
) {
    let accepts = |password: &str| users.authenticate_with_password(ADA, password).is_ok();
    let applied = last.as_ref().is_some_and(|last| accepts(&last.password));
    if let Some(acknowledged) = acknowledged {
        assert_ne!(accepts(&acknowledged), applied, "one password is in force");
    }
    let succeeded = |id: &str| {
        let records = users.audit(i64::MIN, 1_000).unwrap();
        let records = records.iter().filter(|record| {
            record.event == "password_reset.succeeded" && (id.is_empty() || record.data["id"] == id)
        });
        records.count()
    };
    if let Some(last) = last {
        *used += usize::from(applied);
        assert_eq!(
            succeeded(&last.id),
            usize::from(applied),
            "told, and not done, or the other way"
        );
        let again = users.reset_password(&last.token, "one more password after the crash");
        assert_eq!(
            again.is_ok(),
            !applied,
            "a token is used when its password is in force"
        );
        *used += usize::from(again.is_ok());
    }
    assert_eq!(succeeded(""), *used);
    let verdict = users.verify_audit().unwrap();
    assert!(verdict.is_whole(), "{verdict:?}");
}
