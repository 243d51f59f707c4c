//! What the server's errors mean.

use std::{
    error::Error as StdError,
    io::{self, ErrorKind},
};

use mysql::{Error, MySqlError};

use super::flavour::{code, duplicate_key};
use crate::sql::{Source, SqlError};

/// An error whose sentence is known.
pub(super) fn failed(sentence: impl Into<String>) -> SqlError {
    SqlError::Failed(sentence.into().into())
}

/// What a statement's failure means.
pub(super) fn of_statement(error: &Error) -> SqlError {
    match error {
        Error::MySqlError(error) => of_server(error),
        // After any of these what comes next on the connection belongs to nobody.
        error => SqlError::Lost(without_values(error)),
    }
}

/// What the failure of a commit means. If the server says that it rolled back, the transaction may be run again;
/// after anything else nobody knows what became of it.
pub(super) fn of_commit(error: &Error) -> SqlError {
    match of_statement(error) {
        error @ (SqlError::Transient(_) | SqlError::Lost(_)) => error,
        _ => SqlError::Lost(without_values(error)),
    }
}

/// Whether the server closes the connection after such an error.
pub(super) const fn ends_connection(error: &Error) -> bool {
    match error {
        // A packet that is larger than the server takes, or of which it lost count.
        Error::MySqlError(error) => matches!(error.code, 1153 | 1156),
        _ => true,
    }
}

fn of_server(error: &MySqlError) -> SqlError {
    let source = || described(error).into();
    match error.code {
        // A row, a key of a row, a row of a foreign key.
        1022 | 1062 | 1586 => SqlError::Duplicate(duplicate_key(&error.message)),
        // A table, a column, an index that is there already. A schema's change commits by itself, so one that
        // was cut short finds its first steps done.
        1050 | 1060 | 1061 => SqlError::Duplicate(described(error)),
        // It undoes the statement alone: the caller rolls the transaction back.
        1205 => SqlError::LockTimeout(source()),
        // A deadlock (also what a Galera cluster says of a transaction that lost against another node's), a table
        // that was altered meanwhile, a statement that must be prepared again.
        1213 | 1412 | 1614 | 1615 | code::CHANGED_SINCE_READ => SqlError::Transient(source()),
        // Shutting down, aborted, broken off, gone.
        1053 | 1077 | 1079 | 1080 | 1152 | 1158..=1161 | 1184 | 1317 | 2006 | 2013 => {
            SqlError::Lost(source())
        }
        // A server that does not write, where another one may: read_only, a transaction that was set to
        // read, InnoDB read-only. And a statement that the session never prepared: something between swapped
        // the server.
        1290 | 1792 | 1836 | 1874 | 1243 | code::NODE_NOT_READY => SqlError::Lost(source()),
        number if code::KILLED.contains(&number) => SqlError::Lost(source()),
        1146 => SqlError::NoTable,
        1030 if is_damage(&error.message) => SqlError::Damaged(described(error)),
        1033 | 1034 | 1035 | 1194 | 1195 | 1459 | 1707 | 1712 | 1812 | code::NOT_IN_ENGINE => {
            SqlError::Damaged(described(error))
        }
        1044 | 1045 | 1142 | 1143 | 1227 | 1370 => SqlError::Config(format!(
            "the database refused what the engine needs ({}); grant its user SELECT, INSERT, UPDATE and DELETE \
             on the tables, and for `reset-password migrate` also CREATE, ALTER and INDEX on the database",
            described(error)
        )),
        1461 => SqlError::Config(format!(
            "the database keeps no more prepared statements ({}); raise max_prepared_stmt_count or lower \
             max_connections in the database URL",
            described(error)
        )),
        number if code::STATEMENT_TIMEOUT.contains(&number) => failed(format!(
            "a statement took longer than statement_timeout allows: {}",
            described(error)
        )),
        _ => SqlError::Failed(source()),
    }
}

/// Whether "got error N from storage engine" is one of a damaged table.
fn is_damage(message: &str) -> bool {
    let number = message
        .split(|character: char| !character.is_ascii_digit())
        .find_map(|number| number.parse::<u32>().ok());
    // Crashed, wrong or too short files, a damaged index.
    matches!(number, Some(126 | 127 | 144 | 145 | 174..=176 | 180 | 192))
}

/// An error without the values that it may name.
pub(super) fn without_values(error: &Error) -> Source {
    match error {
        Error::MySqlError(error) => described(error).into(),
        // These hold a value of a row.
        Error::FromValueError(_) | Error::FromRowError(_) => "a value of another type".into(),
        Error::DriverError(error) => error.to_string().into(),
        error => match io_error(error) {
            Some(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                "the database did not answer in time".into()
            }
            Some(error) => format!("the connection to the database broke: {error}").into(),
            None => error.to_string().into(),
        },
    }
}

/// The system's error in the driver's, if it is one.
pub(super) fn io_error(error: &Error) -> Option<&io::Error> {
    match error {
        Error::IoError(error) => Some(error),
        Error::CodecError(error) => StdError::source(error)?.downcast_ref(),
        _ => None,
    }
}

/// A server's error, with its message as far as no value of a row can be in it.
pub(super) fn described(error: &MySqlError) -> String {
    let MySqlError {
        code,
        state,
        message,
    } = error;
    // Messages that quote names of the schema, of users or the statement's text, and never a value: values are
    // bound.
    let tells_names = matches!(
        code,
        1044..=1046 | 1048..=1050 | 1054 | 1060 | 1061 | 1064 | 1129 | 1130 | 1142 | 1143 | 1146 | 1193
            | 1205 | 1213 | 1227 | 1264 | 1286 | 1290 | 1364 | 1370 | 1406 | 1524 | 1698
    );
    if tells_names {
        return format!("error {code} ({state}): {message}");
    }
    // Any other may quote one. It is left out with all that follows: a long message is cut, and a value may hold
    // quotation marks of its own.
    let told = message.split_once('\'').map(|(before, _)| before);
    match told {
        Some(before) => format!("error {code} ({state}): {before}…"),
        None => format!("error {code} ({state}): {message}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(code: u16, message: &str) -> Error {
        Error::MySqlError(MySqlError {
            code,
            state: "HY000".to_owned(),
            message: message.to_owned(),
        })
    }

    fn kind(code: u16) -> String {
        let error = format!(
            "{:?}",
            of_statement(&server(code, "Got error 28 from storage engine"))
        );
        error.split(['(', ' ']).next().unwrap().to_owned()
    }

    #[test]
    fn every_number_has_its_meaning() {
        for (codes, meaning) in [
            (&[1062, 1022, 1586, 1050, 1060, 1061][..], "Duplicate"),
            (&[1205], "LockTimeout"),
            (&[1213, 1020, 1412], "Transient"),
            (
                &[
                    1053, 1317, 1927, 2006, 2013, 3169, 4031, 1047, 1290, 1792, 1836,
                ],
                "Lost",
            ),
            (&[1146], "NoTable"),
            (&[1034, 1194, 1712, 1932], "Damaged"),
            (&[1044, 1045, 1142, 1143, 1227, 1461], "Config"),
            (
                &[1040, 1406, 1264, 1969, 3024, 1114, 1030, 4025, 3819],
                "Failed",
            ),
        ] {
            for code in codes {
                assert_eq!(kind(*code), meaning, "{code}");
            }
        }
        let crashed = of_statement(&server(1030, "Got error 126 from storage engine InnoDB"));
        assert!(matches!(crashed, SqlError::Damaged(_)));
    }

    #[test]
    fn no_value_is_told() {
        for (code, message) in [
            (1062, "Duplicate entry 'ann@example.com' for key 'email'"),
            (
                1062,
                "Duplicate entry 'ann@example.com' for key 'ann@example.com",
            ),
            (
                1366,
                "Incorrect string value: 'ann@example.com' for column 'x' at row 1",
            ),
            (1292, "Truncated incorrect DOUBLE value: 'ann@example.com'"),
            (1292, "Truncated incorrect value: 'it's ann@example.com'"),
            (
                1761,
                "Foreign key constraint for table 't', record 'ann@example.com' would",
            ),
        ] {
            let error = format!("{:?}", of_statement(&server(code, message)));
            assert!(!error.contains("ann"), "{error}");
            let error = format!("{:?}", of_commit(&server(code, message)));
            assert!(!error.contains("ann"), "{error}");
        }
    }

    #[test]
    fn a_commit_that_failed_is_unknown_unless_the_server_rolled_back() {
        assert!(matches!(
            of_commit(&server(1213, "Deadlock")),
            SqlError::Transient(_)
        ));
        for code in [1180, 1969, 1290, 1317] {
            assert!(
                matches!(of_commit(&server(code, "")), SqlError::Lost(_)),
                "{code}"
            );
        }
        let broken = Error::IoError(std::io::ErrorKind::BrokenPipe.into());
        assert!(matches!(of_commit(&broken), SqlError::Lost(_)));
    }
}
