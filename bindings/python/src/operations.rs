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
    mailbox::Address,
    outcome::{Handle, Outcome, raised},
};

/// Where the outcome goes.
type Done = Option<Address>;

#[pymethods]
impl Handle {
    #[pyo3(signature = (done, /))]
    fn close(&self, py: Python<'_>, done: Done) -> PyResult<Py<PyAny>> {
        let closed = || Outcome::Done(Ok(Value::Null));
        match done {
            None => now(py, || {
                self.0.close();
                closed()
            }),
            Some(to) => later(py, self.0.spawn_close(move || to.deliver(closed()))),
        }
    }
}

/// Opens a database: its URL and the options, in the order of the description.
#[pyfunction]
#[pyo3(signature = (done, /, *given))]
pub fn open(py: Python<'_>, done: Done, given: &Bound<'_, PyTuple>) -> PyResult<Py<PyAny>> {
    let given = arguments(OPEN.parameters, given)?;
    match done {
        None => now(py, || Outcome::Opened(UserManagement::open(given))),
        Some(to) => {
            let deliver = |opened| to.deliver(Outcome::Opened(opened));
            later(py, UserManagement::spawn_open(given, deliver))
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
        None => now(py, || Outcome::Done(handle.call(operation, given))),
        Some(to) => {
            let deliver = |outcome| to.deliver(Outcome::Done(outcome));
            later(py, handle.spawn(operation, given, deliver))
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

/// Works without the interpreter's lock. The end of the interpreter waits until Python's own frames go on.
fn now(py: Python<'_>, work: impl FnOnce() -> Outcome + Send) -> PyResult<Py<PyAny>> {
    let (outcome, _guard) = py.detach(|| (work(), FinalizationGuard::enter_or_stay()));
    outcome.into_python(py)
}

/// What a call answers whose outcome goes to a mailbox.
fn later(py: Python<'_>, begun: Result<(), Error>) -> PyResult<Py<PyAny>> {
    begun
        .map(|()| py.None())
        .map_err(|error| raised(py, &error))
}
