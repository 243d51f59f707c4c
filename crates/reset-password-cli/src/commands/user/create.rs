//! `user create`.

use clap::Args;
use reset_password::CreateUser;

use super::show;
use crate::{
    arguments::Global, exit::Exit, failure::Failure, named_user::Address,
    secret_source::CredentialSource,
};

/// Creates a user.
#[derive(Debug, Args)]
#[command(after_help = "\
Without a password the user sets the first one by a reset. A password hash that another system \
wrote is taken as it is, and replaced by one of ours at the first login.

Example:
  reset-password user create ada@example.com
  reset-password user create grace@example.com --first-name Grace --metadata plan=free
  reset-password user create alan@example.com --password-prompt
")]
pub struct Create {
    #[command(flatten)]
    address: Address,
    #[command(flatten)]
    fields: Fields,
    /// When the user came to be, where another system knows: RFC 3339 [default: now]
    #[arg(long, value_name = "MOMENT")]
    created_at: Option<String>,
    #[command(flatten)]
    credential: CredentialSource,
}

/// What is known of a user besides the address.
#[derive(Debug, Args)]
pub struct Fields {
    /// Whether the address is known to be the user's
    #[arg(long, value_name = "true|false", hide_possible_values = true)]
    pub email_verified: Option<bool>,
    /// Given name
    #[arg(long, value_name = "TEXT")]
    pub first_name: Option<String>,
    /// Family name
    #[arg(long, value_name = "TEXT")]
    pub last_name: Option<String>,
    /// Full name
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
    /// The id that another system knows the user by
    #[arg(long, value_name = "ID")]
    pub external_id: Option<String>,
    /// Free text by key; may be repeated
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    pub metadata: Vec<(String, String)>,
    /// Language, such as de or pt-BR
    #[arg(long, value_name = "TAG")]
    pub locale: Option<String>,
}

fn pair(text: &str) -> Result<(String, String), &'static str> {
    let (key, value) = text.split_once('=').ok_or("write KEY=VALUE")?;
    Ok((key.to_owned(), value.to_owned()))
}

impl Create {
    pub fn run(&self, global: &Global) -> Result<Exit, Failure> {
        let handle = global.open()?;
        let credential = self.credential.read()?;
        let fields = &self.fields;
        let user = handle.create_user(CreateUser {
            email: self.address.as_str().to_owned(),
            password: credential.password,
            password_hash: credential.password_hash,
            email_verified: fields.email_verified.unwrap_or_default(),
            first_name: fields.first_name.clone(),
            last_name: fields.last_name.clone(),
            name: fields.name.clone(),
            external_id: fields.external_id.clone(),
            metadata: fields.metadata.iter().cloned().collect(),
            locale: fields.locale.clone(),
            created_at: self.created_at.clone(),
        })?;
        handle.close();
        show(global, &user)
    }
}
