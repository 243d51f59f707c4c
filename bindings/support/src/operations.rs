//! The operations, with arguments as hosts have them.

use reset_password::{
    Code, Error, EventList, PasswordCheck, PasswordReset, Purged, User, UserList, blocking,
};

use crate::{
    Text,
    arguments::{CreateUser, ListUsers, UpdateUser, limit},
};

/// Rows of each kind that one purge removes, unless told.
const PURGED: u32 = 1_000;

/// The operations on an open database. Each is described in `docs/reference/reset-password.md`.
#[derive(Clone, Copy)]
pub struct Operations<'a>(pub(crate) &'a blocking::UserManagement);

#[expect(
    clippy::missing_errors_doc,
    reason = "the errors of each operation are in the reference, which this repeats nothing of"
)]
#[expect(
    clippy::needless_pass_by_value,
    reason = "texts are the operation's own, so that they are wiped when it is over"
)]
impl Operations<'_> {
    /// Checks an address and a password.
    pub fn authenticate_with_password(self, email: Text, password: Text) -> Result<User, Error> {
        let Some(password) = password.as_credential() else {
            return Err(Code::InvalidCredentials.into());
        };
        self.0.authenticate_with_password(email.as_name(), password)
    }

    /// The policy's verdict on a password.
    pub fn check_password(
        self,
        password: Text,
        user_id: Option<Text>,
    ) -> Result<PasswordCheck, Error> {
        let user_id = user_id.as_ref().map(Text::as_name);
        match password.as_password() {
            Ok(password) => self.0.check_password(password, user_id),
            Err(refused) => Ok(PasswordCheck {
                acceptable: false,
                errors: refused.errors().to_vec(),
            }),
        }
    }

    /// Makes a reset for a user.
    pub fn create_password_reset(self, email: Text) -> Result<PasswordReset, Error> {
        self.0.create_password_reset(email.as_field("email")?)
    }

    /// Makes a user.
    pub fn create_user(self, new: CreateUser) -> Result<User, Error> {
        self.0.create_user(new.checked()?)
    }

    /// Deletes a user.
    pub fn delete_user(self, id: Text) -> Result<(), Error> {
        self.0.delete_user(id.as_name())
    }

    /// What happened, oldest first.
    pub fn events(self, after: Option<Text>, most: Option<i64>) -> Result<EventList, Error> {
        let after = after.as_ref().map(Text::as_name);
        let most = most.map_or(EventList::DEFAULT_LIMIT, limit);
        self.0.events(after, most)
    }

    /// A live reset with its link.
    pub fn get_password_reset(self, id: Text) -> Result<PasswordReset, Error> {
        self.0.get_password_reset(id.as_name())
    }

    /// The user with that id.
    pub fn get_user(self, id: Text) -> Result<User, Error> {
        self.0.get_user(id.as_name())
    }

    /// The user with that address.
    pub fn get_user_by_email(self, email: Text) -> Result<User, Error> {
        self.0.get_user_by_email(email.as_field("email")?)
    }

    /// The user whom another system knows by that id.
    pub fn get_user_by_external_id(self, external_id: Text) -> Result<User, Error> {
        self.0.get_user_by_external_id(external_id.as_name())
    }

    /// A page of users.
    pub fn list_users(self, list: ListUsers) -> Result<UserList, Error> {
        self.0.list_users(list.checked()?)
    }

    /// Removes what is dead and old.
    pub fn purge(self, most: Option<i64>) -> Result<Purged, Error> {
        self.0.purge(most.map_or(PURGED, limit))
    }

    /// Makes a reset for whoever has that address, if anybody has and it is not too soon.
    pub fn request_password_reset(self, email: Text) -> Result<Option<PasswordReset>, Error> {
        self.0.request_password_reset(email.as_field("email")?)
    }

    /// Sets a new password by a token.
    pub fn reset_password(self, token: Text, new_password: Text) -> Result<User, Error> {
        let token = token.as_name();
        match new_password.as_password() {
            Ok(new_password) => self.0.reset_password(token, new_password),
            Err(refused) => Err(refused),
        }
    }

    /// Ends the live resets of one user, or of all.
    pub fn revoke_password_resets(self, user_id: Option<Text>) -> Result<u64, Error> {
        self.0
            .revoke_password_resets(user_id.as_ref().map(Text::as_name))
    }

    /// Changes a user.
    pub fn update_user(self, id: Text, change: UpdateUser) -> Result<User, Error> {
        self.0.update_user(id.as_name(), change.checked()?)
    }
}
