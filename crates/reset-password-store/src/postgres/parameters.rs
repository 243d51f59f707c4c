//! What may stand behind the `?` of a PostgreSQL URL.

use std::{ops::RangeInclusive, path::PathBuf, time::Duration};

use percent_encoding::percent_decode_str;
use reset_password_core::Error;

/// Every parameter that is known, for the error about one that is not.
const KNOWN: &str = "application_name, connect_timeout, host, isolation, lock_timeout, \
                     max_connections, schema, sslmode, sslrootcert, statement_timeout, \
                     target_session_attrs";
/// PostgreSQL cuts longer names.
const LONGEST_NAME: usize = 63;

/// When a connection is encrypted. The certificate and the name in it are always verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encryption {
    /// Whenever it leaves this machine.
    BeyondLoopback,
    /// Always, except on a Unix socket.
    Always,
    Never,
}

/// How transactions are kept apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Isolation {
    ReadCommitted,
    RepeatableRead,
    Serializable,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parameters {
    /// The host, where it does not stand in front: `postgres:///DATABASE?host=/run/postgresql`.
    pub(super) host: Option<String>,
    pub(super) encryption: Encryption,
    /// The authorities that are trusted, if not the platform's.
    pub(super) root_certificates: Option<PathBuf>,
    pub(super) schema: Option<String>,
    pub(super) max_connections: usize,
    pub(super) connect_timeout: Duration,
    pub(super) statement_timeout: Duration,
    pub(super) lock_timeout: Duration,
    pub(super) isolation: Isolation,
    pub(super) application_name: String,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            host: None,
            encryption: Encryption::BeyondLoopback,
            root_certificates: None,
            schema: None,
            max_connections: 10,
            connect_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(10),
            lock_timeout: Duration::from_secs(5),
            isolation: Isolation::ReadCommitted,
            application_name: "reset-password".to_owned(),
        }
    }
}

impl Parameters {
    /// Reads `NAME=VALUE&NAME=VALUE`.
    pub(super) fn parse(query: &str) -> Result<Self, Error> {
        let mut parameters = Self::default();
        let mut seen = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if seen.contains(&name) {
                return Err(wrong(&format!("has the parameter {name} twice")));
            }
            seen.push(name);
            parameters.set(name, &decode(value, "parameter")?)?;
        }
        // Who names an authority wants to know whom the connection leads to, on this machine too.
        if parameters.root_certificates.is_some() && !seen.contains(&"sslmode") {
            parameters.encryption = Encryption::Always;
        }
        Ok(parameters)
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), Error> {
        match name {
            "application_name" => self.application_name = printable(name, value)?,
            "connect_timeout" => {
                self.connect_timeout = Duration::from_secs(number(name, value, 1..=60)?);
            }
            "host" => self.host = Some(printable(name, value)?),
            "isolation" => self.isolation = isolation(value)?,
            "lock_timeout" => {
                self.lock_timeout = Duration::from_millis(number(name, value, 1..=600_000)?);
            }
            "max_connections" => {
                let most = number(name, value, 1..=1_000)?;
                self.max_connections = usize::try_from(most).unwrap_or(usize::MAX);
            }
            "schema" => self.schema = Some(schema(value)?),
            "sslmode" => self.encryption = encryption(value)?,
            "sslrootcert" => self.root_certificates = Some(printable(name, value)?.into()),
            "statement_timeout" => {
                // None at all would let a call hang for ever.
                self.statement_timeout = Duration::from_millis(number(name, value, 1..=600_000)?);
            }
            // What is done anyway; URLs with several hosts often say it.
            "target_session_attrs" if matches!(value, "read-write" | "primary") => {}
            "target_session_attrs" => {
                return Err(wrong(
                    "has another target_session_attrs than read-write: a server that does not write \
                     cannot be used",
                ));
            }
            _ => {
                return Err(wrong(&format!(
                    "has the unknown parameter {name}; there are {KNOWN}"
                )));
            }
        }
        Ok(())
    }
}

fn printable(name: &str, value: &str) -> Result<String, Error> {
    if value.is_empty() || value.chars().any(char::is_control) {
        return Err(wrong(&format!(
            "has the parameter {name} without a value, or with control characters in it"
        )));
    }
    Ok(value.to_owned())
}

fn number(name: &str, value: &str, range: RangeInclusive<u64>) -> Result<u64, Error> {
    let number = value.parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| {
        wrong(&format!(
            "must have a whole number from {} to {} as {name}",
            range.start(),
            range.end()
        ))
    })
}

fn schema(name: &str) -> Result<String, Error> {
    let first = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
    let others = name
        .bytes()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_');
    if !first || !others || name.len() > LONGEST_NAME || name.starts_with("pg_") {
        return Err(wrong(
            "must have a schema of at most 63 small letters, digits and _ that begins with a letter \
             or _, and not with pg_",
        ));
    }
    Ok(name.to_owned())
}

fn isolation(value: &str) -> Result<Isolation, Error> {
    match value {
        "read-committed" => Ok(Isolation::ReadCommitted),
        "repeatable-read" => Ok(Isolation::RepeatableRead),
        "serializable" => Ok(Isolation::Serializable),
        _ => Err(wrong(
            "must have read-committed, repeatable-read or serializable as isolation",
        )),
    }
}

/// `require` verifies as much as `verify-full`: encryption to anybody protects from nobody who is active.
fn encryption(value: &str) -> Result<Encryption, Error> {
    match value {
        "disable" => Ok(Encryption::Never),
        "require" | "verify-full" => Ok(Encryption::Always),
        _ => Err(wrong(
            "must have verify-full, require (which verifies as much) or disable as sslmode; without \
             it a connection that leaves this machine is encrypted and verified",
        )),
    }
}

pub(super) fn decode(text: &str, what: &str) -> Result<String, Error> {
    let decoded = percent_decode_str(text).decode_utf8();
    let decoded = decoded.ok().filter(|text| !text.contains('\0'));
    decoded.map(Into::into).ok_or_else(|| {
        wrong(&format!(
            "has a {what} that is not UTF-8 when it is decoded"
        ))
    })
}

/// An error whose sentence begins with "the PostgreSQL URL".
pub(super) fn wrong(what: &str) -> Error {
    Error::config(format!("the PostgreSQL URL {what}"))
}
