//! Arguments as `index.js` passes them: of the right types, and without those that were left out.

use std::ptr;

use napi::{
    Error, JsString, Status,
    bindgen_prelude::{Array, FromNapiValue, JsValue, Result},
    sys,
};
use reset_password_bindings::{
    Argument, Arguments, Text,
    api::{Kind, Parameter},
};
use zeroize::Zeroizing;

/// A string of JavaScript.
type JsText<'env> = JsString<'env>;

/// Most UTF-16 units of a string that are read: more than a `Text` looks at.
const MOST_UNITS: usize = 70_000;

/// A string of JavaScript as it is, lone surrogates and all. What it was read into is wiped.
#[expect(
    unsafe_code,
    reason = "napi's own types read a string into memory that is not wiped"
)]
fn text(string: &JsText) -> Result<Text> {
    let (env, value) = (string.value().env, string.raw());
    let mut length = 0;
    // SAFETY: the value is alive while its wrapper is; without a buffer only the length is written.
    let status = unsafe {
        sys::napi_get_value_string_utf16(env, value, ptr::null_mut(), 0, &raw mut length)
    };
    checked(status)?;
    // One more, because what is written ends with a zero.
    let mut units = Zeroizing::new(vec![0_u16; length.min(MOST_UNITS) + 1]);
    // SAFETY: as above; at most `units.len()` units are written.
    let status = unsafe {
        sys::napi_get_value_string_utf16(
            env,
            value,
            units.as_mut_ptr(),
            units.len(),
            &raw mut length,
        )
    };
    checked(status)?;
    Ok(Text::from_utf16(units.get(..length).unwrap_or_default()))
}

fn checked(status: sys::napi_status) -> Result<()> {
    if status == sys::Status::napi_ok {
        return Ok(());
    }
    Err(Error::new(Status::from(status), "a string was expected"))
}

/// What was given for these parameters, in their order. What is undefined or null was left out.
pub(crate) fn arguments(parameters: &[Parameter], given: &Array) -> Result<Arguments> {
    if given.len() as usize != parameters.len() {
        return Err(Error::new(Status::InvalidArg, "an argument is missing"));
    }
    let places = (0..).zip(parameters);
    places
        .map(|(at, parameter)| {
            Ok(match parameter.kind {
                Kind::Flag => at_place(given, at)?.map(Argument::Flag),
                Kind::Number => at_place(given, at)?.map(Argument::Number),
                Kind::Pairs => texts(given, at)?.map(Argument::pairs_in_turn),
                Kind::Text => {
                    let string = at_place::<JsText>(given, at)?;
                    string.as_ref().map(text).transpose()?.map(Argument::Text)
                }
                Kind::Texts => texts(given, at)?.map(Argument::Texts),
            })
        })
        .collect()
}

fn at_place<T: FromNapiValue>(given: &Array, at: u32) -> Result<Option<T>> {
    Ok(given.get::<Option<T>>(at)?.flatten())
}

fn texts(given: &Array, at: u32) -> Result<Option<Vec<Text>>> {
    let strings = at_place::<Vec<JsText>>(given, at)?;
    strings
        .map(|strings| strings.iter().map(text).collect())
        .transpose()
}
