//! Reading a database URL.
//!
//! ```text
//! mysql://user:password@host:3306,other:3306/database?ssl-ca=/etc/ssl/db.pem&lock_timeout=5000
//! ```

use std::{fmt, net::Ipv6Addr, time::Duration};

use percent_encoding::percent_decode_str;
use reset_password_core::Error;

use super::address::{Host, Isolation, MysqlUrl};

const PARAMETERS: &str = "ssl-mode, ssl-ca, max_connections, connect_timeout, lock_timeout, \
                          statement_timeout, isolation and socket";

impl MysqlUrl {
    /// Reads a URL.
    ///
    /// # Errors
    ///
    /// A sentence that says what is wrong with it. It repeats nothing that may be part of a password.
    pub fn parse(url: &str) -> Result<Self, Error> {
        let (scheme, rest) = url.split_once("://").unwrap_or_default();
        if !["mysql", "mariadb"]
            .iter()
            .any(|known| scheme.eq_ignore_ascii_case(known))
        {
            return Err(wrong("does not begin with mysql:// or mariadb://"));
        }
        let (authority, tail) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        // A password with a raw `/`, `?` or `#` puts its own end and the `@` here. What follows would be
        // read as a database or a parameter, and be named.
        if tail.contains(['@', '#']) {
            return Err(wrong(
                "has an `@` or `#` behind its hosts; write the characters / ? # @ : of a user name, \
                 password or parameter percent-encoded, such as %40 for @",
            ));
        }
        let (path, query) = tail.split_once('?').unwrap_or((tail, ""));
        let (credentials, hosts) = authority.rsplit_once('@').unwrap_or(("", authority));
        let (user, password) = credentials.split_once(':').unwrap_or((credentials, ""));
        let password = decode(password, "password")?;
        let database = decode(path.strip_prefix('/').unwrap_or(path), "database")?;
        if user.is_empty() {
            return Err(wrong(
                "names no user; write mysql://USER:PASSWORD@HOST/DATABASE",
            ));
        }
        if database.is_empty() || database.contains('/') {
            return Err(wrong(
                "names no database; write mysql://USER:PASSWORD@HOST/DATABASE",
            ));
        }
        let mut url = Self {
            hosts: parse_hosts(hosts)?,
            socket: None,
            user: decode(user, "user")?,
            password: (!password.is_empty()).then(|| password.into()),
            database,
            tls: None,
            ca: None,
            max_connections: 10,
            connect_timeout: Duration::from_secs(5),
            lock_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(10),
            isolation: Isolation::ReadCommitted,
        };
        let mut seen = Vec::new();
        for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            if seen.contains(&name) {
                return Err(wrong(format!("gives {name} twice")));
            }
            seen.push(name);
            url.set(name, &decode(value, name)?)?;
        }
        url.check()
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), Error> {
        match name {
            "ssl-mode" | "sslmode" => self.tls = Some(parse_tls(name, value)?),
            "ssl-ca" if value.is_empty() => return Err(wrong("gives ssl-ca without a path")),
            "ssl-ca" => self.ca = Some(value.into()),
            "socket" if value.is_empty() => return Err(wrong("gives socket without a path")),
            "socket" => self.socket = Some(value.to_owned()),
            "max_connections" => {
                self.max_connections = usize::from(number::<u16>(name, value, 1, 1000)?);
            }
            "connect_timeout" => {
                self.connect_timeout = Duration::from_secs(number(name, value, 1, 300)?);
            }
            "lock_timeout" => {
                self.lock_timeout = Duration::from_millis(number(name, value, 1, 600_000)?);
            }
            "statement_timeout" => {
                self.statement_timeout =
                    Duration::from_millis(number(name, value, 100, 3_600_000)?);
            }
            "isolation" => {
                self.isolation = match value {
                    "read-committed" => Isolation::ReadCommitted,
                    "repeatable-read" => Isolation::RepeatableRead,
                    "serializable" => Isolation::Serializable,
                    _ => {
                        return Err(wrong(
                            "must have read-committed, repeatable-read or serializable as isolation",
                        ));
                    }
                }
            }
            _ => {
                return Err(wrong(format!(
                    "has the parameter `{name}`, which is not known; there are {PARAMETERS}"
                )));
            }
        }
        Ok(())
    }

    /// What only the whole of it shows.
    fn check(self) -> Result<Self, Error> {
        if self.tls == Some(false) && self.ca.is_some() {
            return Err(wrong(
                "turns TLS off and gives ssl-ca; leave one of them out",
            ));
        }
        if self.socket.is_none() && self.hosts.is_empty() {
            return Err(wrong("names no host"));
        }
        if self.socket.is_some() && (self.hosts.iter().any(|host| !host.is_loopback())) {
            return Err(wrong("gives a socket and a host that is not localhost"));
        }
        if self.socket.is_some() && (self.tls == Some(true) || self.ca.is_some()) {
            return Err(wrong("asks for TLS on a Unix socket, which needs none"));
        }
        Ok(self)
    }
}

fn wrong(what: impl fmt::Display) -> Error {
    Error::config(format!("the MySQL database URL {what}"))
}

fn decode(text: &str, what: &str) -> Result<String, Error> {
    let decoded = percent_decode_str(text).decode_utf8();
    let decoded = decoded.map_err(|_| wrong(format!("has a {what} that is not UTF-8")))?;
    // The protocol ends user, password and database with a NUL.
    if decoded.contains('\0') {
        return Err(wrong(format!("has a NUL in its {what}")));
    }
    Ok(decoded.into_owned())
}

fn number<T: TryFrom<u32>>(name: &str, value: &str, low: u32, high: u32) -> Result<T, Error> {
    let number = value.parse::<u32>().ok();
    number
        .filter(|number| (low..=high).contains(number))
        .and_then(|number| T::try_from(number).ok())
        .ok_or_else(|| wrong(format!("must have a number from {low} to {high} as {name}")))
}

fn parse_tls(name: &str, value: &str) -> Result<bool, Error> {
    match value.to_ascii_lowercase().as_str() {
        // PostgreSQL's names are taken too, so that one habit does for both.
        "disabled" | "disable" => Ok(false),
        "verify-identity" | "verify_identity" | "verify-full" => Ok(true),
        _ => Err(wrong(format!(
            "must have verify-identity or disabled as {name}; TLS without a look at the server's \
             certificate keeps nobody out"
        ))),
    }
}

/// What stands between `@` and `/`. An error does not repeat it: without an `@` it may be a password.
fn parse_hosts(text: &str) -> Result<Vec<Host>, Error> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    text.split(',').map(parse_host).collect()
}

fn parse_host(text: &str) -> Result<Host, Error> {
    let bad = || {
        wrong(
            "has a host that is not HOST, HOST:PORT or [IPv6]:PORT; a / ? # @ or : of the password \
             must be percent-encoded",
        )
    };
    let (name, port) = match text.strip_prefix('[') {
        Some(address) => {
            let (address, port) = address.split_once(']').ok_or_else(bad)?;
            address.parse::<Ipv6Addr>().map_err(|_| bad())?;
            (address, port)
        }
        None => text.split_at(text.find(':').unwrap_or(text.len())),
    };
    let named = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:".contains(&byte);
    if name.is_empty() || !name.bytes().all(named) {
        return Err(bad());
    }
    let port = match port.strip_prefix(':') {
        Some(port) => port.parse().ok().filter(|port| *port > 0),
        None if port.is_empty() => Some(3306),
        None => None,
    };
    Ok(Host {
        name: name.to_owned(),
        port: port.ok_or_else(bad)?,
    })
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn parsed(url: &str) -> MysqlUrl {
        MysqlUrl::parse(url).expect(url)
    }

    fn refused(url: &str) -> String {
        MysqlUrl::parse(url).expect_err(url).to_string()
    }

    #[test]
    fn everything_that_a_url_can_say() {
        let url = parsed(
            "MariaDB://app%40x:p%2Fw@db1:3307,db2,[::1]:1/my%20db?ssl-ca=/a%40b.pem&max_connections=4\
             &connect_timeout=2&lock_timeout=3000&statement_timeout=1500&isolation=serializable",
        );
        let hosts: Vec<_> = url.hosts.iter().map(ToString::to_string).collect();
        assert_eq!(hosts, ["db1:3307", "db2:3306", "[::1]:1"]);
        assert_eq!(
            (url.user.as_str(), url.database.as_str()),
            ("app@x", "my db")
        );
        let password = url.password.as_ref().map(ExposeSecret::expose_secret);
        assert_eq!(password, Some("p/w"));
        assert_eq!(url.ca, Some("/a@b.pem".into()));
        assert_eq!(
            (url.max_connections, url.isolation),
            (4, Isolation::Serializable)
        );
        assert_eq!(url.connect_timeout, Duration::from_secs(2));
        assert_eq!(url.lock_timeout, Duration::from_secs(3));
        assert_eq!(url.statement_timeout, Duration::from_millis(1500));
        let shown = format!("{url:?}");
        assert!(!shown.contains("p/w") && !shown.contains("app"), "{shown}");
        assert_eq!(url.to_string(), "mysql://db1:3307,db2:3306,[::1]:1/my db");
        assert_eq!(
            parsed("mysql://u@/d?socket=/run/my.sock").socket.as_deref(),
            Some("/run/my.sock")
        );
    }

    #[test]
    fn tls_is_used_beyond_this_machine_unless_it_is_turned_off() {
        let uses = |url: &str| {
            let url = parsed(url);
            url.hosts.iter().all(|host| url.uses_tls(host))
        };
        assert!(uses("mysql://u:p@db/d"));
        assert!(uses("mysql://u:p@10.0.0.1/d"));
        assert!(uses("mysql://u:p@localhost.example/d"));
        assert!(uses("mysql://u:p@127.0.0.1/d?ssl-mode=verify-identity"));
        assert!(uses("mysql://u:p@localhost/d?ssl-ca=/ca.pem"));
        assert!(!uses("mysql://u:p@127.9.9.9,[::1],LocalHost/d"));
        assert!(!uses("mysql://u:p@db/d?ssl-mode=disabled"));
        assert!(!uses("mysql://u:p@db/d?sslmode=disable"));
    }

    #[test]
    fn what_is_wrong_is_said_without_a_word_of_the_password() {
        for url in [
            "mysql://app:hush",
            "mysql://app:hush/d",
            "mysql://app:hu/hush@db/d",
            "mysql://app:hu?hush=1@db/d",
            "mysql://app:hu#hush@db/d",
            "mysql://app:hush@db:hush/d",
            "mysql://app:hush@db",
            "mysql://app:hush@/d",
            "mysql://app:hush@db:0/d",
            "mysql://app:hush@[db]/d",
            "mysql://app:hush%00@db/d",
            "mysql://app:hush%ff@db/d",
            "mysql://:hush@db/d",
            "mysql://app:hush@db/d?ssl-mode=required",
            "mysql://app:hush@db/d?ssl-mode=disabled&ssl-ca=/x",
            "mysql://app:hush@db/d?max_connections=0",
            "mysql://app:hush@db/d?isolation=read-uncommitted",
            "mysql://app:hush@db/d?lock_timeout=1&lock_timeout=2",
            "postgres://app:hush@db/d",
        ] {
            let sentence = refused(url);
            assert!(
                !sentence.contains("hush") && !sentence.contains("app"),
                "{sentence}"
            );
        }
        assert!(refused("mysql://u@db/d?pool=1").contains("`pool`"));
    }
}
