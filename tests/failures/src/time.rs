//! Real time, for figures that are printed and for the long run.

use std::time::Instant;

/// Whether the long loops run in full.
#[must_use]
pub fn long() -> bool {
    std::env::var_os("RESET_PASSWORD_LONG").is_some()
}

/// What time it is, for what is measured.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "a measurement of real time")]
pub fn now() -> Instant {
    Instant::now()
}
