//! A connection that is kept.

use rusqlite::Connection;

use crate::{Rows, database, mariadb, postgresql};

/// A connection that is kept: what one statement begins, the next goes on with. On a server it is the
/// superuser's.
pub struct Session(Client);

/// Whose protocol it speaks.
enum Client {
    Sqlite(Connection),
    Postgres(postgres::Client),
    MariaDb(mysql::Conn),
}

impl Session {
    /// Executes one statement, and answers with its rows.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub fn run(&mut self, statement: &str) -> Result<Rows, String> {
        match &mut self.0 {
            Client::Sqlite(connection) => {
                database::run(connection, statement).map_err(|error| error.to_string())
            }
            Client::Postgres(client) => postgresql::run(client, statement),
            Client::MariaDb(connection) => mariadb::run(connection, statement),
        }
    }
}

impl From<Connection> for Session {
    fn from(connection: Connection) -> Self {
        Self(Client::Sqlite(connection))
    }
}

impl From<postgres::Client> for Session {
    fn from(client: postgres::Client) -> Self {
        Self(Client::Postgres(client))
    }
}

impl From<mysql::Conn> for Session {
    fn from(connection: mysql::Conn) -> Self {
        Self(Client::MariaDb(connection))
    }
}
