//! Where a database is: every form of a URL, and what a wrong one says.

use std::path::Path;

use reset_password_core::Error;

use crate::{mysql::MysqlUrl, postgres::PostgresUrl, sqlite::Location};

/// Where a database is.
#[derive(Clone)]
pub enum DatabaseUrl {
    /// SQLite: a file, or memory.
    Sqlite(Location),
    /// PostgreSQL.
    Postgres(PostgresUrl),
    /// MySQL or MariaDB.
    Mysql(MysqlUrl),
}

impl DatabaseUrl {
    /// Reads a database URL: a bare path, `sqlite:path` or `sqlite://path` (relative),
    /// `sqlite:///absolute/path`, `sqlite::memory:` or `:memory:`; `postgres://…` or `postgresql://…`;
    /// `mysql://…` or `mariadb://…`.
    ///
    /// # Errors
    ///
    /// `config_invalid` for anything else. The URL is never repeated: it may hold credentials.
    pub fn parse(url: &str) -> Result<Self, Error> {
        let scheme = url
            .split_once(':')
            .map(|(scheme, _)| scheme.to_ascii_lowercase());
        match scheme.as_deref() {
            Some("postgres" | "postgresql") => PostgresUrl::parse(url).map(Self::Postgres),
            Some("mysql" | "mariadb") => MysqlUrl::parse(url).map(Self::Mysql),
            _ => Location::parse(url).map(Self::Sqlite),
        }
    }

    /// The file, if it is one.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(Location::File(path)) => Some(path),
            Self::Sqlite(Location::Memory) | Self::Postgres(_) | Self::Mysql(_) => None,
        }
    }

    /// Which database it is, without what opens it: no user name, no password, no option.
    #[must_use]
    pub fn place(&self) -> String {
        match self {
            Self::Sqlite(Location::File(path)) => path.display().to_string(),
            Self::Sqlite(Location::Memory) => ":memory:".to_owned(),
            Self::Postgres(url) => url.place(),
            Self::Mysql(url) => url.to_string(),
        }
    }

    /// Whether the database is on a server, which other machines use too.
    #[must_use]
    pub const fn is_on_a_server(&self) -> bool {
        match self {
            Self::Postgres(_) | Self::Mysql(_) => true,
            Self::Sqlite(_) => false,
        }
    }

    /// Whether the database is in this process's memory alone.
    #[must_use]
    pub const fn is_in_memory(&self) -> bool {
        matches!(self, Self::Sqlite(Location::Memory))
    }
}
