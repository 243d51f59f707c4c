//! The database's file: whether it can be used, and what to say when it cannot.
//!
//! The file is looked at, and made, without opening it: closing it again would drop the locks that another
//! SQLite in this process, the application's own, holds on it.

use std::{fs, io, os::unix::fs::MetadataExt, path::Path};

use reset_password_core::store::StoreError;
use rustix::{
    fs::{Access, AtFlags, CWD, FileType, Mode, accessat, mknodat},
    io::Errno,
};

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
    if path.exists() && !may(folder, Access::WRITE_OK | Access::EXEC_OK) {
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
    match mknodat(CWD, path, FileType::RegularFile, Mode::RUSR | Mode::WUSR, 0) {
        Ok(()) => Ok(()),
        Err(Errno::EXIST) if may(path, Access::READ_OK | Access::WRITE_OK) => Ok(()),
        Err(Errno::EXIST) => Err(refuse(io::ErrorKind::PermissionDenied.into())),
        Err(error) => Err(refuse(error.into())),
    }
}

/// Whether the user that this process works as may do that.
fn may(path: &Path, access: Access) -> bool {
    accessat(CWD, path, access, AtFlags::EACCESS).is_ok()
}
