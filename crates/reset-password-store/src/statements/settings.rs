//! The table of settings.

use crate::sql::{Dialect, Statement};

/// The setting that names the secret key that the database belongs to.
pub(crate) const KEY_ID: &str = "key_id";
/// The setting that counts the migrations that were made.
pub(crate) const SCHEMA_VERSION: &str = "schema_version";

/// The statements on the table of settings.
pub(crate) struct SettingStatements {
    /// Takes the name.
    pub(crate) find: Statement,
    /// The same, and locks the row.
    pub(crate) lock: Statement,
    /// Takes the name and the value. Does nothing where there is such a setting.
    pub(crate) insert: Statement,
    /// Takes the name and the value.
    pub(crate) update: Statement,
}

impl SettingStatements {
    pub(crate) fn new(dialect: &Dialect) -> Self {
        let find = r#"SELECT "value" FROM "reset_password_settings" WHERE "name" = ?1"#;
        let (insert, absent) = dialect.insert_if_absent();
        Self {
            find: dialect.render(find),
            lock: dialect.render(&format!("{find}{}", dialect.locking())),
            insert: dialect.render(&format!(
                r#"{insert} INTO "reset_password_settings" ("name", "value") VALUES (?1, ?2){absent}"#
            )),
            update: dialect.render(
                r#"UPDATE "reset_password_settings" SET "value" = ?2 WHERE "name" = ?1"#,
            ),
        }
    }
}
