//! `user`: users.

mod change;
mod create;
mod list;

use std::io::{self, IsTerminal};

use clap::{Args, Subcommand};
use reset_password::User as EngineUser;
use serde::Serialize;

use crate::{
    arguments::Global,
    exit::Exit,
    failure::{Failure, input, say},
    named_user::{Address, NamedUser},
    output::{metadata, yes_or_no},
    prompt, secret_input,
    secret_source::PasswordSource,
};

/// Shown by `user --help`.
pub const AFTER_HELP: &str = "\
Example:
  reset-password user create ada@example.com
  reset-password user get ada@example.com
";

/// Users.
#[derive(Debug, Subcommand)]
pub enum User {
    /// Check an address and a password
    Authenticate(Authenticate),
    /// Create a user, with a password, the hash of one, or neither
    Create(create::Create),
    /// Delete a user and its resets
    Delete(Delete),
    /// Show a user
    Get(Get),
    /// List users
    List(list::List),
    /// Have links made again for a user whose account was locked by a report
    Unlock(Unlock),
    /// Change a user; what is not given stays as it is
    Update(Box<change::Update>),
}

impl User {
    pub fn run(&self, global: &Global) -> Result<Exit, Failure> {
        match self {
            Self::Authenticate(authenticate) => authenticate.run(global),
            Self::Create(create) => create.run(global),
            Self::Delete(delete) => delete.run(global),
            Self::Get(get) => get.run(global),
            Self::List(list) => list.run(global),
            Self::Unlock(unlock) => unlock.run(global),
            Self::Update(update) => update.run(global),
        }
    }
}

/// Shows a user.
pub fn show(global: &Global, user: &EngineUser) -> Result<Exit, Failure> {
    global.output().show(user, |text| {
        text.fields(&[
            ("id", Some(user.id.clone())),
            ("email", Some(user.email.clone())),
            ("email_verified", Some(yes_or_no(user.email_verified))),
            ("first_name", user.first_name.clone()),
            ("last_name", user.last_name.clone()),
            ("name", user.name.clone()),
            ("profile_picture_url", user.profile_picture_url.clone()),
            ("external_id", user.external_id.clone()),
            ("locale", user.locale.clone()),
            ("metadata", metadata(&user.metadata)),
            (
                "last_sign_in_at",
                user.last_sign_in_at.map(|moment| moment.to_string()),
            ),
            (
                "credentials_changed_at",
                user.credentials_changed_at.map(|moment| moment.to_string()),
            ),
            ("created_at", Some(user.created_at.to_string())),
            ("updated_at", Some(user.updated_at.to_string())),
        ]);
    })?;
    Ok(Exit::Done)
}

/// Checks a password.
#[derive(Debug, Args)]
#[command(after_help = "\
The password is asked for on a terminal, else read from standard input. An unknown address and a \
wrong password get the same answer.

Example:
  reset-password user authenticate ada@example.com
")]
pub struct Authenticate {
    #[command(flatten)]
    address: Address,
    #[command(flatten)]
    password: PasswordSource,
}

impl Authenticate {
    fn run(&self, global: &Global) -> Result<Exit, Failure> {
        let handle = global.open()?;
        let password =
            secret_input::password(self.password.origin()).map_err(secret_input::as_login)?;
        let user = handle.authenticate_with_password(self.address.as_str(), &password)?;
        handle.close();
        show(global, &user)
    }
}

/// Shows a user.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  reset-password user get ada@example.com
  reset-password user get ada@example.com --json
")]
pub struct Get {
    #[command(flatten)]
    user: NamedUser,
}

impl Get {
    fn run(&self, global: &Global) -> Result<Exit, Failure> {
        let handle = global.open()?;
        let user = self.user.read(&handle)?;
        handle.close();
        show(global, &user)
    }
}

/// Deletes a user.
#[derive(Debug, Args)]
#[command(after_help = "\
Asks first on a terminal; elsewhere --yes is needed.

Example:
  reset-password user delete ada@example.com --yes
")]
pub struct Delete {
    #[command(flatten)]
    user: NamedUser,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

/// A user that is gone.
#[derive(Serialize)]
struct Deletion<'a> {
    object: &'static str,
    id: &'a str,
    deleted: bool,
}

impl Delete {
    fn run(&self, global: &Global) -> Result<Exit, Failure> {
        let person = io::stdin().is_terminal() && io::stderr().is_terminal();
        if !self.yes && !person {
            return Err(input(
                "yes",
                "required",
                "there is no terminal to ask on; give --yes",
            ));
        }
        let handle = global.open()?;
        let user = self.user.read(&handle)?;
        if !self.yes && !prompt::confirm(&format!("delete {} ({})?", user.email, user.id)) {
            say("nothing was deleted\n");
            return Ok(Exit::Refused);
        }
        handle.delete_user(&user.id)?;
        handle.close();
        let document = Deletion {
            object: "user",
            id: &user.id,
            deleted: true,
        };
        global
            .output()
            .show(&document, |text| text.line(format!("deleted {}", user.id)))?;
        Ok(Exit::Done)
    }
}

/// Unlocks an account.
#[derive(Debug, Args)]
#[command(after_help = "\
An account is locked when a change of its address was reported from the earlier address. Make sure first \
that its address is its owner's, or give it that one: reset-password user update USER --email EMAIL, which unlocks it too.

Example:
  reset-password user unlock ada@example.com
")]
pub struct Unlock {
    #[command(flatten)]
    user: NamedUser,
}

impl Unlock {
    fn run(&self, global: &Global) -> Result<Exit, Failure> {
        let handle = global.open()?;
        let user = self.user.read(&handle)?;
        handle.unlock_user(&user.id)?;
        handle.close();
        show(global, &user)
    }
}
