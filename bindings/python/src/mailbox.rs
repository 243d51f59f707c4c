//! What waits for one event loop. Threads of the engine put outcomes in without the interpreter's lock, so
//! they never wait for Python and know nothing of it; the loop is woken by a socket that it watches.

use std::{
    io::{self, Read, Write},
    mem,
    os::{fd::AsRawFd, unix::net::UnixStream},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use pyo3::prelude::*;

use crate::{ending::FinalizationGuard, outcome::Outcome};

/// Where outcomes wait for an event loop.
#[pyclass(frozen, module = "reset_password._native")]
pub struct Mailbox(Arc<Shared>);

/// Where one outcome is to go.
pub struct Address(Arc<Shared>, u64);

struct Shared {
    waiting: Mutex<Vec<(u64, Outcome)>>,
    sender: UnixStream,
    receiver: UnixStream,
}

#[pymethods]
impl Mailbox {
    #[new]
    fn new() -> PyResult<Self> {
        let (sender, receiver) = UnixStream::pair()?;
        sender.set_nonblocking(true)?;
        receiver.set_nonblocking(true)?;
        let shared = Shared {
            waiting: Mutex::default(),
            sender,
            receiver,
        };
        Ok(Self(Arc::new(shared)))
    }

    /// What becomes readable when something waits.
    fn fileno(&self) -> i32 {
        self.0.receiver.as_raw_fd()
    }

    /// Empties it: tickets, each with a result or an error.
    fn take(&self, py: Python<'_>) -> Vec<(u64, Py<PyAny>, Py<PyAny>)> {
        let _guard = FinalizationGuard::enter()
            .unwrap_or_else(|| py.detach(FinalizationGuard::enter_or_stay));
        // First the signal, then the outcomes: what comes between is taken, and signalled for nothing.
        let _: io::Result<usize> = (&self.0.receiver).read(&mut [0; 16]);
        let taken = mem::take(&mut *self.0.waiting());
        let in_python = |(ticket, outcome): (u64, Outcome)| match outcome.into_python(py) {
            Ok(result) => (ticket, result, py.None()),
            Err(error) => (ticket, py.None(), error.into_value(py).into_any()),
        };
        taken.into_iter().map(in_python).collect()
    }
}

impl Address {
    /// Hands an outcome over.
    pub fn deliver(self, outcome: Outcome) {
        let mut waiting = self.0.waiting();
        waiting.push((self.1, outcome));
        let first = waiting.len() == 1;
        drop(waiting);
        if first {
            // It has room: no more than one signal is ever on its way for each emptying.
            let _: io::Result<usize> = (&self.0.sender).write(&[0]);
        }
    }
}

impl FromPyObject<'_, '_> for Address {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        let (mailbox, ticket) = object.extract::<(Py<Mailbox>, u64)>()?;
        Ok(Self(Arc::clone(&mailbox.get().0), ticket))
    }
}

impl Shared {
    /// No code of a caller runs under the lock, so a panic leaves it whole.
    fn waiting(&self) -> MutexGuard<'_, Vec<(u64, Outcome)>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
