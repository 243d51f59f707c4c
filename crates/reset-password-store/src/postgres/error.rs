//! What PostgreSQL's errors mean.

use std::error::Error as StdError;

use tokio_postgres::error::{DbError, Severity};

use super::session::Interruption;
use crate::sql::{Source, SqlError};

/// What an interrupted statement means. [`SqlError::Lost`] says that the connection must not be used again.
pub(super) fn meaning(interruption: &Interruption) -> SqlError {
    match interruption {
        Interruption::Said(error) => match error.as_db_error() {
            Some(said) => said_by_server(said),
            None => SqlError::Lost(format!("PostgreSQL: {}", chain(error)).into()),
        },
        Interruption::Ended => SqlError::Lost(interruption.to_string().into()),
        Interruption::Late | Interruption::Misplaced => {
            SqlError::Failed(interruption.to_string().into())
        }
    }
}

/// What an interrupted commit means: whatever is not the server's own "no" leaves its outcome open.
pub(super) fn meaning_of_commit(interruption: &Interruption) -> SqlError {
    match meaning(interruption) {
        SqlError::Failed(source) if !matches!(interruption, Interruption::Said(_)) => {
            SqlError::Lost(source)
        }
        error => error,
    }
}

/// What the server says: its message and its code. The error's details repeat the row that was refused,
/// with the hash of a password in it, and must not get into a log.
fn said_by_server(said: &DbError) -> SqlError {
    let source = || Source::from(text(said));
    match said.code().code() {
        "23505" => SqlError::Duplicate(said.constraint().unwrap_or(said.message()).to_owned()),
        // A table, or its type, that another has made at the same moment: what is not there yet cannot be locked.
        "42P07" | "42710" => SqlError::Duplicate(text(said)),
        "XX001" | "XX002" => SqlError::Damaged(text(said)),
        "42P01" | "3F000" => SqlError::NoTable,
        "42501" => SqlError::Config(privilege_is_missing(said.message())),
        // A standby, or a server that was made read-only: its connections are of no use any more.
        "25006" => SqlError::Lost(source()),
        // A connection that ends, a server that shuts down or starts.
        code if is_fatal(said) || is_connection_failure(code) => SqlError::Lost(source()),
        // What was prepared is gone, or answers other columns since somebody has changed the table.
        "26000" => SqlError::Lost(source()),
        "0A000" if said.routine() == Some("RevalidateCachedQuery") => SqlError::Lost(source()),
        "40001" | "40P01" => SqlError::Transient(source()),
        "55P03" => SqlError::LockTimeout(source()),
        // Among them a statement (57014) that took too long, and no room (53…): whoever waited that long is
        // not served by waiting again.
        _ => SqlError::Failed(source()),
    }
}

fn is_connection_failure(code: &str) -> bool {
    // 08P01 that is not fatal is an error in a statement's parameters.
    (code.starts_with("08") && code != "08P01")
        || matches!(
            code,
            "40003" | "57P01" | "57P02" | "57P03" | "57P04" | "57P05"
        )
}

/// Whether the server ends the connection with it.
fn is_fatal(said: &DbError) -> bool {
    said.parsed_severity().map_or_else(
        // A pooler does not say it in the form that is never translated.
        || matches!(said.severity(), "FATAL" | "PANIC"),
        |severity| matches!(severity, Severity::Fatal | Severity::Panic),
    )
}

fn privilege_is_missing(message: &str) -> String {
    format!(
        "PostgreSQL's user lacks a privilege: {message}; grant it USAGE on the schema and SELECT, INSERT, \
         UPDATE and DELETE on the tables whose names begin with reset_password_, and CREATE on the schema \
         to the user that migrates; what another system's users' table needs, `reset-password users grant` prints"
    )
}

fn text(said: &DbError) -> String {
    format!(
        "PostgreSQL: {} (SQLSTATE {})",
        said.message(),
        said.code().code()
    )
}

/// An error and what it comes from.
fn chain(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// Why no connection was made.
#[derive(Debug)]
pub(super) struct Refusal {
    /// Whether waiting does not help: a setting is wrong.
    pub(super) lasting: bool,
    pub(super) reason: String,
}

impl Refusal {
    pub(super) fn passing(reason: impl Into<String>) -> Self {
        Self {
            lasting: false,
            reason: reason.into(),
        }
    }

    pub(super) fn lasting(reason: impl Into<String>) -> Self {
        Self {
            lasting: true,
            reason: reason.into(),
        }
    }
}

/// Why the server, or the way to it, refuses a connection.
pub(super) fn refusal(error: &tokio_postgres::Error) -> Refusal {
    if let Some(said) = error.as_db_error() {
        return refused_by_server(said);
    }
    let cause = error.source().map_or_else(String::new, chain);
    // The kinds are not public; their first words are all that tells them apart.
    match error.to_string().as_str() {
        "invalid configuration" => Refusal::lasting(
            "the server asks for a password; write one into the PostgreSQL URL or into PGPASSWORD",
        ),
        "authentication error" => Refusal::lasting(format!(
            "{cause}; set scram-sha-256 as the method in pg_hba.conf, and check the password"
        )),
        "error performing TLS handshake" => refused_by_tls(error, &cause),
        _ => Refusal::passing(match io(error) {
            // Only said by the driver: the system's errors have a number.
            Some(error) if error.raw_os_error().is_none() && is_read_only(error) => {
                "it does not write: it is a standby or set to read-only".to_owned()
            }
            _ => chain(error),
        }),
    }
}

fn refused_by_server(said: &DbError) -> Refusal {
    let message = said.message();
    match said.code().code() {
        "28P01" => Refusal::lasting(format!(
            "{message}; check the user and the password in the PostgreSQL URL"
        )),
        "28000" => Refusal::lasting(format!(
            "{message}; check the user in the PostgreSQL URL and the lines of pg_hba.conf"
        )),
        "3D000" => Refusal::lasting(format!(
            "{message}; create it, or correct its name in the PostgreSQL URL"
        )),
        "42501" => Refusal::lasting(format!("{message}; grant the user CONNECT on the database")),
        // A pooler gives this code to all it says; these do not pass by waiting.
        "08P01" if is_lasting_in_pooler(message) => Refusal::lasting(format!(
            "the pooler says: {message}; check the PostgreSQL URL and the pooler's settings"
        )),
        _ => Refusal::passing(text(said)),
    }
}

fn is_lasting_in_pooler(message: &str) -> bool {
    let lasting = [
        "no such ",
        "not allowed",
        "authentication failed",
        "unsupported startup parameter",
        "SSL required",
    ];
    lasting.iter().any(|words| message.contains(words))
}

fn refused_by_tls(error: &tokio_postgres::Error, cause: &str) -> Refusal {
    let inner = io(error).and_then(|error| error.get_ref());
    match inner.and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(rustls::Error::InvalidCertificate(_)) => Refusal::lasting(format!(
            "its certificate is not trusted: {cause}; name the authority's certificate with sslrootcert, \
             or the host as the certificate does"
        )),
        Some(_) => Refusal::lasting(format!("TLS fails: {cause}")),
        None if cause.contains("does not support TLS") => Refusal::lasting(
            "it does not offer TLS; turn ssl on in postgresql.conf, or write sslmode=disable into the \
             PostgreSQL URL if the network to it is trusted",
        ),
        None => Refusal::passing(format!("TLS fails: {cause}")),
    }
}

fn io(error: &tokio_postgres::Error) -> Option<&std::io::Error> {
    error.source().and_then(|cause| cause.downcast_ref())
}

fn is_read_only(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::PermissionDenied
}

/// Whether a duplicate is one of the catalogue, made by another who creates the same.
pub(super) fn is_made_by_another(error: &SqlError) -> bool {
    matches!(error, SqlError::Duplicate(index) if index.starts_with("pg_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_connections_that_end() {
        for code in [
            "08000", "08003", "08006", "57P01", "57P02", "57P03", "40003",
        ] {
            assert!(is_connection_failure(code), "{code}");
        }
        for code in ["08P01", "57014", "40001", "55P03"] {
            assert!(!is_connection_failure(code), "{code}");
        }
    }

    #[test]
    fn what_does_not_pass_by_waiting() {
        assert!(is_lasting_in_pooler("no such user: \"x\""));
        assert!(is_lasting_in_pooler("password authentication failed"));
        assert!(!is_lasting_in_pooler(
            "server login failed: FATAL the database system is starting up"
        ));
    }

    #[test]
    fn a_privilege_is_named() {
        let sentence = privilege_is_missing("permission denied for schema app");
        assert!(sentence.contains("schema app") && sentence.contains("grant it USAGE"));
    }

    #[test]
    fn an_interrupted_commit_is_open() {
        for interruption in [Interruption::Late, Interruption::Ended] {
            let error = meaning_of_commit(&interruption);
            assert!(matches!(error, SqlError::Lost(_)), "{error:?}");
        }
        assert!(matches!(meaning(&Interruption::Late), SqlError::Failed(_)));
    }
}
