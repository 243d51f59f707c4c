//! What comes back: the package's own types, made by calling them, and its own exceptions.

use pyo3::{
    exceptions::PyLookupError,
    prelude::*,
    sync::PyOnceLock,
    types::{PyDict, PyTuple},
};
use reset_password_bindings::{Detail, Error, ExposeSecret, UserManagement, Value, api::RECORDS};

/// An open database: the object that the package's Python half holds.
#[pyclass(frozen, module = "reset_password._native")]
pub struct Handle(pub UserManagement);

/// What a call came to.
pub enum Outcome {
    /// That of an operation.
    Done(Result<Value, Error>),
    /// That of opening.
    Opened(Result<UserManagement, Error>),
}

/// What the package's Python half provides.
struct Package {
    /// The class of each record, by number.
    records: Vec<Py<PyAny>>,
    moment: Py<PyAny>,
    exception: Py<PyAny>,
}

static PACKAGE: PyOnceLock<Package> = PyOnceLock::new();

impl Package {
    fn get(py: Python<'_>) -> PyResult<&Self> {
        PACKAGE.get_or_try_init(py, || {
            let results = py.import("reset_password._results")?;
            let errors = py.import("reset_password._errors")?;
            let classes = RECORDS.iter().map(|record| results.getattr(record.name));
            Ok(Self {
                records: classes
                    .map(|class| Ok(class?.unbind()))
                    .collect::<PyResult<_>>()?,
                moment: results.getattr("moment")?.unbind(),
                exception: errors.getattr("exception")?.unbind(),
            })
        })
    }
}

impl Outcome {
    /// The result as a Python object, or the error as a Python exception.
    pub fn into_python(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        match self {
            Self::Done(Ok(value)) => object(py, value).map(Bound::unbind),
            Self::Opened(Ok(opened)) => Ok(Py::new(py, Handle(opened))?.into_any()),
            Self::Done(Err(error)) | Self::Opened(Err(error)) => Err(raised(py, &error)),
        }
    }
}

/// The error as a Python exception.
pub fn raised(py: Python<'_>, error: &Error) -> PyErr {
    let exception = || {
        let errors = error.errors().iter().cloned().map(Detail::into);
        let arguments = (
            error.code().as_str(),
            error.message(),
            tuple(py, errors)?,
            error.retryable(),
            error.retry_after(),
        );
        Package::get(py)?.exception.bind(py).call1(arguments)
    };
    exception().map_or_else(|failed| failed, PyErr::from_value)
}

fn object(py: Python<'_>, value: Value) -> PyResult<Bound<'_, PyAny>> {
    Ok(match value {
        Value::Null => py.None().into_bound(py),
        Value::Boolean(yes) => yes.into_pyobject(py)?.to_owned().into_any(),
        Value::Integer(number) => number.into_pyobject(py)?.into_any(),
        Value::Text(text) => text.into_pyobject(py)?.into_any(),
        Value::Secret(text) => text.expose_secret().into_pyobject(py)?.into_any(),
        Value::Moment(moment) => {
            let make = Package::get(py)?.moment.bind(py);
            make.call1((moment.unix_millis(),))?
        }
        Value::List(values) => tuple(py, values)?.into_any(),
        Value::Map(values) => dict(py, values)?.into_any(),
        Value::Record(record) => {
            let arguments = dict(py, record.fields)?;
            let class = Package::get(py)?.records.get(record.number);
            let class = class.ok_or_else(|| PyLookupError::new_err(record.number))?;
            class.bind(py).call((), Some(&arguments))?
        }
    })
}

fn tuple(py: Python<'_>, values: impl IntoIterator<Item = Value>) -> PyResult<Bound<'_, PyTuple>> {
    let objects = values.into_iter().map(|value| object(py, value));
    PyTuple::new(py, objects.collect::<PyResult<Vec<_>>>()?)
}

fn dict<K: AsRef<str>>(py: Python<'_>, pairs: Vec<(K, Value)>) -> PyResult<Bound<'_, PyDict>> {
    let dict = PyDict::new(py);
    for (key, value) in pairs {
        dict.set_item(key.as_ref(), object(py, value)?)?;
    }
    Ok(dict)
}
