//! `age-reset --database URL --id password_reset_… --seconds N` makes a live reset older by so many
//! seconds, as if that much time had passed: nothing that serves it has a clock that a test could set.

#![forbid(unsafe_code)]

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::Parser;
use reset_password_test_tools::age_reset;

/// Makes a live password reset older.
#[derive(Parser)]
struct Arguments {
    /// The database, a path or a URL; a service may be using it
    #[arg(long, value_name = "URL")]
    database: String,
    /// The file of the secret key [default: the path of SQLite's file and `.key`]
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// The reset
    #[arg(long, value_name = "PASSWORD_RESET_ID")]
    id: String,
    /// How much older
    #[arg(long)]
    seconds: u64,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let key_file = arguments.key_file.as_deref();
    let age = Duration::from_secs(arguments.seconds);
    match age_reset(&arguments.database, key_file, None, &arguments.id, age) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("age-reset: {error}");
            ExitCode::FAILURE
        }
    }
}
