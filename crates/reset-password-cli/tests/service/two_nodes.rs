//! Two services on one database: what one begins the other ends, and each may be replaced under load.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::ErrorKind,
    sync::{
        Condvar, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use reset_password_test_databases::free_port;
use reset_password_test_service::{
    CONFIRM, Connection, EMAIL, EVERY_SCOPE, NEW, OLD, RESETS, Reply, Service, USERS, long, request,
};
use serde_json::{Value, json};

use crate::on_server::OnServer;

const CLIENTS: usize = 8;

/// Acknowledged resets, of all clients, after which one of them has sent a whole one to both nodes.
const A_WHOLE_ONE: usize = 2 * CLIENTS + 1;

/// Two addresses, one database, one key.
struct Nodes {
    addresses: [String; 2],
    key: String,
    database: OnServer,
}

/// Why a request was not answered.
#[derive(Debug, PartialEq)]
enum Silence {
    /// Nobody listens.
    Refused,
    /// Whoever listened ended before it took the request.
    Closed,
}

impl Nodes {
    fn new() -> Self {
        let database = OnServer::new();
        Self {
            addresses: std::array::from_fn(|_| format!("127.0.0.1:{}", free_port())),
            key: database.new_key(EVERY_SCOPE),
            database,
        }
    }

    /// Starts a node and waits until it listens.
    fn start(&self, node: usize) -> Service {
        self.database.serve(&self.addresses[node])
    }

    /// One request on a connection of its own.
    fn ask(&self, node: usize, method: &str, path: &str, body: &Value) -> Result<Reply, Silence> {
        let mut connection = match Connection::open(&self.addresses[node]) {
            Ok(connection) => connection,
            Err(error) if error.kind() == ErrorKind::ConnectionRefused => {
                return Err(Silence::Refused);
            }
            Err(error) => panic!("{error}"),
        };
        let authorization = format!("Bearer {}", self.key);
        let headers = [
            ("authorization", authorization.as_str()),
            ("content-type", "application/json"),
        ];
        let body = (method != "GET").then(|| body.to_string());
        connection.send(request(method, path, &headers, body.as_deref()));
        connection.read().ok_or(Silence::Closed)
    }

    fn post(&self, node: usize, path: &str, body: &Value) -> Reply {
        self.ask(node, "POST", path, body).unwrap()
    }

    fn get(&self, node: usize, path: &str) -> Reply {
        self.ask(node, "GET", path, &Value::Null).unwrap()
    }

    fn user(&self, email: &str) {
        let reply = self.post(0, USERS, &json!({ "email": email, "password": OLD }));
        assert_eq!(reply.status, 201, "{reply:?}");
    }

    /// Whether a password is the one in force.
    fn accepts(&self, email: &str, password: &str) -> bool {
        std::fs::write(self.database.folder().join("password"), password).unwrap();
        let line = ["user", "authenticate", email, "--password-file", "password"];
        let output = self.database.command(&line).output().unwrap();
        assert!(
            [Some(0), Some(1)].contains(&output.status.code()),
            "{output:?}"
        );
        output.status.success()
    }

    /// How many successes are recorded of each reset.
    fn successes(&self) -> BTreeMap<String, usize> {
        let data =
            "SELECT data FROM reset_password_events WHERE event = 'password_reset.succeeded'";
        let mut successes = BTreeMap::new();
        for row in self.database.database.rows(data) {
            let data: Value = serde_json::from_str(row[0].as_deref().unwrap()).unwrap();
            *successes
                .entry(data["id"].as_str().unwrap().to_owned())
                .or_default() += 1;
        }
        successes
    }
}

#[test]
fn a_link_made_by_one_node_is_redeemed_by_the_other() {
    let nodes = Nodes::new();
    let _services = [nodes.start(0), nodes.start(1)];
    nodes.user(EMAIL);
    let reset = nodes.post(0, RESETS, &json!({ "email": EMAIL })).json();
    let path = format!("{RESETS}/{}", reset["id"].as_str().unwrap());
    assert_eq!(nodes.get(1, &path).json(), reset);
    let confirm = json!({ "token": reset["password_reset_token"], "new_password": NEW });
    assert_eq!(nodes.post(1, CONFIRM, &confirm).status, 200);
    for node in [0, 1] {
        let again = nodes.post(node, CONFIRM, &confirm);
        assert_eq!(again.code(), "password_reset_token_not_found");
    }
    assert!(nodes.accepts(EMAIL, NEW) && !nodes.accepts(EMAIL, OLD));
    let events = nodes.get(0, "/events").json();
    assert_eq!(events["data"].as_array().unwrap().len(), 3);
    assert_eq!(nodes.get(1, "/events").json(), events);
}

/// What all clients know together.
#[derive(Default)]
struct Load {
    /// The resets that were answered with success, and the number of them.
    acknowledged: Mutex<BTreeSet<String>>,
    grown: Condvar,
    over: AtomicBool,
    refused: AtomicUsize,
    /// How often each node was told to stop or has come back: odd while it is going or gone.
    turns: [AtomicUsize; 2],
}

/// Ends the clients' work, also where this thread fails.
struct Over<'a>(&'a Load);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.over.store(true, Ordering::SeqCst);
    }
}

impl Load {
    fn acknowledge(&self, reset: String) {
        assert!(self.acknowledged.lock().unwrap().insert(reset));
        self.grown.notify_all();
    }

    /// Waits until so many more resets were acknowledged.
    fn go_on(&self, more: usize) {
        let acknowledged = self.acknowledged.lock().unwrap();
        let enough = acknowledged.len() + more;
        let wait = Duration::from_mins(1);
        let (acknowledged, waited) = self
            .grown
            .wait_timeout_while(acknowledged, wait, |them| them.len() < enough)
            .unwrap();
        drop(acknowledged);
        assert!(!waited.timed_out(), "the clients get no further");
    }

    /// One request of a client to a node, or to the other one if that one does not answer.
    fn ask(&self, nodes: &Nodes, node: usize, path: &str, body: &Value) -> (usize, Reply) {
        loop {
            for node in [node, 1 - node] {
                let before = self.turns[node].load(Ordering::SeqCst);
                match nodes.ask(node, "POST", path, body) {
                    // Too much at once.
                    Ok(reply) if reply.status == 503 => {}
                    Ok(reply) => return (node, reply),
                    Err(silence) => {
                        let after = self.turns[node].load(Ordering::SeqCst);
                        assert!(
                            before % 2 == 1 || after != before,
                            "{silence:?} by a node that stays"
                        );
                        let refused = usize::from(silence == Silence::Refused);
                        self.refused.fetch_add(refused, Ordering::SeqCst);
                    }
                }
            }
        }
    }

    /// Creates at one node and confirms at the other until it is over; answers the password in force.
    fn client(&self, nodes: &Nodes, client: usize) -> String {
        let email = address(client);
        let mut known = OLD.to_owned();
        for attempt in client.. {
            if self.over.load(Ordering::SeqCst) {
                break;
            }
            let (made_by, reset) = self.ask(nodes, attempt % 2, RESETS, &json!({ "email": email }));
            assert_eq!(reset.status, 201, "{reset:?}");
            let reset = reset.json();
            let password = format!("client {client}, try {attempt}, and some words");
            let confirm =
                json!({ "token": reset["password_reset_token"], "new_password": password });
            // What was not answered was not done: the token still works at the other node.
            let (_, reply) = self.ask(nodes, 1 - made_by, CONFIRM, &confirm);
            assert_eq!(reply.status, 200, "{reply:?}");
            known = password;
            self.acknowledge(reset["id"].as_str().unwrap().to_owned());
        }
        known
    }
}

fn address(client: usize) -> String {
    format!("user{client}@example.com")
}

#[test]
fn sec15_a_rolling_restart_under_load_drops_nothing_that_was_acknowledged() {
    let nodes = Nodes::new();
    let mut services = [nodes.start(0), nodes.start(1)];
    for client in 0..CLIENTS {
        nodes.user(&address(client));
    }
    let load = Load::default();
    let known: Vec<String> = thread::scope(|scope| {
        let (load, nodes) = (&load, &nodes);
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| scope.spawn(move || load.client(nodes, client)))
            .collect();
        let over = Over(load);
        for _ in 0..if long() { 20 } else { 2 } {
            for (node, service) in services.iter_mut().enumerate() {
                load.go_on(A_WHOLE_ONE);
                load.turns[node].fetch_add(1, Ordering::SeqCst);
                service.signal(rustix::process::Signal::TERM);
                service.wait();
                load.go_on(A_WHOLE_ONE);
                *service = nodes.start(node);
                load.turns[node].fetch_add(1, Ordering::SeqCst);
            }
        }
        drop(over);
        clients
            .into_iter()
            .map(|client| client.join().unwrap())
            .collect()
    });
    assert!(load.refused.into_inner() > 0, "no node was ever missed");
    for (client, known) in known.iter().enumerate() {
        assert!(nodes.accepts(&address(client), known), "{client}: {known}");
    }
    let acknowledged = load.acknowledged.into_inner().unwrap();
    let once: BTreeMap<_, _> = acknowledged.into_iter().map(|reset| (reset, 1)).collect();
    assert_eq!(nodes.successes(), once);
    let verdict = nodes.database.run(&["audit", "verify"]);
    assert_eq!(verdict["whole"], json!(true), "{verdict}");
    println!("{} resets acknowledged", once.len());
}
