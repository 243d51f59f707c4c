//! `events`: the feed.

use clap::Args;
use reset_password::{Event, EventList};

use crate::{arguments::Global, exit::Exit, failure::Failure};

/// Shows the feed.
#[derive(Debug, Args)]
#[command(after_help = "\
No event holds a secret. The last id of a page, given as --after, is where the next one begins; \
with --json each event is shown whole.

Example:
  reset-password events
  reset-password events --limit 100 --json
")]
pub struct Events {
    /// Begin after this event
    #[arg(long, value_name = "EVENT")]
    after: Option<String>,
    /// Events on a page: 1 to 100
    #[arg(long, value_name = "N", default_value_t = EventList::DEFAULT_LIMIT)]
    limit: u32,
}

impl Events {
    pub fn run(&self, global: &Global) -> Result<Exit, Failure> {
        let handle = global.open()?;
        let events = handle.events(self.after.as_deref(), self.limit)?;
        handle.close();
        global.output().show(&events, |text| {
            if events.data.is_empty() {
                text.line("no events");
                return;
            }
            let rows: Vec<_> = events.data.iter().map(row).collect();
            text.table(["created_at", "event", "user", "id"], &rows);
            if let Some(after) = &events.list_metadata.after {
                text.line(format!("there are more: --after {after}"));
            }
        })?;
        Ok(Exit::Done)
    }
}

fn row(event: &Event) -> [String; 4] {
    let field = |name| event.data.get(name).and_then(|value| value.as_str());
    let user = field("user_id").or_else(|| field("id")).unwrap_or_default();
    [
        event.created_at.to_string(),
        event.event.clone(),
        user.to_owned(),
        event.id.clone(),
    ]
}
