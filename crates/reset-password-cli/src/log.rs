//! The log, on standard error: the engine's for whoever asks for it, the service's always.

use std::{
    env,
    io::{self, IsTerminal},
};

use tracing_subscriber::{EnvFilter, fmt};

use crate::options::LogFormat;

/// Shows what `RUST_LOG` asks for, else what `-v` does, else nothing: an error is told in the answer.
pub fn begin(verbose: u8) {
    if let Some(filter) = filter(verbose, None) {
        show(filter, LogFormat::Pretty);
    }
}

/// Shows what the service does, as JSON unless a person looks on.
pub fn begin_service(format: Option<LogFormat>, verbose: u8) {
    let format = format.unwrap_or_else(|| {
        if io::stderr().is_terminal() {
            LogFormat::Pretty
        } else {
            LogFormat::Json
        }
    });
    if let Some(filter) = filter(verbose, Some("info")) {
        show(filter, format);
    }
}

fn filter(verbose: u8, least: Option<&str>) -> Option<EnvFilter> {
    let variable = env::var("RUST_LOG")
        .ok()
        .filter(|directives| !directives.is_empty());
    let directives = match (variable.as_deref(), verbose) {
        (Some(directives), _) => directives,
        (None, 0) => least?,
        (None, 1) if least.is_none() => "info",
        (None, 1 | 2) => "debug",
        (None, _) => "trace",
    };
    Some(EnvFilter::builder().parse_lossy(directives))
}

fn show(filter: EnvFilter, format: LogFormat) {
    let colour = io::stderr().is_terminal() && env::var_os("NO_COLOR").is_none();
    let log = fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(colour)
        .log_internal_errors(false);
    let _ = match format {
        LogFormat::Json => log.json().flatten_event(true).try_init(),
        LogFormat::Pretty => log.try_init(),
    };
}
