//! The arguments that every command takes.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser};
use reset_password::{Error, Options, blocking::UserManagement};

use crate::{commands::Command, exit, output::Output};

const AFTER_HELP: &str = "\
A password, a token or a password hash is never an argument. Where a command needs one, it is asked \
for on the terminal if there is one, and else read from standard input; --password-stdin, \
--password-file FILE and --password-prompt say which, and likewise --token-… and --password-hash-…. \
FILE may be - for standard input. One line end at the end is dropped, everything else is kept. At \
most 64 KiB are read.

The database's key is in a file beside it, such as reset-password.db.key, unless --key-file or the \
environment variable RESET_PASSWORD_KEY_FILE names another; a key kept elsewhere is safer. Give \
every command on one database the same engine options.

Example:
  reset-password migrate
  reset-password user create ada@example.com
  reset-password reset create ada@example.com --show-link
  reset-password doctor
";

/// Users and their password resets, on a database.
#[derive(Debug, Parser)]
#[command(
    name = "reset-password",
    version,
    about = "Users, password resets and the care of their database",
    after_help = format!("{AFTER_HELP}\n{}", exit::TABLE),
    max_term_width = 100
)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes, before or after its name.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    #[arg(
        help = "The database: a path, sqlite:path or sqlite:///absolute/path",
        long,
        global = true,
        value_name = "URL",
        env = "RESET_PASSWORD_DATABASE",
        hide_env_values = true,
        default_value = "reset-password.db"
    )]
    pub database: String,
    /// Answer with one JSON document; errors too, on standard error
    #[arg(long, global = true)]
    pub json: bool,
    #[arg(
        help = "Show the engine's log on standard error; more with -vv and -vvv. RUST_LOG goes \
                before it",
        short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    #[command(flatten)]
    pub engine: EngineOptions,
}

/// How the engine behaves.
#[derive(Debug, Args)]
#[command(next_help_heading = "Engine options")]
pub struct EngineOptions {
    #[arg(
        help = "The file of the secret key [default: RESET_PASSWORD_KEY_FILE, or beside the database]",
        long,
        global = true,
        hide_short_help = true,
        value_name = "FILE"
    )]
    key_file: Option<PathBuf>,
    /// The page that links lead to: https, or http on this machine
    #[arg(long, global = true, hide_short_help = true, value_name = "URL")]
    reset_url: Option<String>,
    /// How long a token works: 300 to 86400
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        value_name = "SECONDS",
        default_value_t = Options::default().token_lifetime
    )]
    token_lifetime: u64,
    /// Keep no encrypted copy of tokens: a link can then be seen only when it is made
    #[arg(long, global = true, hide_short_help = true)]
    pub no_seal_tokens: bool,
    /// Least length of a password: 8 to 64
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        value_name = "N",
        default_value_t = Options::default().password_min_length
    )]
    password_min_length: u32,
    /// A name of the service, which no password may be a version of; may be repeated
    #[arg(long, global = true, hide_short_help = true, value_name = "NAME")]
    service_name: Vec<String>,
    /// Memory of one Argon2id hash, in KiB
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        value_name = "N",
        default_value_t = Options::default().argon2_memory_kib
    )]
    argon2_memory_kib: u32,
    /// Passes of one Argon2id hash over its memory
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        value_name = "N",
        default_value_t = Options::default().argon2_iterations
    )]
    argon2_iterations: u32,
    /// Memory that all hashes at work may take together, in KiB
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        value_name = "N",
        default_value_t = Options::default().memory_budget_kib
    )]
    memory_budget_kib: u32,
    /// Leave the database's tables as they are, and stop if they are out of date
    #[arg(long, global = true, hide_short_help = true)]
    pub no_migrate: bool,
}

impl Global {
    /// The engine's options.
    pub fn options(&self) -> Options {
        let engine = &self.engine;
        Options {
            key_file: engine.key_file.clone(),
            reset_url: engine.reset_url.clone(),
            token_lifetime: engine.token_lifetime,
            seal_tokens: !engine.no_seal_tokens,
            password_min_length: engine.password_min_length,
            service_names: engine.service_name.clone(),
            argon2_memory_kib: engine.argon2_memory_kib,
            argon2_iterations: engine.argon2_iterations,
            memory_budget_kib: engine.memory_budget_kib,
            migrate: !engine.no_migrate,
            ..Options::default()
        }
    }

    /// Opens the database.
    pub fn open(&self) -> Result<UserManagement, Error> {
        UserManagement::open(&self.database, self.options())
    }

    /// Where answers go.
    pub const fn output(&self) -> Output {
        Output::new(self.json)
    }
}
