//! Memory that is free, and lies between what is in use, goes back to the system.

use std::time::Duration;

use tokio::{
    task,
    time::{self, MissedTickBehavior},
};

const EVERY: Duration = Duration::from_secs(20);

/// Gives it back from time to time, until the process ends. By itself the GNU library keeps what many
/// connections needed at once.
pub async fn give_back() {
    let mut ticks = time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        // It takes milliseconds.
        let _ = task::spawn_blocking(trim).await;
    }
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "the standard library has no name for it")]
fn trim() {
    // SAFETY: it takes a number and touches nothing but memory that is free.
    unsafe {
        libc::malloc_trim(0);
    }
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn trim() {}
