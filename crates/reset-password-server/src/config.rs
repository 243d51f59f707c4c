//! How the service is to behave.

use std::{net::SocketAddr, num::NonZero, path::PathBuf, time::Duration};

use ipnet::IpNet;
use reset_password::Error;
use reset_password_mail::MailConfig;
use reset_password_web::PagesConfig;
use reset_password_webhooks::WebhookConfig;

/// How the service is to behave. Everything has a default that is safe.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen. Beyond loopback it takes TLS, or a proxy that speaks it.
    pub listen: SocketAddr,
    /// Whether a proxy in front of the service speaks TLS with the clients.
    pub behind_tls_proxy: bool,
    /// A certificate and its key, to speak TLS here.
    pub tls: Option<TlsFiles>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Connections at once.
    pub max_connections: NonZero<u32>,
    /// Connections of one client at once: of an address, or of a /64 of IPv6. A trusted proxy may have any
    /// number of them.
    pub max_connections_per_client: NonZero<u32>,
    /// Confirms that one client may ask for in a minute; without it, any number. One client is one
    /// address, and an application that calls for all its users has one address.
    pub confirms_per_minute: Option<NonZero<u32>>,
    /// Whether `/openapi.json` is shown to whoever asks, or only to those with an API key.
    pub public_openapi: bool,
    /// The pages for people, who need no API key; without it there are none.
    pub pages: Option<PagesConfig>,
    /// Where an operator reads the metrics, without a key; without it nowhere. Nothing in them tells a person.
    pub metrics_listen: Option<SocketAddr>,
    /// The way of mail; without it what waits in the outbox is the host's to send.
    pub mail: Option<MailConfig>,
    /// How events are sent to the endpoints of webhooks.
    pub webhooks: WebhookConfig,
    /// How long requests that are under way may take at shutdown.
    pub shutdown_timeout: Duration,
}

/// A certificate and its key.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    /// The certificate and its chain, in PEM.
    pub certificate: PathBuf,
    /// The private key, in PEM.
    pub key: PathBuf,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            behind_tls_proxy: false,
            tls: None,
            trusted_proxies: Vec::new(),
            max_connections: const { NonZero::new(8_192).unwrap() },
            max_connections_per_client: const { NonZero::new(64).unwrap() },
            confirms_per_minute: None,
            public_openapi: false,
            pages: None,
            metrics_listen: None,
            mail: None,
            webhooks: WebhookConfig::default(),
            shutdown_timeout: Duration::from_secs(30),
        }
    }
}

impl Config {
    /// Most octets of a body.
    pub const MAX_BODY: usize = 16 * 1_024;
    /// Most octets of a request's head.
    pub const MAX_HEAD: usize = 16 * 1_024;
    /// Most headers of a request.
    pub const MAX_HEADERS: usize = 64;
    /// How long the head of a request may take to arrive.
    pub const HEAD_TIMEOUT: Duration = Duration::from_secs(5);
    /// How long the body of a request may take to arrive.
    pub const BODY_TIMEOUT: Duration = Duration::from_secs(15);
    /// How long a client may take no part of an answer.
    pub const WRITE_TIMEOUT: Duration = Duration::from_secs(15);
    /// How long a request may take from its first octet to the last one of its answer.
    pub const EXCHANGE_TIMEOUT: Duration = Duration::from_mins(1);
    /// How long a connection may be quiet between requests.
    pub const IDLE_TIMEOUT: Duration = Duration::from_secs(75);
    /// Wrong API keys that one client may present in a minute.
    pub(crate) const WRONG_KEYS_PER_MINUTE: NonZero<u32> = const { NonZero::new(10).unwrap() };

    /// Whether clients reach the service by TLS.
    pub(crate) fn is_tls(&self) -> bool {
        self.tls.is_some() || self.behind_tls_proxy
    }

    /// Refuses what is unsafe or contradicts itself.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.behind_tls_proxy && self.tls.is_some() {
            return Err(Error::config(
                "give behind_tls_proxy or a TLS certificate, not both",
            ));
        }
        if !self.listen.ip().to_canonical().is_loopback() && !self.is_tls() {
            return Err(Error::config(format!(
                "listening on {} would send passwords in clear: give tls_certificate and tls_key, \
                 behind_tls_proxy if a proxy in front speaks TLS, or a loopback address",
                self.listen
            )));
        }
        if self.max_connections_per_client > self.max_connections {
            return Err(Error::config(
                "max_connections_per_client must be at most max_connections",
            ));
        }
        let [shortest, longest] = [Duration::from_secs(1), Duration::from_mins(10)];
        if !(shortest..=longest).contains(&self.shutdown_timeout) {
            return Err(Error::config(
                "shutdown_timeout must be from 1 to 600 seconds",
            ));
        }
        Ok(())
    }
}
