//! The C library: arguments and answers are JSON texts, an operation is named by its name.
//!
//! The header `include/reset_password.h` is written from this source by `scripts/update`.

mod answer;
mod buffer;
mod functions;
mod operations;
mod status;

pub use crate::{
    buffer::{ResetPasswordBuffer, reset_password_buffer_free},
    functions::{
        ResetPasswordCancellation, ResetPasswordUserManagement, reset_password_call,
        reset_password_call_until, reset_password_cancellation_cancel,
        reset_password_cancellation_free, reset_password_cancellation_new, reset_password_close,
        reset_password_free, reset_password_open, reset_password_status_code,
        reset_password_version,
    },
    status::ResetPasswordStatus,
};

#[cfg(feature = "test-hooks")]
pub mod live;
