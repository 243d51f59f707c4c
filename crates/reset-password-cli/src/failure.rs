//! Why a command did not succeed, and how that is told.

use std::{
    fmt::Write as _,
    io::{self, Write as _},
};

use reset_password::{Code, Error, ErrorInfo};
use serde::Serialize;

use crate::exit::{Exit, verdict};

/// Why a command did not succeed.
#[derive(Debug)]
pub enum Failure {
    /// The engine refused, or could not.
    Engine(Error),
    /// Ctrl-C at a prompt.
    Interrupted,
    /// It was done, and the answer cannot be written.
    Output(io::Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Engine(error)
    }
}

impl From<Code> for Failure {
    fn from(code: Code) -> Self {
        Self::Engine(code.into())
    }
}

/// Input that cannot be used: `<field>_<problem>` and a sentence.
pub fn input(field: &'static str, problem: &str, message: impl Into<String>) -> Failure {
    Failure::Engine(Error::field(field, problem, message.into()))
}

/// An error, in the one object of a JSON document.
#[derive(Serialize)]
pub struct ErrorDocument<'a> {
    /// The public record of the error.
    pub error: ErrorInfo<'a>,
}

/// Tells the failure on standard error and answers its exit code.
pub fn report(failure: &Failure, json: bool) -> Exit {
    match failure {
        Failure::Engine(error) => {
            let (exit, hint) = verdict(error);
            say(&if json {
                as_json(error)
            } else {
                as_text(error, hint)
            });
            exit
        }
        Failure::Interrupted => Exit::Internal,
        // Whoever reads has seen enough.
        Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Done,
        Failure::Output(error) => {
            let error = Error::internal(error.to_string());
            say(&if json {
                as_json(&error)
            } else {
                let cause = io_cause(&error);
                format!(
                    "error: the command was carried out, but its answer cannot be written{cause}\n"
                )
            });
            Exit::Internal
        }
    }
}

fn io_cause(error: &Error) -> String {
    std::error::Error::source(error)
        .map(|source| format!(": {source}"))
        .unwrap_or_default()
}

fn as_json(error: &Error) -> String {
    let document = ErrorDocument {
        error: error.info(),
    };
    let mut text = serde_json::to_string(&document).unwrap_or_default();
    text.push('\n');
    text
}

fn as_text(error: &Error, hint: Option<&str>) -> String {
    let mut text = format!("error: {}\n", error.message());
    for detail in error
        .errors()
        .iter()
        .filter(|detail| detail.message != error.message())
    {
        text.push_str("  ");
        text.push_str(&detail.message);
        text.push('\n');
    }
    if let Some(seconds) = error.retry_after() {
        let unit = if seconds == 1 { "second" } else { "seconds" };
        let _ = writeln!(text, "hint: try again in {seconds} {unit}");
    }
    if let Some(hint) = hint {
        let _ = writeln!(text, "hint: {hint}");
    }
    text
}

/// Writes to standard error; nobody can be told if that fails.
pub fn say(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
