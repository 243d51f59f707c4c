//! Questions to the person at the terminal.

use std::{
    fs::{File, OpenOptions},
    io::{self, ErrorKind, Read, Write},
};

use rpassword::ConfigBuilder;
use rustix::termios::{
    LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr,
};
use zeroize::Zeroizing;

use crate::failure::{Failure, input};

/// What the terminal sends for Ctrl-C while it sends no signals.
const CTRL_C: u8 = 3;

/// The terminal, which shows nothing of what is typed until this is dropped.
///
/// The keys are read here, and only edited by `rpassword`: that one ends the process at Ctrl-C while
/// the terminal is still silent.
pub struct Terminal {
    file: File,
    before: Termios,
}

impl Terminal {
    /// Takes the terminal.
    pub fn open() -> Result<Self, Failure> {
        Self::silence().map_err(|_| {
            input(
                "terminal",
                "missing",
                "there is no terminal to ask on; give the secret on standard input or in a file",
            )
        })
    }

    fn silence() -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).open("/dev/tty")?;
        let before = tcgetattr(&file)?;
        let mut silent = before.clone();
        silent.local_modes -=
            LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG;
        silent.special_codes[SpecialCodeIndex::VMIN] = 1;
        silent.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(&file, OptionalActions::Now, &silent)?;
        Ok(Self { file, before })
    }

    /// Asks for a secret.
    pub fn ask(&self, question: &str) -> Result<Zeroizing<String>, Failure> {
        let mut file = &self.file;
        let answer = write!(file, "{question}: ")
            .and_then(|()| self.file.try_clone())
            .and_then(|keys| {
                let config = ConfigBuilder::new()
                    .input_reader(Keys(keys))
                    .output_discard()
                    .build();
                rpassword::read_password_with_config(config).map(Zeroizing::new)
            });
        let _ = writeln!(file);
        answer.map_err(|error| match error.kind() {
            ErrorKind::ConnectionAborted => Failure::Interrupted,
            ErrorKind::UnexpectedEof => input("terminal", "closed", "nothing was typed"),
            _ => input("terminal", "closed", "the terminal cannot be read"),
        })
    }

    /// Asks for a new secret, twice.
    pub fn ask_twice(&self, question: &str) -> Result<Zeroizing<String>, Failure> {
        let first = self.ask(question)?;
        let second = self.ask("the same again")?;
        if *first == *second {
            return Ok(first);
        }
        Err(input(
            "password",
            "mismatch",
            "the two are not the same; nothing was changed",
        ))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = tcsetattr(&self.file, OptionalActions::Now, &self.before);
    }
}

/// The keys that are typed; Ctrl-C ends them.
struct Keys(File);

impl Read for Keys {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(buffer)?;
        if buffer.iter().take(read).any(|key| *key == CTRL_C) {
            return Err(ErrorKind::ConnectionAborted.into());
        }
        Ok(read)
    }
}

/// Asks whether to go on; anything but yes is no.
pub fn confirm(question: &str) -> bool {
    crate::failure::say(&format!("{question} [y/N] "));
    let mut answer = String::new();
    let read = io::stdin().read_line(&mut answer);
    read.is_ok() && matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}
