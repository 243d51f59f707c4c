//! Clients that hang up while the service hashes for them.

#![cfg(test)]

mod in_process;

use std::{thread, time::Duration};

use in_process::InProcess;
use reset_password::{Code, Options};
use reset_password_test_service::{Connection, NEW, RESETS, long, new_user, now, secret};

/// Of one hash, and what may be hashed in at once: two.
const HASH_KIB: u32 = 65_536;
const AT_ONCE: usize = 2;

fn address(n: usize) -> String {
    format!("user{n}@example.com")
}

/// Whoever hangs up while hashing frees nothing before the hash ends: else each of them would let another begin, and
/// the work and the memory would grow with every one. They come one after the other, when the last one's hash has
/// begun, so that there always is somebody to take a place that was given up too early; and there are many more of
/// them than may wait.
#[test]
fn sec99_clients_hang_up_while_hashing() {
    let clients = if long() { 500 } else { 50 };
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        argon2_memory_kib: HASH_KIB,
        argon2_iterations: 3,
        memory_budget_kib: 2 * HASH_KIB,
        ..Options::default()
    };
    let database = folder.path().join("app.db");
    let service = InProcess::new(database.to_str().unwrap(), &options);
    let token = |n| {
        service.users.create_user(new_user(&address(n))).unwrap();
        let reset = service.users.create_password_reset(&address(n)).unwrap();
        secret(&reset.password_reset_token).to_owned()
    };
    let tokens: Vec<_> = (0..clients).map(token).collect();
    let before = status_kib("VmRSS:");
    let hashes = || service.engine().hashes_started();
    let mut others = Connection::to(&service.address);
    let mut times = Vec::new();
    for (begun, token) in (0..).zip(&tokens) {
        let mut client = Connection::to(&service.address);
        client.send(service.confirm(token, NEW));
        while hashes() == begun {
            thread::park_timeout(Duration::from_millis(1));
        }
        drop(client);
        let began = now();
        others.send(service.post(RESETS, r#"{"email":"nobody@example.com"}"#));
        assert_eq!(others.read().unwrap().status, 404);
        times.push(began.elapsed());
    }
    times.sort_unstable();
    let (middle, last) = (times[times.len() / 2], times[times.len() - 1]);
    println!("a request between them: median {middle:?}, slowest {last:?}");
    // It waits for the calls that nobody waits for any more.
    service.engine().close();
    let peak = status_kib("VmHWM:");
    println!("{before} KiB before, {peak} KiB at the peak");
    assert_eq!(service.engine().hashes_at_once(), AT_ONCE);
    let hash = u64::from(HASH_KIB);
    assert!((before + hash..before + 3 * hash).contains(&peak), "{peak}");

    // Whoever nobody waits for any more was served all the same: each token is used, with the password that was sent.
    assert_eq!(hashes(), tokens.len() as u64);
    for (n, token) in tokens.iter().enumerate() {
        let again = service.users.reset_password(token, NEW).unwrap_err();
        assert_eq!(again.code(), Code::PasswordResetTokenNotFound, "{n}");
    }
    let login = |n| service.users.authenticate_with_password(&address(n), NEW);
    assert!(login(0).unwrap().email_verified && login(clients - 1).is_ok());
    assert!(service.is_serving());
}

fn status_kib(field: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(field)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
