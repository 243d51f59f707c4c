//! What a call answers: memory that the caller gives back.

use std::{ffi::c_char, ptr, slice};

use reset_password_bindings::Detail;
use serde::Serialize;
use zeroize::Zeroize;

/// An answer: JSON in UTF-8, with a NUL after it that is not counted. It may hold secrets. Give it back
/// with `reset_password_buffer_free`, which wipes it.
#[repr(C)]
#[derive(Debug)]
pub struct ResetPasswordBuffer {
    /// The first octet, or null for no answer.
    pub data: *mut c_char,
    /// Octets before the NUL.
    pub length: usize,
}

/// Wipes an answer and gives its memory back. The buffer is empty afterwards, so that a second call does
/// nothing. NULL and an empty buffer are allowed.
///
/// # Safety
///
/// The buffer is null, empty, or one that a call of this library filled, unchanged since, and no copy of which has
/// been given back.
#[unsafe(no_mangle)]
#[expect(unsafe_code, reason = "C gives a pointer")]
pub unsafe extern "C" fn reset_password_buffer_free(buffer: *mut ResetPasswordBuffer) {
    // SAFETY: the caller's promise: it is null or points to a buffer.
    let Some(buffer) = (unsafe { buffer.as_mut() }) else {
        return;
    };
    let ResetPasswordBuffer { data, length } =
        std::mem::replace(buffer, ResetPasswordBuffer::EMPTY);
    if data.is_null() {
        return;
    }
    // SAFETY: the caller's promise: `holding` made it, from a boxed slice of that length and the NUL.
    let mut owned =
        unsafe { Box::from_raw(ptr::slice_from_raw_parts_mut(data.cast::<u8>(), length + 1)) };
    owned.zeroize();
    #[cfg(feature = "test-hooks")]
    crate::live::BUFFERS.given_back();
}

impl ResetPasswordBuffer {
    pub(crate) const EMPTY: Self = Self {
        data: ptr::null_mut(),
        length: 0,
    };

    /// A new buffer with a document. The room is counted first, so that no copy is left behind where it grew.
    pub(crate) fn holding(document: &impl Serialize) -> serde_json::Result<Self> {
        let mut counter = Counter(0);
        serde_json::to_writer(&mut counter, document)?;
        let mut octets = vec![0; counter.0 + 1].into_boxed_slice();
        serde_json::to_writer(&mut *octets, document)?;
        #[cfg(feature = "test-hooks")]
        crate::live::BUFFERS.made();
        Ok(Self {
            data: Box::leak(octets).as_mut_ptr().cast(),
            length: counter.0,
        })
    }
}

/// Counts what is written.
struct Counter(usize);

impl std::io::Write for Counter {
    fn write(&mut self, octets: &[u8]) -> std::io::Result<usize> {
        self.0 += octets.len();
        Ok(octets.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The arguments that a caller gave as a pointer and a length. NULL is not "none": a caller whose JSON library
/// failed has it with a length of 0, or has -1 as a `size_t`.
///
/// # Errors
///
/// `arguments_required`, `arguments_too_long`.
///
/// # Safety
///
/// `data` is null, or `length` octets can be read there while the slice is in use.
#[expect(unsafe_code, reason = "C gives a pointer")]
pub(crate) unsafe fn octets<'a>(data: *const c_char, length: usize) -> Result<&'a [u8], Detail> {
    if data.is_null() {
        let message = "arguments must not be NULL; {} is none";
        return Err(Detail::field("arguments", "required", message));
    }
    if length > isize::MAX.unsigned_abs() {
        let message = "arguments is too long";
        return Err(Detail::field("arguments", "too_long", message));
    }
    // SAFETY: the caller's promise, and the length is one that a slice may have.
    Ok(unsafe { slice::from_raw_parts(data.cast(), length) })
}
