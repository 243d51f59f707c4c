//! A database that many open at once, before anybody has.

use std::{fs, path::Path, process::Child, sync::Barrier, thread};

use reset_password::{Options, blocking::UserManagement};

use crate::support::{
    Database, Fixture, NEW, cheap, cheap_with_key, long, namespace::worker_as_process_1, said_by,
    text, user, wait_for_all, worker_on, worker_role,
};

on_each_database!(
    six_threads_open_a_new_database_with_one_key,
    three_processes_open_a_new_database_with_one_key,
    three_processes_with_equal_ids_open_a_new_database_with_one_key,
);

const THREADS: usize = 6;
const PROCESSES: usize = 3;

/// On a file nobody gives a key: the first makes it. A server's must be given.
fn options(database: &str) -> Options {
    if database.contains("://") {
        cheap_with_key()
    } else {
        cheap()
    }
}

/// Another database than the fixture's, which nobody has opened.
fn new_database(fixture: &Fixture, folder: &Path) -> Database {
    Database::new(fixture.database.backend(), folder)
}

fn six_threads_open_a_new_database_with_one_key(fixture: &Fixture) {
    for _ in 0..if long() { 500 } else { 2 } {
        let folder = tempfile::tempdir().unwrap();
        let database = new_database(fixture, folder.path());
        let together = Barrier::new(THREADS);
        let handles: Vec<_> = thread::scope(|scope| {
            let openers: Vec<_> = (0..THREADS)
                .map(|_| {
                    scope.spawn(|| {
                        together.wait();
                        UserManagement::open(database.url(), options(database.url())).unwrap()
                    })
                })
                .collect();
            openers
                .into_iter()
                .map(|opener| opener.join().unwrap())
                .collect()
        });
        let keys: Vec<_> = handles
            .iter()
            .map(|users| users.keys().current().id().to_owned())
            .collect();
        assert!(keys.iter().all(|key| *key == keys[0]), "{keys:?}");
        // Each redeems what the one before it made.
        for (n, maker) in handles.iter().enumerate() {
            let email = format!("user{n}@example.com");
            maker.create_user(user(&email)).unwrap();
            let reset = maker.create_password_reset(&email).unwrap();
            let redeemer = &handles[(n + 1) % THREADS];
            redeemer
                .reset_password(text(&reset.password_reset_token), NEW)
                .unwrap();
        }
        let verdict = handles[0].verify_audit().unwrap();
        assert!(
            verdict.is_whole() && verdict.records == 3 * THREADS as u64,
            "{verdict:?}"
        );
    }
}

fn three_processes_open_a_new_database_with_one_key(fixture: &Fixture) {
    for _ in 0..rounds() {
        let said = open_with(fixture, worker_on);
        assert!(said.iter().all(|said| said.contains("redeemed")));
    }
}

/// As in containers that share the folder, or the server.
fn three_processes_with_equal_ids_open_a_new_database_with_one_key(fixture: &Fixture) {
    for _ in 0..rounds() {
        let said = open_with(fixture, worker_as_process_1);
        assert!(
            said.iter()
                .all(|said| said.contains("redeemed by process 1\n")),
            "{said:?}"
        );
    }
}

fn rounds() -> usize {
    if long() { 500 } else { 1 }
}

/// Opens a new database from three processes, and answers what each said.
fn open_with(fixture: &Fixture, start: fn(&str, &str, &Path, &str) -> Child) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let database = new_database(fixture, folder.path());
    let openers: Vec<_> = (0..PROCESSES)
        .map(|n| {
            let name = n.to_string();
            start("new_database::opener", database.url(), folder.path(), &name)
        })
        .collect();
    let said = openers.into_iter().map(said_by).collect();
    let keys = "SELECT count(*) FROM reset_password_settings WHERE name = 'key_id'";
    assert_eq!(database.value(keys), "1");
    said
}

/// The worker process of the tests above.
#[test]
fn opener() {
    let Some(role) = worker_role() else { return };
    wait_for_all(&role, "started", PROCESSES);
    let users = UserManagement::open(&role.database, options(&role.database)).unwrap();
    let email = format!("user{}@example.com", role.name);
    users.create_user(user(&email)).unwrap();
    let reset = users.create_password_reset(&email).unwrap();
    let token = |name: &str| role.folder.join(format!("token-{name}"));
    fs::write(token(&role.name), text(&reset.password_reset_token)).unwrap();
    wait_for_all(&role, "made", PROCESSES);
    let next = (role.name.parse::<usize>().unwrap() + 1) % PROCESSES;
    let theirs = fs::read_to_string(token(&next.to_string())).unwrap();
    let redeemed = users.reset_password(&theirs, NEW).unwrap();
    assert_eq!(redeemed.email, format!("user{next}@example.com"));
    println!("\nredeemed by process {}", std::process::id());
}
