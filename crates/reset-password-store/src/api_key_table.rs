//! Reading and writing the rows of API keys.

use reset_password_core::{ApiKey, Scope, Timestamp, api_key::ApiKeyRecord, store::StoreError};
use sqlx::{Row, sqlite::SqliteRow};

use crate::statements::{Query, Statement};

/// The columns that [`read`] takes, and their table.
const SELECTED: &str = "id, name, scopes, digest, created_at, expires_at, last_used_at, \
     revoked_at FROM reset_password_api_keys";

/// The statements on the table of API keys.
pub(crate) struct ApiKeyStatements {
    pub(crate) insert: Statement,
    pub(crate) end: Statement,
    pub(crate) by_id: Statement,
    pub(crate) all: Statement,
    pub(crate) revoke: Statement,
    pub(crate) note_use: Statement,
}

impl ApiKeyStatements {
    pub(crate) fn new() -> Self {
        Self {
            insert: Statement::new(
                "INSERT INTO reset_password_api_keys (id, name, scopes, digest, created_at, expires_at) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            ),
            end: Statement::new(
                "UPDATE reset_password_api_keys SET expires_at = min(expires_at, ?2) WHERE id = ?1",
            ),
            by_id: Statement::new(format!("SELECT {SELECTED} WHERE id = ?1")),
            all: Statement::new(format!("SELECT {SELECTED} ORDER BY id")),
            revoke: Statement::new(
                "UPDATE reset_password_api_keys SET revoked_at = ?2 \
                 WHERE id = ?1 AND revoked_at IS NULL",
            ),
            note_use: Statement::new(
                "UPDATE reset_password_api_keys SET last_used_at = ?2 \
                 WHERE id = ?1 AND (last_used_at IS NULL OR last_used_at <= ?3)",
            ),
        }
    }
}

pub(crate) fn read(row: &SqliteRow) -> Result<ApiKeyRecord, StoreError> {
    let damaged = || StoreError::Damaged("an API key's row");
    let unreadable = |_: sqlx::Error| damaged();
    let moment = |at: usize| {
        let millis: Option<i64> = row.try_get(at).map_err(unreadable)?;
        Ok(millis.map(Timestamp::from_unix_millis))
    };
    let scopes: String = row.try_get(2).map_err(unreadable)?;
    let digest: Vec<u8> = row.try_get(3).map_err(unreadable)?;
    Ok(ApiKeyRecord {
        api_key: ApiKey {
            id: row.try_get(0).map_err(unreadable)?,
            name: row.try_get(1).map_err(unreadable)?,
            scopes: scopes
                .split_ascii_whitespace()
                .map(|name| Scope::parse(name).ok_or_else(damaged))
                .collect::<Result<_, _>>()?,
            created_at: moment(4)?.ok_or_else(damaged)?,
            expires_at: moment(5)?.ok_or_else(damaged)?,
            last_used_at: moment(6)?,
            revoked_at: moment(7)?,
        },
        digest: digest.try_into().map_err(|_| damaged())?,
    })
}

/// Binds the columns of the insert statement.
pub(crate) fn bind<'q>(query: Query<'q>, record: &ApiKeyRecord) -> Query<'q> {
    let ApiKeyRecord { api_key, digest } = record;
    let scopes: Vec<_> = api_key.scopes.iter().map(|scope| scope.as_str()).collect();
    query
        .bind(api_key.id.clone())
        .bind(api_key.name.clone())
        .bind(scopes.join(" "))
        .bind(digest.to_vec())
        .bind(api_key.created_at.unix_millis())
        .bind(api_key.expires_at.unix_millis())
}
