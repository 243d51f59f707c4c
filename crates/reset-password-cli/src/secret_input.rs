//! Passwords, tokens and password hashes: from the terminal, standard input or a file, never from an
//! argument.

use std::{
    fs::File,
    io::{self, ErrorKind, IsTerminal, Read},
    os::fd::AsFd,
    path::{Path, PathBuf},
};

use reset_password::{Code, Error, PasswordCheck, password_from_utf8};
use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::{
    failure::{Failure, input},
    prompt::Terminal,
};

/// Most octets that are read for one command.
const MAX_OCTETS: usize = 64 * 1_024;

/// A place that a secret is read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A file.
    File(PathBuf),
    /// The person at the terminal.
    Prompt,
    /// Standard input.
    StandardInput,
}

impl Origin {
    /// What the options say.
    pub fn chosen(stdin: bool, file: Option<&Path>, prompt: bool) -> Option<Self> {
        match file {
            Some(path) if path == Path::new("-") => Some(Self::StandardInput),
            Some(path) => Some(Self::File(path.to_owned())),
            None if stdin => Some(Self::StandardInput),
            None => prompt.then_some(Self::Prompt),
        }
    }

    /// The terminal if a person sits at it, else standard input.
    pub fn at_hand() -> Self {
        if io::stdin().is_terminal() {
            Self::Prompt
        } else {
            Self::StandardInput
        }
    }
}

/// A password to log in with, or to look at.
pub fn password(origin: Origin) -> Result<Zeroizing<String>, Failure> {
    match origin {
        Origin::Prompt => Terminal::open()?.ask("password"),
        origin => Ok(password_from_utf8(&read(&origin)?)?),
    }
}

/// A password that will be set.
pub fn new_password(origin: Origin) -> Result<Zeroizing<String>, Failure> {
    match origin {
        Origin::Prompt => Terminal::open()?.ask_twice("new password"),
        origin => password(origin),
    }
}

/// The hash of a password, from another system.
pub fn password_hash(origin: &Origin) -> Result<SecretString, Failure> {
    let octets = read(origin)?;
    let text = std::str::from_utf8(&octets).map_err(|_| Code::InvalidPasswordHash)?;
    Ok(text.into())
}

/// A token, and the password that it is to set. From standard input the token is the first line and
/// the password all the rest.
pub fn token_and_password(
    token: Origin,
    password: Origin,
) -> Result<[Zeroizing<String>; 2], Failure> {
    if (&token, &password) == (&Origin::StandardInput, &Origin::StandardInput) {
        let mut octets = read_standard_input()?;
        let end = octets
            .iter()
            .position(|octet| *octet == b'\n')
            .unwrap_or(octets.len());
        let rest = Zeroizing::new(octets.iter().skip(end + 1).copied().collect());
        octets.truncate(end);
        if octets.last() == Some(&b'\r') {
            octets.pop();
        }
        return Ok([
            token_from_utf8(&octets)?,
            password_from_utf8(&without_line_end(rest))?,
        ]);
    }
    if (&token, &password) == (&Origin::Prompt, &Origin::Prompt) {
        let terminal = Terminal::open()?;
        return Ok([terminal.ask("token")?, terminal.ask_twice("new password")?]);
    }
    Ok([self::token(token)?, new_password(password)?])
}

/// A token.
pub fn token(origin: Origin) -> Result<Zeroizing<String>, Failure> {
    match origin {
        Origin::Prompt => Terminal::open()?.ask("token"),
        origin => token_from_utf8(&read(&origin)?),
    }
}

fn token_from_utf8(octets: &[u8]) -> Result<Zeroizing<String>, Failure> {
    if octets.is_empty() {
        return Err(input("token", "required", "the token must not be empty"));
    }
    // What is no text is no token.
    Ok(Zeroizing::new(String::from_utf8_lossy(octets).into_owned()))
}

fn read(origin: &Origin) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let octets = match origin {
        Origin::File(path) => read_file(path)?,
        Origin::Prompt | Origin::StandardInput => read_standard_input()?,
    };
    Ok(without_line_end(octets))
}

fn read_file(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let shown = || std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let octets = File::open(path).and_then(bounded).map_err(|error| {
        let (shown, cause) = (shown(), cause(&error));
        input(
            "file",
            "unreadable",
            format!("cannot read {}: {cause}", shown.display()),
        )
    })?;
    match octets {
        None => Err(input(
            "file",
            "too_long",
            format!("{} holds more than 64 KiB", shown().display()),
        )),
        Some(octets) if octets.is_empty() => Err(input(
            "file",
            "empty",
            format!("{} is empty; write the secret into it", shown().display()),
        )),
        Some(octets) => Ok(octets),
    }
}

/// Reads the descriptor itself: the standard library's buffer is never wiped.
fn read_standard_input() -> Result<Zeroizing<Vec<u8>>, Failure> {
    let octets = io::stdin()
        .as_fd()
        .try_clone_to_owned()
        .map(File::from)
        .and_then(bounded);
    let octets = octets.map_err(|error| {
        let message = format!("cannot read standard input: {}", cause(&error));
        input("standard_input", "unreadable", message)
    })?;
    match octets {
        None => Err(input(
            "standard_input",
            "too_long",
            "standard input holds more than 64 KiB",
        )),
        Some(octets) if octets.is_empty() => Err(input(
            "standard_input",
            "empty",
            "standard input is empty or closed; give the secret there, or name its file",
        )),
        Some(octets) => Ok(octets),
    }
}

/// The whole input, or nothing if it is too long. The buffer never moves, so that no copy stays behind.
fn bounded(mut file: File) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    let mut octets = Zeroizing::new(vec![0; MAX_OCTETS + 1]);
    let mut length = 0;
    while let Some(free) = octets.get_mut(length..).filter(|free| !free.is_empty()) {
        match file.read(free) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    octets.truncate(length);
    // Some editors begin a file with a byte order mark.
    if octets.starts_with(b"\xef\xbb\xbf") {
        octets.drain(..3);
    }
    Ok((length <= MAX_OCTETS).then_some(octets))
}

fn without_line_end(mut octets: Zeroizing<Vec<u8>>) -> Zeroizing<Vec<u8>> {
    if octets.last() == Some(&b'\n') {
        octets.pop();
        if octets.last() == Some(&b'\r') {
            octets.pop();
        }
    }
    octets
}

fn cause(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::IsADirectory => "it is a folder".to_owned(),
        ErrorKind::NotFound => "the file does not exist".to_owned(),
        ErrorKind::PermissionDenied => "the current user may not read it".to_owned(),
        _ => error.to_string(),
    }
}

/// A login with a password that is not text fails like any other.
pub fn as_login(failure: Failure) -> Failure {
    match failure {
        Failure::Engine(error) if error.code() == Code::PasswordRejected => {
            Failure::Engine(Error::new(Code::InvalidCredentials))
        }
        failure => failure,
    }
}

/// The verdict on a password that is not text.
pub fn as_verdict(failure: Failure) -> Result<PasswordCheck, Failure> {
    match failure {
        Failure::Engine(error) if error.code() == Code::PasswordRejected => Ok(PasswordCheck {
            acceptable: false,
            errors: error.errors().to_vec(),
        }),
        failure => Err(failure),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_one_line_end_is_dropped() {
        for (given, kept) in [
            ("", ""),
            ("a", "a"),
            ("a\n", "a"),
            ("a\r\n", "a"),
            ("a\n\n", "a\n"),
            ("a\r\n\n", "a\r\n"),
            ("a\r", "a\r"),
            (" a \0b \n", " a \0b "),
        ] {
            let octets = Zeroizing::new(given.as_bytes().to_vec());
            assert_eq!(*without_line_end(octets), kept.as_bytes(), "{given:?}");
        }
    }

    #[test]
    fn a_dash_is_standard_input() {
        let origin = |file| Origin::chosen(false, Some(Path::new(file)), false);
        assert_eq!(origin("-"), Some(Origin::StandardInput));
        assert_eq!(origin("./-"), Some(Origin::File("./-".into())));
        assert_eq!(Origin::chosen(false, None, false), None);
    }
}
