//! Races: a token works twice, for many who ask at one moment.

use std::{sync::Barrier, thread, time::Duration};

use reset_password::{Code, blocking::UserManagement};
use reset_password_failures::{InProcess, RESET_URL, cheap, service};
use reset_password_test_service::{
    CONFIRM, Connection, EMAIL, Fixture, JSON, NEW, OLD, Service, request,
};
use serde_json::json;

/// Those who redeem one token at one moment.
const RACERS: usize = 24;
/// Engines in process, each with its own queue for hashing.
const ENGINES: usize = 4;

fn password(n: usize) -> String {
    format!("the new password of racer {n}")
}

/// What a racer answers: whether it won. Who was told to try again has not been told more.
fn redeem(attempt: impl Fn() -> u16) -> bool {
    for _ in 0..50 {
        match attempt() {
            200 => return true,
            404 => return false,
            503 => thread::park_timeout(Duration::from_millis(50)),
            status => panic!("{status}"),
        }
    }
    panic!("the service stays overloaded")
}

/// Nobody may spend the token before everybody has read it as a live one, since another holds the database's lock
/// for so long: whoever decides by what it has read, and not by what it writes, lets several win.
#[test]
fn row27_of_many_who_have_read_a_live_token_one_spends_it() {
    let fixture = InProcess::new();
    let id = fixture.ada();
    let token = fixture.token(EMAIL);
    let open = || UserManagement::open(fixture.database.url(), cheap()).unwrap();
    let engines: Vec<_> = (0..ENGINES).map(|_| open()).collect();
    let hashed = || {
        engines
            .iter()
            .map(|engine| engine.hashes_started())
            .sum::<u64>()
    };
    let lock = fixture.database.connect();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let attempt = |n: usize| match engines[n % ENGINES].reset_password(&token, &password(n)) {
        Ok(_) => 200,
        Err(error) if error.code() == Code::PasswordResetTokenNotFound => 404,
        Err(error) if error.retry_after().is_some() => 503,
        Err(error) => panic!("{error}"),
    };
    let winners: Vec<usize> = thread::scope(|scope| {
        let race = |n| scope.spawn(move || redeem(|| attempt(n)).then_some(n));
        let racers: Vec<_> = (0..RACERS).map(race).collect();
        let mut looks = 0;
        while hashed() < RACERS as u64 && looks < 3_000 {
            looks += 1;
            thread::park_timeout(Duration::from_millis(1));
        }
        lock.execute_batch("COMMIT").unwrap();
        racers
            .into_iter()
            .filter_map(|racer| racer.join().unwrap())
            .collect()
    });
    assert_eq!(winners.len(), 1, "{winners:?}");
    assert_eq!(fixture.database.told("password_reset.succeeded"), 1);
    let used = "SELECT count(*) FROM reset_password_resets WHERE used_at IS NOT NULL";
    assert_eq!(fixture.database.value(used), "1");
    assert!(fixture.accepts(EMAIL, &password(winners[0])), "{id}");
    assert!(!fixture.accepts(EMAIL, &password((winners[0] + 1) % RACERS)));
    assert!(!fixture.accepts(EMAIL, OLD));
}

/// Where a redeemed token writes, in the order in which it does.
const STATEMENTS: [&str; 3] = [
    "UPDATE OF password_hash ON reset_password_users",
    "UPDATE OF used_at ON reset_password_resets",
    "INSERT ON reset_password_events",
];

/// The process is killed in the middle of the transaction, after each of its statements: it has done nothing, and
/// the token works, once.
#[test]
fn row28_a_kill_between_the_statements_changes_nothing() {
    let mut fixture = service();
    let id = fixture.user(EMAIL);
    for (n, statement) in STATEMENTS.into_iter().enumerate() {
        let token = fixture.token(EMAIL);
        // What never ends, right after the statement.
        fixture.database.run(&format!(
            "CREATE TRIGGER hang AFTER {statement} BEGIN SELECT (WITH RECURSIVE n (x) AS \
             (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n); END"
        ));
        let before = fixture.database.state();
        thread::scope(|scope| {
            let body = json!({ "token": token, "new_password": password(n) }).to_string();
            let bearer = format!("Bearer {}", fixture.key);
            let headers = [("authorization", bearer.as_str()), JSON];
            let request = request("POST", CONFIRM, &headers, Some(&body));
            let mut connection = Connection::to(&fixture.service.address);
            connection.send(request);
            let answer = scope.spawn(move || connection.read());
            until_somebody_writes(&fixture);
            fixture.service.kill();
            assert!(
                answer.join().unwrap().is_none(),
                "{statement}: it did not hang there"
            );
        });
        fixture.database.run("DROP TRIGGER hang");
        assert_eq!(fixture.database.state(), before, "{statement}");
        fixture.service = Service::start(fixture.path(), &["--reset-url", RESET_URL]);
        assert_eq!(
            fixture.confirm(&token, &password(n)).status,
            200,
            "{statement}"
        );
        assert_eq!(fixture.confirm(&token, NEW).status, 404, "{statement}");
        assert_eq!(
            fixture.database.told("password_reset.succeeded"),
            n as u64 + 1
        );
        assert!(fixture.accepts(EMAIL, &password(n)), "{id}");
    }
}

/// Waits until somebody has the database's lock, and keeps it.
fn until_somebody_writes(fixture: &Fixture) {
    let connection = fixture.database.connect();
    connection.pragma_update(None, "busy_timeout", 0).unwrap();
    let (mut busy, mut looks) = (0, 0);
    while busy < 60 {
        looks += 1;
        assert!(looks < 10_000, "nobody writes");
        match connection.execute_batch("BEGIN IMMEDIATE") {
            Ok(()) => {
                busy = 0;
                connection.execute_batch("ROLLBACK").unwrap();
            }
            Err(_) => busy += 1,
        }
        thread::park_timeout(Duration::from_millis(5));
    }
}

/// Two processes that know nothing of each other, as on two hosts.
#[test]
fn row29_of_two_services_one_spends_a_token() {
    let fixture = service();
    let id = fixture.user(EMAIL);
    let second = Service::start(fixture.path(), &["--reset-url", RESET_URL]);
    for round in 0..3 {
        let token = fixture.token(EMAIL);
        let here = Barrier::new(RACERS);
        let winners = thread::scope(|scope| {
            let racers: Vec<_> = (0..RACERS)
                .map(|n| {
                    let (here, token, fixture, second) = (&here, &token, &fixture, &second);
                    scope.spawn(move || {
                        let service = if n % 2 == 0 { &fixture.service } else { second };
                        let body = json!({ "token": token, "new_password": password(n) });
                        let bearer = format!("Bearer {}", fixture.key);
                        let headers = [("authorization", bearer.as_str()), JSON];
                        let request = request("POST", CONFIRM, &headers, Some(&body.to_string()));
                        here.wait();
                        redeem(|| service.raw(&request).unwrap().status).then_some(n)
                    })
                })
                .collect();
            let won = racers.into_iter().filter_map(|racer| racer.join().unwrap());
            won.collect::<Vec<_>>()
        });
        assert_eq!(winners.len(), 1, "{winners:?}");
        assert_eq!(
            fixture.database.told("password_reset.succeeded"),
            round + 1,
            "{id}"
        );
        assert!(fixture.accepts(EMAIL, &password(winners[0])));
    }
}

/// Both routes, readers of the link and logins with the old password, all at once.
#[test]
fn row31_readers_and_logins_beside_it_do_not_let_a_second_one_in() {
    let fixture = service();
    let _ada = fixture.user(EMAIL);
    let reset = fixture.reset(EMAIL);
    let token = reset["password_reset_token"].as_str().unwrap();
    let link = format!(
        "/user_management/password_reset/{}",
        reset["id"].as_str().unwrap()
    );
    let engine = fixture.engine();
    let here = Barrier::new(RACERS);
    let winners: Vec<usize> = thread::scope(|scope| {
        let racers: Vec<_> = (0..RACERS)
            .map(|n| {
                let (here, fixture, link, engine) = (&here, &fixture, &link, &engine);
                scope.spawn(move || {
                    here.wait();
                    match n % 4 {
                        0 => redeem(|| fixture.confirm(token, &password(n)).status).then_some(n),
                        1 => redeem(|| fixture.confirm_in_path(token, &password(n)).status)
                            .then_some(n),
                        2 => {
                            let read = fixture.get(link).status;
                            assert!([200, 404].contains(&read), "{read}");
                            None
                        }
                        _ => {
                            // Whether it comes before or after is open.
                            drop(engine.authenticate_with_password(EMAIL, OLD));
                            None
                        }
                    }
                })
            })
            .collect();
        racers
            .into_iter()
            .filter_map(|racer| racer.join().unwrap())
            .collect()
    });
    assert_eq!(winners.len(), 1, "{winners:?}");
    assert_eq!(fixture.database.told("password_reset.succeeded"), 1);
    assert!(fixture.accepts(EMAIL, &password(winners[0])));
    assert!(!fixture.accepts(EMAIL, OLD));
    assert_eq!(fixture.get(&link).status, 404);
}
