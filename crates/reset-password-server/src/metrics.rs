//! What an operator counts: requests, what came of them, hashes, mail. No label can tell a person: routes stand as their
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
        gauge::ConstGauge,
        histogram::{Histogram, exponential_buckets},
    },
    registry::{Registry, Unit},
};
use reset_password::{Error, UserManagement};

use crate::service::Service;

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

type Seconds = Family<Route, Histogram, fn() -> Histogram>;

/// The counts of this process.
pub(crate) struct Metrics {
    answered: Family<RequestLabels, Counter>,
    outcomes: Family<EventLabels, Counter>,
    seconds: Seconds,
    mails: Family<Sending, Counter>,
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
        for (outcome, count) in [("sent", sent), ("failed", failed)] {
            let counter = self.mails.get_or_create(&Sending { outcome });
            counter.inc_by(u64::from(count));
        }
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
        let blocking = engine.blocking();
        registry.register(
            "hashes",
            "Hashes of passwords that were begun",
            ConstCounter::new(blocking.hashes_started()),
        );
        registry.register(
            "hashes_at_once_max",
            "The most hashes that were at work at one time",
            ConstGauge::new(i64::try_from(blocking.hashes_at_once()).unwrap_or(i64::MAX)),
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
        let mut written = String::new();
        text::encode(&mut written, &registry).map_err(Error::internal)?;
        Ok(written)
    }
}

/// The one route of the operator's listener.
pub(crate) fn router(service: Arc<Service>) -> Router {
    Router::new()
        .route("/metrics", get(show))
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
