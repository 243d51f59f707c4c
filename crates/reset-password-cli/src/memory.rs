//! Memory that is free, and lies between what is in use, goes back to the system; and threads share what they
//! take it from.

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

/// Lets the threads of a process take their memory from a few places: by itself the GNU library gives each of
/// dozens of threads a place of its own, and each keeps what its thread needed at the most.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "the standard library has no name for it")]
pub fn share_among_threads() {
    const PLACES: libc::c_int = 4;
    // SAFETY: it takes two numbers and sets a limit of the allocator. Where it refuses, nothing is changed.
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, PLACES);
    }
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn share_among_threads() {}

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
