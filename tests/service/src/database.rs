//! The database, past everything that guards it.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, types::ValueRef};

/// The tables that a reset changes.
const TABLES: [&str; 4] = ["users", "resets", "requests", "events"];

/// A SQLite file that an engine uses.
pub struct Database(PathBuf);

impl Database {
    /// The file at a path.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Its path as text.
    #[must_use]
    pub fn url(&self) -> &str {
        self.0.to_str().unwrap()
    }

    /// A connection of its own.
    #[must_use]
    pub fn connect(&self) -> Connection {
        let connection = Connection::open(&self.0).unwrap();
        connection
            .pragma_update(None, "busy_timeout", 5_000)
            .unwrap();
        connection
    }

    /// Runs statements.
    pub fn run(&self, statements: &str) {
        self.connect().execute_batch(statements).unwrap();
    }

    /// The one text or number that a statement answers, as text.
    #[must_use]
    pub fn value(&self, statement: &str) -> String {
        let connection = self.connect();
        let value = connection.query_row(statement, (), |row| Ok(text(row.get_ref(0)?)));
        value.unwrap()
    }

    /// How many rows a table has.
    #[must_use]
    pub fn count(&self, table: &str) -> u64 {
        let count = self.value(&format!("SELECT count(*) FROM reset_password_{table}"));
        count.parse().unwrap()
    }

    /// How many records of a kind the trail has; the feed's events are among them.
    #[must_use]
    pub fn told(&self, kind: &str) -> u64 {
        let count = "SELECT count(*) FROM reset_password_events WHERE event = ";
        self.value(&format!("{count}'{kind}'")).parse().unwrap()
    }

    /// The stored hash of a user's password.
    #[must_use]
    pub fn hash(&self, user_id: &str) -> String {
        let hash = "SELECT coalesce(password_hash, '') FROM reset_password_users WHERE id = ";
        self.value(&format!("{hash}'{user_id}'"))
    }

    /// Every row of every table that a reset changes.
    #[must_use]
    pub fn state(&self) -> String {
        let rows: Vec<_> = TABLES.map(|table| self.rows(table)).into();
        rows.join("\n")
    }

    /// Every row of a table, as one text.
    #[must_use]
    pub fn rows(&self, table: &str) -> String {
        let connection = self.connect();
        let all = format!("SELECT * FROM reset_password_{table} ORDER BY 1");
        let mut statement = connection.prepare(&all).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query(()).unwrap();
        let mut all = String::new();
        while let Some(row) = rows.next().unwrap() {
            for column in 0..columns {
                all.push_str(&text(row.get_ref(column).unwrap()));
                all.push('|');
            }
            all.push('\n');
        }
        all
    }
}

fn text(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "null".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        ValueRef::Blob(bytes) => bytes.iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        }),
    }
}
