//! The mails that arrived.

use std::sync::{Mutex, MutexGuard, PoisonError};

use mail_parser::MessageParser;
use serde::Serialize;

/// Most that are kept; the oldest goes first.
const MOST: usize = 1_000;

/// A mail.
#[derive(Clone, Serialize)]
pub struct Mail {
    /// Counted from 1.
    pub number: usize,
    /// Who it was handed in for, with blanks between them.
    pub to: String,
    pub from: String,
    pub subject: String,
    pub date: String,
    pub text: String,
    pub html: String,
}

/// Every mail, oldest first.
#[derive(Default)]
pub struct Mails(Mutex<Vec<Mail>>);

impl Mails {
    fn kept(&self) -> MutexGuard<'_, Vec<Mail>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps one.
    pub fn keep(&self, recipients: &[String], octets: &[u8]) {
        let parsed = MessageParser::default().parse(octets);
        let parsed = parsed.as_ref();
        let from = parsed
            .and_then(|mail| mail.from()?.first()?.address())
            .unwrap_or_default();
        let text = |text: Option<std::borrow::Cow<'_, str>>| text.unwrap_or_default().into_owned();
        let mut kept = self.kept();
        let number = kept.last().map_or(1, |last| last.number + 1);
        kept.push(Mail {
            number,
            to: recipients.join(" "),
            from: from.to_owned(),
            subject: parsed
                .and_then(mail_parser::Message::subject)
                .unwrap_or_default()
                .to_owned(),
            date: parsed
                .and_then(mail_parser::Message::date)
                .map(mail_parser::DateTime::to_rfc3339)
                .unwrap_or_default(),
            text: text(parsed.and_then(|mail| mail.body_text(0))),
            html: text(parsed.and_then(|mail| mail.body_html(0))),
        });
        if kept.len() > MOST {
            kept.remove(0);
        }
    }

    /// All, newest first.
    pub fn all(&self) -> Vec<Mail> {
        self.kept().iter().rev().cloned().collect()
    }

    pub fn find(&self, number: usize) -> Option<Mail> {
        let kept = self.kept();
        kept.iter().find(|mail| mail.number == number).cloned()
    }

    /// The last one to an address.
    pub fn last_to(&self, address: &str) -> Option<Mail> {
        let kept = self.kept();
        let is_to = |mail: &&Mail| mail.to.split(' ').any(|to| to == address);
        kept.iter().rev().find(is_to).cloned()
    }
}
