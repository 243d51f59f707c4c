//! `api-key`: who may call the HTTP service.

use std::time::Duration;

use clap::{Args, Subcommand};
use reset_password::{ApiKey, NewApiKey, Scope};
use secrecy::ExposeSecret;

use crate::{
    arguments::Global,
    exit::Exit,
    failure::{Failure, input},
    output::{Page, Text},
};

/// Shown by `api-key --help`.
pub const AFTER_HELP: &str = "\
Example:
  reset-password api-key create --name shop --scope resets:create,resets:confirm
  reset-password api-key list
";

/// Keys for the HTTP service.
#[derive(Debug, Subcommand)]
pub enum ApiKeys {
    /// Make a key; it is shown once
    Create(Create),
    /// List the keys, without their secrets
    #[command(after_help = "\
Example:
  reset-password api-key list
  reset-password api-key list --json
")]
    List,
    /// End a key, at once and everywhere
    Revoke(Revoke),
    /// Make a key that takes the place of another; both work for a while
    Rotate(Rotate),
}

/// Makes a key.
#[derive(Debug, Args)]
#[command(after_help = "\
The key is shown here and can never be seen again: only its digest is stored. With resets:create or \
resets:read, whoever holds the key can set any password, because these answer tokens.

Scopes:
  events:read     read the event feed
  resets:confirm  set a password with a token
  resets:create   make a reset, which answers its token
  resets:read     read a reset, which answers its token
  users:read      read users
  users:write     create, change and delete users
  webhooks:read   read the endpoints of webhooks
  webhooks:write  create, change and delete them, which answers their secrets

Example:
  reset-password api-key create --name shop --scope resets:create,resets:confirm
  reset-password api-key create --name reports --scope users:read --expires 30
")]
pub struct Create {
    /// What the key is for
    #[arg(long, value_name = "NAME")]
    name: String,
    /// What it may be used for: see below; may be repeated, or several with commas
    #[arg(
        long = "scope",
        value_name = "SCOPE",
        value_delimiter = ',',
        required = true
    )]
    scopes: Vec<String>,
    /// Days that it works: 1 to 365
    #[arg(long, value_name = "DAYS", default_value_t = ApiKey::DEFAULT_LIFETIME_DAYS)]
    expires: u32,
}

/// Ends a key.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  reset-password api-key revoke api_key_01ARZ3NDEKTSV4RRFFQ69G5FAV
")]
pub struct Revoke {
    #[arg(
        help = "The key's id (api_key_…), as `api-key list` shows it",
        value_name = "ID"
    )]
    id: String,
}

/// Replaces a key.
#[derive(Debug, Args)]
#[command(after_help = "\
The new key has the name and the scopes of the old one. Give it to whoever used \
the old one before the overlap ends.

Example:
  reset-password api-key rotate api_key_01ARZ3NDEKTSV4RRFFQ69G5FAV --overlap 48
")]
pub struct Rotate {
    #[arg(help = "The old key's id (api_key_…)", value_name = "ID")]
    id: String,
    /// Days that the new key works: 1 to 365
    #[arg(long, value_name = "DAYS", default_value_t = ApiKey::DEFAULT_LIFETIME_DAYS)]
    expires: u32,
    /// Hours for which both work: 0 to 168
    #[arg(long, value_name = "HOURS", default_value_t = 24)]
    overlap: u32,
}

impl ApiKeys {
    pub fn run(&self, global: &Global) -> Result<Exit, Failure> {
        match self {
            Self::Create(create) => create.run(global),
            Self::List => list(global),
            Self::Revoke(revoke) => revoke.run(global),
            Self::Rotate(rotate) => rotate.run(global),
        }
    }
}

impl Create {
    fn run(&self, global: &Global) -> Result<Exit, Failure> {
        let scopes = self
            .scopes
            .iter()
            .map(|name| scope(name))
            .collect::<Result<Vec<_>, _>>()?;
        let handle = global.open()?;
        let key = handle.create_api_key(&self.name, &scopes, self.expires)?;
        handle.close();
        show_new(global, &key)
    }
}

impl Revoke {
    fn run(&self, global: &Global) -> Result<Exit, Failure> {
        let handle = global.open()?;
        let key = handle.revoke_api_key(&self.id)?;
        handle.close();
        global.output().show(&key, |text| {
            text.line(format!("revoked: {} ({})", key.id, key.name));
        })?;
        Ok(Exit::Done)
    }
}

impl Rotate {
    fn run(&self, global: &Global) -> Result<Exit, Failure> {
        let handle = global.open()?;
        let overlap = Duration::from_hours(self.overlap.into());
        let key = handle.rotate_api_key(&self.id, self.expires, overlap)?;
        handle.close();
        show_new(global, &key)
    }
}

fn list(global: &Global) -> Result<Exit, Failure> {
    let handle = global.open()?;
    let keys = handle.list_api_keys()?;
    handle.close();
    global.output().show(&Page::whole(&keys), |text| {
        if keys.is_empty() {
            text.line("no API keys; make one with `reset-password api-key create`");
            return;
        }
        let rows: Vec<_> = keys.iter().map(row).collect();
        text.table(
            [
                "id",
                "name",
                "scopes",
                "expires_at",
                "last_used_at",
                "revoked_at",
            ],
            &rows,
        );
    })?;
    Ok(Exit::Done)
}

fn show_new(global: &Global, key: &NewApiKey) -> Result<Exit, Failure> {
    global.output().show(key, |text: &mut Text| {
        text.fields(&[
            ("key", Some(key.key.expose_secret().to_owned())),
            ("id", Some(key.api_key.id.clone())),
            ("name", Some(key.api_key.name.clone())),
            ("scopes", Some(names(&key.api_key))),
            ("expires_at", Some(key.api_key.expires_at.to_string())),
        ]);
        text.line("keep the key now: it cannot be shown again");
    })?;
    Ok(Exit::Done)
}

fn row(key: &ApiKey) -> [String; 6] {
    let moment = |at: Option<reset_password::Timestamp>| {
        at.map_or_else(|| "-".to_owned(), |at| at.to_string())
    };
    [
        key.id.clone(),
        key.name.clone(),
        names(key),
        key.expires_at.to_string(),
        moment(key.last_used_at),
        moment(key.revoked_at),
    ]
}

fn names(key: &ApiKey) -> String {
    let names: Vec<_> = key.scopes.iter().map(|scope| scope.as_str()).collect();
    names.join(",")
}

fn scope(name: &str) -> Result<Scope, Failure> {
    Scope::parse(name).ok_or_else(|| {
        let names: Vec<_> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
        let message = format!("a scope is one of {}", names.join(", "));
        input("scope", "invalid", message)
    })
}
