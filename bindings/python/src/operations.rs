//! The calls. Each takes `done` first. Without it, the call is done on the calling thread; with it, a
//! mailbox and a ticket, the call returns at once and the outcome goes there.

use std::ffi::{CStr, CString};

use pyo3::{
    prelude::*,
    types::{PyCFunction, PyDict, PyTuple},
};
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

/// Does one operation: after `done`, a handle and the arguments in the order of the description.
fn call(operation: &'static Operation, given: &Bound<'_, PyTuple>) -> PyResult<Py<PyAny>> {
    let py = given.py();
    let (done, handle) = (given.get_item(0)?, given.get_item(1)?);
    let handle = &handle.cast::<Handle>()?.get().0;
    let given = arguments(operation.parameters(), &given.get_slice(2, given.len()))?;
    match done.extract::<Done>()? {
        None => {
            let (outcome, _guard) = detached(py, || handle.call(operation, given));
            Outcome::Done(outcome).into_python(py)
        }
        Some(address) => {
            let done = |outcome| address.deliver(Outcome::Done(outcome));
            started(py, handle.spawn(operation, given, done))
        }
    }
}

/// Adds a function for each operation to the module, by its name.
pub fn define(module: &Bound<'_, PyModule>) -> PyResult<()> {
    for operation in Operation::ALL {
        // Python keeps it as long as the function, which is until the process ends.
        let name: &CStr = Box::leak(CString::new(operation.name())?.into_boxed_c_str());
        let function = PyCFunction::new_closure(
            module.py(),
            Some(name),
            None,
            move |given: &Bound<'_, PyTuple>, _: Option<&Bound<'_, PyDict>>| call(operation, given),
        )?;
        module.add(operation.name(), function)?;
    }
    Ok(())
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
