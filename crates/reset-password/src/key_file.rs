//! The file that the secret key is in.

use std::{
    env, fs, io, mem,
    path::{Path, PathBuf},
};

use reset_password_core::{Error, Key, Keyring, Random, keyring::ReloadKeys};
use reset_password_store::{DatabaseUrl, file};
use secrecy::ExposeSecret;
use zeroize::Zeroizing;

use crate::{
    Options,
    replacement::{Ownership, write_draft},
    secret_file,
    system::SystemRandom,
};

/// The environment variable that names a key file.
pub(crate) const VARIABLE: &str = "RESET_PASSWORD_KEY_FILE";
/// No key file is longer: a key and its line end, for each key.
const MAX_OCTETS: usize = 1_024;

/// Where the secret key comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum KeySource {
    /// Given as an option.
    Given,
    /// A file that the application names.
    Named(PathBuf),
    /// The file beside the database, the real one where that is a symbolic link.
    Default(PathBuf),
    /// Made for a database in memory, and gone with it.
    Ephemeral,
}

impl KeySource {
    /// Where the key comes from, for that database.
    pub(crate) fn new(options: &Options, url: &DatabaseUrl) -> Result<Self, Error> {
        if options.key.is_some() {
            return Ok(Self::Given);
        }
        let variable = || {
            env::var_os(VARIABLE)
                .filter(|path| !path.is_empty())
                .map(PathBuf::from)
        };
        if let Some(path) = options.key_file.clone().or_else(variable) {
            return Ok(Self::Named(file::absolute(&path)));
        }
        if url.is_in_memory() {
            return Ok(Self::Ephemeral);
        }
        // A key beside the database is for a database that is a file. On a server every node needs the same
        // key, so nobody makes one by himself.
        url.file().map(|database| Self::Default(file::with_suffix(&file::real(database), ".key"))).ok_or_else(|| {
            Error::config(format!(
                "a database on a server needs a secret key, the same on every node: make one with \
                 `openssl rand -hex 32`, and give it as key, or its file as key_file or in {VARIABLE}"
            ))
        })
    }

    /// The file, if it is one.
    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Self::Named(path) | Self::Default(path) => Some(path),
            Self::Ephemeral | Self::Given => None,
        }
    }

    /// How the keys are read again, where they can be.
    pub(crate) fn reload(self, options: &Options) -> Option<ReloadKeys> {
        self.path()?;
        let options = options.clone();
        Some(Box::new(move |recorded| {
            self.load(&options, Some(recorded), &SystemRandom)
        }))
    }

    /// The keys. `recorded` is the id of the key that the database was last used with; only a database
    /// that has never had one gets a new key.
    pub(crate) fn load(
        &self,
        options: &Options,
        recorded: Option<&str>,
        random: &dyn Random,
    ) -> Result<Keyring, Error> {
        let mut previous = options
            .previous_keys
            .iter()
            .map(|key| Key::from_hex(key.expose_secret(), "previous_keys"))
            .collect::<Result<Vec<_>, _>>()?;
        let mut current = match self {
            Self::Given => {
                let key = options.key.as_ref().map_or("", |key| key.expose_secret());
                Key::from_hex(key, "the option key")?
            }
            Self::Ephemeral => Key::from_hex(&Key::generate_hex(random)?, "memory")?,
            Self::Named(path) => read_key(path)?,
            Self::Default(path) => match recorded {
                Some(id) if !path.exists() => {
                    return Err(Error::config(format!(
                        "the key file {} is missing and the database was last used with key {id}; \
                         restore the file, or give the key as key_file",
                        path.display()
                    )));
                }
                // Others may open the new database at the same moment: what counts is the file that is there
                // afterwards.
                None if !path.exists() => {
                    create(path, beside_database(path)?, random)?;
                    read_key(path)?
                }
                _ => read_key(path)?,
            },
        };
        if let Some(path) = self.path() {
            previous.extend(read_previous(&previous_path(path))?);
            if let Some(next) = recorded.map(|id| next_path(path, id))
                && next.exists()
            {
                // A rotation was cut off, or has not ended yet.
                previous.push(mem::replace(&mut current, read_key(&next)?));
            }
        }
        previous.retain(|key| key.id() != current.id());
        Keyring::new(current, previous)
    }
}

/// The file of the keys that were replaced.
pub(crate) fn previous_path(path: &Path) -> PathBuf {
    file::with_suffix(path, ".previous")
}

/// The file of a key that is about to take the place of the present one: the database may name it already.
pub(crate) fn next_path(path: &Path, id: &str) -> PathBuf {
    file::with_suffix(path, &format!(".next-{id}"))
}

pub(crate) fn read_key(path: &Path) -> Result<Key, Error> {
    Key::from_hex(&read_text(path)?, &format!("the file {}", path.display()))
}

fn read_previous(path: &Path) -> Result<Vec<Key>, Error> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let source = format!("the file {}", path.display());
    read_text(path)?
        .lines()
        .map(|line| Key::from_hex(line, &source))
        .collect()
}

pub(crate) fn read_text(path: &Path) -> Result<Zeroizing<String>, Error> {
    let text = secret_file::read("read key file", path, "key_file", MAX_OCTETS + 1)?;
    if text.len() <= MAX_OCTETS {
        return Ok(text);
    }
    Err(Error::config(format!(
        "the file {} holds more than {MAX_OCTETS} octets, which are no keys; name another key_file",
        path.display()
    )))
}

/// Whose a new key beside a database is: where root makes it, the database's owner's, who could not read it else.
fn beside_database(path: &Path) -> Result<Option<Ownership>, Error> {
    let database = path.with_extension("");
    if rustix::process::geteuid().is_root() && database.exists() {
        return Ok(Some(Ownership::of(&database)?.closed()));
    }
    Ok(None)
}

/// Makes the key file, unless another process has just done so: the file appears whole or not at all.
fn create(path: &Path, owner: Option<Ownership>, random: &dyn Random) -> Result<(), Error> {
    let text = Key::generate_hex(random)?;
    let draft = write_draft(path, &format!("{}\n", *text), owner, random)?;
    let linked = fs::hard_link(&draft, path);
    let _ = fs::remove_file(&draft);
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(Error::config(
            file::explain("create key file", path, "key_file", &error),
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use reset_password_core::{Code, RandomError};

    use super::*;
    use crate::system::SystemRandom;

    /// A source that fails after so many times.
    struct Failing(AtomicU32);

    impl Random for Failing {
        fn fill(&self, buffer: &mut [u8]) -> Result<(), RandomError> {
            let left = self.0.load(Ordering::SeqCst);
            if left == 0 {
                return Err(RandomError("out of order".into()));
            }
            self.0.store(left - 1, Ordering::SeqCst);
            SystemRandom.fill(buffer)
        }
    }

    /// A new database gets no key, and no file is left that could be taken for one.
    #[test]
    fn sec01_no_key_is_made_without_randomness() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("app.db.key");
        for times in 0.. {
            let random = Failing(times.into());
            let made = KeySource::Default(path.clone()).load(&Options::default(), None, &random);
            if made.is_ok() {
                assert_eq!(times, 2, "the key and the name of its draft are drawn");
                break;
            }
            assert_eq!(made.unwrap_err().code(), Code::Internal);
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "{times}");
        }
        let random = Failing(0.into());
        let made = KeySource::Ephemeral.load(&Options::default(), None, &random);
        assert_eq!(made.unwrap_err().code(), Code::Internal);
    }
}
