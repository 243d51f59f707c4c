//! From the outbox to the server.

use std::{error::Error as _, io};

use lettre::{SmtpTransport, Transport as _, transport::smtp};
use reset_password::{Code, Error, Message, blocking::UserManagement};

use crate::{config::MailConfig, letter::Letters};

/// Sends what waits in the outbox.
pub struct Mailer {
    letters: Letters,
    transport: SmtpTransport,
}

/// What became of some messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// How many the server has taken.
    pub sent: u32,
    /// How many it has not; they are tried again.
    pub failed: u32,
}

impl Mailer {
    /// Connections to the server at once.
    pub const CONNECTIONS: u32 = 4;

    /// A mailer of this configuration. Nothing is asked of the server yet.
    ///
    /// # Errors
    ///
    /// `config_invalid` for what is no address, no certificate or no language, or would send a password in clear.
    pub fn new(config: &MailConfig) -> Result<Self, Error> {
        Ok(Self {
            letters: Letters::new(config)?,
            transport: config.transport(Self::CONNECTIONS)?,
        })
    }

    /// Sends at most `limit` messages that are due, one after the other, and notes of each what became of it. What the
    /// server does not take is tried again later, until its link ends.
    ///
    /// # Errors
    ///
    /// Those of `messages`: what goes wrong between here and the server is none, it is counted and logged.
    pub fn deliver(&self, engine: &UserManagement, limit: u32) -> Result<Delivered, Error> {
        let mut delivered = Delivered::default();
        for message in engine.messages(limit)?.data {
            if self.send(engine, &message)? {
                delivered.sent += 1;
            } else {
                delivered.failed += 1;
            }
        }
        Ok(delivered)
    }

    /// Sends one message that this process holds; answers whether the server has taken it.
    ///
    /// # Errors
    ///
    /// `storage_unavailable`: what became of it could not be noted, and it is sent once more.
    pub fn send(&self, engine: &UserManagement, message: &Message) -> Result<bool, Error> {
        let now = engine.config().clock.now();
        let sent = self
            .letters
            .write(message, now)
            .map(|mail| self.transport.send(&mail));
        let noted = match &sent {
            Ok(Ok(_)) => engine.message_sent(&message.id),
            Ok(Err(_)) | Err(_) => engine.message_failed(&message.id),
        };
        let kind = message.kind.as_str();
        let (message_id, user_id) = (&message.message_id, &message.user_id);
        match &sent {
            Ok(Ok(_)) => tracing::info!(event = "mail_sent", kind, message_id, user_id, "sent"),
            Ok(Err(error)) => tracing::warn!(
                event = "mail_failed",
                kind,
                message_id,
                user_id,
                reason = %reason(error),
                "the SMTP server did not take a mail; it is tried again"
            ),
            Err(error) => tracing::error!(
                event = "mail_failed", kind, message_id, user_id, %error, "a mail could not be written"
            ),
        }
        match noted {
            // It was held for too long, or removed with its user: there is nothing left to note.
            Err(error) if error.code() == Code::InputInvalid => {}
            noted => noted?,
        }
        Ok(matches!(sent, Ok(Ok(_))))
    }

    /// Looks whether the server answers, with TLS as it is configured, and lets the user in. Sends nothing.
    ///
    /// # Errors
    ///
    /// `config_invalid`, with what went wrong.
    pub fn check(&self) -> Result<(), Error> {
        let why = match self.transport.test_connection() {
            Ok(true) => return Ok(()),
            Ok(false) => "the connection to it ended".to_owned(),
            Err(error) => reason(&error),
        };
        Err(Error::config(format!(
            "the SMTP server (smtp_url) takes no mail: {why}"
        )))
    }

    /// Sends a mail that says that mail arrives, for whoever sets this up.
    ///
    /// # Errors
    ///
    /// `input_invalid` for what is no address; `config_invalid`, with what went wrong, where the server does not take it.
    pub fn test(&self, to: &str) -> Result<(), Error> {
        let sent = self.transport.send(&self.letters.test(to)?);
        sent.map(drop).map_err(|error| {
            let reason = reason(&error);
            Error::config(format!(
                "the SMTP server (smtp_url) did not take the mail: {reason}"
            ))
        })
    }
}

/// Why a mail was not taken. The server's own words may name the address, and are left out.
fn reason(error: &smtp::Error) -> String {
    match error.status() {
        Some(code) => format!("it answered {code}"),
        None if error.is_timeout() => "it did not answer in time".to_owned(),
        None if is_of_tls(error) => "its certificate or its TLS is not good".to_owned(),
        None if error.is_response() => "it answered what is no SMTP".to_owned(),
        None if error.is_client() => {
            // Such as that it offers no STARTTLS: words of the library's own.
            error
                .source()
                .map_or_else(|| error.to_string(), ToString::to_string)
        }
        None => "there is no connection to it".to_owned(),
    }
}

/// Whether it is TLS that failed, of which the library tells as of a connection that ended.
fn is_of_tls(error: &smtp::Error) -> bool {
    let reading = error
        .source()
        .and_then(|source| source.downcast_ref::<io::Error>());
    let cause = reading.and_then(io::Error::get_ref);
    let cause = cause.and_then(|cause| cause.downcast_ref::<rustls::Error>());
    error.is_tls() || cause.is_some()
}
