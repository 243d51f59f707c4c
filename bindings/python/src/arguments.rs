//! Python's values, as the façade takes them. A value of another type is a `TypeError` that names types
//! alone.

use pyo3::{
    exceptions::{PyOverflowError, PyTypeError, PyUnicodeEncodeError},
    prelude::*,
    types::{PyBool, PyInt, PyMapping, PySequence, PyString, PyTuple},
};
use reset_password_bindings::{
    Argument, Arguments, Text,
    api::{Kind, Parameter},
};

type Value<'a, 'py> = &'a Bound<'py, PyAny>;

/// What was given for these parameters. None is as if it were left out.
pub fn arguments(parameters: &[Parameter], given: &Bound<'_, PyTuple>) -> PyResult<Arguments> {
    if given.len() != parameters.len() {
        let message = format!(
            "expected {} arguments, not {}",
            parameters.len(),
            given.len()
        );
        return Err(PyTypeError::new_err(message));
    }
    let given = parameters.iter().zip(given.iter());
    given
        .map(|(parameter, value)| {
            if value.is_none() && !parameter.is_required {
                return Ok(None);
            }
            argument(parameter, &value).map(Some)
        })
        .collect()
}

fn argument(parameter: &Parameter, value: Value<'_, '_>) -> PyResult<Argument> {
    let taken = match parameter.kind {
        Kind::Flag => flag(value).map(Argument::Flag),
        Kind::Number => number(value).map(Argument::Number),
        Kind::Pairs => pairs(value).map(Argument::Pairs),
        Kind::Text => text(value).map(Argument::Text),
        Kind::Texts => texts(value).map(Argument::Texts),
    };
    taken.map_err(|error| {
        let py = value.py();
        if error.is_instance_of::<PyTypeError>(py) {
            PyTypeError::new_err(format!(
                "argument '{}': {}",
                parameter.name,
                error.value(py)
            ))
        } else {
            error
        }
    })
}

/// `True` or `False`.
fn flag(value: Value<'_, '_>) -> PyResult<bool> {
    let flag = value.cast::<PyBool>().map_err(|_| not("bool", value))?;
    Ok(flag.is_true())
}

/// An `int` of any size, and no `bool`.
fn number(value: Value<'_, '_>) -> PyResult<i64> {
    if value.is_instance_of::<PyBool>() {
        return Err(not("int", value));
    }
    let number = value.cast::<PyInt>().map_err(|_| not("int", value))?;
    match number.extract::<i64>() {
        Err(error) if error.is_instance_of::<PyOverflowError>(value.py()) => {
            Ok(if number.lt(0)? { i64::MIN } else { i64::MAX })
        }
        number => number,
    }
}

/// A `str`, of a subclass too.
fn text(value: Value<'_, '_>) -> PyResult<Text> {
    let string = value.cast::<PyString>().map_err(|_| not("str", value))?;
    match string.to_str() {
        Ok(text) => Ok(Text::from(text)),
        // It holds a lone surrogate.
        Err(error) if error.is_instance_of::<PyUnicodeEncodeError>(value.py()) => {
            Ok(Text::not_unicode())
        }
        Err(error) => Err(error),
    }
}

/// A sequence of `str` that is no `str` itself.
fn texts(value: Value<'_, '_>) -> PyResult<Vec<Text>> {
    let expected = "a sequence of str";
    if value.is_instance_of::<PyString>() {
        return Err(not(expected, value));
    }
    let sequence = value.cast::<PySequence>();
    let items = sequence.map_err(|_| not(expected, value))?.try_iter()?;
    items.map(|item| text(&item?)).collect()
}

/// A mapping from `str` to `str`.
fn pairs(value: Value<'_, '_>) -> PyResult<Vec<(Text, Text)>> {
    let mapping = value.cast::<PyMapping>();
    let items = mapping
        .map_err(|_| not("a mapping of str to str", value))?
        .items()?;
    items
        .iter()
        .map(|item| {
            let (key, value) = item.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>()?;
            Ok((text(&key)?, text(&value)?))
        })
        .collect()
}

fn not(expected: &str, value: Value<'_, '_>) -> PyErr {
    match value.get_type().name() {
        Ok(name) => PyTypeError::new_err(format!("expected {expected}, not {name}")),
        Err(error) => error,
    }
}
