//! Where a scenario's database is: a folder of its own, and in it SQLite's file, or a database of its own on a
//! server.

use std::path::{Path, PathBuf};

use reset_password_test_databases::{Backend, Database, Kind};
use serde_json::{Map, Value};

use crate::{another_system, private};

/// The names of the databases that scenarios are played on.
pub const DATABASES: [&str; 8] = [
    "sqlite",
    "postgres14",
    "postgres15",
    "postgres18",
    "mariadb10.11",
    "mariadb11.4",
    "pgbouncer",
    "galera",
];

/// The secret key of every database on a server: nobody makes one by himself there.
const KEY: &str = "6b1f7f0f2b8f4d1f8e0f9a3c5d7e9f01a2b3c4d5e6f708192a3b4c5d6e7f8091";

/// A folder and a database.
pub struct Place {
    folder: PathBuf,
    database: Database,
    key_file: Option<PathBuf>,
    /// The users' table of another system, where there is one.
    users: Option<another_system::Table>,
}

/// The database of that name.
pub fn backend(name: &str) -> Result<Backend, String> {
    match name {
        "sqlite" => Ok(Backend::SqliteFile),
        "pgbouncer" => Ok(Backend::PgBouncer),
        "galera" => Ok(Backend::Galera),
        server => server.parse::<Kind>().map(Backend::Server),
    }
}

impl Place {
    /// A new database, in a folder that is there.
    pub fn new(backend: Backend, folder: &Path) -> Result<Self, String> {
        let key_file = if backend == Backend::SqliteFile {
            None
        } else {
            let path = folder.join("secret.key");
            private::write(&path, KEY.as_bytes()).map_err(|error| error.to_string())?;
            Some(path)
        };
        Ok(Self {
            folder: folder.to_owned(),
            database: Database::new(backend, folder),
            key_file,
            users: None,
        })
    }

    /// The same with the users' table of another system.
    pub fn of_another_system(backend: Backend, folder: &Path) -> Result<Self, String> {
        let mut place = Self::new(backend, folder)?;
        place.users = Some(another_system::Table::new(&place.database)?);
        Ok(place)
    }

    /// The users' table of another system, where there is one.
    pub const fn another_system(&self) -> Option<&another_system::Table> {
        self.users.as_ref()
    }

    /// The same, as `open` takes it.
    pub fn users(&self) -> Option<&'static str> {
        self.users.as_ref().map(|_| another_system::USERS)
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The database, as `open` takes it.
    pub fn url(&self) -> &str {
        self.database.url()
    }

    /// The key's file, if it is not the one beside SQLite's.
    pub fn key_file(&self) -> Option<&Path> {
        self.key_file.as_deref()
    }

    /// Gives `open` the key that a server needs, unless it names one, and the users' table.
    pub fn complete(&self, options: &mut Map<String, Value>) {
        if let Some(users) = self.users() {
            options.insert("users".to_owned(), users.into());
        }
        let names_one = ["key", "key_file"]
            .iter()
            .any(|name| options.get(*name).is_some_and(|value| !value.is_null()));
        if let Some(path) = self.key_file.as_ref().filter(|_| !names_one) {
            options.insert("key_file".to_owned(), path.to_string_lossy().into());
        }
    }
}
