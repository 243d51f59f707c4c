//! The file that says how far the audit trail of a database had come: `<key_file>.trail-<name>`, outside of it.

use std::{
    io::Read as _,
    path::{Path, PathBuf},
};

use reset_password_core::{Error, Random, audit::AuditMark};
use reset_password_store::{DatabaseUrl, file};

use crate::{
    replacement::{Ownership, replace},
    secret_file,
};

/// Longer is no mark of ours: one line for each chain, of which there are at most 255.
const MAX_OCTETS: u64 = 32 * 1_024;

/// Where the mark of a database is kept whose key is in that file.
pub(crate) fn path(key_file: &Path, url: &DatabaseUrl) -> PathBuf {
    file::with_suffix(key_file, &format!(".{}", AuditMark::name_for(&url.place())))
}

/// The mark; `None` if there is none yet.
pub(crate) fn read(path: &Path) -> Result<Option<AuditMark>, Error> {
    if !path.exists() {
        return Ok(None);
    }
    let mut text = String::new();
    let file = secret_file::open("read audit mark", path, "key_file")?;
    let read = file.take(MAX_OCTETS).read_to_string(&mut text);
    let mark = read.ok().and_then(|_| AuditMark::parse(&text));
    mark.map(Some).ok_or_else(|| {
        Error::config(format!(
            "the file {} holds no mark of an audit trail; look into it, and remove it to begin with a new one",
            path.display()
        ))
    })
}

/// Keeps the mark in the place of the one before, for the same users. The first one that root keeps is for those of the
/// key file: they have to move it on.
pub(crate) fn write(
    path: &Path,
    key_file: &Path,
    mark: &AuditMark,
    random: &dyn Random,
) -> Result<(), Error> {
    let owner = if path.exists() {
        Some(Ownership::of(path)?)
    } else if rustix::process::geteuid().is_root() {
        Some(Ownership::of(key_file)?)
    } else {
        None
    };
    replace(path, &mark.to_string(), owner, random)
}
