//! The handle, and its operations.
//!
//! Generated from bindings/api by scripts/update; changes here are lost.

use std::sync::Arc;

use reset_password_bindings::{self as bindings, Arguments, Error, Operation};
use tokio::sync::oneshot;

use crate::{
    CreateUser, EventList, InputText, ListUsers, MessageList, Options, PasswordCheck,
    PasswordReset, Purged, ResetPasswordError, TokenCheck, UpdateUser, User, UserList,
    from_value::FromValue, into_argument::IntoArgument,
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

    /// Ends this process's connections, after the operations that are under way. A later one opens new
    /// ones. In memory it does nothing.
    pub async fn close_connections(&self) -> Result<(), ResetPasswordError> {
        let (sender, receiver) = oneshot::channel();
        self.0.spawn_close(move || {
            let _ = sender.send(());
        })?;
        Ok(receiver.await.map_err(Error::internal)?)
    }

    /// Makes a user. A password is held to the policy. A hash from another system is taken as it is, and replaced by a current one when the user signs in.
    pub async fn create_user(&self, user: CreateUser) -> Result<User, ResetPasswordError> {
        self.call("create_user", user.into_arguments()).await
    }

    /// Reads the user with an id.
    pub async fn get_user(&self, id: InputText) -> Result<User, ResetPasswordError> {
        self.call("get_user", vec![id.into_argument()]).await
    }

    /// Reads the user with an address.
    pub async fn get_user_by_email(&self, email: InputText) -> Result<User, ResetPasswordError> {
        self.call("get_user_by_email", vec![email.into_argument()])
            .await
    }

    /// Reads the user whom another system knows by an id.
    pub async fn get_user_by_external_id(
        &self,
        external_id: InputText,
    ) -> Result<User, ResetPasswordError> {
        self.call("get_user_by_external_id", vec![external_id.into_argument()])
            .await
    }

    /// Reads a page of users. The newest come first, unless `order` says otherwise.
    #[uniffi::method(default(list))]
    pub async fn list_users(&self, list: ListUsers) -> Result<UserList, ResetPasswordError> {
        self.call("list_users", list.into_arguments()).await
    }

    /// Changes a user; what is left out stays as it is. An empty text clears a name, the locale or the external id. Metadata that is given replaces all of it. A new address or password ends the user's live reset.
    pub async fn update_user(
        &self,
        id: InputText,
        change: UpdateUser,
    ) -> Result<User, ResetPasswordError> {
        let mut given = vec![id.into_argument()];
        given.extend(change.into_arguments());
        self.call("update_user", given).await
    }

    /// Deletes a user with their resets.
    pub async fn delete_user(&self, id: InputText) -> Result<(), ResetPasswordError> {
        self.call("delete_user", vec![id.into_argument()]).await
    }

    /// Checks an address and a password. All that is wrong with either gets one answer. After many failures in a row nothing is checked for a while. No session is issued.
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

    /// Makes a reset for a user, for the trusted server. It tells whether there is such a user. An earlier reset of the user ends. For a user without a password, such as one who is invited, the token works for `first_password_lifetime`.
    pub async fn create_password_reset(
        &self,
        email: InputText,
    ) -> Result<PasswordReset, ResetPasswordError> {
        self.call("create_password_reset", vec![email.into_argument()])
            .await
    }

    /// Makes a reset for whoever has an address, for a public form. Answer the form in the same way whatever comes of it, and send the mail later. Nothing comes of it where there is no such user, or where it was asked for too often.
    pub async fn request_password_reset(
        &self,
        email: InputText,
    ) -> Result<Option<PasswordReset>, ResetPasswordError> {
        self.call("request_password_reset", vec![email.into_argument()])
            .await
    }

    /// Reads a live reset with its link. Only while its token can be used.
    pub async fn get_password_reset(
        &self,
        id: InputText,
    ) -> Result<PasswordReset, ResetPasswordError> {
        self.call("get_password_reset", vec![id.into_argument()])
            .await
    }

    /// Says whether a token can be used, and until when; nothing is changed. For the page behind the link, before it shows a form. It tells no more than `reset_password` would.
    pub async fn check_password_reset_token(
        &self,
        token: InputText,
    ) -> Result<TokenCheck, ResetPasswordError> {
        self.call("check_password_reset_token", vec![token.into_argument()])
            .await
    }

    /// Sets a new password with the token of a reset link. A token works once, and success verifies the user's e-mail. A refused password leaves the token usable. End the sessions that began before the user's `credentials_changed_at`.
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

    /// Ends the live resets of one user, or of all. Answers how many were ended.
    #[uniffi::method(default(user_id = None))]
    pub async fn revoke_password_resets(
        &self,
        user_id: Option<InputText>,
    ) -> Result<i64, ResetPasswordError> {
        self.call("revoke_password_resets", vec![user_id.into_argument()])
            .await
    }

    /// Gives the policy's verdict on a password; nothing is set.
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

    /// Reads what happened, oldest first. Begins after the event `after`, or with the oldest.
    #[uniffi::method(default(after = None, limit = None))]
    pub async fn events(
        &self,
        after: Option<InputText>,
        limit: Option<i64>,
    ) -> Result<EventList, ResetPasswordError> {
        self.call("events", vec![after.into_argument(), limit.into_argument()])
            .await
    }

    /// Takes messages that are to be sent now, for a mailer. Needs the option `messages`. Each is held for 5 minutes by whoever was given it: say what became of it by `message_sent` or `message_failed`, or it is given out again. Send each to its `to`, with a `Message-ID` made of its `message_id`, which stays the same.
    #[uniffi::method(default(limit = None))]
    pub async fn messages(&self, limit: Option<i64>) -> Result<MessageList, ResetPasswordError> {
        self.call("messages", vec![limit.into_argument()]).await
    }

    /// Removes a message that was sent. Refused with `id_unknown` when there is no such message any more, or another holds it by now; there is nothing to be done about that.
    pub async fn message_sent(&self, id: InputText) -> Result<(), ResetPasswordError> {
        self.call("message_sent", vec![id.into_argument()]).await
    }

    /// Gives a message back that could not be sent. It is given out again after 10 seconds, 1, 5, 15 and 60 minutes, then every 4 hours: a link until it stops working, a notice for a day.
    pub async fn message_failed(&self, id: InputText) -> Result<(), ResetPasswordError> {
        self.call("message_failed", vec![id.into_argument()]).await
    }

    /// Says that a change was not the owner's, by the token of the notice that told of it. Nobody knows the password any more, and links end; end the sessions that began before the user's `credentials_changed_at`. A new link is sent if the address is still the account's. If not, the account is locked: no link is made for it until `unlock_user`, or until an address is set. A token works once, for 7 days.
    pub async fn report_change(
        &self,
        token: InputText,
        email: InputText,
    ) -> Result<User, ResetPasswordError> {
        self.call(
            "report_change",
            vec![token.into_argument(), email.into_argument()],
        )
        .await
    }

    /// Has links made again for a user who was locked out by `report_change`. Make sure first that the account's address is its owner's.
    pub async fn unlock_user(&self, id: InputText) -> Result<(), ResetPasswordError> {
        self.call("unlock_user", vec![id.into_argument()]).await
    }

    /// Removes what is dead and old. Of each kind go at most `limit` rows; call it again while it removes as many.
    #[uniffi::method(default(limit = None))]
    pub async fn purge(&self, limit: Option<i64>) -> Result<Purged, ResetPasswordError> {
        self.call("purge", vec![limit.into_argument()]).await
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
