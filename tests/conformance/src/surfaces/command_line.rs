//! The command line: one process for each call.

use std::{
    collections::HashMap,
    ffi::OsString,
    os::unix::ffi::OsStringExt,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use serde_json::{Map, Value};

use super::{
    Answer, Call, Surface,
    answers::canonical,
    command::{Binary, Line, NotText, engine_flags},
    rust::Rust,
    type_error,
};
use crate::{
    argument::{is_left_out, octets},
    private,
};

/// The command line.
pub struct CommandLine {
    binary: Binary,
    folder: Mutex<PathBuf>,
    handles: Mutex<HashMap<String, Handle>>,
    files: AtomicU64,
    in_process: Rust,
}

/// What is opened anew by each command, and at most once in process.
#[derive(Clone)]
struct Handle {
    open: Call,
    flags: Line,
    opened_in_process: Arc<OnceLock<Result<(), String>>>,
}

/// The operations that have no command. They are called in process, on the same database.
const WITHOUT_COMMAND: [&str; 4] = [
    "message_failed",
    "message_sent",
    "messages",
    "report_change",
];

impl CommandLine {
    pub fn new(binary: Binary) -> Self {
        Self {
            binary,
            folder: Mutex::default(),
            handles: Mutex::default(),
            files: AtomicU64::new(0),
            in_process: Rust::default(),
        }
    }

    fn handles(&self) -> MutexGuard<'_, HashMap<String, Handle>> {
        self.handles.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn folder(&self) -> PathBuf {
        self.folder
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn open(&self, call: &Call) -> Result<Answer, NotText> {
        let given = |name: &str| !is_left_out(call.arguments.get(name));
        // No flag says either of these.
        if given("key") && given("key_file") || given("previous_keys") && !given("key") {
            return Ok(self.in_process.call(call));
        }
        if !given("database_url") {
            return Err(NotText);
        }
        let mut flags = Line::default();
        let key_file = self.folder().join(format!("{}.key", call.handle));
        engine_flags(&mut flags, &call.arguments, &key_file)?;
        let mut line = flags.clone();
        if call.arguments.get("migrate") == Some(&Value::Bool(false)) {
            line.words(&["user", "list", "--limit", "1"]);
        } else {
            line.word("migrate");
        }
        Ok(match self.binary.run(&line) {
            Answer::Ok(_) => {
                let handle = Handle {
                    open: call.clone(),
                    flags,
                    opened_in_process: Arc::default(),
                };
                self.handles().insert(call.handle.clone(), handle);
                Answer::Ok(Value::Null)
            }
            other => other,
        })
    }

    /// Calls what has no command.
    fn beside(&self, handle: &Handle, call: &Call) -> Answer {
        let opened =
            handle
                .opened_in_process
                .get_or_init(|| match self.in_process.call(&handle.open) {
                    Answer::Ok(_) => Ok(()),
                    other => Err(format!("it cannot be opened in process: {other:?}")),
                });
        match opened {
            Ok(()) => self.in_process.call(call),
            Err(why) => Answer::Broken(why.clone()),
        }
    }

    fn perform(&self, line: &mut Line, call: &Call) -> Result<Answer, NotText> {
        let arguments = &call.arguments;
        let operation = call.operation.as_str();
        self.write_line(line, operation, arguments)?;
        let answer = match self.binary.run(line) {
            Answer::Ok(document) => outcome(operation, document, arguments),
            other => return Ok(other),
        };
        Ok(answer.map_or_else(Answer::Broken, Answer::Ok))
    }

    /// The command of each operation.
    fn write_line(
        &self,
        line: &mut Line,
        operation: &str,
        arguments: &Map<String, Value>,
    ) -> Result<(), NotText> {
        let id = arguments.get("id");
        match operation {
            "authenticate_with_password" => {
                line.words(&["user", "authenticate", "--password-stdin"]);
                line.option("--email", arguments, "email")?;
                secret(line, arguments.get("password"))?;
            }
            "check_password" => {
                line.words(&["password", "check", "--password-stdin"]);
                line.option("--user", arguments, "user_id")?;
                secret(line, arguments.get("password"))?;
            }
            "check_password_reset_token" => {
                line.words(&["reset", "check"]);
                self.write_token(line, arguments)?;
            }
            "create_password_reset" => {
                line.words(&["reset", "create", "--show-link"]);
                line.option("--email", arguments, "email")?;
            }
            "create_user" => {
                line.words(&["user", "create"]);
                self.write_fields(line, arguments)?;
                line.option("--created-at", arguments, "created_at")?;
            }
            "delete_user" => {
                line.words(&["user", "delete", "--yes"]).operand(id)?;
            }
            "events" => {
                line.word("events").option("--after", arguments, "after")?;
                line.option("--limit", arguments, "limit")?;
            }
            "get_password_reset" => {
                line.words(&["reset", "get", "--show-link"]).operand(id)?;
            }
            "get_user" => {
                line.words(&["user", "get"]).operand(id)?;
            }
            "get_user_by_email" => {
                line.words(&["user", "get"])
                    .operand(arguments.get("email"))?;
            }
            "get_user_by_external_id" => {
                line.words(&["user", "get", "--by-external-id"])
                    .operand(arguments.get("external_id"))?;
            }
            "list_users" => {
                line.words(&["user", "list"]);
                for name in ["email", "limit", "before", "after", "order"] {
                    line.option(&format!("--{name}"), arguments, name)?;
                }
            }
            "purge" => {
                line.word("purge").option("--limit", arguments, "limit")?;
            }
            "request_password_reset" => {
                line.words(&["reset", "request", "--show-link"]);
                line.option("--email", arguments, "email")?;
            }
            "reset_password" => {
                line.words(&["reset", "confirm", "--password-stdin"]);
                self.write_token(line, arguments)?;
                secret(line, arguments.get("new_password"))?;
            }
            "revoke_password_resets" => {
                line.words(&["reset", "revoke"]);
                if is_left_out(arguments.get("user_id")) {
                    line.word("--all");
                } else {
                    line.operand(arguments.get("user_id"))?;
                }
            }
            "unlock_user" => {
                line.words(&["user", "unlock"]).operand(id)?;
            }
            "update_user" => {
                line.words(&["user", "update"]);
                self.write_fields(line, arguments)?;
                line.operand(id)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn write_token(&self, line: &mut Line, arguments: &Map<String, Value>) -> Result<(), NotText> {
        if let Some(token) = arguments.get("token").filter(|token| !token.is_null()) {
            let mut text = octets(token).ok_or(NotText)?;
            text.push(b'\n');
            line.word("--token-file").word(self.file("token", &text));
        }
        Ok(())
    }

    fn write_fields(&self, line: &mut Line, arguments: &Map<String, Value>) -> Result<(), NotText> {
        for name in [
            "email",
            "email_verified",
            "first_name",
            "last_name",
            "name",
            "external_id",
            "locale",
        ] {
            line.option(&format!("--{}", name.replace('_', "-")), arguments, name)?;
        }
        match arguments.get("metadata") {
            Some(Value::Object(pairs)) if pairs.is_empty() => {
                if arguments.contains_key("id") {
                    line.word("--clear-metadata");
                }
            }
            Some(Value::Object(pairs)) => {
                for (key, value) in pairs {
                    let mut pair = format!("--metadata={key}=").into_bytes();
                    pair.extend(octets(value).ok_or(NotText)?);
                    line.word(OsString::from_vec(pair));
                }
            }
            value if is_left_out(value) => {}
            _ => return Err(NotText),
        }
        if let Some(hash) = arguments
            .get("password_hash")
            .filter(|hash| !hash.is_null())
        {
            let mut text = octets(hash).ok_or(NotText)?;
            text.push(b'\n');
            let file = self.file("hash", &text);
            line.word("--password-hash-file").word(file);
        }
        if !is_left_out(arguments.get("password")) {
            line.word("--password-stdin");
            secret(line, arguments.get("password"))?;
        }
        Ok(())
    }

    /// A file of that content, whose failure to be shows itself in the command that reads it.
    fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let number = self.files.fetch_add(1, Ordering::Relaxed);
        let path = self.folder().join(format!("{name}-{number}"));
        let _ = private::write(&path, content);
        path
    }
}

fn secret(line: &mut Line, value: Option<&Value>) -> Result<(), NotText> {
    line.input(value.unwrap_or(&Value::Null)).map(drop)
}

/// What an operation answers, from the document of its command.
fn outcome(
    operation: &str,
    document: Value,
    arguments: &Map<String, Value>,
) -> Result<Value, String> {
    match operation {
        "delete_user" => {
            let expected = serde_json::json!({
                "object": "user",
                "id": arguments.get("id"),
                "deleted": true,
            });
            if document == expected {
                Ok(Value::Null)
            } else {
                Err(format!(
                    "a deletion should answer {expected}, not {document}"
                ))
            }
        }
        // The command shows the user.
        "unlock_user" => Ok(Value::Null),
        "revoke_password_resets" => match document.as_object() {
            Some(object) if object.len() == 1 => object
                .get("revoked")
                .cloned()
                .ok_or_else(|| format!("no number in {document}")),
            _ => Err(format!("no number in {document}")),
        },
        _ => canonical(operation, document),
    }
}

impl Surface for CommandLine {
    fn name(&self) -> &'static str {
        "cli"
    }

    fn begin(&self, folder: &Path) {
        self.files.store(0, Ordering::Relaxed);
        folder.clone_into(&mut self.folder.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn call(&self, call: &Call) -> Answer {
        let outcome = match call.operation.as_str() {
            "open" => self.open(call),
            // A command closes what it has opened.
            "close" => Ok(Answer::Ok(Value::Null)),
            operation => {
                let handle = self.handles().get(&call.handle).cloned();
                match handle {
                    Some(handle) if WITHOUT_COMMAND.contains(&operation) => {
                        Ok(self.beside(&handle, call))
                    }
                    Some(mut handle) => self.perform(&mut handle.flags, call),
                    None => return Answer::Broken(format!("no handle {}", call.handle)),
                }
            }
        };
        outcome.unwrap_or_else(|NotText| type_error("a command line cannot hold it"))
    }

    fn end(&self) {
        self.handles().clear();
        self.in_process.end();
    }
}
