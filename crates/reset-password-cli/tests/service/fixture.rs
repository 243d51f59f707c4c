//! A service on a database of its own.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Condvar, Mutex, mpsc},
    thread,
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::http::{Connection, Reply, text};

pub const BINARY: &str = env!("CARGO_BIN_EXE_reset-password");
pub const EMAIL: &str = "ada@example.com";
pub const OLD: &str = "a long walk by the sea";
pub const NEW: &str = "seven green boats at dusk";
pub const EVERY_SCOPE: &str =
    "events:read,resets:confirm,resets:create,resets:read,users:read,users:write";
pub const CONFIRM: &str = "/user_management/password_reset/confirm";
pub const RESETS: &str = "/user_management/password_reset";
pub const USERS: &str = "/user_management/users";

/// Whether the long loops run in full.
pub fn long() -> bool {
    std::env::var_os("RESET_PASSWORD_LONG").is_some()
}

/// The command in a folder, with hashes at the least cost that is allowed.
pub fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(BINARY);
    command
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .args(["--argon2-memory-kib", "19456", "--argon2-iterations", "2"])
        .args(arguments);
    command
}

/// A running service.
pub struct Service {
    child: Child,
    pub address: String,
    log: Arc<Log>,
}

/// What the service has said.
#[derive(Default)]
struct Log {
    text: Mutex<String>,
    /// There is another line.
    grown: Condvar,
}

impl Service {
    /// Starts a service in a folder and waits until it listens.
    pub fn start(folder: &Path, arguments: &[&str]) -> Self {
        let all = [
            &["serve", "--listen", "127.0.0.1:0", "--log-format", "json"],
            arguments,
        ]
        .concat();
        Self::spawn(command(folder, &all))
    }

    pub fn spawn(mut command: Command) -> Self {
        let mut child = command
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let (tell, told) = mpsc::channel();
        let log = Arc::new(Log::default());
        let (stderr, kept) = (child.stderr.take().unwrap(), Arc::clone(&log));
        thread::spawn(move || {
            for line in BufReader::new(stderr).lines() {
                let Ok(line) = line else { break };
                if let Ok(line) = serde_json::from_str::<Value>(&line)
                    && line["message"] == "listening"
                {
                    let address = line["address"].as_str().unwrap();
                    let _ = tell.send(address.split("://").nth(1).unwrap().to_owned());
                }
                let mut text = kept.text.lock().unwrap();
                text.push_str(&line);
                text.push('\n');
                drop(text);
                kept.grown.notify_all();
            }
        });
        match told.recv_timeout(Duration::from_mins(1)) {
            Ok(address) => Self {
                child,
                address,
                log,
            },
            Err(error) => panic!("it does not listen: {error}: {}", log.text.lock().unwrap()),
        }
    }

    /// The log so far.
    pub fn log(&self) -> String {
        self.log.text.lock().unwrap().clone()
    }

    /// Waits until a line of the log passes.
    pub fn line(&self, passes: impl Fn(&Value) -> bool) -> Value {
        let found = |text: &str| {
            let lines = text.lines().rev();
            let mut lines = lines.filter_map(|line| serde_json::from_str(line).ok());
            lines.find(|line| passes(line))
        };
        let text = self.log.text.lock().unwrap();
        let is_missing = |text: &mut String| found(text).is_none();
        let wait = Duration::from_secs(10);
        let waited = self.log.grown.wait_timeout_while(text, wait, is_missing);
        let (text, _) = waited.unwrap();
        found(&text).unwrap_or_else(|| panic!("no such line: {text}"))
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn signal(&self, signal: rustix::process::Signal) {
        let pid = i32::try_from(self.child.id()).unwrap();
        rustix::process::kill_process(rustix::process::Pid::from_raw(pid).unwrap(), signal)
            .unwrap();
    }

    /// Ends it as an operator would; it must end well.
    pub fn stop(self) -> String {
        self.signal(rustix::process::Signal::TERM);
        self.stop_told()
    }

    /// Waits for the end that it was told to come to.
    pub fn stop_told(mut self) -> String {
        self.wait();
        self.log()
    }

    /// The same for one that is to be replaced.
    pub fn wait(&mut self) {
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status}: {}", self.log());
    }

    /// A field of the process's memory, in KiB.
    pub fn memory_kib(&self, field: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap();
        let line = status.lines().find(|line| line.starts_with(field)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    /// One request on a connection of its own.
    pub fn raw(&self, request: impl AsRef<[u8]>) -> Option<Reply> {
        let mut connection = Connection::to(&self.address);
        connection.send(request);
        connection.read()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A service, its folder, and a key with every scope.
pub struct Fixture {
    pub service: Service,
    pub key: String,
    folder: TempDir,
}

impl Fixture {
    pub fn new() -> Self {
        Self::with(&[])
    }

    pub fn with(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::in_folder(folder, |folder| Service::start(folder, arguments))
    }

    pub fn in_folder(folder: TempDir, start: impl FnOnce(&Path) -> Service) -> Self {
        let service = start(folder.path());
        let mut fixture = Self {
            service,
            key: String::new(),
            folder,
        };
        let made = fixture.new_key(EVERY_SCOPE);
        made["key"].as_str().unwrap().clone_into(&mut fixture.key);
        fixture
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn database(&self) -> PathBuf {
        self.path().join("reset-password.db")
    }

    /// Runs a command beside the service; it must succeed. Answers its document.
    pub fn run(&self, arguments: &[&str]) -> Value {
        let output = command(self.path(), &[arguments, &["--json"]].concat())
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    pub fn new_key(&self, scopes: &str) -> Value {
        self.run(&["api-key", "create", "--name", "test", "--scope", scopes])
    }

    /// Runs a statement on the database; answers the first text, or an empty one.
    pub fn sql(&self, statement: &str) -> String {
        use rusqlite::OptionalExtension as _;
        let connection = rusqlite::Connection::open(self.database()).unwrap();
        let first = connection.query_row(statement, [], |row| row.get(0));
        first.optional().unwrap().flatten().unwrap_or_default()
    }

    pub fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&str>,
    ) -> Reply {
        let authorization = format!("Bearer {}", self.key);
        let mut all = vec![("authorization", authorization.as_str())];
        all.extend_from_slice(headers);
        self.service.raw(text(method, path, &all, body)).unwrap()
    }

    pub fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], None)
    }

    pub fn post(&self, path: &str, body: &Value) -> Reply {
        self.send(
            "POST",
            path,
            &[("content-type", "application/json")],
            Some(&body.to_string()),
        )
    }

    pub fn put(&self, path: &str, body: &Value) -> Reply {
        self.send(
            "PUT",
            path,
            &[("content-type", "application/json")],
            Some(&body.to_string()),
        )
    }

    /// Makes a user with the old password; answers its id.
    pub fn user(&self, email: &str) -> String {
        let reply = self.post(USERS, &json!({ "email": email, "password": OLD }));
        assert_eq!(reply.status, 201, "{reply:?}");
        reply.json()["id"].as_str().unwrap().to_owned()
    }

    /// Makes a reset.
    pub fn reset(&self, email: &str) -> Value {
        let reply = self.post(RESETS, &json!({ "email": email }));
        assert_eq!(reply.status, 201, "{reply:?}");
        reply.json()
    }

    pub fn token(&self, email: &str) -> String {
        self.reset(email)["password_reset_token"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// Makes a reset that is too old.
    pub fn expired_token(&self, email: &str) -> String {
        let reset = self.reset(email);
        let id = reset["id"].as_str().unwrap();
        let (database, age) = (self.database(), Duration::from_mins(31));
        reset_password_test_tools::age_reset(&database.to_string_lossy(), None, id, age).unwrap();
        reset["password_reset_token"].as_str().unwrap().to_owned()
    }

    pub fn confirm(&self, token: &str, password: &str) -> Reply {
        self.post(
            CONFIRM,
            &json!({ "token": token, "new_password": password }),
        )
    }

    /// Whether a password is the one in force.
    pub fn accepts(&self, email: &str, password: &str) -> bool {
        let file = self.path().join("password");
        std::fs::write(&file, password).unwrap();
        let line = ["user", "authenticate", email, "--password-file", "password"];
        let output = command(self.path(), &line).output().unwrap();
        assert!(
            [Some(0), Some(1)].contains(&output.status.code()),
            "{output:?}"
        );
        output.status.success()
    }
}
