//! One token, many hands, in many processes.

use std::{fs, thread};

use reset_password::{Code, blocking::UserManagement};

use crate::support::{
    Backend, Fixture, Kind, OLD, cheap_with_key, long, said_by, text, user_with, wait_for_all,
    worker_on, worker_role,
};

on_each_database!(sec14_consume_race);

/// Processes, and confirms of each.
const PROCESSES: usize = 3;
const CONFIRMS: usize = 200;

/// At the isolation that is the default: read committed.
fn sec14_consume_race(fixture: &Fixture) {
    race(fixture, "", if long() { 100 } else { 1 });
}

#[test]
fn sec14_consume_race_at_each_isolation_of_postgres() {
    at_each_isolation(Kind::Postgres15);
}

#[test]
fn sec14_consume_race_at_each_isolation_of_mariadb() {
    at_each_isolation(Kind::MariaDb10_11);
}

/// Every isolation level that SQLite offers is one.
fn at_each_isolation(kind: Kind) {
    for isolation in ["read-committed", "repeatable-read", "serializable"] {
        let fixture = Fixture::on(Backend::Server(kind));
        let parameter = format!("?isolation={isolation}");
        race(&fixture, &parameter, if long() { 100 } else { 1 });
    }
}

fn race(fixture: &Fixture, parameter: &str, rounds: usize) {
    let database = format!("{}{parameter}", fixture.database.url());
    let users = UserManagement::open(&database, cheap_with_key()).unwrap();
    for round in 0..rounds {
        let folder = tempfile::tempdir().unwrap();
        let email = format!("ada{round}@example.com");
        users.create_user(user_with(&email, OLD)).unwrap();
        let reset = users.create_password_reset(&email).unwrap();
        fs::write(
            folder.path().join("token"),
            text(&reset.password_reset_token),
        )
        .unwrap();
        let racers: Vec<_> = (0..PROCESSES)
            .map(|n| worker_on("race::racer", &database, folder.path(), &n.to_string()))
            .collect();
        let (mut winners, mut losers) = (Vec::new(), 0);
        for racer in racers {
            let said = said_by(racer);
            for line in said.lines().filter_map(|line| line.strip_prefix("racer: ")) {
                match line.split_once(' ') {
                    Some(("won", password)) => winners.push(password.to_owned()),
                    Some(("lost", code)) => {
                        let allowed = [Code::PasswordResetTokenNotFound, Code::Overloaded];
                        assert!(
                            allowed.iter().any(|allowed| allowed.as_str() == code),
                            "{code}"
                        );
                        losers += 1;
                    }
                    _ => panic!("{line}"),
                }
            }
        }
        assert_eq!(
            (winners.len(), losers),
            (1, PROCESSES * CONFIRMS - 1),
            "round {round}"
        );
        let login = |password: &str| users.authenticate_with_password(&email, password);
        assert!(login(&winners[0]).unwrap().email_verified);
        assert_eq!(login(OLD).unwrap_err().code(), Code::InvalidCredentials);
    }
    let succeeded = users.events(None, 100).unwrap().data.into_iter();
    let succeeded = succeeded.filter(|event| event.event == "password_reset.succeeded");
    assert_eq!(
        succeeded.count(),
        rounds.min(33),
        "one event for each token"
    );
    assert!(users.verify_audit().unwrap().is_whole());
}

/// The worker process of the race.
#[test]
fn racer() {
    let Some(role) = worker_role() else { return };
    let users = UserManagement::open(&role.database, cheap_with_key()).unwrap();
    let token = fs::read_to_string(role.folder.join("token")).unwrap();
    wait_for_all(&role, "opened", PROCESSES);
    let name = role.name;
    thread::scope(|scope| {
        let threads: Vec<_> = (0..CONFIRMS)
            .map(|n| {
                let password = format!("the new password of process {name} thread {n}");
                let (users, token) = (&users, &token);
                scope.spawn(move || match users.reset_password(token, &password) {
                    Ok(_) => format!("racer: won {password}"),
                    Err(error) => format!("racer: lost {}", error.code()),
                })
            })
            .collect();
        for thread in threads {
            println!("\n{}", thread.join().unwrap());
        }
    });
}
