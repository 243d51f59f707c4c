//! What an account is known by: its stored row, its password, and what tokens are bound to.

use crate::{clock::Timestamp, email::Email, user::User};

/// A user as it is stored.
#[derive(Clone)]
pub struct UserRecord {
    /// What callers see.
    pub user: User,
    /// The address in the form that accounts are found by, unique in the table.
    pub email_lookup: String,
    /// The password; `None` if the user has none.
    pub password: Option<StoredPassword>,
}

/// Whom a link is sent to. What else is known of a user is not read for it: how much that is would show in the
/// time that it takes (CWE-208).
#[derive(Clone)]
pub struct Recipient {
    /// The user.
    pub user_id: String,
    /// The address, as stored.
    pub email: String,
    /// What the token is bound to.
    pub credential: Credential,
}

/// A password as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredPassword {
    /// The hash, which names its own scheme and cost.
    pub hash: String,
    /// What was hashed.
    pub form: PasswordForm,
}

/// What a stored hash is a hash of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordForm {
    /// The password in Unicode's normal form C: every hash that the engine writes.
    Nfc,
    /// The password exactly as it was typed: imported hashes.
    Raw,
}

/// What a token is bound to: change any of it, and the token is dead.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// The look-up form of the address that mail goes to.
    pub email: String,
    /// The form that the account is found by. The two are equal unless one of the columns was changed
    /// without the other.
    pub email_lookup: String,
    /// The present hash; `None` if the user has no password.
    pub password_hash: Option<String>,
}

impl Credential {
    /// That of an account with these columns.
    #[must_use]
    pub fn new(email: &str, email_lookup: &str, password_hash: Option<&str>) -> Self {
        let parsed = Email::parse(email);
        Self {
            email: parsed.map_or_else(|_| email.to_owned(), |email| email.lookup().to_owned()),
            email_lookup: email_lookup.to_owned(),
            password_hash: password_hash.map(str::to_owned),
        }
    }
}

impl UserRecord {
    /// What this user's tokens are bound to.
    #[must_use]
    pub fn credential(&self) -> Credential {
        Credential::new(&self.user.email, &self.email_lookup, self.password_hash())
    }

    /// This user as whom a link is made for.
    #[must_use]
    pub fn recipient(&self) -> Recipient {
        Recipient {
            user_id: self.user.id.clone(),
            email: self.user.email.clone(),
            credential: self.credential(),
        }
    }

    /// The moment of a change of this user's password: after the last login with the present one, whatever the
    /// clocks of the machines say, so that its session is older than the change.
    #[must_use]
    pub fn change_at(&self, now: Timestamp) -> Timestamp {
        let last = self.user.last_sign_in_at;
        last.map_or(now, |last| now.max(last + Timestamp::RESOLUTION))
    }

    /// The moment of a login with the present password: not before it was set.
    #[must_use]
    pub fn sign_in_at(&self, now: Timestamp) -> Timestamp {
        let changed = self.user.credentials_changed_at;
        changed.map_or(now, |changed| now.max(changed))
    }

    /// The present hash; `None` if the user has no password.
    #[must_use]
    pub fn password_hash(&self) -> Option<&str> {
        self.password
            .as_ref()
            .map(|password| password.hash.as_str())
    }
}
