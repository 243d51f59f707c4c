//! The columns of a table as the database has them.

use reset_password_core::store::StoreError;

use crate::sql::{Connection, Dialect, Row};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Flag,
    Integer,
    Text,
    /// Text that the database compares without case (`citext`).
    CaseInsensitiveText,
    /// A moment, with its zone.
    ZonedTime,
    /// A moment in UTC.
    Time,
    /// A moment in UTC, as a text of ISO 8601.
    IsoTime,
    /// An identifier of 128 bits (`uuid`).
    Guid,
    Other,
}

/// A column.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) name: String,
    /// As the database calls it.
    pub(crate) declared: String,
    pub(crate) kind: Kind,
}

/// A table.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) columns: Vec<Column>,
}

impl Table {
    /// Reads a table's columns; `None` if there is no such table. Its name is that which the database has for it.
    pub(crate) fn find(
        connection: &mut dyn Connection,
        dialect: &Dialect,
        name: &str,
    ) -> Result<Option<Self>, StoreError> {
        // Most of these servers tell tables apart by case, and a framework's script may write either.
        let all = match dialect {
            Dialect::Mysql => Self::names_of_all(connection, dialect)?,
            Dialect::Sqlite | Dialect::Postgres { .. } => Vec::new(),
        };
        let name = meant(&all, name, String::as_str).map_or(name, String::as_str);
        let statement = match dialect {
            Dialect::Sqlite => "SELECT name, type FROM pragma_table_info(?1) ORDER BY cid",
            Dialect::Postgres { .. } => {
                "SELECT CAST(attname AS text), format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = to_regclass(?1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
            }
            Dialect::Mysql => {
                "SELECT column_name, column_type FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?1 ORDER BY ordinal_position"
            }
        };
        let rows = ask(name, connection, dialect, statement)?;
        let mut columns = Vec::new();
        for mut row in rows {
            let (name, declared) = (row.text()?, row.text()?);
            let kind = kind(dialect, &declared);
            columns.push(Column {
                name,
                declared,
                kind,
            });
        }
        let name = name.to_owned();
        Ok((!columns.is_empty()).then_some(Self { name, columns }))
    }

    /// The names of all tables that are found without a schema.
    pub(crate) fn names_of_all(
        connection: &mut dyn Connection,
        dialect: &Dialect,
    ) -> Result<Vec<String>, StoreError> {
        let statement = dialect.render(match dialect {
            Dialect::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
            Dialect::Postgres { .. } => {
                "SELECT CAST(tablename AS text) FROM pg_tables WHERE schemaname = ANY (current_schemas(false)) ORDER BY tablename"
            }
            Dialect::Mysql => {
                "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY table_name"
            }
        });
        let rows = connection.query(&statement, &[])?;
        rows.into_iter().map(|mut row| row.text()).collect()
    }

    /// The same where moments that are texts are written as in ISO 8601.
    pub(crate) fn with_iso_times(mut self) -> Self {
        for column in &mut self.columns {
            if column.kind == Kind::Time {
                column.kind = Kind::IsoTime;
            }
        }
        self
    }

    /// The column of that name; `None` if there is none.
    pub(crate) fn column(&self, name: &str) -> Option<&Column> {
        meant(&self.columns, name, |column| &column.name)
    }

    /// The names of all columns, for a sentence.
    pub(crate) fn names(&self) -> String {
        let names: Vec<_> = self
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        names.join(", ")
    }
}

/// The one of that name, or else one whose name differs in case alone.
fn meant<'a, T>(all: &'a [T], name: &str, name_of: impl Fn(&T) -> &str) -> Option<&'a T> {
    let same = all.iter().find(|one| name_of(one) == name);
    same.or_else(|| {
        all.iter()
            .find(|one| name_of(one).eq_ignore_ascii_case(name))
    })
}

/// The first column, or the expression, of each index of a table; in SQLite with its collation.
pub(super) fn indexed_first(
    table: &str,
    connection: &mut dyn Connection,
    dialect: &Dialect,
) -> Result<Vec<String>, StoreError> {
    texts(
        table,
        connection,
        dialect,
        match dialect {
            Dialect::Sqlite => {
                "SELECT i.name || ' ' || i.coll FROM pragma_index_list(?1) AS l, pragma_index_xinfo(l.name) AS i WHERE i.seqno = 0 AND i.name IS NOT NULL AND l.partial = 0"
            }
            Dialect::Postgres { .. } => {
                "SELECT pg_get_indexdef(indexrelid, 1, true) FROM pg_index WHERE indrelid = to_regclass(?1) AND indisvalid AND indpred IS NULL"
            }
            Dialect::Mysql => {
                "SELECT column_name FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = ?1 AND seq_in_index = 1"
            }
        },
    )
}

/// The names of a table's triggers.
pub(super) fn triggers(
    table: &str,
    connection: &mut dyn Connection,
    dialect: &Dialect,
) -> Result<Vec<String>, StoreError> {
    texts(
        table,
        connection,
        dialect,
        match dialect {
            Dialect::Sqlite => {
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?1 ORDER BY name"
            }
            Dialect::Postgres { .. } => {
                "SELECT CAST(tgname AS text) FROM pg_trigger WHERE tgrelid = to_regclass(?1) AND NOT tgisinternal AND tgenabled <> 'D' ORDER BY tgname"
            }
            Dialect::Mysql => {
                "SELECT trigger_name FROM information_schema.triggers WHERE event_object_schema = DATABASE() AND event_object_table = ?1 ORDER BY trigger_name"
            }
        },
    )
}

/// The texts that a statement answers for a table.
fn texts(
    table: &str,
    connection: &mut dyn Connection,
    dialect: &Dialect,
    statement: &str,
) -> Result<Vec<String>, StoreError> {
    let rows = ask(table, connection, dialect, statement)?;
    rows.into_iter().map(|mut row| row.text()).collect()
}

/// What a statement answers that takes a table's name, as the catalogue has it.
fn ask(
    table: &str,
    connection: &mut dyn Connection,
    dialect: &Dialect,
    statement: &str,
) -> Result<Vec<Row>, StoreError> {
    let table = match dialect {
        Dialect::Postgres { .. } => quoted(table, '"'),
        Dialect::Sqlite | Dialect::Mysql => table.to_owned(),
    };
    Ok(connection.query(&dialect.render(statement), &[(&table).into()])?)
}

/// A name in quotes, each part of it.
fn quoted(name: &str, quote: char) -> String {
    let parts: Vec<_> = name
        .split('.')
        .map(|part| format!("{quote}{part}{quote}"))
        .collect();
    parts.join(".")
}

fn kind(dialect: &Dialect, declared: &str) -> Kind {
    let declared = declared.to_ascii_lowercase();
    let begins = |words: &[&str]| words.iter().any(|word| declared.starts_with(word));
    if declared == "citext" {
        return Kind::CaseInsensitiveText;
    }
    if begins(&["bool", "tinyint(1)"]) {
        return Kind::Flag;
    }
    if declared == "uuid" && matches!(dialect, Dialect::Postgres { .. }) {
        return Kind::Guid;
    }
    if declared == "timestamp with time zone" {
        return Kind::ZonedTime;
    }
    if begins(&["timestamp", "datetime", "date"]) {
        return Kind::Time;
    }
    if begins(&["int", "bigint", "smallint", "tinyint", "mediumint"]) {
        return Kind::Integer;
    }
    if declared.contains("char") || begins(&["text", "clob", "longtext", "mediumtext", "uuid"]) {
        return Kind::Text;
    }
    Kind::Other
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_by_their_names() {
        let postgres = Dialect::Postgres {
            schema: String::new(),
        };
        for (dialect, declared, expected) in [
            (&Dialect::Sqlite, "bool", Kind::Flag),
            (&Dialect::Sqlite, "INTEGER", Kind::Integer),
            (&Dialect::Sqlite, "varchar(128)", Kind::Text),
            (&Dialect::Sqlite, "datetime(6)", Kind::Time),
            (&Dialect::Mysql, "tinyint(1)", Kind::Flag),
            (&Dialect::Mysql, "bigint(20) unsigned", Kind::Integer),
            (&Dialect::Mysql, "timestamp(3)", Kind::Time),
            (&Dialect::Mysql, "uuid", Kind::Text),
            (&postgres, "character varying", Kind::Text),
            (&postgres, "timestamp without time zone", Kind::Time),
            (&postgres, "timestamp with time zone", Kind::ZonedTime),
            (&postgres, "uuid", Kind::Guid),
            (&postgres, "citext", Kind::CaseInsensitiveText),
            (&postgres, "jsonb", Kind::Other),
        ] {
            assert_eq!(kind(dialect, declared), expected, "{declared}");
        }
        assert_eq!(quoted("auth.users", '"'), "\"auth\".\"users\"");
    }
}
