//! The whole reset over HTTP, by one client on the same machine.

use std::{io, path::Path, thread, time::Duration};

use reset_password::{Options, Scope, blocking::UserManagement};
use secrecy::ExposeSecret;
use serde_json::{Map, Value, json};

use crate::{
    Cost,
    http::{Connection, Reply, request},
    process::{self, Launch, Process},
    protocol::{self, Contender, Outcome, Request, ns, timed},
};

const CONFIRM: &str = "/user_management/password_reset/confirm";
const RESETS: &str = "/user_management/password_reset";
const USERS: &str = "/user_management/users";

/// A service on a database file of its own.
pub struct Service {
    launch: Launch,
    process: Process,
    connection: Connection,
    key: String,
    created: u32,
    account: String,
}

impl Service {
    pub fn start(cost: Cost, folder: &Path, program: &Path) -> Outcome<Self> {
        let launch = Launch {
            program: program.to_owned(),
            cost,
            database: folder.join("service.db"),
            log: folder.join("service.log"),
        };
        let key = create_api_key(&launch)?;
        let (_, process) = Process::start(&launch)?;
        let mut service = Self {
            connection: Connection::to(&process.address)?,
            launch,
            process,
            key,
            created: 0,
            account: String::new(),
        };
        service.account = service.create_user()?;
        Ok(service)
    }

    fn restart(&mut self) -> Outcome<Value> {
        self.process.stop();
        let (duration, process) = Process::start(&self.launch)?;
        self.connection = Connection::to(&process.address)?;
        self.process = process;
        Ok(json!({ "ns": ns(duration) }))
    }

    /// A new user without a password, so that making one costs no hash.
    fn create_user(&mut self) -> Outcome<String> {
        self.created += 1;
        let email = format!("bench-{}@example.com", self.created);
        self.post(USERS, &json!({ "email": email }))?;
        Ok(email)
    }

    fn create_reset(&mut self, email: &str) -> Outcome<String> {
        let reset = self.post(RESETS, &json!({ "email": email }))?;
        let token = reset.get("password_reset_token").and_then(Value::as_str);
        Ok(token.ok_or("a reset without a token")?.to_owned())
    }

    fn post(&mut self, path: &str, body: &Value) -> Outcome<Value> {
        let request = request("POST", path, &self.key, &body.to_string());
        let reply = self.connection.ask(&request)?;
        expect(&reply, 201)?;
        Ok(serde_json::from_slice(&reply.body)?)
    }

    fn confirmation(&self, token: &str, password: &str) -> Vec<u8> {
        let body = json!({ "token": token, "new_password": password });
        request("POST", CONFIRM, &self.key, &body.to_string())
    }

    fn connections(&self, count: usize) -> io::Result<Vec<Connection>> {
        (0..count)
            .map(|_| Connection::to(&self.process.address))
            .collect()
    }

    fn reset(&mut self, password: &str) -> Outcome<Value> {
        let token = self.create_reset(&self.account.clone())?;
        let request = self.confirmation(&token, password);
        let (duration, reply) = timed(|| self.connection.ask(&request));
        expect(&reply?, 200)?;
        Ok(json!({ "ns": ns(duration) }))
    }

    /// Well-formed tokens that nobody was given, by clients that each wait for an answer before they
    /// ask again.
    fn refuse(&self, connections: usize, count: usize) -> Outcome<Value> {
        let requests: Vec<_> = (0..count)
            .map(|n| self.confirmation(&format!("{n:042}A"), "never looked at, not one bit"))
            .collect();
        let mut clients = self.connections(connections)?;
        let health = request("GET", "/healthz", "", "");
        for client in &mut clients {
            expect(&client.ask(&health)?, 200)?;
        }
        let ticks = || Outcome::Ok((self.process.ticks()?, process::ticks("self")?));
        let (service, client) = ticks()?;
        let (duration, latencies) = timed(|| {
            thread::scope(|scope| {
                let shares = requests.chunks(count.div_ceil(connections));
                let callers: Vec<_> = clients
                    .iter_mut()
                    .zip(shares)
                    .map(|(client, share)| scope.spawn(|| refuse_each(client, share)))
                    .collect();
                callers
                    .into_iter()
                    .map(|caller| Ok(caller.join().map_err(|_| "a caller panicked")??))
                    .collect::<Outcome<Vec<_>>>()
            })
        });
        let latencies: Vec<_> = latencies?.into_iter().flatten().map(ns).collect();
        let (service_then, client_then) = ticks()?;
        Ok(json!({
            "ns": ns(duration),
            "latencies_ns": latencies,
            "service_ticks": service_then - service,
            "client_ticks": client_then - client,
        }))
    }

    /// So many new users confirm at the same moment, each once.
    fn crowd(&mut self, connections: usize, password: &str) -> Outcome<Value> {
        let mut requests = Vec::new();
        for _ in 0..connections {
            let email = self.create_user()?;
            let token = self.create_reset(&email)?;
            requests.push(self.confirmation(&token, password));
        }
        let mut clients = self.connections(connections)?;
        for (client, request) in clients.iter_mut().zip(&requests) {
            client.send(request)?;
        }
        let mut overloaded = 0;
        for client in &mut clients {
            let reply = client.read()?;
            if reply.status == 503 {
                overloaded += 1;
            } else {
                expect(&reply, 200)?;
            }
        }
        Ok(json!({ "overloaded": overloaded }))
    }

    fn memory(&self) -> Outcome<Value> {
        Ok(json!({
            "resident_kib": self.process.memory_kib("VmRSS")?,
            "peak_kib": self.process.memory_kib("VmHWM")?,
        }))
    }

    /// The measured call does what it is measured for: new password in, link dead.
    fn check(&mut self, password: &str) -> Outcome<Value> {
        let token = self.create_reset(&self.account.clone())?;
        let request = self.confirmation(&token, password);
        expect(&self.connection.ask(&request)?, 200)?;
        let users = open(&self.launch)?;
        users.authenticate_with_password(&self.account, password)?;
        users.close();
        let again = self.connection.ask(&request)?;
        if again.status == 200 {
            return Err("the token was accepted twice".into());
        }
        Ok(json!({ "database": self.launch.database }))
    }
}

fn create_api_key(launch: &Launch) -> Outcome<String> {
    let scopes = [Scope::ResetsConfirm, Scope::ResetsCreate, Scope::UsersWrite];
    let users = open(launch)?;
    let created = users.create_api_key("bench", &scopes, 1)?;
    users.close();
    Ok(created.key.expose_secret().to_owned())
}

/// The crate on the service's database, for what the service does not do.
fn open(launch: &Launch) -> Outcome<UserManagement> {
    let options = Options {
        argon2_memory_kib: launch.cost.memory_kib,
        argon2_iterations: launch.cost.iterations,
        ..Options::default()
    };
    let path = launch.database.to_str();
    let path = path.ok_or("the folder's name must be UTF-8")?;
    Ok(UserManagement::open(path, options)?)
}

fn refuse_each(client: &mut Connection, requests: &[Vec<u8>]) -> io::Result<Vec<Duration>> {
    let mut latencies = Vec::with_capacity(requests.len());
    for request in requests {
        let (duration, reply) = timed(|| client.ask(request));
        expect(&reply?, 404)?;
        latencies.push(duration);
    }
    Ok(latencies)
}

fn expect(reply: &Reply, status: u16) -> io::Result<()> {
    if reply.status == status {
        return Ok(());
    }
    let body = String::from_utf8_lossy(&reply.body);
    let text = format!("answered {}, not {status}: {body}", reply.status);
    Err(io::Error::other(text))
}

impl Contender for Service {
    fn versions(&self) -> Map<String, Value> {
        Map::from_iter([
            (
                "reset-password".to_owned(),
                env!("CARGO_PKG_VERSION").into(),
            ),
            (
                "database".to_owned(),
                "a file with WAL and synchronous=FULL, the log in JSON to a file, HTTP/1.1 without \
                 TLS over loopback, connections kept"
                    .into(),
            ),
        ])
    }

    fn run(&mut self, request: Request) -> Outcome<Value> {
        match request {
            Request::Check { password } => self.check(&password),
            Request::Crowd {
                connections,
                password,
            } => self.crowd(connections, &password),
            Request::Flood { connections, count } => self.refuse(connections, count),
            Request::Memory => self.memory(),
            Request::Reset { password } => self.reset(&password),
            Request::Restart => self.restart(),
            Request::Hash { .. }
            | Request::Refuse { .. }
            | Request::Revoke { .. }
            | Request::Throughput { .. } => protocol::unknown(),
        }
    }
}
