//! Replacing the key that is in a file.
//!
//! The new key is in a file of its own, `<key_file>.next-<id>`, before the database names it, and takes the old one's
//! place after that. Whenever it is cut off, the key that the database names is in a file that `open` reads.

use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
    sync::Arc,
};

use reset_password_core::{Code, Error, Key, Keyring, Random};
use zeroize::Zeroizing;

use crate::{
    key_file::{next_path, previous_path, read_key, read_text},
    replacement::{Ownership, replace},
    secret_file,
};

/// A rotation that is under way.
pub(crate) struct KeyRotation {
    path: PathBuf,
    /// The old key and those before it that live links were made with.
    kept: Zeroizing<String>,
    key: Arc<Key>,
    /// The old file, locked: another rotation on this machine is refused meanwhile.
    _lock: File,
}

impl KeyRotation {
    /// Makes a new key and writes it beside the present one, which is the one `recorded` in the database. `in_use`
    /// are the ids of keys that live links were made with; earlier keys that no link needs will be dropped.
    pub(crate) fn begin(
        path: &Path,
        recorded: &str,
        in_use: &[String],
        random: &dyn Random,
    ) -> Result<Self, Error> {
        if path.is_symlink() {
            return Err(Error::config(format!(
                "{} is a symbolic link, and the key would not be replaced where it leads to; give that file as key_file",
                path.display()
            )));
        }
        let lock = secret_file::open("read key file", path, "key_file")?;
        // Not every file system has locks. The database decides in any case.
        if let Err(TryLockError::WouldBlock) = lock.try_lock() {
            return Err(Error::config(
                "another process is replacing the key at this moment; nothing was changed here",
            ));
        }
        let unended = next_path(path, recorded);
        if unended.exists() {
            put_in_place(path, &unended, &kept(path, in_use)?, random)?;
        }
        let before = read_key(path)?.id().to_owned();
        if before != recorded {
            return Err(Error::config(format!(
                "the database belongs to key {recorded}, and {} holds key {before}; put that key in the file \
                 before it is replaced",
                path.display()
            )));
        }
        let text = Key::generate_hex(random)?;
        let key = Key::from_hex(&text, "the new key")?;
        let kept = kept(path, in_use)?;
        // Whose the key is has to stay as it is: who cannot see to that is refused here, and nothing has changed.
        let next = next_path(path, key.id());
        replace(
            &next,
            &format!("{}\n", *text),
            Some(Ownership::of(path)?),
            random,
        )?;
        Ok(Self {
            path: path.to_owned(),
            kept,
            key: Arc::new(key),
            _lock: lock,
        })
    }

    /// The new key.
    pub(crate) const fn key(&self) -> &Arc<Key> {
        &self.key
    }

    /// Ends the rotation, once the database has said whether it names the new key. Answers its id.
    pub(crate) fn end(
        self,
        replaced: Result<(), Error>,
        random: &dyn Random,
    ) -> Result<String, Error> {
        let next = next_path(&self.path, self.key.id());
        if let Err(error) = replaced {
            // Where the outcome is not known, the database may name it.
            if error.code() == Code::ConfigInvalid {
                let _ = fs::remove_file(&next);
            }
            return Err(error);
        }
        put_in_place(&self.path, &next, &self.kept, random)?;
        Ok(self.key.id().to_owned())
    }
}

/// The key that is replaced, and those before it that are in use.
fn kept(path: &Path, in_use: &[String]) -> Result<Zeroizing<String>, Error> {
    let mut kept = Zeroizing::new(format!("{}\n", read_text(path)?.trim()));
    let previous = previous_path(path);
    if previous.exists() {
        for line in read_text(&previous)?.lines() {
            let key = Key::from_hex(line, "the file of previous keys")?;
            if in_use.iter().any(|id| id == key.id()) && !kept.contains(line.trim()) {
                kept.push_str(line.trim());
                kept.push('\n');
            }
        }
    }
    if kept.lines().count() > Keyring::MAX_PREVIOUS {
        return Err(Error::config(format!(
            "live links still need {} earlier keys; rotate again when the oldest links have expired",
            Keyring::MAX_PREVIOUS
        )));
    }
    Ok(kept)
}

/// Gives the new key the place of the old one, which goes to the earlier ones first.
fn put_in_place(path: &Path, next: &Path, kept: &str, random: &dyn Random) -> Result<(), Error> {
    let text = read_text(next)?;
    let owner = Some(Ownership::of(path)?);
    replace(&previous_path(path), kept, owner, random)?;
    replace(path, &text, owner, random)?;
    let _ = fs::remove_file(next);
    Ok(())
}
