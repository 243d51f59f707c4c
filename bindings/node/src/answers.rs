//! What JavaScript gets: results as frozen plain objects, and failures as a list that `index.js` makes an
//! error of.

use napi::{
    Env, Property,
    bindgen_prelude::{Array, JsObjectValue, JsValue, Null, Object, Result, ToNapiValue, Unknown},
    sys,
};
use reset_password_bindings::{
    Error, ExposeSecret, Record, Value,
    api::{names::camel, record_number},
};

/// A result.
pub(crate) fn success(env: &Env, value: Value) -> Result<sys::napi_value> {
    Ok(answer(env, value)?.raw())
}

/// A failure: code, message, reasons, whether it is worth to try again, and when. No result is a list.
pub(crate) fn failure(env: &Env, error: &Error) -> Result<sys::napi_value> {
    let reasons = Value::from(error.errors().to_vec());
    let fields = [
        error.code().as_str().into_unknown(env)?,
        error.message().into_unknown(env)?,
        answer(env, reasons)?,
        error.retryable().into_unknown(env)?,
        match error.retry_after() {
            Some(seconds) => seconds.into_unknown(env)?,
            None => Null.into_unknown(env)?,
        },
    ];
    Ok(list(env, fields.into_iter().map(Ok))?.raw())
}

fn answer(env: &Env, value: Value) -> Result<Unknown<'_>> {
    match value {
        Value::Null => Null.into_unknown(env),
        Value::Boolean(yes) => yes.into_unknown(env),
        Value::Integer(number) => number.into_unknown(env),
        Value::Text(text) => text.as_str().into_unknown(env),
        Value::Secret(secret) => secret.expose_secret().into_unknown(env),
        Value::Moment(moment) => moment.to_string().as_str().into_unknown(env),
        Value::List(values) => {
            let mut list = list(env, values.into_iter().map(|value| answer(env, value)))?;
            list.freeze()?;
            Ok(list.to_unknown())
        }
        Value::Map(pairs) => map(env, pairs),
        Value::Record(fields) => record(env, fields),
    }
}

fn list<'env>(
    env: &'env Env,
    values: impl Iterator<Item = Result<Unknown<'env>>>,
) -> Result<Array<'env>> {
    let mut list = env.create_array(0)?;
    for value in values {
        list.insert(value?)?;
    }
    Ok(list)
}

/// Properties are defined rather than set, because a key may be `__proto__`.
fn map(env: &Env, pairs: Vec<(String, Value)>) -> Result<Unknown<'_>> {
    let mut object = Object::new(env)?;
    let properties: Vec<Property> = pairs
        .into_iter()
        .map(|(key, value)| {
            Property::new()
                .with_name(env, key)?
                .with_napi_value(env, answer(env, value)?)
        })
        .collect::<Result<_>>()?;
    object.define_properties(&properties)?;
    object.freeze()?;
    Ok(object.to_unknown())
}

fn record(env: &Env, record: Record) -> Result<Unknown<'_>> {
    const PASSWORD_RESET: usize = record_number("PasswordReset");
    let mut object = Object::new(env)?;
    for (name, value) in record.fields {
        object.set(camel(name), answer(env, value)?)?;
    }
    // index.js gives a reset the way it is shown in a log, and freezes it then.
    if record.number != PASSWORD_RESET {
        object.freeze()?;
    }
    Ok(object.to_unknown())
}
