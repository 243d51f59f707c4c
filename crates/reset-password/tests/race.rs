//! One token, many hands: 64 threads in each of 4 processes on one file.

mod support;

use std::{io::Read, path::Path, thread, time::Duration};

use reset_password::{Code, blocking::UserManagement};
use support::{OLD, cheap, text, url, user_with, worker, worker_role};

const PROCESSES: usize = 4;
const THREADS: usize = 64;

/// Every isolation level that SQLite offers is this one.
#[test]
fn sec14_consume_race() {
    let rounds = if support::long() { 50 } else { 10 };
    for round in 0..rounds {
        let folder = tempfile::tempdir().unwrap();
        let users = UserManagement::open(&url(folder.path()), cheap()).unwrap();
        users
            .create_user(user_with("ada@example.com", OLD))
            .unwrap();
        let reset = users.create_password_reset("ada@example.com").unwrap();
        std::fs::write(
            folder.path().join("token"),
            text(&reset.password_reset_token),
        )
        .unwrap();
        let racers: Vec<_> = (0..PROCESSES)
            .map(|n| worker("racer", folder.path(), &n.to_string()))
            .collect();
        let mut winners = Vec::new();
        let mut losers = 0;
        for mut racer in racers {
            let mut said = String::new();
            racer
                .stdout
                .take()
                .unwrap()
                .read_to_string(&mut said)
                .unwrap();
            assert!(racer.wait().unwrap().success(), "{said}");
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
            (1, PROCESSES * THREADS - 1),
            "round {round}"
        );
        let login = |password: &str| users.authenticate_with_password("ada@example.com", password);
        assert!(login(&winners[0]).unwrap().email_verified);
        assert_eq!(login(OLD).unwrap_err().code(), Code::InvalidCredentials);
    }
}

/// The worker process of the race.
#[test]
fn racer() {
    let Some((folder, role)) = worker_role() else {
        return;
    };
    let users = UserManagement::open(&url(&folder), cheap()).unwrap();
    let token = std::fs::read_to_string(folder.join("token")).unwrap();
    wait_for_all(&folder, &role);
    let threads: Vec<_> = (0..THREADS)
        .map(|n| {
            let (users, token) = (users.clone(), token.clone());
            let password = format!("the new password of process {role} thread {n}");
            thread::spawn(move || match users.reset_password(&token, &password) {
                Ok(_) => format!("racer: won {password}"),
                Err(error) => format!("racer: lost {}", error.code()),
            })
        })
        .collect();
    for thread in threads {
        println!("\n{}", thread.join().unwrap());
    }
}

/// A barrier between processes: each leaves a file and waits for the others'.
fn wait_for_all(folder: &Path, role: &str) {
    std::fs::write(folder.join(format!("ready-{role}")), "").unwrap();
    let mut looks = 0;
    while (0..PROCESSES).any(|n| !folder.join(format!("ready-{n}")).exists()) {
        looks += 1;
        assert!(looks < 60_000, "the others did not start");
        thread::park_timeout(Duration::from_millis(1));
    }
}
