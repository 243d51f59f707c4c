//! One way to speak SQL to every database.
//!
//! A statement's text is made of constants and stands once, in [`crate::statements`]; a [`Dialect`] renders
//! it for its database when a store is opened. Values are always bound. A database's driver gives
//! [`Connection`]s, which run statements and nothing else: no rule stands below this module.

mod dialect;
mod error;
mod statement;
mod value;

pub(crate) use self::{
    dialect::Dialect,
    error::{Source, SqlError},
    statement::Statement,
    value::{Kind, Param, Row, Value},
};

/// A connection to a database. It is used by one call at a time.
pub(crate) trait Connection: Send {
    /// Runs a statement that answers no rows; answers how many rows it found and changed.
    fn execute(&mut self, statement: &Statement, params: &[Param<'_>]) -> Result<u64, SqlError>;

    /// Runs a statement and answers its rows.
    fn query(&mut self, statement: &Statement, params: &[Param<'_>]) -> Result<Vec<Row>, SqlError>;

    /// Begins a transaction that will write.
    fn begin(&mut self) -> Result<(), SqlError>;

    /// Commits the transaction. [`SqlError::Lost`] says that its outcome is not known.
    fn commit(&mut self) -> Result<(), SqlError>;

    /// Ends the transaction without a trace. A connection on which that fails must answer false to
    /// [`is_usable`](Self::is_usable) from then on.
    fn roll_back(&mut self);

    /// Whether another call may use the connection. Asks nobody: it says what is known already.
    fn is_usable(&self) -> bool;
}

/// What a call needs a connection for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Reads, each a transaction of its own.
    Read,
    /// One statement that writes, a transaction of its own.
    Write,
    /// A transaction of several statements.
    Transaction,
}

/// A database that connections can be made to.
pub(crate) trait Driver: Send + Sync {
    /// How many connections of each lane there may be.
    fn lanes(&self) -> Vec<usize>;

    /// The lane whose connections serve such a call.
    fn lane(&self, access: Access) -> usize;

    /// Makes a connection of that lane.
    fn connect(&self, lane: usize) -> Result<Box<dyn Connection>, SqlError>;
}
