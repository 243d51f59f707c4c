//! Real time: what is tested here are processes and sockets, which know no other.

use std::{
    thread,
    time::{Duration, Instant},
};

/// How often something awaited is looked at.
const PAUSE: Duration = Duration::from_millis(20);

/// How long a server may take for anything.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// Now.
#[expect(
    clippy::disallowed_methods,
    reason = "processes and sockets live in real time"
)]
pub fn now() -> Instant {
    Instant::now()
}

/// Waits so long.
#[expect(
    clippy::disallowed_methods,
    reason = "processes and sockets live in real time"
)]
pub fn sleep(duration: Duration) {
    thread::sleep(duration);
}

/// Waits until this moment, which may be past.
pub fn sleep_until(moment: Instant) {
    let left = moment.saturating_duration_since(now());
    if !left.is_zero() {
        sleep(left);
    }
}

/// Looks again and again until there is something, or patience ends; then it is what the last look told.
pub fn wait_for<T>(mut look: impl FnMut() -> Result<T, String>) -> Result<T, String> {
    let deadline = now() + PATIENCE;
    loop {
        match look() {
            Err(_) if now() < deadline => sleep(PAUSE),
            outcome => return outcome,
        }
    }
}
