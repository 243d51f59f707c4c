//! `/events`

use axum::http::StatusCode;
use reset_password::{Error, EventKind, EventList, Scope};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    answer::{self, Answer},
    call::Call,
    journal::Action,
    wire::EventListBody,
};

/// Which events to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the description of what `Query` reads")]
pub(crate) struct EventFilter {
    /// Names of events, with commas between them; all, where none is given. May be repeated.
    #[param(example = "password_reset.created,password_reset.succeeded")]
    events: Option<String>,
    /// The page that begins after this event.
    after: Option<String>,
    /// Events on a page; 10 unless given.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// List what happened, oldest first.
#[utoipa::path(
    get, path = "/events", tag = "events", params(EventFilter),
    responses((status = 200, description = "a page of events", body = EventListBody)),
    security(("api_key" = ["events:read"]))
)]
pub(crate) async fn list_events(call: Call) -> Answer {
    call.authorized(Scope::EventsRead, Action::Other, |call| {
        let query = call.query(&["events", "events[]"])?;
        query.refuse(&["organization_id", "range_end", "range_start"])?;
        let kinds = query
            .texts("events")
            .chain(query.texts("events[]"))
            .flat_map(|names| names.split(','))
            .filter(|name| !name.is_empty())
            .map(kind)
            .collect::<Result<Vec<_>, _>>()?;
        let limit = query.number("limit")?.unwrap_or(EventList::DEFAULT_LIMIT);
        let after = query.text("after");
        let events = call.engine.events_of(&kinds, after.as_deref(), limit)?;
        Ok(answer::json(StatusCode::OK, &EventListBody::from(events)))
    })
    .await
}

pub(crate) fn kind(name: &str) -> Result<EventKind, Error> {
    EventKind::parse(name).ok_or_else(|| {
        let known: Vec<_> = EventKind::ALL.iter().map(|kind| kind.as_str()).collect();
        let message = format!("events may be {}", known.join(", "));
        Error::field("events", "unknown", message)
    })
}
