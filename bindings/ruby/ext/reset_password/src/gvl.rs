//! Work without Ruby's global lock.

use std::{
    ffi::c_void,
    panic::{AssertUnwindSafe, catch_unwind},
    ptr,
};

use magnus::{
    Error, Ruby,
    rb_sys::{AsRawValue, protect},
};

use crate::errors::raised;

/// Does the work while other Ruby threads run. The work can hold no Ruby value: those are not `Send`.
///
/// The work goes on to its end, whatever happens meanwhile. What interrupts the thread (`Thread#kill`,
/// `Timeout`, a signal) is served after it, and then takes the place of the outcome.
///
/// # Errors
///
/// What interrupted the thread, and `internal` when the work panicked.
pub fn without_gvl<T: Send>(ruby: &Ruby, work: impl FnOnce() -> T + Send) -> Result<T, Error> {
    let mut call = Call {
        work: Some(work),
        outcome: None,
    };
    let interrupted = release(ruby, &mut call).err();
    match (interrupted, call.outcome) {
        (Some(interrupt), _) => Err(interrupt),
        (None, Some(outcome)) => Ok(outcome),
        (None, None) => Err(raised(
            ruby,
            &reset_password_bindings::Error::internal("a panic"),
        )),
    }
}

struct Call<W, T> {
    work: Option<W>,
    outcome: Option<T>,
}

#[expect(
    unsafe_code,
    reason = "Ruby's C function takes a function and its data as pointers"
)]
fn release<T, W: FnOnce() -> T>(ruby: &Ruby, call: &mut Call<W, T>) -> Result<(), Error> {
    let nil = ruby.qnil().as_raw();
    let data = ptr::from_mut(call).cast::<c_void>();
    protect(|| {
        // SAFETY: this thread holds the lock, as `ruby` shows. `run` gets the only pointer to `call`, which
        // outlives this call, and lets nothing unwind. Where an interrupt jumps out of it, it jumps to
        // `protect` over frames that have nothing to drop.
        unsafe {
            rb_sys::rb_thread_call_without_gvl(Some(run::<T, W>), data, None, ptr::null_mut())
        };
        nil
    })?;
    Ok(())
}

/// What panics has no outcome.
#[expect(unsafe_code, reason = "Ruby's C function calls it with a pointer")]
unsafe extern "C" fn run<T, W: FnOnce() -> T>(data: *mut c_void) -> *mut c_void {
    // SAFETY: `release` gives a pointer to this type, which nobody else uses until this returns.
    let call = unsafe { &mut *data.cast::<Call<W, T>>() };
    if let Some(work) = call.work.take() {
        call.outcome = catch_unwind(AssertUnwindSafe(work)).ok();
    }
    ptr::null_mut()
}
