//! The service is killed at any moment: an answered success is never lost, and nothing is half done.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use reset_password_test_service::{
    CONFIRM, Connection, Fixture, OLD, RESETS, Reply, Service, long, pause, request,
};
use serde_json::{Value, json};

const CLIENTS: usize = 8;

/// What one client tried last, and what it knows.
#[derive(Clone, Debug)]
struct Journal {
    /// The last password whose reset was answered with success.
    known: String,
    /// The token and password of a confirm that was sent and not answered.
    open: Option<(String, String)>,
    answered: usize,
}

fn address(client: usize) -> String {
    format!("user{client}@example.com")
}

/// A user for each client, and what the client knows of it.
fn users(fixture: &Fixture) -> Vec<Mutex<Journal>> {
    (0..CLIENTS)
        .map(|client| {
            fixture.user(&address(client));
            Mutex::new(Journal {
                known: OLD.to_owned(),
                open: None,
                answered: 0,
            })
        })
        .collect()
}

/// One request of a client; `None` when the service is gone.
fn ask(connection: &mut Connection, key: &str, path: &str, body: &Value) -> Option<Reply> {
    let authorization = format!("Bearer {key}");
    let headers = [
        ("authorization", authorization.as_str()),
        ("content-type", "application/json"),
    ];
    connection.send(request("POST", path, &headers, Some(&body.to_string())));
    connection.read()
}

/// Creates and confirms until the service is gone.
fn work(
    address_of_service: &str,
    key: &str,
    client: usize,
    round: usize,
    journal: &Mutex<Journal>,
) {
    let Some(mut connection) = Connection::try_to(address_of_service) else {
        return;
    };
    for attempt in 0.. {
        let reset = json!({ "email": address(client) });
        let Some(reset) = ask(&mut connection, key, RESETS, &reset) else {
            return;
        };
        assert_eq!(reset.status, 201, "{reset:?}");
        let token = reset.json()["password_reset_token"]
            .as_str()
            .unwrap()
            .to_owned();
        let password = format!("client {client} in round {round}, try {attempt}");
        journal.lock().unwrap().open = Some((token.clone(), password.clone()));
        let confirm = json!({ "token": token, "new_password": password });
        let Some(reply) = ask(&mut connection, key, CONFIRM, &confirm) else {
            return;
        };
        let mut journal = journal.lock().unwrap();
        match reply.status {
            200 => {
                journal.known = password;
                journal.answered += 1;
            }
            // Too many at once; the token works on, and the next create ends it.
            503 => {}
            status => panic!("{status}"),
        }
        journal.open = None;
    }
}

/// The last answered password is in force, or the one that was tried after it; a token is spent if and
/// only if its password is in force.
fn check(fixture: &Fixture, client: usize, journal: &mut Journal) {
    let email = address(client);
    let Some((token, password)) = journal.open.take() else {
        assert!(
            fixture.accepts(&email, &journal.known),
            "an answered success was lost: {journal:?}"
        );
        return;
    };
    let was_applied = fixture.accepts(&email, &password);
    assert!(
        was_applied != fixture.accepts(&email, &journal.known),
        "two passwords, or none: {journal:?}"
    );
    let after = format!("after the crash of client {client}");
    let again = fixture.confirm(&token, &after);
    assert_eq!(
        again.status,
        if was_applied { 404 } else { 200 },
        "{journal:?}: {again:?}"
    );
    journal.known = if was_applied { password } else { after };
}

#[test]
fn sec15_the_service_is_killed() {
    let rounds = if long() { 100 } else { 6 };
    let mut fixture = Fixture::new();
    let journals = users(&fixture);
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    for round in 0..rounds {
        let (service, key) = (&fixture.service, &fixture.key);
        thread::scope(|scope| {
            for (client, journal) in journals.iter().enumerate() {
                scope.spawn(move || work(&service.address, key, client, round, journal));
            }
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            pause(Duration::from_millis(seed % 400 + 20));
            service.signal(rustix::process::Signal::KILL);
        });
        fixture.service = Service::start(fixture.path(), &[]);
        for (client, journal) in journals.iter().enumerate() {
            check(&fixture, client, &mut journal.lock().unwrap());
        }
    }
    let answered: usize = journals
        .iter()
        .map(|journal| journal.lock().unwrap().answered)
        .sum();
    assert!(
        answered > rounds,
        "too few resets were finished: {answered}"
    );
    assert_eq!(fixture.sql("PRAGMA integrity_check"), "ok");
    println!("{answered} answered successes over {rounds} kills");
}

/// Told to stop under load, it answers what it has begun: whatever was not answered was not done.
#[test]
fn a_graceful_end_drops_nothing() {
    let rounds = if long() { 20 } else { 4 };
    let mut fixture = Fixture::new();
    let journals = users(&fixture);
    for round in 0..rounds {
        let stopped = AtomicBool::new(false);
        let next = {
            let (service, key, stopped) = (&fixture.service, &fixture.key, &stopped);
            thread::scope(|scope| {
                for (client, journal) in journals.iter().enumerate() {
                    scope.spawn(move || {
                        work(&service.address, key, client, round, journal);
                        assert!(
                            stopped.load(Ordering::SeqCst),
                            "it ended before it was told to"
                        );
                    });
                }
                pause(Duration::from_millis(200 + 37 * round as u64));
                stopped.store(true, Ordering::SeqCst);
                service.signal(rustix::process::Signal::TERM);
            });
            Service::start(fixture.path(), &[])
        };
        let log = std::mem::replace(&mut fixture.service, next).stop_told();
        assert!(log.contains("\"stopped\""), "{log}");
        for (client, journal) in journals.iter().enumerate() {
            let mut journal = journal.lock().unwrap();
            if let Some((token, password)) = journal.open.take() {
                let email = address(client);
                assert!(
                    !fixture.accepts(&email, &password),
                    "done and not answered: {journal:?}"
                );
                assert_eq!(
                    fixture
                        .confirm(&token, "after the end of the service")
                        .status,
                    200
                );
                journal.known = "after the end of the service".to_owned();
            }
            check(&fixture, client, &mut journal);
        }
    }
}
