//! A unit of work on a database, and the steps that it is made of.

use reset_password_core::{
    Event, Timestamp,
    api_key::ApiKeyRecord,
    audit::{AuditWriter, Chain, ChainedRecord, Checkpoint, Checkpoints, LastRecord},
    credential::{Recipient, StoredPassword, UserRecord},
    failed_logins::FailedLogins,
    key::Digest,
    message::MessageRecord,
    report::ReportRecord,
    reset::ResetRecord,
    retention::REQUEST_KNOWN_FOR,
    store::{
        ApiKeySteps, Ended, EventSteps, FailureSteps, MessageSteps, Redeem, ReportSteps,
        RequestCounts, ResetSteps, SettingSteps, SignIn, StoreError, Transaction, UserSteps,
        WebhookSteps,
    },
    webhook::WebhookRecord,
};

use crate::{
    pool::Pooled,
    sql::{Param, Row, SqlError, Statement},
    statements::{
        Statements, events, failures, messages,
        redeem::RowCount,
        reports, requests,
        resets::{self, NO_FINGERPRINT},
        settings::{self, KEY_ID},
        users::{self, OwnStatements, form_name},
        webhooks,
    },
};

type Result<T> = std::result::Result<T, StoreError>;

/// A unit of work. Dropping it rolls it back.
pub struct SqlTransaction<'a> {
    statements: &'a Statements,
    connection: Pooled,
    audit: AuditWriter,
    /// How many chains the trail has.
    chains: u8,
    /// The first event that was appended. It says which chain all of them are in, and whoever finds it knows
    /// that all of this was committed.
    event_id: Option<String>,
    is_open: bool,
}

impl<'a> SqlTransaction<'a> {
    /// Begins on a connection that was made for transactions.
    pub(crate) fn begin(
        statements: &'a Statements,
        mut connection: Pooled,
        audit: AuditWriter,
        chains: u8,
    ) -> Result<Self> {
        connection.get()?.begin()?;
        Ok(Self {
            statements,
            connection,
            audit,
            chains,
            event_id: None,
            is_open: true,
        })
    }

    fn execute(&mut self, statement: &Statement, params: &[Param<'_>]) -> Result<u64> {
        Ok(self.connection.get()?.execute(statement, params)?)
    }

    fn query(&mut self, statement: &Statement, params: &[Param<'_>]) -> Result<Vec<Row>> {
        Ok(self.connection.get()?.query(statement, params)?)
    }

    /// The one row, if there is one.
    fn find(&mut self, statement: &Statement, params: &[Param<'_>]) -> Result<Option<Row>> {
        Ok(self.query(statement, params)?.pop())
    }

    /// A setting, locked; `None` if there is no such setting.
    fn lock_setting(&mut self, name: &str) -> Result<Option<String>> {
        let row = self.find(&self.statements.settings.lock, &[name.into()])?;
        row.map(|mut row| row.text()).transpose()
    }

    fn set(&mut self, name: &str, value: &str) -> Result<()> {
        let statement = &self.statements.settings.update;
        self.execute(statement, &[name.into(), value.into()])
            .map(drop)
    }

    /// Some checkpoints of all chains, locked in their order.
    fn lock_checkpoints(&mut self, kind: Option<Checkpoint>) -> Result<Checkpoints> {
        let names = settings::checkpoints(kind);
        let rows = self.query(&self.statements.settings.lock_range, &names)?;
        let checkpoints = settings::read_checkpoints(self.chains, rows)?;
        if self.audit.is_locked_out(&checkpoints) {
            self.check_key()?;
        }
        Ok(checkpoints)
    }

    /// Whether the key that this process signs with is still the one in force. Otherwise what it cannot read is
    /// not damaged, and nothing is signed over it.
    fn check_key(&mut self) -> Result<()> {
        let row = self.find(&self.statements.settings.find, &[KEY_ID.into()])?;
        let present = row.map(|mut row| row.text()).transpose()?;
        match present {
            Some(id) if id != self.audit.key_id() => Err(StoreError::KeyReplaced),
            _ => Ok(()),
        }
    }

    /// The last record of a chain.
    fn last(&mut self, chain: Chain) -> Result<LastRecord> {
        let params = chain.remainder().map(Param::from);
        events::read_last(self.find(&self.statements.events.last, &params)?)
    }

    /// Writes a user by a statement whose unique indexes may refuse.
    fn write_user(&mut self, statement: &Statement, record: &UserRecord) -> Result<()> {
        let metadata = users::metadata(record)?;
        let values = users::values(record, &metadata);
        match self.connection.get()?.execute(statement, &values) {
            Err(SqlError::Duplicate(index)) => {
                let taken = OwnStatements::taken(&index);
                Err(taken.unwrap_or_else(|| SqlError::Duplicate(index).into()))
            }
            done => Ok(done.map(drop)?),
        }
    }

    /// Writes a record. False when there is one at its place already: somebody has written to the table who
    /// did not lock the trail's end.
    fn write_record(
        &mut self,
        chain: Chain,
        record: &ChainedRecord,
        event: &Event,
    ) -> Result<bool> {
        let setting = Checkpoint::Head.setting(chain);
        let statements = &self.statements.events;
        let params = [
            record.sequence.into(),
            (&event.id).into(),
            (&event.event).into(),
            (&record.data).into(),
            event.created_at.unix_millis().into(),
            event.is_listed().into(),
            (&record.context).into(),
            (&record.chain).into(),
            record.head.as_deref().into(),
            (&setting).into(),
        ];
        let (statements, params) = match record.head {
            Some(_) => (statements.append_and_sign.as_slice(), params.as_slice()),
            None => (
                std::slice::from_ref(&statements.append),
                params.get(..8).unwrap_or_default(),
            ),
        };
        for statement in statements {
            match self.connection.get()?.execute(statement, params) {
                Ok(1) => {}
                Ok(_) | Err(SqlError::Duplicate(_)) => return Ok(false),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(true)
    }
}

impl Drop for SqlTransaction<'_> {
    fn drop(&mut self) {
        if self.is_open
            && let Ok(connection) = self.connection.get()
        {
            connection.roll_back();
        }
    }
}

impl Transaction for SqlTransaction<'_> {
    fn commit(mut self) -> Result<()> {
        let committed = self.connection.get()?.commit();
        // A commit that failed for a reason of its own leaves the transaction open on some databases.
        self.is_open = committed.is_err();
        match committed {
            Err(SqlError::Lost(source)) => Err(StoreError::CommitUnknown {
                event_id: self.event_id.take(),
                source,
            }),
            committed => Ok(committed?),
        }
    }
}

impl UserSteps for SqlTransaction<'_> {
    fn lock_user(&mut self, id: &str) -> Result<Option<UserRecord>> {
        let row = self.find(&self.statements.users.lock, &[id.into()])?;
        let record = row.map(|mut row| users::read(&mut row)).transpose()?;
        // Some collations ignore spaces at the end.
        Ok(record.filter(|record| record.user.id == id))
    }

    fn lock_recipient(&mut self, email_lookup: &str) -> Result<Option<Recipient>> {
        let users = &self.statements.users;
        let rows = self.query(&users.lock_recipient, &[users.key(email_lookup)])?;
        let lookup = |recipient: &Recipient| recipient.credential.email_lookup.clone();
        users.only(rows, users::read_recipient, lookup, email_lookup)
    }

    fn insert_user(&mut self, record: &UserRecord) -> Result<()> {
        self.write_user(&self.statements.users.of_own()?.insert, record)
    }

    fn update_user(&mut self, record: &UserRecord) -> Result<()> {
        self.write_user(&self.statements.users.of_own()?.update, record)
    }

    fn delete_user(&mut self, id: &str) -> Result<()> {
        self.execute(&self.statements.users.of_own()?.delete, &[id.into()])
            .map(drop)
    }

    fn note_sign_in(&mut self, sign_in: &SignIn<'_>) -> Result<bool> {
        let params = users::sign_in(sign_in);
        let connection = self.connection.get()?;
        self.statements.users.sign_in.note(connection, &params)
    }

    fn replace_hash(&mut self, user_id: &str, old: &str, new: &StoredPassword) -> Result<bool> {
        let params = [
            user_id.into(),
            old.into(),
            (&new.hash).into(),
            form_name(new.form).into(),
        ];
        Ok(self.execute(&self.statements.users.of_own()?.replace_hash, &params)? == 1)
    }
}

impl ResetSteps for SqlTransaction<'_> {
    fn lock_live_reset(&mut self, user_id: &str) -> Result<Option<ResetRecord>> {
        let row = self.find(&self.statements.resets.lock_live, &[user_id.into()])?;
        row.map(|mut row| resets::read(&mut row)).transpose()
    }

    fn insert_reset(&mut self, reset: &ResetRecord) -> Result<()> {
        self.execute(&self.statements.resets.insert, &resets::values(reset))
            .map(drop)
    }

    fn redeem(&mut self, redeem: &Redeem<'_>) -> Result<Option<Ended>> {
        let Redeem {
            reset,
            user,
            redemption,
            password,
            credentials_changed_at,
        } = redeem;
        let request = redemption.request.as_ref();
        let wipe_at = request.map(|_| (redemption.at + REQUEST_KNOWN_FOR).unix_millis());
        let last_sign_in_at = user.user.last_sign_in_at.map(Timestamp::unix_millis);
        let params = [
            redemption.at.unix_millis().into(),
            request.into(),
            wipe_at.into(),
            (&NO_FINGERPRINT).into(),
            (&reset.digest).into(),
            reset.expires_at.unix_millis().into(),
            reset.created_at.unix_millis().into(),
            (&reset.user_id).into(),
            (&reset.fingerprint).into(),
            (&password.hash).into(),
            form_name(password.form).into(),
            credentials_changed_at.unix_millis().into(),
            (&user.user.email).into(),
            user.email_lookup.as_bytes().into(),
            user.password_hash().into(),
            last_sign_in_at.into(),
        ];
        let mut ended = Ended::new();
        for (statement, rows) in &self.statements.resets.redeem.0 {
            let changed = self.execute(statement, &params)?;
            match rows {
                RowCount::Any => {}
                RowCount::Ended(table) => *ended.entry(table.clone()).or_default() += changed,
                RowCount::Exactly(rows) if *rows == changed => {}
                RowCount::Exactly(_) => return Ok(None),
            }
        }
        Ok(Some(ended))
    }

    fn rebind_reset(&mut self, id: &str, fingerprint: &Digest) -> Result<()> {
        let params = [id.into(), fingerprint.into()];
        self.execute(&self.statements.resets.rebind, &params)
            .map(drop)
    }

    fn void_resets(&mut self, user_id: Option<&str>, now: Timestamp) -> Result<u64> {
        let (now, none) = (now.unix_millis().into(), (&NO_FINGERPRINT).into());
        let statements = &self.statements.resets;
        match user_id {
            Some(id) => self.execute(&statements.void_of_user, &[id.into(), now, none]),
            None => self.execute(&statements.void_all, &[now, none]),
        }
    }

    fn delete_resets(&mut self, user_id: &str) -> Result<()> {
        self.execute(&self.statements.resets.delete_of_user, &[user_id.into()])
            .map(drop)
    }

    fn count_requests(
        &mut self,
        address: &Digest,
        since: [Timestamp; 3],
        until: Timestamp,
    ) -> Result<RequestCounts> {
        let [first, second, third] = since.map(|moment| moment.unix_millis().into());
        let params = [
            address.into(),
            first,
            second,
            third,
            until.unix_millis().into(),
        ];
        let row = self.find(&self.statements.requests.count, &params)?;
        requests::read_counts(row.ok_or(StoreError::Damaged("the count of requests"))?)
    }

    fn insert_request(
        &mut self,
        address: &Digest,
        number: i64,
        now: Timestamp,
        link_expires_at: Timestamp,
    ) -> Result<()> {
        let [now, link_expires_at] = [now, link_expires_at].map(Timestamp::unix_millis);
        let params = [
            address.into(),
            number.into(),
            now.into(),
            link_expires_at.into(),
        ];
        self.execute(&self.statements.requests.insert, &params)
            .map(drop)
    }

    fn wipe_secrets(&mut self, before: Timestamp, limit: u32) -> Result<()> {
        self.execute(&self.statements.resets.wipe, &bounded(before, limit))
            .map(drop)
    }

    fn purge_resets(&mut self, before: Timestamp, limit: u32) -> Result<u64> {
        self.execute(&self.statements.resets.purge, &bounded(before, limit))
    }

    fn purge_requests(&mut self, before: Timestamp, limit: u32) -> Result<u64> {
        self.execute(&self.statements.requests.purge, &bounded(before, limit))
    }
}

impl FailureSteps for SqlTransaction<'_> {
    fn lock_failed_logins(&mut self, address: &Digest) -> Result<Option<FailedLogins>> {
        let row = self.find(&self.statements.failures.lock, &[address.into()])?;
        row.map(failures::read).transpose()
    }

    fn insert_failed_logins(&mut self, address: &Digest, failed: &FailedLogins) -> Result<()> {
        let values = failures::values(address, failed);
        self.execute(&self.statements.failures.insert, &values)
            .map(drop)
    }

    fn update_failed_logins(&mut self, address: &Digest, failed: &FailedLogins) -> Result<()> {
        let values = failures::values(address, failed);
        self.execute(&self.statements.failures.update, &values)
            .map(drop)
    }

    fn delete_failed_logins(&mut self, address: &Digest) -> Result<()> {
        self.execute(&self.statements.failures.delete, &[address.into()])
            .map(drop)
    }

    fn purge_failed_logins(&mut self, before: Timestamp, limit: u32) -> Result<u64> {
        self.execute(&self.statements.failures.purge, &bounded(before, limit))
    }
}

impl ReportSteps for SqlTransaction<'_> {
    fn is_reported(&mut self, message_id: &str) -> Result<bool> {
        let row = self.find(&self.statements.reports.find, &[message_id.into()])?;
        Ok(row.is_some())
    }

    fn insert_report(&mut self, report: &ReportRecord) -> Result<()> {
        self.execute(&self.statements.reports.insert, &reports::values(report))
            .map(drop)
    }

    fn is_locked(&mut self, user_id: &str) -> Result<bool> {
        let row = self.find(&self.statements.reports.locking, &[user_id.into()])?;
        Ok(row.is_some())
    }

    fn unlock(&mut self, user_id: &str) -> Result<bool> {
        Ok(self.execute(&self.statements.reports.unlock, &[user_id.into()])? > 0)
    }

    fn delete_reports(&mut self, user_id: &str) -> Result<()> {
        let statement = &self.statements.reports.delete_of_user;
        self.execute(statement, &[user_id.into()]).map(drop)
    }

    fn purge_reports(&mut self, before: Timestamp, limit: u32) -> Result<u64> {
        self.execute(&self.statements.reports.purge, &bounded(before, limit))
    }
}

impl MessageSteps for SqlTransaction<'_> {
    fn enqueue(&mut self, message: &MessageRecord) -> Result<()> {
        self.execute(&self.statements.messages.insert, &messages::values(message))
            .map(drop)
    }

    fn lease_messages(
        &mut self,
        lease: &str,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<MessageRecord>> {
        let rows = self.query(&self.statements.messages.due, &bounded(now, limit))?;
        let mut leased = Vec::with_capacity(rows.len());
        for row in rows {
            let mut message = messages::read(row)?;
            let params = [
                (&message.id).into(),
                lease.into(),
                until.unix_millis().into(),
            ];
            self.execute(&self.statements.messages.lease, &params)?;
            message.attempts = message.attempts.saturating_add(1);
            leased.push(message);
        }
        Ok(leased)
    }

    fn lock_message(&mut self, id: &str, lease: &str) -> Result<Option<MessageRecord>> {
        let row = self.find(&self.statements.messages.lock, &[id.into(), lease.into()])?;
        row.map(messages::read).transpose()
    }

    fn postpone_message(&mut self, id: &str, lease: &str, due_at: Timestamp) -> Result<bool> {
        let params = [id.into(), lease.into(), due_at.unix_millis().into()];
        Ok(self.execute(&self.statements.messages.postpone, &params)? == 1)
    }

    fn finish_message(&mut self, id: &str, lease: &str) -> Result<bool> {
        let params = [id.into(), lease.into()];
        Ok(self.execute(&self.statements.messages.finish, &params)? == 1)
    }

    fn delete_messages(&mut self, user_id: &str) -> Result<()> {
        let statement = &self.statements.messages.delete_of_user;
        self.execute(statement, &[user_id.into()]).map(drop)
    }

    fn purge_messages(&mut self, before: Timestamp, limit: u32) -> Result<u64> {
        self.execute(&self.statements.messages.purge, &bounded(before, limit))
    }
}

impl EventSteps for SqlTransaction<'_> {
    fn append(&mut self, event: &Event) -> Result<()> {
        let first = self.event_id.get_or_insert_with(|| event.id.clone());
        let chain = Chain::of_event(first, self.chains);
        let setting = Checkpoint::Head.setting(chain);
        let row = self.find(
            &self.statements.settings.lock_with_time,
            &[(&setting).into()],
        )?;
        let (head, ticks) = match row {
            Some(mut row) => (Some(row.text()?), row.integer()?),
            None => (None, 0),
        };
        let head = head.as_deref();
        if let Some(record) = self.audit.after_head(chain, head, ticks, event)
            && self.write_record(chain, &record, event)?
        {
            return Ok(());
        }
        if self.audit.is_locked_out_of(chain, head) {
            self.check_key()?;
        }
        let last = self.last(chain)?;
        let record = self.audit.after_last(chain, head, ticks, &last, event);
        if self.write_record(chain, &record, event)? {
            return Ok(());
        }
        Err(StoreError::Damaged("the audit trail"))
    }

    fn begin_trail(&mut self) -> Result<()> {
        let checkpoints = self.lock_checkpoints(None)?;
        let last = Chain::all(self.chains).map(|chain| self.last(chain));
        let last = last.collect::<Result<Vec<_>>>()?;
        for (name, value) in self.audit.begin(&checkpoints, &last) {
            self.set(&name, &value)?;
        }
        Ok(())
    }

    fn renew_checkpoints(&mut self) -> Result<()> {
        let checkpoints = self.lock_checkpoints(None)?;
        for (name, value) in self.audit.renew(&checkpoints) {
            self.set(&name, &value)?;
        }
        Ok(())
    }

    fn level_chains(&mut self) -> Result<i64> {
        let checkpoints = self.lock_checkpoints(Some(Checkpoint::Head))?;
        let (through, moved) = self.audit.level(&checkpoints);
        for (name, value) in moved {
            self.set(&name, &value)?;
        }
        Ok(through)
    }

    fn shorten_trail(&mut self, before: Timestamp, limit: u32) -> Result<u64> {
        let rows = self.query(&self.statements.events.oldest, &bounded(before, limit))?;
        let mut oldest = Vec::new();
        for row in rows {
            let record = events::read_row(row)?;
            if record.created_at >= before.unix_millis() {
                break;
            }
            oldest.push(record);
        }
        let Some(last) = oldest.last() else {
            return Ok(0);
        };
        let checkpoints = self.lock_checkpoints(Some(Checkpoint::Anchor))?;
        for (name, value) in self.audit.shorten(&checkpoints, &oldest) {
            self.set(&name, &value)?;
        }
        self.execute(&self.statements.events.remove, &[last.sequence.into()])
    }
}

impl ApiKeySteps for SqlTransaction<'_> {
    fn insert_api_key(&mut self, record: &ApiKeyRecord) -> Result<()> {
        let ApiKeyRecord { api_key, digest } = record;
        let scopes: Vec<_> = api_key.scopes.iter().map(|scope| scope.as_str()).collect();
        let scopes = scopes.join(" ");
        let params = [
            (&api_key.id).into(),
            (&api_key.name).into(),
            (&scopes).into(),
            digest.into(),
            api_key.created_at.unix_millis().into(),
            api_key.expires_at.unix_millis().into(),
        ];
        self.execute(&self.statements.api_keys.insert, &params)
            .map(drop)
    }

    fn end_api_key(&mut self, id: &str, at: Timestamp) -> Result<()> {
        let params = [id.into(), at.unix_millis().into()];
        self.execute(&self.statements.api_keys.end, &params)
            .map(drop)
    }

    fn revoke_api_key(&mut self, id: &str, now: Timestamp) -> Result<bool> {
        let params = [id.into(), now.unix_millis().into()];
        Ok(self.execute(&self.statements.api_keys.revoke, &params)? == 1)
    }
}

impl SettingSteps for SqlTransaction<'_> {
    fn lock_key_id(&mut self) -> Result<String> {
        let id = self.lock_setting(KEY_ID)?;
        id.ok_or(StoreError::Damaged("the key's id"))
    }

    fn set_key_id(&mut self, id: &str) -> Result<()> {
        self.set(KEY_ID, id)
    }

    fn lock_retirements(&mut self) -> Result<Vec<(String, String)>> {
        let names = settings::RETIREMENTS.map(Param::from);
        let rows = self.query(&self.statements.settings.lock_range, &names)?;
        settings::read_retirements(rows)
    }

    fn set_retirement(&mut self, key_id: &str, text: &str) -> Result<()> {
        let name = settings::retirement(key_id);
        let params = [(&name).into(), text.into()];
        if self.execute(&self.statements.settings.insert, &params)? == 1 {
            return Ok(());
        }
        self.set(&name, text)
    }

    fn record_first_key_id(&mut self, id: &str) -> Result<bool> {
        let params = [KEY_ID.into(), id.into()];
        let inserted = self.execute(&self.statements.settings.insert, &params)?;
        Ok(inserted == 1)
    }
}

impl WebhookSteps for SqlTransaction<'_> {
    fn insert_webhook_endpoint(&mut self, record: &WebhookRecord) -> Result<()> {
        let kinds = webhooks::kinds(record);
        let values = webhooks::values(record, &kinds);
        self.execute(&self.statements.webhooks.insert, &values)
            .map(drop)
    }

    fn lock_webhook_endpoint(&mut self, id: &str) -> Result<Option<WebhookRecord>> {
        let row = self.find(&self.statements.webhooks.lock, &[id.into()])?;
        row.map(webhooks::read).transpose()
    }

    fn lock_webhook_endpoints(&mut self) -> Result<Vec<WebhookRecord>> {
        let rows = self.query(&self.statements.webhooks.lock_all, &[])?;
        rows.into_iter().map(webhooks::read).collect()
    }

    fn update_webhook_endpoint(&mut self, record: &WebhookRecord) -> Result<()> {
        let kinds = webhooks::kinds(record);
        let values = webhooks::values(record, &kinds);
        self.execute(&self.statements.webhooks.update, &values)
            .map(drop)
    }

    fn delete_webhook_endpoint(&mut self, id: &str) -> Result<()> {
        self.execute(&self.statements.webhooks.delete, &[id.into()])
            .map(drop)
    }
}

/// What is older than that moment, at most so many rows.
fn bounded(before: Timestamp, limit: u32) -> [Param<'static>; 2] {
    [before.unix_millis().into(), i64::from(limit).into()]
}
