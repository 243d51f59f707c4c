//! What can go wrong in a native method, and what Java sees of it.

use std::any::Any;

use jni::{Env, errors::ErrorPolicy, jni_str};
use reset_password_bindings::Error;

/// Why a native method has no result.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The engine says so. It goes back as an answer.
    Engine(Error),
    /// The JVM says so, for instance because it has no memory left.
    Java(jni::errors::Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Engine(error)
    }
}

impl From<jni::errors::Error> for Failure {
    fn from(error: jni::errors::Error) -> Self {
        Self::Java(error)
    }
}

/// The one place where a failure that is no answer, and a panic, become an exception.
pub(crate) struct Thrown;

impl<T: Default> ErrorPolicy<T, Failure> for Thrown {
    type Captures<'env: 'native, 'native> = ();

    fn on_error<'env: 'native, 'native>(
        env: &mut Env<'env>,
        _captures: &mut (),
        _failure: Failure,
    ) -> jni::errors::Result<T> {
        throw_internal(env);
        Ok(T::default())
    }

    fn on_panic<'env: 'native, 'native>(
        env: &mut Env<'env>,
        _captures: &mut (),
        _panic: Box<dyn Any + Send + 'static>,
    ) -> jni::errors::Result<T> {
        throw_internal(env);
        Ok(T::default())
    }
}

/// An exception of the JVM's own, such as `OutOfMemoryError`, stays the one that is thrown.
fn throw_internal(env: &mut Env<'_>) {
    if !env.exception_check() {
        // It answers an error by design: from here on an exception is pending.
        let _ = env.throw_new_void(jni_str!("dev/resetpassword/InternalException"));
    }
}
