//! Pieces of statements on another system's tables.

use super::{
    live::{Column, Kind},
    mapping::Condition,
};
use crate::sql::Dialect;

/// A column of the users' table, or of the one that the password is in.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) sql: String,
    pub(super) kind: Kind,
}

impl Place {
    pub(super) fn of(alias: &str, column: &Column) -> Self {
        let dot = if alias.is_empty() { "" } else { "." };
        Self {
            sql: format!("{alias}{dot}«{}»", column.name),
            kind: column.kind,
        }
    }
}

/// A name of the host's, each part between its marks.
pub(super) fn quoted(name: &str) -> String {
    let parts: Vec<_> = name.split('.').map(|part| format!("«{part}»")).collect();
    parts.join(".")
}

pub(super) fn text(dialect: &Dialect, sql: &str) -> String {
    match dialect {
        Dialect::Sqlite => format!("CAST({sql} AS TEXT)"),
        Dialect::Postgres { .. } => format!("CAST({sql} AS text)"),
        Dialect::Mysql => format!("CAST({sql} AS CHAR)"),
    }
}

/// A text as a key of that kind; null where it cannot be one.
pub(super) fn key(dialect: &Dialect, kind: Kind, text: &str) -> String {
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
pub(super) fn millis(dialect: &Dialect, sql: &str) -> String {
    match dialect {
        Dialect::Sqlite => format!("CAST(unixepoch({sql}, 'subsec') * 1000 AS INTEGER)"),
        Dialect::Postgres { .. } => format!("CAST(extract(epoch FROM {sql}) * 1000 AS bigint)"),
        Dialect::Mysql => {
            format!("TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', {sql}) DIV 1000")
        }
    }
}

/// A parameter in milliseconds as a moment of that kind.
pub(super) fn moment(dialect: &Dialect, kind: Kind, parameter: &str) -> String {
    match (dialect, kind) {
        (Dialect::Sqlite, Kind::IsoTime) => {
            format!("strftime('%Y-%m-%dT%H:%M:%fZ', {parameter} / 1000.0, 'unixepoch')")
        }
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

/// A text of 32 hexadecimal digits that nobody can guess, another one each time.
pub(super) const fn random(dialect: &Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "lower(hex(randomblob(16)))",
        // Two, because six bits of each are always the same.
        Dialect::Postgres { .. } => {
            "md5(CAST(gen_random_uuid() AS text) || CAST(gen_random_uuid() AS text))"
        }
        // MariaDB before 10.10 has no random bytes: of the new hash, whose salt nobody knows, and an id.
        Dialect::Mysql => "LEFT(SHA2(CONCAT(CAST(?10 AS CHAR), UUID()), 256), 32)",
    }
}

pub(super) fn truth(dialect: &Dialect, place: &Place, is: bool) -> String {
    match (dialect, place.kind) {
        (Dialect::Postgres { .. }, Kind::Flag) => {
            format!("{} IS {}TRUE", place.sql, if is { "" } else { "NOT " })
        }
        _ => format!("{} = {}", place.sql, u8::from(is)),
    }
}

/// A condition on a row.
pub(super) fn test(dialect: &Dialect, place: &Place, condition: &Condition) -> String {
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

/// Conditions behind another.
pub(super) fn and(conditions: &[String]) -> String {
    let mut text = String::new();
    for condition in conditions {
        text.push_str(" AND ");
        text.push_str(condition);
    }
    text
}

/// The same without aliases, for a statement on one table.
pub(super) fn bare(sql: &str) -> String {
    ["u.«", "p.«", "v.«"]
        .iter()
        .fold(sql.to_owned(), |sql, alias| sql.replace(alias, "«"))
}
