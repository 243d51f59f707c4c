//! Password hashes: the forms that are written and the many that are understood.
//!
//! What is written to our own table is Argon2id, version 19, one lane, as a PHC string; to another system's what that
//! system's login takes ([`HashForm`]). What is understood is listed at [`StoredHash::parse`]. No other module knows how a
//! hash looks.

mod arena;
mod argon2;
mod bcrypt;
mod before;
mod braces;
mod django;
mod engine;
mod error;
mod firebase;
mod form;
mod kind;
mod limits;
mod modular;
mod params;
mod pbkdf2;
mod phpass;
mod recipe;
mod romix;
mod scheme;
mod scratch;
mod scrypt;
mod self_test;
mod sha_crypt;
mod stored;
mod symfony;
mod text;
mod weak;
mod written;

pub use self::{
    arena::Arena,
    argon2::compute,
    error::HashError,
    params::Argon2Params,
    self_test::hash_portably,
    stored::{Import, StoredHash},
    written::{BcryptVersion, HashForm, Work},
};

#[cfg(test)]
mod tests;
