//! The commands, one file for each concept.

mod api_key;
mod audit;
mod database;
mod doctor;
mod events;
mod key;
mod pages;
mod password;
mod reset;
mod serve;
mod user;

use clap::Subcommand;

use crate::{arguments::Cli, exit::Exit, failure::Failure};

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
    /// The secret key
    #[command(subcommand, after_help = key::AFTER_HELP)]
    Key(key::Key),
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
}

/// Runs the command.
pub fn run(cli: &Cli) -> Result<Exit, Failure> {
    let global = &cli.global;
    match &cli.command {
        Command::ApiKey(keys) => keys.run(global),
        Command::Audit(audit) => audit.run(global),
        Command::Completions(completions) => completions.run(),
        Command::Doctor => doctor::look(global),
        Command::Events(events) => events.run(global),
        Command::Key(key) => key.run(global),
        Command::Man(man) => man.run(),
        Command::Migrate => database::migrate(global),
        Command::Password(password) => password.run(global),
        Command::Purge(purge) => purge.run(global),
        Command::Reset(reset) => reset.run(global),
        Command::Serve(serve) => serve.run(global),
        Command::User(user) => user.run(global),
    }
}
