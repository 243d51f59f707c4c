//! Reading and writing the rows of resets.

use reset_password_core::{
    Timestamp,
    reset::{ResetRecord, ResetState, Use},
    store::StoreError,
};
use sqlx::{Row, sqlite::SqliteRow};

use crate::statements::Query;

/// The columns that [`read`] takes, of the table under the alias `r`.
pub(crate) const SELECTED: &str = "r.id, r.user_id, r.version, r.digest, r.key_id, r.fingerprint, \
     r.sealed, r.created_at, r.expires_at, r.used_at, r.live, r.request";

/// How many columns [`SELECTED`] names.
pub(crate) const WIDTH: usize = 12;

pub(crate) fn read(row: &SqliteRow) -> Result<ResetRecord, StoreError> {
    let unreadable = |_: sqlx::Error| StoreError::Damaged("a reset's row");
    let digest = |at: usize| {
        let bytes: Vec<u8> = row.try_get(at).map_err(unreadable)?;
        bytes
            .try_into()
            .map_err(|_| StoreError::Damaged("a reset's row"))
    };
    let moment = |at: usize| {
        row.try_get(at)
            .map(Timestamp::from_unix_millis)
            .map_err(unreadable)
    };
    let used: Option<i64> = row.try_get(9).map_err(unreadable)?;
    let request: Option<Vec<u8>> = row.try_get(11).map_err(unreadable)?;
    let live: Option<i64> = row.try_get(10).map_err(unreadable)?;
    Ok(ResetRecord {
        id: row.try_get(0).map_err(unreadable)?,
        user_id: row.try_get(1).map_err(unreadable)?,
        version: row.try_get(2).map_err(unreadable)?,
        digest: digest(3)?,
        key_id: row.try_get(4).map_err(unreadable)?,
        fingerprint: digest(5)?,
        sealed: row.try_get(6).map_err(unreadable)?,
        created_at: moment(7)?,
        expires_at: moment(8)?,
        state: match (live, used) {
            (Some(_), None) => ResetState::Live,
            (_, Some(at)) => ResetState::Used(Use {
                at: Timestamp::from_unix_millis(at),
                request: request.and_then(|request| request.try_into().ok()),
            }),
            (None, None) => ResetState::Voided,
        },
    })
}

/// Binds the columns of the insert statement.
pub(crate) fn bind<'q>(query: Query<'q>, reset: &ResetRecord, fingerprint: [u8; 32]) -> Query<'q> {
    query
        .bind(reset.id.clone())
        .bind(reset.user_id.clone())
        .bind(reset.version)
        .bind(reset.digest.to_vec())
        .bind(reset.key_id.clone())
        .bind(fingerprint.to_vec())
        .bind(reset.sealed.clone())
        .bind(reset.created_at.unix_millis())
        .bind(reset.expires_at.unix_millis())
}
