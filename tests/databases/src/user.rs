//! Whom the servers run as.

use rustix::process::geteuid;

/// The user `nobody` and its group, on every Linux.
const NOBODY: u32 = 65534;

/// The user to run servers as when it is not the current one: PostgreSQL and `PgBouncer` refuse to be root.
pub fn unprivileged() -> Option<u32> {
    geteuid().is_root().then_some(NOBODY)
}
