//! A service, its database, and a key to it.

use std::{path::Path, time::Duration};

use reset_password::blocking::UserManagement;
use rusqlite::OptionalExtension as _;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    CONFIRM, Database, EVERY_SCOPE, OLD, RESETS, Reply, Service, USERS, cheap, command, request,
};

/// The header of a JSON body.
pub const JSON: (&str, &str) = ("content-type", "application/json");

/// A service, its database, and a key with every scope.
pub struct Fixture {
    /// The service.
    pub service: Service,
    /// The database.
    pub database: Database,
    /// A key with every scope.
    pub key: String,
    folder: TempDir,
}

impl Default for Fixture {
    fn default() -> Self {
        Self::new()
    }
}

impl Fixture {
    /// A service as it is by default.
    pub fn new() -> Self {
        Self::with(&[])
    }

    /// A service with these flags.
    pub fn with(arguments: &[&str]) -> Self {
        Self::started_by(|folder| Service::start(folder, arguments))
    }

    /// A service that is started in this way, in a folder of its own.
    pub fn started_by(start: impl FnOnce(&Path) -> Service) -> Self {
        Self::in_folder(tempfile::tempdir().unwrap(), start)
    }

    /// The same in a folder in which there is something already.
    pub fn in_folder(folder: TempDir, start: impl FnOnce(&Path) -> Service) -> Self {
        let mut fixture = Self {
            service: start(folder.path()),
            database: Database::at(&folder.path().join("reset-password.db")),
            key: String::new(),
            folder,
        };
        let made = fixture.new_key(EVERY_SCOPE);
        made["key"].as_str().unwrap().clone_into(&mut fixture.key);
        fixture
    }

    /// The folder of the service.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Runs a command beside the service; it must succeed. Answers its document.
    pub fn run(&self, arguments: &[&str]) -> Value {
        let arguments = [arguments, &["--json"]].concat();
        let output = command(self.path(), &arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// A new API key, with all that is shown of it.
    pub fn new_key(&self, scopes: &str) -> Value {
        self.run(&["api-key", "create", "--name", "test", "--scope", scopes])
    }

    /// Runs a statement on the database; answers the first text, or an empty one.
    pub fn sql(&self, statement: &str) -> String {
        let connection = self.database.connect();
        let first = connection.query_row(statement, (), |row| row.get(0));
        first.optional().unwrap().flatten().unwrap_or_default()
    }

    /// Another engine on the database, in this process.
    pub fn engine(&self) -> UserManagement {
        UserManagement::open(self.database.url(), cheap()).unwrap()
    }

    /// Sends a request with the key.
    pub fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&str>,
    ) -> Reply {
        let authorization = format!("Bearer {}", self.key);
        let mut all = vec![("authorization", authorization.as_str())];
        all.extend_from_slice(headers);
        let request = request(method, path, &all, body);
        self.service
            .raw(&request)
            .unwrap_or_else(|| panic!("no answer to {request}"))
    }

    /// Reads.
    pub fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], None)
    }

    /// Posts JSON.
    pub fn post(&self, path: &str, body: &Value) -> Reply {
        self.send("POST", path, &[JSON], Some(&body.to_string()))
    }

    /// Puts JSON.
    pub fn put(&self, path: &str, body: &Value) -> Reply {
        self.send("PUT", path, &[JSON], Some(&body.to_string()))
    }

    /// Makes a user with the old password; answers its id.
    pub fn user(&self, email: &str) -> String {
        self.created(&json!({ "email": email, "password": OLD }))
    }

    /// Makes a user without a password; answers its id.
    pub fn user_without_password(&self, email: &str) -> String {
        self.created(&json!({ "email": email }))
    }

    fn created(&self, body: &Value) -> String {
        let reply = self.post(USERS, body);
        assert_eq!(reply.status, 201, "{reply:?}");
        reply.json()["id"].as_str().unwrap().to_owned()
    }

    /// Makes a reset.
    pub fn reset(&self, email: &str) -> Value {
        let reply = self.post(RESETS, &json!({ "email": email }));
        assert_eq!(reply.status, 201, "{reply:?}");
        reply.json()
    }

    /// The token of a new reset.
    pub fn token(&self, email: &str) -> String {
        let token = &self.reset(email)["password_reset_token"];
        token.as_str().unwrap().to_owned()
    }

    /// The token of a reset that is too old.
    pub fn expired_token(&self, email: &str) -> String {
        let reset = self.reset(email);
        let (id, age) = (reset["id"].as_str().unwrap(), Duration::from_mins(31));
        reset_password_test_tools::age_reset(self.database.url(), None, None, id, age).unwrap();
        reset["password_reset_token"].as_str().unwrap().to_owned()
    }

    /// Sets a password with a token.
    pub fn confirm(&self, token: &str, password: &str) -> Reply {
        let body = json!({ "token": token, "new_password": password });
        self.post(CONFIRM, &body)
    }

    /// Sets a password with a token, in the second form.
    pub fn confirm_in_path(&self, token: &str, password: &str) -> Reply {
        let path = format!("/auth/reset-password/{token}");
        self.post(&path, &json!({ "password": password }))
    }

    /// Whether a password is the one in force. It notes a login.
    pub fn accepts(&self, email: &str, password: &str) -> bool {
        let login = self.engine().authenticate_with_password(email, password);
        login.is_ok()
    }
}

/// Whether the request was refused as the caller's mistake.
pub fn refused(reply: &Reply) -> bool {
    (400..500).contains(&reply.status)
}
