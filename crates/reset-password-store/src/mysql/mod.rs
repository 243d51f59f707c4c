//! MySQL and MariaDB, through the `mysql` crate: blocking, and no threads of its own.
//!
//! There are two lanes of connections. Those of the first commit by themselves. Those of the second do
//! not, so a transaction begins with its first statement and costs no round trip to begin.
//!
//! The crate's `buffer-pool` stays off: its queue, shared by all connections, may be in the middle of a change
//! when the process forks, and the child would wait for it for ever. The crate logs nothing.

mod address;
mod connect;
mod connection;
mod error;
mod flavour;
pub(crate) mod health;
mod parse;
mod values;

pub use self::address::MysqlUrl;
use self::connection::MysqlConnection;
use crate::sql::{Access, Connection, Driver, SqlError};

/// The lane of the connections that commit by themselves.
const AUTOCOMMIT: usize = 0;
/// The lane of the connections that commit when they are told to.
const TRANSACTIONS: usize = 1;

/// Makes connections to the servers of a URL.
#[derive(Debug)]
pub(crate) struct MysqlDriver {
    url: MysqlUrl,
}

impl MysqlDriver {
    /// A driver for that URL. Nothing is connected yet.
    pub(crate) const fn new(url: MysqlUrl) -> Self {
        Self { url }
    }
}

impl Driver for MysqlDriver {
    /// Half of the connections each; one each where there may be but one.
    fn lanes(&self) -> Vec<usize> {
        let transactions = self.url.max_connections.div_ceil(2);
        let autocommit = (self.url.max_connections - transactions).max(1);
        vec![autocommit, transactions]
    }

    fn lane(&self, access: Access) -> usize {
        match access {
            Access::Read | Access::Write => AUTOCOMMIT,
            Access::Transaction => TRANSACTIONS,
        }
    }

    fn connect(&self, lane: usize) -> Result<Box<dyn Connection>, SqlError> {
        let autocommit = lane != TRANSACTIONS;
        let session = connect::connect(&self.url, autocommit)?;
        Ok(Box::new(MysqlConnection::new(session, autocommit)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lanes_share_the_connections() {
        let lanes = |count: usize| {
            let url = format!("mysql://u@localhost/d?max_connections={count}");
            MysqlDriver::new(MysqlUrl::parse(&url).unwrap()).lanes()
        };
        assert_eq!(lanes(1), [1, 1]);
        assert_eq!(lanes(2), [1, 1]);
        assert_eq!(lanes(5), [2, 3]);
        assert_eq!(lanes(10), [5, 5]);
    }
}
