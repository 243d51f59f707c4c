//! A language: a driver in a process of its own, which answers one JSON document a line.

use std::{
    io::{BufRead, BufReader, Write},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc},
    thread,
    time::Duration,
};

use serde_json::{Map, Value, json};

use super::{Answer, Call, Surface, c_answers, process::kill_group};
use crate::{clock, limits};

/// Most of a driver's standard error that is kept.
const MOST_STDERR: usize = 8 * 1_024;

/// A driver and what it has said.
pub struct Language {
    name: String,
    state: Mutex<State>,
    stderr: Arc<Mutex<String>>,
    patience: Duration,
}

enum State {
    /// It answers.
    Alive(Driver),
    /// It does not, and why.
    Dead(String),
}

struct Driver {
    child: Child,
    input: ChildStdin,
    output: mpsc::Receiver<String>,
    requests: u64,
    handles: Vec<String>,
}

impl Language {
    /// Starts a driver. One that is missing, or does not start, is dead from the beginning.
    pub fn start(name: &str, run: &Path) -> Self {
        Self::start_with(name, run, limits::CALL)
    }

    pub fn start_with(name: &str, run: &Path, patience: Duration) -> Self {
        let stderr = Arc::default();
        let state = match spawn(run, &stderr) {
            Ok(driver) => State::Alive(driver),
            Err(why) => State::Dead(why),
        };
        let language = Self {
            name: name.to_owned(),
            state: Mutex::new(state),
            stderr,
            patience,
        };
        if let Some(Answer::Broken(why)) = language.about("version") {
            language.die(&mut language.state(), &why);
        }
        language
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn die(&self, state: &mut State, why: &str) -> String {
        if let State::Alive(driver) = state {
            kill_group(driver.child.id());
            let _ = driver.child.wait();
        }
        if let State::Dead(why) = state {
            return why.clone();
        }
        let stderr = self.stderr.lock().unwrap_or_else(PoisonError::into_inner);
        let why = format!("{why}; its standard error ends: {}", stderr.trim_end());
        *state = State::Dead(why.clone());
        why
    }

    /// Sends a request and waits for its answer. Whoever does not answer as agreed is asked no more.
    fn ask(
        &self,
        mut request: Map<String, Value>,
        patience: Duration,
    ) -> Result<Map<String, Value>, String> {
        let mut state = self.state();
        let State::Alive(driver) = &mut *state else {
            return Err(self.die(&mut state, ""));
        };
        driver.requests += 1;
        let id = Value::from(driver.requests);
        request.insert("id".to_owned(), id.clone());
        let mut line = Value::Object(request).to_string();
        line.push('\n');
        let sent = driver
            .input
            .write_all(line.as_bytes())
            .and_then(|()| driver.input.flush());
        let reply = match sent {
            Ok(()) => driver
                .output
                .recv_timeout(patience)
                .map_err(|error| match error {
                    mpsc::RecvTimeoutError::Timeout => "it did not answer in time",
                    mpsc::RecvTimeoutError::Disconnected => "it ended",
                }),
            Err(_) => Err("it takes no requests"),
        };
        let reply = match reply {
            Ok(reply) => reply,
            Err(why) => return Err(self.die(&mut state, &format!("the driver is gone: {why}"))),
        };
        match serde_json::from_str(&reply) {
            Ok(Value::Object(mut answer)) if answer.get("id") == Some(&id) => {
                answer.shift_remove("id");
                Ok(answer)
            }
            _ => Err(self.die(&mut state, &format!("the driver answered {reply:?}"))),
        }
    }

    fn answer(&self, document: Map<String, Value>) -> Answer {
        match answer(document) {
            Answer::Error(record) if self.name == "c" => Answer::Error(c_answers::record(record)),
            answer => answer,
        }
    }

    fn remember(&self, calls: &[Call]) {
        if let State::Alive(driver) = &mut *self.state() {
            for call in calls {
                if !driver.handles.contains(&call.handle) {
                    driver.handles.push(call.handle.clone());
                }
            }
        }
    }
}

fn spawn(run: &Path, stderr: &Arc<Mutex<String>>) -> Result<Driver, String> {
    if !run.is_file() {
        return Err(format!("the driver {} is missing", run.display()));
    }
    let mut child = Command::new(absolute(run))
        .env_remove("RESET_PASSWORD_KEY_FILE")
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("the driver {} does not start: {error}", run.display()))?;
    let (Some(input), Some(stdout), Some(errors)) =
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err("the driver has no pipes".to_owned());
    };
    let (tell, output) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(stdout).split(b'\n') {
            let Ok(line) = line else { break };
            if tell
                .send(String::from_utf8_lossy(&line).into_owned())
                .is_err()
            {
                break;
            }
        }
    });
    let kept = Arc::clone(stderr);
    thread::spawn(move || {
        for line in BufReader::new(errors).split(b'\n') {
            let Ok(line) = line else { break };
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.push_str(&String::from_utf8_lossy(&line));
            kept.push('\n');
            let excess = kept.len().saturating_sub(MOST_STDERR);
            let from = (excess..=kept.len()).find(|at| kept.is_char_boundary(*at));
            let tail = kept.split_off(from.unwrap_or_default());
            *kept = tail;
        }
    });
    Ok(Driver {
        child,
        input,
        output,
        requests: 0,
        handles: Vec::new(),
    })
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// One of `ok` and `error`, and nothing else.
fn answer(mut document: Map<String, Value>) -> Answer {
    let (ok, error) = (document.shift_remove("ok"), document.shift_remove("error"));
    match (ok, error) {
        (Some(value), None) if document.is_empty() => Answer::Ok(value),
        (None, Some(Value::Object(record))) if document.is_empty() => {
            if record.get("code") == Some(&"driver_failed".into()) {
                Answer::Broken(format!("the driver failed: {}", Value::Object(record)))
            } else {
                Answer::Error(record)
            }
        }
        other => Answer::Broken(format!(
            "neither an answer nor an error: {other:?} {document:?}"
        )),
    }
}

fn request(call: &Call) -> Value {
    json!({ "handle": call.handle, "call": call.operation, "arguments": call.arguments })
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}

impl Surface for Language {
    fn name(&self) -> &str {
        &self.name
    }

    fn begin(&self, _folder: &Path) {}

    fn call(&self, call: &Call) -> Answer {
        self.remember(std::slice::from_ref(call));
        self.ask(object(request(call)), self.patience)
            .map_or_else(Answer::Broken, |document| self.answer(document))
    }

    fn concurrently(&self, calls: &[Call], at: Option<u64>) -> Vec<Answer> {
        self.remember(calls);
        let requests: Vec<Value> = calls.iter().map(request).collect();
        let whole = match at {
            None => json!({ "call": "concurrently", "arguments": { "calls": requests } }),
            Some(moment) => json!({
                "call": "at",
                "arguments": { "unix_millis": moment, "calls": requests },
            }),
        };
        let wait = at.map_or(0, |moment| moment.saturating_sub(clock::unix_millis()));
        let patience = self.patience + Duration::from_millis(wait);
        let broken = |why: String| vec![Answer::Broken(why); calls.len()];
        match self.ask(object(whole), patience).map(answer) {
            Ok(Answer::Ok(Value::Array(answers))) if answers.len() == calls.len() => answers
                .into_iter()
                .map(|document| self.answer(object(document)))
                .collect(),
            Ok(other) => broken(format!("no list of {} answers: {other:?}", calls.len())),
            Err(why) => broken(why),
        }
    }

    fn end(&self) {
        let handles = match &mut *self.state() {
            State::Alive(driver) => std::mem::take(&mut driver.handles),
            State::Dead(_) => return,
        };
        for handle in handles {
            // One that was never opened is as good as forgotten.
            let _ = self.ask(
                object(json!({ "call": "drop", "handle": handle })),
                self.patience,
            );
        }
    }

    fn broken(&self) -> Option<String> {
        match &*self.state() {
            State::Alive(_) => None,
            State::Dead(why) => Some(why.clone()),
        }
    }

    fn about(&self, what: &str) -> Option<Answer> {
        let patience = if what == "version" {
            limits::START
        } else {
            self.patience
        };
        Some(
            self.ask(object(json!({ "call": what })), patience)
                .map_or_else(Answer::Broken, answer),
        )
    }
}

impl Drop for Language {
    fn drop(&mut self) {
        if let State::Alive(driver) = &mut *self.state() {
            kill_group(driver.child.id());
            let _ = driver.child.wait();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt};

    use super::*;

    /// A driver written in the shell: what it does after the version was asked for.
    fn driver(then: &str) -> (tempfile::TempDir, Language) {
        let folder = tempfile::tempdir().unwrap();
        let run = folder.path().join("run");
        let text = format!("#!/bin/sh\nread -r line\necho '{{\"id\":1,\"ok\":{{}}}}'\n{then}\n");
        fs::write(&run, text).unwrap();
        fs::set_permissions(&run, fs::Permissions::from_mode(0o755)).unwrap();
        let language = Language::start_with("shell", &run, Duration::from_secs(1));
        (folder, language)
    }

    fn get_user(language: &Language) -> Answer {
        language.call(&Call {
            handle: "a".into(),
            operation: "get_user".into(),
            arguments: Map::new(),
        })
    }

    #[test]
    fn a_driver_that_answers_is_believed() {
        let (_folder, language) =
            driver("read -r line\necho '{\"id\":2,\"ok\":[7]}'\nread -r line");
        assert!(matches!(get_user(&language), Answer::Ok(value) if value == json!([7])));
        assert_eq!(language.broken(), None);
    }

    #[test]
    fn a_driver_that_fails_in_any_way_is_broken_from_then_on() {
        for (then, why) in [
            ("echo help >&2; exit 3", "gone"),
            ("echo help >&2; read -r line; exit 3", "gone"),
            ("echo help >&2; read -r line; echo garbage; cat", "garbage"),
            (
                "echo help >&2; read -r line; echo '{\"id\":7,\"ok\":1}'; cat",
                "answered",
            ),
            ("echo help >&2; sleep 60", "in time"),
        ] {
            let (_folder, language) = driver(then);
            for _ in 0..2 {
                let Answer::Broken(told) = get_user(&language) else {
                    panic!("{then}: it was believed");
                };
                assert!(told.contains(why), "{then}: {told}");
            }
            assert!(language.broken().is_some(), "{then}");
        }
    }

    #[test]
    fn an_answer_is_one_thing() {
        for text in [
            "{\"id\":2}",
            "{\"id\":2,\"ok\":1,\"error\":{}}",
            "{\"id\":2,\"ok\":1,\"more\":2}",
            "{\"id\":2,\"error\":{\"code\":\"driver_failed\",\"message\":\"x\"}}",
        ] {
            let (_folder, language) = driver(&format!("read -r line\necho '{text}'\nread -r line"));
            assert!(matches!(get_user(&language), Answer::Broken(_)), "{text}");
        }
    }

    #[test]
    fn a_missing_driver_says_so() {
        let language = Language::start("none", Path::new("/nowhere/run"));
        assert!(matches!(get_user(&language), Answer::Broken(why) if why.contains("missing")));
    }
}
