//! Every statement, built once when a store is made.

use std::sync::Arc;

use sqlx::{AssertSqlSafe, Sqlite, sqlite::SqliteArguments};

use crate::{
    api_key_table::ApiKeyStatements,
    event_table::{self, EventStatements},
    reset_table,
    user_table::{OWN, UserTable},
};

pub(crate) type Query<'q> = sqlx::query::Query<'q, Sqlite, SqliteArguments>;

/// One statement. Its text is made of constants alone; values are always bound.
pub(crate) struct Statement(Arc<str>);

impl Statement {
    pub(crate) fn new(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    /// The statement, ready for its values.
    pub(crate) fn query(&self) -> Query<'static> {
        sqlx::query(AssertSqlSafe(Arc::clone(&self.0)))
    }
}

pub(crate) struct Statements {
    pub(crate) users: UserTable,
    pub(crate) insert_user: Statement,
    pub(crate) user_by_id: Statement,
    pub(crate) user_by_email_lookup: Statement,
    pub(crate) user_by_external_id: Statement,
    pub(crate) user_sequence: Statement,
    pub(crate) users_ascending: Statement,
    pub(crate) users_descending: Statement,
    pub(crate) update_user: Statement,
    pub(crate) delete_user: Statement,
    pub(crate) record_sign_in: Statement,
    pub(crate) upgrade_password: Statement,
    pub(crate) insert_reset: Statement,
    pub(crate) reset_by_digest: Statement,
    pub(crate) reset_by_id: Statement,
    pub(crate) reset_and_end: Statement,
    pub(crate) live_reset_of_user: Statement,
    pub(crate) spend: Statement,
    pub(crate) void_of_user: Statement,
    pub(crate) void_all: Statement,
    pub(crate) delete_resets_of_user: Statement,
    pub(crate) rebind: Statement,
    pub(crate) forget_sealed: Statement,
    pub(crate) forget_requests: Statement,
    pub(crate) count_requests: Statement,
    pub(crate) insert_request: Statement,
    pub(crate) events: EventStatements,
    pub(crate) purge_resets: Statement,
    pub(crate) purge_requests: Statement,
    pub(crate) api_keys: ApiKeyStatements,
    pub(crate) key_ids: Statement,
    pub(crate) setting: Statement,
    pub(crate) insert_setting: Statement,
    pub(crate) update_setting: Statement,
}

/// A reset that ends loses its seal and its fingerprint: whoever marks the row live again by hand has
/// no valid fingerprint to give it.
const END: &str = "live = NULL, sealed = NULL, fingerprint = zeroblob(32)";

impl Statements {
    pub(crate) fn new() -> Self {
        let users = OWN;
        let selected = format!("{}, {}", reset_table::SELECTED, users.selected());
        let joined = format!(
            "FROM reset_password_resets AS r JOIN {} ON {} = r.user_id",
            users.aliased(),
            users.id(),
        );
        let reset_and_user = format!("SELECT {selected} {joined}");
        Self {
            insert_user: Statement::new(users.insert()),
            user_by_id: Statement::new(users.select_by_id()),
            user_by_email_lookup: Statement::new(users.select_by_email_lookup()),
            user_by_external_id: Statement::new(users.select_by_external_id()),
            user_sequence: Statement::new(users.select_sequence()),
            users_ascending: Statement::new(users.select_page(true)),
            users_descending: Statement::new(users.select_page(false)),
            update_user: Statement::new(users.update()),
            delete_user: Statement::new(users.delete()),
            record_sign_in: Statement::new(users.record_sign_in()),
            upgrade_password: Statement::new(users.upgrade_password()),
            insert_reset: Statement::new(
                "INSERT INTO reset_password_resets (id, user_id, version, digest, key_id, \
                 fingerprint, sealed, created_at, expires_at, live) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 1)",
            ),
            reset_by_digest: Statement::new(format!(
                "{reset_and_user} WHERE r.digest IN (?1, ?2, ?3, ?4)"
            )),
            reset_by_id: Statement::new(format!("{reset_and_user} WHERE r.id = ?1")),
            reset_and_end: Statement::new(format!(
                "SELECT {selected}, {} {joined} WHERE r.id = ?1",
                event_table::END
            )),
            live_reset_of_user: Statement::new(format!(
                "SELECT {} FROM reset_password_resets AS r WHERE r.user_id = ?1 AND r.live = 1",
                reset_table::SELECTED
            )),
            // The conditional update whose row count decides who wins: its whole predicate is on the row
            // that it updates. Takes now, the request, the digest, now, the fingerprint; and then what
            // the statements after it take. Places have no numbers, because a statement of several that
            // leaves numbers out is bound wrongly.
            spend: Statement::new(format!(
                "UPDATE reset_password_resets SET used_at = ?, request = ?, {END} \
                 WHERE digest = ? AND live = 1 AND used_at IS NULL AND expires_at > ? \
                 AND fingerprint = ?; SELECT changes(); {}; {}",
                users.reset_password(),
                event_table::APPEND,
            )),
            void_of_user: Statement::new(format!(
                "UPDATE reset_password_resets SET voided_at = ?2, {END} \
                 WHERE user_id = ?1 AND live = 1"
            )),
            void_all: Statement::new(format!(
                "UPDATE reset_password_resets SET voided_at = ?1, {END} \
                 WHERE live = 1 AND user_id IN ({})",
                users.select_ids()
            )),
            delete_resets_of_user: Statement::new(
                "DELETE FROM reset_password_resets WHERE user_id = ?1",
            ),
            rebind: Statement::new(
                "UPDATE reset_password_resets SET fingerprint = ?2 WHERE id = ?1 AND live = 1",
            ),
            forget_sealed: Statement::new(
                "UPDATE reset_password_resets SET sealed = NULL WHERE id IN (SELECT id FROM \
                 reset_password_resets WHERE sealed IS NOT NULL AND expires_at <= ?1 \
                 ORDER BY expires_at LIMIT ?2)",
            ),
            forget_requests: Statement::new(
                "UPDATE reset_password_resets SET request = NULL WHERE id IN (SELECT id FROM \
                 reset_password_resets WHERE request IS NOT NULL AND used_at <= ?1 \
                 ORDER BY used_at LIMIT ?2)",
            ),
            count_requests: Statement::new(
                "SELECT count(*) FROM reset_password_requests \
                 WHERE address = ?1 AND requested_at > ?2",
            ),
            insert_request: Statement::new(
                "INSERT INTO reset_password_requests (address, requested_at) VALUES (?1, ?2)",
            ),
            events: EventStatements::new(),
            purge_resets: Statement::new(
                "DELETE FROM reset_password_resets WHERE id IN (SELECT id FROM \
                 reset_password_resets WHERE expires_at < ?1 ORDER BY expires_at LIMIT ?2)",
            ),
            purge_requests: Statement::new(
                "DELETE FROM reset_password_requests WHERE rowid IN (SELECT rowid FROM \
                 reset_password_requests WHERE requested_at < ?1 ORDER BY requested_at LIMIT ?2)",
            ),
            api_keys: ApiKeyStatements::new(),
            key_ids: Statement::new(
                "SELECT DISTINCT key_id FROM reset_password_resets WHERE live = 1 AND expires_at > ?1",
            ),
            setting: Statement::new("SELECT value FROM reset_password_settings WHERE name = ?1"),
            insert_setting: Statement::new(
                "INSERT INTO reset_password_settings (name, value) VALUES (?1, ?2) \
                 ON CONFLICT (name) DO NOTHING",
            ),
            update_setting: Statement::new(
                "UPDATE reset_password_settings SET value = ?2 WHERE name = ?1",
            ),
            users,
        }
    }
}
