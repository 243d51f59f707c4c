//! The statements on a users' table that belongs to another system.
//!
//! Its names stand between `«` and `»`, which the dialect turns into its own quotation marks: the engine's tables, whose
//! names a schema is put before, are known by theirs. What the table has no column for (when the password was set, the
//! last login through the engine) is in a table of ours.

use reset_password_core::{address_rule::AddressRule, store::StoreError};

use super::{
    live::{Column, Kind, Table},
    mapping::{Condition, Ending, UserTables, Verified},
};
use crate::{
    sql::{Connection, Dialect, Statement},
    statements::{
        failures::FEWER,
        redeem::{Redeem, RowCount, spend},
        users::{JoinedUsers, SignInStatements, UserStatements},
    },
};

/// Our table for what theirs has no column for.
const STATE: &str = r#""reset_password_user_state""#;

/// How many rows of one address are looked at: a second one makes it nobody's.
const OF_ONE_ADDRESS: u32 = 3;

type Result<T> = std::result::Result<T, StoreError>;

/// The statements on these tables, held against what the database has.
pub(crate) fn statements(
    tables: &UserTables,
    connection: &mut dyn Connection,
    dialect: &Dialect,
) -> Result<(UserStatements, JoinedUsers)> {
    let mapped = Mapped::find(tables, connection, dialect)?;
    Ok((mapped.user_statements(tables.address_rule), mapped.joined()))
}

/// A column of the users' table, or of the one that the password is in.
#[derive(Clone)]
struct Place {
    sql: String,
    kind: Kind,
}

pub(super) struct Mapped<'a> {
    dialect: &'a Dialect,
    table: String,
    id: Place,
    email: Place,
    password: Place,
    /// The table that the password is in, and its column for the user, where it is another one.
    password_table: Option<(String, Place)>,
    verified: Option<(Place, bool)>,
    texts: [Option<Place>; 4],
    created_at: Option<Place>,
    updated_at: Option<Place>,
    password_updated_at: Option<Place>,
    /// What holds for an account, of the user's row and of the row that the password is in.
    conditions: Vec<String>,
    password_conditions: Vec<String>,
    set_null: Vec<String>,
    deletions: Vec<String>,
    emptied: Vec<String>,
}

impl<'a> Mapped<'a> {
    pub(super) fn find(
        tables: &UserTables,
        connection: &mut dyn Connection,
        dialect: &'a Dialect,
    ) -> Result<Self> {
        let (told, preset) = (&tables.told, &tables.preset);
        let table_of = |connection: &mut dyn Connection, name: &str, field: &str| {
            let found = Table::find(connection, dialect, name)?;
            found.ok_or_else(|| config(format!("the database has no table {name} (users.{field})")))
        };
        let name = told
            .table
            .as_deref()
            .or(preset.table.as_deref())
            .unwrap_or_default();
        let table = table_of(connection, name, "table")?;
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

        let password_in = told.password_in.as_ref().or(preset.password_in.as_ref());
        let (password, password_table, password_conditions, password_updated_at) = match password_in
        {
            None => (
                place(need("password", &told.password, &preset.password)?),
                None,
                Vec::new(),
                None,
            ),
            Some(other) => {
                let table = table_of(connection, &other.table, "password_in.table")?;
                let name = told.password.as_ref().or(preset.password.as_ref());
                let password = column(&table, name.map_or("", String::as_str), "password")?;
                let user = column(&table, &other.user, "password_in.user")?;
                let conditions = other.conditions.iter();
                let conditions = conditions.map(|condition| {
                    let column = column(&table, &condition.column, "password_in.where")?;
                    Ok(test(dialect, &Place::of("p", column), condition))
                });
                let updated_at = other
                    .updated_at
                    .as_deref()
                    .and_then(|name| table.column(name));
                (
                    Place::of("p", password),
                    Some((other.table.clone(), Place::of("p", user))),
                    conditions.collect::<Result<Vec<_>>>()?,
                    updated_at.map(|column| Place::of("p", column)),
                )
            }
        };

        let mut conditions = Vec::new();
        let accounts = told.accounts.as_ref().or(preset.accounts.as_ref());
        for condition in accounts.into_iter().flatten() {
            let column = column(&table, &condition.column, "accounts")?;
            conditions.push(test(dialect, &place(column), condition));
        }

        let verified = match (&told.verified, &preset.verified) {
            (Some(Verified::Flag(name)), _) => {
                Some((place(column(&table, name, "verified.flag")?), false))
            }
            (Some(Verified::Time(name)), _) => {
                Some((place(column(&table, name, "verified.time")?), true))
            }
            (None, Some(Verified::Flag(name))) => {
                table.column(name).map(|column| (place(column), false))
            }
            (None, Some(Verified::Time(name))) => {
                table.column(name).map(|column| (place(column), true))
            }
            (None, None) => None,
        };

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
            table: quoted(name),
            id,
            email,
            password,
            password_table: password_table.map(|(name, user)| (quoted(&name), user)),
            verified,
            password_updated_at,
            conditions,
            password_conditions,
            set_null: Vec::new(),
            deletions: Vec::new(),
            emptied: Vec::new(),
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
        for name in &ending.set_null {
            match users.column(name) {
                Some(_) => self.set_null.push(quoted(name)),
                None if is_preset => {}
                None => column(users, name, "endings.set_null").map(drop)?,
            }
        }
        let Some(name) = &ending.delete_from else {
            return Ok(());
        };
        let Some(table) = Table::find(connection, self.dialect, name)? else {
            if is_preset {
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
                    key(self.dialect, user.kind, &self.text("?8"))
                )
            }
            (None, email) => {
                let email = email.as_deref().unwrap_or_default();
                let email = Place::of("", column(&table, email, "endings.email")?);
                format!("{} = {}", email.sql, self.text("?13"))
            }
        };
        let conditions = ending.conditions.iter().map(|condition| {
            let column = column(&table, &condition.column, "endings.where")?;
            Ok(test(self.dialect, &Place::of("", column), condition))
        });
        let conditions = conditions.collect::<Result<Vec<_>>>()?;
        let conditions = std::iter::once(whose).chain(conditions).collect::<Vec<_>>();
        self.emptied.push(name.clone());
        self.deletions.push(format!(
            "DELETE FROM {} WHERE {}",
            quoted(name),
            conditions.join(" AND ")
        ));
        Ok(())
    }

    /// The names of the tables that are written to, and of those that rows are removed from.
    pub(super) fn tables(&self) -> (Vec<String>, &[String]) {
        let written = [
            Some(&self.table),
            self.password_table.as_ref().map(|(table, _)| table),
        ];
        let plain = |name: &String| name.replace(['«', '»'], "");
        (
            written.into_iter().flatten().map(plain).collect(),
            &self.emptied,
        )
    }

    /// A value as text: a parameter whose type the database would guess, or a column of any type.
    fn text(&self, sql: &str) -> String {
        text(self.dialect, sql)
    }

    /// A parameter that names a user, as the table's own id.
    fn user(&self, parameter: &str) -> String {
        key(self.dialect, self.id.kind, &self.text(parameter))
    }

    /// The user's row, and those that belong to it.
    fn from(&self, user: &str) -> String {
        let mut from = String::new();
        if let Some((table, of)) = &self.password_table {
            let conditions: String = self
                .password_conditions
                .iter()
                .map(|each| format!(" AND {each}"))
                .collect();
            from = format!(
                " JOIN {table} AS p ON {} = {}{conditions}",
                of.sql, self.id.sql
            );
        }
        format!("{from} LEFT JOIN {STATE} AS s ON s.\"user_id\" = {user}")
    }

    fn accounts(&self) -> String {
        self.conditions
            .iter()
            .map(|condition| format!(" AND {condition}"))
            .collect()
    }

    /// The columns of a record, in the order in which all users' tables have them.
    fn selected(&self) -> String {
        let number = |sql: &str| match self.dialect {
            Dialect::Sqlite => format!("CAST({sql} AS INTEGER)"),
            Dialect::Postgres { .. } => format!("CAST({sql} AS bigint)"),
            Dialect::Mysql => format!("CAST({sql} AS SIGNED)"),
        };
        let optional = |place: &Option<Place>| match place {
            Some(place) => format!("NULLIF({}, '')", self.text(&place.sql)),
            None => "NULL".to_owned(),
        };
        let moment = |place: &Option<Place>| match place {
            Some(place) => format!("COALESCE({}, 0)", millis(self.dialect, &place.sql)),
            None => number("0"),
        };
        let verified = match &self.verified {
            Some((place, true)) => format!("CASE WHEN {} IS NOT NULL THEN 1 ELSE 0 END", place.sql),
            Some((place, false)) => format!(
                "CASE WHEN {} THEN 1 ELSE 0 END",
                truth(self.dialect, place, true)
            ),
            None => "0".to_owned(),
        };
        let email = self.text(&self.email.sql);
        let [first_name, last_name, name, locale] = &self.texts;
        [
            self.text(&self.id.sql),
            email.clone(),
            email,
            number(&verified),
            self.text(&self.password.sql),
            "'raw'".to_owned(),
            optional(first_name),
            optional(last_name),
            optional(name),
            "NULL".to_owned(),
            "s.\"last_sign_in_at\"".to_owned(),
            "NULL".to_owned(),
            "'{}'".to_owned(),
            optional(locale),
            "s.\"credentials_changed_at\"".to_owned(),
            moment(&self.created_at),
            moment(&self.updated_at),
        ]
        .join(", ")
    }

    fn locking(&self) -> &'static str {
        match self.dialect {
            // The other side of an outer join cannot be locked.
            Dialect::Postgres { .. } => " FOR UPDATE OF u",
            Dialect::Sqlite | Dialect::Mysql => self.dialect.locking(),
        }
    }

    fn by_address(&self, rule: AddressRule) -> String {
        let (email, address) = (&self.email.sql, self.text("?1"));
        match (rule, self.dialect, self.email.kind) {
            (_, _, Kind::CaseInsensitiveText) => format!("{email} = CAST(?1 AS citext)"),
            (AddressRule::IgnoreCase, Dialect::Sqlite, _) => format!("{email} = ?1 COLLATE NOCASE"),
            (AddressRule::IgnoreCase, _, _) => format!("UPPER({email}) = UPPER({address})"),
            _ => format!("{email} = {address}"),
        }
    }

    fn user_statements(&self, address_rule: AddressRule) -> UserStatements {
        let Self { table, dialect, .. } = self;
        let render = |text: String| dialect.render(&text);
        let id = self.text(&self.id.sql);
        let (from, accounts) = (self.from(&id), self.accounts());
        let select = |condition: &str, behind: &str| {
            render(format!(
                "SELECT {} FROM {table} AS u{from} WHERE {condition}{accounts}{behind}",
                self.selected()
            ))
        };
        let by_id = format!("{} = {}", self.id.sql, self.user("?1"));
        let by_address = self.by_address(address_rule);
        let several = format!(" LIMIT {OF_ONE_ADDRESS}");
        let (email, password) = (self.text(&self.email.sql), self.text(&self.password.sql));
        UserStatements {
            own: None,
            by_id: select(&by_id, ""),
            lock: select(&by_id, self.locking()),
            lock_recipient: render(format!(
                "SELECT {id}, {email}, {email}, {password} FROM {table} AS u{from} WHERE {by_address}{accounts}{several}{}",
                self.locking()
            )),
            by_email_lookup: select(&by_address, &several),
            address_rule,
            sign_in: SignInStatements::Several {
                lock: render(format!(
                    "SELECT {id} FROM {table} AS u{from} WHERE {by_id} AND {} = {}{accounts}{}",
                    self.password.sql,
                    self.text("?2"),
                    self.locking()
                )),
                ensure: self.ensure_state("?1"),
                note: render(format!(
                    "UPDATE {STATE} SET \"last_sign_in_at\" = CASE WHEN \"last_sign_in_at\" > ?3 THEN \"last_sign_in_at\" ELSE ?3 END WHERE \"user_id\" = ?1 AND {FEWER}"
                )),
            },
            replace_hash: self.set_password("?1", "?2", "?3", ""),
        }
    }

    fn joined(&self) -> JoinedUsers {
        let Self { table, dialect, .. } = self;
        let one = |statement: Statement| (statement, RowCount::Exactly(1));
        let accounts = self.accounts().replace("u.«", "«");
        let bare = |place: &Place| place.sql.replacen("u.", "", 1);
        let (id, email) = (bare(&self.id), bare(&self.email));
        let mut sets = Vec::new();
        if let Some((verified, is_time)) = &self.verified {
            let column = bare(verified);
            sets.push(match (is_time, verified.kind) {
                (true, kind) => format!(
                    "{column} = COALESCE({column}, {})",
                    moment(dialect, kind, "?1")
                ),
                (false, Kind::Flag) if matches!(dialect, Dialect::Postgres { .. }) => {
                    format!("{column} = TRUE")
                }
                (false, _) => format!("{column} = 1"),
            });
        }
        if let Some(updated_at) = &self.updated_at {
            sets.push(format!(
                "{} = {}",
                bare(updated_at),
                moment(dialect, updated_at.kind, "?1")
            ));
        }
        sets.extend(
            self.set_null
                .iter()
                .map(|column| format!("{column} = NULL")),
        );
        let mut matches = format!(
            "{id} = {} AND {email} = {}{accounts}",
            self.user("?8"),
            self.text("?13")
        );
        if self.password_table.is_none() {
            let password = bare(&self.password);
            sets.push(format!("{password} = {}", self.text("?10")));
            matches = format!("{matches} AND {password} = {}", self.text("?15"));
        } else {
            sets.push(format!("{email} = {email}"));
        }
        // The user's row is locked first, as everywhere.
        let mut redeem = vec![one(dialect.render(&format!(
            "UPDATE {table} SET {} WHERE {matches}",
            sets.join(", ")
        )))];
        if self.password_table.is_some() {
            let touch = self.password_updated_at.as_ref().map(|column| {
                let name = column.sql.replacen("p.", "", 1);
                format!(", {name} = {}", moment(dialect, column.kind, "?1"))
            });
            redeem.push(one(self.set_password(
                "?8",
                "?15",
                "?10",
                &touch.unwrap_or_default(),
            )));
        }
        let resets = r#""reset_password_resets""#;
        redeem.push(one(
            dialect.render(&format!("UPDATE {resets} SET {}", spend(dialect, "", "")))
        ));
        redeem.push((self.ensure_state("?8"), RowCount::Any));
        redeem.push(one(dialect.render(&format!(
            "UPDATE {STATE} SET \"credentials_changed_at\" = ?12 WHERE \"user_id\" = ?8 AND {}",
            dialect.same("\"last_sign_in_at\"", "?16")
        ))));
        redeem.extend(
            self.deletions
                .iter()
                .map(|deletion| (dialect.render(deletion), RowCount::Any)),
        );

        // Ours is compared octet by octet; theirs as they like.
        let of_reset = match dialect {
            Dialect::Sqlite => r#"r."user_id""#.to_owned(),
            Dialect::Postgres { .. } => r#"(r."user_id" COLLATE "default")"#.to_owned(),
            Dialect::Mysql => self.text(r#"r."user_id""#),
        };
        let user = key(dialect, self.id.kind, &of_reset);
        JoinedUsers {
            join: format!(
                "JOIN {table} AS u ON {} = {user}{}{}",
                self.id.sql,
                self.accounts(),
                self.from(&of_reset)
            ),
            selected: self.selected(),
            ids: format!("SELECT {} FROM {table} AS u", self.text(&self.id.sql)),
            redeem: Redeem(redeem),
        }
    }

    /// Replaces a hash that is still in force.
    fn set_password(&self, user: &str, old: &str, new: &str, touch: &str) -> Statement {
        let (table, of, conditions) = match &self.password_table {
            Some((table, of)) => (table, of, &self.password_conditions),
            None => (&self.table, &self.id, &self.conditions),
        };
        let bare = |sql: &str| sql.replace("u.«", "«").replace("p.«", "«");
        let conditions: String = conditions
            .iter()
            .map(|each| format!(" AND {}", bare(each)))
            .collect();
        let password = bare(&self.password.sql);
        self.dialect.render(&format!(
            "UPDATE {table} SET {password} = {}{touch} WHERE {} = {} AND {password} = {}{conditions}",
            self.text(new),
            bare(&of.sql),
            key(self.dialect, of.kind, &self.text(user)),
            self.text(old),
        ))
    }

    fn ensure_state(&self, user: &str) -> Statement {
        let (insert, behind) = self.dialect.insert_if_absent();
        self.dialect.render(&format!(
            "{insert} INTO {STATE} (\"user_id\") VALUES ({user}){behind}"
        ))
    }
}

impl Place {
    fn of(alias: &str, column: &Column) -> Self {
        let dot = if alias.is_empty() { "" } else { "." };
        Self {
            sql: format!("{alias}{dot}«{}»", column.name),
            kind: column.kind,
        }
    }
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

/// A name of the host's, each part between its marks.
fn quoted(name: &str) -> String {
    let parts: Vec<_> = name.split('.').map(|part| format!("«{part}»")).collect();
    parts.join(".")
}

fn text(dialect: &Dialect, sql: &str) -> String {
    match dialect {
        Dialect::Sqlite => format!("CAST({sql} AS TEXT)"),
        Dialect::Postgres { .. } => format!("CAST({sql} AS text)"),
        Dialect::Mysql => format!("CAST({sql} AS CHAR)"),
    }
}

/// A text as a key of that kind; null where it cannot be one.
fn key(dialect: &Dialect, kind: Kind, text: &str) -> String {
    let (looks_like, cast) = match (kind, dialect) {
        (Kind::Integer, Dialect::Sqlite) => (
            format!("{text} NOT GLOB '*[^0-9]*' AND {text} <> ''"),
            "INTEGER",
        ),
        (Kind::Integer, Dialect::Postgres { .. }) => {
            (format!("{text} ~ '^[0-9]{{1,18}}$'"), "bigint")
        }
        (Kind::Integer, Dialect::Mysql) => (format!("{text} REGEXP '^[0-9]{{1,18}}$'"), "UNSIGNED"),
        (Kind::Guid, Dialect::Postgres { .. }) => (
            format!("{text} ~ '^[0-9a-f]{{8}}-([0-9a-f]{{4}}-){{3}}[0-9a-f]{{12}}$'"),
            "uuid",
        ),
        _ => return text.to_owned(),
    };
    format!("(CASE WHEN {looks_like} THEN CAST({text} AS {cast}) END)")
}

/// A moment in milliseconds.
fn millis(dialect: &Dialect, sql: &str) -> String {
    match dialect {
        Dialect::Sqlite => format!("CAST(unixepoch({sql}, 'subsec') * 1000 AS INTEGER)"),
        Dialect::Postgres { .. } => format!("CAST(extract(epoch FROM {sql}) * 1000 AS bigint)"),
        Dialect::Mysql => {
            format!("TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', {sql}) DIV 1000")
        }
    }
}

/// A parameter in milliseconds as a moment of that kind.
fn moment(dialect: &Dialect, kind: Kind, parameter: &str) -> String {
    match (dialect, kind) {
        (Dialect::Sqlite, _) => {
            format!("strftime('%Y-%m-%d %H:%M:%f', {parameter} / 1000.0, 'unixepoch')")
        }
        (Dialect::Postgres { .. }, Kind::ZonedTime) => {
            format!("to_timestamp(CAST({parameter} AS double precision) / 1000)")
        }
        (Dialect::Postgres { .. }, _) => {
            format!("to_timestamp(CAST({parameter} AS double precision) / 1000) AT TIME ZONE 'UTC'")
        }
        (Dialect::Mysql, _) => {
            format!("TIMESTAMPADD(MICROSECOND, {parameter} * 1000, '1970-01-01 00:00:00')")
        }
    }
}

fn truth(dialect: &Dialect, place: &Place, is: bool) -> String {
    match (dialect, place.kind) {
        (Dialect::Postgres { .. }, Kind::Flag) => {
            format!("{} IS {}TRUE", place.sql, if is { "" } else { "NOT " })
        }
        _ => format!("{} = {}", place.sql, u8::from(is)),
    }
}

/// A condition on a row.
fn test(dialect: &Dialect, place: &Place, condition: &Condition) -> String {
    let sql = &place.sql;
    let literal = |text: &str| {
        let text = text.replace('\'', "''");
        match dialect {
            Dialect::Mysql => format!("'{}'", text.replace('\\', "\\\\")),
            Dialect::Sqlite | Dialect::Postgres { .. } => format!("'{text}'"),
        }
    };
    if let Some(is) = condition.is {
        return truth(dialect, place, is);
    }
    if let Some(null) = condition.null {
        return format!("{sql} IS {}NULL", if null { "" } else { "NOT " });
    }
    if let Some(equals) = &condition.equals {
        return format!("{sql} = {}", literal(equals));
    }
    if let Some(other) = &condition.not_equal {
        return format!("{sql} <> {}", literal(other));
    }
    let prefix = condition.not_prefix.as_deref().unwrap_or_default();
    let length = prefix.chars().count();
    format!("substr({sql}, 1, {length}) <> {}", literal(prefix))
}
