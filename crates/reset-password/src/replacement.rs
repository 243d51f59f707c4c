//! Files that appear whole or not at all, and whose they are: what replaces a file, or comes to stand beside one, is
//! for the same users.

use std::{
    fs::{self, File, OpenOptions, Permissions},
    io::{self, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown},
    path::{Path, PathBuf},
};

use reset_password_core::{Error, Random};
use reset_password_store::file;

/// Closed to everybody but its owner.
const PRIVATE: u32 = 0o600;

/// Whose a file is, and who may use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ownership {
    owner: u32,
    group: u32,
    mode: u32,
}

impl Ownership {
    /// That of a file.
    pub(crate) fn of(path: &Path) -> Result<Self, Error> {
        let data = fs::metadata(path)
            .map_err(|error| Error::config(file::explain("look at", path, "key_file", &error)))?;
        Ok(Self {
            owner: data.uid(),
            group: data.gid(),
            mode: data.mode() & 0o777,
        })
    }

    /// For nobody but the owner.
    pub(crate) const fn closed(self) -> Self {
        Self {
            mode: PRIVATE,
            ..self
        }
    }

    fn give(self, file: &File) -> io::Result<()> {
        let data = file.metadata()?;
        if (data.uid(), data.gid()) != (self.owner, self.group) {
            fchown(file, Some(self.owner), Some(self.group))?;
        }
        file.set_permissions(Permissions::from_mode(self.mode))
    }
}

/// Puts a file in the place of the one that is there, or where there is none. It is its owner's, or the current
/// user's and closed to all others.
///
/// # Errors
///
/// `config_invalid` when it cannot be written, or the current user cannot give it to that owner. Then nothing has
/// changed.
pub(crate) fn replace(
    path: &Path,
    text: &str,
    owner: Option<Ownership>,
    random: &dyn Random,
) -> Result<(), Error> {
    let draft = write_draft(path, text, owner, random)?;
    fs::rename(&draft, path)
        .and_then(|()| File::open(path.parent().unwrap_or(Path::new("/")))?.sync_all())
        .map_err(|error| Error::config(file::explain("write key file", path, "key_file", &error)))
}

/// Writes a file beside the one that it is to become. Threads, processes and containers may do so at the same
/// moment, and process ids are not unique among containers, so its name is drawn.
pub(crate) fn write_draft(
    path: &Path,
    text: &str,
    owner: Option<Ownership>,
    random: &dyn Random,
) -> Result<PathBuf, Error> {
    let mut name = [0; 8];
    random.fill(&mut name)?;
    let draft = file::with_suffix(path, &format!(".{:016x}.draft", u64::from_le_bytes(name)));
    let failed = |error: &io::Error| {
        Error::config(file::explain("write key file", &draft, "key_file", error))
    };
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(PRIVATE)
        .open(&draft)
        .map_err(|error| failed(&error))?;
    let written = file
        .write_all(text.as_bytes())
        .map_err(|error| failed(&error))
        .and_then(|()| match owner.map(|owner| (owner, owner.give(&file))) {
            Some((owner, Err(_))) => Err(not_ours_to_give(path, owner)),
            _ => file.sync_all().map_err(|error| failed(&error)),
        });
    match written {
        Ok(()) => Ok(draft),
        Err(error) => {
            let _ = fs::remove_file(&draft);
            Err(error)
        }
    }
}

fn not_ours_to_give(path: &Path, owner: Ownership) -> Error {
    let (theirs, me) = (
        file::user(owner.owner),
        file::user(rustix::process::geteuid().as_raw()),
    );
    Error::config(format!(
        "cannot write {} for its owner {theirs} and group {}: the current user {me} may not give files to them; nothing \
         was changed; run this as {theirs} or as root",
        path.display(),
        owner.group,
    ))
}
