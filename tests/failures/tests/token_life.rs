//! Token life: reuse, races, expiry.

use std::{sync::Barrier, thread, time::Duration};

use proptest::prelude::*;
use reset_password::{Code, UpdateUser, blocking::UserManagement};
use reset_password_failures::{InProcess, RESET_URL, Timed, cheap, service};
use reset_password_test_service::{
    CONFIRM, Connection, EMAIL, Fixture, JSON, NEW, OLD, Service, USERS, new_user, request,
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

/// At no later time, in no other process, and not after what is dead was swept away.
#[test]
fn row32_a_used_token_stays_dead() {
    let fixture = Timed::new();
    let id = fixture.engine.create_user(new_user(EMAIL)).unwrap().id;
    let token = fixture.token(EMAIL);
    fixture.engine.reset_password(&token, NEW).unwrap();
    let hash = fixture.database.hash(&id);
    for hours in [0, 1, 23, 2, 24, 90 * 24] {
        fixture.clock.advance(Duration::from_hours(hours));
        for engine in [&fixture.engine, &fixture.another()] {
            for password in [NEW, OLD] {
                let error = engine.reset_password(&token, password).unwrap_err();
                assert_eq!(error.code(), Code::PasswordResetTokenNotFound, "{hours}");
            }
            engine.purge(1_000).unwrap();
        }
    }
    assert_eq!(fixture.database.hash(&id), hash);
}

#[derive(Clone, Debug)]
enum Step {
    Reset(usize),
    Redeem(usize),
    Wait(u64),
    Purge,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..2_usize).prop_map(Step::Reset),
        1 => (0..2_usize).prop_map(Step::Redeem),
        3 => prop_oneof![Just(1), Just(29), Just(30), Just(31), Just(24 * 60), 1..3_000_u64].prop_map(Step::Wait),
        3 => Just(Step::Purge),
    ]
}

/// A token as this test believes it to be.
struct Known {
    token: String,
    minutes_left: u64,
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Sweeping takes what is dead, and never what lives; what it takes does not live again.
    #[test]
    fn row32_sweeping_takes_the_dead_and_not_the_living(steps in prop::collection::vec(step(), 4..16)) {
        let fixture = Timed::new();
        let emails = ["ada@example.com", "eve@example.com"];
        for email in emails {
            fixture.engine.create_user(new_user(email)).unwrap();
        }
        let mut live: [Option<Known>; 2] = [None, None];
        let mut dead = Vec::new();
        for (n, step) in steps.iter().enumerate() {
            match step {
                Step::Reset(user) => {
                    let token = fixture.token(emails[*user]);
                    let known = Known { token, minutes_left: 30 };
                    dead.extend(live[*user].replace(known).map(|known| known.token));
                }
                Step::Redeem(user) => if let Some(known) = live[*user].take() {
                    let redeemed = fixture.engine.reset_password(&known.token, &password(n));
                    prop_assert_eq!(redeemed.is_ok(), known.minutes_left > 0);
                    dead.push(known.token);
                },
                Step::Wait(minutes) => {
                    fixture.clock.advance(Duration::from_mins(*minutes));
                    for known in live.iter_mut().flatten() {
                        known.minutes_left = known.minutes_left.saturating_sub(*minutes);
                    }
                }
                Step::Purge => {
                    fixture.engine.purge(1_000).unwrap();
                    let now = reset_password_core::Clock::now(&fixture.clock).unix_millis();
                    for left in [
                        format!("expires_at < {}", now - 24 * 3_600_000),
                        format!("sealed IS NOT NULL AND (live IS NULL OR expires_at <= {now})"),
                    ] {
                        let count = format!("SELECT count(*) FROM reset_password_resets WHERE {left}");
                        prop_assert_eq!(fixture.database.value(&count), "0");
                    }
                }
            }
            // A password that is too short is judged for a live token, and spends none.
            let judged = |token: &str| {
                let error = fixture.engine.reset_password(token, "short").unwrap_err();
                error.code() == Code::PasswordRejected
            };
            for known in live.iter().flatten() {
                prop_assert_eq!(judged(&known.token), known.minutes_left > 0, "{:?}", steps);
            }
            for token in &dead {
                prop_assert!(!judged(token), "{:?}", steps);
            }
        }
    }
}

/// A hash of another system.
const IMPORTED: &str = "$2y$10$N3pXQk1vR8uZtLw5yBcHde0L43wDd7Xrh5z7hzDsc8HlqqMuIwAkS";

#[test]
fn row33_a_password_that_changes_in_any_way_ends_every_link() {
    let fixture = service();
    let id = fixture.user(EMAIL);
    let user = format!("{USERS}/{id}");
    let engine = fixture.engine();
    let set = |column: &str| format!("UPDATE reset_password_users SET {column} WHERE id = '{id}'");
    let ways: [(&str, &dyn Fn()); 7] = [
        ("a newer link", &|| {
            assert_eq!(fixture.confirm(&fixture.token(EMAIL), NEW).status, 200);
        }),
        ("a password over HTTP", &|| {
            assert_eq!(fixture.put(&user, &json!({ "password": OLD })).status, 200);
        }),
        ("a hash over HTTP", &|| {
            assert_eq!(
                fixture
                    .put(&user, &json!({ "password_hash": IMPORTED }))
                    .status,
                200
            );
        }),
        ("a password in process", &|| {
            let change = UpdateUser {
                password: Some(NEW.into()),
                ..UpdateUser::default()
            };
            engine.update_user(&id, change).unwrap();
        }),
        ("an address over HTTP", &|| {
            for email in ["ada@example.net", EMAIL] {
                assert_eq!(fixture.put(&user, &json!({ "email": email })).status, 200);
            }
        }),
        ("the host's own statement", &|| {
            fixture.database.run(&set(&format!(
                "password_hash = '{IMPORTED}', password_form = 'raw'"
            )));
        }),
        ("a password that is taken away", &|| {
            fixture
                .database
                .run(&set("password_hash = NULL, password_form = NULL"));
        }),
    ];
    for (way, change) in ways {
        let token = fixture.token(EMAIL);
        change();
        let before = fixture.database.hash(&id);
        assert_eq!(
            fixture
                .confirm(&token, "nine red kites over the hill")
                .status,
            404,
            "{way}"
        );
        assert_eq!(fixture.confirm_in_path(&token, NEW).status, 404, "{way}");
        let error = engine.reset_password(&token, NEW).unwrap_err();
        assert_eq!(error.code(), Code::PasswordResetTokenNotFound, "{way}");
        assert_eq!(fixture.database.hash(&id), before, "{way}");
    }
}

/// The account comes from the token; what a request says of another one is not looked at, and a row that was
/// pointed at another account is dead.
#[test]
fn row35_a_token_is_bound_to_its_user() {
    let fixture = service();
    let (ada, eve) = (fixture.user(EMAIL), fixture.user("eve@example.com"));
    let (adas, eves) = (fixture.database.hash(&ada), fixture.database.hash(&eve));
    let token = fixture.token(EMAIL);
    let with = |path: &str, mut body: serde_json::Value| {
        for field in ["user_id", "userId", "id", "user", "sub", "account", "uid"] {
            body[field] = json!(eve);
        }
        for field in ["email", "username", "login", "identifier"] {
            body[field] = json!("eve@example.com");
        }
        let path = format!("{path}?user_id={eve}&email=eve@example.com&id={eve}");
        let cookie = format!("user_id={eve}");
        let headers = [
            JSON,
            ("cookie", cookie.as_str()),
            ("x-user-id", eve.as_str()),
        ];
        fixture.send("POST", &path, &headers, Some(&body.to_string()))
    };
    let in_path = format!("/auth/reset-password/{token}");
    assert_eq!(
        with(CONFIRM, json!({ "token": token, "new_password": "short" })).status,
        400
    );
    assert_eq!(with(&in_path, json!({ "password": "short" })).status, 422);
    assert_eq!(
        (fixture.database.hash(&ada), fixture.database.hash(&eve)),
        (adas.clone(), eves.clone())
    );
    let done = with(CONFIRM, json!({ "token": token, "new_password": NEW }));
    assert_eq!((done.status, &done.json()["id"]), (200, &json!(ada)));
    assert_ne!(fixture.database.hash(&ada), adas);
    let token = fixture.token(EMAIL);
    let in_path = format!("/auth/reset-password/{token}");
    assert_eq!(with(&in_path, json!({ "password": OLD })).status, 200);
    assert_eq!(fixture.database.hash(&eve), eves);

    let token = fixture.token(EMAIL);
    let live = "UPDATE reset_password_resets SET user_id =";
    fixture
        .database
        .run(&format!("{live} '{eve}' WHERE live = 1"));
    assert_eq!(fixture.confirm(&token, NEW).status, 404);
    assert_eq!(fixture.database.hash(&eve), eves);
}
