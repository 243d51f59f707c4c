//! Which files an engine works on. Others in their places make another engine.

use std::{fs, io, os::unix::fs::MetadataExt, path::Path};

use reset_password_bindings::UserManagement;

/// The file of the database, if it is one, and that of the key, if it came from one.
#[derive(PartialEq, Eq)]
pub struct Files {
    database: Option<File>,
    key: Option<(File, Changed)>,
}

/// Device and number.
type File = (u64, u64);
/// When the file's content was last changed: a key is replaced in its file too.
type Changed = (i64, i64);

impl Files {
    /// Those that are in their places now. Nothing is opened, since whoever closes a database's file ends
    /// locks on it.
    ///
    /// # Errors
    ///
    /// When one is missing.
    pub fn of(handle: &UserManagement) -> io::Result<Self> {
        let stat = |path: Option<&Path>| path.map(fs::metadata).transpose();
        let database = stat(handle.database_file())?;
        let key = stat(handle.key_file())?;
        Ok(Self {
            database: database.map(|file| (file.dev(), file.ino())),
            key: key.map(|file| ((file.dev(), file.ino()), (file.mtime(), file.mtime_nsec()))),
        })
    }
}
