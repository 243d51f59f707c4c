//! The same operations for callers without an async runtime.

use std::{sync::Arc, thread, time::Duration};

use reset_password_core::{
    ApiKey, AuditRecord, AuditVerdict, CreateUser, Error, EventList, ListUsers, NewApiKey,
    PasswordCheck, PasswordReset, Scope, UpdateUser, User, UserList, process::PerProcess,
    store::Purged,
};
use reset_password_store::Location;
use tokio::runtime::{Builder, Handle, Runtime};

use crate::{
    Options,
    calls::Calls,
    doctor::{self, Finding},
};

/// Users and their password resets, on a database: the blocking twin of
/// [`UserManagement`](crate::UserManagement).
///
/// It may be used from any number of threads at once, opened before a fork and used in parent and
/// child. Called from within an async runtime it blocks that runtime's thread; the async handle is
/// better there.
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
    inner: crate::UserManagement,
    threads: Arc<PerProcess<Threads>>,
}

/// Declares the blocking twin of each operation.
macro_rules! operations {
    ($($name:ident($($argument:ident: $kind:ty),*) -> $result:ty;)*) => {
        $(
            #[doc = concat!("See [`Engine::", stringify!($name), "`](reset_password_core::Engine::", stringify!($name), ").")]
            ///
            /// # Errors
            ///
            /// Those of the async operation.
            pub fn $name(&self, $($argument: $kind),*) -> Result<$result, Error> {
                self.wait(self.inner.$name($($argument),*))?
            }
        )*
    };
}

impl UserManagement {
    /// See [`UserManagement::open`](crate::UserManagement::open).
    ///
    /// # Errors
    ///
    /// Those of the async operation.
    pub fn open(database_url: &str, options: Options) -> Result<Self, Error> {
        let threads = Threads::start()?;
        let inner = threads.wait(crate::UserManagement::open(database_url, options))??;
        let slot = PerProcess::new();
        if inner.store().location() == &Location::Memory {
            slot.get_or_make(|| Ok::<_, Error>(threads))?;
        }
        Ok(Self {
            inner,
            threads: Arc::new(slot),
        })
    }

    operations! {
        audit(after: i64, limit: u32) -> Vec<AuditRecord>;
        authenticate_with_password(email: &str, password: &str) -> User;
        check_password(password: &str, user_id: Option<&str>) -> PasswordCheck;
        create_api_key(name: &str, scopes: &[Scope], days: u32) -> NewApiKey;
        create_password_reset(email: &str) -> PasswordReset;
        create_user(new: CreateUser) -> User;
        delete_user(id: &str) -> ();
        events(after: Option<&str>, limit: u32) -> EventList;
        get_password_reset(id: &str) -> PasswordReset;
        get_user(id: &str) -> User;
        get_user_by_email(email: &str) -> User;
        get_user_by_external_id(external_id: &str) -> User;
        list_api_keys() -> Vec<ApiKey>;
        list_users(list: ListUsers) -> UserList;
        purge(limit: u32) -> Purged;
        request_password_reset(email: &str) -> Option<PasswordReset>;
        reset_password(token: &str, new_password: &str) -> User;
        revoke_api_key(id: &str) -> ApiKey;
        revoke_password_resets(user_id: Option<&str>) -> u64;
        rotate_api_key(id: &str, days: u32, overlap: Duration) -> NewApiKey;
        update_user(id: &str, change: UpdateUser) -> User;
        verify_audit() -> AuditVerdict;
    }

    /// Ends the connections of this process, after every call that has begun on this handle or a clone of
    /// it, those that nobody waits for among them. A later call opens new ones.
    pub fn close(&self) {
        if let Some(threads) = self.threads.get() {
            // It fails only if a thread panics, and then there is nothing left to close.
            let _ = threads.run(async {
                threads.calls.ended().await;
                self.inner.close().await;
            });
        }
    }

    /// See [`UserManagement::rotate_key`](crate::UserManagement::rotate_key).
    ///
    /// # Errors
    ///
    /// Those of the async operation.
    pub fn rotate_key(&self) -> Result<String, Error> {
        self.wait(self.inner.rotate_key())?
    }

    /// Runs async work, such as an operation of [`inner`](Self::inner), and waits for its end.
    ///
    /// # Errors
    ///
    /// `internal` when no thread can be started.
    pub fn wait<T: Send>(&self, work: impl Future<Output = T> + Send) -> Result<T, Error> {
        self.threads()?.wait(work)
    }

    /// Starts async work, such as an operation of [`inner`](Self::inner), on this handle's threads, and
    /// waits for nothing. [`close`](Self::close) does.
    ///
    /// # Errors
    ///
    /// `internal` when no thread can be started.
    pub fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) -> Result<(), Error> {
        self.threads()?.spawn(work)
    }

    /// The async handle on the same database.
    #[must_use]
    pub const fn inner(&self) -> &crate::UserManagement {
        &self.inner
    }

    /// This process's threads, made on first use and again after a fork.
    fn threads(&self) -> Result<Arc<Threads>, Error> {
        self.threads.get_or_make(Threads::start)
    }
}

/// See [`doctor::diagnose`].
///
/// # Errors
///
/// `internal` when no thread can be started.
pub fn diagnose(database_url: &str, options: &Options) -> Result<Vec<Finding>, Error> {
    Threads::start()?.wait(doctor::diagnose(database_url, options))
}

/// What async work runs on.
struct Threads {
    /// There until the end.
    runtime: Option<Runtime>,
    calls: Calls,
}

impl Threads {
    fn start() -> Result<Self, Error> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("reset-password")
            .enable_time()
            .build();
        Ok(Self {
            runtime: Some(runtime.map_err(Error::internal)?),
            calls: Calls::new(),
        })
    }

    fn wait<T: Send>(&self, work: impl Future<Output = T> + Send) -> Result<T, Error> {
        let _call = self.calls.begin();
        self.run(work)
    }

    fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) -> Result<(), Error> {
        let call = self.calls.begin();
        self.runtime()?.spawn(async move {
            work.await;
            drop(call);
        });
        Ok(())
    }

    /// Runs the work to its end. A thread that belongs to another runtime must not wait for this one
    /// itself, and one that is about to end cannot: each waits for a thread that does.
    fn run<T: Send>(&self, work: impl Future<Output = T> + Send) -> Result<T, Error> {
        let runtime = self.runtime()?;
        if Handle::try_current().is_err_and(|none| none.is_missing_context()) {
            return Ok(runtime.block_on(work));
        }
        thread::scope(|scope| scope.spawn(|| runtime.block_on(work)).join()).map_err(|_| ended())
    }

    fn runtime(&self) -> Result<&Runtime, Error> {
        self.runtime.as_ref().ok_or_else(ended)
    }
}

fn ended() -> Error {
    Error::internal("the engine's threads have ended")
}

impl Drop for Threads {
    /// Waits for nothing: whoever drops a handle has no call under way, and may be a runtime's thread.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::OnceCell, sync::mpsc};

    use super::*;

    #[tokio::test]
    async fn nothing_panics_within_another_runtime() {
        let users = in_memory();
        assert!(users.get_user("user_x").is_err());
        users.close();
        drop(users);
    }

    #[test]
    fn nothing_panics_at_the_end_of_a_thread() {
        /// Uses the handle when the thread's own variables end, after those of the runtime.
        struct Last(UserManagement, mpsc::Sender<bool>);

        impl Drop for Last {
            fn drop(&mut self) {
                let Self(users, seen) = self;
                let found = users.get_user_by_email("ada@example.com").is_ok();
                users.close();
                seen.send(found).unwrap();
            }
        }

        thread_local! {
            static LAST: OnceCell<Last> = const { OnceCell::new() };
        }

        let users = in_memory();
        users
            .create_user(CreateUser {
                email: "ada@example.com".into(),
                ..CreateUser::default()
            })
            .unwrap();
        let (seen, at_the_end) = mpsc::channel();
        let ended = thread::spawn(move || {
            // What is made first ends last.
            LAST.with(|last| last.set(Last(users.clone(), seen)).ok());
            assert!(users.get_user("user_x").is_err());
        });
        ended.join().unwrap();
        assert_eq!(at_the_end.recv(), Ok(true));
    }

    #[test]
    fn close_waits_for_what_nobody_waits_for() {
        let users = in_memory();
        let (go_on, waiting) = tokio::sync::oneshot::channel::<()>();
        let (ended, end) = mpsc::channel();
        let work = async move {
            waiting.await.unwrap();
            ended.send(()).unwrap();
        };
        users.spawn(work).unwrap();
        let closing = users.clone();
        let closed = thread::spawn(move || {
            closing.close();
            end.try_recv()
        });
        assert!(users.get_user("user_x").is_err(), "others go on");
        go_on.send(()).unwrap();
        assert_eq!(closed.join().unwrap(), Ok(()));
    }

    fn in_memory() -> UserManagement {
        UserManagement::open(":memory:", Options::default()).unwrap()
    }
}
