//! `user list`.

use clap::{Args, ValueEnum};
use reset_password::{ListUsers, Order};

use crate::{arguments::Global, exit::Exit, failure::Failure, output::yes_or_no};

/// Lists users.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  reset-password user list
  reset-password user list --limit 100 --order asc --json
")]
pub struct List {
    /// Only the user with this address
    #[arg(long, value_name = "EMAIL")]
    email: Option<String>,
    /// Users on a page: 1 to 100 [default: 10]
    #[arg(long, value_name = "N")]
    limit: Option<u32>,
    /// The page that ends before this user
    #[arg(long, value_name = "USER", conflicts_with = "after")]
    before: Option<String>,
    /// The page that begins after this user
    #[arg(long, value_name = "USER")]
    after: Option<String>,
    /// By creation: oldest or newest first
    #[arg(long, default_value = "desc")]
    order: ListOrder,
}

/// The order of a list.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum ListOrder {
    Asc,
    Desc,
}

impl List {
    pub fn run(&self, global: &Global) -> Result<Exit, Failure> {
        let handle = global.open()?;
        let users = handle.list_users(ListUsers {
            email: self.email.clone(),
            limit: self.limit,
            before: self.before.clone(),
            after: self.after.clone(),
            order: match self.order {
                ListOrder::Asc => Order::Asc,
                ListOrder::Desc => Order::Desc,
            },
        })?;
        handle.close();
        global.output().show(&users, |text| {
            if users.data.is_empty() {
                text.line("no users");
                return;
            }
            let rows: Vec<_> = users
                .data
                .iter()
                .map(|user| {
                    let verified = yes_or_no(user.email_verified);
                    [
                        user.id.clone(),
                        user.email.clone(),
                        verified,
                        user.created_at.to_string(),
                    ]
                })
                .collect();
            text.table(["id", "email", "verified", "created_at"], &rows);
            if let Some(before) = &users.list_metadata.before {
                text.line(format!("the page before: --before {before}"));
            }
            if let Some(after) = &users.list_metadata.after {
                text.line(format!("the page after: --after {after}"));
            }
        })?;
        Ok(Exit::Done)
    }
}
