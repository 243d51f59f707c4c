//! `mail`: the way that mail takes.

use clap::{Args, Subcommand};
use reset_password::Error;
use reset_password_mail::Mailer;
use serde_json::json;

use crate::{arguments::Global, exit::Exit, failure::Failure, options::ServiceOptions};

/// Shown by `mail --help`.
pub const AFTER_HELP: &str = "\
Example:
  reset-password mail test --to me@example.com
";

/// Mail.
#[derive(Debug, Subcommand)]
pub enum Mail {
    /// Send a mail that says that mail arrives
    Test(Test),
}

/// Sends a test.
#[derive(Debug, Args)]
#[command(after_help = "\
Takes the settings of `serve`, from options, variables or the file that --config names, and sends one \
mail as the service would: the same server, the same user, the same sender. No database is opened. \
The exit code is 0 once the server has taken the mail. Whether it arrives, and where, only its reader \
sees.

Example:
  reset-password mail test --to me@example.com --config /etc/reset-password.toml
  reset-password mail test --to me@example.com --service-name Example --smtp-url smtp://127.0.0.1:2525 \
    --mail-from no-reply@example.com --mail-contact help@example.com
")]
pub struct Test {
    /// Whom to send it to
    #[arg(long, value_name = "ADDRESS")]
    to: String,
    #[command(flatten)]
    service: ServiceOptions,
}

impl Mail {
    pub fn run(&self, global: &Global) -> Result<Exit, Failure> {
        let Self::Test(test) = self;
        let settings = global.settings_with(&test.service)?;
        let names = settings.engine.service_names.as_deref();
        let mail = settings.service.config(names)?.mail;
        let mail = mail.ok_or_else(|| {
            Error::config("there is no way for mail: give --smtp-url and --mail-from, as for serve")
        })?;
        Mailer::new(&mail)?.test(&test.to)?;
        global
            .output()
            .show(&json!({ "sent": true, "to": test.to }), |text| {
                text.line(format!("the SMTP server has taken a mail for {}", test.to));
            })?;
        Ok(Exit::Done)
    }
}
