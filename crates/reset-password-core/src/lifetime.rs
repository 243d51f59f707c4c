//! How long a link may work at the most.

use std::time::Duration;

/// One that sets another password (NIST SP 800-63B-4, section 4.2.1.2).
pub const LONGEST: Duration = Duration::from_hours(24);

/// One that sets the first, as an invitation does.
pub const LONGEST_OF_FIRST: Duration = Duration::from_hours(7 * 24);
