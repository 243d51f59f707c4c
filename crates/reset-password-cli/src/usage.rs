//! A command line that cannot be read, told without repeating what might be a secret.

use std::env;

use clap::{
    Error as ClapError,
    error::{ContextKind, ContextValue, ErrorKind},
};
use reset_password::Error;

use crate::{
    exit::Exit,
    failure::{Failure, report},
};

/// Stands where the command line held something that is not repeated.
const NOT_SHOWN: &str = "(not shown: it may be a secret)";
/// No option's name is longer.
const MAX_NAME: usize = 24;

/// Shows the help that was asked for, or says what is wrong with the command line.
pub fn explain(mut error: ClapError) -> Exit {
    if !error.use_stderr() {
        return match error.print() {
            Ok(()) => Exit::Done,
            Err(cause) => report(&Failure::Output(cause), wants_json()),
        };
    }
    hide_values(&mut error);
    if wants_json() {
        let message = summary(&error.render().to_string());
        let field = Error::field("command_line", "invalid", message);
        return report(&Failure::Engine(field), true);
    }
    let _ = error.print();
    Exit::Usage
}

/// Whether `--json` is among the arguments, for errors that come before they are read.
pub fn wants_json() -> bool {
    env::args_os()
        .skip(1)
        .take_while(|argument| argument != "--")
        .any(|argument| argument == "--json")
}

/// A value where none belongs may be a password or a token: `--password hunter2`.
fn hide_values(error: &mut ClapError) {
    let kind = match error.kind() {
        ErrorKind::InvalidSubcommand => ContextKind::InvalidSubcommand,
        ErrorKind::TooManyValues => ContextKind::InvalidValue,
        ErrorKind::UnknownArgument => ContextKind::InvalidArg,
        _ => return,
    };
    let shown = match error.get(kind) {
        Some(ContextValue::String(text)) => match kind {
            ContextKind::InvalidArg => text.starts_with('-') && is_name(text),
            ContextKind::InvalidSubcommand => is_name(text),
            _ => false,
        },
        _ => false,
    };
    if !shown {
        error.insert(kind, ContextValue::String(NOT_SHOWN.to_owned()));
        error.remove(ContextKind::Suggested);
    }
}

/// Whether the text looks like an option or a command that was mistyped.
fn is_name(text: &str) -> bool {
    text.len() <= MAX_NAME
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

/// The first paragraph, in one line.
fn summary(text: &str) -> String {
    let paragraph: Vec<&str> = text
        .lines()
        .map(str::trim)
        .take_while(|line| !line.is_empty())
        .collect();
    let joined = paragraph.join(" ");
    joined.strip_prefix("error: ").unwrap_or(&joined).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shown_and_secrets_are_not() {
        for name in ["--pasword-stdin", "-x", "craete", "--json"] {
            assert!(is_name(name), "{name}");
        }
        for secret in [
            "hunter2",
            "a long walk",
            "--Xk3",
            "correcthorsebatterystaplecorrect",
            "Tr",
        ] {
            assert!(!is_name(secret), "{secret}");
        }
    }

    #[test]
    fn a_summary_is_one_line() {
        let text = "error: these are missing:\n  --email <EMAIL>\n\nUsage: reset-password …\n";
        assert_eq!(summary(text), "these are missing: --email <EMAIL>");
    }
}
