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

/// SQLite opens no file with a longer path than 512, and the names of those beside it are longer than its own.
const MOST_OCTETS: usize = 500;

/// Makes sure that the file is there, ours to write, and closed to other users if it is new.
pub(crate) fn prepare_file(path: &Path) -> Result<(), StoreError> {
    let refuse = |error: io::Error| {
        StoreError::Config(file::explain("open database", path, "--database", &error))
    };
    let unusable = |what: &str| {
        let path = path.display();
        let sentence =
            format!("cannot open database {path}: it is {what}; give another --database");
        Err(StoreError::Config(sentence))
    };
    let real = file::real(path);
    if real.as_os_str().len() > MOST_OCTETS {
        return Err(StoreError::Config(format!(
            "cannot open database: its path is longer than {MOST_OCTETS} octets; give another --database"
        )));
    }
    let folder = real.parent().unwrap_or(&real);
    match fs::metadata(&real) {
        Ok(data) if data.is_dir() => return Err(refuse(io::ErrorKind::IsADirectory.into())),
        Ok(data) if !data.is_file() => return unusable(file::kind(data.file_type())),
        Ok(_) => match may(folder, Access::WRITE_OK | Access::EXEC_OK) {
            Ok(()) => {}
            Err(Errno::ROFS) => return Err(refuse(Errno::ROFS.into())),
            Err(_) => return Err(closed_folder(path, folder)),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound && real.is_symlink() => {
            return unusable("a symbolic link, and the file that it leads to does not exist");
        }
        Err(_) => {}
    }
    for suffix in ["-wal", "-shm", "-journal"] {
        let companion = file::with_suffix(&real, suffix);
        if let Ok(data) = fs::metadata(&companion)
            && !data.is_file()
        {
            return Err(StoreError::Config(format!(
                "cannot open database {}: {} is {}, and SQLite keeps a file of its own there; take it away",
                path.display(),
                companion.display(),
                file::kind(data.file_type()),
            )));
        }
    }
    match mknodat(
        CWD,
        &real,
        FileType::RegularFile,
        Mode::RUSR | Mode::WUSR,
        0,
    ) {
        Ok(()) => Ok(()),
        Err(Errno::EXIST) => {
            may(&real, Access::READ_OK | Access::WRITE_OK).map_err(|error| refuse(error.into()))
        }
        Err(error) => Err(refuse(error.into())),
    }
}

fn closed_folder(path: &Path, folder: &Path) -> StoreError {
    StoreError::Config(format!(
        "cannot open database {}: SQLite keeps its write-ahead log beside it, and the folder belongs \
         to {} and is closed to the current user {}; change its owner or mode, or give another \
         --database",
        path.display(),
        fs::metadata(folder).map_or_else(|_| "another".to_owned(), |data| file::user(data.uid())),
        file::user(rustix::process::geteuid().as_raw()),
    ))
}

/// Whether the user that this process works as may do that, and why not.
fn may(path: &Path, access: Access) -> Result<(), Errno> {
    accessat(CWD, path, access, AtFlags::EACCESS)
}
