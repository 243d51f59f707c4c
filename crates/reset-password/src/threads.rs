//! Threads for callers that must not wait themselves.

use reset_password_core::Error;
use tokio::runtime::{Builder, Runtime};

/// Most threads of one process: as many calls may wait for a turn to hash or for a connection.
const MOST: usize = 64;

/// Threads that may wait, made when they are needed and ended when they have had nothing to do for a while.
pub(crate) struct Threads {
    /// There until the end. Nothing is driven by it: what is used is its pool of threads.
    runtime: Option<Runtime>,
}

impl Threads {
    /// None yet.
    pub(crate) fn new() -> Result<Self, Error> {
        let runtime = Builder::new_current_thread()
            .thread_name("reset-password")
            .max_blocking_threads(MOST)
            .build();
        Ok(Self {
            runtime: Some(runtime.map_err(Error::internal)?),
        })
    }

    /// Does the work on one of them, and waits for nothing.
    pub(crate) fn spawn(&self, work: impl FnOnce() + Send + 'static) {
        if let Some(runtime) = &self.runtime {
            runtime.spawn_blocking(work);
        }
    }
}

impl Drop for Threads {
    /// Waits for nothing: whoever drops a handle has no call under way, and may be a runtime's thread.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
