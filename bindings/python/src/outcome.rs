//! What comes back: the package's own types, made by calling them, and its own exceptions.

use pyo3::{
    prelude::*,
    sync::PyOnceLock,
    types::{PyDict, PyTuple},
};
use reset_password_bindings::{Detail, Error, ExposeSecret, Kind, Record, UserManagement, Value};

use crate::handle::Handle;

/// What a call came to.
pub enum Outcome {
    /// That of an operation.
    Done(Result<Value, Error>),
    /// That of opening.
    Opened(Result<UserManagement, Error>),
}

/// What the package's Python half provides.
struct Package {
    kinds: Vec<(Kind, Py<PyAny>)>,
    moment: Py<PyAny>,
    exception: Py<PyAny>,
}

static PACKAGE: PyOnceLock<Package> = PyOnceLock::new();

impl Package {
    fn get(py: Python<'_>) -> PyResult<&Self> {
        PACKAGE.get_or_try_init(py, || {
            let results = py.import("reset_password._results")?;
            let errors = py.import("reset_password._errors")?;
            let class = |kind: &Kind| Ok((*kind, results.getattr(kind.as_str())?.unbind()));
            Ok(Self {
                kinds: Kind::ALL.iter().map(class).collect::<PyResult<_>>()?,
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
            Self::Done(outcome) => outcome
                .map_err(|error| raised(py, &error))
                .and_then(|value| object(py, value).map(Bound::unbind)),
            Self::Opened(outcome) => outcome
                .map_err(|error| raised(py, &error))
                .and_then(|opened| Ok(Py::new(py, Handle(opened))?.into_any())),
        }
    }
}

/// The error as a Python exception.
pub fn raised(py: Python<'_>, error: &Error) -> PyErr {
    let exception = || {
        let info = error.info();
        let errors = tuple(py, info.errors.iter().cloned().map(Detail::into).collect())?;
        let arguments = (
            info.code.as_str(),
            info.message,
            errors,
            info.retryable,
            info.retry_after,
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
        Value::Moment(moment) => Package::get(py)?
            .moment
            .bind(py)
            .call1((moment.unix_millis(),))?,
        Value::List(values) => tuple(py, values)?.into_any(),
        Value::Map(values) => {
            let map = PyDict::new(py);
            for (key, value) in values {
                map.set_item(key, object(py, value)?)?;
            }
            map.into_any()
        }
        Value::Record(Record { kind, fields }) => {
            let arguments = PyDict::new(py);
            for (name, value) in fields {
                arguments.set_item(name, object(py, value)?)?;
            }
            class(py, kind)?.call((), Some(&arguments))?
        }
    })
}

fn class(py: Python<'_>, kind: Kind) -> PyResult<&Bound<'_, PyAny>> {
    let kinds = &Package::get(py)?.kinds;
    let known = kinds.iter().find(|(known, _)| *known == kind);
    known.map(|(_, class)| class.bind(py)).ok_or_else(|| {
        pyo3::exceptions::PyLookupError::new_err(format!("no class {}", kind.as_str()))
    })
}

fn tuple(py: Python<'_>, values: Vec<Value>) -> PyResult<Bound<'_, PyTuple>> {
    let objects = values.into_iter().map(|value| object(py, value));
    PyTuple::new(py, objects.collect::<PyResult<Vec<_>>>()?)
}
