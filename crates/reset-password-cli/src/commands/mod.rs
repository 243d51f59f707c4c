//! The commands, one file for each concept.

mod api_key;
mod audit;
mod database;
mod doctor;
mod events;
mod health;
mod key;
mod mail;
mod pages;
mod password;
mod reset;
mod serve;
mod user;
mod users;
mod webhook;

use clap::{CommandFactory, Parser, Subcommand};

use crate::{
    arguments::Global,
    exit::{self, Exit},
    failure::Failure,
};

const AFTER_HELP: &str = "\
A password, a token or a password hash is never an argument. Where a command needs one, it is asked \
for on the terminal if there is one, and else read from standard input; --password-stdin, \
--password-file FILE and --password-prompt say which, and likewise --token-… and --password-hash-…. \
FILE may be - for standard input. One line end at the end is dropped, everything else is kept. At \
most 64 KiB are read.

A database is a SQLite file, or on a PostgreSQL, MySQL or MariaDB server. The password of a server's \
URL is never an argument either: the URL that has one belongs in the environment variable \
RESET_PASSWORD_DATABASE or in the file that --config names.

A SQLite file's key is in a file beside it, such as reset-password.db.key, unless --key-file or the \
environment variable RESET_PASSWORD_KEY_FILE names another; a key kept elsewhere is safer. A database \
on a server needs a key file. Give every command on one database the same engine options.

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

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Keys for the HTTP service
    #[command(name = "api-key", subcommand, after_help = api_key::AFTER_HELP)]
    ApiKey(api_key::ApiKeys),
    /// The audit trail
    #[command(subcommand, after_help = audit::AFTER_HELP)]
    Audit(audit::Audit),
    /// Print a completion script for a shell
    Completions(pages::Completions),
    /// Look at the installation: what is well, what is not, and how to mend it
    #[command(after_help = doctor::AFTER_HELP)]
    Doctor,
    /// Show what happened, oldest first
    Events(events::Events),
    /// Ask the service that runs here whether it can work
    Health(health::Health),
    /// The secret key
    #[command(subcommand, after_help = key::AFTER_HELP)]
    Key(key::Key),
    /// The way that mail takes
    #[command(subcommand, after_help = mail::AFTER_HELP)]
    Mail(mail::Mail),
    /// Print the manual page
    Man(pages::Man),
    /// Bring the database's tables up to date, making the database if there is none
    #[command(after_help = database::MIGRATE_HELP)]
    Migrate,
    /// Passwords and the policy
    #[command(subcommand, after_help = password::AFTER_HELP)]
    Password(password::Password),
    /// Remove resets that expired a day ago, and records and events older than 90 days
    Purge(database::Purge),
    /// Password resets and their links
    #[command(subcommand, after_help = reset::AFTER_HELP)]
    Reset(reset::Reset),
    /// Answer over HTTP: the contract of the vendor's SDKs, and Maia's
    Serve(serve::Serve),
    /// Users
    #[command(subcommand, after_help = user::AFTER_HELP)]
    User(user::User),
    /// A users' table that is there already
    #[command(subcommand, after_help = users::AFTER_HELP)]
    Users(users::Users),
    /// Endpoints that events are sent to
    #[command(subcommand, after_help = webhook::AFTER_HELP)]
    Webhook(webhook::Webhook),
}

/// Runs the command.
pub fn run(cli: &Cli) -> Result<Exit, Failure> {
    let global = &cli.global;
    match &cli.command {
        Command::ApiKey(keys) => keys.run(global),
        Command::Audit(audit) => audit.run(global),
        Command::Completions(completions) => completions.run(Cli::command()),
        Command::Doctor => doctor::look(global),
        Command::Events(events) => events.run(global),
        Command::Health(health) => health.run(global),
        Command::Key(key) => key.run(global),
        Command::Mail(mail) => mail.run(global),
        Command::Man(man) => man.run(Cli::command()),
        Command::Migrate => database::migrate(global),
        Command::Password(password) => password.run(global),
        Command::Purge(purge) => purge.run(global),
        Command::Reset(reset) => reset.run(global),
        Command::Serve(serve) => serve.run(global),
        Command::User(user) => user.run(global),
        Command::Users(users) => users.run(global),
        Command::Webhook(webhook) => webhook.run(global),
    }
}
