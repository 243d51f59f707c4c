//! The operations, with arguments as hosts have them.

use reset_password::{
    Code, Error, EventList, PasswordCheck, PasswordReset, Purged, User, UserList, UserManagement,
};

use crate::{
    Text,
    arguments::{CreateUser, ListUsers, UpdateUser, limit},
};

/// Rows of each kind that one purge removes, unless told.
const PURGED: u32 = 1_000;

/// The operations on an open database. Each is described in `docs/reference/reset-password.md`.
pub struct Operations(pub(crate) UserManagement);

#[expect(
    clippy::missing_errors_doc,
    reason = "the errors of each operation are in the reference, which this repeats nothing of"
)]
impl Operations {
    /// Checks an address and a password.
    pub async fn authenticate_with_password(
        self,
        email: Text,
        password: Text,
    ) -> Result<User, Error> {
        let Some(password) = password.as_credential() else {
            return Err(Code::InvalidCredentials.into());
        };
        self.0
            .authenticate_with_password(email.as_name(), password)
            .await
    }

    /// The policy's verdict on a password.
    pub async fn check_password(
        self,
        password: Text,
        user_id: Option<Text>,
    ) -> Result<PasswordCheck, Error> {
        let user_id = user_id.as_ref().map(Text::as_name);
        match password.as_password() {
            Ok(password) => self.0.check_password(password, user_id).await,
            Err(refused) => Ok(PasswordCheck {
                acceptable: false,
                errors: refused.errors().to_vec(),
            }),
        }
    }

    /// Makes a reset for a user.
    pub async fn create_password_reset(self, email: Text) -> Result<PasswordReset, Error> {
        self.0.create_password_reset(email.as_field("email")?).await
    }

    /// Makes a user.
    pub async fn create_user(self, new: CreateUser) -> Result<User, Error> {
        self.0.create_user(new.checked()?).await
    }

    /// Deletes a user.
    pub async fn delete_user(self, id: Text) -> Result<(), Error> {
        self.0.delete_user(id.as_name()).await
    }

    /// What happened, oldest first.
    pub async fn events(self, after: Option<Text>, most: Option<i64>) -> Result<EventList, Error> {
        let after = after.as_ref().map(Text::as_name);
        let most = most.map_or(EventList::DEFAULT_LIMIT, limit);
        self.0.events(after, most).await
    }

    /// A live reset with its link.
    pub async fn get_password_reset(self, id: Text) -> Result<PasswordReset, Error> {
        self.0.get_password_reset(id.as_name()).await
    }

    /// The user with that id.
    pub async fn get_user(self, id: Text) -> Result<User, Error> {
        self.0.get_user(id.as_name()).await
    }

    /// The user with that address.
    pub async fn get_user_by_email(self, email: Text) -> Result<User, Error> {
        self.0.get_user_by_email(email.as_field("email")?).await
    }

    /// The user whom another system knows by that id.
    pub async fn get_user_by_external_id(self, external_id: Text) -> Result<User, Error> {
        self.0.get_user_by_external_id(external_id.as_name()).await
    }

    /// A page of users.
    pub async fn list_users(self, list: ListUsers) -> Result<UserList, Error> {
        self.0.list_users(list.checked()?).await
    }

    /// Removes what is dead and old.
    pub async fn purge(self, most: Option<i64>) -> Result<Purged, Error> {
        self.0.purge(most.map_or(PURGED, limit)).await
    }

    /// Makes a reset for whoever has that address, if anybody has and it is not too soon.
    pub async fn request_password_reset(self, email: Text) -> Result<Option<PasswordReset>, Error> {
        self.0
            .request_password_reset(email.as_field("email")?)
            .await
    }

    /// Sets a new password by a token.
    pub async fn reset_password(self, token: Text, new_password: Text) -> Result<User, Error> {
        let token = token.as_name();
        match new_password.as_password() {
            Ok(new_password) => self.0.reset_password(token, new_password).await,
            Err(refused) => Err(refused),
        }
    }

    /// Ends the live resets of one user, or of all.
    pub async fn revoke_password_resets(self, user_id: Option<Text>) -> Result<u64, Error> {
        self.0
            .revoke_password_resets(user_id.as_ref().map(Text::as_name))
            .await
    }

    /// Changes a user.
    pub async fn update_user(self, id: Text, change: UpdateUser) -> Result<User, Error> {
        self.0.update_user(id.as_name(), change.checked()?).await
    }
}
