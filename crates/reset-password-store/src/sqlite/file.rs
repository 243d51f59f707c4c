//! The database's file: whether it can be used, and what to say when it cannot.
//!
//! A file that is there is looked at without opening it: closing it again would drop the locks that
//! another SQLite in this process, the application's own, holds on it.

use std::{
    fs::{self, OpenOptions},
    io,
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::Path,
};

use reset_password_core::store::StoreError;
use rustix::fs::{Access, access};

use crate::file;

/// Makes sure that the file is there, ours to write, and closed to other users if it is new.
pub(crate) fn prepare_file(path: &Path) -> Result<(), StoreError> {
    let refuse = |error: io::Error| {
        StoreError::Config(file::explain("open database", path, "--database", &error))
    };
    if path.is_dir() {
        return Err(refuse(io::ErrorKind::IsADirectory.into()));
    }
    let folder = path.parent().unwrap_or(path);
    if path.exists() && access(folder, Access::WRITE_OK | Access::EXEC_OK).is_err() {
        return Err(StoreError::Config(format!(
            "cannot open database {}: SQLite keeps its write-ahead log beside it, and the folder belongs \
             to {} and is closed to the current user {}; change its owner or mode, or give another \
             --database",
            path.display(),
            fs::metadata(folder)
                .map_or_else(|_| "another".to_owned(), |data| file::user(data.uid())),
            file::user(rustix::process::geteuid().as_raw()),
        )));
    }
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    match made {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            access(path, Access::READ_OK | Access::WRITE_OK).map_err(|error| refuse(error.into()))
        }
        Err(error) => Err(refuse(error)),
    }
}
