//! `webhook`: endpoints that events are sent to.

use std::time::Duration;

use clap::{Args, Subcommand};
use reset_password::{
    EventKind, NewWebhookEndpoint, UpdateWebhookEndpoint, WebhookEndpoint, WebhookStatus,
    webhook::OVERLAP,
};
use reset_password_webhooks::Webhooks;
use secrecy::ExposeSecret;
use serde_json::json;

use crate::{
    arguments::Global,
    exit::Exit,
    failure::{Failure, input},
    options::ServiceOptions,
    output::{Page, Text},
};

/// Shown by `webhook --help`.
pub const AFTER_HELP: &str = "\
Example:
  reset-password webhook create https://example.com/webhooks --event user.created
  reset-password webhook list
";

/// Endpoints that events are sent to.
#[derive(Debug, Subcommand)]
pub enum Webhook {
    /// Make an endpoint; its secret is shown once
    Create(Create),
    /// Remove an endpoint
    Delete(Delete),
    /// List the endpoints, without their secrets
    #[command(after_help = "\
Example:
  reset-password webhook list
  reset-password webhook list --json
")]
    List,
    /// Give an endpoint a new secret, which is shown once; both sign for a while
    RotateSecret(RotateSecret),
    /// Send an endpoint an event that is none of the feed
    Test(Box<Test>),
    /// Change an endpoint, or enable one that was disabled
    Update(Update),
}

/// Makes an endpoint.
#[derive(Debug, Args)]
#[command(after_help = "\
The secret is shown here and can never be seen again. Events that happen from now on are sent by \
`reset-password serve`, in the order of the feed, each at least once.

Example:
  reset-password webhook create https://example.com/webhooks
  reset-password webhook create https://example.com/webhooks --event user.created,user.deleted
")]
pub struct Create {
    #[arg(help = "Where to send events: https, and public", value_name = "URL")]
    url: String,
    /// A kind of event to send; may be repeated, or several with commas [default: every kind]
    #[arg(long = "event", value_name = "EVENT", value_delimiter = ',')]
    events: Vec<String>,
    /// Let the address be one that is not public, or http, as serve --webhooks-allow-private does
    #[arg(long)]
    allow_private: bool,
}

/// Removes an endpoint.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  reset-password webhook delete we_01ARZ3NDEKTSV4RRFFQ69G5FAV
")]
pub struct Delete {
    #[arg(
        help = "The endpoint's id (we_…), as `webhook list` shows it",
        value_name = "ID"
    )]
    id: String,
}

/// Replaces a secret.
#[derive(Debug, Args)]
#[command(after_help = "\
Events are signed with both secrets until the time is over. The header of the vendor's SDKs has room \
for one signature: it is made with the old secret until then, and with the new one after.

Example:
  reset-password webhook rotate-secret we_01ARZ3NDEKTSV4RRFFQ69G5FAV --keep-previous 3600
")]
pub struct RotateSecret {
    #[arg(help = "The endpoint's id (we_…)", value_name = "ID")]
    id: String,
    /// How long the old secret signs as well: 0 to 604800
    #[arg(long, value_name = "SECONDS", default_value_t = OVERLAP.as_secs())]
    keep_previous: u64,
}

/// Tries an endpoint.
#[derive(Debug, Args)]
#[command(after_help = "\
Takes the settings of `serve`, from options, variables or the file that --config names, and sends one \
event, webhook.test, as the service would. The exit code is 0 once the endpoint has taken it.

Example:
  reset-password webhook test we_01ARZ3NDEKTSV4RRFFQ69G5FAV
")]
pub struct Test {
    #[arg(help = "The endpoint's id (we_…)", value_name = "ID")]
    id: String,
    #[command(flatten)]
    service: ServiceOptions,
}

/// Changes an endpoint.
#[derive(Debug, Args)]
#[command(after_help = "\
An endpoint that is enabled is sent everything since it was disabled, as far as events are kept.

Example:
  reset-password webhook update we_01ARZ3NDEKTSV4RRFFQ69G5FAV --enable
  reset-password webhook update we_01ARZ3NDEKTSV4RRFFQ69G5FAV --event user.created
  reset-password webhook update we_01ARZ3NDEKTSV4RRFFQ69G5FAV --event all
")]
pub struct Update {
    #[arg(help = "The endpoint's id (we_…)", value_name = "ID")]
    id: String,
    /// Another address
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// The kinds of event to send, in place of those before; all for every kind
    #[arg(long = "event", value_name = "EVENT", value_delimiter = ',')]
    events: Option<Vec<String>>,
    /// Send events to it
    #[arg(long, conflicts_with = "disable")]
    enable: bool,
    /// Send nothing to it
    #[arg(long)]
    disable: bool,
    /// Let the address be one that is not public, or http, as serve --webhooks-allow-private does
    #[arg(long)]
    allow_private: bool,
}

impl Webhook {
    pub fn run(&self, global: &Global) -> Result<Exit, Failure> {
        match self {
            Self::Create(create) => create.run(global),
            Self::Delete(delete) => delete.run(global),
            Self::List => list(global),
            Self::RotateSecret(rotate) => rotate.run(global),
            Self::Test(test) => test.run(global),
            Self::Update(update) => update.run(global),
        }
    }
}

impl Create {
    fn run(&self, global: &Global) -> Result<Exit, Failure> {
        let events = kinds(&self.events)?;
        let handle = global.open()?;
        let new = handle.create_webhook_endpoint(&self.url, &events, self.allow_private)?;
        handle.close();
        show_new(global, &new)
    }
}

impl Delete {
    fn run(&self, global: &Global) -> Result<Exit, Failure> {
        let handle = global.open()?;
        let endpoint = handle.delete_webhook_endpoint(&self.id)?;
        handle.close();
        global.output().show(&endpoint, |text| {
            text.line(format!("deleted: {}", endpoint.id));
        })?;
        Ok(Exit::Done)
    }
}

impl RotateSecret {
    fn run(&self, global: &Global) -> Result<Exit, Failure> {
        let keep_previous = Duration::from_secs(self.keep_previous);
        let handle = global.open()?;
        let new = handle.rotate_webhook_secret(&self.id, keep_previous)?;
        handle.close();
        show_new(global, &new)
    }
}

impl Test {
    fn run(&self, global: &Global) -> Result<Exit, Failure> {
        let settings = global.settings_with(&self.service)?;
        let webhooks = Webhooks::new(&settings.service.webhooks())?;
        let handle = global.open()?;
        let event_id = webhooks.test(&handle, &self.id)?;
        handle.close();
        global
            .output()
            .show(&json!({ "sent": true, "event_id": event_id }), |text| {
                text.line(format!("the endpoint has taken {event_id}"));
            })?;
        Ok(Exit::Done)
    }
}

impl Update {
    fn run(&self, global: &Global) -> Result<Exit, Failure> {
        let status = match (self.enable, self.disable) {
            (true, _) => Some(WebhookStatus::Enabled),
            (_, true) => Some(WebhookStatus::Disabled),
            (false, false) => None,
        };
        let events = match self.events.as_deref() {
            Some([all]) if all == "all" => Some(Vec::new()),
            Some(names) => Some(kinds(names)?),
            None => None,
        };
        let change = UpdateWebhookEndpoint {
            endpoint_url: self.url.clone(),
            events,
            status,
        };
        let handle = global.open()?;
        let endpoint = handle.update_webhook_endpoint(&self.id, &change, self.allow_private)?;
        handle.close();
        global.output().show(&endpoint, |text| {
            text.fields(&fields(&endpoint));
        })?;
        Ok(Exit::Done)
    }
}

fn list(global: &Global) -> Result<Exit, Failure> {
    let handle = global.open()?;
    let endpoints = handle.list_webhook_endpoints()?;
    handle.close();
    global.output().show(&Page::whole(&endpoints), |text| {
        if endpoints.is_empty() {
            text.line("no endpoints; make one with `reset-password webhook create`");
            return;
        }
        let rows: Vec<_> = endpoints.iter().map(row).collect();
        let heading = ["id", "status", "events", "last_failure", "url"];
        text.table(heading, &rows);
    })?;
    Ok(Exit::Done)
}

fn show_new(global: &Global, new: &NewWebhookEndpoint) -> Result<Exit, Failure> {
    global.output().show(new, |text: &mut Text| {
        let mut all = vec![("secret", Some(new.secret.expose_secret().to_owned()))];
        all.extend(fields(&new.endpoint));
        text.fields(&all);
        text.line("keep the secret now: it cannot be shown again");
    })?;
    Ok(Exit::Done)
}

fn fields(endpoint: &WebhookEndpoint) -> Vec<(&'static str, Option<String>)> {
    let ends_at = endpoint.previous_secret_ends_at;
    vec![
        ("id", Some(endpoint.id.clone())),
        ("url", Some(endpoint.endpoint_url.clone())),
        ("status", Some(endpoint.status.as_str().to_owned())),
        ("events", Some(names(endpoint))),
        (
            "failing_since",
            endpoint.failing_since.map(|at| at.to_string()),
        ),
        ("last_failure", endpoint.last_failure.clone()),
        ("previous_secret_ends_at", ends_at.map(|at| at.to_string())),
    ]
}

fn row(endpoint: &WebhookEndpoint) -> [String; 5] {
    let failure = endpoint.last_failure.as_deref().unwrap_or("-");
    [
        endpoint.id.clone(),
        endpoint.status.as_str().to_owned(),
        names(endpoint),
        failure.to_owned(),
        endpoint.endpoint_url.clone(),
    ]
}

/// The kinds of event that an endpoint is sent.
fn names(endpoint: &WebhookEndpoint) -> String {
    if endpoint.events.is_empty() {
        return "all".to_owned();
    }
    let names: Vec<_> = endpoint.events.iter().map(|kind| kind.as_str()).collect();
    names.join(",")
}

fn kinds(names: &[String]) -> Result<Vec<EventKind>, Failure> {
    let kind = |name: &String| {
        EventKind::parse(name).ok_or_else(|| {
            let known: Vec<_> = EventKind::ALL.iter().map(|kind| kind.as_str()).collect();
            let message = format!("an event is one of {}", known.join(", "));
            input("event", "unknown", message)
        })
    };
    names.iter().map(kind).collect()
}
