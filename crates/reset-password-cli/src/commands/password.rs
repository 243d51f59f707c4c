//! `password`: the policy.

use clap::{Args, Subcommand};
use reset_password::{PasswordCheck, blocking::UserManagement};

use crate::{
    arguments::Global, exit::Exit, failure::Failure, named_user, secret_input,
    secret_source::PasswordSource,
};

/// Shown by `password --help`.
pub const AFTER_HELP: &str = "\
Example:
  reset-password password check
";

/// Passwords.
#[derive(Debug, Subcommand)]
pub enum Password {
    /// Tell whether a password may be chosen, and every rule that it breaks
    Check(Check),
}

/// Judges a password.
#[derive(Debug, Args)]
#[command(after_help = "\
Nothing is set. With --user the password is also held against that user's address and names; \
without, no database is opened. The exit code is 0 for a password that may be chosen, else 1.

Example:
  reset-password password check
  reset-password password check --user ada@example.com --password-prompt
")]
pub struct Check {
    /// Whose password it would be: an id (user_…) or an e-mail address
    #[arg(long, value_name = "USER")]
    user: Option<String>,
    /// USER is the id that another system knows the user by
    #[arg(long, requires = "user")]
    by_external_id: bool,
    #[command(flatten)]
    source: PasswordSource,
}

impl Password {
    pub fn run(&self, global: &Global) -> Result<Exit, Failure> {
        let Self::Check(check) = self;
        let verdict = check.judge(global)?;
        global.output().show(&verdict, |text| {
            text.line(if verdict.acceptable {
                "the password may be chosen"
            } else {
                "the password is refused"
            });
            for reason in &verdict.errors {
                text.line(format!("  {}", reason.message));
            }
        })?;
        Ok(if verdict.acceptable {
            Exit::Done
        } else {
            Exit::Refused
        })
    }
}

impl Check {
    fn judge(&self, global: &Global) -> Result<PasswordCheck, Failure> {
        let user = self.user.as_deref();
        let options = global.settings()?.engine.options();
        // Another system's login may not read every password that is allowed here: its table says so.
        let handle = if user.is_some() || options.users.is_some() {
            global.open()?
        } else {
            UserManagement::open(":memory:", options)?
        };
        let id = user
            .map(|name| named_user::id(&handle, name, self.by_external_id))
            .transpose()?;
        let verdict = match secret_input::password(self.source.origin()) {
            Ok(password) => handle.check_password(&password, id.as_deref())?,
            Err(failure) => secret_input::as_verdict(failure)?,
        };
        handle.close();
        Ok(verdict)
    }
}
