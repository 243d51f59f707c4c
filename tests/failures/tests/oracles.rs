//! Oracles: an answer or its time tells whether there is an account. Here it is the same for every address.

use reset_password::CreateUser;
use reset_password_failures::{InProcess, Timed, medians, service};
use reset_password_test_service::{EMAIL, JSON, NEW, OLD, RESETS, long, new_user, request};
use serde_json::json;

/// Whoever has no key is told the same of a known and of an unknown address: nothing.
#[test]
fn row43_a_stranger_is_told_the_same_of_every_address() {
    let fixture = service();
    let _ada = fixture.user(EMAIL);
    let stranger = |email: &str, headers: &[(&str, &str)]| {
        let body = json!({ "email": email }).to_string();
        let headers = [headers, &[JSON]].concat();
        let request = request("POST", RESETS, &headers, Some(&body));
        fixture.service.raw(request).unwrap().compared()
    };
    let made = fixture.new_key("users:write,resets:confirm");
    let read_only = format!("Bearer {}", made["key"].as_str().unwrap());
    let before = fixture.database.state();
    for headers in [&[][..], &[("authorization", read_only.as_str())]] {
        let known = stranger(EMAIL, headers);
        assert!([401, 403].contains(&known.0), "{known:?}");
        assert_eq!(stranger("eve@example.com", headers), known);
    }
    assert_eq!(fixture.database.state(), before);
}

/// What a public form calls: no error for any address, the same rows with the same lengths, the same limits. It
/// answers a link or nothing, and the host says one sentence in both cases.
#[test]
fn row43_a_public_request_does_the_same_for_every_address() {
    let done_for = |asked: &str| {
        let fixture = InProcess::new();
        let _ada = fixture.ada();
        let hashed = fixture.engine.hashes_started();
        let mut made = Vec::new();
        for _ in 0..5 {
            made.push(
                fixture
                    .engine
                    .request_password_reset(asked)
                    .unwrap()
                    .is_some(),
            );
        }
        let size = |columns: &str, table: &str| {
            fixture
                .database
                .value(&format!("SELECT {columns} FROM reset_password_{table}"))
        };
        let reset = "count(*) || ' ' || sum(length(digest)) || ' ' || sum(length(fingerprint)) || ' ' \
                     || sum(length(sealed)) || ' ' || sum(length(id)) || ' ' || sum(live)";
        let done = [
            size(reset, "resets"),
            size("count(*) || ' ' || sum(length(address))", "requests"),
            size("count(*)", "events"),
            size("count(*)", "users"),
            (fixture.engine.hashes_started() - hashed).to_string(),
        ];
        (made, done)
    };
    let (known, known_done) = done_for(EMAIL);
    let (unknown, unknown_done) = done_for("eve@example.com");
    assert_eq!(known, [true, false, false, false, false]);
    assert_eq!(unknown, [false; 5]);
    assert_eq!(known_done, unknown_done);
}

/// Work is counted here: the same number of hashes. Time is measured and printed, and held against a bound in
/// the long run, where there are enough samples.
#[test]
fn row44_a_known_address_takes_no_other_time() {
    let rounds = if long() { 10_000 } else { 300 };
    let fixture = Timed::new();
    for n in 0..rounds {
        let user = new_user(&format!("known{n}@example.com"));
        fixture.engine.create_user(user).unwrap();
    }
    let ask = |who: &str, n: usize| {
        let asked = fixture
            .engine
            .request_password_reset(&format!("{who}{n}@example.com"));
        assert_eq!(asked.unwrap().is_some(), who == "known");
    };
    let [known, unknown] = medians(rounds, |n| ask("known", n), |n| ask("never", n));
    println!("a request for a known address takes {known} µs, for an unknown one {unknown} µs");
    assert_eq!(fixture.engine.hashes_started(), 0);

    let ada = CreateUser {
        password: Some(OLD.into()),
        ..new_user(EMAIL)
    };
    fixture.engine.create_user(ada).unwrap();
    fixture
        .engine
        .create_user(new_user("no-password@example.com"))
        .unwrap();
    let login = |email: &str| {
        let before = fixture.engine.hashes_started();
        let error = fixture
            .engine
            .authenticate_with_password(email, NEW)
            .unwrap_err();
        (error.to_string(), fixture.engine.hashes_started() - before)
    };
    let wrong = login(EMAIL);
    assert_eq!(wrong.1, 1);
    for email in [
        "eve@example.com",
        "no-password@example.com",
        "no address",
        "",
    ] {
        assert_eq!(login(email), wrong, "{email}");
    }
    // Each with an account of its own: of one account a few are looked at.
    let tries = if long() { 1_000 } else { 10 };
    for n in 0..tries {
        let user = CreateUser {
            password: Some(OLD.into()),
            ..new_user(&format!("wrong{n}@example.com"))
        };
        fixture.engine.create_user(user).unwrap();
    }
    let fail = |who: &str, n: usize| assert_eq!(login(&format!("{who}{n}@example.com")), wrong);
    let logins = medians(tries, |n| fail("wrong", n), |n| fail("nobody", n));
    println!(
        "a wrong password takes {} µs, an unknown address {} µs",
        logins[0], logins[1]
    );
    if long() {
        for [one, other] in [[known, unknown], logins] {
            let apart = one.abs_diff(other);
            assert!(
                apart * 20 <= one.max(other),
                "{one} and {other} µs are told apart"
            );
        }
    }
}
