//! A stored hash, whoever wrote it: read, and verified against.

use std::fmt;

use secrecy::SecretString;

use super::{
    Arena, Argon2Params, HashError, bcrypt,
    before::{Before, with_pepper},
    form,
    limits::{MAX_LENGTH, SMALL_KIB},
    scheme::Scheme,
    weak,
};
use crate::error::Error;

/// Stands before a hash whose system appends a secret to each password (Devise's `config.pepper`).
pub(super) const PEPPERED: &str = "peppered$";

/// A hash that another system made, as it is given to be imported.
pub enum Import {
    /// One that is verified, and replaced at the next good login.
    Hash,
    /// One that a password is found from in no time (MD5, SHA-1 and SHA-2 of one round, in any form), or that stands for
    /// no password. It is not kept: whoever it belongs to has no password until a reset gives them one.
    MustReset,
}

impl Import {
    /// Reads a hash that is to be imported.
    ///
    /// # Errors
    ///
    /// `invalid_password_hash` for what [`StoredHash::parse`] refuses and is not even weak, and for what was made with a
    /// pepper where there is none; the message says what the text looks like.
    pub fn read(text: &str, pepper: Option<&SecretString>) -> Result<Self, Error> {
        match StoredHash::parse(text).and_then(|hash| hash.with(pepper)) {
            Ok(_) => Ok(Self::Hash),
            Err(_) if weak::is_weak(text) => Ok(Self::MustReset),
            Err(error) => Err(error.of(text)),
        }
    }
}

/// A stored password hash, understood and within bounds.
pub struct StoredHash {
    /// What is done to the password first.
    before: Before,
    pub(super) scheme: Scheme,
    /// Inside another system's wrapper, such as Django's `argon2$` or Spring's `{argon2}`.
    wrapped: bool,
    pepper: Pepper,
}

/// What stands behind the password when it is hashed.
enum Pepper {
    /// Nothing.
    None,
    /// The other system's secret, which is not in the text.
    Missing,
    /// That secret.
    Given(SecretString),
}

impl StoredHash {
    /// Understands a stored hash. Its text is not trusted: every cost is held against a ceiling here,
    /// before anything of size is allocated. `docs/reference/password-hashes.md` lists the forms.
    ///
    /// # Errors
    ///
    /// - [`HashError::Unsupported`] for anything else, plain text and what one round of a digest made included,
    /// - [`HashError::Malformed`] for damaged text,
    /// - [`HashError::TooCostly`] over 1 GiB of memory, 16 passes or 16 lanes of Argon2, a bcrypt cost
    ///   of 17, or more of another kind than takes about as long as those.
    pub fn parse(text: &str) -> Result<Self, HashError> {
        if text.len() > MAX_LENGTH || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(HashError::Malformed);
        }
        let (form, pepper) = match text.strip_prefix(PEPPERED) {
            Some(form) => (form, Pepper::Missing),
            None => (text, Pepper::None),
        };
        let ((before, scheme), wrapped) = form::parse(form)?;
        Ok(Self {
            before,
            scheme,
            wrapped: wrapped || form.len() < text.len(),
            pepper,
        })
    }

    /// The same with the pepper of the system that it comes from, where it was made with one.
    ///
    /// # Errors
    ///
    /// [`HashError::NoPepper`] when it was, and none is given.
    pub fn with(self, pepper: Option<&SecretString>) -> Result<Self, HashError> {
        let pepper = match (self.pepper, pepper) {
            (Pepper::Missing, None) => return Err(HashError::NoPepper),
            (Pepper::Missing, Some(pepper)) => Pepper::Given(pepper.clone()),
            (settled, _) => settled,
        };
        Ok(Self { pepper, ..self })
    }

    /// The algorithm, for logs and counters.
    #[must_use]
    pub const fn scheme(&self) -> &'static str {
        match &self.scheme {
            Scheme::Argon2(stored) => stored.name(),
            Scheme::Bcrypt(_) => "bcrypt",
            Scheme::Firebase(_) => "firebase-scrypt",
            Scheme::Pbkdf2(_) => "pbkdf2",
            Scheme::Phpass(_) => "phpass",
            Scheme::Scrypt(_) => "scrypt",
            Scheme::ShaCrypt(_) => "sha-crypt",
            Scheme::Symfony(_) => "symfony",
        }
    }

    /// The working memory that [`Self::verify`] takes, for admission.
    #[must_use]
    pub fn memory_kib(&self) -> u32 {
        match &self.scheme {
            Scheme::Argon2(stored) => stored.memory_kib(),
            Scheme::Firebase(stored) => stored.memory_kib(),
            Scheme::Scrypt(stored) => stored.memory_kib(),
            Scheme::Bcrypt(_)
            | Scheme::Pbkdf2(_)
            | Scheme::Phpass(_)
            | Scheme::ShaCrypt(_)
            | Scheme::Symfony(_) => SMALL_KIB,
        }
    }

    /// Whether this is the password that was hashed. Tags are compared in constant time.
    ///
    /// # Errors
    ///
    /// [`HashError::OutOfMemory`] when the working memory cannot be had, and [`HashError::NoPepper`], which both say
    /// nothing about the password.
    pub fn verify(&self, arena: &mut Arena, password: &[u8]) -> Result<bool, HashError> {
        let peppered = match &self.pepper {
            Pepper::None => None,
            Pepper::Missing => return Err(HashError::NoPepper),
            Pepper::Given(pepper) => Some(with_pepper(password, pepper)),
        };
        let password = peppered.as_deref().map_or(password, Vec::as_slice);
        let changed = self.before.apply(password);
        let password = changed.as_deref().map_or(password, Vec::as_slice);
        match &self.scheme {
            Scheme::Argon2(stored) => stored.verify(arena, password),
            Scheme::Bcrypt(stored) => Ok(stored.verify(password)),
            Scheme::Firebase(stored) => stored.verify(arena, password),
            Scheme::Pbkdf2(stored) => stored.verify(password),
            Scheme::Phpass(stored) => Ok(stored.verify(password)),
            Scheme::Scrypt(stored) => stored.verify(arena, password),
            Scheme::ShaCrypt(stored) => Ok(stored.verify(password)),
            Scheme::Symfony(stored) => Ok(stored.verify(password)),
        }
    }

    /// Whether every byte of this password counts. Plain bcrypt stops after 72 bytes or at a NUL, so a
    /// match there does not prove the rest, and such a password must not become the new hash.
    #[must_use]
    pub fn reads_all_of(&self, password: &[u8]) -> bool {
        match &self.scheme {
            Scheme::Bcrypt(_) => self.before.is_digest() || bcrypt::Stored::reads_all_of(password),
            _ => true,
        }
    }

    /// Whether there is no reason to hash the password anew: our own form, and neither its memory nor
    /// its passes are below the parameters in force.
    ///
    /// Both are compared on their own. More of one does not make up for less of the other, because no
    /// exchange rate between them is agreed; and a hash that has more of both is never made cheaper.
    #[must_use]
    pub fn is_current(&self, params: Argon2Params) -> bool {
        match &self.scheme {
            Scheme::Argon2(stored) => !self.wrapped && stored.is_current(params),
            _ => false,
        }
    }
}

impl fmt::Debug for StoredHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredHash")
            .field("scheme", &self.scheme())
            .finish_non_exhaustive()
    }
}
