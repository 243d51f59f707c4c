//! The arguments that every command takes.

use std::path::PathBuf;

use clap::{ArgAction, Args};
use reset_password::{Error, blocking::UserManagement};

use crate::{
    options::{EngineOptions, ServiceOptions},
    output::Output,
    settings::{self, Settings},
};

const PASSWORD_IN_SIGHT: &str = "--database holds a password, and a command line can be read by \
    every user of this machine: put the URL in the environment (RESET_PASSWORD_DATABASE) or in the \
    settings file (--config); a PostgreSQL password may also be in PGPASSWORD";

/// What every command takes, before or after its name.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    #[arg(
        help = "The database: a path, sqlite:path, postgres://user@host/database or \
                mysql://user@host/database, without its password [default: RESET_PASSWORD_DATABASE, \
                or reset-password.db]",
        long,
        global = true,
        value_name = "URL"
    )]
    database: Option<String>,
    #[arg(
        help = "A TOML file of settings, such as token_lifetime = 600; variables (RESET_PASSWORD_…) \
                and options go before it",
        long,
        global = true,
        value_name = "FILE",
        env = settings::FILE_VARIABLE,
        hide_env_values = true
    )]
    config: Option<PathBuf>,
    /// Answer with one JSON document; errors too, on standard error
    #[arg(long, global = true)]
    pub json: bool,
    #[arg(
        help = "Show the engine's log on standard error; more with -vv and -vvv. RUST_LOG goes \
                before it",
        short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    #[command(flatten)]
    engine: EngineOptions,
}

impl Global {
    /// The settings of all layers, the service's among them.
    pub fn settings_with(&self, service: &ServiceOptions) -> Result<Settings, Error> {
        self.layers(service.clone(), true)
    }

    /// The settings of all layers.
    pub fn settings(&self) -> Result<Settings, Error> {
        self.layers(ServiceOptions::default(), false)
    }

    /// Opens the database.
    pub fn open(&self) -> Result<UserManagement, Error> {
        let settings = self.settings()?;
        UserManagement::open(settings.database(), settings.engine.clone().options())
    }

    /// Where answers go.
    pub const fn output(&self) -> Output {
        Output::new(self.json)
    }

    fn layers(&self, service: ServiceOptions, strict: bool) -> Result<Settings, Error> {
        if self.database.as_deref().is_some_and(holds_password) {
            return Err(Error::field("database", "secret", PASSWORD_IN_SIGHT));
        }
        let flags = Settings {
            database: self.database.clone(),
            engine: self.engine.clone(),
            service,
        };
        let file = self
            .config
            .as_deref()
            .map(Settings::from_file)
            .transpose()?;
        let environment = Settings::from_environment(strict)?;
        Ok(flags.or(environment).or(file.unwrap_or_default()))
    }
}

/// Whether a URL has a password in it (RFC 3986, section 3.2.1).
fn holds_password(url: &str) -> bool {
    let Some((_, rest)) = url.split_once("://") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let credentials = authority
        .rsplit_once('@')
        .map(|(credentials, _)| credentials);
    let password = credentials.and_then(|credentials| credentials.split_once(':'));
    password.is_some_and(|(_, password)| !password.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_stands_between_the_user_and_the_host() {
        for url in [
            "postgres://me:hunter2@db.example.com/app",
            "mysql://me:hunter2@db1,db2:3307/app?ssl-mode=disabled",
            "postgres://me:hunter@2@db.example.com/app",
            "mariadb://me:%2F@[::1]:3306/app",
        ] {
            assert!(holds_password(url), "{url}");
        }
        for url in [
            "reset-password.db",
            "sqlite::memory:",
            "sqlite:///var/lib/a:b@c.db",
            "postgres://me@db.example.com:5432/app",
            "postgres://me:@db.example.com/app",
            "postgres:///app?host=/run/postgresql",
            "mysql://me@db:3306/app?ssl-ca=/etc/a@b.pem",
        ] {
            assert!(!holds_password(url), "{url}");
        }
    }
}
