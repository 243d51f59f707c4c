//! A mail, as it goes out.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use lettre::{
    Address, Message as Mail,
    message::{
        Body, Mailbox, MessageBuilder, MultiPart, SinglePart,
        header::{self, Header, HeaderName, HeaderValue},
    },
};
use minijinja::{Environment, context};
use reset_password::{Error, Message, MessageKind, Timestamp};
use reset_password_web::Languages;
use secrecy::ExposeSecret;
use zeroize::Zeroizing;

use crate::config::MailConfig;

const TEMPLATES: [(&str, &str); 5] = [
    ("mail.html", include_str!("../templates/mail.html")),
    ("reset.txt", include_str!("../templates/reset.txt")),
    ("reset.html", include_str!("../templates/reset.html")),
    ("notice.txt", include_str!("../templates/notice.txt")),
    ("notice.html", include_str!("../templates/notice.html")),
];

/// Says that no person wrote it, so that no other machine answers (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// Writes mails.
pub(crate) struct Letters {
    languages: Arc<Languages>,
    templates: Environment<'static>,
    service: String,
    contact: String,
    report_url: Option<String>,
    sender: Mailbox,
}

impl Letters {
    pub(crate) fn new(config: &MailConfig) -> Result<Self, Error> {
        let (service, contact) = (config.service.as_str(), config.contact.as_str());
        // One line each, whatever a header or a sentence makes of it.
        for (name, text) in [("the service's name", service), ("mail_contact", contact)] {
            if text.trim().is_empty() || text.chars().any(char::is_control) {
                return Err(Error::config(format!("{name} must be one line of text")));
            }
        }
        let languages = Arc::new(Languages::new(config.language.as_deref())?);
        let templates = languages.templates(&TEMPLATES)?;
        Ok(Self {
            languages,
            templates,
            service: service.to_owned(),
            contact: contact.to_owned(),
            report_url: config.report_url.clone(),
            sender: config.sender()?,
        })
    }

    /// The mail of a message: text and HTML that say the same, with one link or none, to the one stored address.
    pub(crate) fn write(&self, message: &Message, now: Timestamp) -> Result<Mail, Error> {
        let (subject, first, template, time) = match message.kind {
            MessageKind::PasswordReset => {
                let until = message.expires_at.unwrap_or(message.created_at);
                ("mail-reset-subject", "mail-reset-text", "reset", until)
            }
            MessageKind::PasswordChanged => (
                "mail-password-changed-subject",
                "mail-password-changed-text",
                "notice",
                message.created_at,
            ),
            MessageKind::EmailChanged => (
                "mail-email-changed-subject",
                "mail-email-changed-text",
                "notice",
                message.created_at,
            ),
        };
        let language = self.languages.of_locale(message.locale.as_deref());
        let url = message.url.as_ref().map(ExposeSecret::expose_secret);
        let report_url = message.report_token.as_ref().zip(self.report_url.as_ref());
        let report_url = report_url
            .map(|(token, url)| Zeroizing::new(format!("{url}?token={}", token.expose_secret())));
        let said = context! {
            lang => language.tag,
            direction => language.direction,
            service => self.service,
            contact => self.contact,
            url,
            report_url => report_url.as_deref(),
            time => minute(time),
            subject,
            first,
        };
        let render = |name: &str| -> Result<Zeroizing<String>, Error> {
            let template = self.templates.get_template(name);
            let text = template.and_then(|template| template.render(&said));
            text.map(Zeroizing::new).map_err(Error::internal)
        };
        let text = render(&format!("{template}.txt"))?;
        let html = render(&format!("{template}.html"))?;
        let subject = self
            .templates
            .render_str("{{ t(subject, service=service) }}", &said)
            .map_err(Error::internal)?;
        let to = address(&message.to)
            .ok_or_else(|| Error::internal("an address cannot be written to"))?;
        let (name, domain) = (&message.message_id, self.sender.email.domain());
        self.envelope(to)
            .subject(subject)
            .date(moment(now))
            .message_id(Some(format!("<{name}@{domain}>")))
            .multipart(
                MultiPart::alternative()
                    .singlepart(part(header::ContentType::TEXT_PLAIN, &text))
                    .singlepart(part(header::ContentType::TEXT_HTML, &html)),
            )
            .map_err(Error::internal)
    }

    /// A mail for an operator, who wants to see one.
    pub(crate) fn test(&self, to: &str) -> Result<Mail, Error> {
        let to = address(to)
            .ok_or_else(|| Error::field("to", "invalid", "to must be an e-mail address"))?;
        self.envelope(to)
            .subject(format!("The mail of {} arrives", self.service))
            .date_now()
            .message_id(None)
            .singlepart(part(
                header::ContentType::TEXT_PLAIN,
                "This is a test of the way that mail takes. There is nothing to do.\r\n",
            ))
            .map_err(Error::internal)
    }

    /// What every mail has before its text.
    fn envelope(&self, to: Address) -> MessageBuilder {
        Mail::builder()
            .from(self.sender.clone())
            .to(Mailbox::new(None, to))
            .header(AutoSubmitted)
    }
}

/// An address as servers of mail know it: its domain in ASCII (RFC 5891); `None` if it is none.
fn address(text: &str) -> Option<Address> {
    let (local, domain) = text.rsplit_once('@')?;
    let domain = idna::domain_to_ascii(domain).ok()?;
    Address::new(local, domain).ok()
}

/// A part of a mail. In a text of ASCII alone the link is on the wire as it is in the text: no `=` in it becomes `=3D`,
/// and no line is broken (RFC 2045, section 6.7), so that it survives programs that undo neither.
fn part(kind: header::ContentType, text: &str) -> SinglePart {
    let part = SinglePart::builder().header(kind);
    match Body::new_with_encoding(text.to_owned(), header::ContentTransferEncoding::SevenBit) {
        Ok(body) => part.body(body),
        Err(text) => part.body(text),
    }
}

/// A moment to the minute, in UTC.
fn minute(moment: Timestamp) -> String {
    let text = moment.to_string();
    text.get(..16).unwrap_or(&text).replace('T', " ")
}

fn moment(at: Timestamp) -> SystemTime {
    let millis = u64::try_from(at.unix_millis()).unwrap_or_default();
    SystemTime::UNIX_EPOCH + Duration::from_millis(millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_written_as_servers_know_it() {
        let written = |text| address(text).map(|address| address.to_string());
        assert_eq!(written("Ada@Example.com").unwrap(), "Ada@example.com");
        assert_eq!(
            written("ada@b\u{fc}cher.example").unwrap(),
            "ada@xn--bcher-kva.example"
        );
        for none in [
            "",
            "ada",
            "@example.com",
            "ada@",
            "ada@exa mple.com",
            "a b@example.com",
            "ada@x\r\nBcc: y",
        ] {
            assert_eq!(written(none), None, "{none}");
        }
    }
}
