//! `reset`: password resets and their links.

mod link;

use clap::{Args, Subcommand};
use reset_password::{Code, blocking::UserManagement};
use serde::Serialize;

use self::link::Link;
use super::user;
use crate::{
    arguments::Global,
    exit::Exit,
    failure::{Failure, input},
    named_user::{self, Address},
    secret_input,
    secret_source::{PasswordSource, TokenSource},
};

/// Shown by `reset --help`.
pub const AFTER_HELP: &str = "\
Example:
  reset-password reset create ada@example.com --token-out token.txt
  reset-password reset confirm --token-file token.txt
";

/// Password resets.
#[derive(Debug, Subcommand)]
pub enum Reset {
    /// Tell whether a token can be used, and until when
    Check(Check),
    /// Set a new password using the token from a link
    Confirm(Confirm),
    /// Make a reset for a user; an earlier one of the same user stops working
    Create(Create),
    /// Show a reset that can still be used
    Get(Get),
    /// Make a reset as a public form would: silent, and at most one a minute for an address
    Request(Request),
    /// End the live resets of one user, or of all
    Revoke(Revoke),
}

impl Reset {
    pub fn run(&self, global: &Global) -> Result<Exit, Failure> {
        match self {
            Self::Check(check) => check.run(global),
            Self::Confirm(confirm) => confirm.run(global),
            Self::Create(create) => create.run(global),
            Self::Get(get) => get.run(global),
            Self::Request(request) => request.run(global),
            Self::Revoke(revoke) => revoke.run(global),
        }
    }
}

/// Makes a reset.
#[derive(Debug, Args)]
#[command(after_help = "\
For whoever may hand out links. The token and the link are shown only on request.

Example:
  reset-password reset create ada@example.com
  reset-password reset create ada@example.com --show-link
")]
pub struct Create {
    #[command(flatten)]
    address: Address,
    #[command(flatten)]
    link: Link,
}

impl Create {
    fn run(&self, global: &Global) -> Result<Exit, Failure> {
        let handle = global.open()?;
        let make = || handle.create_password_reset(self.address.as_str());
        let reset = self.link.write(make, |reset| Some(reset))?;
        handle.close();
        self.link.show(global, &reset)
    }
}

/// Makes a reset if there is such a user.
#[derive(Debug, Args)]
#[command(after_help = "\
While an earlier link works, it is that link again. At most one a minute for an address, known or not; \
three an hour and ten a day while links of earlier requests work. The answer is the same whether or not \
the address belongs to a user, unless the link is asked for.

Example:
  reset-password reset request ada@example.com
")]
pub struct Request {
    #[command(flatten)]
    address: Address,
    #[command(flatten)]
    link: Link,
}

/// The answer that tells nothing.
#[derive(Serialize)]
struct Requested {
    requested: bool,
}

impl Request {
    fn run(&self, global: &Global) -> Result<Exit, Failure> {
        let handle = global.open()?;
        let make = || handle.request_password_reset(self.address.as_str());
        let reset = self.link.write(make, Option::as_ref)?;
        handle.close();
        let output = global.output();
        match reset {
            _ if !self.link.show_link => output.show(&Requested { requested: true }, |text| {
                text.line("if the address belongs to a user, a link was made");
            })?,
            Some(reset) => return self.link.show(global, &reset),
            None => output.show(&None::<()>, |text| {
                text.line(
                    "no link was made: there is no such user, or one was asked for too recently",
                );
            })?,
        }
        Ok(Exit::Done)
    }
}

/// Shows a reset.
#[derive(Debug, Args)]
#[command(after_help = "\
A reset that is used, replaced, revoked or expired is not found.

Example:
  id=$(reset-password reset create ada@example.com | awk '/^id:/ {print $2}')
  reset-password reset get \"$id\" --show-link
")]
pub struct Get {
    #[arg(help = "The reset's id: password_reset_…")]
    id: String,
    #[command(flatten)]
    link: Link,
}

impl Get {
    fn run(&self, global: &Global) -> Result<Exit, Failure> {
        let handle = global.open()?;
        let reset = self
            .link
            .write(|| handle.get_password_reset(&self.id), |reset| Some(reset))?;
        handle.close();
        self.link.show(global, &reset)
    }
}

/// Looks at a token.
#[derive(Debug, Args)]
#[command(after_help = "\
Nothing is changed. The exit code is 0 for a token that can be used, else 1.

Example:
  reset-password reset create ada@example.com --token-out token.txt
  reset-password reset check --token-file token.txt
")]
pub struct Check {
    #[command(flatten)]
    token: TokenSource,
}

impl Check {
    fn run(&self, global: &Global) -> Result<Exit, Failure> {
        let handle = global.open()?;
        let token = secret_input::token(self.token.origin())?;
        let check = handle.check_password_reset_token(&token)?;
        handle.close();
        global.output().show(&check, |text| {
            text.line(match (check.expires_at, check.error_code) {
                (Some(until), _) => format!("the token can be used until {until}"),
                (None, Some(Code::PasswordResetTokenExpired)) => "the token has expired".to_owned(),
                _ => "the token is unknown, used, replaced or voided".to_owned(),
            });
        })?;
        Ok(if check.usable {
            Exit::Done
        } else {
            Exit::Refused
        })
    }
}

/// Sets a new password.
#[derive(Debug, Args)]
#[command(after_help = "\
On a terminal the token and then the new password are asked for. Otherwise the first line of \
standard input is the token and all the rest is the password. A refused password leaves the token \
usable.

Example:
  reset-password reset create ada@example.com --token-out token.txt
  reset-password reset confirm --token-file token.txt
")]
pub struct Confirm {
    #[command(flatten)]
    token: TokenSource,
    #[command(flatten)]
    password: PasswordSource,
}

impl Confirm {
    fn run(&self, global: &Global) -> Result<Exit, Failure> {
        let handle = global.open()?;
        let [token, password] =
            secret_input::token_and_password(self.token.origin(), self.password.origin())?;
        let user = handle.reset_password(&token, &password)?;
        handle.close();
        user::show(global, &user)
    }
}

/// Ends live resets.
#[derive(Debug, Args)]
#[command(after_help = "\
Use --all after an incident, or when a backup of the database was restored: its links live again.

Example:
  reset-password reset revoke ada@example.com
  reset-password reset revoke --all
")]
pub struct Revoke {
    /// The user: an id (user_…) or an e-mail address
    #[arg(
        value_name = "USER",
        required_unless_present = "all",
        conflicts_with = "all"
    )]
    user: Option<String>,
    /// USER is the id that another system knows the user by
    #[arg(long, conflicts_with = "all")]
    by_external_id: bool,
    /// Every user's
    #[arg(long)]
    all: bool,
}

/// How many resets were ended.
#[derive(Serialize)]
struct Revoked {
    revoked: u64,
}

impl Revoke {
    fn run(&self, global: &Global) -> Result<Exit, Failure> {
        let handle = global.open()?;
        let revoked = self.revoke(&handle)?;
        handle.close();
        global.output().show(&Revoked { revoked }, |text| {
            text.line(match revoked {
                0 => "there was no live reset".to_owned(),
                1 => "1 reset was revoked".to_owned(),
                many => format!("{many} resets were revoked"),
            });
        })?;
        Ok(Exit::Done)
    }

    fn revoke(&self, handle: &UserManagement) -> Result<u64, Failure> {
        let id = match &self.user {
            Some(name) => Some(named_user::id(handle, name, self.by_external_id)?),
            None if self.all => None,
            None => return Err(input("user", "required", "give a user, or --all")),
        };
        Ok(handle.revoke_password_resets(id.as_deref())?)
    }
}
