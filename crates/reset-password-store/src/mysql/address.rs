//! Where a MySQL or MariaDB server is, and how to speak to it.

use std::{fmt, net::IpAddr, path::PathBuf, time::Duration};

use secrecy::SecretString;

/// A server, as the URL names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Host {
    pub(super) name: String,
    pub(super) port: u16,
}

impl Host {
    /// Whether what is said to it stays on this machine.
    pub(super) fn is_loopback(&self) -> bool {
        self.name.eq_ignore_ascii_case("localhost")
            || self
                .name
                .parse::<IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    }
}

impl fmt::Display for Host {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.name.contains(':') {
            write!(formatter, "[{}]:{}", self.name, self.port)
        } else {
            write!(formatter, "{}:{}", self.name, self.port)
        }
    }
}

/// What a transaction sees of others that run at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Isolation {
    ReadCommitted,
    RepeatableRead,
    Serializable,
}

impl Isolation {
    /// As the server's variable has it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::ReadCommitted => "READ-COMMITTED",
            Self::RepeatableRead => "REPEATABLE-READ",
            Self::Serializable => "SERIALIZABLE",
        }
    }
}

/// What a database URL says. It shows neither user nor password.
#[derive(Clone)]
pub struct MysqlUrl {
    /// At least one, unless there is a socket.
    pub(super) hosts: Vec<Host>,
    /// A Unix socket, instead of the hosts.
    pub(super) socket: Option<String>,
    pub(super) user: String,
    pub(super) password: Option<SecretString>,
    pub(super) database: String,
    /// Whether to use TLS, where the URL says it.
    pub(super) tls: Option<bool>,
    /// The certificates that the server's may be signed by, besides the public ones.
    pub(super) ca: Option<PathBuf>,
    pub(super) max_connections: usize,
    /// How long to wait for a connection. What is said on a new one is bounded as any statement is.
    pub(super) connect_timeout: Duration,
    pub(super) lock_timeout: Duration,
    pub(super) statement_timeout: Duration,
    pub(super) isolation: Isolation,
}

impl MysqlUrl {
    /// Whether a connection to that host is encrypted and the server proves who it is.
    pub(super) fn uses_tls(&self, host: &Host) -> bool {
        self.tls
            .unwrap_or_else(|| self.ca.is_some() || !host.is_loopback())
    }

    /// Whether what is said to the servers stays on this machine.
    pub(super) fn is_local(&self) -> bool {
        self.socket.is_some() || self.hosts.iter().all(Host::is_loopback)
    }
}

/// Where the database is, without the user.
impl fmt::Display for MysqlUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("mysql://")?;
        for (index, host) in self.hosts.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(formatter, "{comma}{host}")?;
        }
        write!(formatter, "/{}", self.database)
    }
}

impl fmt::Debug for MysqlUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("MysqlUrl")
            .field("hosts", &self.hosts)
            .field("database", &self.database)
            .finish_non_exhaustive()
    }
}
