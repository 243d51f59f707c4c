//! The handle for async programs: each call crosses to a thread that may wait, once, and back.

use std::time::Duration;

use reset_password_core::{
    ApiKey, AuditRecord, AuditVerdict, CreateUser, Error, EventList, ListUsers, MessageList,
    NewApiKey, PasswordCheck, PasswordReset, Scope, TokenCheck, UpdateUser, User, UserList,
    WaitingMessages, retention::Purged,
};
use tokio::{sync::oneshot, task};
use zeroize::Zeroizing;

use crate::{Options, blocking};

/// Users and their password resets, on a database, for programs on Tokio.
///
/// A handle is cheap to clone and may be used from any number of tasks at once. The operations are those of
/// [`Engine`](reset_password_core::Engine). An operation that nobody waits for any more goes on to its end.
///
/// ```
/// # async fn example() -> Result<(), reset_password::Error> {
/// use reset_password::{CreateUser, Options, UserManagement};
/// use secrecy::ExposeSecret;
///
/// let user_management = UserManagement::open("sqlite::memory:", Options::default()).await?;
/// user_management
///     .create_user(CreateUser { email: "ada@example.com".into(), ..CreateUser::default() })
///     .await?;
///
/// let reset = user_management.create_password_reset("ada@example.com").await?;
/// let token = reset.password_reset_token.expose_secret();
///
/// let user = user_management.reset_password(token, "a long walk by the sea").await?;
/// assert!(user.email_verified);
/// # Ok(())
/// # }
/// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
/// ```
#[derive(Clone)]
pub struct UserManagement {
    blocking: blocking::UserManagement,
}

/// Declares the async twin of each operation. What is lent is copied for the other thread; texts, which may
/// be secret, are wiped after.
macro_rules! operations {
    ($($name:ident($($argument:ident: [$($kind:tt)+]),*) -> $result:ty;)*) => {
        $(
            #[doc = concat!("See [`blocking::UserManagement::", stringify!($name), "`](crate::blocking::UserManagement::", stringify!($name), ").")]
            ///
            /// # Errors
            ///
            /// Those of the blocking operation.
            pub async fn $name(&self, $($argument: $($kind)+),*) -> Result<$result, Error> {
                $(let $argument = operations!(@own $argument $($kind)+);)*
                self.run(move |users| users.$name($(operations!(@lend $argument $($kind)+)),*)).await
            }
        )*
    };
    (@own $argument:ident &str) => { Zeroizing::new($argument.to_owned()) };
    (@lend $argument:ident &str) => { &$argument };
    (@own $argument:ident Option<&str>) => { $argument.map(str::to_owned) };
    (@lend $argument:ident Option<&str>) => { $argument.as_deref() };
    (@own $argument:ident &[$item:ty]) => { $argument.to_vec() };
    (@lend $argument:ident &[$item:ty]) => { &$argument };
    (@own $argument:ident $kind:ty) => { $argument };
    (@lend $argument:ident $kind:ty) => { $argument };
}

impl UserManagement {
    /// See [`blocking::UserManagement::open`].
    ///
    /// # Errors
    ///
    /// Those of the blocking operation.
    pub async fn open(database_url: &str, options: Options) -> Result<Self, Error> {
        let url = Zeroizing::new(database_url.to_owned());
        let opening = task::spawn_blocking(move || blocking::UserManagement::open(&url, options));
        let blocking = opening.await.map_err(|_| ended_early())??;
        Ok(Self { blocking })
    }

    operations! {
        audit(after: [i64], limit: [u32]) -> Vec<AuditRecord>;
        authenticate_api_key(text: [&str]) -> ApiKey;
        authenticate_with_password(email: [&str], password: [&str]) -> User;
        check_password(password: [&str], user_id: [Option<&str>]) -> PasswordCheck;
        check_password_reset_token(token: [&str]) -> TokenCheck;
        create_api_key(name: [&str], scopes: [&[Scope]], days: [u32]) -> NewApiKey;
        create_password_reset(email: [&str]) -> PasswordReset;
        create_user(new: [CreateUser]) -> User;
        delete_user(id: [&str]) -> ();
        events(after: [Option<&str>], limit: [u32]) -> EventList;
        get_password_reset(id: [&str]) -> PasswordReset;
        get_user(id: [&str]) -> User;
        get_user_by_email(email: [&str]) -> User;
        get_user_by_external_id(external_id: [&str]) -> User;
        list_api_keys() -> Vec<ApiKey>;
        list_users(list: [ListUsers]) -> UserList;
        message_failed(id: [&str]) -> ();
        message_sent(id: [&str]) -> ();
        messages(limit: [u32]) -> MessageList;
        purge(limit: [u32]) -> Purged;
        report_change(token: [&str], email: [&str]) -> User;
        request_password_reset(email: [&str]) -> Option<PasswordReset>;
        reset_password(token: [&str], new_password: [&str]) -> User;
        revoke_api_key(id: [&str]) -> ApiKey;
        revoke_password_resets(user_id: [Option<&str>]) -> u64;
        rotate_api_key(id: [&str], days: [u32], overlap: [Duration]) -> NewApiKey;
        rotate_key() -> String;
        send_password_reset(email: [&str]) -> PasswordReset;
        unlock_user(id: [&str]) -> ();
        update_user(id: [&str], change: [UpdateUser]) -> User;
        verify_audit() -> AuditVerdict;
        waiting_messages() -> WaitingMessages;
    }

    /// See [`blocking::UserManagement::close`].
    pub async fn close(&self) {
        let users = self.blocking.clone();
        // On a thread that is none of the handle's: those are what it waits for. It fails only if the thread
        // panics, and then there is nothing left to close.
        let _ = task::spawn_blocking(move || users.close()).await;
    }

    /// Does several things in one crossing, on a thread of the handle's own, which may wait.
    ///
    /// ```
    /// # use reset_password::{Error, UserManagement};
    /// # async fn example(user_management: &UserManagement) -> Result<(), Error> {
    /// let ended = user_management
    ///     .run(|users| {
    ///         let user = users.get_user_by_email("ada@example.com")?;
    ///         users.revoke_password_resets(Some(&user.id))
    ///     })
    ///     .await?;
    /// # let _ = ended;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of the work; `internal` if it panics, or no thread can be made for it.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&blocking::UserManagement) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (answer, answered) = oneshot::channel();
        // To send fails only when nobody waits any more.
        let hand_over = |done| drop(answer.send(done));
        self.blocking.spawn_uncounted(work, hand_over)?;
        answered.await.unwrap_or_else(|_| Err(ended_early()))
    }

    /// The handle for threads that may wait.
    #[must_use]
    pub const fn blocking(&self) -> &blocking::UserManagement {
        &self.blocking
    }
}

/// What a panic is answered as. It shows nothing of the message, which may hold what was being worked on.
fn ended_early() -> Error {
    tracing::error!("a call ended early");
    Error::internal("a call ended early")
}
