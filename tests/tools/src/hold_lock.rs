//! `hold-lock --database URL` keeps everybody else from changing users and resets: it says `locked` when that is
//! so, and ends when its standard input does.

#![forbid(unsafe_code)]

use std::{
    io::{self, Read, Write},
    process::ExitCode,
};

use clap::Parser;
use reset_password_test_tools::{Backdoor, Outcome};

/// Keeps everybody else from changing users and resets.
#[derive(Parser)]
struct Arguments {
    /// The database, a path or a URL
    #[arg(long, value_name = "URL")]
    database: String,
}

fn main() -> ExitCode {
    match hold(&Arguments::parse().database) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("hold-lock: {error}");
            ExitCode::FAILURE
        }
    }
}

fn hold(database: &str) -> Outcome<()> {
    let mut backdoor = Backdoor::open(database)?;
    backdoor.lock()?;
    let mut output = io::stdout().lock();
    writeln!(output, "locked")?;
    output.flush()?;
    io::stdin().lock().read_to_end(&mut Vec::new())?;
    Ok(())
}
