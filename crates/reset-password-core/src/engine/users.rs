//! Creating, reading, changing and deleting users.

use std::time::Duration;

use super::{
    Engine, NewCredential,
    page::{check_limit, cut},
};
use crate::{
    admission::Class,
    credential::UserRecord,
    email::Email,
    error::{Code, Error},
    event::{Event, EventKind},
    id,
    store::{
        EventSteps, MessageSteps, ReportSteps, ResetSteps, Store, UserKey, UserPage, UserSteps,
    },
    user::{self, CreateUser, ListUsers, Order, UpdateUser, User, UserCursors, UserList},
};

const DEFAULT_LIMIT: u32 = 10;
const MAX_LIMIT: u32 = 100;

impl<S: Store> Engine<S> {
    /// Creates a user, with a password, the hash of one, or neither.
    ///
    /// # Errors
    ///
    /// `input_invalid`, `email_not_available`, `external_id_already_used`, `password_rejected`,
    /// `invalid_password_hash`, `password_and_password_hash_provided`, `overloaded`.
    pub fn create_user(&self, new: CreateUser) -> Result<User, Error> {
        let email = Email::parse(&new.email)?;
        let now = self.now();
        let created_at = match user::non_empty(new.created_at) {
            Some(text) => user::moment_of_creation(&text, now)?,
            None => now,
        };
        let mut record = UserRecord {
            user: User {
                id: id::new("user", now, self.random())?,
                email: email.typed().to_owned(),
                email_verified: new.email_verified,
                first_name: user::non_empty(new.first_name),
                last_name: user::non_empty(new.last_name),
                name: user::non_empty(new.name),
                profile_picture_url: None,
                last_sign_in_at: None,
                external_id: user::non_empty(new.external_id),
                metadata: new.metadata,
                locale: user::non_empty(new.locale),
                credentials_changed_at: None,
                created_at,
                updated_at: now,
            },
            email_lookup: email.lookup().to_owned(),
            password: None,
        };
        record.user.check_fields()?;
        let (password, hash) = (new.password.as_ref(), new.password_hash.as_ref());
        let asks = (Class::Stranger, email.lookup());
        let credential = self.credential(password, hash, &record.user, asks)?;
        record.password = credential.password().cloned();
        record.user.credentials_changed_at = record.password.as_ref().map(|_| now);
        self.transact(|transaction| {
            transaction.insert_user(&record)?;
            let event = Event::of_user(EventKind::UserCreated, &record.user, now, self.random())?;
            transaction.append(&event)
        })?;
        Ok(record.user)
    }

    /// Reads a user by id.
    ///
    /// # Errors
    ///
    /// `user_not_found`.
    pub fn get_user(&self, id: &str) -> Result<User, Error> {
        Ok(self.user(UserKey::Id(id))?.user)
    }

    /// Reads a user by address.
    ///
    /// # Errors
    ///
    /// `input_invalid`, `user_not_found`.
    pub fn get_user_by_email(&self, email: &str) -> Result<User, Error> {
        let email = Email::parse(email)?;
        let key = self.config.address_rule.key(&email);
        Ok(self.user(UserKey::EmailLookup(&key))?.user)
    }

    /// Reads a user by the id that another system knows it by.
    ///
    /// # Errors
    ///
    /// `user_not_found`.
    pub fn get_user_by_external_id(&self, external_id: &str) -> Result<User, Error> {
        Ok(self.user(UserKey::ExternalId(external_id))?.user)
    }

    /// Lists users in the order of their creation.
    ///
    /// # Errors
    ///
    /// `input_invalid` for a limit out of range, a cursor that is no user's id, or both cursors at once. Behind a user who
    /// is gone it goes on where they stood.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "whoever calls has no use for it any more"
    )]
    pub fn list_users(&self, list: ListUsers) -> Result<UserList, Error> {
        let limit = list.limit.unwrap_or(DEFAULT_LIMIT);
        check_limit(limit, MAX_LIMIT)?;
        let email = list.email.as_deref().map(Email::parse).transpose()?;
        let (cursor, backwards, field) = match (&list.before, &list.after) {
            (Some(_), Some(_)) => {
                let message = "give before or after, not both";
                return Err(Error::field("before", "invalid", message));
            }
            (Some(before), None) => (Some(before.as_str()), true, "before"),
            (None, after) => (after.as_deref(), false, "after"),
        };
        let unknown = || Error::field(field, "unknown", format!("{field} must be a user's id"));
        let order = if backwards {
            list.order.reversed()
        } else {
            list.order
        };
        let near = cursor.and_then(|id| match order {
            Order::Asc => id::before("user", id, Duration::ZERO),
            Order::Desc => id::behind("user", id),
        });
        let page = UserPage {
            email_lookup: email.as_ref().map(Email::lookup),
            limit: limit + 1,
            beyond: cursor,
            or_near: near.as_deref(),
            order,
        };
        let mut data = self.store.list_users(page)?.ok_or_else(unknown)?;
        let more = cut(&mut data, limit);
        if backwards {
            data.reverse();
        }
        let (earlier, later) = if backwards {
            (more, true)
        } else {
            (cursor.is_some(), more)
        };
        let id = |user: &User| user.id.clone();
        let list_metadata = UserCursors {
            before: data.first().filter(|_| earlier).map(id),
            after: data.last().filter(|_| later).map(id),
        };
        Ok(UserList {
            data,
            list_metadata,
        })
    }

    /// Changes a user. A new address counts as unverified unless `email_verified` is given true with
    /// it; a new address or password ends the user's live reset. With `messages`, the user is told of either, of both
    /// at the old address and at the new one. An address that is given unlocks an account that is locked.
    ///
    /// # Errors
    ///
    /// Those of [`Engine::create_user`], `user_not_found`, and `email_already_verified` when a verified
    /// address would be marked unverified.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "whoever calls has no use for it any more"
    )]
    pub fn update_user(&self, id: &str, change: UpdateUser) -> Result<User, Error> {
        let email = change.email.as_deref().map(Email::parse).transpose()?;
        let mut preview = self.user(UserKey::Id(id))?;
        apply(&mut preview, &change, email.as_ref())?;
        let (password, hash) = (change.password.as_ref(), change.password_hash.as_ref());
        let credential = self.credential(password, hash, &preview.user, (Class::Owner, id))?;
        self.transact(|transaction| {
            let record = transaction.lock_user(id)?;
            let mut record = record.ok_or(Code::UserNotFound)?;
            let now = self.now();
            let (before, email_before) = (record.credential(), record.user.email.clone());
            apply(&mut record, &change, email.as_ref())?;
            let is_moved = record.email_lookup != before.email_lookup;
            let has_other_password = !matches!(credential, NewCredential::Same);
            if has_other_password {
                record.user.credentials_changed_at = Some(record.change_at(now));
                record.password = credential.password().cloned();
            }
            record.user.updated_at = now;
            transaction.update_user(&record)?;
            if email.is_some() {
                transaction.unlock(id)?;
            }
            if record.credential() != before {
                transaction.void_resets(Some(id), now)?;
            }
            let moved_from = is_moved.then_some(email_before.as_str());
            let user = &record.user;
            self.enqueue_changes(transaction, user, moved_from, has_other_password, now)?;
            let event = Event::of_user(EventKind::UserUpdated, &record.user, now, self.random())?;
            transaction.append(&event)?;
            Ok(record.user)
        })
    }

    /// Deletes a user, its resets, the messages to it and its reports.
    ///
    /// # Errors
    ///
    /// `user_not_found`.
    pub fn delete_user(&self, id: &str) -> Result<(), Error> {
        self.transact(|transaction| {
            let record = transaction.lock_user(id)?.ok_or(Code::UserNotFound)?;
            transaction.delete_resets(id)?;
            if self.config.messages {
                transaction.delete_messages(id)?;
            }
            transaction.delete_reports(id)?;
            transaction.delete_user(id)?;
            let kind = EventKind::UserDeleted;
            let event = Event::of_user(kind, &record.user, self.now(), self.random())?;
            transaction.append(&event)
        })
    }
}

impl Order {
    const fn reversed(self) -> Self {
        match self {
            Self::Asc => Self::Desc,
            Self::Desc => Self::Asc,
        }
    }
}

/// Writes the change's fields over the record's, all but the password.
fn apply(record: &mut UserRecord, change: &UpdateUser, email: Option<&Email>) -> Result<(), Error> {
    let user = &mut record.user;
    let verified_before = user.email_verified;
    let mut moved = false;
    if let Some(email) = email {
        moved = record.email_lookup != email.lookup();
        email.typed().clone_into(&mut user.email);
        email.lookup().clone_into(&mut record.email_lookup);
    }
    match change.email_verified {
        Some(false) if verified_before && !moved => return Err(Code::EmailAlreadyVerified.into()),
        Some(verified) => user.email_verified = verified,
        None => user.email_verified = verified_before && !moved,
    }
    let fields = [
        (&mut user.first_name, &change.first_name),
        (&mut user.last_name, &change.last_name),
        (&mut user.name, &change.name),
        (&mut user.external_id, &change.external_id),
        (&mut user.locale, &change.locale),
    ];
    for (field, change) in fields {
        if change.is_some() {
            *field = user::non_empty(change.clone());
        }
    }
    if let Some(metadata) = &change.metadata {
        user.metadata.clone_from(metadata);
    }
    user.check_fields()
}
