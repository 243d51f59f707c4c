//! `migrate` and `purge`: the care of the database.

use std::io::{self, IsTerminal};

use clap::Args;
use reset_password::{Code, Purged, blocking::UserManagement};
use serde::Serialize;

use crate::{
    arguments::Global,
    exit::Exit,
    failure::{Failure, input, say},
};

/// Rows of each kind that one batch of a purge removes.
const BATCH: u32 = 1_000;

/// Shown by `migrate --help`.
pub const MIGRATE_HELP: &str = "\
Every other command does the same unless it is given --no-migrate.

Example:
  reset-password migrate
  reset-password --database sqlite:app.db migrate
";

/// What a migration did.
#[derive(Serialize)]
struct Migration {
    object: &'static str,
    changed: bool,
}

/// Brings the tables up to date.
pub fn migrate(global: &Global) -> Result<Exit, Failure> {
    let settings = global.settings()?;
    if settings.engine.migrate == Some(false) {
        return Err(input(
            "no_migrate",
            "invalid",
            "--no-migrate leaves migrate nothing to do",
        ));
    }
    let mut options = settings.engine.clone().options();
    options.migrate = false;
    let changed = match UserManagement::open(settings.database(), options) {
        Ok(_) => false,
        Err(error) if error.code() == Code::ConfigInvalid => {
            global.open()?;
            true
        }
        Err(error) => return Err(error.into()),
    };
    global.output().show(
        &Migration {
            object: "migration",
            changed,
        },
        |text| {
            text.line(if changed {
                "the database's tables were brought up to date"
            } else {
                "the database's tables are up to date"
            });
        },
    )?;
    Ok(Exit::Done)
}
/// Removes what nobody needs.
#[derive(Debug, Args)]
#[command(after_help = "\
Without --limit it goes on, a thousand rows at a time, until nothing is left to remove; other \
processes can work in between. With --limit it removes one batch.

Example:
  reset-password purge
  reset-password purge --limit 500
")]
pub struct Purge {
    /// Remove one batch of at most N rows of each kind: 1 to 10000
    #[arg(long, value_name = "N")]
    limit: Option<u32>,
}

impl Purge {
    pub fn run(&self, global: &Global) -> Result<Exit, Failure> {
        let handle = global.open()?;
        let shows_progress = !global.json && io::stderr().is_terminal();
        let batch = self.limit.unwrap_or(BATCH);
        let mut sum = Purged::default();
        loop {
            let removed = handle.purge(batch)?;
            sum.password_resets += removed.password_resets;
            sum.events += removed.events;
            sum.requests += removed.requests;
            if self.limit.is_some() || removed.most() < u64::from(batch) {
                break;
            }
            if shows_progress {
                say(&format!(
                    "\r{} rows so far",
                    sum.password_resets + sum.events + sum.requests
                ));
            }
        }
        if shows_progress {
            say("\r\x1b[K");
        }
        handle.close();
        global.output().show(&sum, |text| {
            text.line("removed");
            text.fields(&[
                ("password_resets", Some(sum.password_resets.to_string())),
                ("events", Some(sum.events.to_string())),
                ("requests", Some(sum.requests.to_string())),
            ]);
        })?;
        Ok(Exit::Done)
    }
}
