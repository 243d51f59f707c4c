//! Runs one set of scenarios on every surface, then mixes the surfaces on one database, then lets them
//! race for one token, and holds each language's signatures against the reference.

#![forbid(unsafe_code)]

mod another_system;
mod argument;
mod clock;
mod codes;
mod database;
mod details;
mod expected;
mod limits;
mod matching;
mod mixed;
mod operations;
mod place;
mod play;
mod private;
mod race;
mod reference;
mod report;
mod run;
mod scenario;
mod signatures;
mod surfaces;
mod templates;
mod values;
mod yaml;

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Parser;

/// Every surface, in the order of the matrix.
pub const SURFACES: [&str; 12] = [
    "rust",
    "http",
    "cli",
    "python",
    "python-async",
    "node",
    "ruby",
    "java",
    "php",
    "go",
    "kotlin",
    "c",
];

/// Runs every scenario on every surface and prints what came of it.
#[derive(Parser)]
#[command(name = "tests/conformance/run")]
pub struct Arguments {
    /// Only this surface; may be repeated [default: all]
    #[arg(long = "surface", value_name = "NAME", value_parser = SURFACES)]
    surfaces: Vec<String>,
    /// Only this scenario, and neither mixtures nor races nor signatures; may be repeated
    #[arg(long = "scenario", value_name = "ID")]
    scenarios: Vec<String>,
    /// The database that all of it is played on
    #[arg(long, value_name = "NAME", default_value = "sqlite", value_parser = place::DATABASES)]
    database: String,
    /// On the users' table of another system, which adds its users itself: the scenarios that have a meaning there, and
    /// neither mixtures nor races nor signatures
    #[arg(long)]
    another_system: bool,
    /// Fifty rounds of each race instead of ten
    #[arg(long)]
    long: bool,
    /// Write the results to FILE
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// The reset-password command
    #[arg(long, value_name = "FILE")]
    command: PathBuf,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    match run::run(&arguments, home) {
        Ok(report) => {
            let _ = std::io::stdout().lock().write_all(report.text().as_bytes());
            let written = arguments.json.as_ref().map(|path| {
                std::fs::write(path, report.json().to_string())
                    .map_err(|error| format!("{}: {error}", path.display()))
            });
            if let Some(Err(why)) = written {
                eprintln!("conformance: {why}");
                return ExitCode::FAILURE;
            }
            if report.failed() == 0 {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            }
        }
        Err(why) => {
            eprintln!("conformance: {why}");
            ExitCode::FAILURE
        }
    }
}
