//! What the tests of the field's failures share: the service as its links lead to a host, the engine in this process,
//! and what attackers send. What fails panics.

#![forbid(unsafe_code)]
#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test can do nothing without what it tests"
)]

pub mod corpus;

mod clock;
mod in_process;
mod medians;

pub use clock::{TestClock, Timed};
pub use in_process::{InProcess, cheap};
pub use medians::medians;
use reset_password_test_service::Fixture;

/// The page that links lead to.
pub const RESET_URL: &str = "https://example.com/reset-password";

/// A service whose links lead there.
#[must_use]
pub fn service() -> Fixture {
    Fixture::with(&["--reset-url", RESET_URL])
}
