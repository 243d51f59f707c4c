//! The arguments of a native method.

use std::vec::IntoIter;

use jni::{
    Env,
    errors::Result as JniResult,
    jni_sig, jni_str,
    objects::{JObject, JObjectArray, JString},
};
use reset_password_bindings::{
    Error, Text,
    arguments::{CreateUser, Options, UpdateUser},
};
use zeroize::Zeroizing;

use crate::failure::Failure;

/// Most UTF-16 units of a string that are copied: far more than [`Text`] looks at.
const MOST_UNITS: i32 = 131_072;

/// One element of the `Object[]`, by its Java type.
enum Argument {
    Absent,
    Flag(bool),
    Number(i64),
    Text(Text),
    Texts(Vec<Text>),
}

/// Arguments, taken one after the other in the order in which Java gives them.
pub(crate) struct Arguments(IntoIter<Argument>);

impl Arguments {
    /// Copies all of them out of the JVM.
    pub(crate) fn read(env: &mut Env<'_>, given: &JObjectArray<'_>) -> Result<Self, Failure> {
        let length = given.len(env)?;
        let mut arguments = Vec::with_capacity(length);
        for index in 0..length {
            let element = given.get_element(env, index)?;
            arguments.push(argument(env, element)?);
        }
        Ok(Self(arguments.into_iter()))
    }

    pub(crate) fn text(&mut self) -> Result<Text, Error> {
        self.optional_text()?.ok_or_else(mistaken)
    }

    pub(crate) fn optional_text(&mut self) -> Result<Option<Text>, Error> {
        match self.0.next() {
            Some(Argument::Absent) => Ok(None),
            Some(Argument::Text(text)) => Ok(Some(text)),
            _ => Err(mistaken()),
        }
    }

    pub(crate) fn number(&mut self) -> Result<Option<i64>, Error> {
        match self.0.next() {
            Some(Argument::Absent) => Ok(None),
            Some(Argument::Number(number)) => Ok(Some(number)),
            _ => Err(mistaken()),
        }
    }

    fn flag(&mut self) -> Result<Option<bool>, Error> {
        match self.0.next() {
            Some(Argument::Absent) => Ok(None),
            Some(Argument::Flag(flag)) => Ok(Some(flag)),
            _ => Err(mistaken()),
        }
    }

    fn texts(&mut self) -> Result<Option<Vec<Text>>, Error> {
        match self.0.next() {
            Some(Argument::Absent) => Ok(None),
            Some(Argument::Texts(texts)) => Ok(Some(texts)),
            _ => Err(mistaken()),
        }
    }

    /// Keys and values in turn.
    fn pairs(&mut self) -> Result<Option<Vec<(Text, Text)>>, Error> {
        let Some(texts) = self.texts()? else {
            return Ok(None);
        };
        let mut texts = texts.into_iter();
        let mut pairs = Vec::with_capacity(texts.len() / 2);
        while let (Some(key), Some(value)) = (texts.next(), texts.next()) {
            pairs.push((key, value));
        }
        Ok(Some(pairs))
    }

    pub(crate) fn options(&mut self) -> Result<Options, Error> {
        Ok(Options {
            key: self.optional_text()?,
            key_file: self.optional_text()?,
            previous_keys: self.texts()?,
            reset_url: self.optional_text()?,
            token_lifetime: self.number()?,
            seal_tokens: self.flag()?,
            password_min_length: self.number()?,
            service_names: self.texts()?,
            argon2_memory_kib: self.number()?,
            argon2_iterations: self.number()?,
            memory_budget_kib: self.number()?,
            migrate: self.flag()?,
        })
    }

    pub(crate) fn create_user(&mut self) -> Result<CreateUser, Error> {
        Ok(CreateUser {
            email: self.text()?,
            password: self.optional_text()?,
            password_hash: self.optional_text()?,
            email_verified: self.flag()?,
            first_name: self.optional_text()?,
            last_name: self.optional_text()?,
            name: self.optional_text()?,
            external_id: self.optional_text()?,
            metadata: self.pairs()?,
            locale: self.optional_text()?,
        })
    }

    pub(crate) fn update_user(&mut self) -> Result<UpdateUser, Error> {
        Ok(UpdateUser {
            email: self.optional_text()?,
            password: self.optional_text()?,
            password_hash: self.optional_text()?,
            email_verified: self.flag()?,
            first_name: self.optional_text()?,
            last_name: self.optional_text()?,
            name: self.optional_text()?,
            external_id: self.optional_text()?,
            metadata: self.pairs()?,
            locale: self.optional_text()?,
        })
    }
}

/// Two halves of one package that do not fit together.
fn mistaken() -> Error {
    Error::internal("an argument is of another type than the native library expects")
}

fn argument(env: &mut Env<'_>, object: JObject<'_>) -> Result<Argument, Failure> {
    if object.is_null() {
        return Ok(Argument::Absent);
    }
    // `as_cast` has the class at hand; `is_instance_of` looks for it by name.
    match env.as_cast::<JString>(&object) {
        Ok(string) => return Ok(Argument::Text(text(env, &string))),
        Err(jni::errors::Error::WrongObjectType) => {}
        Err(other) => return Err(other.into()),
    }
    if env.is_instance_of(&object, jni_str!("java/lang/Boolean"))? {
        let flag = env.call_method(&object, jni_str!("booleanValue"), jni_sig!("()Z"), &[])?;
        return Ok(Argument::Flag(flag.z()?));
    }
    if env.is_instance_of(&object, jni_str!("java/lang/Long"))? {
        let number = env.call_method(&object, jni_str!("longValue"), jni_sig!("()J"), &[])?;
        return Ok(Argument::Number(number.j()?));
    }
    let strings = env.cast_local::<JObjectArray<JString>>(object)?;
    Ok(Argument::Texts(texts(env, &strings)?))
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
