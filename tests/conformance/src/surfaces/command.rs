//! The `reset-password` command, run in a process of its own.

use std::{
    ffi::OsString,
    io::{self, Read, Write},
    os::unix::ffi::OsStringExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::mpsc,
    thread,
};

use serde_json::{Map, Value};

use super::{Answer, answers::whole_error};
use crate::{
    argument::{as_text, is_left_out, octets},
    limits::CALL,
    private,
};

/// Where the command is.
#[derive(Clone, Debug)]
pub struct Binary(pub PathBuf);

/// The words of a command line, and what goes to standard input.
#[derive(Clone, Debug, Default)]
pub struct Line {
    words: Vec<OsString>,
    variables: Vec<(&'static str, String)>,
    input: Vec<u8>,
}

/// A value that no command line can hold: it is a list of texts.
pub struct NotText;

impl Line {
    pub fn word(&mut self, word: impl Into<OsString>) -> &mut Self {
        self.words.push(word.into());
        self
    }

    pub fn words(&mut self, words: &[&str]) -> &mut Self {
        self.words.extend(words.iter().map(OsString::from));
        self
    }

    /// A variable of the environment.
    pub fn variable(&mut self, name: &'static str, value: &str) -> &mut Self {
        self.variables.push((name, value.to_owned()));
        self
    }

    /// `--name=value`, if the argument is given.
    pub fn option(
        &mut self,
        flag: &str,
        arguments: &Map<String, Value>,
        name: &str,
    ) -> Result<&mut Self, NotText> {
        match arguments.get(name) {
            Some(value) if !is_left_out(Some(value)) => self.flag(flag, value),
            _ => Ok(self),
        }
    }

    /// `--name=value`.
    pub fn flag(&mut self, flag: &str, value: &Value) -> Result<&mut Self, NotText> {
        let mut word = format!("{flag}=").into_bytes();
        word.extend(as_text(value).ok_or(NotText)?);
        self.words.push(OsString::from_vec(word));
        Ok(self)
    }

    /// A text behind all flags.
    pub fn operand(&mut self, value: Option<&Value>) -> Result<&mut Self, NotText> {
        if let Some(value) = value.filter(|value| !is_left_out(Some(*value))) {
            self.word("--")
                .word(OsString::from_vec(octets(value).ok_or(NotText)?));
        }
        Ok(self)
    }

    /// The command, to be started.
    pub fn command(&self, binary: &Binary) -> Command {
        let mut command = binary.command();
        command.arg("--json").args(&self.words);
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// What goes to standard input: one line end at the end is dropped there.
    pub fn input(&mut self, value: &Value) -> Result<&mut Self, NotText> {
        self.input = octets(value).ok_or(NotText)?;
        self.input.push(b'\n');
        Ok(self)
    }
}

/// The options of `open` as flags. A key is given in a file, because it is no argument of any command.
pub fn engine_flags(
    line: &mut Line,
    options: &Map<String, Value>,
    key_file: &Path,
) -> Result<(), NotText> {
    match options.get("database_url").and_then(Value::as_str) {
        // A URL with a password is refused among the arguments, where others can see it.
        Some(url) if url.contains("://") && !url.starts_with("sqlite:") => {
            line.variable("RESET_PASSWORD_DATABASE", url);
        }
        _ => line
            .option("--database", options, "database_url")
            .map(drop)?,
    }
    for (flag, name) in [
        ("--key-file", "key_file"),
        ("--reset-url", "reset_url"),
        ("--token-lifetime", "token_lifetime"),
        ("--first-password-lifetime", "first_password_lifetime"),
        ("--pepper-file", "pepper_file"),
        ("--users", "users"),
        ("--password-min-length", "password_min_length"),
        ("--argon2-memory-kib", "argon2_memory_kib"),
        ("--argon2-iterations", "argon2_iterations"),
        ("--memory-budget-kib", "memory_budget_kib"),
        ("--requests-per-minute", "requests_per_minute"),
    ] {
        line.option(flag, options, name)?;
    }
    for (flag, name, says) in [
        ("--argon2-portable", "argon2_portable", true),
        ("--messages", "messages", true),
        ("--no-seal-tokens", "seal_tokens", false),
        ("--no-migrate", "migrate", false),
    ] {
        match options.get(name) {
            Some(Value::Bool(value)) if *value == says => {
                line.word(flag);
            }
            Some(Value::Bool(_)) => {}
            value if is_left_out(value) => {}
            _ => return Err(NotText),
        }
    }
    if let Some(names) = options
        .get("service_names")
        .filter(|names| !is_left_out(Some(*names)))
    {
        for name in names.as_array().ok_or(NotText)? {
            line.flag("--service-name", name)?;
        }
    }
    if let Some(pepper) = options
        .get("pepper")
        .filter(|pepper| !is_left_out(Some(*pepper)))
    {
        let file = key_file.with_extension("pepper");
        write_key(&file, &octets(pepper).ok_or(NotText)?);
        line.word("--pepper-file").word(file);
    }
    if let Some(key) = options.get("key").filter(|key| !is_left_out(Some(*key))) {
        write_key(key_file, &octets(key).ok_or(NotText)?);
        line.word("--key-file").word(key_file);
        if let Some(Value::Array(keys)) = options.get("previous_keys") {
            let keys: Option<Vec<Vec<u8>>> = keys.iter().map(octets).collect();
            let previous = key_file.with_extension("key.previous");
            write_key(&previous, &keys.ok_or(NotText)?.join(&b'\n'));
        }
    }
    Ok(())
}

/// A failure shows itself in the call that reads the file.
fn write_key(path: &Path, text: &[u8]) {
    let mut text = text.to_vec();
    text.push(b'\n');
    let _ = private::write(path, &text);
}

impl Binary {
    /// The command without the environment of whoever runs this.
    fn command(&self) -> Command {
        let mut command = Command::new(&self.0);
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command
    }

    /// Runs a command line with `--json` and answers its document, or its error, and holds the exit
    /// code against either.
    pub fn run(&self, line: &Line) -> Answer {
        let child = line
            .command(self)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let mut child = match child {
            Ok(child) => child,
            Err(error) => return not_started(&error),
        };
        let (tell, told) = mpsc::channel();
        let (input, pid) = (line.input.clone(), child.id());
        thread::spawn(move || {
            // A command that does not read its input closes the pipe.
            if let Some(mut stdin) = child.stdin.take() {
                let _ = stdin.write_all(&input);
            }
            let mut stderr = child.stderr.take();
            let errors = thread::spawn(move || {
                let mut text = String::new();
                let _ = stderr
                    .as_mut()
                    .map(|stderr| stderr.read_to_string(&mut text));
                text
            });
            let mut output = String::new();
            let _ = child
                .stdout
                .take()
                .map(|mut stdout| stdout.read_to_string(&mut output));
            let errors = errors.join().unwrap_or_default();
            let _ = tell.send((
                child.wait().ok().and_then(|status| status.code()),
                output,
                errors,
            ));
        });
        if let Ok((code, output, errors)) = told.recv_timeout(CALL) {
            return read(code, &output, &errors);
        }
        super::process::kill(pid);
        Answer::Broken("the command did not end in time".to_owned())
    }
}

/// No process can be started with a NUL in its arguments, or with very long ones.
pub fn not_started(error: &io::Error) -> Answer {
    match error.kind() {
        io::ErrorKind::ArgumentListTooLong | io::ErrorKind::InvalidInput => {
            super::type_error("a command line cannot hold it")
        }
        _ => Answer::Broken(format!("the command does not start: {error}")),
    }
}

fn read(code: Option<i32>, output: &str, errors: &str) -> Answer {
    let broken = |why: &str| {
        Answer::Broken(format!(
            "{why}: exit {code:?}, output {output:?}, errors {errors:?}"
        ))
    };
    match (serde_json::from_str(output), code) {
        // `password check` answers 1 with its verdict.
        (Ok(document), Some(0 | 1)) if errors.is_empty() => Answer::Ok(document),
        (Ok(_), _) => broken("an answer with the wrong exit code"),
        (Err(_), _) if !output.is_empty() => broken("no document"),
        (Err(_), code) => match error_of(errors) {
            Some(record) if code == exit_code(&record) => whole_error(record),
            Some(_) => broken("the exit code is another error's"),
            None => broken("no error document"),
        },
    }
}

/// The error in the last line of standard error.
pub fn error_of(errors: &str) -> Option<Map<String, Value>> {
    let line = errors.trim_end().lines().next_back()?;
    match serde_json::from_str(line).ok()? {
        Value::Object(mut document) if document.len() == 1 => {
            match document.shift_remove("error")? {
                Value::Object(record) => Some(record),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The exit code of an error, from the table in `docs/reference/command-line.md`.
pub fn exit_code(record: &Map<String, Value>) -> Option<i32> {
    Some(match record.get("code")?.as_str()? {
        "input_invalid" => 2,
        "config_invalid" | "unsupported" => 3,
        "overloaded" | "storage_unavailable" => 4,
        "rate_limited" if record.get("retryable")?.as_bool()? => 4,
        "internal" => 5,
        _ => 1,
    })
}
