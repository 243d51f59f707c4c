//! A confirm whose answer is lost, and that is sent again.

use std::{net::Shutdown, thread};

use serde_json::json;

use crate::{
    bed::{Bed, CONFIRM, EMAIL, NEW, OLD},
    http::{Connection, Reply, pause, text},
};

const JSON: (&str, &str) = ("content-type", "application/json");

fn request(bed: &Bed, idempotency_key: &str, body: &str) -> String {
    let authorization = format!("Bearer {}", bed.key);
    let headers = [
        ("authorization", authorization.as_str()),
        JSON,
        ("idempotency-key", idempotency_key),
    ];
    text("POST", CONFIRM, &headers, Some(body))
}

fn send(bed: &Bed, idempotency_key: &str, body: &str) -> Reply {
    bed.service
        .raw(request(bed, idempotency_key, body))
        .unwrap()
}

fn changes(bed: &Bed) -> usize {
    let events = bed
        .get("/events?events=password_reset.succeeded&limit=100")
        .json();
    events["data"].as_array().unwrap().len()
}

#[test]
fn the_answer_is_lost_after_the_commit() {
    let bed = Bed::new();
    let id = bed.user(EMAIL);
    let body = json!({ "token": bed.token(EMAIL), "new_password": NEW }).to_string();
    let mut lost = Connection::to(&bed.service.address);
    lost.send(request(&bed, "retry-1", &body));
    while changes(&bed) == 0 {
        thread::yield_now();
    }
    lost.stream().shutdown(Shutdown::Both).unwrap();

    let again = send(&bed, "retry-1", &body);
    assert_eq!(again.status, 200, "{again:?}");
    assert_eq!(
        (&again.json()["id"], &again.json()["user"]["id"]),
        (&json!(id), &json!(id))
    );
    assert_eq!(send(&bed, "retry-1", &body).status, 200);
    assert_eq!(changes(&bed), 1);
    assert!(bed.accepts(EMAIL, NEW));

    for other in [
        send(&bed, "retry-2", &body),
        send(&bed, "retry-1", &body.replace(NEW, OLD)),
        send(&bed, "retry-1", &format!("{body} ")),
        bed.send("POST", CONFIRM, &[JSON], Some(&body)),
    ] {
        assert_eq!(
            (other.status, other.code().as_str()),
            (404, "password_reset_token_not_found")
        );
    }
    let other_key = bed.new_key("resets:confirm")["key"]
        .as_str()
        .unwrap()
        .to_owned();
    let by_another = request(&bed, "retry-1", &body).replace(&bed.key, &other_key);
    assert_eq!(bed.service.raw(by_another).unwrap().status, 404);

    assert_eq!(send(&bed, "retry-1", &body).status, 200);
    bed.sql("UPDATE reset_password_resets SET used_at = used_at - 60000");
    assert_eq!(send(&bed, "retry-1", &body).status, 404);
    assert_eq!(changes(&bed), 1);
}

#[test]
fn the_connection_is_cut_while_the_first_is_hashing() {
    let bed = Bed::with(&["--argon2-memory-kib", "65536", "--argon2-iterations", "3"]);
    bed.user(EMAIL);
    for round in 0..5 {
        let before = changes(&bed);
        let body = json!({ "token": bed.token(EMAIL), "new_password": NEW }).to_string();
        let mut lost = Connection::to(&bed.service.address);
        lost.send(request(&bed, "retry-1", &body));
        // Hashing takes long enough that the second comes while the first is at it.
        pause(std::time::Duration::from_millis(20));
        if round % 2 == 0 {
            lost.stream().shutdown(Shutdown::Both).unwrap();
        }
        let again = send(&bed, "retry-1", &body);
        assert_eq!(again.status, 200, "round {round}: {again:?}");
        assert_eq!(changes(&bed), before + 1, "round {round}");
        if round % 2 == 1 {
            assert_eq!(lost.read().unwrap().status, 200, "round {round}");
        }
    }
    assert!(bed.accepts(EMAIL, NEW));
}

/// Nothing but a confirm is ever answered again: two honest requests may carry one key.
#[test]
fn a_reset_is_made_each_time() {
    let bed = Bed::new();
    bed.user(EMAIL);
    let create = || {
        let body = json!({ "email": EMAIL }).to_string();
        bed.send(
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
    let bed = Bed::new();
    bed.user(EMAIL);
    let token = bed.token(EMAIL);
    let body = json!({ "token": token, "new_password": NEW }).to_string();
    let refused = [send(&bed, "", &body), send(&bed, &"k".repeat(256), &body)];
    for reply in refused {
        assert_eq!(
            (reply.status, reply.first_error().as_str()),
            (422, "idempotency_key_invalid")
        );
    }
    let twice = request(&bed, "a\r\nidempotency-key: b", &body);
    assert_eq!(bed.service.raw(twice).unwrap().status, 422);
    assert_eq!(send(&bed, &"k".repeat(255), &body).status, 200);
}
