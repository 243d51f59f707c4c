//! Password hashes: the one form that is written and the many that are understood.
//!
//! What is written is Argon2id, version 19, one lane, as a PHC string. What is understood is listed at
//! [`StoredHash::parse`]. No other module knows how a hash looks, and nothing here ever writes another
//! system's form.

mod arena;
mod argon2;
mod bcrypt;
mod django;
mod engine;
mod error;
mod limits;
mod params;
mod pbkdf2;
mod recipe;
mod romix;
mod scheme;
mod scratch;
mod scrypt;
mod self_test;
mod spring;
mod text;

use std::{fmt, hint};

pub use self::{arena::Arena, error::HashError, params::Argon2Params, self_test::hash_portably};
use self::{
    limits::{MAX_LENGTH, SALT_LENGTH, SMALL_KIB, TAG_LENGTH},
    scheme::Scheme,
};

/// Hashes a password: `$argon2id$v=19$m=…,t=…,p=1$salt$tag`.
///
/// The salt must be new and random for every call.
///
/// # Errors
///
/// [`HashError::OutOfMemory`] when the working memory cannot be had.
pub fn compute(
    params: Argon2Params,
    arena: &mut Arena,
    password: &[u8],
    salt: &[u8; SALT_LENGTH],
) -> Result<String, HashError> {
    let mut tag = [0; TAG_LENGTH];
    let recipe = recipe::Recipe::ours(params);
    engine::derive(&recipe, arena, password, salt, &mut tag)?;
    Ok(recipe.to_phc(salt, &tag))
}

/// Works as long as a verification of a hash at these parameters, for an account that is not there.
///
/// # Errors
///
/// As [`StoredHash::verify`], so that the two cannot be told apart by their failures either.
pub fn dummy(params: Argon2Params, arena: &mut Arena, password: &[u8]) -> Result<(), HashError> {
    let absent = argon2::Stored::absent(params);
    hint::black_box(absent.verify(arena, password)?);
    Ok(())
}

/// A stored password hash, understood and within bounds.
pub struct StoredHash {
    scheme: Scheme,
    /// Inside another system's wrapper, such as Django's `argon2$` or Spring's `{argon2}`.
    wrapped: bool,
}

impl StoredHash {
    /// Understands a stored hash. Its text is not trusted: every cost is held against a ceiling here,
    /// before anything of size is allocated.
    ///
    /// | form | as written by |
    /// | --- | --- |
    /// | `$argon2id$`, `$argon2i$`, `$argon2d$` (PHC; versions 16 and 19; up to 16 lanes) | the engine; the C library and its bindings, PHP, Laravel, Node |
    /// | `$2a$`, `$2b$`, `$2y$` | every bcrypt |
    /// | `$scrypt$ln=…,r=…,p=…$` and `$7$` | passlib, PHC writers; libxcrypt, libsodium |
    /// | `$pbkdf2-sha1$i=…$`, `-sha256`, `-sha512`; `$pbkdf2$rounds$`, `$pbkdf2-sha256$rounds$`, `-sha512` | PHC writers; passlib |
    /// | `argon2$…`, `bcrypt$…`, `bcrypt_sha256$…`, `pbkdf2_sha1$…`, `pbkdf2_sha256$…`, `scrypt$…` | Django |
    /// | `{argon2}…`, `{bcrypt}…`, `{pbkdf2}…`, `{scrypt}…`, the first and the last two also `@SpringSecurity_v5_8` | Spring Security |
    ///
    /// # Errors
    ///
    /// - [`HashError::Unsupported`] for anything else, plain text, MD5 and SHA forms included,
    /// - [`HashError::Malformed`] for damaged text,
    /// - [`HashError::TooCostly`] over 1 GiB of memory, 16 passes or 16 lanes of Argon2, a bcrypt cost
    ///   of 17, or more scrypt or PBKDF2 than takes about as long as those.
    pub fn parse(text: &str) -> Result<Self, HashError> {
        if text.len() > MAX_LENGTH || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(HashError::Malformed);
        }
        let (scheme, wrapped) = if text.starts_with('{') {
            (spring::parse(text)?, true)
        } else if let Some(rest) = text.strip_prefix('$') {
            (modular(text, rest)?, false)
        } else {
            (django::parse(text)?, true)
        };
        Ok(Self { scheme, wrapped })
    }

    /// The algorithm, for logs and counters.
    #[must_use]
    pub const fn scheme(&self) -> &'static str {
        match &self.scheme {
            Scheme::Argon2(stored) => stored.name(),
            Scheme::Bcrypt(_) => "bcrypt",
            Scheme::Pbkdf2(_) => "pbkdf2",
            Scheme::Scrypt(_) => "scrypt",
        }
    }

    /// The working memory that [`Self::verify`] takes, for admission.
    #[must_use]
    pub fn memory_kib(&self) -> u32 {
        match &self.scheme {
            Scheme::Argon2(stored) => stored.memory_kib(),
            Scheme::Bcrypt(_) | Scheme::Pbkdf2(_) => SMALL_KIB,
            Scheme::Scrypt(stored) => stored.memory_kib(),
        }
    }

    /// Whether this is the password that was hashed. Tags are compared in constant time.
    ///
    /// # Errors
    ///
    /// [`HashError::OutOfMemory`] when the working memory cannot be had, which says nothing about the
    /// password.
    pub fn verify(&self, arena: &mut Arena, password: &[u8]) -> Result<bool, HashError> {
        match &self.scheme {
            Scheme::Argon2(stored) => stored.verify(arena, password),
            Scheme::Bcrypt(stored) => Ok(stored.verify(password)),
            Scheme::Pbkdf2(stored) => stored.verify(password),
            Scheme::Scrypt(stored) => stored.verify(arena, password),
        }
    }

    /// Whether every byte of this password counts. Plain bcrypt stops after 72 bytes or at a NUL, so a
    /// match there does not prove the rest, and such a password must not become the new hash.
    #[must_use]
    pub fn reads_all_of(&self, password: &[u8]) -> bool {
        match &self.scheme {
            Scheme::Bcrypt(stored) => stored.reads_all_of(password),
            Scheme::Argon2(_) | Scheme::Pbkdf2(_) | Scheme::Scrypt(_) => true,
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
            Scheme::Bcrypt(_) | Scheme::Pbkdf2(_) | Scheme::Scrypt(_) => false,
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

/// `$scheme$…`; `rest` begins with the scheme.
fn modular(text: &str, rest: &str) -> Result<Scheme, HashError> {
    match rest.split('$').next().unwrap_or_default() {
        "2a" | "2b" | "2y" => bcrypt::Stored::parse(text).map(Scheme::Bcrypt),
        "7" => scrypt::Stored::parse_crypt(text).map(Scheme::Scrypt),
        "argon2d" | "argon2i" | "argon2id" => argon2::Stored::parse(text).map(Scheme::Argon2),
        "pbkdf2" | "pbkdf2-sha1" | "pbkdf2-sha256" | "pbkdf2-sha512" => {
            pbkdf2::Stored::parse(text).map(Scheme::Pbkdf2)
        }
        "scrypt" => scrypt::Stored::parse_phc(text).map(Scheme::Scrypt),
        _ => Err(HashError::Unsupported),
    }
}

#[cfg(test)]
mod tests;
