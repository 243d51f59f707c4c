//! The handle, and its operations.

use std::sync::Arc;

use reset_password_bindings::{self as bindings, Arguments, Error, Operation};
use tokio::sync::oneshot;

use crate::{
    CreateUser, EventList, InputText, ListUsers, Options, PasswordCheck, PasswordReset, Purged,
    ResetPasswordError, UpdateUser, User, UserList, arguments::IntoArgument, from_value::FromValue,
};

/// Users and their password resets, on a database. For any number of coroutines, tasks and threads at once.
///
/// Each operation is described in `docs/reference/reset-password.md`. What was begun is done to its
/// end, also when nobody waits for it any more.
#[derive(uniffi::Object)]
pub struct UserManagement(bindings::UserManagement);

#[expect(
    clippy::missing_errors_doc,
    reason = "the errors of each operation are in the reference, which this repeats nothing of"
)]
#[uniffi::export]
impl UserManagement {
    /// Opens a database: a path, a `sqlite:` URL, or `:memory:`; a `postgres:`, `mysql:` or `mariadb:` URL.
    #[uniffi::constructor(default(options))]
    pub async fn open(
        database_url: InputText,
        options: Options,
    ) -> Result<Arc<Self>, ResetPasswordError> {
        let (sender, receiver) = oneshot::channel();
        let done = move |outcome| drop(sender.send(outcome));
        let mut given = vec![database_url.into_argument()];
        given.extend(options.into_arguments());
        bindings::UserManagement::spawn_open(given, done)?;
        let handle = receiver.await.map_err(Error::internal)??;
        Ok(Arc::new(Self(handle)))
    }

    /// Checks an address and a password. After many failures in a row nothing is checked for a while.
    pub async fn authenticate_with_password(
        &self,
        email: InputText,
        password: InputText,
    ) -> Result<User, ResetPasswordError> {
        self.call(
            "authenticate_with_password",
            vec![email.into_argument(), password.into_argument()],
        )
        .await
    }

    /// The policy's verdict on a password: for a new user, or for the one that is named.
    #[uniffi::method(default(user_id = None))]
    pub async fn check_password(
        &self,
        password: InputText,
        user_id: Option<InputText>,
    ) -> Result<PasswordCheck, ResetPasswordError> {
        self.call(
            "check_password",
            vec![password.into_argument(), user_id.into_argument()],
        )
        .await
    }

    /// Ends this process's connections, after the operations that are under way. A later one opens new
    /// ones. In memory it does nothing.
    pub async fn close_connections(&self) -> Result<(), ResetPasswordError> {
        let (sender, receiver) = oneshot::channel();
        self.0.spawn_close(move || {
            let _ = sender.send(());
        })?;
        Ok(receiver.await.map_err(Error::internal)?)
    }

    /// Makes a reset for a user, with a token and the link to mail.
    pub async fn create_password_reset(
        &self,
        email: InputText,
    ) -> Result<PasswordReset, ResetPasswordError> {
        self.call("create_password_reset", vec![email.into_argument()])
            .await
    }

    /// Makes a user.
    pub async fn create_user(&self, user: CreateUser) -> Result<User, ResetPasswordError> {
        self.call("create_user", user.into_arguments()).await
    }

    /// Deletes a user.
    pub async fn delete_user(&self, id: InputText) -> Result<(), ResetPasswordError> {
        self.call("delete_user", vec![id.into_argument()]).await
    }

    /// What happened, oldest first.
    #[uniffi::method(default(after = None, limit = None))]
    pub async fn events(
        &self,
        after: Option<InputText>,
        limit: Option<i64>,
    ) -> Result<EventList, ResetPasswordError> {
        self.call("events", vec![after.into_argument(), limit.into_argument()])
            .await
    }

    /// A live reset with its link.
    pub async fn get_password_reset(
        &self,
        id: InputText,
    ) -> Result<PasswordReset, ResetPasswordError> {
        self.call("get_password_reset", vec![id.into_argument()])
            .await
    }

    /// The user with that id.
    pub async fn get_user(&self, id: InputText) -> Result<User, ResetPasswordError> {
        self.call("get_user", vec![id.into_argument()]).await
    }

    /// The user with that address.
    pub async fn get_user_by_email(&self, email: InputText) -> Result<User, ResetPasswordError> {
        self.call("get_user_by_email", vec![email.into_argument()])
            .await
    }

    /// The user whom another system knows by that id.
    pub async fn get_user_by_external_id(
        &self,
        external_id: InputText,
    ) -> Result<User, ResetPasswordError> {
        self.call("get_user_by_external_id", vec![external_id.into_argument()])
            .await
    }

    /// A page of users.
    #[uniffi::method(default(list))]
    pub async fn list_users(&self, list: ListUsers) -> Result<UserList, ResetPasswordError> {
        self.call("list_users", list.into_arguments()).await
    }

    /// Removes what is dead and old.
    #[uniffi::method(default(limit = None))]
    pub async fn purge(&self, limit: Option<i64>) -> Result<Purged, ResetPasswordError> {
        self.call("purge", vec![limit.into_argument()]).await
    }

    /// Makes a reset for whoever has that address, if anybody has and it is not too soon. Answer the visitor
    /// the same either way.
    pub async fn request_password_reset(
        &self,
        email: InputText,
    ) -> Result<Option<PasswordReset>, ResetPasswordError> {
        self.call("request_password_reset", vec![email.into_argument()])
            .await
    }

    /// Sets a new password by a token. The token works once.
    pub async fn reset_password(
        &self,
        token: InputText,
        new_password: InputText,
    ) -> Result<User, ResetPasswordError> {
        self.call(
            "reset_password",
            vec![token.into_argument(), new_password.into_argument()],
        )
        .await
    }

    /// Ends the live resets of one user, or of all, and answers how many.
    #[uniffi::method(default(user_id = None))]
    pub async fn revoke_password_resets(
        &self,
        user_id: Option<InputText>,
    ) -> Result<i64, ResetPasswordError> {
        self.call("revoke_password_resets", vec![user_id.into_argument()])
            .await
    }

    /// Changes a user.
    pub async fn update_user(
        &self,
        id: InputText,
        change: UpdateUser,
    ) -> Result<User, ResetPasswordError> {
        let mut given = vec![id.into_argument()];
        given.extend(change.into_arguments());
        self.call("update_user", given).await
    }
}

impl UserManagement {
    /// Starts an operation on the engine's threads, and waits for its outcome without a thread.
    ///
    /// What the host does next may run on the thread that wakes it, and block there. The operation is over
    /// by then, so whoever waits for that waits for nobody.
    async fn call<T: FromValue>(
        &self,
        operation: &str,
        given: Arguments,
    ) -> Result<T, ResetPasswordError> {
        let unknown = || Error::internal("no such operation");
        let operation = Operation::named(operation).ok_or_else(unknown)?;
        let (sender, receiver) = oneshot::channel();
        self.0
            .spawn_then(operation, given, |outcome| drop(sender.send(outcome)))?;
        let value = receiver.await.map_err(Error::internal)??;
        let other = || Error::internal("the engine answered something else");
        Ok(T::from_value(value).ok_or_else(other)?)
    }
}
