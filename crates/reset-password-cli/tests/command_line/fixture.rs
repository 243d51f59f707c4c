//! Running the command in a folder of its own.

use std::{
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use reset_password_test_service::command;
use serde_json::Value;
use tempfile::TempDir;

pub const EMAIL: &str = "ada@example.com";
pub const PASSWORD: &str = "a long walk by the sea";
pub const NEW_PASSWORD: &str = "seven geese over a lake";

/// The arguments of a command line that quotes nothing.
pub fn words(line: &str) -> Vec<&str> {
    line.split_whitespace().collect()
}

/// A folder, gone at the end.
pub struct Fixture(TempDir);

/// What a command answered.
#[derive(Debug)]
pub struct Answer {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Fixture {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path().join(name), content).unwrap();
    }

    /// The command in this folder, with hashes at the least cost that is allowed.
    pub fn command(&self, arguments: &[&str]) -> Command {
        command(self.path(), arguments)
    }

    pub fn run(&self, arguments: &[&str]) -> Answer {
        self.run_with(arguments, "")
    }

    pub fn run_with(&self, arguments: &[&str], input: impl AsRef<[u8]>) -> Answer {
        run(self.command(arguments), input.as_ref())
    }

    /// Runs a command that must succeed and answers its document.
    pub fn json(&self, arguments: &[&str], input: &str) -> Value {
        let answer = self.run_with(&[arguments, &["--json"]].concat(), input);
        assert_eq!(
            (answer.code, answer.stderr.as_str()),
            (0, ""),
            "{arguments:?}: {answer:?}"
        );
        answer.document()
    }

    /// Runs a command that must succeed and answers its text.
    pub fn text(&self, arguments: &[&str], input: &str) -> String {
        let answer = self.run_with(arguments, input);
        assert_eq!(
            (answer.code, answer.stderr.as_str()),
            (0, ""),
            "{arguments:?}: {answer:?}"
        );
        answer.stdout
    }

    /// Runs a command that must fail and answers its exit code and error.
    pub fn refused(&self, arguments: &[&str], input: impl AsRef<[u8]>) -> (i32, Value) {
        let answer = self.run_with(&[arguments, &["--json"]].concat(), input);
        assert_eq!(answer.stdout, "", "{arguments:?}");
        let document: Value = serde_json::from_str(&answer.stderr)
            .unwrap_or_else(|error| panic!("{arguments:?}: {error}: {answer:?}"));
        (answer.code, document["error"].clone())
    }

    /// Runs a command that must fail and answers its exit code and the error's code.
    pub fn code(&self, arguments: &[&str], input: impl AsRef<[u8]>) -> (i32, String) {
        let (exit, error) = self.refused(arguments, input);
        (exit, error["code"].as_str().unwrap().to_owned())
    }

    pub fn create_user(&self) -> Value {
        self.json(
            &["user", "create", "--email", EMAIL, "--password-stdin"],
            PASSWORD,
        )
    }

    /// Makes a reset and answers its token.
    pub fn token(&self) -> String {
        let reset = self.json(&["reset", "create", EMAIL, "--show-link"], "");
        reset["password_reset_token"].as_str().unwrap().to_owned()
    }
}

impl Answer {
    pub fn document(&self) -> Value {
        assert!(self.stdout.ends_with('\n'), "{self:?}");
        serde_json::from_str(&self.stdout).unwrap()
    }
}

pub fn run(mut command: Command, input: &[u8]) -> Answer {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that does not read its input closes the pipe.
    let _ = child.stdin.take().unwrap().write_all(input);
    Answer::from(child.wait_with_output().unwrap())
}

impl From<Output> for Answer {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}
