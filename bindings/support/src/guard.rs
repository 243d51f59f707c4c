//! What stands between a panic and the host.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
};

use reset_password::Error;

/// Does the work. A panic within it becomes `internal`: nothing unwinds into a host.
///
/// What the work shares with other calls is the engine, which holds no lock while it runs a caller's
/// code and whose state a panic leaves whole: a transaction that was not committed is rolled back.
///
/// # Errors
///
/// Those of the work, and `internal`.
pub fn guard<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(internal(&*panic)))
}

/// The panic's own text is the source, which no surface shows.
fn internal(panic: &(dyn Any + Send)) -> Error {
    let text = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    let text = text.unwrap_or_else(|| "a panic".to_owned());
    tracing::error!(panic = text, "the engine panicked");
    Error::internal(text)
}

#[cfg(test)]
mod tests {
    use reset_password::Code;

    use super::*;

    #[test]
    fn sec87_a_panic_becomes_an_error() {
        let error = guard(|| -> Result<(), Error> { panic!("no {}", "detail") }).unwrap_err();
        assert_eq!(error.code(), Code::Internal);
        assert_eq!(error.message(), Code::Internal.message());
        assert_eq!(guard(|| Ok(1)).unwrap(), 1);
    }
}
