//! Files that hold a secret.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use reset_password::Error;

/// Refuses a secret that other users of the machine can read.
pub(crate) fn check_private(path: &Path, option: &str) -> Result<(), Error> {
    const OTHERS: u32 = 0o007;
    let mode = fs::metadata(path).map(|data| data.permissions().mode());
    if mode.is_ok_and(|mode| mode & OTHERS != 0) {
        return Err(Error::config(format!(
            "the file {} ({option}) holds a secret and is open to every user of this machine; close \
             it: chmod o= {0}",
            path.display()
        )));
    }
    Ok(())
}
