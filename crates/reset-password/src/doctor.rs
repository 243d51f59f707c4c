//! A look at an installation: what is well, what is not, and how to mend it.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::PathBuf,
};

use reset_password_core::store::EventReads;
use reset_password_core::{
    Argon2Params, Clock, Code, Error, Policy, ResetUrl, Timestamp, WebhookEndpoint, WebhookStatus,
};
use reset_password_store::{DatabaseUrl, file};

use crate::{
    Options,
    blocking::UserManagement,
    key_file::{self, KeySource},
    secret_file,
    system::SystemClock,
};

/// A clock that shows less than this is wrong: 2025-01-01.
const BEFORE_THIS_VERSION: Timestamp = Timestamp::from_unix_millis(1_735_689_600_000);

pub use reset_password_store::health::{Finding, Status};

/// Looks at a database, its key and the options. Makes no database and brings none up to date; what every
/// opening does (it wipes sealed tokens that have expired) this does too.
#[must_use]
pub fn diagnose(database_url: &str, options: &Options) -> Vec<Finding> {
    let mut findings = Findings(Vec::new());
    let url = match DatabaseUrl::parse(database_url) {
        Ok(url) => url,
        Err(error) => {
            findings.error("database", error.message(), "give another --database");
            return findings.0;
        }
    };
    findings.check_parameters(options);
    findings.check_reset_url(options);
    let source = match KeySource::new(options, &url) {
        Ok(source) => source,
        Err(error) => {
            findings.error("key", error.message(), "give a key");
            return findings.0;
        }
    };
    findings.check_key(&source, &url);
    if url.is_in_memory() {
        findings.warn(
            "database",
            "the database is in memory",
            "use a file: this one is gone at exit",
        );
        return findings.0;
    }
    if let Some(path) = url.file()
        && !path.exists()
    {
        let message = format!("there is no database at {}", path.display());
        findings.error("database", message, "make it with `reset-password migrate`");
        return findings.0;
    }
    findings.check_files(&url, &source);
    let options = Options {
        migrate: false,
        ..options.clone()
    };
    match UserManagement::open(database_url, options) {
        Ok(handle) => {
            if let Err(error) = findings.check_database(&handle) {
                findings.error("database", error.message(), "see the log");
            }
            handle.close();
        }
        Err(error) if error.code() == Code::ConfigInvalid => {
            findings.error("database", error.message(), "mend that and look again");
        }
        Err(error) => findings.error("database", error.message(), "see the log, and try again"),
    }
    findings.0
}

struct Findings(Vec<Finding>);

impl Findings {
    fn ok(&mut self, check: &'static str, message: impl Into<String>) {
        self.0.push(Finding::ok(check, message));
    }

    fn warn(&mut self, check: &'static str, message: impl Into<String>, remedy: impl Into<String>) {
        self.0.push(Finding::warning(check, message, remedy));
    }

    fn error(
        &mut self,
        check: &'static str,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.0.push(Finding::error(check, message, remedy));
    }

    fn check_parameters(&mut self, options: &Options) {
        let (memory, passes) = (options.argon2_memory_kib, options.argon2_iterations);
        let shown = format!("argon2id m={memory} KiB t={passes} p=1");
        let default = Argon2Params::DEFAULT;
        match Argon2Params::new(memory, passes) {
            Err(error) => self.error(
                "parameters",
                error.message(),
                "set argon2_memory_kib and argon2_iterations to an approved pair",
            ),
            Ok(_) if memory < default.memory_kib() || passes < default.iterations() => self.warn(
                "parameters",
                format!("{shown}: allowed, and cheaper to attack than the default"),
                format!(
                    "set argon2_memory_kib to {} and argon2_iterations to {}, if the machine can bear it",
                    default.memory_kib(),
                    default.iterations()
                ),
            ),
            Ok(_) => self.ok("parameters", shown),
        }
        if options.memory_budget_kib < memory {
            self.warn(
                "parameters",
                format!(
                    "memory_budget_kib is {} and one hash takes {memory}",
                    options.memory_budget_kib
                ),
                "raise memory_budget_kib: as it is, one hash runs at a time and overdraws it",
            );
        }
        let least = options.password_min_length;
        match Policy::new(least, Vec::new()) {
            Err(error) => {
                self.error(
                    "parameters",
                    error.message(),
                    "set password_min_length from 8 to 64",
                );
            }
            Ok(_) if least < Policy::DEFAULT_MIN_LENGTH => self.warn(
                "parameters",
                format!("passwords may be as short as {least} characters"),
                "set password_min_length to 15, unless every login has a second factor \
                 (NIST SP 800-63B-4, 3.1.1.2)",
            ),
            Ok(_) => self.ok(
                "parameters",
                format!("passwords have at least {least} characters"),
            ),
        }
    }

    fn check_reset_url(&mut self, options: &Options) {
        let url = options.reset_url.as_deref().unwrap_or(ResetUrl::LOCAL);
        match ResetUrl::new(url) {
            Err(error) => self.error("reset_url", error.message(), "set reset_url to your page"),
            Ok(read) if read.is_local() => self.warn(
                "reset_url",
                format!("links lead to {url}, which is this machine alone"),
                "set reset_url to the https address of your reset page",
            ),
            Ok(_) => self.ok("reset_url", format!("links lead to {url}")),
        }
    }

    fn check_key(&mut self, source: &KeySource, url: &DatabaseUrl) {
        match source {
            KeySource::Default(path) => self.warn(
                "key",
                format!("the key is beside the database, in {}", path.display()),
                format!(
                    "keep it elsewhere and name it in {}: who copies the folder has both",
                    key_file::VARIABLE
                ),
            ),
            KeySource::Ephemeral => {
                self.ok("key", "the key is made anew for each database in memory");
            }
            KeySource::Given => self.ok("key", "the key is given by the application"),
            KeySource::Named(path) => {
                let beside = url
                    .file()
                    .is_some_and(|file| file.parent() == path.parent());
                let shown = path.display();
                if beside {
                    let remedy = "keep it in another folder: who copies this one has both";
                    self.warn(
                        "key",
                        format!("the key is in the database's folder, {shown}"),
                        remedy,
                    );
                } else {
                    self.ok("key", format!("the key is in {shown}"));
                }
            }
        }
    }

    fn check_files(&mut self, url: &DatabaseUrl, source: &KeySource) {
        let me = rustix::process::geteuid().as_raw();
        // Each, and whether it holds keys.
        let mut files: Vec<(PathBuf, bool)> = Vec::new();
        if let Some(database) = url.file() {
            let real = file::real(database);
            files.extend(
                ["", "-wal", "-shm"].map(|suffix| (file::with_suffix(&real, suffix), false)),
            );
        }
        if let Some(key) = source.path() {
            let keys = [key.to_owned(), key_file::previous_path(key)];
            files.extend(keys.map(|key| (key, true)));
        }
        let (mut open, mut foreign) = (0, 0);
        for (path, holds_keys) in &files {
            let Ok(data) = fs::metadata(path) else {
                continue;
            };
            let mode = data.permissions().mode() & 0o777;
            // The group of a key may read it, and a key may be root's: so it is handed out.
            let closed = if *holds_keys {
                secret_file::OTHERS
            } else {
                0o077
            };
            if mode & closed != 0 {
                open += 1;
                self.error(
                    "permissions",
                    format!(
                        "{} can be read or written by other users (mode {mode:o})",
                        path.display()
                    ),
                    format!("chmod 600 {}", path.display()),
                );
            }
            let is_handed_out = *holds_keys && data.uid() == 0;
            if data.uid() != me && !is_handed_out {
                let is_root = me == 0;
                foreign += 1;
                let (owner, me) = (file::user(data.uid()), file::user(me));
                self.warn(
                    "owner",
                    format!(
                        "{} belongs to {owner}; the current user is {me}",
                        path.display()
                    ),
                    if is_root {
                        format!("run as {owner}, so that no file becomes root's")
                    } else {
                        format!("run as {owner}, or change the owner (chown {me} …)")
                    },
                );
            }
        }
        if open == 0 {
            self.ok("permissions", "the files are closed to other users");
        }
        if foreign == 0 {
            self.ok("owner", format!("the files belong to {}", file::user(me)));
        }
    }

    fn check_webhooks(&mut self, endpoints: &[WebhookEndpoint]) {
        for WebhookEndpoint {
            id,
            status,
            failing_since,
            last_failure,
            ..
        } in endpoints
        {
            let why = last_failure.as_deref().unwrap_or("the operator says so");
            match (status, failing_since) {
                (WebhookStatus::Disabled, _) => self.warn(
                    "webhooks",
                    format!("{id} is disabled: {why}"),
                    "mend it, and enable it with `reset-password webhook update`; or delete it",
                ),
                (WebhookStatus::Enabled, Some(since)) => self.warn(
                    "webhooks",
                    format!("{id} has failed since {since}: {why}"),
                    "mend it within three days, or it is disabled",
                ),
                (WebhookStatus::Enabled, None) => {}
            }
        }
        if !endpoints.is_empty() && self.0.iter().all(|finding| finding.check != "webhooks") {
            self.ok("webhooks", "every endpoint takes what it is sent");
        }
    }

    fn check_database(&mut self, handle: &UserManagement) -> Result<(), Error> {
        let store = handle.store();
        self.0.extend(store.health()?);
        let (now, newest) = (SystemClock.now(), store.newest_event_at()?);
        match newest {
            _ if now < BEFORE_THIS_VERSION => self.error(
                "clock",
                format!("the clock shows {now}"),
                "set the clock: every token's expiry is judged by it",
            ),
            Some(newest) if newest > now => self.error(
                "clock",
                format!("the newest event is of {newest}, and the clock shows {now}"),
                "set the clock, and keep it in step with NTP",
            ),
            _ => self.ok("clock", format!("the clock shows {now}")),
        }
        self.check_webhooks(&handle.list_webhook_endpoints()?);
        if let Some(sequence) = handle.keep_trail_mark()? {
            self.error(
                "audit",
                format!(
                    "record {sequence} of the audit trail, which was seen before, is not there: the database was \
                     put back to an earlier state, or the trail begun anew"
                ),
                "look into it; if it was meant, remove the mark of the trail beside the key file",
            );
        }
        Ok(())
    }
}
