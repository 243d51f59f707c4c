//! The mails of a password reset: their text, and the way to an SMTP server.
//!
//! [`Mailer::deliver`] takes what waits in the outbox (`messages`), writes each mail in its reader's language, hands it
//! to the server, and says what became of it. A mail is text that is made when it is sent and kept nowhere.

#![forbid(unsafe_code)]

mod config;
mod letter;
mod mailer;

pub use crate::{
    config::MailConfig,
    mailer::{Delivered, Mailer},
};
