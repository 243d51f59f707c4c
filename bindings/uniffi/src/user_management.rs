//! The handle, and its operations.

use std::sync::Arc;

use reset_password_bindings::{self as bindings, Error, Operations};
use tokio::sync::oneshot;

use crate::{
    CreateUser, EventList, InputText, ListUsers, Options, PasswordCheck, PasswordReset, Purged,
    ResetPasswordError, UpdateUser, User, UserList, results::whole,
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
        bindings::UserManagement::spawn_open(database_url.into(), options.into(), done)?;
        let handle = receiver.await.map_err(Error::internal)??;
        Ok(Arc::new(Self(handle)))
    }

    /// Checks an address and a password. After many failures in a row nothing is checked for a while.
    pub async fn authenticate_with_password(
        &self,
        email: InputText,
        password: InputText,
    ) -> Result<User, ResetPasswordError> {
        self.call(move |operations| {
            operations.authenticate_with_password(email.into(), password.into())
        })
        .await
    }

    /// The policy's verdict on a password: for a new user, or for the one that is named.
    #[uniffi::method(default(user_id = None))]
    pub async fn check_password(
        &self,
        password: InputText,
        user_id: Option<InputText>,
    ) -> Result<PasswordCheck, ResetPasswordError> {
        self.call(move |operations| {
            operations.check_password(password.into(), user_id.map(Into::into))
        })
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
        self.call(move |operations| operations.create_password_reset(email.into()))
            .await
    }

    /// Makes a user.
    pub async fn create_user(&self, user: CreateUser) -> Result<User, ResetPasswordError> {
        self.call(move |operations| operations.create_user(user.into()))
            .await
    }

    /// Deletes a user.
    pub async fn delete_user(&self, id: InputText) -> Result<(), ResetPasswordError> {
        self.call(move |operations| operations.delete_user(id.into()))
            .await
    }

    /// What happened, oldest first.
    #[uniffi::method(default(after = None, limit = None))]
    pub async fn events(
        &self,
        after: Option<InputText>,
        limit: Option<i64>,
    ) -> Result<EventList, ResetPasswordError> {
        self.call(move |operations| operations.events(after.map(Into::into), limit))
            .await
    }

    /// A live reset with its link.
    pub async fn get_password_reset(
        &self,
        id: InputText,
    ) -> Result<PasswordReset, ResetPasswordError> {
        self.call(move |operations| operations.get_password_reset(id.into()))
            .await
    }

    /// The user with that id.
    pub async fn get_user(&self, id: InputText) -> Result<User, ResetPasswordError> {
        self.call(move |operations| operations.get_user(id.into()))
            .await
    }

    /// The user with that address.
    pub async fn get_user_by_email(&self, email: InputText) -> Result<User, ResetPasswordError> {
        self.call(move |operations| operations.get_user_by_email(email.into()))
            .await
    }

    /// The user whom another system knows by that id.
    pub async fn get_user_by_external_id(
        &self,
        external_id: InputText,
    ) -> Result<User, ResetPasswordError> {
        self.call(move |operations| operations.get_user_by_external_id(external_id.into()))
            .await
    }

    /// A page of users.
    #[uniffi::method(default(list))]
    pub async fn list_users(&self, list: ListUsers) -> Result<UserList, ResetPasswordError> {
        self.call(move |operations| operations.list_users(list.into()))
            .await
    }

    /// Removes what is dead and old.
    #[uniffi::method(default(limit = None))]
    pub async fn purge(&self, limit: Option<i64>) -> Result<Purged, ResetPasswordError> {
        self.call(move |operations| operations.purge(limit)).await
    }

    /// Makes a reset for whoever has that address, if anybody has and it is not too soon. Answer the visitor
    /// the same either way.
    pub async fn request_password_reset(
        &self,
        email: InputText,
    ) -> Result<Option<PasswordReset>, ResetPasswordError> {
        let reset: Option<reset_password::PasswordReset> = self
            .call(|engine| engine.request_password_reset(email.into()))
            .await?;
        Ok(reset.map(Into::into))
    }

    /// Sets a new password by a token. The token works once.
    pub async fn reset_password(
        &self,
        token: InputText,
        new_password: InputText,
    ) -> Result<User, ResetPasswordError> {
        self.call(move |operations| operations.reset_password(token.into(), new_password.into()))
            .await
    }

    /// Ends the live resets of one user, or of all, and answers how many.
    #[uniffi::method(default(user_id = None))]
    pub async fn revoke_password_resets(
        &self,
        user_id: Option<InputText>,
    ) -> Result<i64, ResetPasswordError> {
        let revoked: u64 = self
            .call(|engine| engine.revoke_password_resets(user_id.map(Into::into)))
            .await?;
        Ok(whole(revoked))
    }

    /// Changes a user.
    pub async fn update_user(
        &self,
        id: InputText,
        change: UpdateUser,
    ) -> Result<User, ResetPasswordError> {
        self.call(move |operations| operations.update_user(id.into(), change.into()))
            .await
    }
}

impl UserManagement {
    /// Starts an operation on the engine's threads, and waits for its outcome without a thread.
    ///
    /// What the host does next may run on the thread that wakes it, and block there. The operation is over
    /// by then, so whoever waits for that waits for nobody.
    async fn call<V, T>(
        &self,
        operation: impl FnOnce(Operations<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<V, ResetPasswordError>
    where
        V: Send + 'static,
        T: Into<V>,
    {
        let (sender, receiver) = oneshot::channel();
        self.0
            .spawn(operation, |outcome| drop(sender.send(outcome)))?;
        Ok(receiver.await.map_err(Error::internal)??)
    }
}
