//! Files that hold a secret: whose they are, and who else may use them.

use std::{
    fs::{File, Metadata, OpenOptions},
    io::{self, Read as _},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::Path,
};

use reset_password_core::Error;
use reset_password_store::file;
use rustix::fs::{StatVfsMountFlags, fstatvfs};
use zeroize::Zeroizing;

/// Whoever has these may read a secret, or change it, who should not: all others, and the group to write.
pub(crate) const OTHERS: u32 = 0o027;

/// What to do about a secret that is mounted so that nobody can close it there, as in a container.
const MOUNTED: &str = "it is mounted read-only, so close it where it comes from: in Kubernetes with defaultMode: 0400 for \
    the volume and fsGroup for the pod, in Docker with uid and mode: 0400 for the secret, or with chown and chmod for the \
    file that it is mounted from";

/// Opens a file that holds a secret, to read it. `doing` and `option` are for the sentence that says what is
/// wrong with it.
///
/// # Errors
///
/// `config_invalid` when it cannot be opened, is no plain file, belongs to neither the current user nor root,
/// is open to every user of the machine, or can be changed by its group (ASVS 13.3.2, CWE-732).
pub fn open(doing: &str, path: &Path, option: &str) -> Result<File, Error> {
    let failed = |error| Error::config(file::explain(doing, path, option, &error));
    let opened = OpenOptions::new()
        .read(true)
        // A pipe that nobody writes to would be waited for.
        .custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed())
        .open(path)
        .and_then(|file| Ok((file.metadata()?, file)));
    let (data, secret) = opened.map_err(failed)?;
    if data.is_dir() {
        return Err(failed(io::ErrorKind::IsADirectory.into()));
    }
    let me = rustix::process::geteuid().as_raw();
    match problem(&data, me) {
        None => Ok(secret),
        Some((problem, remedy)) => {
            let path = file::absolute(path);
            let path = path.display();
            let remedy = if is_mounted_read_only(&secret) {
                MOUNTED.to_owned()
            } else {
                format!("{remedy} {path}")
            };
            Err(Error::config(format!(
                "the file {path} ({option}) holds a secret and {problem}; {remedy}"
            )))
        }
    }
}

/// The beginning of a text that is a secret: at most so many octets of its file.
///
/// # Errors
///
/// Those of [`open`], and `config_invalid` for what is no text.
pub(crate) fn read(
    doing: &str,
    path: &Path,
    option: &str,
    most: usize,
) -> Result<Zeroizing<String>, Error> {
    let secret = open(doing, path, option)?;
    let mut text = Zeroizing::new(String::with_capacity(most));
    secret
        .take(u64::try_from(most).unwrap_or(u64::MAX))
        .read_to_string(&mut text)
        .map_err(|error| Error::config(file::explain(doing, path, option, &error)))?;
    Ok(text)
}

/// The one line of a file that is a secret, without its end.
///
/// # Errors
///
/// Those of [`open`], and `config_invalid` where it is not one line of 1 to `longest` bytes.
pub fn read_line(
    doing: &str,
    path: &Path,
    option: &str,
    longest: usize,
) -> Result<Zeroizing<String>, Error> {
    let text = read(doing, path, option, longest + 3)?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.is_empty() || line.len() > longest || line.contains(['\n', '\r']) {
        return Err(Error::config(format!(
            "the file of {option} must hold one line of 1 to {longest} bytes"
        )));
    }
    Ok(Zeroizing::new(line.to_owned()))
}

/// What is wrong with it, and how to mend that, before its path; `None` if nothing is. Root may look at everybody's.
fn problem(data: &Metadata, me: u32) -> Option<(String, String)> {
    let mode = data.mode() & 0o777;
    if !data.is_file() {
        return Some((
            "is no plain file".to_owned(),
            "give another one than".to_owned(),
        ));
    }
    if me != 0 && data.uid() != me && data.uid() != 0 {
        let (owner, me) = (file::user(data.uid()), file::user(me));
        return Some((
            format!("belongs to {owner}, who could put another one there"),
            format!("make {me}, who runs this, or root the owner: chown {me}"),
        ));
    }
    (mode & OTHERS != 0).then(|| {
        (
            format!("can be read or changed by other users (mode {mode:03o})"),
            "close it: chmod g-w,o=".to_owned(),
        )
    })
}

/// Whether nobody can change whose it is from where this runs.
fn is_mounted_read_only(file: &File) -> bool {
    fstatvfs(file).is_ok_and(|system| system.f_flag.contains(StatVfsMountFlags::RDONLY))
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt};

    use super::*;

    #[test]
    fn sec96_who_may_use_a_secret_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        fs::write(&path, "secret").unwrap();
        for mode in 0..=0o777 {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let data = fs::metadata(&path).unwrap();
            let is_closed = mode % 8 == 0 && mode / 16 % 2 == 0;
            assert_eq!(problem(&data, data.uid()).is_none(), is_closed, "{mode:o}");
            // Root looks at everybody's; others at their own and root's.
            assert_eq!(problem(&data, 0).is_none(), is_closed, "{mode:o}");
            let is_roots = data.uid() == 0;
            assert_eq!(
                problem(&data, 54_321).is_none(),
                is_closed && is_roots,
                "{mode:o}"
            );
        }
    }

    #[test]
    fn what_is_no_file_is_refused_and_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).unwrap();
        for path in [folder.path(), &pipe] {
            let error = open("read key file", path, "key_file").unwrap_err();
            assert!(error.message().contains("file"), "{error}");
        }
    }
}
