//! The table of settings.

use reset_password_core::{
    audit::{Checkpoint, Checkpoints},
    store::StoreError,
};

use crate::sql::{Dialect, Param, Row, Statement};

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
    /// The same, and the time of the database's clock.
    pub(crate) lock_with_time: Statement,
    /// Takes the first name and the one behind the last: names and values in the order of the names.
    pub(crate) range: Statement,
    /// The same, and locks the rows.
    pub(crate) lock_range: Statement,
    /// Takes the name and the value. Does nothing where there is such a setting.
    pub(crate) insert: Statement,
    /// Takes the name and the value.
    pub(crate) update: Statement,
}

impl SettingStatements {
    pub(crate) fn new(dialect: &Dialect) -> Self {
        let find = r#"SELECT "value" FROM "reset_password_settings" WHERE "name" = ?1"#;
        let range = r#"SELECT "name", "value" FROM "reset_password_settings" WHERE "name" >= ?1 AND "name" < ?2 ORDER BY "name""#;
        let locking = dialect.locking();
        let (insert, absent) = dialect.insert_if_absent();
        Self {
            find: dialect.render(find),
            lock: dialect.render(&format!("{find}{locking}")),
            lock_with_time: dialect.render(&format!(
                r#"SELECT "value", {} FROM "reset_password_settings" WHERE "name" = ?1{locking}"#,
                dialect.ticks()
            )),
            range: dialect.render(range),
            lock_range: dialect.render(&format!("{range}{locking}")),
            insert: dialect.render(&format!(
                r#"{insert} INTO "reset_password_settings" ("name", "value") VALUES (?1, ?2){absent}"#
            )),
            update: dialect.render(
                r#"UPDATE "reset_password_settings" SET "value" = ?2 WHERE "name" = ?1"#,
            ),
        }
    }
}

/// What the settings are named that say of a key that it was replaced: a place before the first and one behind the
/// last.
pub(crate) const RETIREMENTS: [&str; 2] = ["retired_key_", "retired_key_~"];

/// The setting that says of that key that it was replaced.
pub(crate) fn retirement(key_id: &str) -> String {
    let [prefix, _] = RETIREMENTS;
    format!("{prefix}{key_id}")
}

/// The ids of keys that were replaced, and what is recorded of them.
pub(crate) fn read_retirements(rows: Vec<Row>) -> Result<Vec<(String, String)>, StoreError> {
    let [prefix, _] = RETIREMENTS;
    let settings = rows.into_iter().map(|mut row| {
        row.of("what is recorded of a key");
        let (name, text) = (row.text()?, row.text()?);
        let key_id = name.strip_prefix(prefix).unwrap_or(&name);
        Ok((key_id.to_owned(), text))
    });
    settings.collect()
}

/// The names of the settings that keep one kind of checkpoint, or both.
pub(crate) fn checkpoints(kind: Option<Checkpoint>) -> [Param<'static>; 2] {
    match kind {
        None => ["audit_".into(), "audit_~".into()],
        Some(Checkpoint::Anchor) => ["audit_anchor".into(), "audit_anchor~".into()],
        Some(Checkpoint::Head) => ["audit_head".into(), "audit_head~".into()],
    }
}

/// What was found of them.
pub(crate) fn read_checkpoints(chains: u8, rows: Vec<Row>) -> Result<Checkpoints, StoreError> {
    let settings = rows.into_iter().map(|mut row| {
        row.of("a checkpoint of the audit trail");
        Ok((row.text()?, row.text()?))
    });
    let settings = settings.collect::<Result<Vec<_>, StoreError>>()?;
    Ok(Checkpoints::new(chains, settings))
}
