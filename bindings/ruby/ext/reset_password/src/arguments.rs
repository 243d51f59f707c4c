//! Ruby's values as the façade's arguments. What is of another type is a `TypeError`, as in Ruby.

use magnus::{
    Error, Integer, RArray, RHash, RString, Ruby, TryConvert, Value,
    encoding::EncodingCapable,
    r_hash::ForEach,
    value::{Qfalse, Qtrue, ReprValue},
};
use reset_password_bindings::{
    Argument, Arguments, Text,
    api::{Kind, Parameter},
};

/// What was given for these parameters.
pub fn arguments(
    ruby: &Ruby,
    parameters: &[Parameter],
    values: &[Value],
) -> Result<Arguments, Error> {
    if values.len() != parameters.len() {
        let (given, expected) = (values.len(), parameters.len());
        let message = format!("wrong number of arguments (given {given}, expected {expected})");
        return Err(Error::new(ruby.exception_arg_error(), message));
    }
    let given = parameters.iter().zip(values);
    given
        .map(|(parameter, &value)| {
            // Nil is as if it were left out.
            if value.is_nil() && !parameter.is_required {
                return Ok(None);
            }
            argument(parameter, value).map(Some)
        })
        .collect()
}

fn argument(parameter: &Parameter, value: Value) -> Result<Argument, Error> {
    Ok(match parameter.kind {
        Kind::Flag => Argument::Flag(boolean(value)?),
        Kind::Number => Argument::Number(integer(value)?),
        Kind::Pairs => Argument::Pairs(pairs(value)?),
        Kind::Text if parameter.is_path => Argument::Text(path(value)?),
        Kind::Text => Argument::Text(text(value)?),
        Kind::Texts => Argument::Texts(texts(value)?),
    })
}

/// A String, or what has `to_str`. Its bytes count, unless its encoding is another than UTF-8: then it is
/// transcoded.
fn text(value: Value) -> Result<Text, Error> {
    let string = RString::try_convert(value)?;
    let ruby = Ruby::get_with(string);
    let encoding = string.enc_get();
    let as_it_is = encoding == ruby.utf8_encindex()
        || encoding == ruby.usascii_encindex()
        || encoding == ruby.ascii8bit_encindex();
    if as_it_is {
        return Ok(bytes(string));
    }
    // Ruby raises where that would lose something.
    let transcoded = string.funcall::<_, _, RString>("encode", (ruby.utf8_encoding(),));
    Ok(transcoded.map_or_else(|_| Text::not_unicode(), bytes))
}

#[expect(unsafe_code, reason = "the bytes of a String belong to Ruby")]
fn bytes(string: RString) -> Text {
    // SAFETY: they are copied before Ruby can run again.
    Text::from_utf8(unsafe { string.as_slice() })
}

/// A String, or a Pathname, or what else has `to_path`.
fn path(value: Value) -> Result<Text, Error> {
    if RString::from_value(value).is_none() && value.respond_to("to_path", false)? {
        return text(value.funcall("to_path", ())?);
    }
    text(value)
}

/// True or false, and nothing that Ruby would only take for it.
fn boolean(value: Value) -> Result<bool, Error> {
    if Qtrue::from_value(value).is_some() {
        Ok(true)
    } else if Qfalse::from_value(value).is_some() {
        Ok(false)
    } else {
        Err(no_conversion(value, "true or false"))
    }
}

/// An Integer. One that is too big is the biggest, which the façade refuses.
fn integer(value: Value) -> Result<i64, Error> {
    let Some(integer) = Integer::from_value(value) else {
        return Err(no_conversion(value, "Integer"));
    };
    if let Ok(number) = integer.to_i64() {
        return Ok(number);
    }
    let negative: bool = integer.funcall("negative?", ())?;
    Ok(if negative { i64::MIN } else { i64::MAX })
}

/// An Array of texts.
fn texts(value: Value) -> Result<Vec<Text>, Error> {
    RArray::try_convert(value)?.into_iter().map(text).collect()
}

/// A Hash of texts by texts.
fn pairs(value: Value) -> Result<Vec<(Text, Text)>, Error> {
    let mut pairs = Vec::new();
    RHash::try_convert(value)?.foreach(|key: Value, value: Value| {
        pairs.push((text(key)?, text(value)?));
        Ok(ForEach::Continue)
    })?;
    Ok(pairs)
}

fn no_conversion(value: Value, wanted: &str) -> Error {
    // The class and not the value, which may be a secret.
    let message = format!("no implicit conversion of {} into {wanted}", value.class());
    Error::new(Ruby::get_with(value).exception_type_error(), message)
}
