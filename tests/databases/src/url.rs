//! The URL of a database.

use std::{
    fmt,
    net::{SocketAddr, ToSocketAddrs},
    str::FromStr,
};

/// The parts of `scheme://user:password@host:port/database`.
///
/// Nothing in it is percent-encoded: what is made here needs none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    pub scheme: String,
    pub user: String,
    pub password: String,
    pub host: String,
    pub port: u16,
    pub database: String,
}

impl Url {
    /// The same of another database.
    pub fn of(&self, database: &str) -> Self {
        Self {
            database: database.to_owned(),
            ..self.clone()
        }
    }

    /// The same at another address.
    pub fn at(&self, address: SocketAddr) -> Self {
        Self {
            host: address.ip().to_string(),
            port: address.port(),
            ..self.clone()
        }
    }

    /// Where the server listens.
    pub fn address(&self) -> SocketAddr {
        let found = (self.host.as_str(), self.port).to_socket_addrs();
        let first = found.expect("the server's host has an address").next();
        first.expect("the server's host has an address")
    }
}

impl FromStr for Url {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = || {
            let (scheme, rest) = text.split_once("://")?;
            let (login, rest) = rest.rsplit_once('@')?;
            let (user, password) = login.split_once(':')?;
            let (host, rest) = rest.split_once(':')?;
            let (port, database) = rest.split_once('/').unwrap_or((rest, ""));
            Some(Self {
                scheme: scheme.to_owned(),
                user: user.to_owned(),
                password: password.to_owned(),
                host: host.to_owned(),
                port: port.parse().ok()?,
                database: database.to_owned(),
            })
        };
        parts().ok_or_else(|| "it is not like scheme://user:password@host:port/database".to_owned())
    }
}

impl fmt::Display for Url {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}://{}:{}@{}:{}/{}",
            self.scheme, self.user, self.password, self.host, self.port, self.database
        )
    }
}

/// The name of a URL's database.
pub fn name_of(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or_default()
}

/// The same database reached at another address, for example that of a [`Proxy`](crate::Proxy).
#[must_use]
pub fn through(url: &str, address: SocketAddr) -> String {
    let url: Url = url.parse().expect("the URL was made here");
    url.at(address).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_read_as_it_is_written() {
        let text = "postgres://user:secret@127.0.0.1:5432/name";
        let url: Url = text.parse().unwrap();
        assert_eq!(url.to_string(), text);
        assert_eq!(url.port, 5432);
    }

    #[test]
    fn the_address_alone_is_replaced() {
        let address = "127.0.0.1:7".parse().unwrap();
        let there = through("mysql://user:secret@localhost:3306/name", address);
        assert_eq!(there, "mysql://user:secret@127.0.0.1:7/name");
    }

    #[test]
    fn a_url_without_a_password_is_refused() {
        assert!(
            "postgres://user@127.0.0.1:5432/name"
                .parse::<Url>()
                .is_err()
        );
    }
}
