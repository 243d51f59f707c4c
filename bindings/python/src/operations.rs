//! The calls. Each takes `done` first. Without it, the call is done on the calling thread; with it, a
//! mailbox and a ticket, the call returns at once and the outcome goes there.

use pyo3::{prelude::*, types::PyTuple};
use reset_password_bindings::{Error, Operation, UserManagement, Value, api::OPEN};

use crate::{
    arguments::arguments,
    ending::FinalizationGuard,
    handle::Handle,
    mailbox::Address,
    outcome::{Outcome, raised},
};

type Done = Option<Address>;

#[pymethods]
impl Handle {
    #[pyo3(signature = (done, /))]
    fn close(&self, py: Python<'_>, done: Done) -> PyResult<Py<PyAny>> {
        match done {
            None => {
                let ((), _guard) = detached(py, || self.0.close());
                Ok(py.None())
            }
            Some(address) => {
                let done = || address.deliver(Outcome::Done(Ok(Value::Null)));
                started(py, self.0.spawn_close(done))
            }
        }
    }
}

/// Opens a database: its URL and the options, in the order of the description.
#[pyfunction]
#[pyo3(signature = (done, /, *given))]
pub fn open(py: Python<'_>, done: Done, given: &Bound<'_, PyTuple>) -> PyResult<Py<PyAny>> {
    let given = arguments(OPEN.parameters, given)?;
    match done {
        None => {
            let (opened, _guard) = detached(py, || UserManagement::open(given));
            Outcome::Opened(opened).into_python(py)
        }
        Some(address) => {
            let done = |opened| address.deliver(Outcome::Opened(opened));
            started(py, UserManagement::spawn_open(given, done))
        }
    }
}

/// One operation, to be called with a handle and its arguments in the order of the description.
#[pyclass(frozen, module = "reset_password._native")]
struct Call(&'static Operation);

#[pymethods]
impl Call {
    #[pyo3(signature = (done, handle, /, *given))]
    fn __call__(
        &self,
        py: Python<'_>,
        done: Done,
        handle: &Bound<'_, Handle>,
        given: &Bound<'_, PyTuple>,
    ) -> PyResult<Py<PyAny>> {
        let handle = &handle.get().0;
        let given = arguments(self.0.parameters(), given)?;
        match done {
            None => {
                let (outcome, _guard) = detached(py, || handle.call(self.0, given));
                Outcome::Done(outcome).into_python(py)
            }
            Some(address) => {
                let done = |outcome| address.deliver(Outcome::Done(outcome));
                started(py, handle.spawn(self.0, given, done))
            }
        }
    }
}

/// Adds every operation to the module, by its name.
pub fn define(module: &Bound<'_, PyModule>) -> PyResult<()> {
    Operation::ALL
        .iter()
        .try_for_each(|operation| module.add(operation.name(), Call(operation)))
}

/// Works without the interpreter's lock. What comes with the result is to be kept until Python's own
/// frames go on.
fn detached<T: Send>(py: Python<'_>, work: impl FnOnce() -> T + Send) -> (T, FinalizationGuard) {
    py.detach(|| {
        let result = work();
        (result, FinalizationGuard::enter_or_stay())
    })
}

fn started(py: Python<'_>, outcome: Result<(), Error>) -> PyResult<Py<PyAny>> {
    outcome
        .map(|()| py.None())
        .map_err(|error| raised(py, &error))
}
