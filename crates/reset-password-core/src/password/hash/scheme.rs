//! What a stored hash was made with.

use super::{argon2, bcrypt, before::Before, firebase, pbkdf2, phpass, scrypt, sha_crypt, symfony};

/// The algorithm, with the hash as it reads it.
pub(super) enum Scheme {
    Argon2(argon2::Stored),
    Bcrypt(bcrypt::Stored),
    Firebase(firebase::Stored),
    Pbkdf2(pbkdf2::Stored),
    Phpass(phpass::Stored),
    Scrypt(scrypt::Stored),
    ShaCrypt(sha_crypt::Stored),
    Symfony(symfony::Stored),
}

/// A hash as a form has it: the algorithm, and what is done to the password first.
pub(super) type Formed = (Before, Scheme);

impl From<Scheme> for Formed {
    fn from(scheme: Scheme) -> Self {
        (Before::Nothing, scheme)
    }
}
