//! What receivers do with an event, and what comes of it.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use reset_password::{
    CreateUser, NewWebhookEndpoint, Options, WebhookEndpoint, WebhookStatus,
    blocking::UserManagement,
};
use reset_password_test_databases::{Backend, Database};
use reset_password_webhooks::{Delivered, WebhookConfig, Webhooks};
use tempfile::TempDir;

const SENT: Delivered = Delivered { sent: 1, failed: 0 };
const FAILED: Delivered = Delivered { sent: 0, failed: 1 };

/// What was received: the head, in lower case, and the body.
type Received = Arc<Mutex<Vec<(String, String)>>>;

/// A receiver that answers each request with the next of some texts, and with the last of them from then on.
struct Receiver {
    address: SocketAddr,
    received: Received,
    connections: Arc<AtomicUsize>,
}

impl Receiver {
    fn answering(answers: &[&str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let received = Received::default();
        let connections = Arc::new(AtomicUsize::new(0));
        let answers: Vec<_> = answers.iter().map(|answer| (*answer).to_owned()).collect();
        let (kept, counted) = (Arc::clone(&received), Arc::clone(&connections));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let number = counted.fetch_add(1, Ordering::SeqCst);
                let mut stream = stream.unwrap();
                let Some(request) = read(&mut stream) else {
                    continue;
                };
                kept.lock().unwrap().push(request);
                let answer = answers.get(number).or(answers.last()).unwrap();
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        Self {
            address,
            received,
            connections,
        }
    }

    fn url(&self) -> String {
        format!("http://{}/hooks?key=a-secret", self.address)
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    fn bodies(&self) -> Vec<String> {
        let received = self.received.lock().unwrap();
        received.iter().map(|(_, body)| body.clone()).collect()
    }
}

/// A request, whole; `None` if the connection ended before.
fn read(stream: &mut TcpStream) -> Option<(String, String)> {
    let (mut text, mut part) = (Vec::new(), [0; 4_096]);
    loop {
        let whole = String::from_utf8_lossy(&text).into_owned();
        if let Some((head, body)) = whole.split_once("\r\n\r\n") {
            let head = head.to_lowercase();
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "));
            if body.len() == length?.parse::<usize>().ok()? {
                return Some((head, body.to_owned()));
            }
        }
        match stream.read(&mut part) {
            Ok(0) | Err(_) => return None,
            Ok(count) => text.extend_from_slice(&part[..count]),
        }
    }
}

fn status(line: &str) -> String {
    format!("HTTP/1.1 {line}\r\ncontent-length: 0\r\n\r\n")
}

struct Fixture {
    engine: UserManagement,
    database: Database,
    webhooks: Webhooks,
    _folder: TempDir,
}

impl Fixture {
    fn new() -> Self {
        Self::with(&WebhookConfig {
            allow_private: true,
            timeout: Duration::from_millis(500),
            ..WebhookConfig::default()
        })
    }

    fn with(config: &WebhookConfig) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::new(Backend::SqliteFile, folder.path());
        Self {
            engine: UserManagement::open(database.url(), Options::default()).unwrap(),
            database,
            webhooks: Webhooks::new(config).unwrap(),
            _folder: folder,
        }
    }

    fn endpoint(&self, url: &str) -> NewWebhookEndpoint {
        let new = self.engine.create_webhook_endpoint(url, &[], true);
        new.unwrap()
    }

    fn add(&self, name: &str) {
        let email = format!("{name}@example.com");
        let new = CreateUser {
            email,
            ..CreateUser::default()
        };
        self.engine.create_user(new).unwrap();
    }

    /// Sends what is due, as long as something is.
    fn deliver(&self, id: &str) -> Delivered {
        self.webhooks.deliver(&self.engine, id, || true).unwrap()
    }

    fn found(&self, id: &str) -> WebhookEndpoint {
        self.engine.get_webhook_endpoint(id).unwrap()
    }

    /// Ends the rest of those that failed.
    fn rested(&self) {
        self.database
            .rows("UPDATE reset_password_webhook_endpoints SET due_at = 0");
    }

    /// Sends one event to a receiver that fails so; answers why it was not taken.
    fn failure(&self, url: &str) -> String {
        let id = self.endpoint(url).endpoint.id;
        self.add(&format!(
            "user{}",
            self.engine.list_webhook_endpoints().unwrap().len()
        ));
        assert_eq!(self.deliver(&id), FAILED);
        assert_eq!(self.deliver(&id), Delivered::default(), "it rests");
        self.found(&id).last_failure.unwrap()
    }
}

#[test]
fn sec62_an_event_is_sent_signed_and_whole() {
    let (fixture, receiver) = (
        Fixture::new(),
        Receiver::answering(&[&status("204 No Content")]),
    );
    let id = fixture.endpoint(&receiver.url()).endpoint.id;
    fixture.add("ada");
    assert_eq!(fixture.deliver(&id), SENT);
    assert_eq!(fixture.deliver(&id), Delivered::default());
    let all = receiver.received.lock().unwrap();
    let [(head, body)] = &all[..] else {
        panic!("{all:?}")
    };
    let event = fixture.engine.events(None, 100).unwrap().data.remove(0);
    assert!(
        head.starts_with("post /hooks?key=a-secret http/1.1\r\n"),
        "{head}"
    );
    for expected in [
        "content-type: application/json".to_owned(),
        format!("webhook-id: {}", event.id.to_lowercase()),
        format!("user-agent: reset-password/{}", env!("CARGO_PKG_VERSION")),
    ] {
        assert!(
            head.lines().any(|line| line == expected),
            "{expected}: {head}"
        );
    }
    for name in [
        "webhook-timestamp: 1",
        "webhook-signature: v1,",
        "workos-signature: t=",
    ] {
        assert!(
            head.lines().any(|line| line.starts_with(name)),
            "{name}: {head}"
        );
    }
    // What `GET /events` shows of it, in one line.
    let expected = format!(
        r#"{{"object":"event","id":"{}","event":"user.created","data":{{"#,
        event.id
    );
    assert!(body.starts_with(&expected), "{body}");
    assert!(
        body.ends_with(&format!(r#","created_at":"{}"}}"#, event.created_at)),
        "{body}"
    );
    assert!(!body.contains('\n'));
}

#[test]
fn what_fails_is_sent_again_under_one_id_and_nothing_overtakes_it() {
    let answers = [
        status("200 OK"),
        status("500 Internal Server Error"),
        String::new(),
        status("200 OK"),
    ];
    let answers: Vec<_> = answers.iter().map(String::as_str).collect();
    let (fixture, receiver) = (Fixture::new(), Receiver::answering(&answers));
    let id = fixture.endpoint(&receiver.url()).endpoint.id;
    for name in ["ada", "bob", "eve"] {
        fixture.add(name);
    }
    assert_eq!(fixture.deliver(&id), Delivered { sent: 1, failed: 1 });
    assert_eq!(fixture.found(&id).last_failure.unwrap(), "it answered 500");
    fixture.rested();
    assert_eq!(fixture.deliver(&id), FAILED, "the connection was closed");
    fixture.rested();
    assert_eq!(fixture.deliver(&id), Delivered { sent: 2, failed: 0 });
    assert_eq!(fixture.found(&id).last_failure, None);
    let bodies = receiver.bodies();
    let feed = fixture.engine.events(None, 100).unwrap().data;
    let feed: Vec<_> = feed
        .iter()
        .map(|event| serde_json::to_string(event).unwrap())
        .collect();
    let expected = [&feed[0], &feed[1], &feed[1], &feed[1], &feed[2]];
    assert_eq!(bodies.iter().collect::<Vec<_>>(), expected);
}

/// It has not taken the event, and whoever it names was not registered.
#[test]
fn sec62_a_redirect_is_a_failure_and_is_not_followed() {
    let fixture = Fixture::new();
    for line in [
        "301 Moved",
        "302 Found",
        "303 See Other",
        "307 Moved",
        "308 Moved",
    ] {
        let other = Receiver::answering(&[&status("200 OK")]);
        let redirect = format!(
            "HTTP/1.1 {line}\r\nlocation: {}\r\ncontent-length: 0\r\n\r\n",
            other.url()
        );
        let receiver = Receiver::answering(&[&redirect]);
        let code = &line[..3];
        assert_eq!(
            fixture.failure(&receiver.url()),
            format!("it answered {code}")
        );
        assert_eq!(
            (receiver.connections(), other.connections()),
            (1, 0),
            "{line}"
        );
    }
}

#[test]
fn whoever_does_not_answer_as_he_should_has_not_taken_the_event() {
    let fixture = Fixture::new();
    let unending = format!("HTTP/1.1 200 OK\r\nx: {}", "x".repeat(64 * 1_024));
    for (answer, expected) in [
        (status("404 Not Found").as_str(), "it answered 404"),
        (&status("100 Continue"), "it answered what is no HTTP"),
        ("", "there is no connection to it"),
        ("HTTP/1.1 200", "there is no connection to it"),
        (
            "220 smtp.example.com ESMTP\r\n\r\n",
            "it answered what is no HTTP",
        ),
        (&unending, "it answered what is no HTTP"),
    ] {
        let receiver = Receiver::answering(&[answer]);
        assert_eq!(fixture.failure(&receiver.url()), expected, "{answer:.40}");
    }
}

/// The answer's head decides: of a body that never ends nothing is read.
#[test]
fn an_answer_s_body_is_not_waited_for() {
    let endless = "HTTP/1.1 200 OK\r\ncontent-length: 1000000000000\r\n\r\nx";
    let (fixture, receiver) = (Fixture::new(), Receiver::answering(&[endless]));
    let id = fixture.endpoint(&receiver.url()).endpoint.id;
    fixture.add("ada");
    assert_eq!(fixture.deliver(&id), SENT);
}

#[test]
fn whoever_says_nothing_is_not_waited_for() {
    let fixture = Fixture::new();
    // Connections wait in its queue, and nobody reads.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    assert_eq!(fixture.failure(&url), "it did not answer in time");
    drop(silent);
    assert_eq!(fixture.failure(&url), "there is no connection to it");
}

#[test]
fn who_is_gone_is_sent_nothing_any_more() {
    let (fixture, receiver) = (Fixture::new(), Receiver::answering(&[&status("410 Gone")]));
    let id = fixture.endpoint(&receiver.url()).endpoint.id;
    fixture.add("ada");
    assert_eq!(fixture.deliver(&id), FAILED);
    fixture.rested();
    assert_eq!(fixture.deliver(&id), Delivered::default());
    assert_eq!(fixture.found(&id).status, WebhookStatus::Disabled);
    assert_eq!(receiver.connections(), 1);
}

/// Where it is not allowed, no connection is made, whatever the endpoint was registered with.
#[test]
fn sec62_what_is_not_public_is_not_reached() {
    let fixture = Fixture::with(&WebhookConfig::default());
    let receiver = Receiver::answering(&[&status("200 OK")]);
    let port = receiver.address.port();
    for host in [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "2130706433",
        "0x7f000001",
    ] {
        let url = format!("https://{host}:{port}/");
        assert_eq!(fixture.failure(&url), "its address is not public", "{host}");
    }
    // Without TLS nothing is sent at all, wherever it leads.
    assert_eq!(
        fixture.failure("http://9.9.9.9:1/"),
        "its address is not public"
    );
    assert_eq!(
        fixture.failure(&receiver.url()),
        "its address is not public"
    );
    assert_eq!(receiver.connections(), 0);
}

/// Between the events, it is asked whether to go on.
#[test]
fn sending_stops_when_it_is_told_to() {
    let (fixture, receiver) = (Fixture::new(), Receiver::answering(&[&status("200 OK")]));
    let id = fixture.endpoint(&receiver.url()).endpoint.id;
    for name in ["ada", "bob", "eve"] {
        fixture.add(name);
    }
    let delivered = fixture.webhooks.deliver(&fixture.engine, &id, || false);
    assert_eq!(delivered.unwrap(), SENT);
    // It was given back, and not held for a minute.
    assert_eq!(fixture.deliver(&id), Delivered { sent: 2, failed: 0 });
}

/// Who ends between the answer and noting it, leaves the event to be sent once more.
#[test]
fn what_was_not_noted_is_sent_again() {
    let (fixture, receiver) = (Fixture::new(), Receiver::answering(&[&status("200 OK")]));
    let id = fixture.endpoint(&receiver.url()).endpoint.id;
    fixture.add("ada");
    // What the process that ended had: the lease, and nothing noted.
    drop(fixture.engine.lease_webhook(&id).unwrap().unwrap());
    assert_eq!(fixture.deliver(&id), Delivered::default(), "it is held");
    fixture.rested();
    assert_eq!(fixture.deliver(&id), SENT);
}

#[test]
fn a_test_is_signed_and_is_no_event_of_the_feed() {
    let (fixture, receiver) = (Fixture::new(), Receiver::answering(&[&status("200 OK")]));
    let id = fixture.endpoint(&receiver.url()).endpoint.id;
    let event_id = fixture.webhooks.test(&fixture.engine, &id).unwrap();
    let body = &receiver.bodies()[0];
    let expected = format!(r#"{{"object":"event","id":"{event_id}","event":"webhook.test""#);
    assert!(body.starts_with(&expected), "{body}");
    assert!(fixture.engine.events(None, 10).unwrap().data.is_empty());
    let refusing = Receiver::answering(&[&status("401 Unauthorized")]);
    let id = fixture.endpoint(&refusing.url()).endpoint.id;
    let error = fixture.webhooks.test(&fixture.engine, &id).unwrap_err();
    assert_eq!(
        error.message(),
        "the endpoint did not take the event: it answered 401"
    );
}

/// Both send at once what they can, and each event comes once.
#[test]
fn two_senders_send_each_event_once() {
    let (fixture, receiver) = (Fixture::new(), Receiver::answering(&[&status("200 OK")]));
    let id = fixture.endpoint(&receiver.url()).endpoint.id;
    let other = UserManagement::open(fixture.database.url(), Options::default()).unwrap();
    let (done, is_done) = mpsc::channel();
    thread::scope(|scope| {
        for engine in [&fixture.engine, &other] {
            let (done, id, webhooks) = (done.clone(), &id, &fixture.webhooks);
            scope.spawn(move || {
                let mut sent = 0;
                for _ in 0..200 {
                    sent += webhooks.deliver(engine, id, || true).unwrap().sent;
                }
                done.send(sent).unwrap();
            });
        }
        for n in 0..20 {
            fixture.add(&format!("user{n}"));
        }
    });
    let sent: u32 = is_done.try_iter().sum::<u32>() + fixture.deliver(&id).sent;
    let feed = fixture.engine.events(None, 100).unwrap().data;
    let feed: Vec<_> = feed
        .iter()
        .map(|event| serde_json::to_string(event).unwrap())
        .collect();
    assert_eq!(sent, 20);
    assert_eq!(receiver.bodies(), feed);
}
