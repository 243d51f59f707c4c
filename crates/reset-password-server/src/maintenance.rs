//! What a long-running process does beside answering: removing what has expired, and reminding of keys
//! that are about to.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use reset_password::{ApiKey, Error, blocking::UserManagement};
use tokio::time::{self, MissedTickBehavior};

use crate::service::Service;

const EVERY: Duration = Duration::from_mins(1);
/// Rows of each kind that one transaction removes.
const BATCH: u32 = 1_000;
/// How long before its end a key's owner is reminded.
const REMINDERS: [Duration; 2] = [Duration::from_hours(14 * 24), Duration::from_hours(3 * 24)];

/// Works until the process ends.
pub(crate) async fn run(service: Arc<Service>) {
    let mut reminded = BTreeSet::new();
    let mut ticks = time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        service.wrong_keys.forget_quiet();
        if let Some(confirms) = &service.confirms {
            confirms.forget_quiet();
        }
        if let Some(pages) = &service.pages {
            pages.forget_quiet();
        }
        if let Err(error) = purge(&service).await {
            tracing::warn!(code = %error.code(), "what has expired was not removed");
        }
        let engine = service.engine();
        if let Err(error) = engine.run(UserManagement::keep_trail_mark).await {
            tracing::warn!(%error, "the mark of the audit trail was not kept");
        }
        if let Err(error) = remind(&service, &mut reminded).await {
            tracing::warn!(code = %error.code(), "the API keys could not be read");
        }
    }
}

async fn purge(service: &Service) -> Result<(), Error> {
    loop {
        let removed = service.engine().purge(BATCH).await?;
        if removed.most() < u64::from(BATCH) {
            return Ok(());
        }
        // Others may write in between.
        tokio::task::yield_now().await;
    }
}

/// Says once for each reminder that a key will end.
async fn remind(
    service: &Service,
    reminded: &mut BTreeSet<(String, Duration)>,
) -> Result<(), Error> {
    let engine = service.engine();
    let now = engine.blocking().config().clock.now();
    let keys = engine.list_api_keys().await?;
    for key in &keys {
        let due = |before: &Duration| {
            key.works_at(now)
                && !key.works_at(now + *before)
                && key.works_at(key.created_at + *before)
                && !is_replaced(key, &keys)
        };
        let Some(before) = REMINDERS.into_iter().rev().find(due) else {
            continue;
        };
        if reminded.insert((key.id.clone(), before)) {
            warn_of(key);
        }
    }
    Ok(())
}

/// Whether another key does the same for longer.
fn is_replaced(key: &ApiKey, keys: &[ApiKey]) -> bool {
    keys.iter().any(|other| {
        other.revoked_at.is_none()
            && other.expires_at > key.expires_at
            && (&other.name, &other.scopes) == (&key.name, &key.scopes)
    })
}

fn warn_of(key: &ApiKey) {
    tracing::warn!(
        event = "authn_api_key_expires_soon",
        api_key_id = key.id,
        name = key.name,
        expires_at = %key.expires_at,
        "an API key is about to expire: replace it with `reset-password api-key rotate`"
    );
}

#[cfg(test)]
mod tests {
    use std::thread;

    use reset_password::{Options, UserManagement};
    use reset_password_test_databases::{Backend, Database};

    use super::*;
    use crate::config::Config;

    const COUNT: &str = "SELECT count(*) FROM reset_password_requests";

    /// Lets the service work for a moment in which its own clock stands still.
    async fn work() {
        tokio::task::yield_now().await;
        thread::park_timeout(Duration::from_millis(1));
    }

    /// Counted requests are kept for a day; these are from 1970.
    fn leave_something(database: &Database) {
        database.rows(
            "INSERT INTO reset_password_requests (address, number, requested_at) VALUES (zeroblob(32), 1, 0)",
        );
    }

    #[tokio::test(start_paused = true)]
    async fn sec88_what_is_dead_goes_every_minute() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::new(Backend::SqliteFile, folder.path());
        let engine = UserManagement::open(database.url(), Options::default());
        let engine = engine.await.unwrap();
        leave_something(&database);
        let service = Arc::new(Service::new(Config::default(), engine, None));
        let running = tokio::spawn(run(service));
        for _ in 0..3 {
            let mut looks = 0;
            while database.value(COUNT) != "0" {
                looks += 1;
                assert!(looks < 20_000, "it was not removed");
                work().await;
            }
            leave_something(&database);
            time::advance(Duration::from_secs(59)).await;
            for _ in 0..200 {
                work().await;
            }
            assert_eq!(database.value(COUNT), "1", "it was removed too early");
            time::advance(Duration::from_secs(2)).await;
        }
        running.abort();
    }
}
