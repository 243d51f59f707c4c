//! Signals belong to PHP's own thread.

use std::{mem::MaybeUninit, ptr};

/// Signals that tell of a fault in the very instruction that is running.
const FAULTS: [libc::c_int; 6] = [
    libc::SIGABRT,
    libc::SIGBUS,
    libc::SIGFPE,
    libc::SIGILL,
    libc::SIGSEGV,
    libc::SIGTRAP,
];

/// Does work that may start threads, such as the one that frees the memory of hashes when it lies idle.
/// They take over which signals are blocked here: all. One that PHP waits for would otherwise reach a thread
/// that does not, and end the process. Those that come meanwhile arrive when the work is done.
#[expect(unsafe_code, reason = "the C library's interface")]
pub fn with_signals_blocked<T>(work: impl FnOnce() -> T) -> T {
    let mut all = MaybeUninit::<libc::sigset_t>::uninit();
    let mut before = MaybeUninit::<libc::sigset_t>::uninit();
    // SAFETY: the first call fills `all`, and the last fills `before` unless it fails.
    let blocked = unsafe {
        libc::sigfillset(all.as_mut_ptr());
        for fault in FAULTS {
            libc::sigdelset(all.as_mut_ptr(), fault);
        }
        libc::pthread_sigmask(libc::SIG_BLOCK, all.as_ptr(), before.as_mut_ptr()) == 0
    };
    let done = work();
    if blocked {
        // SAFETY: `before` was filled, because the signals are blocked.
        unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, before.as_ptr(), ptr::null_mut()) };
    }
    done
}
