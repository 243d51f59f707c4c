//! What does not keep a reset from working on a users' table, and should be known.

use reset_password_core::{address_rule::AddressRule, store::StoreError};

use super::{found::Mapped, fragments::bare, live, mapping::UserTables};
use crate::sql::{Connection, Dialect};

type Result<T> = std::result::Result<T, StoreError>;

/// A sentence for each.
pub(crate) fn warnings(
    tables: &UserTables,
    connection: &mut dyn Connection,
    dialect: &Dialect,
) -> Result<Vec<String>> {
    let mapped = Mapped::find(tables, connection, dialect)?;
    let mut found = Vec::new();
    found.extend(look_up(&mapped, tables.address_rule, connection)?);
    let elsewhere = mapped.password.table.iter().map(|(table, _)| table);
    for table in std::iter::once(&mapped.table).chain(elsewhere) {
        let names = triggers(table, connection, dialect)?;
        if !names.is_empty() {
            found.push(format!(
                "the table {table} has triggers that run in the transaction of a reset ({}): see that they neither copy nor change a password",
                names.join(", ")
            ));
        }
    }
    Ok(found)
}

/// Whether the whole table is read to find an address.
fn look_up(
    mapped: &Mapped<'_>,
    rule: AddressRule,
    connection: &mut dyn Connection,
) -> Result<Option<String>> {
    let (table, dialect) = (&mapped.table, mapped.dialect);
    let column = bare(&mapped.email_lookup.sql);
    let column = column.trim_matches(['«', '»']);
    let ignores_case = rule == AddressRule::IgnoreCase;
    let (index, remedy) = match dialect {
        Dialect::Sqlite if ignores_case => (
            format!("{column} NOCASE"),
            format!("add an index of {column} COLLATE NOCASE"),
        ),
        Dialect::Postgres { .. } if ignores_case => (
            format!("upper({column}"),
            format!("add an index of UPPER({column})"),
        ),
        Dialect::Mysql if ignores_case => (
            String::new(),
            format!(
                "where the collation of {column} takes upper and lower case for one, lookup = \"database\" uses its index"
            ),
        ),
        _ => (column.to_owned(), format!("add an index of {column}")),
    };
    let begins = |first: String| {
        let first = first.replace('"', "");
        !index.is_empty() && first.starts_with(&index)
    };
    if indexed_first(table, connection, dialect)?
        .into_iter()
        .any(begins)
    {
        return Ok(None);
    }
    Ok(Some(format!(
        "the whole table {table} is read to find an address: {remedy}"
    )))
}

/// The first column, or the expression, of each index of a table; in SQLite with its collation.
fn indexed_first(
    table: &str,
    connection: &mut dyn Connection,
    dialect: &Dialect,
) -> Result<Vec<String>> {
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

fn triggers(
    table: &str,
    connection: &mut dyn Connection,
    dialect: &Dialect,
) -> Result<Vec<String>> {
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
) -> Result<Vec<String>> {
    let table = match dialect {
        Dialect::Postgres { .. } => live::quoted(table, '"'),
        Dialect::Sqlite | Dialect::Mysql => table.to_owned(),
    };
    let rows = connection.query(&dialect.render(statement), &[(&table).into()])?;
    rows.into_iter().map(|mut row| row.text()).collect()
}
