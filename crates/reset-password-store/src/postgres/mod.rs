//! PostgreSQL, 14 and newer, directly or behind a transaction pooler.

mod address;
mod connect;
mod connection;
mod error;
pub(crate) mod health;
mod parameters;
mod pooler;
mod schema;
mod session;
mod tls;
mod value;

use std::sync::Arc;

use reset_password_core::Error;

pub use self::address::PostgresUrl;
pub(crate) use self::schema::prepare;
use self::{connect::Connector, connection::PostgresConnection, tls::Tls};
use crate::sql::{Access, Connection, Driver, SqlError};

/// A PostgreSQL database, on the one of its servers that writes.
///
/// A call never waits for ever: making a connection takes at most `connect_timeout` for each address of a
/// host, a statement at most `statement_timeout` and a few seconds, whatever the network does. The server
/// has the same limits for whatever changes something; a single read that nobody waits for any more it only
/// gives up if its user has a `statement_timeout` (`ALTER ROLE … SET statement_timeout`).
///
/// A call waits on its thread and must not be made inside an async task; a connection may be dropped there.
///
/// A child must neither use nor drop its parent's connections: both would send to the same server's end.
pub(crate) struct PostgresDriver {
    connector: Connector,
    begin: Arc<str>,
}

impl PostgresDriver {
    /// Makes no connection yet.
    ///
    /// # Errors
    ///
    /// `config_invalid` if the certificates of the authorities to trust cannot be read.
    pub(crate) fn new(url: PostgresUrl) -> Result<Self, Error> {
        let tls = Tls::new(&url)?;
        let begin = connection::begin(&url).into();
        Ok(Self {
            connector: Connector::new(url, tls),
            begin,
        })
    }

    /// Where the database is.
    pub(crate) const fn url(&self) -> &PostgresUrl {
        &self.connector.url
    }
}

impl Driver for PostgresDriver {
    fn lanes(&self) -> Vec<usize> {
        vec![self.url().max_connections()]
    }

    fn lane(&self, _: Access) -> usize {
        0
    }

    fn connect(&self, _: usize) -> Result<Box<dyn Connection>, SqlError> {
        let session = self.connector.connect()?;
        let begin = Arc::clone(&self.begin);
        let limit = self.url().statement_timeout();
        let connection = PostgresConnection::new(session, begin, limit)?;
        Ok(Box::new(connection))
    }
}
