//! What an operator counts: requests, what came of them, hashes, mail, webhooks. No label can tell a person: routes stand as their
//! templates, and the rest comes from closed lists.

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{
        counter::{ConstCounter, Counter},
        family::Family,
        gauge::{ConstGauge, Gauge},
        histogram::{Histogram, exponential_buckets},
    },
    registry::{Registry, Unit},
};
use reset_password::{Error, UserManagement, WebhookEndpoint, WebhookStatus, blocking};

use crate::{health, service::Service};

/// How the text is written (`OpenMetrics` 1.0).
const KIND: HeaderValue =
    HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");

/// A request that was answered.
#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
pub(crate) struct RequestLabels {
    pub(crate) method: String,
    pub(crate) route: String,
    pub(crate) status: u16,
}

/// What a request was about, and what came of it, as the log names it.
#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
pub(crate) struct EventLabels {
    pub(crate) event: &'static str,
    pub(crate) outcome: &'static str,
    /// Why it was refused; empty where it was not.
    pub(crate) reason: String,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct Route {
    route: String,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct Sending {
    outcome: &'static str,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct EndpointState {
    state: &'static str,
}

type Seconds = Family<Route, Histogram, fn() -> Histogram>;

/// The counts of this process.
pub(crate) struct Metrics {
    answered: Family<RequestLabels, Counter>,
    outcomes: Family<EventLabels, Counter>,
    seconds: Seconds,
    mails: Family<Sending, Counter>,
    webhooks: Family<Sending, Counter>,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            answered: Family::default(),
            outcomes: Family::default(),
            // From half a millisecond to 16 seconds.
            seconds: Family::new_with_constructor(|| {
                Histogram::new(exponential_buckets(0.000_5, 2.0, 16))
            }),
            mails: Family::default(),
            webhooks: Family::default(),
        }
    }
}

impl Metrics {
    /// Counts a request that was answered.
    pub(crate) fn answer(&self, answered: &RequestLabels, outcome: &EventLabels, seconds: f64) {
        self.answered.get_or_create(answered).inc();
        self.outcomes.get_or_create(outcome).inc();
        let route = Route {
            route: answered.route.clone(),
        };
        self.seconds.get_or_create(&route).observe(seconds);
    }

    /// Counts mails that the SMTP server has taken, and those that it has not.
    pub(crate) fn deliver(&self, sent: u32, failed: u32) {
        count(&self.mails, sent, failed);
    }

    /// Counts events that endpoints of webhooks have taken, and times that one has not.
    pub(crate) fn tell(&self, sent: u32, failed: u32) {
        count(&self.webhooks, sent, failed);
    }

    /// All of it as text, with what the engine and the outbox say now.
    async fn text(&self, engine: &UserManagement) -> Result<String, Error> {
        let mut registry = Registry::with_prefix("reset_password");
        registry.register(
            "http_requests",
            "Requests that were answered",
            self.answered.clone(),
        );
        registry.register_with_unit(
            "http_request_duration",
            "From the whole request to its answer",
            Unit::Seconds,
            self.seconds.clone(),
        );
        registry.register(
            "events",
            "What requests were about, and what came of them, in the words of the log",
            self.outcomes.clone(),
        );
        registry.register(
            "mails",
            "Mails that the SMTP server has taken, or not",
            self.mails.clone(),
        );
        registry.register(
            "webhooks",
            "Events that endpoints of webhooks have taken, or not",
            self.webhooks.clone(),
        );
        let blocking = engine.blocking();
        register_hashes(&mut registry, blocking);
        let connections = blocking.store().connections();
        registry.register(
            "database_connections_in_use",
            "Connections to the database that a call uses",
            of(connections.in_use),
        );
        registry.register(
            "database_connections_idle",
            "Connections to the database that are kept for the next call",
            of(connections.idle),
        );
        registry.register(
            "database_connections_awaited",
            "Calls that wait for a connection to the database",
            of(connections.waiting),
        );
        if let Ok(waiting) = engine.waiting_messages().await {
            let now = blocking.config().clock.now();
            let age = waiting
                .oldest_created_at
                .map_or(0, |oldest| now.since(oldest).as_secs());
            registry.register(
                "outbox_messages",
                "Messages that wait to be sent",
                ConstGauge::new(waiting.count),
            );
            registry.register_with_unit(
                "outbox_oldest_age",
                "How long the oldest of them has waited",
                Unit::Seconds,
                ConstGauge::new(i64::try_from(age).unwrap_or(i64::MAX)),
            );
        }
        if let Ok(endpoints) = engine
            .run(blocking::UserManagement::list_webhook_endpoints)
            .await
        {
            registry.register(
                "webhook_endpoints",
                "Endpoints of webhooks: those that take what they are sent, fail, or are disabled",
                of_states(&endpoints),
            );
        }
        let mut written = String::new();
        text::encode(&mut written, &registry).map_err(Error::internal)?;
        Ok(written)
    }
}

/// What there is to say of the hashes of this process.
fn register_hashes(registry: &mut Registry, blocking: &blocking::UserManagement) {
    registry.register(
        "hashes",
        "Hashes of passwords that were begun",
        ConstCounter::new(blocking.hashes_started()),
    );
    registry.register_with_unit(
        "hash_time",
        "How long hashes were at work, together",
        Unit::Seconds,
        ConstCounter::new(blocking.hash_time().as_secs_f64()),
    );
    registry.register(
        "hashes_at_once_max",
        "The most hashes that were at work at one time",
        of(blocking.hashes_at_once()),
    );
    let load = blocking.hash_load();
    registry.register(
        "hashes_at_work",
        "Hashes that are at work",
        of(load.at_work),
    );
    registry.register(
        "hashes_waiting",
        "Calls that wait for their turn to hash",
        of(load.waiting),
    );
}

/// How many there are now.
fn of(number: usize) -> ConstGauge<i64> {
    ConstGauge::new(i64::try_from(number).unwrap_or(i64::MAX))
}

fn count(family: &Family<Sending, Counter>, sent: u32, failed: u32) {
    for (outcome, count) in [("sent", sent), ("failed", failed)] {
        let counter = family.get_or_create(&Sending { outcome });
        counter.inc_by(u64::from(count));
    }
}

fn of_states(endpoints: &[WebhookEndpoint]) -> Family<EndpointState, Gauge> {
    let family = Family::<EndpointState, Gauge>::default();
    for state in ["disabled", "failing", "working"] {
        family.get_or_create(&EndpointState { state }).set(0);
    }
    for endpoint in endpoints {
        let state = match (endpoint.status, endpoint.failing_since) {
            (WebhookStatus::Disabled, _) => "disabled",
            (WebhookStatus::Enabled, Some(_)) => "failing",
            (WebhookStatus::Enabled, None) => "working",
        };
        family.get_or_create(&EndpointState { state }).inc();
    }
    family
}

/// The routes of the operator's listener.
pub(crate) fn router(service: Arc<Service>) -> Router {
    Router::new()
        .route("/metrics", get(show))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .with_state(service)
}

async fn show(State(service): State<Arc<Service>>) -> impl IntoResponse {
    match service.metrics.text(&service.engine()).await {
        Ok(text) => (StatusCode::OK, [(header::CONTENT_TYPE, KIND)], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "the metrics cannot be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
