//! Many at once: bounded memory, bounded work, no token lost.

use std::{sync::Barrier, thread, time::Duration};

use reset_password_test_service::{
    CONFIRM, Connection, Fixture, NEW, Reply, Service, USERS, long, now, pause, request,
};
use serde_json::json;

const CALLERS: usize = 500;
const BUDGET_KIB: u64 = 256 * 1_024;
/// The engine's own parameters, which the other tests lower, for a client that is many.
const DEFAULTS: [&str; 6] = [
    "--argon2-memory-kib",
    "65536",
    "--argon2-iterations",
    "3",
    "--max-connections-per-client",
    "4096",
];

fn address(n: usize) -> String {
    format!("user{n}@example.com")
}

fn confirm_text(fixture: &Fixture, token: &str) -> String {
    let authorization = format!("Bearer {}", fixture.key);
    let headers = [
        ("authorization", authorization.as_str()),
        ("content-type", "application/json"),
    ];
    let body = json!({ "token": token, "new_password": NEW }).to_string();
    request("POST", CONFIRM, &headers, Some(&body))
}

/// Users without a password, and a token for each.
fn tokens(fixture: &Fixture, count: usize) -> Vec<String> {
    (0..count)
        .map(|n| {
            assert_eq!(
                fixture.post(USERS, &json!({ "email": address(n) })).status,
                201
            );
            fixture.token(&address(n))
        })
        .collect()
}

#[test]
fn sec99_500_connections_confirm_at_once() {
    let fixture = Fixture::with(&DEFAULTS);
    let tokens = tokens(&fixture, CALLERS);
    let start = Barrier::new(CALLERS);
    let replies: Vec<Reply> = thread::scope(|scope| {
        let callers: Vec<_> = tokens
            .iter()
            .map(|token| {
                let (fixture, start) = (&fixture, &start);
                scope.spawn(move || {
                    let mut connection = Connection::to(&fixture.service.address);
                    start.wait();
                    connection.send(confirm_text(fixture, token));
                    connection.read().unwrap()
                })
            })
            .collect();
        callers
            .into_iter()
            .map(|caller| caller.join().unwrap())
            .collect()
    });
    let mut late = Vec::new();
    for (n, reply) in replies.iter().enumerate() {
        match reply.status {
            200 => assert_eq!(reply.json()["email"], json!(address(n))),
            503 => {
                assert_eq!(reply.code(), "overloaded");
                assert_eq!(reply.header("retry-after"), Some("2"));
                late.push(n);
            }
            _ => panic!("{reply:?}"),
        }
    }
    let peak = fixture.service.memory_kib("VmHWM:");
    println!(
        "peak {peak} KiB, {} of {CALLERS} served at once",
        CALLERS - late.len()
    );
    assert!(peak <= BUDGET_KIB + 64 * 1_024, "{peak} KiB");
    assert!(late.len() < CALLERS, "nobody was served");
    let again = if long() { late.len() } else { 8 };
    for n in late.into_iter().take(again) {
        let reply = fixture.confirm(&tokens[n], NEW);
        assert_eq!(reply.status, 200, "the token of {n} was lost: {reply:?}");
    }
    assert!(fixture.accepts(&address(0), NEW));
    if long() {
        pause(Duration::from_mins(1));
        let rest = fixture.service.memory_kib("VmRSS:");
        println!("resident a minute later: {rest} KiB");
        assert!(rest < 30 * 1_024, "{rest} KiB");
    }
}

/// Little at rest, and quick to begin.
#[test]
fn it_is_small_and_quick_to_start() {
    let folder = tempfile::tempdir().unwrap();
    drop(Service::start(folder.path(), &[]).stop());
    let began = now();
    let service = Service::start(folder.path(), &[]);
    let reply = service.raw(request("GET", "/healthz", &[], None)).unwrap();
    println!("first answer after {:?}", began.elapsed());
    assert_eq!(reply.status, 200);
    // What it takes for itself. Its code is the file's, and that of a build for tests several times as long as a release's.
    let own = service.memory_kib("RssAnon:");
    let resident = service.memory_kib("VmRSS:");
    println!("before the first hash: {own} KiB of its own, {resident} KiB resident");
    assert!(own < 12 * 1_024, "{own} KiB");
}
