//! The table of API keys.

use reset_password_core::{ApiKey, Scope, Timestamp, api_key::ApiKeyRecord, store::StoreError};

use crate::sql::{Dialect, Row, Statement};

/// The columns that [`read`] takes, and their table.
const SELECTED: &str = r#"SELECT "id", "name", "scopes", "digest", "created_at", "expires_at", "last_used_at", "revoked_at" FROM "reset_password_api_keys""#;

/// The statements on the table of API keys.
pub(crate) struct ApiKeyStatements {
    /// Takes the id, the name, the scopes, the digest, when it was made, when it ends.
    pub(crate) insert: Statement,
    /// Takes the id and a moment.
    pub(crate) end: Statement,
    /// Takes the id.
    pub(crate) by_id: Statement,
    pub(crate) all: Statement,
    /// Takes the id and a moment.
    pub(crate) revoke: Statement,
    /// Takes the id, now, and the moment since which a use must have been noted.
    pub(crate) note_use: Statement,
}

impl ApiKeyStatements {
    pub(crate) fn new(dialect: &Dialect) -> Self {
        Self {
            insert: dialect.render(
                r#"INSERT INTO "reset_password_api_keys" ("id", "name", "scopes", "digest", "created_at", "expires_at") VALUES (?1, ?2, ?3, ?4, ?5, ?6)"#,
            ),
            end: dialect.render(
                r#"UPDATE "reset_password_api_keys" SET "expires_at" = ?2 WHERE "id" = ?1 AND "expires_at" > ?2"#,
            ),
            by_id: dialect.render(&format!(r#"{SELECTED} WHERE "id" = ?1"#)),
            all: dialect.render(&format!(r#"{SELECTED} ORDER BY "id""#)),
            revoke: dialect.render(
                r#"UPDATE "reset_password_api_keys" SET "revoked_at" = ?2 WHERE "id" = ?1 AND "revoked_at" IS NULL"#,
            ),
            note_use: dialect.render(
                r#"UPDATE "reset_password_api_keys" SET "last_used_at" = ?2 WHERE "id" = ?1 AND ("last_used_at" IS NULL OR "last_used_at" <= ?3)"#,
            ),
        }
    }
}

pub(crate) fn read(mut row: Row) -> Result<ApiKeyRecord, StoreError> {
    row.of("an API key's row");
    let (id, name, scopes) = (row.text()?, row.text()?, row.text()?);
    let scopes = scopes.split_ascii_whitespace().map(Scope::parse);
    let scopes: Option<Vec<_>> = scopes.collect();
    let digest = row.bytes()?;
    Ok(ApiKeyRecord {
        digest: digest.try_into().map_err(|_| row.damaged())?,
        api_key: ApiKey {
            id,
            name,
            scopes: scopes.ok_or_else(|| row.damaged())?,
            created_at: Timestamp::from_unix_millis(row.integer()?),
            expires_at: Timestamp::from_unix_millis(row.integer()?),
            last_used_at: row.optional_integer()?.map(Timestamp::from_unix_millis),
            revoked_at: row.optional_integer()?.map(Timestamp::from_unix_millis),
        },
    })
}
