//! Sending what waits in the outbox, on any number of nodes at once.

use std::{sync::Arc, time::Duration};

use reset_password::Error;
use reset_password_mail::Mailer;
use tokio::{
    sync::watch,
    task::{self, JoinSet},
    time::{self, MissedTickBehavior},
};

use crate::service::Service;

/// How often the outbox is looked into.
const EVERY: Duration = Duration::from_secs(1);

/// Sends until `stop`, and finishes the mails that are under way.
pub(crate) async fn run(
    service: Arc<Service>,
    mailer: Arc<Mailer>,
    mut stop: watch::Receiver<bool>,
) {
    let mut ticks = time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        if let Err(error) = send_all(&service, &mailer, &stop).await {
            tracing::warn!(code = %error.code(), "the outbox could not be looked into");
        }
    }
}

/// Sends what is due, over as many connections as the mailer has.
async fn send_all(
    service: &Arc<Service>,
    mailer: &Arc<Mailer>,
    stop: &watch::Receiver<bool>,
) -> Result<(), Error> {
    // To look is cheaper than to take.
    if service.engine().waiting_messages().await?.count == 0 {
        return Ok(());
    }
    let mut workers = JoinSet::new();
    for _ in 0..Mailer::CONNECTIONS {
        let (service, mailer, stop) = (Arc::clone(service), Arc::clone(mailer), stop.clone());
        workers.spawn(async move {
            while !*stop.borrow() && send_one(&service, &mailer).await? {}
            Ok(())
        });
    }
    workers.join_all().await.into_iter().collect()
}

/// Sends one message; answers whether there was one. A server of mail may take its time, and none of the threads that
/// people wait for.
async fn send_one(service: &Service, mailer: &Arc<Mailer>) -> Result<bool, Error> {
    let (engine, mailer) = (service.engine(), Arc::clone(mailer));
    let sending = task::spawn_blocking(move || mailer.deliver(engine.blocking(), 1));
    let delivered = sending.await.map_err(Error::internal)??;
    service.metrics.deliver(delivered.sent, delivered.failed);
    Ok(delivered.sent + delivered.failed > 0)
}
