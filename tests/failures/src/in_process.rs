//! The engine in this process, on a file.

use reset_password::{CreateUser, Options, PasswordReset, blocking::UserManagement};
use reset_password_test_service::{Database, EMAIL, OLD, new_user, secret};
use tempfile::TempDir;

use crate::RESET_URL;

/// Options that hash at the floor, to be quick.
#[must_use]
pub fn cheap() -> Options {
    Options {
        reset_url: Some(RESET_URL.into()),
        ..reset_password_test_service::cheap()
    }
}

/// The engine, and the file that it uses.
pub struct InProcess {
    /// The engine.
    pub engine: UserManagement,
    /// The database.
    pub database: Database,
    _folder: TempDir,
}

impl Default for InProcess {
    fn default() -> Self {
        Self::new()
    }
}

impl InProcess {
    /// An engine on a new file.
    #[must_use]
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::at(&folder.path().join("app.db"));
        Self {
            engine: UserManagement::open(database.url(), cheap()).unwrap(),
            database,
            _folder: folder,
        }
    }

    /// Ada, with the old password; answers the id.
    #[must_use]
    pub fn ada(&self) -> String {
        let ada = CreateUser {
            password: Some(OLD.into()),
            ..new_user(EMAIL)
        };
        self.engine.create_user(ada).unwrap().id
    }

    /// A reset, by the trusted call.
    #[must_use]
    pub fn reset(&self, email: &str) -> PasswordReset {
        self.engine.create_password_reset(email).unwrap()
    }

    /// The token of a new reset.
    #[must_use]
    pub fn token(&self, email: &str) -> String {
        secret(&self.reset(email).password_reset_token).to_owned()
    }

    /// Whether a password is the one in force.
    #[must_use]
    pub fn accepts(&self, email: &str, password: &str) -> bool {
        self.engine
            .authenticate_with_password(email, password)
            .is_ok()
    }
}
