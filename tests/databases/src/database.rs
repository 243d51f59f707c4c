//! A database for one test, whatever keeps it, and raw SQL on it.

use std::{fmt::Write as _, path::Path, sync::OnceLock, thread, time::Duration};

use rusqlite::{Connection, types::ValueRef};

use crate::{
    Family, Galera, Kind, PgBouncer, Rows, Server, Session, shared, through, time::sleep,
    url::name_of,
};

/// What keeps a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// SQLite in a file.
    SqliteFile,
    /// SQLite in memory: only whoever opened it can look into it.
    SqliteMemory,
    /// A server, which all tests of a program share.
    Server(Kind),
    /// PostgreSQL 15, behind a pooler that lends a connection for one transaction.
    PgBouncer,
    /// A node of a cluster of MariaDB.
    Galera,
}

/// A database, empty at first. It is removed when the value is dropped.
pub struct Database {
    backend: Backend,
    url: String,
    place: Place,
}

/// How raw SQL gets there.
enum Place {
    File,
    Memory,
    Server {
        server: &'static Server,
        /// The URL by which the server itself knows it.
        url: String,
    },
}

impl Database {
    /// A new database. SQLite's file is `app.db` in the folder.
    #[must_use]
    pub fn new(backend: Backend, folder: &Path) -> Self {
        static PGBOUNCER: OnceLock<PgBouncer> = OnceLock::new();

        let on = |server: &'static Server| {
            let url = server.new_database();
            (url.clone(), Place::Server { server, url })
        };
        let (url, place) = match backend {
            Backend::SqliteFile => (folder.join("app.db").display().to_string(), Place::File),
            Backend::SqliteMemory => (":memory:".to_owned(), Place::Memory),
            Backend::Server(kind) => on(shared(kind)),
            Backend::PgBouncer => {
                let server = shared(Kind::Postgres15);
                let (url, place) = on(server);
                let pooler = PGBOUNCER.get_or_init(|| PgBouncer::before(server));
                (pooler.url(&url), place)
            }
            Backend::Galera => on(nodes().first().expect("a cluster has nodes")),
        };
        Self {
            backend,
            url,
            place,
        }
    }

    /// What keeps it.
    #[must_use]
    pub const fn backend(&self) -> Backend {
        self.backend
    }

    /// Where it is, as the engine takes it.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The same on each node of a cluster, the first being [`Self::url`]; elsewhere that alone.
    #[must_use]
    pub fn urls(&self) -> Vec<String> {
        if self.backend != Backend::Galera {
            return vec![self.url.clone()];
        }
        let urls = nodes()
            .iter()
            .map(|node| through(&self.url, node.address()));
        urls.collect()
    }

    /// Waits until every node of a cluster shows what was committed on any of them before.
    pub fn settle(&self) {
        if self.backend == Backend::Galera {
            for node in nodes() {
                node.admin("SET STATEMENT wsrep_sync_wait = 1 FOR SELECT count(*) FROM mysql.db");
            }
        }
    }

    /// The server that it is on, if it is on one.
    #[must_use]
    pub const fn server(&self) -> Option<&'static Server> {
        match self.place {
            Place::File | Place::Memory => None,
            Place::Server { server, .. } => Some(server),
        }
    }

    /// Executes statements, each behind the other's semicolon, and answers with the rows of the last. On
    /// SQLite and PostgreSQL a value of bytes is `\x` and hexadecimal digits.
    pub fn rows(&self, statements: &str) -> Rows {
        let mut rows = Rows::new();
        let each = statements.split(';').map(str::trim);
        for statement in each.filter(|statement| !statement.is_empty()) {
            rows = match &self.place {
                Place::File => sqlite(&self.url, statement),
                Place::Memory => panic!("nobody else can look into a database in memory"),
                Place::Server { server, url } => server.admin_in(name_of(url), statement),
            };
        }
        rows
    }

    /// Makes the audit trail of a database that nobody has used yet one chain, also where it is several.
    pub fn keep_one_chain(&self) {
        self.rows(
            "DELETE FROM reset_password_settings WHERE name LIKE 'audit%'; \
             INSERT INTO reset_password_settings (name, value) VALUES ('audit_anchor', ''), \
             ('audit_head', '')",
        );
    }

    /// A connection of somebody else's, to be kept.
    #[must_use]
    pub fn session(&self) -> Session {
        match &self.place {
            Place::File => connect(&self.url)
                .unwrap_or_else(|error| panic!("no connection: {error}"))
                .into(),
            Place::Memory => panic!("nobody else can look into a database in memory"),
            Place::Server { server, url } => server.session(url),
        }
    }

    /// What the database's own check finds wrong with it; nothing if it is whole.
    #[must_use]
    pub fn damage(&self) -> Vec<String> {
        match &self.place {
            Place::File => {
                let checks = ["PRAGMA integrity_check", "PRAGMA foreign_key_check"];
                let found = checks.into_iter().flat_map(|check| self.rows(check));
                let found = found.map(|row| format!("{row:?}"));
                found.filter(|row| row != r#"[Some("ok")]"#).collect()
            }
            Place::Memory => panic!("nobody else can look into a database in memory"),
            Place::Server { server, url } => server.damage(url),
        }
    }

    /// Whether the server says that somebody waits for a lock in this database; `None` on SQLite, which cannot
    /// say it.
    #[must_use]
    pub fn somebody_waits(&self) -> Option<bool> {
        let server = self.server()?;
        // A thread that is parked instead may have been told to go on before.
        sleep(Duration::from_millis(20));
        Some(match server.family() {
            Family::Postgres => {
                let question = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' \
                                AND datname = current_database()";
                self.value(question) != "0"
            }
            // The tables of locks show what they showed before for as long as somebody looks ten times a second.
            Family::MariaDb => {
                let here = "SELECT id FROM information_schema.processlist WHERE db = database()";
                let here = self.rows(here).into_iter().flatten().flatten();
                let here: Vec<_> = here.map(|id| format!("thread id {id},")).collect();
                let status = self.rows("SHOW ENGINE INNODB STATUS").into_iter().flatten();
                let status = status.flatten().collect::<String>();
                status.split("---TRANSACTION").any(|transaction| {
                    transaction.contains("LOCK WAIT")
                        && here.iter().any(|id| transaction.contains(id))
                })
            }
        })
    }

    /// The first value that a query answers with.
    #[must_use]
    pub fn value(&self, query: &str) -> String {
        let value = self.rows(query).into_iter().flatten().next().flatten();
        value.unwrap_or_else(|| panic!("{query} answers with a value"))
    }

    /// Every row of a table as text, a line each, in the order of the lines.
    #[must_use]
    pub fn dump(&self, table: &str) -> String {
        let rows = self.rows(&format!("SELECT * FROM {table}"));
        let mut lines: Vec<_> = rows.iter().map(|row| format!("{row:?}")).collect();
        lines.sort();
        lines.join("\n")
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Place::Server { server, url } = &self.place
            && !thread::panicking()
        {
            server.drop_database(url);
        }
    }
}

/// The nodes of the cluster that all tests of a program share.
fn nodes() -> &'static [Server] {
    static GALERA: OnceLock<Galera> = OnceLock::new();
    &GALERA.get_or_init(Galera::start).nodes
}

/// Executes a statement on a file of SQLite's.
fn sqlite(path: &str, statement: &str) -> Rows {
    let rows = connect(path).and_then(|connection| run(&connection, statement));
    rows.unwrap_or_else(|error| panic!("{statement}: {error}"))
}

/// Opens a file of SQLite's.
fn connect(path: &str) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(crate::time::PATIENCE)?;
    Ok(connection)
}

/// Executes a statement, and answers with its rows.
pub fn run(connection: &Connection, statement: &str) -> rusqlite::Result<Rows> {
    let mut statement = connection.prepare(statement)?;
    let columns = statement.column_count();
    if columns == 0 {
        statement.raw_execute()?;
        return Ok(Rows::new());
    }
    let rows = statement.query_map([], |row| {
        (0..columns)
            .map(|column| Ok(text(row.get_ref(column)?)))
            .collect()
    })?;
    rows.collect()
}

/// A value as text.
fn text(value: ValueRef<'_>) -> Option<String> {
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(integer) => Some(integer.to_string()),
        ValueRef::Real(real) => Some(real.to_string()),
        ValueRef::Text(text) => Some(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => {
            let mut text = "\\x".to_owned();
            for byte in bytes {
                let _ = write!(text, "{byte:02x}");
            }
            Some(text)
        }
    }
}
