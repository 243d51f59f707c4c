//! The `reset-password` command.
//!
//! A thin way in: every command reads its arguments and secrets, makes one call of the engine and shows
//! the answer. Secrets are read in [`secret_input`], errors become exit codes in [`exit`].

mod arguments;
mod commands;
mod exit;
mod failure;
mod log;
mod memory;
mod named_user;
mod options;
mod output;
mod prompt;
mod secret_input;
mod secret_source;
mod settings;
mod token_file;
mod usage;

use std::{
    panic,
    process::{self, ExitCode},
};

use clap::Parser;
use reset_password::{Code, Error};

use crate::{
    commands::Cli,
    exit::Exit,
    failure::{Failure, report},
};

fn main() -> ExitCode {
    panic::set_hook(Box::new(|panic| {
        // Not the message, which may hold what was being worked on.
        let location = panic.location().map(ToString::to_string);
        tracing::error!(location, "a panic was caught");
    }));
    let exit = panic::catch_unwind(run).unwrap_or_else(|_| {
        report(
            &Failure::Engine(Error::new(Code::Internal)),
            usage::wants_json(),
        )
    });
    exit.into()
}

fn run() -> Exit {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage::explain(error),
    };
    if !matches!(cli.command, commands::Command::Serve(_)) {
        log::begin(cli.global.verbose);
    }
    match commands::run(&cli) {
        Ok(exit) => exit,
        Err(Failure::Interrupted) => {
            // The terminal is as it was; the shell must see that the command ended by the signal.
            let _ = rustix::process::kill_process(
                rustix::process::getpid(),
                rustix::process::Signal::INT,
            );
            process::exit(130)
        }
        Err(failure) => report(&failure, cli.global.json),
    }
}
