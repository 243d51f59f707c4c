//! Killed at any moment: what was acknowledged is kept, and nothing is half done.

mod support;

use std::{
    collections::HashMap,
    fs::{File, OpenOptions},
    io::{BufRead, BufReader, Write},
    path::Path,
    thread,
    time::Duration,
};

use reset_password::{Code, blocking::UserManagement};
use support::{OLD, cheap, text, url, user_with, worker, worker_role};

const PROCESSES: usize = 4;

/// Full disk and power failure wait for the fault-injection issue; here processes are killed.
#[test]
fn sec15_kill9_loop() {
    let rounds = if support::long() { 100 } else { 12 };
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("app.db");
    {
        let users = UserManagement::open(&url(folder.path()), cheap()).unwrap();
        for n in 0..PROCESSES {
            users.create_user(user_with(&address(n), OLD)).unwrap();
        }
    }
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut acknowledged = 0;
    for round in 0..rounds {
        let mut children: Vec<_> = (0..PROCESSES)
            .map(|n| worker("looper", folder.path(), &n.to_string()))
            .collect();
        for child in &mut children {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            thread::park_timeout(Duration::from_millis(seed % 150 + 1));
            child.kill().unwrap();
        }
        for mut child in children {
            child.wait().unwrap();
        }
        acknowledged = check(folder.path(), round);
    }
    assert!(
        acknowledged > rounds,
        "too few resets were finished: {acknowledged}"
    );
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let sound = runtime.block_on(support::value(&database, "PRAGMA integrity_check"));
    assert_eq!(sound, "ok");
}

/// I1–I4 for every account, from its journal, and I6.
fn check(folder: &Path, round: usize) -> usize {
    let users = UserManagement::open(&url(folder), cheap()).unwrap();
    let verdict = users.verify_audit().unwrap();
    assert!(verdict.is_whole(), "round {round}: {verdict:?}");
    let mut acknowledged = 0;
    for n in 0..PROCESSES {
        let entries = journal(folder, n);
        let last_good = entries.iter().rposition(|entry| entry.finished);
        acknowledged += entries.iter().filter(|entry| entry.finished).count();
        // Only the last acknowledged password, or one tried after it, can be in force.
        let candidates: Vec<&str> = match last_good {
            Some(at) => entries[at..]
                .iter()
                .map(|entry| entry.password.as_str())
                .collect(),
            None => std::iter::once(OLD)
                .chain(entries.iter().map(|e| e.password.as_str()))
                .collect(),
        };
        let in_force: Vec<&&str> = candidates
            .iter()
            .filter(
                |password| match users.authenticate_with_password(&address(n), password) {
                    Ok(_) => true,
                    Err(error) => {
                        assert_eq!(error.code(), Code::InvalidCredentials, "{error:?}");
                        false
                    }
                },
            )
            .collect();
        assert_eq!(
            in_force.len(),
            1,
            "round {round}, account {n}: {in_force:?} of {candidates:?}"
        );
        // A token is used if and only if its password is in force: the last one tried still works
        // exactly when its password is not.
        if let Some(last) = entries.last().filter(|entry| !entry.finished) {
            let applied = **in_force[0] == last.password;
            let again = users.reset_password(&last.token, "one more password after the crash");
            match again {
                Ok(_) => assert!(!applied, "round {round}: used, and usable"),
                Err(error) => {
                    assert_eq!(error.code(), Code::PasswordResetTokenNotFound);
                    assert!(applied, "round {round}: spent, and not applied");
                }
            }
            let now = if applied {
                last.password.as_str()
            } else {
                "one more password after the crash"
            };
            append(
                folder,
                n,
                &format!("{}\t{now}\n{}\t{now}\tok\n", last.token, last.token),
            );
        }
    }
    users.close();
    acknowledged
}

struct Entry {
    token: String,
    password: String,
    finished: bool,
}

/// Attempts in order; a line with `ok` says that the attempt before it was answered.
fn journal(folder: &Path, n: usize) -> Vec<Entry> {
    let Ok(file) = File::open(folder.join(format!("journal-{n}"))) else {
        return Vec::new();
    };
    let mut entries: Vec<Entry> = Vec::new();
    let mut at = HashMap::new();
    for line in BufReader::new(file).lines() {
        let line = line.unwrap();
        let fields: Vec<_> = line.split('\t').collect();
        match fields[..] {
            [token, password] => {
                at.insert(token.to_owned(), entries.len());
                let (token, password) = (token.to_owned(), password.to_owned());
                entries.push(Entry {
                    token,
                    password,
                    finished: false,
                });
            }
            [token, _, "ok"] => entries[at[token]].finished = true,
            _ => panic!("the journal is cut short: {line}"),
        }
    }
    entries
}

fn append(folder: &Path, n: usize, lines: &str) {
    let path = folder.join(format!("journal-{n}"));
    let mut file = OpenOptions::new()
        .append(true)
        .create(true)
        .open(path)
        .unwrap();
    file.write_all(lines.as_bytes()).unwrap();
}

fn address(n: usize) -> String {
    format!("user{n}@example.com")
}

/// The worker process: creates and confirms until it is killed.
#[test]
fn looper() {
    let Some((folder, role)) = worker_role() else {
        return;
    };
    let n = role.parse().unwrap();
    let users = UserManagement::open(&url(&folder), cheap()).unwrap();
    for attempt in 0_u64.. {
        let reset = users.create_password_reset(&address(n)).unwrap();
        let token = text(&reset.password_reset_token);
        let password = format!("password {attempt} of process {}", std::process::id());
        append(&folder, n, &format!("{token}\t{password}\n"));
        users.reset_password(token, &password).unwrap();
        append(&folder, n, &format!("{token}\t{password}\tok\n"));
    }
}
