//! A users' table that is there already: told by a preset's name, in a file, or as it is.

use std::{fs::File, io::Read as _, path::Path};

use reset_password_core::Error;
use reset_password_store::{UserMapping, file};

/// What a check of a users' table found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsersCheck {
    /// Whether a whole reset was tried, and undone. There may be no account to try it on.
    pub rehearsed: bool,
    /// What does not keep a reset from working, and should be known: a sentence for each.
    pub warnings: Vec<String>,
}

/// Longest file in bytes.
const LONGEST: u64 = 64 * 1_024;

/// Reads what the option `users` says.
pub(crate) fn read(users: &str) -> Result<UserMapping, Error> {
    let path = Path::new(users);
    let is_a_file = !users.contains('\n') && path.extension().is_some_and(|end| end == "toml");
    if !is_a_file {
        return UserMapping::parse(users);
    }
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(LONGEST).read_to_string(&mut text));
    read.map_err(|error| Error::config(file::explain("read users' table", path, "users", &error)))?;
    // A file of comments alone is a mapping, not a preset's name.
    UserMapping::parse(&format!("{text}\n"))
}
