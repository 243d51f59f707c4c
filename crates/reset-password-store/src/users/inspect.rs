//! Whose users' table a database has, and what the engine has to be granted on it.

use reset_password_core::store::StoreError;

use super::{
    found::Mapped,
    live::Table,
    mapping::{UserMapping, UserTables},
    presets::{OWN, PRESETS, Preset},
};
use crate::sql::{Connection, Dialect};

type Result<T> = std::result::Result<T, StoreError>;

/// A preset that fits a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fitting {
    /// The preset's name.
    pub preset: &'static str,
    /// The table.
    pub table: String,
    /// The mapping, as a file has it.
    pub mapping: String,
}

/// What has to be granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The privileges.
    pub privileges: &'static str,
    /// On which table.
    pub table: String,
}

/// The presets that fit tables of this database.
pub(crate) fn inspect(connection: &mut dyn Connection, dialect: &Dialect) -> Result<Vec<Fitting>> {
    let names = Table::names_of_all(connection, dialect)?;
    let mut found = Vec::new();
    for Preset {
        name,
        mapping,
        marks,
    } in PRESETS
    {
        if name == OWN {
            continue;
        }
        let preset = UserMapping::parse(mapping)?;
        let stock = preset.table.clone().unwrap_or_default();
        let has_stock = names.contains(&stock);
        // A project may call its own users' model as it likes, which Django's documentation tells every one to have.
        let candidates = names.iter().filter(|table| {
            if has_stock {
                **table == stock
            } else {
                name == DJANGO
            }
        });
        for table in candidates {
            let Some(columns) = Table::find(connection, dialect, table)? else {
                continue;
            };
            let password = preset
                .password
                .as_ref()
                .filter(|_| preset.password_in.is_none());
            let essential = [preset.id.as_ref(), preset.email.as_ref(), password];
            let essential = essential.into_iter().flatten().map(String::as_str);
            let fits = essential
                .chain(marks.iter().copied())
                .all(|column| columns.column(column).is_some());
            let other = preset
                .password_in
                .as_ref()
                .is_none_or(|other| names.contains(&other.table));
            if fits && other {
                let difference = if *table == stock {
                    String::new()
                } else {
                    format!("table = \"{table}\"\n")
                };
                found.push(Fitting {
                    preset: name,
                    table: table.clone(),
                    mapping: format!("preset = \"{name}\"\n{difference}"),
                });
            }
        }
    }
    Ok(found)
}

const DJANGO: &str = "django";

/// The least privileges for these tables.
pub(crate) fn grants(
    tables: &UserTables,
    connection: &mut dyn Connection,
    dialect: &Dialect,
) -> Result<Vec<Grant>> {
    let mapped = Mapped::find(tables, connection, dialect)?;
    let (written, emptied) = mapped.tables();
    let grant = |privileges, table: &str| Grant {
        privileges,
        table: table.to_owned(),
    };
    let written = written.iter().map(|table| grant("SELECT, UPDATE", table));
    let emptied = emptied.iter().map(|table| grant("SELECT, DELETE", table));
    Ok(written.chain(emptied).collect())
}
