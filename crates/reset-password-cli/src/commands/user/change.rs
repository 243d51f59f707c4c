//! `user update`.

use std::collections::BTreeMap;

use clap::Args;
use reset_password::UpdateUser;

use super::{create::Fields, show};
use crate::{
    arguments::Global, exit::Exit, failure::Failure, named_user::NamedUser,
    secret_source::CredentialSource,
};

/// Changes a user.
#[derive(Debug, Args)]
#[command(after_help = "\
An empty text clears a name, the locale or the external id (--name ''). --metadata replaces all of \
the metadata. A new address counts as unverified unless --email-verified true comes with it. A new \
address or password ends the user's live reset.

Example:
  reset-password user update ada@example.com --first-name Ada --last-name Lovelace
  reset-password user update ada@example.com --email-verified true
")]
pub struct Update {
    #[command(flatten)]
    user: NamedUser,
    /// A new address
    #[arg(long, value_name = "EMAIL")]
    email: Option<String>,
    #[command(flatten)]
    fields: Fields,
    /// Remove all metadata
    #[arg(long, conflicts_with = "metadata")]
    clear_metadata: bool,
    #[command(flatten)]
    credential: CredentialSource,
}

impl Update {
    pub fn run(&self, global: &Global) -> Result<Exit, Failure> {
        let handle = global.open()?;
        let credential = self.credential.read()?;
        let id = self.user.id(&handle)?;
        let change = UpdateUser {
            email: self.email.clone(),
            password: credential.password,
            password_hash: credential.password_hash,
            email_verified: self.fields.email_verified,
            first_name: self.fields.first_name.clone(),
            last_name: self.fields.last_name.clone(),
            name: self.fields.name.clone(),
            external_id: self.fields.external_id.clone(),
            metadata: self.metadata(),
            locale: self.fields.locale.clone(),
        };
        let user = handle.update_user(&id, change)?;
        handle.close();
        show(global, &user)
    }

    fn metadata(&self) -> Option<BTreeMap<String, String>> {
        let given = &self.fields.metadata;
        (self.clear_metadata || !given.is_empty()).then(|| given.iter().cloned().collect())
    }
}
