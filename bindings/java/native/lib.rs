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
    objects::{JByteArray, JClass, JObjectArray, JString},
    sys::jlong,
};
use reset_password_bindings::{Error, UserManagement, Value, arguments::ListUsers};

use crate::{
    arguments::Arguments,
    failure::{Failure, Thrown},
};

/// Opens a database: its URL and the options, in canonical order. Answers a handle's number.
#[expect(unsafe_code, reason = "the JVM finds the function by this name")]
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_resetpassword_Native_open<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    arguments: JObjectArray<'local>,
) -> JByteArray<'local> {
    env.with_env(|env| {
        answered(env, |env| {
            let mut arguments = Arguments::read(env, &arguments)?;
            let database_url = arguments.text()?;
            let handle = UserManagement::open(&database_url, arguments.options()?)?;
            Ok(Value::Integer(handles::keep(handle)))
        })
    })
    .resolve::<Thrown>()
}

/// Does one operation, with its arguments in canonical order.
#[expect(unsafe_code, reason = "the JVM finds the function by this name")]
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_resetpassword_Native_call<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    handle: jlong,
    operation: JString<'local>,
    arguments: JObjectArray<'local>,
) -> JByteArray<'local> {
    env.with_env(|env| {
        answered(env, |env| {
            let handle = handles::find(handle)?;
            let operation = operation.try_to_string(env)?;
            let arguments = Arguments::read(env, &arguments)?;
            Ok(call(&handle, &operation, arguments)?)
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

fn call(handle: &UserManagement, operation: &str, mut given: Arguments) -> Result<Value, Error> {
    match operation {
        "authenticate_with_password" => {
            let (email, password) = (given.text()?, given.text()?);
            handle.call(|operations| operations.authenticate_with_password(email, password))
        }
        "check_password" => {
            let (password, user_id) = (given.text()?, given.optional_text()?);
            handle.call(|operations| operations.check_password(password, user_id))
        }
        "create_password_reset" => {
            let email = given.text()?;
            handle.call(|operations| operations.create_password_reset(email))
        }
        "create_user" => {
            let new = given.create_user()?;
            handle.call(|operations| operations.create_user(new))
        }
        "delete_user" => {
            let id = given.text()?;
            handle.call(|operations| operations.delete_user(id))
        }
        "events" => {
            let (after, limit) = (given.optional_text()?, given.number()?);
            handle.call(|operations| operations.events(after, limit))
        }
        "get_password_reset" => {
            let id = given.text()?;
            handle.call(|operations| operations.get_password_reset(id))
        }
        "get_user" => {
            let id = given.text()?;
            handle.call(|operations| operations.get_user(id))
        }
        "get_user_by_email" => {
            let email = given.text()?;
            handle.call(|operations| operations.get_user_by_email(email))
        }
        "get_user_by_external_id" => {
            let external_id = given.text()?;
            handle.call(|operations| operations.get_user_by_external_id(external_id))
        }
        "list_users" => {
            let list = ListUsers {
                email: given.optional_text()?,
                limit: given.number()?,
                before: given.optional_text()?,
                after: given.optional_text()?,
                order: given.optional_text()?,
            };
            handle.call(|operations| operations.list_users(list))
        }
        "purge" => {
            let limit = given.number()?;
            handle.call(|operations| operations.purge(limit))
        }
        "request_password_reset" => {
            let email = given.text()?;
            handle.call(|operations| operations.request_password_reset(email))
        }
        "reset_password" => {
            let (token, new_password) = (given.text()?, given.text()?);
            handle.call(|operations| operations.reset_password(token, new_password))
        }
        "revoke_password_resets" => {
            let user_id = given.optional_text()?;
            handle.call(|operations| operations.revoke_password_resets(user_id))
        }
        "update_user" => {
            let (id, change) = (given.text()?, given.update_user()?);
            handle.call(|operations| operations.update_user(id, change))
        }
        _ => Err(Error::internal("no such operation")),
    }
}
