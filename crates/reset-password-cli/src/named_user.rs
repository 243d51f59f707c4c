//! How a command line names a user.

use clap::Args;
use reset_password::{Error, User, blocking::UserManagement};

/// A user, by id or by address.
#[derive(Debug, Args)]
pub struct NamedUser {
    /// The user: an id (user_…) or an e-mail address
    #[arg(value_name = "USER")]
    user: String,
    /// USER is the id that another system knows the user by
    #[arg(long)]
    by_external_id: bool,
}

impl NamedUser {
    /// Reads the user.
    pub fn read(&self, handle: &UserManagement) -> Result<User, Error> {
        read(handle, &self.user, self.by_external_id)
    }

    /// The user's id, looked up only where another name is given.
    pub fn id(&self, handle: &UserManagement) -> Result<String, Error> {
        id(handle, &self.user, self.by_external_id)
    }
}

/// Reads a user by whatever it is named. No id holds an `@`, and every address does.
fn read(handle: &UserManagement, name: &str, by_external_id: bool) -> Result<User, Error> {
    if by_external_id {
        handle.get_user_by_external_id(name)
    } else if name.contains('@') {
        handle.get_user_by_email(name)
    } else {
        handle.get_user(name)
    }
}

/// The id of a user by whatever it is named.
pub fn id(handle: &UserManagement, name: &str, by_external_id: bool) -> Result<String, Error> {
    if by_external_id || name.contains('@') {
        return read(handle, name, by_external_id).map(|user| user.id);
    }
    Ok(name.to_owned())
}

/// An e-mail address, with or without its option's name.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Address {
    /// The user's e-mail address
    #[arg(value_name = "EMAIL")]
    address: Option<String>,
    /// The same, as an option
    #[arg(long = "email", value_name = "EMAIL")]
    option: Option<String>,
}

impl Address {
    /// The address that was given; the parser sees to it that there is one.
    pub fn as_str(&self) -> &str {
        self.address
            .as_deref()
            .or(self.option.as_deref())
            .unwrap_or_default()
    }
}
