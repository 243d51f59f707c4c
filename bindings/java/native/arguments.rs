//! The arguments of a native method.

use jni::{
    Env,
    errors::Result as JniResult,
    jni_sig, jni_str,
    objects::{JObject, JObjectArray, JString},
};
use reset_password_bindings::{
    Argument, Arguments, Error, Text,
    api::{Kind, Parameter},
};
use zeroize::Zeroizing;

use crate::failure::Failure;

/// Most UTF-16 units of a string that are copied: far more than [`Text`] looks at.
const MOST_UNITS: i32 = 131_072;

/// Copies what was given for these parameters out of the JVM. Null is as if it were left out.
pub(crate) fn read(
    env: &mut Env<'_>,
    parameters: &[Parameter],
    given: &JObjectArray<'_>,
) -> Result<Arguments, Failure> {
    if given.len(env)? != parameters.len() {
        let message = "two halves of one package that do not fit together";
        return Err(Error::internal(message).into());
    }
    let mut arguments = Vec::with_capacity(parameters.len());
    for (index, parameter) in parameters.iter().enumerate() {
        let element = given.get_element(env, index)?;
        arguments.push(if element.is_null() {
            None
        } else {
            Some(argument(env, parameter.kind, element)?)
        });
    }
    Ok(arguments)
}

fn argument(env: &mut Env<'_>, kind: Kind, object: JObject<'_>) -> JniResult<Argument> {
    Ok(match kind {
        Kind::Flag => {
            let flag = env.call_method(&object, jni_str!("booleanValue"), jni_sig!("()Z"), &[])?;
            Argument::Flag(flag.z()?)
        }
        Kind::Number => {
            let number = env.call_method(&object, jni_str!("longValue"), jni_sig!("()J"), &[])?;
            Argument::Number(number.j()?)
        }
        Kind::Text => {
            let string = env.cast_local::<JString>(object)?;
            Argument::Text(text(env, &string))
        }
        Kind::Texts => {
            let strings = env.cast_local::<JObjectArray<JString>>(object)?;
            Argument::Texts(texts(env, &strings)?)
        }
        Kind::Pairs => {
            let strings = env.cast_local::<JObjectArray<JString>>(object)?;
            Argument::pairs_in_turn(texts(env, &strings)?)
        }
    })
}

fn texts(env: &mut Env<'_>, strings: &JObjectArray<'_, JString<'_>>) -> JniResult<Vec<Text>> {
    let length = strings.len(env)?;
    let mut texts = Vec::with_capacity(length);
    for index in 0..length {
        let string = strings.get_element(env, index)?;
        texts.push(text(env, &string));
        env.delete_local_ref(string);
    }
    Ok(texts)
}

/// The string's own UTF-16, whatever is in it. The copy is wiped.
#[expect(unsafe_code, reason = "jni has no safe way to a string's UTF-16")]
fn text(env: &Env<'_>, string: &JString<'_>) -> Text {
    let raw = env.get_raw();
    // SAFETY: `raw` is this thread's environment and `string` a live local reference to a string that is
    // not null. Neither function can be called with an exception pending, because whatever throws returns
    // at once. The region lies within the string, and `units` has room for it.
    unsafe {
        let functions = *raw;
        let length = ((*functions).v1_1.GetStringLength)(raw, string.as_raw()).clamp(0, MOST_UNITS);
        let mut units = Zeroizing::new(vec![0_u16; usize::try_from(length).unwrap_or_default()]);
        ((*functions).v1_2.GetStringRegion)(raw, string.as_raw(), 0, length, units.as_mut_ptr());
        Text::from_utf16(&units)
    }
}
