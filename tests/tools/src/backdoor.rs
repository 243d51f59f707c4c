//! The database itself, past everything that guards it.

use std::{error::Error, fmt::Write as _, time::Duration};

use mysql::prelude::Queryable;
use reset_password_store::DatabaseUrl;
use rusqlite::OpenFlags;

/// How long it waits for whoever writes.
const PATIENCE: Duration = Duration::from_secs(5);

/// A connection to a database that a surface may be using.
pub enum Backdoor {
    /// To a SQLite file.
    Sqlite(rusqlite::Connection),
    /// To PostgreSQL.
    Postgres(Box<postgres::Client>),
    /// To MySQL or MariaDB.
    Mysql(Box<mysql::Conn>),
}

type Result<T> = std::result::Result<T, Box<dyn Error>>;

impl Backdoor {
    /// Opens a database that is there already.
    ///
    /// # Errors
    ///
    /// Those of the database.
    pub fn open(database_url: &str) -> Result<Self> {
        // The parameters are the engine's, and the database's own programs do not know all of them.
        let plain = database_url.split('?').next().unwrap_or_default();
        Ok(match DatabaseUrl::parse(database_url)? {
            DatabaseUrl::Postgres(_) => {
                Self::Postgres(Box::new(postgres::Client::connect(plain, postgres::NoTls)?))
            }
            DatabaseUrl::Mysql(_) => {
                let options = mysql::Opts::from_url(plain)?;
                let options = mysql::OptsBuilder::from_opts(options).prefer_socket(false);
                Self::Mysql(Box::new(mysql::Conn::new(options)?))
            }
            DatabaseUrl::Sqlite(location) => {
                let reset_password_store::Location::File(path) = location else {
                    return Err("nobody else can look into a database in memory".into());
                };
                let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                let connection = rusqlite::Connection::open_with_flags(path, flags)?;
                connection.busy_timeout(PATIENCE)?;
                Self::Sqlite(connection)
            }
        })
    }

    /// Executes a statement, and answers how many rows it changed.
    ///
    /// # Errors
    ///
    /// Those of the database.
    pub fn execute(&mut self, statement: &str) -> Result<u64> {
        Ok(match self {
            Self::Sqlite(connection) => u64::try_from(connection.execute(statement, ())?)?,
            Self::Postgres(client) => client.execute(statement, &[])?,
            Self::Mysql(connection) => {
                connection.query_drop(statement)?;
                connection.affected_rows()
            }
        })
    }

    /// Keeps everybody else from changing users and resets, until this is dropped.
    ///
    /// # Errors
    ///
    /// Those of the database.
    pub fn lock(&mut self) -> Result<()> {
        match self {
            Self::Sqlite(connection) => connection.execute_batch("BEGIN IMMEDIATE")?,
            Self::Postgres(client) => client.batch_execute(
                "BEGIN; LOCK TABLE reset_password_users, reset_password_resets IN EXCLUSIVE MODE",
            )?,
            Self::Mysql(connection) => {
                connection.query_drop("START TRANSACTION")?;
                for table in ["reset_password_users", "reset_password_resets"] {
                    connection.query_drop(format!("SELECT * FROM {table} FOR UPDATE"))?;
                }
            }
        }
        Ok(())
    }

    /// Bytes, as they are written in a statement.
    #[must_use]
    pub fn literal(&self, bytes: &[u8]) -> String {
        let hex = bytes.iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        match self {
            Self::Postgres(_) => format!("decode('{hex}', 'hex')"),
            Self::Sqlite(_) | Self::Mysql(_) => format!("x'{hex}'"),
        }
    }
}
