//! A database on a server, and the command on it.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, process::Command};

use reset_password_test_databases::{Backend, Database, Kind};
use reset_password_test_service::{Service, command};
use serde_json::Value;
use tempfile::TempDir;

/// A database of its own, and the folder that the command runs in, with the key.
pub struct OnServer {
    pub database: Database,
    /// Where the command finds it.
    pub url: String,
    folder: TempDir,
}

impl OnServer {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::new(Backend::Server(Kind::Postgres15), folder.path());
        let key = folder.path().join("key");
        fs::write(&key, "1f".repeat(31) + "22").unwrap();
        fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
        Self {
            url: database.url().to_owned(),
            database,
            folder,
        }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let reset_url = "https://example.com/reset-password";
        let mut command = command(self.folder.path(), arguments);
        command
            .env("RESET_PASSWORD_DATABASE", &self.url)
            .env("RESET_PASSWORD_RESET_URL", reset_url)
            .env("RESET_PASSWORD_KEY_FILE", "key");
        command
    }

    /// Runs a command beside the services; it must succeed. Answers its document.
    pub fn run(&self, arguments: &[&str]) -> Value {
        let mut command = self.command(&[arguments, &["--json"]].concat());
        let output = command.output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Makes an API key; answers its text.
    pub fn new_key(&self, scopes: &str) -> String {
        let made = self.run(&["api-key", "create", "--name", "test", "--scope", scopes]);
        made["key"].as_str().unwrap().to_owned()
    }

    /// Starts a service and waits until it listens.
    pub fn serve(&self, address: &str) -> Service {
        Service::spawn(self.command(&["serve", "--listen", address, "--log-format", "json"]))
    }
}
