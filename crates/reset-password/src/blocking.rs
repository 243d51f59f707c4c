//! The handle for callers that may wait: each call runs on the caller's thread, from its first check to its
//! commit.

use std::{convert::Infallible, ops::Deref, path::Path, sync::Arc, time::Duration};

use reset_password_core::{
    ApiKey, AuditRecord, AuditVerdict, Clock, CreateUser, Engine, Error, EventList, Keys,
    ListUsers, MessageList, NewApiKey, NewWebhookEndpoint, PasswordCheck, PasswordReset,
    RequestIdentity, Scope, TokenCheck, UpdateUser, UpdateWebhookEndpoint, User, UserList,
    WaitingMessages, WebhookEndpoint,
    audit::AuditFault,
    event::EventKind,
    password::hash::hash_portably,
    process::PerProcess,
    retention::Purged,
    store::SettingReads,
    webhook::{WebhookBatch, WebhookFailure},
};
use reset_password_store::{DatabaseUrl, Fitting, Grant, SqlStore};

pub use crate::doctor::diagnose;
use crate::{
    Options,
    calls::Calls,
    key_file::KeySource,
    key_rotation::KeyRotation,
    system::{SystemClock, SystemRandom},
    threads::Threads,
    trail_mark,
    users_table::{self, UsersCheck},
};

/// Users and their password resets, on a database.
///
/// A handle is cheap to clone and may be used from any number of threads at once. It may be opened before a
/// fork and used in parent and child. The operations are those of [`Engine`], which it dereferences to.
/// Inside an async task, whose thread must not wait, every call answers `config_invalid`:
/// [`UserManagement`](crate::UserManagement) is the handle for there.
///
/// ```
/// use reset_password::{CreateUser, Options, blocking::UserManagement};
/// use secrecy::ExposeSecret;
///
/// # fn main() -> Result<(), reset_password::Error> {
/// let user_management = UserManagement::open("sqlite::memory:", Options::default())?;
/// user_management
///     .create_user(CreateUser { email: "ada@example.com".into(), ..CreateUser::default() })?;
///
/// let reset = user_management.create_password_reset("ada@example.com")?;
/// let token = reset.password_reset_token.expose_secret();
///
/// let user = user_management.reset_password(token, "a long walk by the sea")?;
/// assert!(user.email_verified);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct UserManagement {
    shared: Arc<Shared>,
}

/// What the clones of a handle share.
struct Shared {
    engine: Engine<SqlStore>,
    key_source: KeySource,
    calls: PerProcess<Calls>,
    threads: PerProcess<Threads>,
}

/// Declares the operations: each counts as under way until it returns.
macro_rules! operations {
    ($($name:ident($($argument:ident: $kind:ty),*) -> $result:ty;)*) => {
        $(
            #[doc = concat!("See [`Engine::", stringify!($name), "`](reset_password_core::Engine::", stringify!($name), ").")]
            ///
            /// # Errors
            ///
            /// Those of the engine's operation.
            pub fn $name(&self, $($argument: $kind),*) -> Result<$result, Error> {
                let _call = self.calls().begin();
                self.shared.engine.$name($($argument),*)
            }
        )*
    };
}

impl UserManagement {
    /// Opens a database: a bare path, `sqlite:path`, `sqlite:///absolute/path` or `sqlite::memory:`;
    /// `postgres://…`; `mysql://…` or `mariadb://…`. SQLite's file is made if there is none; the tables are
    /// brought up to date.
    ///
    /// # Errors
    ///
    /// `config_invalid` with a sentence that says what to mend, `storage_unavailable`.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "whoever opens has no use for them any more"
    )]
    pub fn open(database_url: &str, options: Options) -> Result<Self, Error> {
        let checked = options.check()?;
        if options.argon2_portable {
            hash_portably();
        }
        let url = DatabaseUrl::parse(database_url)?;
        let key_source = KeySource::new(&options, &url)?;
        let store = SqlStore::open(
            url,
            checked.users.as_ref(),
            options.migrate,
            SystemClock.now(),
        )?;
        let keys = key_source.load(&options, store.key_id()?.as_deref(), &SystemRandom)?;
        let keys = Keys::new(keys, key_source.clone().reload(&options));
        let engine = Engine::new(store, options.config(checked, keys))?;
        engine.take_database()?;
        let opened = Self {
            shared: Arc::new(Shared {
                engine,
                key_source,
                calls: PerProcess::new(),
                threads: PerProcess::new(),
            }),
        };
        // Whoever could not read it, as where root has made it, is told by `doctor`; nobody is kept waiting for that.
        if let Err(error) = opened.keep_trail_mark() {
            tracing::warn!(%error, "the audit trail was not held against its mark");
        }
        opened.shared.engine.store().close();
        Ok(opened)
    }

    /// The presets of users' tables that fit tables of this database.
    ///
    /// # Errors
    ///
    /// `storage_unavailable`.
    pub fn inspect_users(&self) -> Result<Vec<Fitting>, Error> {
        let _call = self.calls().begin();
        Ok(self.shared.engine.store().inspect_users()?)
    }

    /// Whether resets work on the users' tables that `users` tells, with which this handle was opened: a whole one is made
    /// for some account, redeemed, and rolled back.
    ///
    /// # Errors
    ///
    /// `config_invalid` with what does not work, `overloaded`, `storage_unavailable`.
    pub fn check_users(&self, users: &str) -> Result<UsersCheck, Error> {
        let _call = self.calls().begin();
        let tables = users_table::read(users)?.resolve()?;
        let engine = &self.shared.engine;
        Ok(UsersCheck {
            warnings: engine.store().user_warnings(&tables)?,
            rehearsed: engine.rehearse_reset()?,
        })
    }

    /// What the user of this database has to be granted on the users' tables that `users` tells (as the option of that
    /// name does), besides all on the engine's own.
    ///
    /// # Errors
    ///
    /// `config_invalid` where they are not there, `storage_unavailable`.
    pub fn user_grants(&self, users: &str) -> Result<Vec<Grant>, Error> {
        let _call = self.calls().begin();
        let tables = users_table::read(users)?.resolve()?;
        Ok(self.shared.engine.store().user_grants(&tables)?)
    }

    operations! {
        audit(after: i64, limit: u32) -> Vec<AuditRecord>;
        authenticate_api_key(text: &str) -> ApiKey;
        authenticate_with_password(email: &str, password: &str) -> User;
        check_password(password: &str, user_id: Option<&str>) -> PasswordCheck;
        check_password_reset_token(token: &str) -> TokenCheck;
        create_api_key(name: &str, scopes: &[Scope], days: u32) -> NewApiKey;
        create_password_reset(email: &str) -> PasswordReset;
        create_user(new: CreateUser) -> User;
        create_webhook_endpoint(
            endpoint_url: &str,
            events: &[EventKind],
            allow_private: bool
        ) -> NewWebhookEndpoint;
        delete_user(id: &str) -> ();
        delete_webhook_endpoint(id: &str) -> WebhookEndpoint;
        due_webhooks() -> Vec<String>;
        events(after: Option<&str>, limit: u32) -> EventList;
        events_of(kinds: &[EventKind], after: Option<&str>, limit: u32) -> EventList;
        get_password_reset(id: &str) -> PasswordReset;
        get_user(id: &str) -> User;
        get_user_by_email(email: &str) -> User;
        get_user_by_external_id(external_id: &str) -> User;
        get_webhook_endpoint(id: &str) -> WebhookEndpoint;
        lease_webhook(id: &str) -> Option<WebhookBatch>;
        list_api_keys() -> Vec<ApiKey>;
        list_users(list: ListUsers) -> UserList;
        list_webhook_endpoints() -> Vec<WebhookEndpoint>;
        message_failed(id: &str) -> ();
        message_sent(id: &str) -> ();
        messages(limit: u32) -> MessageList;
        note_api_key_use(id: &str) -> ();
        purge(limit: u32) -> Purged;
        report_change(token: &str, email: &str) -> User;
        request_password_reset(email: &str) -> Option<PasswordReset>;
        reset_password(token: &str, new_password: &str) -> User;
        reset_password_idempotently(
            token: &str,
            new_password: &str,
            request: &RequestIdentity<'_>
        ) -> User;
        revoke_api_key(id: &str) -> ApiKey;
        revoke_password_resets(user_id: Option<&str>) -> u64;
        rotate_api_key(id: &str, days: u32, overlap: Duration) -> NewApiKey;
        rotate_webhook_secret(id: &str, keep_previous: Duration) -> NewWebhookEndpoint;
        send_password_reset(email: &str) -> PasswordReset;
        unlock_user(id: &str) -> ();
        update_user(id: &str, change: UpdateUser) -> User;
        update_webhook_endpoint(
            id: &str,
            change: &UpdateWebhookEndpoint,
            allow_private: bool
        ) -> WebhookEndpoint;
        waiting_messages() -> WaitingMessages;
        webhook_failed(batch: &WebhookBatch, failure: WebhookFailure) -> ();
        webhook_given_back(batch: &WebhookBatch) -> ();
        webhook_taken(batch: &WebhookBatch, place: usize) -> bool;
        webhook_test(id: &str) -> WebhookBatch;
    }

    /// See [`Engine::verify_audit`](reset_password_core::Engine::verify_audit). Where the key is in a file that the
    /// application names, the trail is held against the mark beside it, too.
    ///
    /// # Errors
    ///
    /// Those of the engine's operation; `config_invalid` if the mark cannot be read.
    pub fn verify_audit(&self) -> Result<AuditVerdict, Error> {
        let _call = self.calls().begin();
        let mut verdict = self.shared.engine.verify_audit()?;
        if verdict.is_whole()
            && let Some(sequence) = self.keep_trail_mark()?
        {
            verdict.fail(sequence, AuditFault::RolledBack);
        }
        Ok(verdict)
    }

    /// Holds the audit trail against the mark of it that is kept beside the key file, where the application names
    /// one, and moves the mark on: `<key_file>.trail-<name>`. Answers the record that was seen before and is not there any
    /// more; then the mark stays. `None` where nothing is missing, or no mark can be kept.
    ///
    /// # Errors
    ///
    /// `config_invalid` if the mark cannot be read, `storage_unavailable`.
    pub fn keep_trail_mark(&self) -> Result<Option<i64>, Error> {
        let KeySource::Named(key_file) = &self.shared.key_source else {
            return Ok(None);
        };
        let path = trail_mark::path(key_file, self.shared.engine.store().url());
        let kept = trail_mark::read(&path)?;
        if let Some(kept) = &kept
            && let Some(sequence) = self.shared.engine.missing_since(kept)?
        {
            tracing::error!(
                sequence,
                "integrity_failure: the audit trail was put back to an earlier state; run `reset-password audit \
                 verify`"
            );
            return Ok(Some(sequence));
        }
        let mark = self.shared.engine.audit_mark()?;
        if kept.is_none_or(|kept| mark.is_beyond(&kept))
            && let Err(error) = trail_mark::write(&path, key_file, &mark, &SystemRandom)
        {
            // Secrets are often mounted so that nobody can write beside them.
            tracing::debug!(%error, "the mark of the audit trail is not kept");
        }
        Ok(None)
    }

    /// Ends the connections of this process, after every call that has begun on this handle or a clone of
    /// it, those that nobody waits for among them. A later call opens new ones.
    pub fn close(&self) {
        if let Some(calls) = self.shared.calls.get() {
            calls.wait_for_those_before();
        }
        self.shared.engine.store().close();
    }

    /// Does work on a thread of this handle's own, such as an operation whose caller must not wait, and
    /// waits for nothing. [`close`](Self::close) waits for the work. What it answers is then handed over on
    /// the same thread, which may call `close`.
    ///
    /// # Errors
    ///
    /// `internal` when there is no thread and none can be made; the work is not done then.
    pub fn spawn<T>(
        &self,
        work: impl FnOnce(&Self) -> T + Send + 'static,
        done: impl FnOnce(T) + Send + 'static,
    ) -> Result<(), Error> {
        let call = self.calls().begin();
        self.spawn_uncounted(work, |answer| {
            // Nothing of the handle is left here: whoever closes may be sure of that.
            drop(call);
            done(answer);
        })
    }

    /// The same, but [`close`](Self::close) waits for those operations alone that have begun, and the work may
    /// call it.
    pub(crate) fn spawn_uncounted<T>(
        &self,
        work: impl FnOnce(&Self) -> T + Send + 'static,
        done: impl FnOnce(T) + Send + 'static,
    ) -> Result<(), Error> {
        let handle = self.clone();
        let spawned = of_this_process(&self.shared.threads, Threads::new).spawn(move || {
            let answer = work(&handle);
            drop(handle);
            done(answer);
        });
        spawned.map_err(Error::internal)
    }

    /// The file that the secret key came from; `None` if it did not come from one.
    #[must_use]
    pub fn key_file(&self) -> Option<&Path> {
        self.shared.key_source.path()
    }

    /// Whether the database is in this process's memory alone.
    #[must_use]
    pub fn is_in_memory(&self) -> bool {
        self.shared.engine.store().url().is_in_memory()
    }

    /// Puts a new secret key in the key file and keeps the old one beside it, so that links that are
    /// out go on working. Answers the new key's id. Handles that are open go on with the new key, in every process
    /// that can read it from its key file or was given it.
    ///
    /// # Errors
    ///
    /// `config_invalid` when the key does not come from a file, too many earlier keys are in use, or another process
    /// replaces the key at the same moment, on this machine or another one: one of them wins.
    pub fn rotate_key(&self) -> Result<String, Error> {
        let _call = self.calls().begin();
        let Some(path) = self.key_file() else {
            return Err(Error::config(
                "the key does not come from a file: give a new one as key, and the old one among \
                 previous_keys",
            ));
        };
        let engine = &self.shared.engine;
        engine.follow_key()?;
        let in_use = engine.key_ids_in_use()?;
        let recorded = engine.store().key_id()?.unwrap_or_default();
        let rotation = KeyRotation::begin(path, &recorded, &in_use, &SystemRandom)?;
        let replaced = engine.replace_key(rotation.key(), engine.keys().current());
        let id = rotation.end(replaced, &SystemRandom)?;
        engine.follow_key()?;
        Ok(id)
    }

    /// This process's calls: a child has none of its parent's.
    fn calls(&self) -> Arc<Calls> {
        of_this_process(&self.shared.calls, Calls::new)
    }
}

fn of_this_process<T>(slot: &PerProcess<T>, make: fn() -> T) -> Arc<T> {
    match slot.get_or_make(|| Ok::<_, Infallible>(make())) {
        Ok(value) => value,
        Err(never) => match never {},
    }
}

impl Deref for UserManagement {
    type Target = Engine<SqlStore>;

    fn deref(&self) -> &Self::Target {
        &self.shared.engine
    }
}
