//! The URL of a PostgreSQL database: `postgres://USER:PASSWORD@HOST:PORT,HOST:PORT/DATABASE?NAME=VALUE`.

use std::{env, fmt, net::IpAddr, path::PathBuf, time::Duration};

use reset_password_core::Error;
use secrecy::SecretString;

use super::parameters::{Encryption, Isolation, Parameters, decode, wrong};

/// Where the password comes from if the URL has none.
const PASSWORD_VARIABLE: &str = "PGPASSWORD";
const PORT: u16 = 5432;

/// Where a database is, and how to use it. Its `Debug` shows no password.
#[derive(Clone, Debug)]
pub struct PostgresUrl {
    hosts: Vec<Host>,
    user: Option<String>,
    password: Option<SecretString>,
    database: String,
    parameters: Parameters,
}

/// One of the servers that the database may be on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Host {
    pub(super) place: Place,
    pub(super) port: u16,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A name or an address.
    Network(String),
    /// The folder of a Unix socket.
    Socket(PathBuf),
}

impl PostgresUrl {
    /// Which database it is, without what opens it.
    pub(crate) fn place(&self) -> String {
        let hosts: Vec<String> = self.hosts.iter().map(ToString::to_string).collect();
        let schema = self.schema().unwrap_or_default();
        format!("postgres://{}/{}/{schema}", hosts.join(","), self.database)
    }

    /// Reads a URL. No error repeats what may be a part of the password.
    ///
    /// # Errors
    ///
    /// `config_invalid` with a sentence that says what to write instead.
    pub(crate) fn parse(url: &str) -> Result<Self, Error> {
        let rest = url
            .split_once("://")
            .filter(|(scheme, _)| {
                ["postgres", "postgresql"]
                    .iter()
                    .any(|known| scheme.eq_ignore_ascii_case(known))
            })
            .map(|(_, rest)| rest)
            .ok_or_else(|| wrong("must begin with postgres:// or postgresql://"))?;
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, database) = rest.split_once('/').unwrap_or((rest, ""));
        // A character of the password that ends the authority leaves the `@` behind it.
        if url.contains('#') || database.contains('@') || query.contains('@') {
            return Err(wrong(
                "must have what is special in the user, the password and the values percent-encoded: \
                 @ is %40, / is %2F, ? is %3F, # is %23",
            ));
        }
        let (credentials, hosts) = authority
            .rsplit_once('@')
            .map_or((None, authority), |(credentials, hosts)| {
                (Some(credentials), hosts)
            });
        let (user, password) = credentials.map_or((None, None), |credentials| {
            credentials
                .split_once(':')
                .map_or((Some(credentials), None), |(user, password)| {
                    (Some(user), Some(password))
                })
        });
        let decoded = |part: Option<&str>, what| {
            let part = part.filter(|part| !part.is_empty());
            part.map(|part| decode(part, what)).transpose()
        };
        let password = match decoded(password, "password")? {
            Some(password) => Some(password),
            None => env::var(PASSWORD_VARIABLE).ok(),
        };
        let parameters = Parameters::parse(query)?;
        let hosts = match (hosts, &parameters.host) {
            ("", Some(host)) => vec![host_of(host, PORT)?],
            ("", None) => {
                return Err(wrong(
                    "names no host; write postgres://USER:PASSWORD@HOST/DATABASE",
                ));
            }
            (_, Some(_)) => {
                return Err(wrong("names the host twice; leave the parameter host out"));
            }
            (hosts, None) => hosts.split(',').map(host).collect::<Result<_, _>>()?,
        };
        let database = decode(database, "database")?;
        if database.is_empty() || database.contains('/') {
            return Err(wrong(
                "must name a database; write postgres://USER:PASSWORD@HOST/DATABASE",
            ));
        }
        Ok(Self {
            hosts,
            user: decoded(user, "user")?,
            password: password.map(Into::into),
            database,
            parameters,
        })
    }

    /// The schema that the URL names, or `None`: then it is the user's current one.
    pub(crate) fn schema(&self) -> Option<&str> {
        self.parameters.schema.as_deref()
    }

    /// How many connections there may be.
    pub(crate) const fn max_connections(&self) -> usize {
        self.parameters.max_connections
    }

    /// Whether passwords and tokens may leave this machine unencrypted.
    pub(super) fn is_plain_beyond_loopback(&self) -> bool {
        let mut hosts = self.hosts.iter();
        hosts.any(|host| !host.is_local() && !self.encrypts(host))
    }

    /// Whether the connection to that host is encrypted.
    pub(super) fn encrypts(&self, host: &Host) -> bool {
        match (self.parameters.encryption, &host.place) {
            (Encryption::Never, _) | (_, Place::Socket(_)) => false,
            (Encryption::Always, Place::Network(_)) => true,
            (Encryption::BeyondLoopback, Place::Network(_)) => !host.is_local(),
        }
    }

    /// The servers, in the order in which they are tried.
    pub(super) fn hosts(&self) -> &[Host] {
        &self.hosts
    }

    pub(super) fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    pub(super) const fn password(&self) -> Option<&SecretString> {
        self.password.as_ref()
    }

    pub(super) fn database(&self) -> &str {
        &self.database
    }

    pub(super) const fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// How transactions are kept apart, in the server's words.
    pub(super) const fn isolation_name(&self) -> &'static str {
        match self.parameters.isolation {
            Isolation::ReadCommitted => "READ COMMITTED",
            Isolation::RepeatableRead => "REPEATABLE READ",
            Isolation::Serializable => "SERIALIZABLE",
        }
    }

    /// How long a statement may take.
    pub(super) const fn statement_timeout(&self) -> Duration {
        self.parameters.statement_timeout
    }
}

impl Host {
    /// Whether it is this machine.
    pub(super) fn is_local(&self) -> bool {
        match &self.place {
            Place::Socket(_) => true,
            Place::Network(name) => {
                name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
            }
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::Network(name) if name.contains(':') => write!(f, "[{name}]:{}", self.port),
            Place::Network(name) => write!(f, "{name}:{}", self.port),
            Place::Socket(folder) => write!(f, "{}/.s.PGSQL.{}", folder.display(), self.port),
        }
    }
}

fn host(text: &str) -> Result<Host, Error> {
    let (name, port) = match text.strip_prefix('[').and_then(|text| text.split_once(']')) {
        Some((name, "")) => (name, None),
        Some((name, port)) => (name, port.strip_prefix(':').or(Some(""))),
        None => text
            .split_once(':')
            .map_or((text, None), |(name, port)| (name, Some(port))),
    };
    let port = port.map_or(Ok(PORT), |port| {
        let port = port.parse().ok().filter(|port| *port != 0);
        // Not repeated: where the `@` is missing, it is the password.
        port.ok_or_else(|| {
            wrong("must give each host as HOST or HOST:PORT, an IPv6 address in brackets")
        })
    })?;
    host_of(&decode(name, "host")?, port)
}

fn host_of(name: &str, port: u16) -> Result<Host, Error> {
    let place = if name.starts_with('/') {
        Place::Socket(PathBuf::from(name))
    } else if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(wrong(
            "has a host that is empty or has spaces in it; write HOST or HOST:PORT",
        ));
    } else {
        Place::Network(name.to_ascii_lowercase())
    };
    Ok(Host { place, port })
}

#[cfg(test)]
#[path = "address_tests.rs"]
mod tests;
