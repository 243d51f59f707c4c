//! What differs between the databases' languages.

use super::Statement;

/// The language of a database. Statements are written in what is common: identifiers in double quotes,
/// places `?1`, `?2`, …; what is not common they ask for here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    /// With the schema that the tables are in.
    Postgres {
        schema: String,
    },
    Mysql,
}

/// What the name of each of the engine's tables, and of no column, begins with.
const TABLE: &str = "\"reset_password_";

/// What stands around a name of another system's: no table of the engine's, whatever it is called.
const HOSTS_MARKS: [char; 2] = ['«', '»'];

impl Dialect {
    /// The statement as this database reads it.
    pub(crate) fn render(&self, text: &str) -> Statement {
        match self {
            Self::Sqlite => Statement::numbered(text.replace(HOSTS_MARKS, "\"")),
            Self::Postgres { schema } => {
                let schema = schema.replace('"', "\"\"");
                let qualified = text.replace(TABLE, &format!("\"{schema}\".{TABLE}"));
                let qualified = qualified.replace(HOSTS_MARKS, "\"");
                Statement::numbered(qualified.replace('?', "$"))
            }
            Self::Mysql => {
                let (text, places) = positional(&text.replace('"', "`").replace(HOSTS_MARKS, "`"));
                Statement::positional(text, places)
            }
        }
    }

    /// The schema that the tables are in; empty where there are none.
    pub(crate) fn schema(&self) -> &str {
        match self {
            Self::Postgres { schema } => schema,
            Self::Sqlite | Self::Mysql => "",
        }
    }

    /// What a read says that locks the rows that it reads. On SQLite the whole database is locked already.
    pub(crate) const fn locking(&self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres { .. } | Self::Mysql => " FOR UPDATE",
        }
    }

    /// The same, but rows that another transaction has locked are passed over.
    pub(crate) const fn locking_what_is_free(&self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres { .. } | Self::Mysql => " FOR UPDATE SKIP LOCKED",
        }
    }

    /// How many chains the audit trail of a new database has. On SQLite writers take turns anyhow.
    pub(crate) const fn chains(&self) -> u8 {
        match self {
            Self::Sqlite => 1,
            Self::Postgres { .. } | Self::Mysql => 16,
        }
    }

    /// The time of the server's clock, in tenths of a millisecond. It is the same for all who use the
    /// database, whatever their own clocks say.
    pub(crate) const fn ticks(&self) -> &'static str {
        match self {
            Self::Sqlite => "0",
            Self::Postgres { .. } => {
                "CAST(extract(epoch FROM clock_timestamp()) * 10000 AS bigint)"
            }
            Self::Mysql => {
                "TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(6)) DIV 100"
            }
        }
    }

    /// Says that two values are equal, or that both are null.
    pub(crate) fn same(&self, left: &str, right: &str) -> String {
        match self {
            Self::Sqlite => format!("{left} IS {right}"),
            Self::Postgres { .. } => format!("{left} IS NOT DISTINCT FROM {right}"),
            Self::Mysql => format!("{left} <=> {right}"),
        }
    }

    /// The condition that is true for the first rows of those that meet `condition`, in the order of a
    /// column; the second parameter says how many. `key` is what the table's rows are known by.
    pub(crate) fn first(&self, table: &str, key: &str, condition: &str, order: &str) -> String {
        match self {
            Self::Sqlite | Self::Postgres { .. } => format!(
                "({key}) IN (SELECT {key} FROM {table} WHERE {condition} ORDER BY {order} LIMIT ?2)"
            ),
            // It takes no limit within a subquery, but one of the statement itself.
            Self::Mysql => format!("{condition} ORDER BY {order} LIMIT ?2"),
        }
    }

    /// Inserts a row, unless its key is there already: what stands before and behind the values.
    pub(crate) const fn insert_if_absent(&self) -> (&'static str, &'static str) {
        match self {
            Self::Sqlite | Self::Postgres { .. } => ("INSERT", " ON CONFLICT DO NOTHING"),
            Self::Mysql => ("INSERT IGNORE", ""),
        }
    }
}

/// Numbered places as places that are taken in turn, and the parameter of each.
fn positional(text: &str) -> (String, Vec<usize>) {
    let mut rendered = String::with_capacity(text.len());
    let mut places = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('?') {
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        let (number, behind) = after.split_at(digits);
        rendered.push_str(before);
        rendered.push('?');
        places.push(number.parse::<usize>().unwrap_or(1).saturating_sub(1));
        rest = behind;
    }
    rendered.push_str(rest);
    (rendered, places)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        r#"UPDATE "reset_password_x" SET "a" = ?2, "b" = ?2 WHERE "id" = ?1 AND "c" > ?12"#;

    #[test]
    fn a_statement_is_rendered_for_each_database() {
        assert_eq!(Dialect::Sqlite.render(TEXT).text(), TEXT);
        let schema = r#"od"d"#.to_owned();
        assert_eq!(
            Dialect::Postgres { schema }.render(TEXT).text(),
            r#"UPDATE "od""d"."reset_password_x" SET "a" = $2, "b" = $2 WHERE "id" = $1 AND "c" > $12"#
        );
        let theirs = "UPDATE «users» SET «reset_password_token» = NULL";
        let schema = "ours".to_owned();
        for dialect in [Dialect::Sqlite, Dialect::Postgres { schema }] {
            let expected = r#"UPDATE "users" SET "reset_password_token" = NULL"#;
            assert_eq!(dialect.render(theirs).text(), expected);
        }
        let expected = "UPDATE `users` SET `reset_password_token` = NULL";
        assert_eq!(Dialect::Mysql.render(theirs).text(), expected);
        let mysql = Dialect::Mysql.render(TEXT);
        assert_eq!(
            mysql.text(),
            "UPDATE `reset_password_x` SET `a` = ?, `b` = ? WHERE `id` = ? AND `c` > ?"
        );
        assert_eq!(mysql.places(), [1, 1, 0, 11]);
    }
}
