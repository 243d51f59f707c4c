//! What every request shares.

use std::sync::Arc;

use arc_swap::ArcSwap;
use reset_password::UserManagement;

use crate::{
    client::Client, config::Config, known_keys::KnownKeys, metrics::Metrics, pages::PublicPages,
    throttle::Throttle,
};

/// What every request shares.
pub(crate) struct Service {
    pub(crate) config: Config,
    engine: ArcSwap<UserManagement>,
    pub(crate) wrong_keys: Throttle,
    pub(crate) known_keys: KnownKeys,
    pub(crate) confirms: Option<Throttle>,
    pub(crate) pages: Option<PublicPages>,
    pub(crate) metrics: Metrics,
}

impl Service {
    pub(crate) fn new(config: Config, engine: UserManagement, pages: Option<PublicPages>) -> Self {
        Self {
            wrong_keys: Throttle::per_minute(Config::WRONG_KEYS_PER_MINUTE),
            known_keys: KnownKeys::default(),
            confirms: config.confirms_per_minute.map(Throttle::per_minute),
            engine: ArcSwap::from_pointee(engine),
            pages,
            metrics: Metrics::default(),
            config,
        }
    }

    /// A name for a request in its answer and in the log: a random UUID.
    pub(crate) fn new_request_id(&self) -> String {
        let mut bytes = [0; 16];
        if let Err(error) = self.engine().blocking().config().random.fill(&mut bytes) {
            tracing::error!(%error, "a request has no id of its own");
        }
        let id = uuid::Builder::from_random_bytes(bytes).into_uuid();
        id.hyphenated().to_string()
    }

    /// The engine, as it is now: it is replaced when the keys are read again.
    pub(crate) fn engine(&self) -> Arc<UserManagement> {
        self.engine.load_full()
    }

    /// Puts a newly opened engine in the place of the present one, which ends with its last call.
    pub(crate) fn replace_engine(&self, engine: UserManagement) {
        self.engine.store(Arc::new(engine));
    }

    /// A name for a client that says nothing of its address, and is the same in every log line.
    pub(crate) fn pseudonym(&self, client: Client) -> String {
        let engine = self.engine();
        let keys = engine.blocking().keys();
        let digest = keys.current().client_digest(&client.address().to_string());
        let shown = digest.first_chunk().copied().unwrap_or_default();
        format!("{:016x}", u64::from_be_bytes(shown))
    }
}
