//! A confirm whose answer is lost, and that is sent again.

use std::{net::Shutdown, thread};

use reset_password_test_service::{
    CONFIRM, Connection, EMAIL, Fixture, JSON, NEW, OLD, Reply, pause, request,
};
use serde_json::json;

fn confirm(fixture: &Fixture, idempotency_key: &str, body: &str) -> String {
    let authorization = format!("Bearer {}", fixture.key);
    let headers = [
        ("authorization", authorization.as_str()),
        JSON,
        ("idempotency-key", idempotency_key),
    ];
    request("POST", CONFIRM, &headers, Some(body))
}

fn send(fixture: &Fixture, idempotency_key: &str, body: &str) -> Reply {
    fixture
        .service
        .raw(confirm(fixture, idempotency_key, body))
        .unwrap()
}

fn changes(fixture: &Fixture) -> usize {
    let events = fixture
        .get("/events?events=password_reset.succeeded&limit=100")
        .json();
    events["data"].as_array().unwrap().len()
}

#[test]
fn the_answer_is_lost_after_the_commit() {
    let fixture = Fixture::new();
    let id = fixture.user(EMAIL);
    let body = json!({ "token": fixture.token(EMAIL), "new_password": NEW }).to_string();
    let mut lost = Connection::to(&fixture.service.address);
    lost.send(confirm(&fixture, "retry-1", &body));
    while changes(&fixture) == 0 {
        thread::yield_now();
    }
    lost.stream().shutdown(Shutdown::Both).unwrap();

    let again = send(&fixture, "retry-1", &body);
    assert_eq!(again.status, 200, "{again:?}");
    assert_eq!(
        (&again.json()["id"], &again.json()["user"]["id"]),
        (&json!(id), &json!(id))
    );
    assert_eq!(send(&fixture, "retry-1", &body).status, 200);
    assert_eq!(changes(&fixture), 1);
    assert!(fixture.accepts(EMAIL, NEW));

    for other in [
        send(&fixture, "retry-2", &body),
        send(&fixture, "retry-1", &body.replace(NEW, OLD)),
        send(&fixture, "retry-1", &format!("{body} ")),
        fixture.send("POST", CONFIRM, &[JSON], Some(&body)),
    ] {
        assert_eq!(
            (other.status, other.code().as_str()),
            (404, "password_reset_token_not_found")
        );
    }
    let other_key = fixture.new_key("resets:confirm")["key"]
        .as_str()
        .unwrap()
        .to_owned();
    let by_another = confirm(&fixture, "retry-1", &body).replace(&fixture.key, &other_key);
    assert_eq!(fixture.service.raw(by_another).unwrap().status, 404);

    assert_eq!(send(&fixture, "retry-1", &body).status, 200);
    fixture.sql("UPDATE reset_password_resets SET used_at = used_at - 60000");
    assert_eq!(send(&fixture, "retry-1", &body).status, 404);
    assert_eq!(changes(&fixture), 1);
}

#[test]
fn the_connection_is_cut_while_the_first_is_hashing() {
    let fixture = Fixture::with(&["--argon2-memory-kib", "65536", "--argon2-iterations", "3"]);
    fixture.user(EMAIL);
    for round in 0..5 {
        let before = changes(&fixture);
        let body = json!({ "token": fixture.token(EMAIL), "new_password": NEW }).to_string();
        let mut lost = Connection::to(&fixture.service.address);
        lost.send(confirm(&fixture, "retry-1", &body));
        // Hashing takes long enough that the second comes while the first is at it.
        pause(std::time::Duration::from_millis(20));
        if round % 2 == 0 {
            lost.stream().shutdown(Shutdown::Both).unwrap();
        }
        let again = send(&fixture, "retry-1", &body);
        assert_eq!(again.status, 200, "round {round}: {again:?}");
        assert_eq!(changes(&fixture), before + 1, "round {round}");
        if round % 2 == 1 {
            assert_eq!(lost.read().unwrap().status, 200, "round {round}");
        }
    }
    assert!(fixture.accepts(EMAIL, NEW));
}

/// Nothing but a confirm is ever answered again: two honest requests may carry one key.
#[test]
fn a_reset_is_made_each_time() {
    let fixture = Fixture::new();
    fixture.user(EMAIL);
    let create = || {
        let body = json!({ "email": EMAIL }).to_string();
        fixture.send(
            "POST",
            "/user_management/password_reset",
            &[JSON, ("idempotency-key", "k")],
            Some(&body),
        )
    };
    let (first, second) = (create().json(), create().json());
    assert_ne!(first["id"], second["id"]);
    assert_ne!(
        first["password_reset_token"],
        second["password_reset_token"]
    );
}

#[test]
fn a_key_has_a_form() {
    let fixture = Fixture::new();
    fixture.user(EMAIL);
    let token = fixture.token(EMAIL);
    let body = json!({ "token": token, "new_password": NEW }).to_string();
    let refused = [
        send(&fixture, "", &body),
        send(&fixture, &"k".repeat(256), &body),
    ];
    for reply in refused {
        assert_eq!(
            (reply.status, reply.first_error().as_str()),
            (422, "idempotency_key_invalid")
        );
    }
    let twice = confirm(&fixture, "a\r\nidempotency-key: b", &body);
    assert_eq!(fixture.service.raw(twice).unwrap().status, 422);
    assert_eq!(send(&fixture, &"k".repeat(255), &body).status, 200);
}
