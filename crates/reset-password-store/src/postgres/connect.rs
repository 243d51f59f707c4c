//! Finding the server that writes.

use std::{
    net::IpAddr,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use secrecy::ExposeSecret;
use tokio::{net, time};
use tokio_postgres::{
    Client, Config,
    config::{SslMode, TargetSessionAttrs},
};

use super::{
    address::{Host, Place, PostgresUrl},
    error::{Refusal, refusal},
    session::{Interruption, Session, Wire},
    tls::Tls,
};
use crate::sql::SqlError;

/// How long a connection is silent before the system asks whether the server is there, how often it asks,
/// and how many times in vain.
const KEEPALIVE_IDLE: Duration = Duration::from_secs(30);
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(10);
const KEEPALIVE_RETRIES: u32 = 3;

/// Makes connections to the hosts of a URL.
pub(super) struct Connector {
    pub(super) url: PostgresUrl,
    pub(super) tls: Tls,
    /// Whether a connection has been made: from then on a name that is not found is a failure of the
    /// network, not of the URL.
    connected: AtomicBool,
}

type Attempt<T> = Result<T, Refusal>;

impl Connector {
    pub(super) const fn new(url: PostgresUrl, tls: Tls) -> Self {
        Self {
            url,
            tls,
            connected: AtomicBool::new(false),
        }
    }

    /// A connection to the first host that answers and writes.
    pub(super) fn connect(&self) -> Result<Session, SqlError> {
        let session = Session::connect(self.first_that_writes());
        let session = session.map_err(|refusals: Refusals| refusals.into_error())?;
        self.connected.store(true, Ordering::Relaxed);
        Ok(session)
    }

    async fn first_that_writes(&self) -> Result<(Client, Wire), Refusals> {
        let mut refusals = Vec::new();
        for host in self.url.hosts() {
            match self.to_host(host).await {
                Ok(connected) => return Ok(connected),
                Err(Refusal { lasting, reason }) => {
                    let reason = format!("cannot connect to PostgreSQL at {host}: {reason}");
                    refusals.push(Refusal { lasting, reason });
                }
            }
        }
        Err(Refusals(refusals))
    }

    /// Tries each of a host's addresses.
    async fn to_host(&self, host: &Host) -> Attempt<(Client, Wire)> {
        let name = match &host.place {
            Place::Socket(_) => return self.attempt(host, None).await,
            Place::Network(name) => name,
        };
        let mut refused = Refusal::passing("its name has no address");
        for address in self.addresses(name, host.port).await? {
            match self.attempt(host, Some(address)).await {
                Ok(connected) => return Ok(connected),
                Err(refusal) => refused = refusal,
            }
        }
        Err(refused)
    }

    async fn addresses(&self, name: &str, port: u16) -> Attempt<Vec<IpAddr>> {
        let found = time::timeout(self.patience(), net::lookup_host((name, port))).await;
        match found {
            Ok(Ok(addresses)) => Ok(addresses.map(|address| address.ip()).collect()),
            Ok(Err(error)) if self.connected.load(Ordering::Relaxed) => {
                Err(Refusal::passing(error.to_string()))
            }
            Ok(Err(error)) => Err(Refusal::lasting(format!(
                "{error}; check the host in the PostgreSQL URL"
            ))),
            Err(_) => Err(Refusal::passing("its name was not resolved in time")),
        }
    }

    /// Connects, and asks whether the server writes, all within the time that the URL gives.
    async fn attempt(&self, host: &Host, address: Option<IpAddr>) -> Attempt<(Client, Wire)> {
        let config = self.config(host, address);
        match time::timeout(self.patience(), config.connect(self.tls.clone())).await {
            Ok(connected) => connected.map_err(|error| refusal(&error)),
            Err(_) => Err(Refusal::passing(format!(
                "no answer within {} s",
                self.patience().as_secs()
            ))),
        }
    }

    fn patience(&self) -> Duration {
        self.url.parameters().connect_timeout
    }

    /// Only what a pooler lets through is sent at the start: the user, the database, the encoding and the
    /// application's name.
    fn config(&self, host: &Host, address: Option<IpAddr>) -> Config {
        let mut config = Config::new();
        match &host.place {
            Place::Network(name) => config.host(name),
            Place::Socket(folder) => config.host_path(folder),
        };
        if let Some(address) = address {
            config.hostaddr(address);
        }
        if let Some(user) = self.url.user() {
            config.user(user);
        }
        if let Some(password) = self.url.password() {
            config.password(password.expose_secret());
        }
        let ssl_mode = if self.url.encrypts(host) {
            SslMode::Require
        } else {
            SslMode::Disable
        };
        config
            .port(host.port)
            .dbname(self.url.database())
            .application_name(&self.url.parameters().application_name)
            .ssl_mode(ssl_mode)
            .connect_timeout(self.patience())
            .target_session_attrs(TargetSessionAttrs::ReadWrite)
            .keepalives_idle(KEEPALIVE_IDLE)
            .keepalives_interval(KEEPALIVE_INTERVAL)
            .keepalives_retries(KEEPALIVE_RETRIES)
            .tcp_user_timeout(self.url.statement_timeout());
        config
    }
}

/// Why each host was refused.
struct Refusals(Vec<Refusal>);

impl Refusals {
    /// One that does not pass by waiting is what somebody must be told.
    fn into_error(self) -> SqlError {
        let lasting = self.0.iter().any(|refusal| refusal.lasting);
        let reasons = self
            .0
            .into_iter()
            .filter(|refusal| refusal.lasting == lasting);
        let reasons: Vec<_> = reasons.map(|refusal| refusal.reason).collect();
        let reasons = reasons.join("; ");
        if lasting {
            SqlError::Config(reasons)
        } else {
            SqlError::Failed(reasons.into())
        }
    }
}

impl From<Interruption> for Refusals {
    fn from(interruption: Interruption) -> Self {
        Self(vec![Refusal::passing(interruption.to_string())])
    }
}
