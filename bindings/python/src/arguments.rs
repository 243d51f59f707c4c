//! Python's values, as the façade takes them. A value of another type is a `TypeError` that names types
//! alone.

use pyo3::{
    Borrowed,
    exceptions::{PyOverflowError, PyTypeError, PyUnicodeEncodeError},
    prelude::*,
    types::{PyBool, PyInt, PyMapping, PySequence, PyString},
};
use reset_password_bindings::Text;

/// A `str`, of a subclass too.
pub struct Str(pub Text);

/// An `int` of any size, and no `bool`.
pub struct Int(pub i64);

/// A sequence of `str` that is no `str` itself.
pub struct Strs(pub Vec<Text>);

/// A mapping from `str` to `str`.
pub struct StrByStr(pub Vec<(Text, Text)>);

impl FromPyObject<'_, '_> for Str {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        let string = object.cast::<PyString>().map_err(|_| not("str", object))?;
        match string.to_str() {
            Ok(text) => Ok(Self(Text::from(text))),
            // It holds a lone surrogate.
            Err(error) if error.is_instance_of::<PyUnicodeEncodeError>(object.py()) => {
                Ok(Self(Text::not_unicode()))
            }
            Err(error) => Err(error),
        }
    }
}

impl FromPyObject<'_, '_> for Int {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        if object.is_instance_of::<PyBool>() {
            return Err(not("int", object));
        }
        let number = object.cast::<PyInt>().map_err(|_| not("int", object))?;
        match number.extract::<i64>() {
            Err(error) if error.is_instance_of::<PyOverflowError>(object.py()) => {
                Ok(Self(if number.lt(0)? { i64::MIN } else { i64::MAX }))
            }
            number => number.map(Self),
        }
    }
}

impl FromPyObject<'_, '_> for Strs {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        let expected = "a sequence of str";
        if object.is_instance_of::<PyString>() {
            return Err(not(expected, object));
        }
        let sequence = object.cast::<PySequence>();
        let items = sequence.map_err(|_| not(expected, object))?.try_iter()?;
        items
            .map(|item| item?.extract::<Str>().map(|text| text.0))
            .collect::<PyResult<_>>()
            .map(Self)
    }
}

impl FromPyObject<'_, '_> for StrByStr {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        let mapping = object.cast::<PyMapping>();
        let items = mapping
            .map_err(|_| not("a mapping of str to str", object))?
            .items()?;
        items
            .iter()
            .map(|item| {
                let (key, value) = item.extract::<(Str, Str)>()?;
                Ok((key.0, value.0))
            })
            .collect::<PyResult<_>>()
            .map(Self)
    }
}

fn not(expected: &str, object: Borrowed<'_, '_, PyAny>) -> PyErr {
    match object.get_type().name() {
        Ok(name) => PyTypeError::new_err(format!("expected {expected}, not {name}")),
        Err(error) => error,
    }
}
