//! How long things may take.

use std::time::Duration;

/// One call.
pub const CALL: Duration = Duration::from_mins(1);
/// The start of a driver, or of the service.
pub const START: Duration = Duration::from_mins(1);
