//! A connection.

use std::collections::HashMap;

use mysql::{Conn, Error, prelude::Queryable};

use super::{
    error::{ends_connection, of_commit, of_statement},
    values::{self, bind},
};
use crate::sql::{Connection, Param, Row, SqlError, Statement};

/// How many prepared statements a connection keeps. The engine has fewer; the server's limit is for all
/// connections together.
const MAX_STATEMENTS: usize = 128;

/// How far a transaction is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Transaction {
    None,
    /// Begun here. The server knows nothing of it yet.
    Begun,
    /// The server has one, or may have.
    Open,
}

/// A connection to a server that writes. It has no `Debug`: the driver's would show the password.
pub(super) struct MysqlConnection {
    driver: Conn,
    /// What was prepared, by its text.
    prepared: HashMap<String, mysql::Statement>,
    /// Whether the server commits each statement by itself, outside a transaction that was begun.
    autocommit: bool,
    transaction: Transaction,
    usable: bool,
}

impl MysqlConnection {
    /// A connection whose session was set up so.
    pub(super) fn new(driver: Conn, autocommit: bool) -> Self {
        Self {
            driver,
            prepared: HashMap::new(),
            autocommit,
            transaction: Transaction::None,
            usable: true,
        }
    }

    /// Does something with the driver, and remembers if the connection does not survive it.
    fn attempt<T>(
        &mut self,
        act: impl FnOnce(&mut Self) -> Result<T, Error>,
        meaning: impl FnOnce(&Error) -> SqlError,
    ) -> Result<T, SqlError> {
        if !self.usable {
            return Err(lost_before());
        }
        act(self).map_err(|error| {
            let meant = meaning(&error);
            if matches!(meant, SqlError::Lost(_)) || ends_connection(&error) {
                self.usable = false;
            }
            meant
        })
    }

    fn prepare(&mut self, text: &str) -> Result<mysql::Statement, Error> {
        if let Some(statement) = self.prepared.get(text) {
            return Ok(statement.clone());
        }
        if self.prepared.len() >= MAX_STATEMENTS {
            for (_, statement) in self.prepared.drain() {
                self.driver.close(statement)?;
            }
        }
        let statement = self.driver.prep(text)?;
        self.prepared.insert(text.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Runs a statement. One outside a transaction commits by itself, on either lane: without autocommit it begins
    /// a transaction, also if it only reads, which would keep its locks on the tables it read.
    fn run<T>(&mut self, act: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, SqlError> {
        let alone = self.transaction == Transaction::None;
        if !self.autocommit {
            self.transaction = Transaction::Open;
        }
        let done = self.attempt(act, of_statement);
        if alone {
            match done {
                Ok(_) => self.commit()?,
                Err(_) => self.roll_back(),
            }
        }
        done
    }

    fn say(
        &mut self,
        text: &str,
        meaning: impl FnOnce(&Error) -> SqlError,
    ) -> Result<(), SqlError> {
        self.attempt(|this| this.driver.query_drop(text), meaning)
    }
}

impl Connection for MysqlConnection {
    fn execute(&mut self, statement: &Statement, params: &[Param<'_>]) -> Result<u64, SqlError> {
        let values = bind(statement, params)?;
        self.run(|this| {
            // Without values nothing is gained by preparing it, and some changes of a schema cannot be.
            if values.is_empty() {
                return drain(&mut this.driver.query_iter(statement.text())?);
            }
            let prepared = this.prepare(statement.text())?;
            drain(&mut this.driver.exec_iter(&prepared, values)?)
        })
    }

    fn query(&mut self, statement: &Statement, params: &[Param<'_>]) -> Result<Vec<Row>, SqlError> {
        let values = bind(statement, params)?;
        let rows = self.run(|this| {
            let prepared = this.prepare(statement.text())?;
            let result = this.driver.exec_iter(&prepared, values)?;
            result.collect::<Result<Vec<_>, _>>()
        })?;
        rows.into_iter().map(values::row).collect()
    }

    /// Costs no round trip where the server does not commit by itself: the first statement begins.
    fn begin(&mut self) -> Result<(), SqlError> {
        // One that nobody ended is not part of this one.
        self.roll_back();
        if !self.usable {
            return Err(lost_before());
        }
        self.transaction = if self.autocommit {
            self.say("START TRANSACTION", of_statement)?;
            Transaction::Open
        } else {
            Transaction::Begun
        };
        Ok(())
    }

    fn commit(&mut self) -> Result<(), SqlError> {
        // Nothing is asked of the server if nothing was.
        if self.transaction == Transaction::Open {
            self.say("COMMIT", of_commit)?;
        }
        self.transaction = Transaction::None;
        Ok(())
    }

    fn roll_back(&mut self) {
        if self.transaction == Transaction::Open && self.usable {
            // What fails here leaves a transaction that nobody ends: the server ends it with the connection.
            self.usable = self.say("ROLLBACK", of_statement).is_ok();
        }
        self.transaction = Transaction::None;
    }

    fn is_usable(&self) -> bool {
        self.usable
    }
}

fn lost_before() -> SqlError {
    SqlError::Lost("the connection was lost before".into())
}

/// Takes all that is answered, and counts the rows that were found.
fn drain<T: mysql::prelude::Protocol>(
    result: &mut mysql::QueryResult<'_, '_, '_, T>,
) -> Result<u64, Error> {
    let mut found = 0;
    while let Some(set) = result.iter() {
        found += set.affected_rows();
        for row in set {
            row?;
        }
    }
    Ok(found)
}
