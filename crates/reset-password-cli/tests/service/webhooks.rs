//! Endpoints over HTTP, and what the service sends to them.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::mpsc::{self, Receiver},
    thread,
    time::Duration,
};

use reset_password_test_service::{EMAIL, Fixture, JSON, NEW, Reply, Service};
use serde_json::{Value, json};

use crate::metrics::{read as read_metrics, value};

const ENDPOINTS: &str = "/webhook_endpoints";
const PRIVATE: &str = "--webhooks-allow-private";
const URL: &str = "https://example.com/a-secret-path";

/// What a receiver was sent, and the connection on which it has not answered yet.
struct Sent {
    head: String,
    body: String,
    connection: TcpStream,
}

impl Sent {
    fn answer(mut self, status: &str) {
        let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
        self.connection.write_all(answer.as_bytes()).unwrap();
    }

    fn event(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    fn header(&self, name: &str) -> &str {
        let lines = self.head.lines();
        let mut values = lines.filter_map(|line| line.split_once(": "));
        values
            .find_map(|(known, value)| (known == name).then_some(value))
            .unwrap()
    }
}

/// A receiver's address, and what it is sent.
fn receiver() -> (String, Receiver<Sent>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hooks", listener.local_addr().unwrap());
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            let (mut text, mut part) = (String::new(), [0; 4_096]);
            let sent = loop {
                if let Some((head, body)) = text.split_once("\r\n\r\n") {
                    let head = head.to_lowercase();
                    let length = head
                        .lines()
                        .find_map(|line| line.strip_prefix("content-length: "));
                    if length.unwrap().parse() == Ok(body.len()) {
                        let body = body.to_owned();
                        break Some((head, body));
                    }
                }
                match connection.read(&mut part) {
                    Ok(0) | Err(_) => break None,
                    Ok(count) => text.push_str(std::str::from_utf8(&part[..count]).unwrap()),
                }
            };
            if let Some((head, body)) = sent {
                let sent = Sent {
                    head,
                    body,
                    connection,
                };
                if tell.send(sent).is_err() {
                    return;
                }
            }
        }
    });
    (url, told)
}

fn next(received: &Receiver<Sent>) -> Sent {
    received.recv_timeout(Duration::from_mins(1)).unwrap()
}

fn create(fixture: &Fixture, url: &str, events: &[&str]) -> Value {
    let body = json!({ "endpoint_url": url, "events": events });
    let reply = fixture.post(ENDPOINTS, &body);
    assert_eq!(reply.status, 201, "{reply:?}");
    reply.json()
}

fn at(endpoint: &Value) -> String {
    format!("{ENDPOINTS}/{}", endpoint["id"].as_str().unwrap())
}

fn patch(fixture: &Fixture, endpoint: &Value, body: &Value) -> Reply {
    fixture.send("PATCH", &at(endpoint), &[JSON], Some(&body.to_string()))
}

fn reason(reply: &Reply) -> String {
    let body = reply.json();
    let code = body["errors"][0]["code"].as_str().unwrap_or_default();
    format!("{} {code}", reply.status)
}

/// Ends the rest of those that failed, and the leases of those that are gone.
fn rested(fixture: &Fixture) {
    fixture
        .database
        .run("UPDATE reset_password_webhook_endpoints SET due_at = 0");
}

#[test]
fn an_endpoint_is_made_read_changed_and_removed() {
    let fixture = Fixture::new();
    let made = create(&fixture, URL, &["user.created"]);
    let secret = made["secret"].as_str().unwrap();
    assert!(secret.starts_with("whsec_") && secret.len() == 50, "{made}");
    assert!(made["id"].as_str().unwrap().starts_with("we_"));
    let expected = json!({
        "object": "webhook_endpoint",
        "id": made["id"],
        "endpoint_url": URL,
        "secret": "",
        "status": "enabled",
        "events": ["user.created"],
        "failing_since": null,
        "last_failure": null,
        "previous_secret_ends_at": null,
        "created_at": made["created_at"],
        "updated_at": made["updated_at"],
    });
    assert_eq!(fixture.get(&at(&made)).json(), expected);

    let changed = patch(
        &fixture,
        &made,
        &json!({ "status": "disabled", "events": [] }),
    )
    .json();
    assert_eq!(
        (&changed["status"], &changed["events"]),
        (&json!("disabled"), &json!([]))
    );
    assert_eq!(changed["endpoint_url"], URL);
    let nothing = json!({ "status": null, "events": null, "endpoint_url": null });
    let same = patch(&fixture, &made, &nothing).json();
    assert_eq!(same["status"], "disabled");

    let rotated = fixture
        .post(&format!("{}/rotate_secret", at(&made)), &json!({}))
        .json();
    assert_ne!(rotated["secret"], made["secret"]);
    assert!(rotated["previous_secret_ends_at"].is_string());
    let path = format!("{}/rotate_secret", at(&made));
    let at_once = fixture.post(&path, &json!({ "keep_previous": 0 })).json();
    assert!(at_once["previous_secret_ends_at"].is_null());
    assert_eq!(
        fixture.send("POST", &path, &[], None).status,
        200,
        "without a body"
    );

    let gone = fixture.send("DELETE", &at(&made), &[], None);
    assert_eq!((gone.status, gone.body.as_str()), (204, ""));
    for reply in [
        fixture.get(&at(&made)),
        patch(&fixture, &made, &json!({})),
        fixture.post(&path, &json!({})),
        fixture.send("DELETE", &at(&made), &[], None),
    ] {
        let expected = json!({
            "code": "entity_not_found",
            "message": "there is no such endpoint",
            "entity_id": made["id"],
        });
        assert_eq!((reply.status, reply.json()), (404, expected));
    }
    let log = fixture.service.stop();
    for hidden in [secret, "a-secret-path"] {
        assert!(!log.contains(hidden), "{log}");
    }
}

#[test]
fn endpoints_are_listed_in_pages() {
    let fixture = Fixture::new();
    let all: Vec<_> = (0..5)
        .map(|n| {
            thread::park_timeout(Duration::from_millis(2));
            create(&fixture, &format!("https://example.com/{n}"), &[])["id"].clone()
        })
        .collect();
    let list = |query: &str| {
        let page = fixture.get(&format!("{ENDPOINTS}?{query}")).json();
        let ids = page["data"].as_array().unwrap().iter();
        let ids: Vec<_> = ids.map(|endpoint| endpoint["id"].clone()).collect();
        (ids, page["list_metadata"].clone())
    };
    let id = |n: usize| all[n].as_str().unwrap();
    let of = |places: &[usize]| places.iter().map(|n| all[*n].clone()).collect::<Vec<_>>();
    let cursors = |before: Value, after: Value| json!({ "before": before, "after": after });
    assert_eq!(
        list(""),
        (of(&[4, 3, 2, 1, 0]), cursors(Value::Null, Value::Null))
    );
    let first = list("limit=2&order=asc&after=&before=");
    assert_eq!(first, (of(&[0, 1]), cursors(Value::Null, all[1].clone())));
    let second = list(&format!("limit=2&order=asc&after={}", id(1)));
    assert_eq!(
        second,
        (of(&[2, 3]), cursors(all[2].clone(), all[3].clone()))
    );
    let back = list(&format!("limit=1&order=asc&before={}", id(2)));
    assert_eq!(back, (of(&[1]), cursors(all[1].clone(), all[1].clone())));
    assert_eq!(list(&format!("order=desc&after={}", id(0))).0, of(&[]));
    for (query, expected) in [
        ("limit=0", "422 limit_invalid"),
        ("limit=101", "422 limit_invalid"),
        ("order=random", "422 order_invalid"),
        ("after=we_1", "422 after_unknown"),
        ("before=we_1", "422 before_unknown"),
    ] {
        let refused = fixture.get(&format!("{ENDPOINTS}?{query}"));
        assert_eq!(reason(&refused), expected, "{query}");
    }
}

#[test]
fn what_is_no_endpoint_is_refused() {
    let fixture = Fixture::new();
    for (body, expected) in [
        (json!({}), "422 endpoint_url_string_required"),
        (
            json!({ "endpoint_url": "" }),
            "422 endpoint_url_string_required",
        ),
        (
            json!({ "endpoint_url": 7 }),
            "422 endpoint_url_string_required",
        ),
        (
            json!({ "endpoint_url": "example.com" }),
            "422 endpoint_url_invalid",
        ),
        (
            json!({ "endpoint_url": "http://example.com/" }),
            "422 endpoint_url_invalid",
        ),
        (
            json!({ "endpoint_url": "https://127.0.0.1/" }),
            "422 endpoint_url_invalid",
        ),
        (
            json!({ "endpoint_url": URL, "events": "user.created" }),
            "422 events_array_required",
        ),
        (
            json!({ "endpoint_url": URL, "events": [7] }),
            "422 events_array_required",
        ),
        (
            json!({ "endpoint_url": URL, "events": ["user.moved"] }),
            "422 events_unknown",
        ),
        (
            json!({ "endpoint_url": URL, "events": ["api_key.created"] }),
            "422 events_unknown",
        ),
    ] {
        assert_eq!(reason(&fixture.post(ENDPOINTS, &body)), expected, "{body}");
    }
    let made = create(&fixture, URL, &[]);
    for (body, expected) in [
        (json!({ "status": "paused" }), "422 status_invalid"),
        (json!({ "status": true }), "422 status_string_required"),
        (json!({ "endpoint_url": "" }), "422 endpoint_url_invalid"),
        (json!({ "events": {} }), "422 events_array_required"),
    ] {
        assert_eq!(reason(&patch(&fixture, &made, &body)), expected, "{body}");
    }
    let path = format!("{}/rotate_secret", at(&made));
    for (body, expected) in [
        (
            json!({ "keep_previous": 604_801 }),
            "422 keep_previous_invalid",
        ),
        (
            json!({ "keep_previous": -1 }),
            "422 keep_previous_integer_required",
        ),
        (
            json!({ "keep_previous": "60" }),
            "422 keep_previous_integer_required",
        ),
        (
            json!({ "keep_previous": 1.5 }),
            "422 keep_previous_integer_required",
        ),
    ] {
        assert_eq!(reason(&fixture.post(&path, &body)), expected, "{body}");
    }
}

/// What happens is sent in its order, with what the feed shows of it; nothing overtakes what is not taken.
#[test]
fn what_happens_is_sent_as_the_feed_shows_it() {
    let fixture = Fixture::with(&[PRIVATE, "--metrics-listen=127.0.0.1:0"]);
    let (url, received) = receiver();
    let made = create(&fixture, &url, &[]);
    let line = fixture.service.line(|line| line["metrics"].is_string());
    let metrics = line["metrics"].as_str().unwrap().to_owned();
    fixture.user(EMAIL);
    let token = fixture.token(EMAIL);
    assert_eq!(fixture.confirm(&token, NEW).status, 200);
    let first = next(&received);
    assert_eq!(first.event()["event"], "user.created");
    first.answer("500 Internal Server Error");
    fixture
        .service
        .line(|line| line["event"] == "webhook_failed");
    let failing = fixture.get(&at(&made)).json();
    assert_eq!(failing["last_failure"], "it answered 500");
    let text = read_metrics(&metrics, "/metrics");
    for (name, expected) in [
        (r#"reset_password_webhooks_total{outcome="failed"}"#, 1.0),
        (r#"reset_password_webhook_endpoints{state="failing"}"#, 1.0),
        (r#"reset_password_webhook_endpoints{state="working"}"#, 0.0),
        (r#"reset_password_webhook_endpoints{state="disabled"}"#, 0.0),
    ] {
        assert_eq!(value(&text, name), Some(expected), "{name} in {text}");
    }
    let feed = fixture.get("/events?limit=100");
    let (feed, feed_text) = (feed.json(), feed.body);
    rested(&fixture);
    for event in feed["data"].as_array().unwrap() {
        let sent = next(&received);
        assert_eq!(&sent.event(), event);
        assert_eq!(
            sent.header("webhook-id"),
            event["id"].as_str().unwrap().to_lowercase()
        );
        assert!(
            feed_text.contains(&sent.body),
            "in another form than the feed"
        );
        sent.answer("200 OK");
    }
    let kinds: Vec<_> = feed["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["event"])
        .collect();
    assert_eq!(
        kinds,
        [
            "user.created",
            "password_reset.created",
            "password_reset.succeeded"
        ]
    );
    for _ in 0..3 {
        fixture.service.line(|line| line["event"] == "webhook_sent");
    }
    let log = fixture.service.stop();
    for hidden in [made["secret"].as_str().unwrap(), "/hooks", EMAIL, &token] {
        assert!(!log.contains(hidden), "{hidden}: {log}");
    }
}

/// The service is killed when an endpoint has read an event and it was not noted: the next one sends it once more, under
/// the same id.
#[test]
fn an_event_that_was_not_noted_is_sent_again_under_its_id() {
    let mut fixture = Fixture::with(&[PRIVATE]);
    let (url, received) = receiver();
    create(&fixture, &url, &[]);
    fixture.user(EMAIL);
    let first = next(&received);
    fixture.service.kill();
    fixture.service = Service::start(fixture.path(), &[PRIVATE]);
    // The service that is gone holds the endpoint for a minute.
    rested(&fixture);
    let again = next(&received);
    assert_eq!(again.body, first.body);
    assert_eq!(again.header("webhook-id"), first.header("webhook-id"));
    again.answer("200 OK");
    fixture.service.line(|line| line["event"] == "webhook_sent");
}

/// Two services on one database send each event once, in the order of the feed.
#[test]
fn two_services_send_each_event_once() {
    const EVENTS: usize = 30;
    let fixture = Fixture::with(&[PRIVATE]);
    let (url, received) = receiver();
    create(&fixture, &url, &["user.created"]);
    let other = Service::start(fixture.path(), &[PRIVATE]);
    for n in 0..EVENTS {
        fixture.user_without_password(&format!("user{n}@example.com"));
    }
    let mut sent = Vec::new();
    while sent.len() < EVENTS {
        let one = next(&received);
        sent.push(one.event()["id"].clone());
        one.answer("200 OK");
    }
    let feed = fixture.get("/events?events=user.created&limit=100").json();
    let feed: Vec<_> = feed["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| &event["id"])
        .collect();
    let sent: Vec<_> = sent.iter().collect();
    assert_eq!(sent, feed);
    other.stop();
    fixture.service.stop();
    assert!(received.try_recv().is_err(), "something was sent twice");
}

/// Whoever is told to stop finishes what is under way, and notes it.
#[test]
fn a_service_that_stops_finishes_the_event_that_is_under_way() {
    let fixture = Fixture::with(&[PRIVATE]);
    let (url, received) = receiver();
    let made = create(&fixture, &url, &[]);
    for name in ["ada", "bob"] {
        fixture.user_without_password(&format!("{name}@example.com"));
    }
    let first = next(&received);
    thread::scope(|scope| {
        let path = fixture.path().to_owned();
        let stopping = scope.spawn(move || fixture.service.stop());
        thread::park_timeout(Duration::from_millis(200));
        first.answer("200 OK");
        let log = stopping.join().unwrap();
        assert_eq!(log.matches("webhook_sent").count(), 1, "{log}");
        let service = Service::start(&path, &[PRIVATE]);
        let second = next(&received);
        assert!(second.body.contains("bob@example.com"), "{}", second.body);
        second.answer("200 OK");
        service.line(|line| line["event"] == "webhook_sent");
        service.stop();
    });
    drop(made);
}

/// Without the option, an endpoint that is there already is not reached either.
#[test]
fn sec62_the_service_reaches_nothing_private_unless_it_may() {
    let fixture = Fixture::new();
    let (url, received) = receiver();
    let created = ["webhook", "create", "--allow-private", &url];
    let made = fixture.run(&created);
    fixture.user(EMAIL);
    let failed = fixture
        .service
        .line(|line| line["event"] == "webhook_failed");
    assert_eq!(failed["reason"], "its address is not public");
    assert_eq!(failed["webhook_endpoint_id"], made["id"]);
    assert!(received.try_recv().is_err());
}
