//! How the engine and the service behave, as the command line, the environment and the file say it.

use std::{net::SocketAddr, num::NonZero, path::PathBuf, time::Duration};

use clap::{Args, ValueEnum};
use ipnet::IpNet;
use reset_password::{Error, Options, secret_file};
use reset_password_mail::MailConfig;
use reset_password_server::{Config, TlsFiles};
use reset_password_web::PagesConfig;
use reset_password_webhooks::WebhookConfig;
use serde::{Deserialize, Serialize};

/// How the engine behaves. What is not given, the variables, the file, or the default decide.
#[derive(Args, Clone, Debug, Default, Deserialize, Serialize)]
#[command(next_help_heading = "Engine options")]
#[serde(default)]
pub struct EngineOptions {
    #[arg(
        help = "The file of the secret key [default: RESET_PASSWORD_KEY_FILE, or beside the database]",
        long,
        global = true,
        hide_short_help = true,
        value_name = "FILE"
    )]
    key_file: Option<PathBuf>,
    /// The page that links lead to: https, or http on this machine
    #[arg(long, global = true, hide_short_help = true, value_name = "URL")]
    reset_url: Option<String>,
    #[arg(
        help = default("How long a token works: 300 to 86400", Options::default().token_lifetime),
        long,
        global = true,
        hide_short_help = true,
        value_name = "SECONDS"
    )]
    token_lifetime: Option<u64>,
    /// How long a token works that sets a first password: 300 to 604800 [default: that of --token-lifetime]
    #[arg(long, global = true, hide_short_help = true, value_name = "SECONDS")]
    first_password_lifetime: Option<u64>,
    /// Keep no encrypted copy of tokens: a link can then be seen only when it is made
    #[arg(
        long = "no-seal-tokens",
        global = true,
        hide_short_help = true,
        num_args = 0,
        default_missing_value = "false"
    )]
    pub seal_tokens: Option<bool>,
    #[arg(
        help = default("Least length of a password: 8 to 64", Options::default().password_min_length),
        long,
        global = true,
        hide_short_help = true,
        value_name = "N"
    )]
    password_min_length: Option<u32>,
    /// A name of the service, which no password may be a version of; may be repeated
    #[arg(
        long = "service-name",
        global = true,
        hide_short_help = true,
        value_name = "NAME"
    )]
    pub service_names: Option<Vec<String>>,
    /// The file of the pepper that another system appended to the passwords of its hashes
    #[arg(long, global = true, hide_short_help = true, value_name = "FILE")]
    pepper_file: Option<PathBuf>,
    #[arg(
        help = default("Memory of one Argon2id hash, in KiB", Options::default().argon2_memory_kib),
        long,
        global = true,
        hide_short_help = true,
        value_name = "N"
    )]
    argon2_memory_kib: Option<u32>,
    #[arg(
        help = default(
            "Passes of one Argon2id hash over its memory",
            Options::default().argon2_iterations
        ),
        long,
        global = true,
        hide_short_help = true,
        value_name = "N"
    )]
    argon2_iterations: Option<u32>,
    /// Compute hashes with the argon2 crate alone, in about twice the time
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        num_args = 0,
        default_missing_value = "true"
    )]
    argon2_portable: Option<bool>,
    #[arg(
        help = default(
            "Memory that all hashes at work may take together, in KiB",
            Options::default().memory_budget_kib
        ),
        long,
        global = true,
        hide_short_help = true,
        value_name = "N"
    )]
    memory_budget_kib: Option<u32>,
    #[arg(
        help = default(
            "Requests of public forms that this process answers a minute: 1 to 1,000,000",
            Options::default().requests_per_minute
        ),
        long,
        global = true,
        hide_short_help = true,
        value_name = "N"
    )]
    requests_per_minute: Option<u32>,
    /// The users' table that is there already: a preset, such as django, or a file of a mapping
    #[arg(long, global = true, hide_short_help = true, value_name = "NAME|FILE")]
    users: Option<String>,
    /// Links that are asked for, and notices of changes, wait for a mailer; a service with --smtp-url does so anyway
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        num_args = 0,
        default_missing_value = "true"
    )]
    pub messages: Option<bool>,
    /// Leave the database's tables as they are, and stop if they are out of date
    #[arg(
        long = "no-migrate",
        global = true,
        hide_short_help = true,
        num_args = 0,
        default_missing_value = "false"
    )]
    pub migrate: Option<bool>,
}

/// How the service behaves.
#[derive(Args, Clone, Debug, Default, Deserialize, Serialize)]
#[command(next_help_heading = "Service options")]
#[serde(default)]
pub struct ServiceOptions {
    #[arg(
        help = default("Where to listen: an address and a port", Config::default().listen),
        long,
        value_name = "ADDRESS"
    )]
    listen: Option<SocketAddr>,
    /// A proxy in front of the service speaks TLS with the clients
    #[arg(long, num_args = 0, default_missing_value = "true")]
    behind_tls_proxy: Option<bool>,
    /// A certificate and its chain, in PEM, to speak TLS here
    #[arg(long, value_name = "FILE")]
    tls_certificate: Option<PathBuf>,
    /// The certificate's private key, in PEM
    #[arg(long, value_name = "FILE")]
    tls_key: Option<PathBuf>,
    /// A proxy, or a network of them, whose X-Forwarded-For is believed; may be repeated
    #[arg(long = "trusted-proxy", value_name = "NETWORK")]
    trusted_proxies: Option<Vec<IpNet>>,
    #[arg(
        help = default("Connections at once", Config::default().max_connections),
        long,
        value_name = "N"
    )]
    max_connections: Option<NonZero<u32>>,
    #[arg(
        help = default(
            "Connections of one client at once",
            Config::default().max_connections_per_client
        ),
        long,
        value_name = "N"
    )]
    max_connections_per_client: Option<NonZero<u32>>,
    /// Confirms that one client, which is one address, may ask for in a minute [default: any number]
    #[arg(long, value_name = "N")]
    confirm_limit: Option<NonZero<u32>>,
    /// Shows /openapi.json to whoever asks, without an API key
    #[arg(long, num_args = 0, default_missing_value = "true")]
    public_openapi: Option<bool>,
    /// Show the pages on which people ask for a link and set a new password; they need no API key
    #[arg(long, num_args = 0, default_missing_value = "true")]
    pages: Option<bool>,
    /// Where people reach the pages, whole and with its path [default: http and --listen]
    #[arg(long, value_name = "URL")]
    pages_url: Option<String>,
    /// What the service is called on the pages [default: the first --service-name, or the host's name]
    #[arg(long, value_name = "NAME")]
    pages_name: Option<String>,
    /// The page that the last of the pages leads to, where people log in
    #[arg(long, value_name = "URL")]
    sign_in_url: Option<String>,
    /// The colour of buttons and links, such as #0a58ca
    #[arg(long, value_name = "COLOUR")]
    pages_accent: Option<String>,
    /// The language for those whose browser asks for none of the pages' [default: en]
    #[arg(long, value_name = "TAG")]
    pages_language: Option<String>,
    /// Have a browser compute so many hashes, on average, before a link can be asked for: 1,000 to 1,000,000 [default:
    /// none]
    #[arg(long, value_name = "HASHES")]
    pages_proof_of_work: Option<u32>,
    #[arg(
        help = "The SMTP server that mail goes out by: smtps://USER@HOST, or smtp://USER@HOST with STARTTLS",
        long,
        value_name = "URL"
    )]
    smtp_url: Option<String>,
    /// The file of the password of the SMTP server's user
    #[arg(long, value_name = "FILE")]
    smtp_password_file: Option<PathBuf>,
    /// A file of certificates, in PEM, that the SMTP server's is signed by, besides those that the system trusts
    #[arg(long, value_name = "FILE")]
    smtp_ca: Option<PathBuf>,
    /// Who the mail is from, such as "Example <no-reply@example.com>"
    #[arg(long, value_name = "ADDRESS")]
    mail_from: Option<String>,
    /// Where somebody turns to whose account was changed by another: a page, or an address [default: the page that
    /// asks for a link]
    #[arg(long, value_name = "TEXT")]
    mail_contact: Option<String>,
    /// Let webhooks be sent to addresses that are not public, and without TLS: on the network of the service
    #[arg(long, num_args = 0, default_missing_value = "true")]
    webhooks_allow_private: Option<bool>,
    /// A file of certificates, in PEM, that an endpoint's is signed by, besides those that the system trusts
    #[arg(long, value_name = "FILE")]
    webhooks_ca: Option<PathBuf>,
    /// Where an operator reads the metrics: an address and a port, at /metrics, without a key
    #[arg(long, value_name = "ADDRESS")]
    metrics_listen: Option<SocketAddr>,
    #[arg(
        help = default(
            "How long requests that are under way may take at the end: 1 to 600",
            Config::default().shutdown_timeout.as_secs()
        ),
        long,
        value_name = "SECONDS"
    )]
    shutdown_timeout: Option<u64>,
    /// How the log looks [default: pretty on a terminal, else json]
    #[arg(long, value_name = "FORMAT")]
    pub log_format: Option<LogFormat>,
}

/// How a log looks.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For people.
    Pretty,
}

fn default(help: &str, value: impl std::fmt::Display) -> String {
    format!("{help} [default: {value}]")
}

impl EngineOptions {
    /// These, and the weaker ones where there are none.
    pub fn or(self, weaker: Self) -> Self {
        Self {
            key_file: self.key_file.or(weaker.key_file),
            reset_url: self.reset_url.or(weaker.reset_url),
            token_lifetime: self.token_lifetime.or(weaker.token_lifetime),
            first_password_lifetime: self
                .first_password_lifetime
                .or(weaker.first_password_lifetime),
            seal_tokens: self.seal_tokens.or(weaker.seal_tokens),
            password_min_length: self.password_min_length.or(weaker.password_min_length),
            service_names: self.service_names.or(weaker.service_names),
            pepper_file: self.pepper_file.or(weaker.pepper_file),
            argon2_memory_kib: self.argon2_memory_kib.or(weaker.argon2_memory_kib),
            argon2_iterations: self.argon2_iterations.or(weaker.argon2_iterations),
            argon2_portable: self.argon2_portable.or(weaker.argon2_portable),
            memory_budget_kib: self.memory_budget_kib.or(weaker.memory_budget_kib),
            requests_per_minute: self.requests_per_minute.or(weaker.requests_per_minute),
            users: self.users.or(weaker.users),
            messages: self.messages.or(weaker.messages),
            migrate: self.migrate.or(weaker.migrate),
        }
    }

    /// The engine's options, with the engine's defaults.
    pub fn options(self) -> Options {
        let default = Options::default();
        Options {
            key_file: self.key_file,
            reset_url: self.reset_url,
            token_lifetime: self.token_lifetime.unwrap_or(default.token_lifetime),
            first_password_lifetime: self.first_password_lifetime,
            seal_tokens: self.seal_tokens.unwrap_or(default.seal_tokens),
            password_min_length: self
                .password_min_length
                .unwrap_or(default.password_min_length),
            service_names: self.service_names.unwrap_or(default.service_names),
            pepper_file: self.pepper_file,
            argon2_memory_kib: self.argon2_memory_kib.unwrap_or(default.argon2_memory_kib),
            argon2_iterations: self.argon2_iterations.unwrap_or(default.argon2_iterations),
            argon2_portable: self.argon2_portable.unwrap_or(default.argon2_portable),
            memory_budget_kib: self.memory_budget_kib.unwrap_or(default.memory_budget_kib),
            requests_per_minute: self
                .requests_per_minute
                .unwrap_or(default.requests_per_minute),
            users: self.users,
            messages: self.messages.unwrap_or(default.messages),
            migrate: self.migrate.unwrap_or(default.migrate),
            // Neither a key nor a pepper is an argument of a command.
            ..default
        }
    }
}

impl ServiceOptions {
    /// These, and the weaker ones where there are none.
    pub fn or(self, weaker: Self) -> Self {
        Self {
            listen: self.listen.or(weaker.listen),
            behind_tls_proxy: self.behind_tls_proxy.or(weaker.behind_tls_proxy),
            tls_certificate: self.tls_certificate.or(weaker.tls_certificate),
            tls_key: self.tls_key.or(weaker.tls_key),
            trusted_proxies: self.trusted_proxies.or(weaker.trusted_proxies),
            max_connections: self.max_connections.or(weaker.max_connections),
            max_connections_per_client: self
                .max_connections_per_client
                .or(weaker.max_connections_per_client),
            confirm_limit: self.confirm_limit.or(weaker.confirm_limit),
            public_openapi: self.public_openapi.or(weaker.public_openapi),
            pages: self.pages.or(weaker.pages),
            pages_url: self.pages_url.or(weaker.pages_url),
            pages_name: self.pages_name.or(weaker.pages_name),
            sign_in_url: self.sign_in_url.or(weaker.sign_in_url),
            pages_accent: self.pages_accent.or(weaker.pages_accent),
            pages_language: self.pages_language.or(weaker.pages_language),
            pages_proof_of_work: self.pages_proof_of_work.or(weaker.pages_proof_of_work),
            smtp_url: self.smtp_url.or(weaker.smtp_url),
            smtp_password_file: self.smtp_password_file.or(weaker.smtp_password_file),
            smtp_ca: self.smtp_ca.or(weaker.smtp_ca),
            mail_from: self.mail_from.or(weaker.mail_from),
            mail_contact: self.mail_contact.or(weaker.mail_contact),
            webhooks_allow_private: self
                .webhooks_allow_private
                .or(weaker.webhooks_allow_private),
            webhooks_ca: self.webhooks_ca.or(weaker.webhooks_ca),
            metrics_listen: self.metrics_listen.or(weaker.metrics_listen),
            shutdown_timeout: self.shutdown_timeout.or(weaker.shutdown_timeout),
            log_format: self.log_format.or(weaker.log_format),
        }
    }

    /// What the service is called, if anybody says so.
    fn name(&self, service_names: Option<&[String]>) -> Option<String> {
        let first = || service_names.and_then(<[String]>::first).cloned();
        self.pages_name.clone().or_else(first)
    }

    /// The pages, if there are to be any.
    fn pages(&self, service_names: Option<&[String]>) -> Result<Option<PagesConfig>, Error> {
        if self.pages != Some(true) {
            return match self.pages_url {
                Some(_) => Err(Error::config("pages_url needs pages: give --pages as well")),
                None => Ok(None),
            };
        }
        let listen = self.listen.unwrap_or(Config::default().listen);
        let is_tls = self.tls_certificate.is_some() || self.behind_tls_proxy == Some(true);
        let url = match &self.pages_url {
            Some(url) => url.clone(),
            None if listen.ip().is_loopback() && !is_tls => format!("http://{listen}"),
            None => {
                return Err(Error::config(
                    "pages needs pages_url: the address that people reach them by, such as https://example.com/account",
                ));
            }
        };
        let host = || {
            let rest = url.split("://").nth(1).unwrap_or(&url);
            rest.split('/').next().unwrap_or(rest).to_owned()
        };
        Ok(Some(PagesConfig {
            service: self.name(service_names).unwrap_or_else(host),
            sign_in_url: self.sign_in_url.clone(),
            accent: self.pages_accent.clone(),
            language: self.pages_language.clone(),
            proof_of_work: self.pages_proof_of_work,
            url,
        }))
    }

    /// The way of mail, if there is one.
    fn mail(
        &self,
        pages: Option<&PagesConfig>,
        service_names: Option<&[String]>,
    ) -> Result<Option<MailConfig>, Error> {
        let Some(smtp_url) = self.smtp_url.clone() else {
            return match (&self.smtp_password_file, &self.mail_from) {
                (None, None) => Ok(None),
                _ => Err(Error::config(
                    "mail needs smtp_url: the server that it goes out by",
                )),
            };
        };
        let from = self.mail_from.clone().ok_or_else(|| {
            Error::config("smtp_url needs mail_from: who the mail is from, such as Example <no-reply@example.com>")
        })?;
        let contact = self.mail_contact.clone().or_else(|| {
            let url = &pages?.url;
            Some(format!("{}/forgot", url.trim_end_matches('/')))
        });
        let contact = contact.ok_or_else(|| {
            Error::config("smtp_url needs mail_contact: where somebody turns to whose account was changed by another")
        })?;
        let service = match pages {
            Some(pages) => Some(pages.service.clone()),
            None => self.name(service_names),
        };
        let service = service.ok_or_else(|| {
            Error::config("smtp_url needs service_name: what the service is called in its mails")
        })?;
        let smtp_password = self.smtp_password_file.as_deref().map(|path| {
            let doing = "read the SMTP password";
            let line = secret_file::read_line(doing, path, "smtp_password_file", 1_024)?;
            Ok::<_, Error>(line.as_str().into())
        });
        Ok(Some(MailConfig {
            smtp_url,
            smtp_password: smtp_password.transpose()?,
            smtp_ca: self.smtp_ca.clone(),
            from,
            service,
            contact,
            report_url: pages.map(PagesConfig::report_url).transpose()?,
            language: self.pages_language.clone(),
        }))
    }

    /// How events are sent to the endpoints of webhooks.
    pub fn webhooks(&self) -> WebhookConfig {
        let default = WebhookConfig::default();
        WebhookConfig {
            allow_private: self.webhooks_allow_private.unwrap_or(default.allow_private),
            ca: self.webhooks_ca.clone(),
            ..default
        }
    }

    /// The service's configuration, with the service's defaults. Its pages are called after the first of its names,
    /// unless they have one of their own.
    pub fn config(self, service_names: Option<&[String]>) -> Result<Config, Error> {
        let default = Config::default();
        let pages = self.pages(service_names)?;
        let mail = self.mail(pages.as_ref(), service_names)?;
        let webhooks = self.webhooks();
        let tls = match (self.tls_certificate, self.tls_key) {
            (None, None) => None,
            (Some(certificate), Some(key)) => Some(TlsFiles { certificate, key }),
            (Some(_), None) => return Err(Error::config("tls_certificate needs tls_key")),
            (None, Some(_)) => return Err(Error::config("tls_key needs tls_certificate")),
        };
        let max_connections = self.max_connections.unwrap_or(default.max_connections);
        Ok(Config {
            listen: self.listen.unwrap_or(default.listen),
            behind_tls_proxy: self.behind_tls_proxy.unwrap_or(default.behind_tls_proxy),
            tls,
            trusted_proxies: self.trusted_proxies.unwrap_or(default.trusted_proxies),
            max_connections,
            max_connections_per_client: self
                .max_connections_per_client
                .unwrap_or_else(|| default.max_connections_per_client.min(max_connections)),
            confirms_per_minute: self.confirm_limit,
            public_openapi: self.public_openapi.unwrap_or(default.public_openapi),
            pages,
            mail,
            webhooks,
            metrics_listen: self.metrics_listen,
            shutdown_timeout: self
                .shutdown_timeout
                .map_or(default.shutdown_timeout, Duration::from_secs),
        })
    }
}
