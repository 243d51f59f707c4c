//! What does not keep a reset from working on a users' table, and should be known.

use reset_password_core::{address_rule::AddressRule, store::StoreError};

use super::{
    found::Mapped,
    fragments::bare,
    live::{indexed_first, triggers},
    mapping::UserTables,
};
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
    if !mapped.left_out.is_empty() {
        let unseen = match dialect {
            Dialect::Mysql => "no such table, or none that its user has a privilege on",
            Dialect::Sqlite | Dialect::Postgres { .. } => "no such table",
        };
        found.push(format!(
            "a reset removes no rows of {}, which the preset names: the database shows {unseen}",
            mapped.left_out.join(", ")
        ));
    }
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
