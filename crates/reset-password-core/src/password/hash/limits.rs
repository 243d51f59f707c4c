//! The bounds of what is understood, and the sizes of what is written.

/// The longest stored hash that is looked at, in bytes. Real ones stay under 300.
pub(super) const MAX_LENGTH: usize = 2048;
/// The most working memory that a stored hash may ask for: 1 GiB.
pub(super) const MAX_MEMORY_KIB: u32 = 1 << 20;
/// The most passes that Argon2 may make over it.
pub(super) const MAX_ITERATIONS: u32 = 16;
/// What a verification that fills no memory is counted as, for admission.
pub(super) const SMALL_KIB: u32 = 16;
/// Salt and tag of our own hashes in bytes, as RFC 9106 section 4 recommends.
pub(super) const SALT_LENGTH: usize = 16;
pub(super) const TAG_LENGTH: usize = 32;
