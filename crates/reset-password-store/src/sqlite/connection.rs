//! A connection to SQLite.

use rusqlite::{
    CachedStatement, Connection as Sqlite, ErrorCode, ffi,
    types::{ToSqlOutput, ValueRef},
};

use super::open_files::OpenFiles;
use crate::sql::{Connection, Param, Row, SqlError, Statement, Value};

/// A connection to SQLite.
pub(super) struct SqliteConnection {
    connection: Sqlite,
    /// `None` for one in memory.
    files: Option<OpenFiles>,
    /// Whether nothing has gone wrong that another connection would not suffer from.
    usable: bool,
}

impl SqliteConnection {
    pub(super) const fn new(connection: Sqlite, files: Option<OpenFiles>) -> Self {
        Self {
            connection,
            files,
            usable: true,
        }
    }

    fn told(&mut self, error: rusqlite::Error) -> SqlError {
        let error = SqlError::from(error);
        if let SqlError::Damaged(_) | SqlError::Failed(_) | SqlError::Full(_) = error {
            self.usable = false;
        }
        error
    }

    /// Whether what is read and written is what others find: asked before each commit, and each statement by itself.
    fn check_files(&mut self) -> Result<(), SqlError> {
        let checked = self.files.as_ref().map_or(Ok(()), OpenFiles::check);
        self.usable &= checked.is_ok();
        checked
    }

    fn check_single(&mut self) -> Result<(), SqlError> {
        if self.connection.is_autocommit() {
            return self.check_files();
        }
        Ok(())
    }

    fn batch(&mut self, text: &str) -> Result<(), SqlError> {
        let done = self
            .connection
            .prepare_cached(text)
            .and_then(|mut statement| statement.raw_execute());
        done.map(drop).map_err(|error| self.told(error))
    }
}

impl Connection for SqliteConnection {
    fn execute(&mut self, statement: &Statement, params: &[Param<'_>]) -> Result<u64, SqlError> {
        self.check_single()?;
        let done = prepare(&self.connection, statement, params)
            .and_then(|mut statement| statement.raw_execute());
        match done {
            Ok(rows) => Ok(u64::try_from(rows).unwrap_or(u64::MAX)),
            Err(error) => Err(self.told(error)),
        }
    }

    fn query(&mut self, statement: &Statement, params: &[Param<'_>]) -> Result<Vec<Row>, SqlError> {
        self.check_single()?;
        let rows = prepare(&self.connection, statement, params).and_then(|mut statement| {
            let columns = statement.column_count();
            let mut found = statement.raw_query();
            let mut rows = Vec::new();
            while let Some(row) = found.next()? {
                let values = (0..columns).map(|column| row.get_ref(column).map(value));
                rows.push(Row::new(values.collect::<rusqlite::Result<_>>()?));
            }
            Ok(rows)
        });
        rows.map_err(|error| self.told(error))
    }

    /// The write lock is held from the first statement: a transaction that began with a read could not be
    /// upgraded while another writes.
    fn begin(&mut self) -> Result<(), SqlError> {
        self.batch("BEGIN IMMEDIATE")
    }

    fn commit(&mut self) -> Result<(), SqlError> {
        self.check_files()?;
        self.batch("COMMIT")
    }

    fn roll_back(&mut self) {
        // A statement that failed badly has rolled back by itself.
        if !self.connection.is_autocommit() && self.batch("ROLLBACK").is_err() {
            self.usable = false;
        }
    }

    fn is_usable(&self) -> bool {
        self.usable
    }
}

/// The statement with its values. It takes as many of them as it has places.
fn prepare<'a>(
    connection: &'a Sqlite,
    statement: &Statement,
    params: &[Param<'_>],
) -> rusqlite::Result<CachedStatement<'a>> {
    let mut prepared = connection.prepare_cached(statement.text())?;
    let places = prepared.parameter_count();
    for (place, param) in (1..=places).zip(params) {
        let value = ToSqlOutput::Borrowed(match *param {
            Param::Null(_) => ValueRef::Null,
            Param::Integer(integer) => ValueRef::Integer(integer),
            Param::Text(text) => ValueRef::Text(text.as_bytes()),
            Param::Bytes(bytes) => ValueRef::Blob(bytes),
        });
        prepared.raw_bind_parameter(place, value)?;
    }
    Ok(prepared)
}

fn value(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(integer) => Value::Integer(integer),
        // No column of the tables holds one; a reader of the row says that it is damaged.
        ValueRef::Real(real) => Value::Text(real.to_string()),
        ValueRef::Text(text) | ValueRef::Blob(text) => Value::Bytes(text.to_vec()),
    }
}

impl From<rusqlite::Error> for SqlError {
    fn from(error: rusqlite::Error) -> Self {
        let rusqlite::Error::SqliteFailure(failure, message) = &error else {
            return Self::Failed(error.into());
        };
        let message = message.clone().unwrap_or_default();
        match failure.code {
            ErrorCode::ConstraintViolation
                if matches!(
                    failure.extended_code,
                    ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
                ) =>
            {
                Self::Duplicate(message)
            }
            ErrorCode::DiskFull => Self::Full(error.into()),
            // The shared memory is a file, and could not grow.
            ErrorCode::SystemIoFailure if failure.extended_code == ffi::SQLITE_IOERR_SHMSIZE => {
                Self::Full(error.into())
            }
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::Damaged(message),
            ErrorCode::Unknown if message.starts_with("no such table: reset_password_") => {
                Self::NoTable
            }
            _ => Self::Failed(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::{super::SqliteDriver, *};
    use crate::{
        migrate,
        sql::Dialect,
        sqlite::Location,
        statements::{Statements, resets::DIGESTS},
    };

    #[test]
    fn other_values_are_no_reason_to_prepare_again() {
        let statements = Statements::own(&Dialect::Sqlite);
        let opened = SqliteDriver::new(Location::Memory).open().unwrap().0;
        let mut connection = SqliteConnection::new(opened, None);
        migrate::migrate(&mut connection, &Dialect::Sqlite, &statements).unwrap();
        let resets = &statements.resets;
        for statement in [&resets.by_digest, &resets.by_digests, &resets.by_id] {
            for value in [[1; 32], [2; 32]] {
                let params = [Param::Bytes(&value); DIGESTS];
                assert!(connection.query(statement, &params).unwrap().is_empty());
            }
            let prepared = connection.connection.prepare_cached(statement.text());
            let again = prepared.unwrap().get_status(StatementStatus::RePrepare);
            assert_eq!(again, 0, "{}", statement.text());
        }
    }
}
