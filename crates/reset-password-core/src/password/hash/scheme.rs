//! What a stored hash was made with.

use super::{argon2, bcrypt, pbkdf2, scrypt};

/// The algorithm, with the hash as it reads it.
pub(super) enum Scheme {
    Argon2(argon2::Stored),
    Bcrypt(bcrypt::Stored),
    Pbkdf2(pbkdf2::Stored),
    Scrypt(scrypt::Stored),
}
