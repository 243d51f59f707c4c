//! Real time, for deadlines, for figures that are printed and for the long run.

use std::{
    thread,
    time::{Duration, Instant},
};

/// Whether the long loops run in full.
#[must_use]
pub fn long() -> bool {
    std::env::var_os("RESET_PASSWORD_LONG").is_some()
}

/// What time it is.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "a measurement of real time")]
pub fn now() -> Instant {
    Instant::now()
}

/// Waits so long. A thread that is parked may be woken before its time.
pub fn pause(duration: Duration) {
    let end = now() + duration;
    while let Some(rest) = end
        .checked_duration_since(now())
        .filter(|rest| !rest.is_zero())
    {
        thread::park_timeout(rest);
    }
}
