//! What went wrong with a file, for the person who must mend it.

use std::{
    fs, io,
    os::unix::fs::{FileTypeExt, MetadataExt},
    path::{Path, PathBuf},
};

/// The path from the root, for errors: a relative one says nothing to whoever reads a log.
#[must_use]
pub fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// The file itself where the path is a symbolic link: what stands beside a file stands there.
#[must_use]
pub fn real(path: &Path) -> PathBuf {
    if path.is_symlink() {
        return path.canonicalize().unwrap_or_else(|_| path.to_owned());
    }
    path.to_owned()
}

/// The path with something behind its name.
#[must_use]
pub fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// A sentence that names the file in its absolute form, the cause and the remedy. `doing` is a verb
/// and a noun such as `open database`; `option` is what names the path.
#[must_use]
pub fn explain(doing: &str, path: &Path, option: &str, error: &io::Error) -> String {
    let path = absolute(path);
    let shown = path.display();
    let folder = path.parent().unwrap_or(&path);
    let (cause, remedy) = match error.kind() {
        io::ErrorKind::NotFound if !folder.is_dir() => (
            "the folder does not exist".to_owned(),
            format!("create it or give another {option}"),
        ),
        io::ErrorKind::NotFound => (
            "the file does not exist".to_owned(),
            format!("create it or give another {option}"),
        ),
        io::ErrorKind::PermissionDenied => {
            let barrier = if path.exists() {
                path.as_path()
            } else {
                folder
            };
            let owner =
                fs::metadata(barrier).map_or_else(|_| "another".to_owned(), |m| user(m.uid()));
            let me = user(rustix::process::geteuid().as_raw());
            let what = if barrier == folder {
                "the folder"
            } else {
                "the file"
            };
            (
                format!("{what} belongs to {owner} and the current user is {me}"),
                format!("run as {owner}, change its owner or mode, or give another {option}"),
            )
        }
        io::ErrorKind::IsADirectory => (
            "it is a folder".to_owned(),
            format!("give a file as {option}"),
        ),
        io::ErrorKind::NotADirectory => (
            "part of the path is a file".to_owned(),
            format!("give another {option}"),
        ),
        io::ErrorKind::InvalidData => (
            "it holds no text".to_owned(),
            format!("give another {option}"),
        ),
        io::ErrorKind::InvalidFilename => (
            "its name is too long".to_owned(),
            format!("give another {option}"),
        ),
        io::ErrorKind::ReadOnlyFilesystem => (
            "the file system is read-only".to_owned(),
            format!("mount it writable, or give another {option}"),
        ),
        io::ErrorKind::StorageFull => (
            "the disk is full".to_owned(),
            "make room and try again".to_owned(),
        ),
        _ => (
            error.to_string(),
            format!("mend that or give another {option}"),
        ),
    };
    format!("cannot {doing} {shown}: {cause}; {remedy}")
}

/// What something is that is no plain file.
#[must_use]
pub fn kind(kind: fs::FileType) -> &'static str {
    if kind.is_dir() {
        "a folder"
    } else if kind.is_fifo() {
        "a pipe"
    } else if kind.is_socket() {
        "a socket"
    } else if kind.is_symlink() {
        "a symbolic link"
    } else {
        "a device"
    }
}

/// A user's name and number.
#[must_use]
pub fn user(uid: u32) -> String {
    uzers::get_user_by_uid(uid).map_or_else(
        || format!("user {uid}"),
        |user| user.name().to_string_lossy().into_owned(),
    )
}
