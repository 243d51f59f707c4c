//! The interpreter's end. A thread that waits for the lock of an interpreter that is ending never gets it:
//! before Python 3.14 it is unwound where it stands. While it builds a result it stands in Python's frames
//! with frames of Rust below, and then the process aborts. So threads that take the lock hold a guard, the
//! end waits for those, and later ones stay out.

use std::{
    sync::{
        OnceLock,
        atomic::{AtomicI64, Ordering},
    },
    thread::{self, ThreadId},
};

use pyo3::{prelude::*, types::IntoPyDict};

/// The thread on which the interpreter is ending.
static ENDING: OnceLock<ThreadId> = OnceLock::new();
/// How many threads take the interpreter's lock, or have it and are not back in Python's own frames.
static GUARDS: AtomicI64 = AtomicI64::new(0);

/// While it lives, the interpreter does not end.
pub struct FinalizationGuard(());

impl FinalizationGuard {
    /// Nothing if the interpreter is ending, unless this is the thread that ends it.
    pub fn enter() -> Option<Self> {
        GUARDS.fetch_add(1, Ordering::SeqCst);
        let guard = Self(());
        let is_this = |thread: &ThreadId| *thread == thread::current().id();
        ENDING.get().is_none_or(is_this).then_some(guard)
    }

    /// The same for a thread that has nowhere else to go: if the interpreter is ending, it stays here
    /// until the process is gone.
    pub fn enter_or_stay() -> Self {
        loop {
            if let Some(guard) = Self::enter() {
                return guard;
            }
            thread::park();
        }
    }
}

impl Drop for FinalizationGuard {
    fn drop(&mut self) {
        GUARDS.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Asks Python to say when it ends and when it forked.
pub fn watch(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    let end = wrap_pyfunction!(end, module)?;
    py.import("atexit")?.call_method1("register", (end,))?;
    let os = py.import("os")?;
    let forked = [("after_in_child", wrap_pyfunction!(forked, module)?)].into_py_dict(py)?;
    os.call_method("register_at_fork", (), Some(&forked))
        .map(drop)
}

#[pyfunction]
fn end(py: Python<'_>) {
    ENDING.get_or_init(|| thread::current().id());
    py.detach(|| {
        while GUARDS.load(Ordering::SeqCst) > 0 {
            thread::yield_now();
        }
    });
}

/// The other threads are not in the child.
#[pyfunction]
fn forked() {
    GUARDS.store(0, Ordering::SeqCst);
}
