//! The engine's log, on standard error, for whoever asks for it.

use std::{
    env,
    io::{self, IsTerminal},
};

use tracing_subscriber::{EnvFilter, fmt};

/// Shows what `RUST_LOG` asks for, else what `-v` does, else nothing: an error is told in the answer.
pub fn begin(verbose: u8) {
    let variable = env::var("RUST_LOG")
        .ok()
        .filter(|directives| !directives.is_empty());
    let directives = match (variable.as_deref(), verbose) {
        (Some(directives), _) => directives,
        (None, 0) => return,
        (None, 1) => "info",
        (None, 2) => "debug",
        (None, _) => "trace",
    };
    let colour = io::stderr().is_terminal() && env::var_os("NO_COLOR").is_none();
    let _ = fmt()
        .with_env_filter(EnvFilter::builder().parse_lossy(directives))
        .with_writer(io::stderr)
        .with_ansi(colour)
        .log_internal_errors(false)
        .try_init();
}
