//! A mapping held against the tables that the database has.

use reset_password_core::store::StoreError;

use super::{
    fragments::{Place, and, key, moment, quoted, random, test, text},
    live::{Column, Kind, Table},
    mapping::{Condition, Ending, PasswordTable, UserTables, Verified},
};
use crate::sql::{Connection, Dialect};

type Result<T> = std::result::Result<T, StoreError>;

/// A users' table, and what belongs to it.
pub(super) struct Mapped<'a> {
    pub(super) dialect: &'a Dialect,
    /// Its name, as the database has it.
    pub(super) table: String,
    pub(super) id: Place,
    pub(super) email: Place,
    /// Where addresses are looked for.
    pub(super) email_lookup: Place,
    pub(super) password: Password,
    pub(super) verified: Option<Verification>,
    pub(super) texts: [Option<Place>; 4],
    pub(super) created_at: Option<Place>,
    pub(super) updated_at: Option<Place>,
    /// What holds for the row of an account.
    pub(super) conditions: Vec<String>,
    /// What else is set in the row.
    pub(super) sets: Vec<String>,
    pub(super) deletions: Vec<Deletion>,
    /// The tables of a preset's endings that the database does not show.
    pub(super) left_out: Vec<String>,
}

/// Where it is said that an address was verified.
pub(super) struct Verification {
    pub(super) place: Place,
    /// Whether that is a moment.
    pub(super) is_time: bool,
    /// The table, and its columns for the user and the address, where it is another one.
    pub(super) table: Option<(String, [Place; 2])>,
}

/// What removes rows of a user, and from which table.
pub(super) struct Deletion {
    pub(super) table: String,
    pub(super) statement: String,
}

impl<'a> Mapped<'a> {
    pub(super) fn find(
        tables: &UserTables,
        connection: &mut dyn Connection,
        dialect: &'a Dialect,
    ) -> Result<Self> {
        let (told, preset) = (&tables.told, &tables.preset);
        let name = told
            .table
            .as_deref()
            .or(preset.table.as_deref())
            .unwrap_or_default();
        let has_iso_times = tables.has_iso_times && *dialect == Dialect::Sqlite;
        let as_it_writes = |table: Table| {
            if has_iso_times {
                table.with_iso_times()
            } else {
                table
            }
        };
        let table = as_it_writes(table_of(connection, dialect, name, "table")?);
        let pick = |field: &str, told: &Option<String>, preset: &Option<String>| match told {
            Some(name) => column(&table, name, field).map(Some),
            None => Ok(preset.as_deref().and_then(|name| table.column(name))),
        };
        let need = |field: &str, told: &Option<String>, preset: &Option<String>| {
            column(
                &table,
                told.as_ref().or(preset.as_ref()).map_or("", String::as_str),
                field,
            )
        };
        let place = |column: &Column| Place::of("u", column);
        let id = place(need("id", &told.id, &preset.id)?);
        if !matches!(id.kind, Kind::Integer | Kind::Text | Kind::Guid) {
            let column = need("id", &told.id, &preset.id)?;
            return Err(config(format!(
                "the column {} (users.id) is of the type {}: an id is a number, a text or a uuid",
                column.name, column.declared
            )));
        }
        let email = place(need("email", &told.email, &preset.email)?);
        // Another column than the preset's has no form beside it, unless that is named too.
        let beside = preset.email_lookup.clone().filter(|_| told.email.is_none());
        let email_lookup = pick("email_lookup", &told.email_lookup, &beside)?;

        let password = match told.password_in.as_ref().or(preset.password_in.as_ref()) {
            None => Password {
                place: place(need("password", &told.password, &preset.password)?),
                table: None,
                conditions: Vec::new(),
                updated_at: None,
            },
            Some(other) => {
                let table = table_of(connection, dialect, &other.table, "password_in.table")?;
                let name = told.password.as_ref().or(preset.password.as_ref());
                let name = name.map_or("", String::as_str);
                Password::elsewhere(other, name, &as_it_writes(table), dialect)?
            }
        };

        let accounts = told.accounts.as_ref().or(preset.accounts.as_ref());
        let accounts = accounts.map_or_else(Default::default, Vec::as_slice);
        let conditions = tests(dialect, &table, "u", accounts, "accounts")?;
        let verified = find_verified(tables, &table, connection, dialect)?;
        let mut mapped = Self {
            dialect,
            texts: [
                pick("first_name", &told.first_name, &preset.first_name)?.map(place),
                pick("last_name", &told.last_name, &preset.last_name)?.map(place),
                pick("name", &told.name, &preset.name)?.map(place),
                pick("locale", &told.locale, &preset.locale)?.map(place),
            ],
            created_at: pick("created_at", &told.created_at, &preset.created_at)?.map(place),
            updated_at: pick("updated_at", &told.updated_at, &preset.updated_at)?.map(place),
            table: table.name.clone(),
            id,
            email_lookup: email_lookup.map_or_else(|| email.clone(), place),
            email,
            password,
            verified,
            conditions,
            sets: Vec::new(),
            deletions: Vec::new(),
            left_out: Vec::new(),
        };
        let (endings, is_preset) = match &told.endings {
            Some(_) => (&told.endings, false),
            None => (&preset.endings, true),
        };
        for ending in endings.iter().flatten() {
            mapped.add_ending(ending, is_preset, &table, connection)?;
        }
        Ok(mapped)
    }

    /// What a preset says of a table or a column that is not there is left out.
    fn add_ending(
        &mut self,
        ending: &Ending,
        is_preset: bool,
        users: &Table,
        connection: &mut dyn Connection,
    ) -> Result<()> {
        let sets = [
            ("endings.set_null", &ending.set_null, Value::Null),
            ("endings.set_random", &ending.set_random, Value::Random),
            ("endings.touch", &ending.touch, Value::Now),
        ];
        for (field, names, value) in sets {
            for name in names {
                match users.column(name) {
                    Some(column) => self.sets.push(set(self.dialect, column, value)),
                    None if is_preset => {}
                    None => column(users, name, field).map(drop)?,
                }
            }
        }
        let Some(name) = &ending.delete_from else {
            return Ok(());
        };
        let Some(table) = Table::find(connection, self.dialect, name)? else {
            if is_preset {
                self.left_out.push(name.clone());
                return Ok(());
            }
            return Err(config(format!(
                "the database has no table {name} (users.endings.delete_from)"
            )));
        };
        let whose = match (&ending.user, &ending.email) {
            (Some(user), _) => {
                let user = Place::of("", column(&table, user, "endings.user")?);
                format!(
                    "{} = {}",
                    user.sql,
                    key(self.dialect, user.kind, &text(self.dialect, "?8"))
                )
            }
            (None, email) => {
                let email = email.as_deref().unwrap_or_default();
                let email = Place::of("", column(&table, email, "endings.email")?);
                format!("{} = {}", email.sql, text(self.dialect, "?13"))
            }
        };
        let conditions = tests(
            self.dialect,
            &table,
            "",
            &ending.conditions,
            "endings.where",
        )?;
        self.deletions.push(Deletion {
            statement: format!(
                "DELETE FROM {} WHERE {whose}{}",
                quoted(&table.name),
                and(&conditions)
            ),
            table: table.name,
        });
        Ok(())
    }
}

/// What an ending puts into a column of the user's row.
#[derive(Clone, Copy)]
enum Value {
    Null,
    Random,
    Now,
}

fn set(dialect: &Dialect, column: &Column, value: Value) -> String {
    let value = match value {
        Value::Null => "NULL".to_owned(),
        Value::Random => random(dialect).to_owned(),
        Value::Now => moment(dialect, column.kind, "?1"),
    };
    format!("{} = {value}", Place::of("", column).sql)
}

/// Where the password is.
pub(super) struct Password {
    pub(super) place: Place,
    /// The table that it is in, and its column for the user, where it is another one.
    pub(super) table: Option<(String, Place)>,
    /// What holds for the row that it is in.
    pub(super) conditions: Vec<String>,
    pub(super) updated_at: Option<Place>,
}

impl Password {
    fn elsewhere(
        other: &PasswordTable,
        name: &str,
        table: &Table,
        dialect: &Dialect,
    ) -> Result<Self> {
        let place = |column: &Column| Place::of("p", column);
        let updated_at = other.updated_at.as_deref();
        Ok(Self {
            place: place(column(table, name, "password")?),
            table: Some((
                table.name.clone(),
                place(column(table, &other.user, "password_in.user")?),
            )),
            conditions: tests(dialect, table, "p", &other.conditions, "password_in.where")?,
            updated_at: updated_at.and_then(|name| table.column(name)).map(place),
        })
    }
}

/// What says whether the address was verified. A preset's is left out where it is not there.
fn find_verified(
    tables: &UserTables,
    users: &Table,
    connection: &mut dyn Connection,
    dialect: &Dialect,
) -> Result<Option<Verification>> {
    let told = tables.told.verified.as_ref();
    let Some(verified) = told.or(tables.preset.verified.as_ref()) else {
        return Ok(None);
    };
    let found = find_verification(verified, users, connection, dialect);
    match found {
        Err(StoreError::Config(_)) if told.is_none() => Ok(None),
        found => found.map(Some),
    }
}

fn find_verification(
    verified: &Verified,
    users: &Table,
    connection: &mut dyn Connection,
    dialect: &Dialect,
) -> Result<Verification> {
    let (name, is_time) = match (&verified.flag, &verified.time) {
        (Some(name), _) => (name, false),
        (None, name) => (
            name.as_ref()
                .ok_or_else(|| config("users.verified names no column".to_owned()))?,
            true,
        ),
    };
    let (Some(table), Some(user), Some(email)) = (&verified.table, &verified.user, &verified.email)
    else {
        let place = Place::of("u", column(users, name, "verified")?);
        return Ok(Verification {
            place,
            is_time,
            table: None,
        });
    };
    let table = table_of(connection, dialect, table, "verified.table")?;
    let place =
        |name: &str, field| column(&table, name, field).map(|column| Place::of("v", column));
    Ok(Verification {
        place: place(name, "verified")?,
        is_time,
        table: Some((
            table.name.clone(),
            [
                place(user, "verified.user")?,
                place(email, "verified.email")?,
            ],
        )),
    })
}

/// Conditions on the rows of a table, whose alias stands before each column.
fn tests(
    dialect: &Dialect,
    table: &Table,
    alias: &str,
    conditions: &[Condition],
    field: &str,
) -> Result<Vec<String>> {
    let tests = conditions.iter().map(|condition| {
        let column = column(table, &condition.column, field)?;
        Ok(test(dialect, &Place::of(alias, column), condition))
    });
    tests.collect()
}

fn table_of(
    connection: &mut dyn Connection,
    dialect: &Dialect,
    name: &str,
    field: &str,
) -> Result<Table> {
    let found = Table::find(connection, dialect, name)?;
    found.ok_or_else(|| config(format!("the database has no table {name} (users.{field})")))
}

fn config(sentence: String) -> StoreError {
    StoreError::Config(sentence)
}

/// The column of that name.
fn column<'a>(table: &'a Table, name: &str, field: &str) -> Result<&'a Column> {
    table.column(name).ok_or_else(|| {
        config(format!(
            "the table {} has no column {name} (users.{field}); it has {}",
            table.name,
            table.names()
        ))
    })
}
