//! The handle that applications hold.

use std::{ops::Deref, path::Path, sync::Arc};

use reset_password_core::{Clock, Engine, Error, Event, Key, Scribe};
use reset_password_store::{Location, SqliteStore};

use crate::{
    Options,
    key_file::{self, KeySource},
    system::{SystemClock, SystemRandom},
};

/// Users and their password resets, on a database.
///
/// A handle is cheap to clone and may be used from any number of tasks and threads at once. It may be
/// opened before a fork and used in parent and child. The operations are those of [`Engine`], which it
/// dereferences to.
///
/// ```
/// # async fn example() -> Result<(), reset_password::Error> {
/// use reset_password::{CreateUser, Options, UserManagement};
/// use secrecy::ExposeSecret;
///
/// let user_management = UserManagement::open("sqlite::memory:", Options::default()).await?;
/// user_management
///     .create_user(CreateUser { email: "ada@example.com".into(), ..CreateUser::default() })
///     .await?;
///
/// let reset = user_management.create_password_reset("ada@example.com").await?;
/// let token = reset.password_reset_token.expose_secret();
///
/// let user = user_management.reset_password(token, "a long walk by the sea").await?;
/// assert!(user.email_verified);
/// # Ok(())
/// # }
/// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
/// ```
#[derive(Clone)]
pub struct UserManagement {
    engine: Arc<Engine<SqliteStore>>,
    key_source: KeySource,
}

impl UserManagement {
    /// Opens a database: a bare path, `sqlite:path`, `sqlite:///absolute/path` or `sqlite::memory:`.
    /// The file is made if there is none; its tables are brought up to date.
    ///
    /// # Errors
    ///
    /// `config_invalid` with a sentence that says what to mend, `unsupported` for a database that is
    /// not in this build, `storage_unavailable`.
    pub async fn open(database_url: &str, options: Options) -> Result<Self, Error> {
        let checked = options.check()?;
        let location = Location::parse(database_url)?;
        let key_source = KeySource::new(&options, &location);
        let store = SqliteStore::open(location, options.migrate, SystemClock.now()).await?;
        let recorded = store.key_id().await?;
        let keys = key_source.load(&options, recorded.as_deref(), &SystemRandom)?;
        let current = keys.current();
        match recorded {
            Some(id) if keys.find(&id).is_none() => return Err(other_key(&id)),
            Some(id) if id == current.id() => store.renew_marks(&Scribe::new(&keys)).await?,
            Some(_) => replace_key(&store, current, &Scribe::new(&keys)).await?,
            None => {
                let id = store.record_first_key_id(current.id()).await?;
                if keys.find(&id).is_none() {
                    return Err(other_key(&id));
                }
            }
        }
        store.close().await;
        let engine = Engine::new(store, options.config(checked, keys))?;
        Ok(Self {
            engine: Arc::new(engine),
            key_source,
        })
    }

    /// Ends the connections of this process, each after its current use. What needs one later opens it
    /// again, an operation that is still hashing too.
    pub async fn close(&self) {
        self.engine.store().close().await;
    }

    /// The file that the secret key came from, if it came from one.
    #[must_use]
    pub fn key_file(&self) -> Option<&Path> {
        self.key_source.path()
    }

    /// Whether the database is in this process's memory alone.
    #[must_use]
    pub fn is_in_memory(&self) -> bool {
        self.engine.store().location() == &Location::Memory
    }

    /// Puts a new secret key in the key file and keeps the old one beside it, so that links that are
    /// out go on working. Answers the new key's id. Handles that are open keep the old key: open them
    /// again, in every process.
    ///
    /// # Errors
    ///
    /// `config_invalid` when the key does not come from a file, or too many earlier keys are in use.
    pub async fn rotate_key(&self) -> Result<String, Error> {
        let Some(path) = self.key_source.path() else {
            return Err(Error::config(
                "the key does not come from a file: give a new one as key, and the old one among \
                 previous_keys",
            ));
        };
        let store = self.engine.store();
        let in_use = store.key_ids_in_use(SystemClock.now()).await?;
        let key = key_file::rotate(path, &in_use, &SystemRandom)?;
        replace_key(store, &key, &self.engine.scribe().with(&key)).await?;
        Ok(key.id().to_owned())
    }
}

impl Deref for UserManagement {
    type Target = Engine<SqliteStore>;

    fn deref(&self) -> &Self::Target {
        &self.engine
    }
}

async fn replace_key(store: &SqliteStore, key: &Key, scribe: &Scribe<'_>) -> Result<(), Error> {
    let now = SystemClock.now();
    let event = |before: &str| Event::of_key_rotation(key.id(), before, now, &SystemRandom);
    Ok(store.replace_key_id(key.id(), &event, scribe).await?)
}

fn other_key(id: &str) -> Error {
    Error::config(format!(
        "the database was last used with key {id}, which is not among the keys given; give that key, \
         or list it among previous_keys"
    ))
}
