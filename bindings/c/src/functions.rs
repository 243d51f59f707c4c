//! The functions.

use std::{
    ffi::{CStr, c_char},
    ptr,
};

use reset_password_bindings::{Cancellation, Detail, Error, UserManagement, guard};
use serde::Serialize;

use crate::{
    answer::Answer,
    buffer::{ResetPasswordBuffer, octets},
    operations,
    status::{ResetPasswordStatus, code_of},
};

/// Users and their password resets, on a database. Any number of threads may use it at once, and it may
/// be opened before a fork and used in parent and child. But a database in memory belongs to the process that
/// opened it: in the child whatever needs it is `config_invalid`.
pub struct ResetPasswordUserManagement(UserManagement);

/// Tells a call that nobody waits for it any more. It is for one call at a time, and stays cancelled.
pub struct ResetPasswordCancellation(Cancellation);

/// Opens a database.
///
/// `arguments` is a JSON object in UTF-8 of `length` octets: `database_url`, and any of the options of
/// `docs/reference/options.md`, such as `key_file`, `reset_url` and `token_lifetime`.
///
/// `*user_management` is the handle, or NULL after an error; give it back with `reset_password_free`.
/// `*answer` is the error, or empty. Neither needs to hold anything before.
///
/// # Safety
///
/// Each pointer is null or points to what its type says, with `length` octets at `arguments`.
#[unsafe(no_mangle)]
#[expect(unsafe_code, reason = "C gives pointers")]
pub unsafe extern "C" fn reset_password_open(
    arguments: *const c_char,
    length: usize,
    user_management: *mut *mut ResetPasswordUserManagement,
    answer: *mut ResetPasswordBuffer,
) -> ResetPasswordStatus {
    // SAFETY: the caller's promise.
    let (arguments, place) = unsafe {
        (
            octets(arguments, length),
            place(user_management, ptr::null_mut()),
        )
    };
    let opened = guard(|| {
        let place = place.ok_or_else(|| absent("user_management"))?;
        let arguments = arguments.map_err(|reason: Detail| Error::config(reason.message))?;
        let opened = operations::open(arguments)?;
        #[cfg(feature = "test-hooks")]
        crate::live::HANDLES.made();
        *place = Box::into_raw(Box::new(ResetPasswordUserManagement(opened)));
        Ok(())
    });
    // SAFETY: the caller's promise.
    let answer = unsafe { self::place(answer, ResetPasswordBuffer::EMPTY) };
    match opened {
        Ok(()) => ResetPasswordStatus::Ok,
        Err(error) => failed(&error, answer),
    }
}

/// Does one operation, and waits for it.
///
/// `operation` is its name, such as `reset_password`, with a NUL after it. `arguments` is a JSON object in
/// UTF-8 of `length` octets, such as `{"token": "...", "new_password": "..."}`, and `{}` where there are none;
/// a null in it leaves an argument out.
/// `*answer` is the result as JSON, or after an error an object with `code`, `message`, `retryable`, and
/// where there are any `errors` (every reason) and `retry_after` (seconds). It needs to hold nothing before,
/// and is given back with `reset_password_buffer_free`. `docs/reference/reset-password.md` has the operations.
///
/// # Safety
///
/// Each pointer is null or points to what its type says, with `length` octets at `arguments`, and the handle has
/// not been given back.
#[unsafe(no_mangle)]
#[expect(unsafe_code, reason = "C gives pointers")]
pub unsafe extern "C" fn reset_password_call(
    user_management: *const ResetPasswordUserManagement,
    operation: *const c_char,
    arguments: *const c_char,
    length: usize,
    answer: *mut ResetPasswordBuffer,
) -> ResetPasswordStatus {
    // SAFETY: the caller's promise, the same.
    unsafe {
        reset_password_call_until(
            user_management,
            operation,
            arguments,
            length,
            ptr::null(),
            answer,
        )
    }
}

/// Does one operation, and waits for it until it is cancelled. Then the status is
/// `RESET_PASSWORD_STATUS_CANCELLED` and the answer empty, at once unless the result is there already. The
/// operation goes on to its end on the engine's own threads; `reset_password_close` waits for it. A call whose
/// cancellation is cancelled before it begins may begin all the same. Everything else is as in
/// `reset_password_call`. `cancellation` may be NULL.
///
/// # Safety
///
/// The same as of `reset_password_call`, and the cancellation has not been given back and no other call that
/// is under way has it.
#[unsafe(no_mangle)]
#[expect(unsafe_code, reason = "C gives pointers")]
pub unsafe extern "C" fn reset_password_call_until(
    user_management: *const ResetPasswordUserManagement,
    operation: *const c_char,
    arguments: *const c_char,
    length: usize,
    cancellation: *const ResetPasswordCancellation,
    answer: *mut ResetPasswordBuffer,
) -> ResetPasswordStatus {
    // SAFETY: the caller's promise.
    let (handle, operation, arguments, cancellation, answer) = unsafe {
        (
            user_management.as_ref(),
            (!operation.is_null()).then(|| CStr::from_ptr(operation)),
            octets(arguments, length),
            cancellation.as_ref().map(|given| &given.0),
            place(answer, ResetPasswordBuffer::EMPTY),
        )
    };
    let done = guard(|| {
        let handle = handle.ok_or_else(|| absent("user_management"))?;
        let operation = operation.ok_or_else(|| absent("operation"))?;
        // A name that is not Unicode is none of the operations.
        let operation = operation.to_str().unwrap_or_default();
        let arguments = arguments.map_err(|reason| Error::input(vec![reason]))?;
        operations::perform(&handle.0, operation, arguments, cancellation)
    });
    match done {
        Ok(Some(value)) => fill(answer, &Answer(&value), ResetPasswordStatus::Ok),
        Ok(None) => ResetPasswordStatus::Cancelled,
        Err(error) => failed(&error, answer),
    }
}

/// Makes a cancellation. Give it back with `reset_password_cancellation_free`.
#[unsafe(no_mangle)]
#[expect(unsafe_code, reason = "C calls it by its name")]
pub extern "C" fn reset_password_cancellation_new() -> *mut ResetPasswordCancellation {
    Box::into_raw(Box::new(ResetPasswordCancellation(Cancellation::default())))
}

/// Ends the waiting of the call that has the cancellation, or that will have it. Any thread may do so, but no
/// signal handler, since it takes a lock: let a thread that waits for the signal do it. NULL is allowed.
///
/// # Safety
///
/// The cancellation is null, or has not been given back.
#[unsafe(no_mangle)]
#[expect(unsafe_code, reason = "C gives a pointer")]
pub unsafe extern "C" fn reset_password_cancellation_cancel(
    cancellation: *const ResetPasswordCancellation,
) {
    // SAFETY: the caller's promise.
    if let Some(given) = unsafe { cancellation.as_ref() } {
        // A panic leaves a call that is waited for.
        let _ = guard(|| {
            given.0.cancel();
            Ok(())
        });
    }
}

/// Gives a cancellation back. NULL is allowed.
///
/// # Safety
///
/// The cancellation is null, or has not been given back, and no other thread is in a call that has it or in
/// `reset_password_cancellation_cancel` with it.
#[unsafe(no_mangle)]
#[expect(unsafe_code, reason = "C gives a pointer")]
pub unsafe extern "C" fn reset_password_cancellation_free(
    cancellation: *mut ResetPasswordCancellation,
) {
    if !cancellation.is_null() {
        // SAFETY: the caller's promise: `reset_password_cancellation_new` made it, and this is its end.
        drop(unsafe { Box::from_raw(cancellation) });
    }
}

/// Ends this process's connections to the database, after the calls that began before, those that were
/// cancelled and go on too; it takes as long as they do. A later call opens new ones; the handle is still to be
/// given back.
///
/// # Safety
///
/// The handle is null, or has not been given back.
#[unsafe(no_mangle)]
#[expect(unsafe_code, reason = "C gives a pointer")]
pub unsafe extern "C" fn reset_password_close(user_management: *const ResetPasswordUserManagement) {
    // SAFETY: the caller's promise.
    if let Some(handle) = unsafe { user_management.as_ref() } {
        handle.0.close();
    }
}

/// Gives a handle back, and ends its connections as `reset_password_close` does: it waits for the calls that
/// were cancelled and go on. NULL is allowed.
///
/// # Safety
///
/// The handle is null, or has not been given back, and no other thread is in a function that has it.
#[unsafe(no_mangle)]
#[expect(unsafe_code, reason = "C gives a pointer")]
pub unsafe extern "C" fn reset_password_free(user_management: *mut ResetPasswordUserManagement) {
    if user_management.is_null() {
        return;
    }
    #[cfg(feature = "test-hooks")]
    crate::live::HANDLES.given_back();
    // SAFETY: the caller's promise: `reset_password_open` made it, and this is its end.
    let handle = unsafe { Box::from_raw(user_management) };
    handle.0.close();
    // A panic leaves nothing to free.
    let _ = guard(|| {
        drop(handle);
        Ok(())
    });
}

/// The code of a status as the reference writes it, such as `user_not_found`; NULL for a number that is no
/// status.
#[unsafe(no_mangle)]
#[expect(unsafe_code, reason = "C calls it by its name")]
pub extern "C" fn reset_password_status_code(status: i32) -> *const c_char {
    code_of(status).map_or(ptr::null(), CStr::as_ptr)
}

/// The version of the library, such as `0.1.0`.
#[unsafe(no_mangle)]
#[expect(unsafe_code, reason = "C calls it by its name")]
pub extern "C" fn reset_password_version() -> *const c_char {
    const VERSION: &CStr =
        match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
            Ok(version) => version,
            Err(_) => c"",
        };
    VERSION.as_ptr()
}

/// Where something is to be put, with something harmless in it.
///
/// # Safety
///
/// The pointer is null, or `T` can be written there.
#[expect(unsafe_code, reason = "C gives a pointer")]
unsafe fn place<'a, T>(pointer: *mut T, harmless: T) -> Option<&'a mut T> {
    if pointer.is_null() {
        return None;
    }
    // SAFETY: the caller's promise; it is written before it is read, so it may have held anything.
    unsafe {
        pointer.write(harmless);
        pointer.as_mut()
    }
}

fn absent(argument: &'static str) -> Error {
    Error::field(argument, "required", format!("{argument} must not be NULL"))
}

fn failed(error: &Error, answer: Option<&mut ResetPasswordBuffer>) -> ResetPasswordStatus {
    fill(answer, &error.info(), error.code().into())
}

/// Whoever has no use for the answer gives no place for it.
fn fill(
    answer: Option<&mut ResetPasswordBuffer>,
    document: &impl Serialize,
    status: ResetPasswordStatus,
) -> ResetPasswordStatus {
    let Some(answer) = answer else {
        return status;
    };
    let written = guard(|| ResetPasswordBuffer::holding(document).map_err(Error::internal));
    match written {
        Ok(buffer) => {
            *answer = buffer;
            status
        }
        Err(error) => error.code().into(),
    }
}
