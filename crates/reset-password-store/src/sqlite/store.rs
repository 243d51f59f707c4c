//! The `Store` trait on SQLite.

use reset_password_core::{
    ApiKey, Event, Order, Scribe, Timestamp, User,
    api_key::ApiKeyRecord,
    audit::{AuditRow, TrailMarks},
    key::Digest,
    reset::ResetRecord,
    store::{
        Amend, Consumption, Credential, EventPage, PurgeBefore, Purged, Replaced, Replacement,
        Store, StoreError, Upgrade, UserKey, UserPage, UserRecord,
    },
};
use sqlx::{Row, sqlite::SqliteRow};

use super::{
    SqliteStore,
    steps::{begin, commit},
    unavailable,
};
use crate::{
    api_key_table, event_table, reset_table,
    user_table::{self, form_name},
};

/// Digests that one look-up can carry: one for the current key and one for each earlier one.
const DIGESTS: usize = 4;

type Result<T> = std::result::Result<T, StoreError>;
type Told = std::result::Result<Event, reset_password_core::Error>;

impl Store for SqliteStore {
    async fn insert_user(
        &self,
        record: &UserRecord,
        event: &Event,
        scribe: &Scribe<'_>,
    ) -> Result<()> {
        let connections = self.connections()?;
        let mut writer = connections.writer().await?;
        let mut transaction = begin(&mut writer).await?;
        let query = user_table::bind(self.statements.insert_user.query(), record)?;
        query
            .execute(&mut *transaction)
            .await
            .map_err(|error| self.write_error(error))?;
        self.append(&mut transaction, event, scribe).await?;
        commit(transaction).await
    }

    async fn find_user(&self, key: UserKey<'_>) -> Result<Option<UserRecord>> {
        let connections = self.connections()?;
        let mut reader = connections.reader().await?;
        let statements = &self.statements;
        let query = match key {
            UserKey::EmailLookup(lookup) => statements
                .user_by_email_lookup
                .query()
                .bind(lookup.as_bytes().to_vec()),
            UserKey::ExternalId(id) => statements.user_by_external_id.query().bind(id.to_owned()),
            UserKey::Id(id) => statements.user_by_id.query().bind(id.to_owned()),
        };
        let row = query
            .fetch_optional(&mut *reader)
            .await
            .map_err(unavailable)?;
        row.as_ref().map(|row| user_table::read(row, 0)).transpose()
    }

    async fn list_users(&self, page: UserPage<'_>) -> Result<Option<Vec<User>>> {
        let connections = self.connections()?;
        let mut reader = connections.reader().await?;
        let mut beyond = None;
        if let Some(id) = page.beyond {
            beyond = Self::sequence(&mut reader, &self.statements.user_sequence, id).await?;
            if beyond.is_none() {
                return Ok(None);
            }
        }
        let statement = match page.order {
            Order::Asc => &self.statements.users_ascending,
            Order::Desc => &self.statements.users_descending,
        };
        let rows = statement
            .query()
            .bind(page.email_lookup.map(|lookup| lookup.as_bytes().to_vec()))
            .bind(beyond)
            .bind(page.limit)
            .fetch_all(&mut *reader)
            .await
            .map_err(unavailable)?;
        let users = rows
            .iter()
            .map(|row| Ok(user_table::read(row, 0)?.user))
            .collect::<Result<_>>()?;
        Ok(Some(users))
    }

    async fn update_user(
        &self,
        id: &str,
        amend: Amend<'_>,
        scribe: &Scribe<'_>,
    ) -> Result<Option<User>> {
        let connections = self.connections()?;
        let mut writer = connections.writer().await?;
        let mut transaction = begin(&mut writer).await?;
        let Some(record) = self.locked_user(&mut transaction, id).await? else {
            return Ok(None);
        };
        let amendment = amend(record).map_err(StoreError::Refused)?;
        let query = user_table::bind(self.statements.update_user.query(), &amendment.record)?;
        query
            .execute(&mut *transaction)
            .await
            .map_err(|error| self.write_error(error))?;
        if amendment.void_resets {
            self.void_resets(&mut transaction, id, amendment.event.created_at)
                .await?;
        }
        self.append(&mut transaction, &amendment.event, scribe)
            .await?;
        commit(transaction).await?;
        Ok(Some(amendment.record.user))
    }

    async fn delete_user(
        &self,
        id: &str,
        event: &(dyn Fn(&User) -> Told + Send + Sync),
        scribe: &Scribe<'_>,
    ) -> Result<bool> {
        let connections = self.connections()?;
        let mut writer = connections.writer().await?;
        let mut transaction = begin(&mut writer).await?;
        let Some(record) = self.locked_user(&mut transaction, id).await? else {
            return Ok(false);
        };
        let event = event(&record.user).map_err(StoreError::Refused)?;
        for statement in [
            &self.statements.delete_resets_of_user,
            &self.statements.delete_user,
        ] {
            let query = statement.query().bind(id.to_owned());
            query
                .execute(&mut *transaction)
                .await
                .map_err(unavailable)?;
        }
        self.append(&mut transaction, &event, scribe).await?;
        commit(transaction).await?;
        Ok(true)
    }

    async fn record_sign_in(&self, user_id: &str, now: Timestamp) -> Result<()> {
        let query = self.statements.record_sign_in.query();
        self.write(query.bind(user_id.to_owned()).bind(now.unix_millis()))
            .await
    }

    async fn upgrade_password(&self, upgrade: Upgrade<'_>) -> Result<bool> {
        let connections = self.connections()?;
        let mut writer = connections.writer().await?;
        let mut transaction = begin(&mut writer).await?;
        let id = upgrade.user_id;
        let Some(record) = self.locked_user(&mut transaction, id).await? else {
            return Ok(false);
        };
        let query = self.statements.upgrade_password.query();
        let upgraded = query
            .bind(id.to_owned())
            .bind(upgrade.new.hash.clone())
            .bind(form_name(upgrade.new.form))
            .bind(upgrade.old.to_owned())
            .execute(&mut *transaction)
            .await
            .map_err(unavailable)?;
        if upgraded.rows_affected() != 1 {
            return Ok(false);
        }
        let query = self
            .statements
            .live_reset_of_user
            .query()
            .bind(id.to_owned());
        if let Some(row) = query
            .fetch_optional(&mut *transaction)
            .await
            .map_err(unavailable)?
        {
            let reset = reset_table::read(&row)?;
            let before = record.credential();
            let after = Credential {
                password_hash: Some(upgrade.new.hash.clone()),
                ..before.clone()
            };
            if let Some(fingerprint) = (upgrade.rebind)(&reset, &before, &after) {
                let query = self.statements.rebind.query().bind(reset.id);
                let query = query.bind(fingerprint.to_vec());
                query
                    .execute(&mut *transaction)
                    .await
                    .map_err(unavailable)?;
            }
        }
        commit(transaction).await?;
        Ok(true)
    }

    async fn replace_reset(&self, replacement: Replacement<'_>) -> Result<Replaced> {
        let reset = replacement.reset;
        let now = reset.created_at;
        let connections = self.connections()?;
        let mut writer = connections.writer().await?;
        let mut transaction = begin(&mut writer).await?;
        if let Some(limit) = replacement.limit
            && !self.count_request(&mut transaction, limit, now).await?
        {
            return Ok(Replaced::Limited);
        }
        let user = self.locked_user(&mut transaction, &reset.user_id).await?;
        let credential = user.as_ref().map(UserRecord::credential);
        let Some(fingerprint) = (replacement.bind)(credential.as_ref()) else {
            return Ok(Replaced::Refused);
        };
        self.void_resets(&mut transaction, &reset.user_id, now)
            .await?;
        let query = reset_table::bind(self.statements.insert_reset.query(), reset, fingerprint);
        query
            .execute(&mut *transaction)
            .await
            .map_err(unavailable)?;
        let scribe = replacement.scribe;
        self.append(&mut transaction, replacement.event, scribe)
            .await?;
        self.sweep(&mut transaction, now, scribe).await?;
        commit(transaction).await?;
        Ok(Replaced::Made)
    }

    async fn find_reset(&self, digests: &[Digest]) -> Result<Option<(ResetRecord, UserRecord)>> {
        let connections = self.connections()?;
        let mut reader = connections.reader().await?;
        let mut query = self.statements.reset_by_digest.query();
        for at in 0..DIGESTS {
            query = query.bind(digests.get(at).map(|digest| digest.to_vec()));
        }
        let row = query
            .fetch_optional(&mut *reader)
            .await
            .map_err(unavailable)?;
        row.as_ref().map(read_reset_and_user).transpose()
    }

    async fn find_reset_by_id(&self, id: &str) -> Result<Option<(ResetRecord, UserRecord)>> {
        let connections = self.connections()?;
        let mut reader = connections.reader().await?;
        let query = self.statements.reset_by_id.query().bind(id.to_owned());
        let row = query
            .fetch_optional(&mut *reader)
            .await
            .map_err(unavailable)?;
        row.as_ref().map(read_reset_and_user).transpose()
    }

    async fn consume(&self, consumption: Consumption<'_>) -> Result<Option<User>> {
        let connections = self.connections()?;
        let mut writer = connections.writer().await?;
        let mut transaction = begin(&mut writer).await?;

        let query = self
            .statements
            .reset_and_end
            .query()
            .bind(consumption.reset.id.clone());
        let row = query
            .fetch_optional(&mut *transaction)
            .await
            .map_err(unavailable)?;
        let Some(found) = row else {
            return Ok(None);
        };
        let (row, mut record) = read_reset_and_user(&found)?;
        let width = reset_table::WIDTH + self.statements.users.width();
        let end = event_table::read_end(&found, width)?;
        let found = &consumption.reset.digest;
        if row.digest != *found || !(consumption.binds)(&row, &record.credential()) {
            return Ok(None);
        }

        // One trip to the database spends the token, says how many rows that changed, sets the password
        // and appends the event to the trail; the count decides whether any of it is committed. A user
        // has one live reset at the most (a unique index says so), and this was it.
        let (password, event) = (consumption.password, consumption.event);
        let now = consumption.now.unix_millis();
        let mut link = consumption.scribe.join(&end, event);
        let anchor = link.anchor.take();
        let query = self
            .statements
            .spend
            .query()
            .bind(now)
            .bind(consumption.request.map(|request| request.to_vec()))
            .bind(row.digest.to_vec())
            .bind(now)
            .bind(row.fingerprint.to_vec())
            .bind(password.hash.clone())
            .bind(form_name(password.form))
            .bind(now)
            .bind(now)
            .bind(row.user_id);
        let spent: i64 = event_table::bind(query, event, link)
            .fetch_all(&mut *transaction)
            .await
            .and_then(|rows| rows.first().map_or(Ok(0), |row| row.try_get(0)))
            .map_err(unavailable)?;
        if spent != 1 {
            return Ok(None);
        }
        self.set_anchor(&mut transaction, anchor).await?;
        commit(transaction).await?;

        record.user.email_verified = true;
        record.user.credentials_changed_at = Some(consumption.now);
        record.user.updated_at = consumption.now;
        Ok(Some(record.user))
    }

    async fn revoke_resets(
        &self,
        user_id: Option<&str>,
        now: Timestamp,
        event: &(dyn Fn(u64) -> Told + Send + Sync),
        scribe: &Scribe<'_>,
    ) -> Result<u64> {
        let connections = self.connections()?;
        let mut writer = connections.writer().await?;
        let mut transaction = begin(&mut writer).await?;
        let voided = if let Some(id) = user_id {
            self.void_resets(&mut transaction, id, now).await?
        } else {
            let query = self.statements.void_all.query().bind(now.unix_millis());
            query
                .execute(&mut *transaction)
                .await
                .map_err(unavailable)?
                .rows_affected()
        };
        if voided > 0 {
            let event = event(voided).map_err(StoreError::Refused)?;
            self.append(&mut transaction, &event, scribe).await?;
        }
        commit(transaction).await?;
        Ok(voided)
    }

    async fn events(&self, page: EventPage<'_>) -> Result<Option<Vec<Event>>> {
        let connections = self.connections()?;
        let mut reader = connections.reader().await?;
        let mut sequence = Some(0);
        if let Some(id) = page.after {
            sequence = Self::sequence(&mut reader, &self.statements.events.sequence, id).await?;
        }
        let Some(sequence) = sequence else {
            return Ok(None);
        };
        let kinds: Vec<_> = page.kinds.iter().map(|kind| kind.as_str()).collect();
        let rows = self
            .statements
            .events
            .page
            .query()
            .bind(sequence)
            .bind(page.limit)
            .bind(serde_json::json!(kinds).to_string())
            .fetch_all(&mut *reader)
            .await
            .map_err(unavailable)?;
        rows.iter()
            .map(event_table::read)
            .collect::<Result<_>>()
            .map(Some)
    }

    async fn insert_api_key(
        &self,
        record: &ApiKeyRecord,
        replaced: Option<(&str, Timestamp)>,
        event: &Event,
        scribe: &Scribe<'_>,
    ) -> Result<()> {
        let connections = self.connections()?;
        let mut writer = connections.writer().await?;
        let mut transaction = begin(&mut writer).await?;
        let query = api_key_table::bind(self.statements.api_keys.insert.query(), record);
        query
            .execute(&mut *transaction)
            .await
            .map_err(unavailable)?;
        if let Some((id, at)) = replaced {
            let query = self.statements.api_keys.end.query();
            let query = query.bind(id.to_owned()).bind(at.unix_millis());
            query
                .execute(&mut *transaction)
                .await
                .map_err(unavailable)?;
        }
        self.append(&mut transaction, event, scribe).await?;
        commit(transaction).await
    }

    async fn find_api_key(&self, id: &str) -> Result<Option<ApiKeyRecord>> {
        let connections = self.connections()?;
        let mut reader = connections.reader().await?;
        let query = self.statements.api_keys.by_id.query().bind(id.to_owned());
        let row = query
            .fetch_optional(&mut *reader)
            .await
            .map_err(unavailable)?;
        row.as_ref().map(api_key_table::read).transpose()
    }

    async fn list_api_keys(&self) -> Result<Vec<ApiKey>> {
        let connections = self.connections()?;
        let mut reader = connections.reader().await?;
        let query = self.statements.api_keys.all.query();
        let rows = query.fetch_all(&mut *reader).await.map_err(unavailable)?;
        rows.iter()
            .map(|row| Ok(api_key_table::read(row)?.api_key))
            .collect()
    }

    async fn revoke_api_key(&self, id: &str, event: &Event, scribe: &Scribe<'_>) -> Result<()> {
        let connections = self.connections()?;
        let mut writer = connections.writer().await?;
        let mut transaction = begin(&mut writer).await?;
        let query = self.statements.api_keys.revoke.query();
        let revoked = query
            .bind(id.to_owned())
            .bind(event.created_at.unix_millis())
            .execute(&mut *transaction)
            .await
            .map_err(unavailable)?;
        if revoked.rows_affected() == 0 {
            return Ok(());
        }
        self.append(&mut transaction, event, scribe).await?;
        commit(transaction).await
    }

    async fn note_api_key_use(&self, id: &str, now: Timestamp, before: Timestamp) -> Result<()> {
        let query = self.statements.api_keys.note_use.query();
        let query = query.bind(id.to_owned()).bind(now.unix_millis());
        self.write(query.bind(before.unix_millis())).await
    }

    async fn trail_marks(&self) -> Result<TrailMarks> {
        let connections = self.connections()?;
        let mut reader = connections.reader().await?;
        let query = self.statements.events.marks.query();
        let row = query.fetch_one(&mut *reader).await.map_err(unavailable)?;
        event_table::read_marks(&row)
    }

    async fn trail(&self, after: i64, limit: u32) -> Result<Vec<AuditRow>> {
        let connections = self.connections()?;
        let mut reader = connections.reader().await?;
        let query = self.statements.events.trail.query().bind(after).bind(limit);
        let rows = query.fetch_all(&mut *reader).await.map_err(unavailable)?;
        rows.iter().map(event_table::read_row).collect()
    }

    async fn purge(&self, before: PurgeBefore, limit: u32, scribe: &Scribe<'_>) -> Result<Purged> {
        let connections = self.connections()?;
        let mut writer = connections.writer().await?;
        let mut transaction = begin(&mut writer).await?;
        let removed = self.remove(&mut transaction, before, limit, scribe).await?;
        commit(transaction).await?;
        Ok(removed)
    }
}

fn read_reset_and_user(row: &SqliteRow) -> Result<(ResetRecord, UserRecord)> {
    Ok((
        reset_table::read(row)?,
        user_table::read(row, reset_table::WIDTH)?,
    ))
}
