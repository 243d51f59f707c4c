//! What every request shares.

use std::sync::Arc;

use arc_swap::ArcSwap;
use reset_password::{Error, UserManagement};

use crate::{client::Client, config::Config, throttle::Throttle};

/// What every request shares.
pub(crate) struct Service {
    pub(crate) config: Config,
    engine: ArcSwap<UserManagement>,
    pub(crate) wrong_keys: Throttle,
    pub(crate) confirms: Option<Throttle>,
}

impl Service {
    pub(crate) fn new(config: Config, engine: UserManagement) -> Self {
        Self {
            wrong_keys: Throttle::per_minute(Config::WRONG_KEYS_PER_MINUTE),
            confirms: config.confirms_per_minute.map(Throttle::per_minute),
            engine: ArcSwap::from_pointee(engine),
            config,
        }
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
        let address = client.address().to_string();
        let digest = self
            .engine()
            .config()
            .keys
            .current()
            .address_digest(&address);
        let shown = digest.first_chunk().copied().unwrap_or_default();
        format!("{:016x}", u64::from_be_bytes(shown))
    }

    /// Whether the database answers.
    pub(crate) async fn check_ready(&self) -> Result<(), Error> {
        self.engine().store().key_id().await?;
        Ok(())
    }
}
