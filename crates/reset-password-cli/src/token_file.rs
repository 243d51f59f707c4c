//! A file for one token, closed to everybody else.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use secrecy::{ExposeSecret, SecretString};

use crate::failure::{Failure, input};

/// A file that is not there yet. It is removed again unless a token is written to it.
pub struct TokenFile {
    path: PathBuf,
    file: File,
    written: bool,
}

impl TokenFile {
    /// Makes the file. An existing one is left alone.
    pub fn create(path: &Path) -> Result<Self, Failure> {
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path);
        match file {
            Ok(file) => Ok(Self {
                path: path.to_owned(),
                file,
                written: false,
            }),
            Err(error) => Err(refuse(path, &error)),
        }
    }

    /// Writes the token and a line end.
    pub fn write(mut self, token: &SecretString) -> Result<(), Failure> {
        self.file
            .write_all(token.expose_secret().as_bytes())
            .and_then(|()| self.file.write_all(b"\n"))
            .and_then(|()| self.file.sync_all())
            .map_err(|error| refuse(&self.path, &error))?;
        self.written = true;
        Ok(())
    }
}

impl Drop for TokenFile {
    fn drop(&mut self) {
        if !self.written {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn refuse(path: &Path, error: &io::Error) -> Failure {
    let shown = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let shown = shown.display();
    let cause = match error.kind() {
        ErrorKind::AlreadyExists => "it exists already".to_owned(),
        ErrorKind::NotFound => "the folder does not exist".to_owned(),
        ErrorKind::PermissionDenied => "the current user may not write there".to_owned(),
        _ => error.to_string(),
    };
    input(
        "token_out",
        "unwritable",
        format!("cannot write {shown}: {cause}; give another --token-out"),
    )
}
