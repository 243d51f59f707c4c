//! Statements and transactions on a connection.
//!
//! A pooler may stand between and give each transaction, and each statement outside of one, another
//! connection to the server. So nothing is set for longer than a transaction; and where there is one, no
//! statement is prepared, each travels with its values and the values' types in one message. Without one a
//! statement is prepared once: to plan it takes the server three times as long as to run it.

use std::{cell::RefCell, collections::HashMap, sync::Arc, time::Duration};

use futures_util::{TryStreamExt, future::join3};
use tokio_postgres::{
    Client, Error, Row as PostgresRow,
    types::{ToSql, Type},
};

use super::{
    address::PostgresUrl,
    error, pooler,
    session::{Interruption, Session},
    value,
    value::Bound,
};
use crate::sql::{Connection, Param, Row, Source, SqlError, Statement};

/// How much longer than the server a call waits, so that the server's own limit comes first.
const GRACE: Duration = Duration::from_secs(5);
/// How long the server keeps a transaction whose program is silent, in milliseconds. There is no work
/// between the statements of one.
const IDLE: u64 = 10_000;

/// How many prepared statements a connection keeps. The engine has fewer.
const MAX_STATEMENTS: usize = 128;

/// A value and its type.
type Typed<'a> = (&'a (dyn ToSql + Sync), Type);

/// What was prepared, by its text. The types of its values are always the same.
type Prepared = HashMap<Box<str>, tokio_postgres::Statement>;

pub(super) struct PostgresConnection {
    /// In a cell: to see that the server has closed it is to receive what it sent.
    session: RefCell<Session>,
    /// What was prepared; `None` behind a pooler.
    prepared: Option<Prepared>,
    transaction: Transaction,
    begin: Arc<str>,
    limit: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Transaction {
    None,
    Open,
    /// A statement of it failed: the server would answer COMMIT by rolling back, and call that a success.
    Failed,
}

impl PostgresConnection {
    /// A connection that was just made; `limit` is how long the server works on a statement at most.
    pub(super) fn new(
        mut session: Session,
        begin: Arc<str>,
        limit: Duration,
    ) -> Result<Self, SqlError> {
        let is_direct = session.run(limit.saturating_add(GRACE), pooler::is_absent);
        let is_direct = is_direct.map_err(|interruption| error::meaning(&interruption))?;
        Ok(Self {
            session: RefCell::new(session),
            prepared: is_direct.then(HashMap::new),
            transaction: Transaction::None,
            begin,
            limit,
        })
    }

    /// Runs a statement with its values: `run` is given the client, the statement as it can be sent, and the
    /// values with their types.
    fn run<T>(
        &mut self,
        limit: Duration,
        statement: &Statement,
        params: &[Param<'_>],
        run: impl AsyncFnOnce(&Client, Sendable<'_>, &[Typed<'_>]) -> Result<T, Error>,
    ) -> Result<T, SqlError> {
        if self.transaction == Transaction::Failed {
            return Err(failed("a statement of this transaction failed before"));
        }
        let bound: Vec<_> = params.iter().copied().map(Bound).collect();
        let typed: Vec<Typed<'_>> = bound
            .iter()
            .map(|bound| (bound as &(dyn ToSql + Sync), bound.kind()))
            .collect();
        let text = statement.text();
        let (session, prepared) = (self.session.get_mut(), self.prepared.as_mut());
        let outcome = session.run(limit, async |client| {
            let statement = match prepared {
                Some(prepared) => {
                    Sendable::Prepared(prepare(client, prepared, text, &typed).await?)
                }
                None => Sendable::Text(text),
            };
            run(client, statement, &typed).await
        });
        outcome.map_err(|interruption| {
            if self.transaction == Transaction::Open {
                self.transaction = Transaction::Failed;
            }
            self.noted(error::meaning(&interruption))
        })
    }

    /// Runs a command without values.
    fn command(&mut self, command: &str) -> Result<(), Interruption> {
        let limit = self.limit.saturating_add(GRACE);
        let session = self.session.get_mut();
        session.run(limit, async |client| client.batch_execute(command).await)
    }

    /// The same error, after which a connection that is lost is not used any more.
    fn noted(&mut self, error: SqlError) -> SqlError {
        if matches!(error, SqlError::Lost(_)) {
            self.session.get_mut().end();
        }
        error
    }
}

impl Connection for PostgresConnection {
    fn execute(&mut self, statement: &Statement, params: &[Param<'_>]) -> Result<u64, SqlError> {
        if finds_nothing(statement, params)? {
            return Ok(0);
        }
        let limit = self.limit.saturating_add(GRACE);
        if self.transaction != Transaction::None {
            return self.run(
                limit,
                statement,
                params,
                async |client, statement, params| statement.execute(client, params).await,
            );
        }
        // Within a transaction, so that the server limits how long it waits for a lock. All three are sent
        // at once: it is one round trip. If the statement fails, COMMIT rolls back; the statement's error
        // says so.
        let begin = Arc::clone(&self.begin);
        self.run(
            limit,
            statement,
            params,
            async |client, statement, params| {
                let (started, changed, committed) = join3(
                    client.batch_execute(&begin),
                    statement.execute(client, params),
                    client.batch_execute("COMMIT"),
                )
                .await;
                started
                    .and(changed)
                    .and_then(|rows| committed.map(|()| rows))
            },
        )
    }

    fn query(&mut self, statement: &Statement, params: &[Param<'_>]) -> Result<Vec<Row>, SqlError> {
        if finds_nothing(statement, params)? {
            return Ok(Vec::new());
        }
        // Outside of a transaction the server knows no limit: it would cost more than the read, and a read
        // waits for no lock but one that changes the table itself.
        let limit = match self.transaction {
            Transaction::None => self.limit,
            Transaction::Open | Transaction::Failed => self.limit.saturating_add(GRACE),
        };
        let rows = self.run(
            limit,
            statement,
            params,
            async |client, statement, params| statement.query(client, params).await,
        )?;
        rows.iter().map(value::row).collect()
    }

    fn begin(&mut self) -> Result<(), SqlError> {
        if self.transaction != Transaction::None {
            return Err(failed("a transaction is open already"));
        }
        let begin = Arc::clone(&self.begin);
        let started = self.command(&begin);
        // Also where it failed: the server may have begun.
        self.transaction = Transaction::Open;
        started.map_err(|interruption| {
            let error = self.noted(error::meaning(&interruption));
            self.roll_back();
            error
        })
    }

    fn commit(&mut self) -> Result<(), SqlError> {
        match self.transaction {
            Transaction::None => return Err(failed("there is no transaction to commit")),
            Transaction::Failed => {
                self.roll_back();
                return Err(failed(
                    "a statement of the transaction failed; it is rolled back",
                ));
            }
            Transaction::Open => {}
        }
        self.transaction = Transaction::None;
        self.command("COMMIT")
            .map_err(|interruption| self.noted(error::meaning_of_commit(&interruption)))
    }

    fn roll_back(&mut self) {
        if self.transaction == Transaction::None {
            return;
        }
        self.transaction = Transaction::None;
        if self.command("ROLLBACK").is_err() {
            self.session.get_mut().end();
        }
    }

    fn is_usable(&self) -> bool {
        self.transaction == Transaction::None
            && self
                .session
                .try_borrow_mut()
                .is_ok_and(|mut session| !session.has_ended())
    }
}

/// A statement as it can be sent.
enum Sendable<'a> {
    Prepared(tokio_postgres::Statement),
    Text(&'a str),
}

impl Sendable<'_> {
    async fn execute(&self, client: &Client, params: &[Typed<'_>]) -> Result<u64, Error> {
        match self {
            Self::Prepared(statement) => client.execute_raw(statement, values(params)).await,
            Self::Text(text) => client.execute_typed(text, params).await,
        }
    }

    async fn query(
        &self,
        client: &Client,
        params: &[Typed<'_>],
    ) -> Result<Vec<PostgresRow>, Error> {
        match self {
            Self::Prepared(statement) => {
                let rows = client.query_raw(statement, values(params)).await?;
                rows.try_collect().await
            }
            Self::Text(text) => client.query_typed(text, params).await,
        }
    }
}

/// The values without their types.
fn values<'a>(params: &'a [Typed<'_>]) -> impl ExactSizeIterator<Item = &'a (dyn ToSql + Sync)> {
    params.iter().map(|(value, _)| *value)
}

/// The statement as it was prepared, which costs one more round trip the first time.
async fn prepare(
    client: &Client,
    prepared: &mut Prepared,
    text: &str,
    params: &[Typed<'_>],
) -> Result<tokio_postgres::Statement, Error> {
    if let Some(statement) = prepared.get(text) {
        return Ok(statement.clone());
    }
    let kinds: Vec<_> = params.iter().map(|(_, kind)| kind.clone()).collect();
    let statement = client.prepare_typed(text, &kinds).await?;
    if prepared.len() >= MAX_STATEMENTS {
        prepared.clear();
    }
    prepared.insert(Box::from(text), statement.clone());
    Ok(statement)
}

/// Whether a statement is about a text with the character U+0000. No column of PostgreSQL can hold one, so
/// it finds nothing; it is not sent, because the server would call it an error.
fn finds_nothing(statement: &Statement, params: &[Param<'_>]) -> Result<bool, SqlError> {
    if !params.iter().any(|param| Bound(*param).is_unstorable()) {
        return Ok(false);
    }
    if statement.text().trim_start().starts_with("INSERT") {
        return Err(failed(
            "PostgreSQL stores no text with the character U+0000",
        ));
    }
    Ok(true)
}

fn failed(text: &str) -> SqlError {
    SqlError::Failed(Source::from(text))
}

/// The commands that begin a transaction, as one message: one round trip.
pub(super) fn begin(url: &PostgresUrl) -> String {
    let parameters = url.parameters();
    let isolation = url.isolation_name();
    format!(
        "BEGIN ISOLATION LEVEL {isolation}; SET LOCAL statement_timeout = {}; \
         SET LOCAL lock_timeout = {}; SET LOCAL idle_in_transaction_session_timeout = {IDLE}",
        parameters.statement_timeout.as_millis(),
        parameters.lock_timeout.as_millis(),
    )
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use reset_password_test_databases::{Backend, Database, Kind};

    use super::*;
    use crate::{postgres::PostgresDriver, sql::Driver};

    /// What was prepared answers other columns then, which the server refuses: whoever runs it again does so
    /// on a new connection.
    #[test]
    fn a_table_that_changes_ends_a_connection_and_no_more() {
        let database = Database::new(Backend::Server(Kind::Postgres15), Path::new(""));
        database.rows("CREATE TABLE names (name text); GRANT SELECT ON names TO PUBLIC");
        let driver = PostgresDriver::new(PostgresUrl::parse(database.url()).unwrap()).unwrap();
        let look = Statement::numbered("SELECT name FROM names WHERE name = $1".to_owned());
        let mut connection = driver.connect(0).unwrap();
        connection.query(&look, &[Param::Text("Ada")]).unwrap();
        database.rows("ALTER TABLE names ALTER COLUMN name TYPE varchar(9)");
        let again = connection.query(&look, &[Param::Text("Ada")]);
        assert!(matches!(again, Err(SqlError::Lost(_))));
        assert!(!connection.is_usable());
        let mut another = driver.connect(0).unwrap();
        another.query(&look, &[Param::Text("Ada")]).unwrap();
    }

    #[test]
    fn a_transaction_begins_with_one_message() {
        let url = PostgresUrl::parse(
            "postgres://localhost/app?isolation=serializable&lock_timeout=7&statement_timeout=9",
        );
        assert_eq!(
            begin(&url.unwrap()),
            "BEGIN ISOLATION LEVEL SERIALIZABLE; SET LOCAL statement_timeout = 9; \
             SET LOCAL lock_timeout = 7; SET LOCAL idle_in_transaction_session_timeout = 10000"
        );
    }

    #[test]
    fn text_that_cannot_be_stored_finds_nothing() {
        let statement = |text: &str| Statement::numbered(text.to_owned());
        let select = statement("SELECT 1 WHERE $1 = ''");
        assert!(finds_nothing(&select, &[Param::Text("a\0")]).unwrap());
        assert!(!finds_nothing(&select, &[Param::Text("a"), Param::Bytes(b"\0")]).unwrap());
        assert!(finds_nothing(&statement("INSERT INTO x"), &[Param::Text("\0")]).is_err());
    }
}
