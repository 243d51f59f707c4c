//! Killed at any moment: what was acknowledged is kept, and nothing is half done.

#[macro_use]
#[path = "support/each_database.rs"]
mod each_database;
mod support;

use std::{
    collections::{BTreeSet, HashMap},
    fs::{File, OpenOptions},
    io::{BufRead, BufReader, Write},
    path::Path,
    thread,
};

use reset_password::{Code, Options, blocking::UserManagement};
use support::{
    Fixture, OLD, cheap_with_key, table::Table, text, user_with, worker_on, worker_role,
};

const PROCESSES: usize = 4;

on_each_database!(sec15_kill9_loop);
on_each_database!(sec15_kill9_loop_of_django: sec15_kill9_loop);

/// Processes are killed, and the machine goes on: a loss of power is not shown here.
fn sec15_kill9_loop(fixture: &Fixture) {
    let rounds = if support::long() { 200 } else { 4 };
    let (database, folder) = (fixture.database.url(), fixture.folder.path());
    for n in 0..PROCESSES {
        match fixture.table {
            Table::Own => {
                let users = open(Table::Own, database);
                users.create_user(user_with(&address(n), OLD)).unwrap();
            }
            table @ Table::Django => table.add(&fixture.database, &address(n), OLD),
        }
    }
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut acknowledged = 0;
    for round in 0..rounds {
        let children: Vec<_> = (0..PROCESSES)
            .map(|n| {
                worker_on(
                    "looper",
                    database,
                    folder,
                    &fixture.table.worker(&n.to_string()),
                )
            })
            .collect();
        for mut child in children {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            // It is killed so many steps after its start, and then somewhere between two steps.
            let steps = BufReader::new(child.stdout.take().unwrap()).lines();
            let mut steps = steps.filter(|line| line.as_ref().unwrap() == "step");
            let many = usize::try_from(seed % 6 + 1).unwrap();
            steps.by_ref().take(many).for_each(drop);
            (0..(seed >> 8) & 0xfff).for_each(|_| thread::yield_now());
            child.kill().unwrap();
            child.wait().unwrap();
            drop(steps);
        }
        acknowledged = check(fixture, round);
    }
    assert!(
        acknowledged > rounds,
        "too few resets were finished: {acknowledged}"
    );
    each_used_token_is_told_once(fixture, acknowledged);
    assert_eq!(fixture.database.damage(), [""; 0]);
}

/// I5: the tokens that were used are those that the trail tells of, each once.
fn each_used_token_is_told_once(fixture: &Fixture, acknowledged: usize) {
    let used = "SELECT id FROM reset_password_resets WHERE used_at IS NOT NULL";
    let used: BTreeSet<_> = fixture.database.rows(used).into_iter().collect();
    let users = open(fixture.table, fixture.database.url());
    let mut told = Vec::new();
    let mut after = i64::MIN;
    loop {
        let records = users.audit(after, 1_000).unwrap();
        let Some(last) = records.last() else { break };
        after = last.sequence;
        let resets = records
            .iter()
            .filter(|record| record.event == "password_reset.succeeded");
        told.extend(resets.map(|record| vec![record.data["id"].as_str().map(str::to_owned)]));
    }
    let count = told.len();
    assert_eq!(told.into_iter().collect::<BTreeSet<_>>(), used);
    assert_eq!(used.len(), count, "a reset is told of twice");
    assert!(count >= acknowledged);
}

/// I1–I4 for every account, from its journal, and I6.
fn check(fixture: &Fixture, round: usize) -> usize {
    let folder = fixture.folder.path();
    let users = open(fixture.table, fixture.database.url());
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

fn open(table: Table, database: &str) -> UserManagement {
    let options = Options {
        users: table.users().map(Into::into),
        ..cheap_with_key()
    };
    UserManagement::open(database, options).unwrap()
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
    let Some(role) = worker_role() else { return };
    let n = role.name.parse().unwrap();
    let users = open(role.table, &role.database);
    for attempt in 0_u64.. {
        let reset = users.create_password_reset(&address(n)).unwrap();
        let token = text(&reset.password_reset_token);
        let password = format!("password {attempt} of process {}", std::process::id());
        append(&role.folder, n, &format!("{token}\t{password}\n"));
        println!("\nstep");
        users.reset_password(token, &password).unwrap();
        append(&role.folder, n, &format!("{token}\t{password}\tok\n"));
        println!("\nstep");
    }
}
