//! Settings in layers: a file, the environment, and the command line, which is the strongest.
//!
//! One name holds everywhere: the option `--token-lifetime` is `token_lifetime` in the file and
//! `RESET_PASSWORD_TOKEN_LIFETIME` in the environment.

use std::{env, fs::File, io::Read as _, path::Path};

use reset_password::Error;
use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use crate::options::{EngineOptions, ServiceOptions};

/// What every variable begins with.
const PREFIX: &str = "RESET_PASSWORD_";
/// The variable that names the file.
pub const FILE_VARIABLE: &str = "RESET_PASSWORD_CONFIG";
/// The database, unless another is named.
const DEFAULT_DATABASE: &str = "reset-password.db";
/// No settings file is longer.
const MAX_OCTETS: u64 = 64 * 1_024;

/// One layer of settings; what a layer leaves out, the next weaker one decides.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Settings {
    /// The database, if one is named.
    pub database: Option<String>,
    #[serde(flatten)]
    pub engine: EngineOptions,
    #[serde(flatten)]
    pub service: ServiceOptions,
}

impl Settings {
    /// The database that is named, or the default.
    pub fn database(&self) -> &str {
        self.database.as_deref().unwrap_or(DEFAULT_DATABASE)
    }

    /// These settings, and those of a weaker layer where there are none.
    pub fn or(self, weaker: Self) -> Self {
        Self {
            database: self.database.or(weaker.database),
            engine: self.engine.or(weaker.engine),
            service: self.service.or(weaker.service),
        }
    }

    /// Reads the file. A key that is not a setting is an error, as is a value of another type.
    pub fn from_file(path: &Path) -> Result<Self, Error> {
        let shown = path.display();
        let unreadable = |error: std::io::Error| {
            let why = match error.kind() {
                std::io::ErrorKind::NotFound => "it does not exist".to_owned(),
                kind => kind.to_string(),
            };
            Error::config(format!("cannot read the settings file {shown}: {why}"))
        };
        // What has no length, such as a device, may have no end.
        let mut text = String::new();
        let file = File::open(path).map_err(unreadable)?;
        let read = file.take(MAX_OCTETS + 1).read_to_string(&mut text);
        if read.map_err(unreadable)? as u64 > MAX_OCTETS {
            return Err(Error::config(format!(
                "the settings file {shown} is longer than 64 KiB"
            )));
        }
        let table: Table = text.parse().map_err(|error: toml::de::Error| {
            let line = error.span().map_or(1, |span| {
                let before = text.get(..span.start).unwrap_or_default();
                before.matches('\n').count() + 1
            });
            Error::config(format!(
                "the settings file {shown} is not TOML: see line {line}"
            ))
        })?;
        let known = Self::names();
        let mut settings = Self::default();
        for (name, value) in table {
            if !known.contains(&name) {
                return Err(Error::config(format!(
                    "the settings file {shown} has the key {}, which is no setting; the settings are \
                     {}",
                    plain(&name),
                    known.join(", ")
                )));
            }
            let one =
                Self::one(&name, value).ok_or_else(|| wrong_form(&name, &format!("in {shown}")))?;
            settings = settings.or(one);
        }
        Ok(settings)
    }

    /// Reads the variables. Those that are no setting are passed over, or with `strict` an error.
    pub fn from_environment(strict: bool) -> Result<Self, Error> {
        let known = Self::names();
        let mut settings = Self::default();
        for (variable, value) in env::vars_os() {
            let Some(variable) = variable.to_str().filter(|name| name.starts_with(PREFIX)) else {
                continue;
            };
            let name = variable.trim_start_matches(PREFIX).to_ascii_lowercase();
            if !known.contains(&name) {
                if strict && variable != FILE_VARIABLE && !names_a_kubernetes_service(&name) {
                    return Err(Error::config(format!(
                        "the environment has {}, which is no setting; take it away or mend its name",
                        plain(variable)
                    )));
                }
                continue;
            }
            if value.is_empty() {
                continue;
            }
            let one = value
                .to_str()
                .and_then(|value| Self::parse_one(&name, value));
            let one = one.ok_or_else(|| wrong_form(&name, "in the environment"))?;
            settings = settings.or(one);
        }
        Ok(settings)
    }

    /// The names of all settings.
    fn names() -> Vec<String> {
        match serde_json::to_value(Self::default()) {
            Ok(serde_json::Value::Object(names)) => {
                names.into_iter().map(|(name, _)| name).collect()
            }
            _ => Vec::new(),
        }
    }

    fn one(name: &str, value: Value) -> Option<Self> {
        let mut table = Table::new();
        table.insert(name.to_owned(), value);
        table.try_into().ok()
    }

    /// A variable is text; the setting says what it stands for.
    fn parse_one(name: &str, text: &str) -> Option<Self> {
        let list = || {
            text.split(',')
                .map(|item| Value::from(item.trim()))
                .collect()
        };
        [
            Some(Value::from(text)),
            text.parse::<i64>().ok().map(Value::from),
            text.parse::<bool>().ok().map(Value::from),
            Some(Value::Array(list())),
        ]
        .into_iter()
        .flatten()
        .find_map(|value| Self::one(name, value))
    }
}

fn wrong_form(name: &str, place: &str) -> Error {
    Error::config(format!(
        "the setting {name} {place} has not the form that it takes; `reset-password serve --help` \
         shows it"
    ))
}

/// Kubernetes sets such variables for every service; one may be called reset-password.
fn names_a_kubernetes_service(name: &str) -> bool {
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    name == "port"
        || name == "service_host"
        || name.starts_with("service_port")
        || name
            .strip_prefix("port_")
            .and_then(|rest| rest.split('_').next())
            .is_some_and(is_number)
}

/// A name that may be anything, fit to be shown.
fn plain(name: &str) -> String {
    const MOST: usize = 40;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if name.len() <= MOST && name.chars().all(is_plain) {
        format!("`{name}`")
    } else {
        "(a name that is not shown)".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_is_read_as_its_setting_is() {
        let read = |name, text| Settings::parse_one(name, text);
        assert_eq!(
            read("token_lifetime", "600")
                .unwrap()
                .engine
                .options()
                .token_lifetime,
            600
        );
        assert_eq!(
            read("database", "600").unwrap().database.as_deref(),
            Some("600")
        );
        assert!(
            !read("seal_tokens", "false")
                .unwrap()
                .engine
                .options()
                .seal_tokens
        );
        let names = read("service_names", "Acme, Widgets").unwrap();
        assert_eq!(names.engine.options().service_names, ["Acme", "Widgets"]);
        assert!(read("token_lifetime", "soon").is_none());
        assert!(read("listen", "8080").is_none());
        assert!(read("listen", "127.0.0.1:8080").is_some());
    }

    #[test]
    fn what_kubernetes_sets_is_no_setting() {
        for name in [
            "port",
            "service_host",
            "service_port",
            "service_port_http",
            "port_8080_tcp_addr",
        ] {
            assert!(names_a_kubernetes_service(name), "{name}");
        }
        for name in ["listen", "ports", "port_forward", "databse"] {
            assert!(!names_a_kubernetes_service(name), "{name}");
        }
    }
}
