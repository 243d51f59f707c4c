//! The table of resets.

use reset_password_core::{
    Timestamp,
    reset::{Redemption, ResetRecord, ResetState},
    store::StoreError,
};

use super::{
    redeem::{Redeem, is_live},
    users::JoinedUsers,
};
use crate::sql::{Dialect, Param, Row, Statement};

/// The columns that [`read`] takes, of the table under the alias `r`.
const SELECTED: &str = r#"r."id", r."user_id", r."version", r."digest", r."key_id", r."fingerprint", r."sealed", r."created_at", r."expires_at", r."used_at", r."live", r."request""#;

/// Digests that one look-up carries: one for the key in force and one for each earlier one.
pub(crate) const DIGESTS: usize = 4;

/// What a fingerprint is when the reset has ended: whoever marks the row live again by hand has no valid
/// fingerprint to give it.
pub(crate) const NO_FINGERPRINT: [u8; 32] = [0; 32];

/// The statements on the table of resets.
pub(crate) struct ResetStatements {
    /// Takes what [`values`] gives.
    pub(crate) insert: Statement,
    /// Takes a digest. Answers the reset and its user.
    pub(crate) by_digest: Statement,
    /// Takes [`DIGESTS`] digests. Answers the same: SQLite makes a table of them each time.
    pub(crate) by_digests: Statement,
    /// Takes the id. Answers the reset and its user.
    pub(crate) by_id: Statement,
    /// Takes the user. Locks the row.
    pub(crate) lock_live: Statement,
    /// Spends a token and sets a password.
    pub(crate) redeem: Redeem,
    /// Takes the user, now, and [`NO_FINGERPRINT`].
    pub(crate) void_of_user: Statement,
    /// Takes now and [`NO_FINGERPRINT`].
    pub(crate) void_all: Statement,
    /// Takes the user.
    pub(crate) delete_of_user: Statement,
    /// Takes the id and the fingerprint.
    pub(crate) rebind: Statement,
    /// Takes a moment and how many rows at the most.
    pub(crate) wipe: Statement,
    /// Takes a moment and how many rows at the most.
    pub(crate) purge: Statement,
    /// Takes now.
    pub(crate) key_ids: Statement,
}

const END: &str = r#""live" = NULL, "sealed" = NULL"#;

impl ResetStatements {
    pub(crate) fn new(users: JoinedUsers, dialect: &Dialect) -> Self {
        let reset_and_user = format!(
            r#"SELECT {SELECTED}, {} FROM "reset_password_resets" AS r {}"#,
            users.selected, users.join,
        );
        let live = is_live(dialect, "");
        let first = |condition: &str, order: &str| {
            dialect.first(r#""reset_password_resets""#, r#""id""#, condition, order)
        };
        Self {
            insert: dialect.render(
                r#"INSERT INTO "reset_password_resets" ("id", "user_id", "version", "digest", "key_id", "fingerprint", "sealed", "created_at", "expires_at", "wipe_at", "live") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 1)"#,
            ),
            by_digest: dialect.render(&format!(r#"{reset_and_user} WHERE r."digest" = ?1"#)),
            by_digests: dialect.render(&format!(
                r#"{reset_and_user} WHERE r."digest" IN (?1, ?2, ?3, ?4)"#
            )),
            by_id: dialect.render(&format!(r#"{reset_and_user} WHERE r."id" = ?1"#)),
            lock_live: dialect.render(&format!(
                r#"SELECT {SELECTED} FROM "reset_password_resets" AS r WHERE r."user_id" = ?1 AND {}{}"#,
                is_live(dialect, "r."),
                dialect.locking()
            )),
            redeem: users.redeem,
            void_of_user: dialect.render(&format!(
                r#"UPDATE "reset_password_resets" SET "voided_at" = ?2, "fingerprint" = ?3, "wipe_at" = NULL, {END} WHERE "user_id" = ?1 AND {live}"#
            )),
            void_all: dialect.render(&format!(
                r#"UPDATE "reset_password_resets" SET "voided_at" = ?1, "fingerprint" = ?2, "wipe_at" = NULL, {END} WHERE "live" = 1 AND "user_id" IN ({})"#,
                users.ids
            )),
            delete_of_user: dialect
                .render(r#"DELETE FROM "reset_password_resets" WHERE "user_id" = ?1"#),
            rebind: dialect.render(&format!(
                r#"UPDATE "reset_password_resets" SET "fingerprint" = ?2 WHERE "id" = ?1 AND {live}"#
            )),
            wipe: dialect.render(&format!(
                r#"UPDATE "reset_password_resets" SET "sealed" = NULL, "request" = NULL, "wipe_at" = NULL WHERE {}"#,
                first(r#""wipe_at" <= ?1"#, r#""wipe_at""#)
            )),
            purge: dialect.render(&format!(
                r#"DELETE FROM "reset_password_resets" WHERE {}"#,
                first(r#""expires_at" < ?1"#, r#""expires_at""#)
            )),
            key_ids: dialect.render(
                r#"SELECT DISTINCT "key_id" FROM "reset_password_resets" WHERE "live" = 1 AND "expires_at" > ?1"#,
            ),
        }
    }
}

/// Reads a reset from the columns that come next.
pub(crate) fn read(row: &mut Row) -> Result<ResetRecord, StoreError> {
    row.of("a reset's row");
    let digest = |row: &mut Row| row.bytes()?.try_into().map_err(|_| row.damaged());
    let moment = |row: &mut Row| row.integer().map(Timestamp::from_unix_millis);
    let mut reset = ResetRecord {
        id: row.text()?,
        user_id: row.text()?,
        version: row.integer()?,
        digest: digest(row)?,
        key_id: row.text()?,
        fingerprint: digest(row)?,
        sealed: row.optional_bytes()?,
        created_at: moment(row)?,
        expires_at: moment(row)?,
        state: ResetState::Voided,
    };
    let (used, live) = (row.optional_integer()?, row.optional_integer()?);
    let request = row.optional_bytes()?;
    reset.state = match (live, used) {
        (Some(_), None) => ResetState::Live,
        (_, Some(at)) => ResetState::Used(Redemption {
            at: Timestamp::from_unix_millis(at),
            request: request.and_then(|request| request.try_into().ok()),
        }),
        (None, None) => ResetState::Voided,
    };
    Ok(reset)
}

/// The values of the insert statement.
pub(crate) fn values(reset: &ResetRecord) -> [Param<'_>; 10] {
    let wipe_at = reset
        .sealed
        .as_ref()
        .map(|_| reset.expires_at.unix_millis());
    [
        (&reset.id).into(),
        (&reset.user_id).into(),
        reset.version.into(),
        (&reset.digest).into(),
        (&reset.key_id).into(),
        (&reset.fingerprint).into(),
        reset.sealed.as_deref().into(),
        reset.created_at.unix_millis().into(),
        reset.expires_at.unix_millis().into(),
        wipe_at.into(),
    ]
}
