//! Token life: a token works for too long, or for somebody else.

use std::time::Duration;

use proptest::prelude::*;
use reset_password::{Code, UpdateUser};
use reset_password_failures::{Timed, service};
use reset_password_test_service::{CONFIRM, EMAIL, JSON, NEW, OLD, USERS, new_user};
use serde_json::json;

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
                    let redeemed = fixture.engine.reset_password(&known.token, &format!("the new password of step {n}"));
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
