//! The Java package's native library: what `dev.resetpassword.Native` declares.
//!
//! Arguments arrive as an `Object[]` of strings, flags, numbers and lists of strings. What comes of a call
//! goes back as one `byte[]`, which `dev.resetpassword.Answer` reads: no call goes from here into Java code,
//! and no thread of the engine is attached to the JVM.

mod answer;
mod arguments;
mod failure;
mod handles;

use jni::{
    Env, EnvUnowned,
    objects::{JByteArray, JClass, JObjectArray},
    sys::{jint, jlong},
};
use reset_password_bindings::{Error, Operation, UserManagement, Value, api::OPEN};

use crate::failure::{Failure, Thrown};

/// Opens a database: its URL and the options, in the order of the description. Answers a handle's number.
#[expect(unsafe_code, reason = "the JVM finds the function by this name")]
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_resetpassword_Native_open<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    arguments: JObjectArray<'local>,
) -> JByteArray<'local> {
    env.with_env(|env| {
        answered(env, |env| {
            let arguments = arguments::read(env, OPEN.parameters, &arguments)?;
            let handle = UserManagement::open(arguments)?;
            Ok(Value::Integer(handles::keep(handle)))
        })
    })
    .resolve::<Thrown>()
}

/// Does the operation of that number, with its arguments in the order of the description.
#[expect(unsafe_code, reason = "the JVM finds the function by this name")]
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_resetpassword_Native_call<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    handle: jlong,
    operation: jint,
    arguments: JObjectArray<'local>,
) -> JByteArray<'local> {
    env.with_env(|env| {
        answered(env, |env| {
            let handle = handles::find(handle)?;
            let operation = usize::try_from(operation).ok();
            let operation = operation
                .and_then(|number| Operation::ALL.get(number))
                .ok_or_else(|| Error::internal("no such operation"))?;
            let arguments = arguments::read(env, operation.parameters(), &arguments)?;
            Ok(handle.call(operation, arguments)?)
        })
    })
    .resolve::<Thrown>()
}

/// Ends this process's connections.
#[expect(unsafe_code, reason = "the JVM finds the function by this name")]
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_resetpassword_Native_close<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    handle: jlong,
) {
    env.with_env(|_| -> Result<(), Failure> {
        handles::find(handle)?.close();
        Ok(())
    })
    .resolve::<Thrown>();
}

/// Forgets a handle, when no object has its number any more.
#[expect(unsafe_code, reason = "the JVM finds the function by this name")]
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_resetpassword_Native_free<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    handle: jlong,
) {
    env.with_env(|_| -> Result<(), Failure> {
        drop(handles::forget(handle));
        Ok(())
    })
    .resolve::<Thrown>();
}

/// Answers what the work answers, or the engine's error. What went wrong in the JVM stays an exception.
fn answered<'local>(
    env: &mut Env<'local>,
    work: impl FnOnce(&mut Env<'local>) -> Result<Value, Failure>,
) -> Result<JByteArray<'local>, Failure> {
    let answer = match work(env) {
        Ok(value) => answer::success(&value),
        Err(Failure::Engine(error)) => answer::failure(&error),
        Err(Failure::Java(error)) => return Err(Failure::Java(error)),
    };
    Ok(env.byte_array_from_slice(&answer)?)
}
