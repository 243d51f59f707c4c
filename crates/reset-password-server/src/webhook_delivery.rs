//! Sending events to the operator's endpoints, on any number of nodes at once.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use reset_password::{Error, blocking::UserManagement};
use reset_password_webhooks::Webhooks;
use tokio::{
    sync::watch,
    task::{self, Id, JoinError, JoinSet},
    time::{self, Instant, MissedTickBehavior},
};

use crate::service::Service;

/// How often it is looked whether something is to be sent.
const EVERY: Duration = Duration::from_secs(1);
/// Endpoints that are sent to at once.
const AT_ONCE: usize = 16;
/// How long one of them is sent to before another may have its turn.
const TURN: Duration = Duration::from_mins(1);

/// Sends until `stop`, and finishes the events that are under way.
pub(crate) async fn run(
    service: Arc<Service>,
    webhooks: Arc<Webhooks>,
    mut stop: watch::Receiver<bool>,
) {
    let mut ticks = time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut tasks = JoinSet::new();
    let mut endpoints = BTreeMap::new();
    let mut is_well = true;
    loop {
        let goes_on = tokio::select! {
            _ = ticks.tick() => true,
            Some(ended) = tasks.join_next_with_id() => end(&mut endpoints, ended),
            _ = stop.wait_for(|stop| *stop) => break,
        };
        if !goes_on || endpoints.len() >= AT_ONCE {
            continue;
        }
        let due = match service.engine().run(UserManagement::due_webhooks).await {
            Ok(due) => due,
            Err(error) => {
                // Once, and not each second for as long as the database is away.
                if is_well {
                    tracing::warn!(code = %error.code(), "the endpoints of webhooks could not be looked at");
                }
                is_well = false;
                continue;
            }
        };
        is_well = true;
        for endpoint_id in due {
            let is_sent_to = endpoints.values().any(|id| *id == endpoint_id);
            if is_sent_to || endpoints.len() >= AT_ONCE {
                continue;
            }
            let (service, webhooks) = (Arc::clone(&service), Arc::clone(&webhooks));
            let sending = send(service, webhooks, endpoint_id.clone(), stop.clone());
            endpoints.insert(tasks.spawn(sending).id(), endpoint_id);
        }
    }
    while tasks.join_next().await.is_some() {}
}

/// Notes that an endpoint is not sent to any more. Answers whether to look again at once, because there may be more.
fn end(endpoints: &mut BTreeMap<Id, String>, ended: Result<(Id, bool), JoinError>) -> bool {
    let (id, has_sent) = ended.unwrap_or_else(|error| (error.id(), false));
    endpoints.remove(&id);
    has_sent
}

/// Sends an endpoint what it is to be told now. Answers whether it took everything.
async fn send(
    service: Arc<Service>,
    webhooks: Arc<Webhooks>,
    endpoint_id: String,
    stop: watch::Receiver<bool>,
) -> bool {
    let engine = service.engine();
    let began = Instant::now();
    let goes_on = move || !*stop.borrow() && began.elapsed() < TURN;
    // An endpoint may take its time, and none of the threads that people wait for.
    let sending =
        task::spawn_blocking(move || webhooks.deliver(engine.blocking(), &endpoint_id, goes_on));
    match sending.await.map_err(Error::internal).flatten() {
        Ok(delivered) => {
            service.metrics.tell(delivered.sent, delivered.failed);
            delivered.sent > 0 && delivered.failed == 0
        }
        Err(error) => {
            tracing::warn!(code = %error.code(), "events could not be sent");
            false
        }
    }
}
