//! The store on SQL, written once for every database.

use std::{process, sync::Arc};

use reset_password_core::{
    ApiKey, Event, Order, Timestamp, User,
    api_key::ApiKeyRecord,
    audit::{AuditRow, AuditWriter, Chain, Checkpoint, Checkpoints, LastRecord},
    credential::UserRecord,
    event::EventKind,
    failed_logins::FailedLogins,
    key::Digest,
    message::WaitingMessages,
    process::PerProcess,
    reset::ResetRecord,
    store::{
        ApiKeyReads, EventPage, EventReads, FailureReads, MessageReads, ResetReads, SettingReads,
        SignIn, Store, StoreError, UserKey, UserPage, UserReads, WebhookReads,
    },
    webhook::WebhookRecord,
};

use crate::{
    async_task,
    database_url::DatabaseUrl,
    health::{Finding, Status},
    migrate, mysql,
    pool::{Connections, Pool},
    postgres,
    sql::{Access, Connection, Dialect, Driver, Param, Row, Statement},
    sqlite::{self, Location},
    statements::{
        Statements, api_keys, events, failures, messages, resets,
        resets::DIGESTS,
        settings::{self, KEY_ID},
        users::{self as user_rows, SignInStatements},
        webhooks,
    },
    transaction::SqlTransaction,
    users::{self, Fitting, Grant, UserTables},
};

type Result<T> = std::result::Result<T, StoreError>;

/// Most rows whose secrets opening wipes.
const WIPED_PER_OPEN: i64 = 1_000;
/// How often a read is begun anew when its connection turns out to be gone.
const READ_TRIES: u32 = 3;

/// A database: SQLite, PostgreSQL, or MySQL or MariaDB.
pub struct SqlStore {
    url: DatabaseUrl,
    driver: Arc<dyn Driver>,
    dialect: Dialect,
    statements: Statements,
    /// How many chains the audit trail has.
    chains: u8,
    /// The process whose memory holds the database, where it is in memory.
    home: u32,
    pool: PerProcess<Pool>,
}

impl SqlStore {
    /// Opens a database, making SQLite's file if there is none, and brings its tables up to date or checks
    /// that they are. Users are in the engine's own table, or in those that are told. Refuses a database on which a commit could be lost, or decided twice.
    ///
    /// The connections are closed again before this returns: the process may fork before it uses the store.
    ///
    /// # Errors
    ///
    /// `Config` with a sentence that says how to mend it, `Unavailable`, `DatabaseDamaged`.
    pub fn open(
        url: DatabaseUrl,
        users: Option<&UserTables>,
        migrate: bool,
        now: Timestamp,
    ) -> Result<Self> {
        async_task::refuse()?;
        let (driver, dialect): (Arc<dyn Driver>, _) = match &url {
            DatabaseUrl::Sqlite(location) => {
                if let Location::File(path) = location {
                    sqlite::prepare_file(path)?;
                }
                (
                    Arc::new(sqlite::SqliteDriver::new(location.clone())),
                    Dialect::Sqlite,
                )
            }
            DatabaseUrl::Postgres(url) => {
                let driver = postgres::PostgresDriver::new(url.clone())?;
                let mut connection = driver.connect(driver.lane(Access::Transaction))?;
                let schema = postgres::prepare(&mut *connection, url, migrate)?;
                refuse(postgres::health::check(
                    &mut *connection,
                    url,
                    &schema,
                    migrate,
                )?)?;
                (Arc::new(driver), Dialect::Postgres { schema })
            }
            DatabaseUrl::Mysql(url) => {
                let driver = mysql::MysqlDriver::new(url.clone());
                let mut connection = driver.connect(driver.lane(Access::Read))?;
                refuse(mysql::health::check(&mut *connection, url, None)?)?;
                (Arc::new(driver), Dialect::Mysql)
            }
        };
        let mut store = Self {
            statements: Statements::own(&dialect),
            chains: dialect.chains(),
            dialect,
            driver,
            home: process::id(),
            pool: PerProcess::new(),
            url,
        };
        store.prepare(users, migrate, now)?;
        store.close();
        Ok(store)
    }

    /// The presets of users' tables that fit tables of this database.
    ///
    /// # Errors
    ///
    /// `Unavailable`.
    pub fn inspect_users(&self) -> Result<Vec<Fitting>> {
        let mut connection = self.pool()?.acquire(Access::Read)?;
        users::inspect(connection.get()?, &self.dialect)
    }

    /// What has to be granted on these users' tables.
    ///
    /// # Errors
    ///
    /// `Config` where they are not there, `Unavailable`.
    pub fn user_grants(&self, tables: &UserTables) -> Result<Vec<Grant>> {
        let mut connection = self.pool()?.acquire(Access::Read)?;
        users::grants(tables, connection.get()?, &self.dialect)
    }

    /// What does not keep a reset from working on these users' tables, and should be known: a sentence for each.
    ///
    /// # Errors
    ///
    /// `Config` where they are not there, `Unavailable`.
    pub fn user_warnings(&self, tables: &UserTables) -> Result<Vec<String>> {
        let mut connection = self.pool()?.acquire(Access::Read)?;
        users::warnings(tables, connection.get()?, &self.dialect)
    }

    /// Where the database is.
    #[must_use]
    pub const fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// This process's connections at this moment, for metrics.
    #[must_use]
    pub fn connections(&self) -> Connections {
        let pool = self.pool.get();
        pool.map_or_else(Connections::default, |pool| pool.connections())
    }

    /// Ends this process's connections, each after its current use. A later call makes new ones.
    pub fn close(&self) {
        if self.url.is_in_memory() {
            return;
        }
        if let Some(pool) = self.pool.take() {
            pool.close();
        }
    }

    /// What decides whether the database can be relied on, as it is now.
    ///
    /// # Errors
    ///
    /// `Unavailable`.
    pub fn health(&self) -> Result<Vec<Finding>> {
        let mut connection = self.pool()?.acquire(Access::Read)?;
        let connection = connection.get()?;
        let findings = match &self.url {
            DatabaseUrl::Sqlite(location) => sqlite::health::check(connection, location),
            DatabaseUrl::Postgres(url) => {
                let schema = self.dialect.schema();
                postgres::health::check(connection, url, schema, false)
            }
            DatabaseUrl::Mysql(url) => mysql::health::check(connection, url, None),
        };
        Ok(findings?)
    }

    fn prepare(&mut self, users: Option<&UserTables>, migrate: bool, now: Timestamp) -> Result<()> {
        let pool = self.pool()?;
        let mut connection = pool.acquire(Access::Transaction)?;
        if migrate || self.url.is_in_memory() {
            let (before, after) =
                migrate::migrate(connection.get()?, &self.dialect, &self.statements)?;
            if before != after {
                tracing::info!(
                    before,
                    after,
                    "the database's tables were brought up to date"
                );
            }
        } else {
            migrate::check(connection.get()?, &self.dialect, &self.statements)?;
        }
        if let Some(tables) = users {
            let (users, joined) = users::statements(tables, connection.get()?, &self.dialect)?;
            self.statements = Statements::new(users, joined, &self.dialect);
        }
        let names = settings::checkpoints(None);
        let rows = connection
            .get()?
            .query(&self.statements.settings.range, &names)?;
        drop(connection);
        for mut row in rows {
            if let Some(chains) = Checkpoint::chains(&row.text()?) {
                self.chains = chains;
            }
        }
        let params = [now.unix_millis().into(), WIPED_PER_OPEN.into()];
        self.write(&self.statements.resets.wipe, &params).map(drop)
    }

    /// This process's connections.
    fn pool(&self) -> Result<Arc<Pool>> {
        self.pool.get_or_make(|| match &self.url {
            DatabaseUrl::Sqlite(Location::Memory) if self.home != process::id() => {
                Err(StoreError::Config(
                    "a database in memory cannot be used after a fork; open one in each process, or \
                     use a file"
                        .to_owned(),
                ))
            }
            _ => {
                let pool = Pool::new(Arc::clone(&self.driver));
                if self.url.file().is_some() {
                    sqlite::fork::watch(pool.lanes());
                }
                Ok(pool)
            }
        })
    }

    /// Runs a read, on another connection if its own turns out to be gone.
    fn read<T>(&self, read: impl Fn(&mut dyn Connection) -> Result<T>) -> Result<T> {
        self.attempt(Access::Read, read)
    }

    /// Runs one statement that writes and may be run again, for it says what it changes.
    fn write(&self, statement: &Statement, params: &[Param<'_>]) -> Result<u64> {
        self.attempt(Access::Write, |connection| {
            Ok(connection.execute(statement, params)?)
        })
    }

    fn attempt<T>(
        &self,
        access: Access,
        work: impl Fn(&mut dyn Connection) -> Result<T>,
    ) -> Result<T> {
        let mut tries = 1;
        loop {
            let mut connection = self.pool()?.acquire(access)?;
            match work(connection.get()?) {
                Err(StoreError::Transient(_)) if tries < READ_TRIES => tries += 1,
                answer => return answer,
            }
        }
    }

    /// The one row, if there is one.
    fn find(&self, statement: &Statement, params: &[Param<'_>]) -> Result<Option<Row>> {
        self.read(|connection| Ok(connection.query(statement, params)?.pop()))
    }

    fn find_reset_and_user(
        &self,
        statement: &Statement,
        params: &[Param<'_>],
    ) -> Result<Option<(ResetRecord, UserRecord)>> {
        let row = self.find(statement, params)?;
        row.map(|mut row| Ok((resets::read(&mut row)?, user_rows::read(&mut row)?)))
            .transpose()
    }
}

impl Store for SqlStore {
    type Transaction<'a> = SqlTransaction<'a>;

    fn begin(&self, audit: AuditWriter) -> Result<SqlTransaction<'_>> {
        let connection = self.pool()?.acquire(Access::Transaction)?;
        SqlTransaction::begin(&self.statements, connection, audit, self.chains)
    }

    fn has_committed(&self, event_id: &str) -> Result<bool> {
        let head = Checkpoint::Head.setting(Chain::of_event(event_id, self.chains));
        self.attempt(Access::Transaction, |connection| {
            connection.begin()?;
            // Whoever appended the event holds this lock until its commit has ended, one way or the other.
            let locked = connection.query(&self.statements.settings.lock, &[(&head).into()]);
            let found = locked
                .and_then(|_| connection.query(&self.statements.events.exists, &[event_id.into()]));
            connection.roll_back();
            Ok(!found?.is_empty())
        })
    }
}

impl UserReads for SqlStore {
    fn find_user(&self, key: UserKey<'_>) -> Result<Option<UserRecord>> {
        let statements = &self.statements.users;
        let row = match key {
            UserKey::EmailLookup(address) => {
                let rows =
                    self.read(|connection| {
                        Ok(connection
                            .query(&statements.by_email_lookup, &[statements.key(address)])?)
                    })?;
                let lookup = |record: &UserRecord| record.email_lookup.clone();
                return statements.only(rows, user_rows::read, lookup, address);
            }
            UserKey::ExternalId(id) => {
                self.find(&statements.of_own()?.by_external_id, &[id.into()])
            }
            UserKey::Id(id) => self.find(&statements.by_id, &[id.into()]),
        };
        let record = row?.map(|mut row| user_rows::read(&mut row)).transpose()?;
        // Some collations ignore spaces at the end: what was found is compared again, byte for byte.
        Ok(record.filter(|record| match key {
            UserKey::EmailLookup(_) => true,
            UserKey::ExternalId(id) => record.user.external_id.as_deref() == Some(id),
            UserKey::Id(id) => record.user.id == id,
        }))
    }

    fn find_any_user(&self) -> Result<Option<UserRecord>> {
        let row = self.find(&self.statements.users.any, &[])?;
        row.map(|mut row| user_rows::read(&mut row)).transpose()
    }

    fn list_users(&self, page: UserPage<'_>) -> Result<Option<Vec<User>>> {
        let statements = self.statements.users.of_own()?;
        let (all, of_address, near, beginning) = match page.order {
            Order::Asc => (
                &statements.ascending,
                &statements.ascending_of_address,
                &statements.ascending_place,
                i64::MIN,
            ),
            Order::Desc => (
                &statements.descending,
                &statements.descending_of_address,
                &statements.descending_place,
                i64::MAX,
            ),
        };
        let end = !beginning;
        self.read(|connection| {
            let beyond = match page.beyond {
                None => Some(beginning),
                Some(id) => {
                    let near = page.or_near.map(|id| (near, id, end));
                    place(connection, &statements.sequence, id, near)?
                }
            };
            let Some(beyond) = beyond else {
                return Ok(None);
            };
            let (place, limit) = (beyond.into(), i64::from(page.limit).into());
            let rows = match page.email_lookup {
                None => connection.query(all, &[place, limit])?,
                Some(lookup) => {
                    connection.query(of_address, &[place, limit, lookup.as_bytes().into()])?
                }
            };
            let users = rows
                .into_iter()
                .map(|mut row| Ok(user_rows::read(&mut row)?.user));
            users.collect::<Result<_>>().map(Some)
        })
    }

    fn note_sign_in(&self, sign_in: &SignIn<'_>) -> Result<bool> {
        let params = user_rows::sign_in(sign_in);
        match &self.statements.users.sign_in {
            SignInStatements::One(statement) => Ok(self.write(statement, &params)? == 1),
            several @ SignInStatements::Several { .. } => {
                self.attempt(Access::Transaction, |connection| {
                    connection.begin()?;
                    let noted = several.note(connection, &params);
                    match noted {
                        Ok(true) => connection.commit()?,
                        Ok(false) | Err(_) => connection.roll_back(),
                    }
                    noted
                })
            }
        }
    }
}

impl FailureReads for SqlStore {
    fn find_failed_logins(&self, address: &Digest) -> Result<Option<FailedLogins>> {
        let row = self.find(&self.statements.failures.find, &[address.into()])?;
        row.map(failures::read).transpose()
    }
}

impl MessageReads for SqlStore {
    fn waiting_messages(&self) -> Result<WaitingMessages> {
        let row = self.find(&self.statements.messages.waiting, &[])?;
        messages::read_waiting(row.ok_or(StoreError::Damaged("the count of messages"))?)
    }
}

impl ResetReads for SqlStore {
    fn find_reset(&self, digests: &[Digest]) -> Result<Option<(ResetRecord, UserRecord)>> {
        let statements = &self.statements.resets;
        let first = match digests {
            [] => return Ok(None),
            [only] => return self.find_reset_and_user(&statements.by_digest, &[only.into()]),
            [first, ..] => first,
        };
        // A digest that is asked for twice finds nothing more.
        let mut params = [Param::from(first); DIGESTS];
        for (param, digest) in params.iter_mut().zip(digests) {
            *param = digest.into();
        }
        self.find_reset_and_user(&statements.by_digests, &params)
    }

    fn find_reset_by_id(&self, id: &str) -> Result<Option<(ResetRecord, UserRecord)>> {
        let found = self.find_reset_and_user(&self.statements.resets.by_id, &[id.into()])?;
        Ok(found.filter(|(reset, _)| reset.id == id))
    }

    fn key_ids_in_use(&self, now: Timestamp) -> Result<Vec<String>> {
        self.read(|connection| {
            let params = [now.unix_millis().into()];
            let rows = connection.query(&self.statements.resets.key_ids, &params)?;
            rows.into_iter().map(|mut row| row.text()).collect()
        })
    }
}

impl EventReads for SqlStore {
    fn chains(&self) -> u8 {
        self.chains
    }

    fn events(&self, page: EventPage<'_>) -> Result<Option<Vec<Event>>> {
        let statements = &self.statements.events;
        self.read(|connection| {
            let after = match page.after {
                None => Some(0),
                Some(id) => {
                    let near = page.or_near.map(|id| (&statements.place, id, i64::MAX));
                    place(connection, &statements.sequence, id, near)?
                }
            };
            let Some(after) = after else {
                return Ok(None);
            };
            let every = page.kinds.is_empty();
            let limit = i64::from(page.limit);
            let mut params = vec![
                after.into(),
                limit.into(),
                page.through.into(),
                every.into(),
            ];
            // A kind that is not asked for is no kind.
            let kinds = page
                .kinds
                .iter()
                .map(|kind| kind.as_str())
                .chain(std::iter::repeat(""));
            params.extend(kinds.take(EventKind::ALL.len()).map(Param::from));
            let rows = connection.query(&statements.page, &params)?;
            rows.into_iter()
                .map(events::read)
                .collect::<Result<_>>()
                .map(Some)
        })
    }

    fn checkpoints(&self) -> Result<Checkpoints> {
        self.read(|connection| {
            let names = settings::checkpoints(None);
            let rows = connection.query(&self.statements.settings.range, &names)?;
            settings::read_checkpoints(self.chains, rows)
        })
    }

    fn trail(&self, after: i64, through: i64, limit: u32) -> Result<Vec<AuditRow>> {
        self.read(|connection| {
            let params = [after.into(), i64::from(limit).into(), through.into()];
            let rows = connection.query(&self.statements.events.trail, &params)?;
            rows.into_iter().map(events::read_row).collect()
        })
    }

    fn last_records(&self) -> Result<Vec<LastRecord>> {
        self.read(|connection| {
            let last = Chain::all(self.chains).map(|chain| {
                let params = chain.remainder().map(Param::from);
                let row = connection
                    .query(&self.statements.events.last, &params)?
                    .pop();
                events::read_last(row)
            });
            last.collect()
        })
    }

    fn newest_event_at(&self) -> Result<Option<Timestamp>> {
        let row = self.find(&self.statements.events.newest, &[])?;
        let newest = row.map(|mut row| row.optional_integer()).transpose()?;
        Ok(newest.flatten().map(Timestamp::from_unix_millis))
    }
}

impl ApiKeyReads for SqlStore {
    fn find_api_key(&self, id: &str) -> Result<Option<ApiKeyRecord>> {
        let row = self.find(&self.statements.api_keys.by_id, &[id.into()])?;
        let record = row.map(api_keys::read).transpose()?;
        Ok(record.filter(|record| record.api_key.id == id))
    }

    fn list_api_keys(&self) -> Result<Vec<ApiKey>> {
        self.read(|connection| {
            let rows = connection.query(&self.statements.api_keys.all, &[])?;
            rows.into_iter()
                .map(|row| Ok(api_keys::read(row)?.api_key))
                .collect()
        })
    }

    fn note_api_key_use(&self, id: &str, now: Timestamp, before: Timestamp) -> Result<()> {
        let params = [
            id.into(),
            now.unix_millis().into(),
            before.unix_millis().into(),
        ];
        self.write(&self.statements.api_keys.note_use, &params)
            .map(drop)
    }
}

impl WebhookReads for SqlStore {
    fn find_webhook_endpoint(&self, id: &str) -> Result<Option<WebhookRecord>> {
        let row = self.find(&self.statements.webhooks.by_id, &[id.into()])?;
        row.map(webhooks::read).transpose()
    }

    fn list_webhook_endpoints(&self) -> Result<Vec<WebhookRecord>> {
        self.read(|connection| {
            let rows = connection.query(&self.statements.webhooks.all, &[])?;
            rows.into_iter().map(webhooks::read).collect()
        })
    }
}

impl SettingReads for SqlStore {
    fn key_id(&self) -> Result<Option<String>> {
        let row = self.find(&self.statements.settings.find, &[KEY_ID.into()])?;
        row.map(|mut row| row.text()).transpose()
    }

    fn retirements(&self) -> Result<Vec<(String, String)>> {
        self.read(|connection| {
            let names = settings::RETIREMENTS.map(Param::from);
            let rows = connection.query(&self.statements.settings.range, &names)?;
            settings::read_retirements(rows)
        })
    }
}

/// The place of a row in its order, by its id. If it is gone, the place that another statement finds for another id, or
/// else the last; `None` where there is neither.
fn place(
    connection: &mut dyn Connection,
    statement: &Statement,
    id: &str,
    or_near: Option<(&Statement, &str, i64)>,
) -> Result<Option<i64>> {
    let mut ask = |statement, id: &str| -> Result<Option<i64>> {
        let row = connection.query(statement, &[id.into()])?.pop();
        Ok(row
            .map(|mut row| row.optional_integer())
            .transpose()?
            .flatten())
    };
    match (ask(statement, id)?, or_near) {
        (None, Some((statement, id, last))) => Ok(Some(ask(statement, id)?.unwrap_or(last))),
        (place, _) => Ok(place),
    }
}

/// Refuses a database that cannot be relied on, with the first reason.
fn refuse(findings: Vec<Finding>) -> Result<()> {
    let worst = findings
        .into_iter()
        .find(|finding| finding.status == Status::Error);
    match worst {
        None => Ok(()),
        Some(Finding {
            message, remedy, ..
        }) => Err(StoreError::Config(match remedy {
            Some(remedy) => format!("{message}; {remedy}"),
            None => message,
        })),
    }
}
