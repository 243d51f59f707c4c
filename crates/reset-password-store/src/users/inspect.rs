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
            let mapping = mapping_of(name, table, &stock);
            if fits(&mapping, table, marks, connection, dialect)? {
                let (preset, table) = (name, table.clone());
                found.push(Fitting {
                    preset,
                    table,
                    mapping,
                });
            }
        }
    }
    Ok(found)
}

const DJANGO: &str = "django";

/// The preset for a table, as a file has it.
fn mapping_of(preset: &str, table: &str, stock: &str) -> String {
    if table == stock {
        return format!("preset = \"{preset}\"\n");
    }
    format!("preset = \"{preset}\"\ntable = \"{table}\"\n")
}

/// Whether a table has the marks of a framework's, and all that its mapping needs.
fn fits(
    mapping: &str,
    table: &str,
    marks: &[&str],
    connection: &mut dyn Connection,
    dialect: &Dialect,
) -> Result<bool> {
    let columns = Table::find(connection, dialect, table)?;
    if !columns.is_some_and(|columns| marks.iter().all(|mark| columns.column(mark).is_some())) {
        return Ok(false);
    }
    let tables = UserMapping::parse(mapping).and_then(UserMapping::resolve);
    // What no mapping can name is nobody's of whom there is a preset.
    let Ok(tables) = tables else {
        return Ok(false);
    };
    match Mapped::find(&tables, connection, dialect) {
        Ok(_) => Ok(true),
        Err(StoreError::Config(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The least privileges for these tables.
pub(crate) fn grants(
    tables: &UserTables,
    connection: &mut dyn Connection,
    dialect: &Dialect,
) -> Result<Vec<Grant>> {
    let mapped = Mapped::find(tables, connection, dialect)?;
    let grant = |privileges, table: &str| Grant {
        privileges,
        table: table.to_owned(),
    };
    let elsewhere = mapped.password.table.iter().map(|(table, _)| table);
    let verified = mapped
        .verified
        .iter()
        .filter_map(|verified| verified.table.as_ref());
    let elsewhere = elsewhere.chain(verified.map(|(table, _)| table));
    let written = std::iter::once(&mapped.table).chain(elsewhere);
    let written = written.map(|table| grant("SELECT, UPDATE", table));
    let deletions = mapped.deletions.iter();
    let emptied = deletions.map(|deletion| grant("SELECT, DELETE", &deletion.table));
    Ok(written.chain(emptied).collect())
}
