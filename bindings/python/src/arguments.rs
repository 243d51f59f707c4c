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
    let (wanted, count) = (parameters.len(), given.len());
    if count != wanted {
        return Err(PyTypeError::new_err(format!(
            "expected {wanted} arguments, not {count}"
        )));
    }
    let taken = parameters
        .iter()
        .zip(given.iter())
        .map(|(parameter, value)| {
            let is_given = parameter.is_required || !value.is_none();
            is_given.then(|| argument(parameter, &value)).transpose()
        });
    taken.collect()
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
        if !error.is_instance_of::<PyTypeError>(value.py()) {
            return error;
        }
        let (name, problem) = (parameter.name, error.value(value.py()));
        PyTypeError::new_err(format!("argument '{name}': {problem}"))
    })
}

/// `True` or `False`.
fn flag(value: Value<'_, '_>) -> PyResult<bool> {
    match value.cast::<PyBool>() {
        Ok(flag) => Ok(flag.is_true()),
        Err(_) => Err(not("bool", value)),
    }
}

/// An `int` of any size, and no `bool`.
fn number(value: Value<'_, '_>) -> PyResult<i64> {
    let number = value.cast::<PyInt>().ok();
    let number = number.filter(|_| !value.is_instance_of::<PyBool>());
    let number = number.ok_or_else(|| not("int", value))?;
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
    let sequence = value.cast::<PySequence>().ok();
    let sequence = sequence.filter(|_| !value.is_instance_of::<PyString>());
    let items = sequence.ok_or_else(|| not("a sequence of str", value))?;
    items.try_iter()?.map(|item| text(&item?)).collect()
}

/// A mapping from `str` to `str`.
fn pairs(value: Value<'_, '_>) -> PyResult<Vec<(Text, Text)>> {
    let mapping = value.cast::<PyMapping>().ok();
    let mapping = mapping.ok_or_else(|| not("a mapping of str to str", value))?;
    let pair = |item: Value<'_, '_>| {
        let (key, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = item.extract()?;
        Ok((text(&key)?, text(&value)?))
    };
    mapping.items()?.iter().map(|item| pair(&item)).collect()
}

fn not(expected: &str, value: Value<'_, '_>) -> PyErr {
    match value.get_type().name() {
        Ok(name) => PyTypeError::new_err(format!("expected {expected}, not {name}")),
        Err(error) => error,
    }
}
