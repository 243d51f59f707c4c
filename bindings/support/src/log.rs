//! The engine's log, for whoever looks for the cause of an `internal` or a `storage_unavailable`.

use std::{env, io, sync::Once};

use tracing_subscriber::{EnvFilter, fmt};

/// What to show, such as `warn` or `reset_password_core=debug`; the command line reads it too. A library that
/// is not asked logs nothing.
const VARIABLE: &str = "RUST_LOG";

static BEGUN: Once = Once::new();

/// Shows on standard error what the environment asks for, from the first handle on.
pub(crate) fn begin() {
    BEGUN.call_once(|| {
        let asked = env::var(VARIABLE).ok().filter(|filter| !filter.is_empty());
        if let Some(filter) = asked {
            let log = fmt()
                .with_env_filter(EnvFilter::builder().parse_lossy(filter))
                .with_writer(io::stderr)
                .with_ansi(false)
                .log_internal_errors(false);
            // It fails where the host is written in Rust too and has a log of its own.
            let _ = log.try_init();
        }
    });
}
