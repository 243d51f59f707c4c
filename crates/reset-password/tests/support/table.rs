//! The users' table that a test runs on: the engine's own, or Django's.

use std::sync::atomic::{AtomicU32, Ordering};

use reset_password_core::{Config, address_rule::AddressRule, password::hash::HashForm};
use reset_password_store::{UserMapping, UserTables};
use reset_password_test_databases::Database;

use super::schemas::{DJANGO, Words, hash};

/// Django's tables, with the hashes that are cheapest at the least costs.
const USERS: &str = "preset = \"django\"\nhash = \"django_argon2\"\n";

/// Whose users' table it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    Own,
    Django,
}

impl Table {
    /// As the option `users` says it.
    pub fn users(self) -> Option<&'static str> {
        (self == Self::Django).then_some(USERS)
    }

    pub fn tables(self) -> Option<UserTables> {
        let users = UserMapping::parse(self.users()?).unwrap();
        Some(users.resolve().unwrap())
    }

    /// What the options make of it.
    pub fn configure(self, config: &mut Config) {
        if self == Self::Django {
            (config.hash_form, config.address_rule) =
                (HashForm::DjangoArgon2, AddressRule::IgnoreCase);
        }
    }

    /// The name of a worker on it, and back.
    pub fn worker(self, name: &str) -> String {
        match self {
            Self::Own => name.to_owned(),
            Self::Django => format!("{name} {}", DJANGO.preset),
        }
    }

    pub fn of_worker(name: &str) -> (Self, &str) {
        match name.split_once(' ') {
            Some((name, "django")) => (Self::Django, name),
            _ => (Self::Own, name),
        }
    }

    /// Makes what its system makes.
    pub fn make(self, database: &Database) {
        if self == Self::Django {
            DJANGO.make(database, &Words::of(database));
        }
    }

    /// Adds a user as Django would.
    pub fn add(self, database: &Database, email: &str, password: &str) {
        static USERS: AtomicU32 = AtomicU32::new(1);
        assert_eq!(self, Self::Django);
        let n = USERS.fetch_add(1, Ordering::Relaxed);
        let hash = hash(HashForm::DjangoArgon2, password);
        let statement = Words::of(database).of_user(DJANGO.user, n, email, &hash);
        database.rows(&statement);
    }
}
