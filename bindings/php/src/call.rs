//! One call, from what PHP hands over to what PHP gets.

use std::{panic::AssertUnwindSafe, result};

use ext_php_rs::{
    error::Result,
    exception::{PhpException, throw},
    types::Zval,
    zend::{BailoutGuard, ExecuteData, ce, run_handler},
};
use reset_password_bindings::{Value, guard};

use crate::{arguments::Stop, exceptions, handle::Handle};

/// Does one call. Neither a panic nor a fatal error of PHP's unwinds through it.
pub fn call(
    frame: &mut ExecuteData,
    answer: &mut Zval,
    work: impl FnOnce(&Handle, &mut ExecuteData) -> result::Result<Value, Stop>,
    make: fn(&Value) -> Result<Zval>,
) {
    run_handler(AssertUnwindSafe(|| {
        let done = guarded(|| {
            let Some(handle) = frame.get_object::<Handle>() else {
                throw(ce::error(), "the object was not made by its constructor")?;
                return Err(Stop::Thrown);
            };
            let handle = (**handle).clone();
            let value = work(&handle, frame)?;
            // Running out of memory while the answer is made does not leave it behind.
            let value = BailoutGuard::new(value);
            Ok(make(value.get())?)
        });
        match done {
            Ok(value) => *answer = value,
            Err(stop) => raise(stop),
        }
    }));
}

/// Does what may throw. A panic becomes `internal`.
pub fn guarded<T>(work: impl FnOnce() -> result::Result<T, Stop>) -> result::Result<T, Stop> {
    guard(|| Ok(work())).map_err(Stop::Error).flatten()
}

/// Throws what is not already on its way.
pub fn raise(stop: Stop) {
    if let Stop::Error(error) = stop
        && let Err(failed) = exceptions::throw(&error)
    {
        PhpException::from_message(failed.to_string()).throw();
    }
}
