//! Processes that may have to be ended.

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

/// Ends a process at once.
pub fn kill(pid: u32) {
    signal(pid, Signal::KILL);
}

/// Tells a process to end.
pub fn terminate(pid: u32) {
    signal(pid, Signal::TERM);
}

fn signal(pid: u32, signal: Signal) {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        // It may have ended by itself.
        let _ = kill_process(pid, signal);
    }
}

/// Ends a process and those that it has started.
pub fn kill_group(pid: u32) {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        let _ = kill_process_group(pid, Signal::KILL);
    }
}
