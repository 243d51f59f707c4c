//! `users`: a users' table that is there already.

mod entries;
mod fields;
mod import;

use clap::{Args, Subcommand};
use reset_password::{DatabaseUrl, Fitting, UsersCheck, blocking::UserManagement};
use serde::Serialize;

use crate::{
    arguments::Global,
    exit::Exit,
    failure::{Failure, input},
    output::Page,
};

/// Shown by `users --help`.
pub const AFTER_HELP: &str = "\
Example:
  reset-password users inspect
";

/// A users' table that is there already.
#[derive(Debug, Subcommand)]
pub enum Users {
    /// Hold a users' table against what --users says of it
    #[command(after_help = "\
Holds what --users says against the database, then makes a whole reset for one of the accounts, redeems it, and rolls it \
back. What is missing or refused is told, and what slows a reset down or watches it.

Example:
  reset-password users check --users own
")]
    Check,
    /// Print what the engine has to be granted on a users' table
    Grant(Grant),
    /// Take users, with the hashes of their passwords, from another system's export into a table of the engine's own
    Import(import::Import),
    /// Tell which framework's users' table a database has, and print the file for --users
    #[command(after_help = "\
The engine's own tables are made, if they are not there.

Example:
  reset-password users inspect
")]
    Inspect,
}

/// Prints grants.
#[derive(Debug, Args)]
#[command(after_help = "\
For the user that the application connects as, to be run by the owner of the tables. On the engine's own tables it needs \
SELECT, INSERT, UPDATE and DELETE.

Example:
  reset-password users grant --users own app
")]
pub struct Grant {
    /// The database's user that the application connects as
    #[arg(value_name = "USER")]
    user: String,
}

/// What was checked.
#[derive(Serialize)]
struct Checked<'a> {
    object: &'static str,
    users: &'a str,
    usable: bool,
    rehearsed: bool,
    warnings: &'a [String],
}

/// A preset that fits.
#[derive(Serialize)]
struct Shown<'a> {
    preset: &'a str,
    table: &'a str,
    mapping: &'a str,
}

/// A statement that grants.
#[derive(Serialize)]
struct Statement {
    statement: String,
}

impl Users {
    pub fn run(&self, global: &Global) -> Result<Exit, Failure> {
        match self {
            Self::Check => check(global),
            Self::Grant(grant) => grant.run(global),
            Self::Import(import) => import.run(global),
            Self::Inspect => inspect(global),
        }
    }
}

/// What `--users` says.
fn told(global: &Global) -> Result<String, Failure> {
    let users = global.settings()?.engine.options().users;
    users.ok_or_else(|| {
        input(
            "users",
            "required",
            "give --users: a preset's name, or the file of a mapping",
        )
    })
}

/// The same database with the engine's own users' table, which any has.
fn open_without(global: &Global) -> Result<UserManagement, Failure> {
    let settings = global.settings()?;
    let mut options = settings.engine.clone().options();
    options.users = None;
    Ok(UserManagement::open(settings.database(), options)?)
}

fn check(global: &Global) -> Result<Exit, Failure> {
    let users = told(global)?;
    let handle = global.open()?;
    let UsersCheck {
        rehearsed,
        warnings,
    } = handle.check_users(&users)?;
    handle.close();
    let checked = Checked {
        object: "users_check",
        users: &users,
        usable: true,
        rehearsed,
        warnings: &warnings,
    };
    global.output().show(&checked, |text| {
        text.line(if rehearsed {
            "resets work: one was made for an account, redeemed, and rolled back"
        } else {
            "the users' table has what a reset needs; it has no account to try one on"
        });
        for warning in &warnings {
            text.line(format!("warning: {warning}"));
        }
    })?;
    Ok(Exit::Done)
}

fn inspect(global: &Global) -> Result<Exit, Failure> {
    let handle = open_without(global)?;
    let found = handle.inspect_users()?;
    handle.close();
    let shown: Vec<_> = found
        .iter()
        .map(
            |Fitting {
                 preset,
                 table,
                 mapping,
             }| Shown {
                preset,
                table,
                mapping,
            },
        )
        .collect();
    global
        .output()
        .show(&Page::whole(&shown), |text| match shown.as_slice() {
            [] => text.line("no preset fits: write a mapping (docs/guides/existing-users.md)"),
            [one] => {
                text.line(format!(
                    "# the table {} is as {} makes it",
                    one.table, one.preset
                ));
                for line in one.mapping.lines() {
                    text.line(line);
                }
            }
            many => {
                text.line("several presets fit:");
                for one in many {
                    text.line(format!("  {} ({})", one.preset, one.table));
                }
            }
        })?;
    Ok(Exit::Done)
}

impl Grant {
    fn run(&self, global: &Global) -> Result<Exit, Failure> {
        let users = told(global)?;
        let settings = global.settings()?;
        let quote = match DatabaseUrl::parse(settings.database())? {
            DatabaseUrl::Sqlite(_) => {
                return Err(input(
                    "database",
                    "unsupported",
                    "SQLite has no users and no privileges",
                ));
            }
            DatabaseUrl::Postgres(_) => '"',
            DatabaseUrl::Mysql(_) => '`',
        };
        let is_name = |c: char| c.is_alphanumeric() || "_-.@%".contains(c);
        if self.user.is_empty() || !self.user.chars().all(is_name) {
            return Err(input(
                "user",
                "invalid",
                "the user's name has letters, digits and _ - . @ % alone",
            ));
        }
        let user = match (quote, self.user.split_once('@')) {
            ('`', Some((name, host))) => format!("'{name}'@'{host}'"),
            ('`', None) => format!("'{}'@'%'", self.user),
            _ => format!("\"{}\"", self.user),
        };
        let handle = open_without(global)?;
        let grants = handle.user_grants(&users)?;
        handle.close();
        let statements: Vec<_> = grants
            .iter()
            .map(|grant| {
                let parts: Vec<_> = grant
                    .table
                    .split('.')
                    .map(|part| format!("{quote}{part}{quote}"))
                    .collect();
                Statement {
                    statement: format!(
                        "GRANT {} ON {} TO {user};",
                        grant.privileges,
                        parts.join(".")
                    ),
                }
            })
            .collect();
        global.output().show(&Page::whole(&statements), |text| {
            for one in &statements {
                text.line(&one.statement);
            }
        })?;
        Ok(Exit::Done)
    }
}
