//! The statements on a users' table that belongs to another system.
//!
//! Its names stand between `«` and `»`, which the dialect turns into its own quotation marks: the engine's tables, whose
//! names a schema is put before, are known by theirs. What the table has no column for (when the password was set, the
//! last login through the engine) is in a table of ours.

use reset_password_core::{address_rule::AddressRule, store::StoreError};

use super::{
    found::{Mapped, Verification},
    fragments::{Place, and, bare, key, millis, moment, quoted, text, truth},
    live::Kind,
    mapping::UserTables,
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

impl Mapped<'_> {
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
        if let Some((table, of)) = &self.password.table {
            let conditions = and(&self.password.conditions);
            from = format!(
                " JOIN {} AS p ON {} = {}{conditions}",
                quoted(table),
                of.sql,
                self.id.sql
            );
        }
        format!("{from} LEFT JOIN {STATE} AS s ON s.\"user_id\" = {user}")
    }

    fn accounts(&self) -> String {
        and(&self.conditions)
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
            Some(verified) => {
                format!("CASE WHEN {} THEN 1 ELSE 0 END", self.is_verified(verified))
            }
            None => "0".to_owned(),
        };
        let [first_name, last_name, name, locale] = &self.texts;
        [
            self.text(&self.id.sql),
            self.text(&self.email.sql),
            self.text(&self.email_lookup.sql),
            number(&verified),
            self.text(&self.password.place.sql),
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

    /// Whether the address was verified.
    fn is_verified(&self, verified: &Verification) -> String {
        let is = if verified.is_time {
            format!("{} IS NOT NULL", verified.place.sql)
        } else {
            truth(self.dialect, &verified.place, true)
        };
        match &verified.table {
            None => is,
            Some((table, [user, email])) => format!(
                "EXISTS (SELECT 1 FROM {} AS v WHERE {} = {} AND {} = {} AND {is})",
                quoted(table),
                user.sql,
                self.id.sql,
                email.sql,
                self.email.sql
            ),
        }
    }

    /// What says so from now on.
    fn set_verified(&self, verified: &Verification) -> String {
        let column = bare(&verified.place.sql);
        match (verified.is_time, verified.place.kind) {
            (true, kind) => format!(
                "{column} = COALESCE({column}, {})",
                moment(self.dialect, kind, "?1")
            ),
            (false, Kind::Flag) if matches!(self.dialect, Dialect::Postgres { .. }) => {
                format!("{column} = TRUE")
            }
            (false, _) => format!("{column} = 1"),
        }
    }

    /// The same in another table.
    fn verify_elsewhere(&self) -> Option<Statement> {
        let verified = self.verified.as_ref()?;
        let (table, [user, email]) = verified.table.as_ref()?;
        Some(self.dialect.render(&format!(
            "UPDATE {} SET {} WHERE {} = {} AND {} = {}",
            quoted(table),
            self.set_verified(verified),
            bare(&user.sql),
            key(self.dialect, user.kind, &self.text("?8")),
            bare(&email.sql),
            self.text("?13")
        )))
    }

    fn locking(&self) -> &'static str {
        match self.dialect {
            // The other side of an outer join cannot be locked.
            Dialect::Postgres { .. } => " FOR UPDATE OF u",
            Dialect::Sqlite | Dialect::Mysql => self.dialect.locking(),
        }
    }

    fn by_address(&self, rule: AddressRule) -> String {
        let (email, address) = (&self.email_lookup.sql, self.text("?1"));
        match (rule, self.dialect, self.email_lookup.kind) {
            (_, _, Kind::CaseInsensitiveText) => format!("{email} = CAST(?1 AS citext)"),
            (AddressRule::IgnoreCase, Dialect::Sqlite, _) => format!("{email} = ?1 COLLATE NOCASE"),
            (AddressRule::IgnoreCase, _, _) => format!("UPPER({email}) = UPPER({address})"),
            // A cast would compare by the connection's collation; a bare parameter leaves it to the column's.
            (AddressRule::Database, Dialect::Mysql, _) => format!("{email} = ?1"),
            _ => format!("{email} = {address}"),
        }
    }

    fn user_statements(&self, address_rule: AddressRule) -> UserStatements {
        let (table, dialect) = (quoted(&self.table), self.dialect);
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
        let [email, email_lookup, password] =
            [&self.email, &self.email_lookup, &self.password.place]
                .map(|place| self.text(&place.sql));
        UserStatements {
            own: None,
            any: select(&format!("{} IS NOT NULL", self.id.sql), " LIMIT 1"),
            by_id: select(&by_id, ""),
            lock: select(&by_id, self.locking()),
            lock_recipient: render(format!(
                "SELECT {id}, {email}, {email_lookup}, {password} FROM {table} AS u{from} WHERE {by_address}{accounts}{several}{}",
                self.locking()
            )),
            by_email_lookup: select(&by_address, &several),
            address_rule,
            sign_in: SignInStatements::Several {
                lock: render(format!(
                    "SELECT {id} FROM {table} AS u{from} WHERE {by_id} AND {} = {}{accounts}{}",
                    self.password.place.sql,
                    self.text("?2"),
                    self.locking()
                )),
                ensure: self.ensure_state("?1"),
                note: render(format!(
                    "UPDATE {STATE} SET \"last_sign_in_at\" = CASE WHEN \"last_sign_in_at\" > ?3 THEN \"last_sign_in_at\" ELSE ?3 END WHERE \"user_id\" = ?1 AND {FEWER}"
                )),
            },
        }
    }

    fn joined(&self) -> JoinedUsers {
        let (table, dialect) = (quoted(&self.table), self.dialect);
        let one = |statement: Statement| (statement, RowCount::Exactly(1));
        let accounts = bare(&self.accounts());
        let (id, email) = (bare(&self.id.sql), bare(&self.email.sql));
        let mut sets = Vec::new();
        let here = self
            .verified
            .iter()
            .filter(|verified| verified.table.is_none());
        sets.extend(here.map(|verified| self.set_verified(verified)));
        if let Some(updated_at) = &self.updated_at {
            sets.push(format!(
                "{} = {}",
                bare(&updated_at.sql),
                moment(dialect, updated_at.kind, "?1")
            ));
        }
        sets.extend(self.sets.iter().cloned());
        let mut matches = format!(
            "{id} = {} AND {email} = {}{accounts}",
            self.user("?8"),
            self.text("?13")
        );
        let elsewhere = self.password.table.as_ref();
        if elsewhere.is_none() {
            let password = bare(&self.password.place.sql);
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
        redeem.extend(elsewhere.map(|(table, of)| one(self.set_password(table, of))));
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
            self.verify_elsewhere()
                .map(|statement| (statement, RowCount::Any)),
        );
        redeem.extend(self.deletions.iter().map(|deletion| {
            let ended = RowCount::Ended(deletion.table.clone());
            (dialect.render(&deletion.statement), ended)
        }));

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

    /// Replaces a hash that is in another table, and still in force.
    fn set_password(&self, table: &str, of: &Place) -> Statement {
        let password = bare(&self.password.place.sql);
        let touch = self.password.updated_at.as_ref().map(|column| {
            let moment = moment(self.dialect, column.kind, "?1");
            format!(", {} = {moment}", bare(&column.sql))
        });
        self.dialect.render(&format!(
            "UPDATE {} SET {password} = {}{} WHERE {} = {} AND {password} = {}{}",
            quoted(table),
            self.text("?10"),
            touch.unwrap_or_default(),
            bare(&of.sql),
            key(self.dialect, of.kind, &self.text("?8")),
            self.text("?15"),
            bare(&and(&self.password.conditions)),
        ))
    }

    fn ensure_state(&self, user: &str) -> Statement {
        let (insert, behind) = self.dialect.insert_if_absent();
        self.dialect.render(&format!(
            "{insert} INTO {STATE} (\"user_id\") VALUES ({user}){behind}"
        ))
    }
}
