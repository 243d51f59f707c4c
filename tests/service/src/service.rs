//! `reset-password serve`, as a process.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Condvar, Mutex, mpsc},
    thread,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::{
    command,
    guard::Guard,
    http::{Connection, Reply},
};

/// A running service, on a port of its own. It ends with the test, however that ends.
pub struct Service {
    child: Child,
    guard: Guard,
    /// Where it listens.
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
        Self::spawn(command(folder, &Self::arguments(arguments)))
    }

    /// The arguments of a service.
    pub fn arguments<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
        let serve = ["serve", "--listen", "127.0.0.1:0", "--log-format", "json"];
        [&serve[..], arguments].concat()
    }

    /// Starts a service and waits until it listens.
    pub fn spawn(mut command: Command) -> Self {
        let command = command.stdin(Stdio::null()).stdout(Stdio::null());
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let guard = Guard::of(&child);
        let log = Arc::new(Log::default());
        let (tell, told) = mpsc::channel();
        let (stderr, kept) = (child.stderr.take().unwrap(), Arc::clone(&log));
        thread::spawn(move || {
            for line in BufReader::new(stderr).lines() {
                let Ok(line) = line else { break };
                if let Ok(line) = serde_json::from_str::<Value>(&line)
                    && line["message"] == "listening"
                    && let Some((_, address)) = line["address"].as_str().unwrap().split_once("://")
                {
                    let _ = tell.send(address.to_owned());
                }
                let mut text = kept.text.lock().unwrap();
                text.push_str(&line);
                text.push('\n');
                drop(text);
                kept.grown.notify_all();
            }
        });
        let mut service = Self {
            child,
            guard,
            address: String::new(),
            log,
        };
        match told.recv_timeout(Duration::from_mins(1)) {
            Ok(address) => service.address = address,
            Err(error) => panic!("it does not listen: {error}: {}", service.log()),
        }
        service
    }

    /// Starts a service that must not start; answers what it said.
    pub fn refuses_to_start(folder: &Path, arguments: &[&str]) -> String {
        let mut command = command(folder, &Self::arguments(arguments));
        let command = command.stdin(Stdio::null()).stdout(Stdio::null());
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut said = String::new();
        for line in BufReader::new(child.stderr.take().unwrap()).lines() {
            said.push_str(&line.unwrap());
            said.push('\n');
            if said.contains("\"listening\"") {
                let _ = child.kill();
                let _ = child.wait();
                panic!("it starts with {arguments:?}: {said}");
            }
        }
        let status = child.wait().unwrap();
        assert_eq!(status.code(), Some(3), "{said}");
        said
    }

    /// The log so far.
    pub fn log(&self) -> String {
        self.log.text.lock().unwrap().clone()
    }

    /// The log, from when the request of this answer stands in it.
    pub fn log_with(&self, reply: &Reply) -> String {
        let id = reply.header("x-request-id").unwrap();
        let text = self.log.text.lock().unwrap();
        let wait = Duration::from_mins(1);
        let is_missing = |text: &mut String| !text.contains(id);
        let waited = self.log.grown.wait_timeout_while(text, wait, is_missing);
        let (text, _) = waited.unwrap();
        assert!(text.contains(id), "{id} is not in the log: {text}");
        text.clone()
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
        let wait = Duration::from_mins(1);
        let waited = self.log.grown.wait_timeout_while(text, wait, is_missing);
        let (text, _) = waited.unwrap();
        found(&text).unwrap_or_else(|| panic!("no such line: {text}"))
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.child.id()).unwrap();
        kill_process(Pid::from_raw(pid).unwrap(), signal).unwrap();
    }

    /// Ends it as an operator would; it must end well. Answers what it has said.
    pub fn stop(self) -> String {
        self.signal(Signal::TERM);
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
        self.guard.dismiss();
        assert!(status.success(), "{status}: {}", self.log());
    }

    /// A field of the process's memory, in KiB.
    pub fn memory_kib(&self, field: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap();
        let line = status.lines().find(|line| line.starts_with(field)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    /// One request on a connection of its own; `None` when it is not answered.
    pub fn raw(&self, request: impl AsRef<[u8]>) -> Option<Reply> {
        let mut connection = Connection::to(&self.address);
        connection.send(request);
        connection.read()
    }

    /// Ends it with no time to finish anything.
    pub fn kill(&mut self) {
        self.guard.dismiss();
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.kill();
    }
}
