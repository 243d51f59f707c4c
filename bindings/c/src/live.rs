//! What callers have not given back yet, for tests.

use std::sync::atomic::{AtomicI64, Ordering};

/// How many there are of one kind.
pub(crate) struct Live(AtomicI64);

pub(crate) static BUFFERS: Live = Live(AtomicI64::new(0));
pub(crate) static HANDLES: Live = Live(AtomicI64::new(0));

impl Live {
    pub(crate) fn made(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn given_back(&self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Answers that nobody gave back.
#[unsafe(no_mangle)]
#[expect(unsafe_code, reason = "C calls it by its name")]
pub extern "C" fn reset_password_test_live_buffers() -> i64 {
    BUFFERS.0.load(Ordering::SeqCst)
}

/// Handles that nobody gave back.
#[unsafe(no_mangle)]
#[expect(unsafe_code, reason = "C calls it by its name")]
pub extern "C" fn reset_password_test_live_handles() -> i64 {
    HANDLES.0.load(Ordering::SeqCst)
}
