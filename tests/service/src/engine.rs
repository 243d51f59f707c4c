//! The engine in this process, beside the service.

use reset_password::{CreateUser, Options};
use secrecy::{ExposeSecret, SecretString};

/// Options that hash at the floor, to be quick.
#[must_use]
pub fn cheap() -> Options {
    Options {
        argon2_memory_kib: 19_456,
        argon2_iterations: 2,
        ..Options::default()
    }
}

/// A user without a password.
#[must_use]
pub fn new_user(email: &str) -> CreateUser {
    CreateUser {
        email: email.into(),
        ..CreateUser::default()
    }
}

/// A secret, in clear.
#[must_use]
pub fn secret(secret: &SecretString) -> &str {
    secret.expose_secret()
}
