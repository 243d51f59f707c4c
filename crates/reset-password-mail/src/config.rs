//! Where mail goes out, and in whose name.

use std::{net::IpAddr, path::PathBuf, time::Duration};

use lettre::{
    SmtpTransport,
    message::Mailbox,
    transport::smtp::{
        PoolConfig,
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
    },
};
use percent_encoding::percent_decode_str;
use reset_password::Error;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

/// Where mail goes out, and in whose name.
#[derive(Clone, Debug)]
pub struct MailConfig {
    /// The SMTP server: `smtps://user@host` speaks TLS from the start (port 465), `smtp://user@host` before anything is
    /// said (STARTTLS, port 587) and never without it, but to a server on this machine. The user name is percent-encoded;
    /// a password in it is refused.
    pub smtp_url: String,
    /// The user's password.
    pub smtp_password: Option<SecretString>,
    /// A file of certificates in PEM that the server's is signed by, besides those that the system trusts.
    pub smtp_ca: Option<PathBuf>,
    /// Who the mail is from, such as `Example <no-reply@example.com>`.
    pub from: String,
    /// What the service is called.
    pub service: String,
    /// Where somebody turns to whose account was changed by another: a page, or an e-mail address.
    pub contact: String,
    /// The page on which somebody says that a change was not theirs; no notice has a link where it is not given.
    pub report_url: Option<String>,
    /// The language of those whose own is not known, or none of the mails'; English where it is not given.
    pub language: Option<String>,
}

/// How long the server may say nothing.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Ports of mail that a program hands in (RFC 8314, section 3.3).
const SUBMISSION: u16 = 587;
const SUBMISSIONS: u16 = 465;
/// The port where a server on this machine may listen.
const LOCAL: u16 = 25;

impl MailConfig {
    /// Who the mail is from.
    pub(crate) fn sender(&self) -> Result<Mailbox, Error> {
        self.from.parse().map_err(|_| {
            Error::config("mail_from must be an address, such as Example <no-reply@example.com>")
        })
    }

    /// The way to the server, with as many connections at once.
    pub(crate) fn transport(&self, connections: u32) -> Result<SmtpTransport, Error> {
        let refuse = |why: &str| Error::config(format!("smtp_url {why}"));
        let url = Url::parse(&self.smtp_url)
            .map_err(|_| refuse("must be an address such as smtps://user@smtp.example.com"))?;
        if url.password().is_some() {
            return Err(refuse(
                "must hold no password: put it into a file, and give smtp_password_file",
            ));
        }
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(refuse("must end with the host or its port"));
        }
        let host = url.host_str().ok_or_else(|| refuse("must name a host"))?;
        let host = host.trim_matches(['[', ']']);
        let address = host.parse::<IpAddr>();
        let is_here = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
        let (tls, port) = match url.scheme() {
            "smtps" => (Tls::Wrapper(self.tls(host)?), SUBMISSIONS),
            "smtp" if is_here => (Tls::Opportunistic(self.tls(host)?), LOCAL),
            "smtp" => (Tls::Required(self.tls(host)?), SUBMISSION),
            _ => return Err(refuse("must begin with smtps:// or smtp://")),
        };
        let builder = SmtpTransport::builder_dangerous(host)
            .port(url.port().unwrap_or(port))
            .tls(tls)
            .timeout(Some(TIMEOUT))
            .pool_config(PoolConfig::new().max_size(connections));
        let user = percent_decode_str(url.username())
            .decode_utf8()
            .map_err(|_| refuse("must name its user in UTF-8"))?;
        let builder = match (&self.smtp_password, user.is_empty()) {
            (Some(password), false) => {
                let password = password.expose_secret().to_owned();
                builder.credentials(Credentials::new(user.into_owned(), password))
            }
            (None, true) => builder,
            (Some(_), true) => return Err(refuse("must name the user whose password is given")),
            (None, false) => {
                return Err(Error::config(
                    "the user of smtp_url needs smtp_password_file",
                ));
            }
        };
        Ok(builder.build())
    }

    fn tls(&self, host: &str) -> Result<TlsParameters, Error> {
        let mut builder = TlsParameters::builder(host.to_owned());
        if let Some(path) = &self.smtp_ca {
            let shown = path.display();
            let pem = std::fs::read(path)
                .map_err(|error| Error::config(format!("cannot read smtp_ca {shown}: {error}")))?;
            let certificate = Certificate::from_pem(&pem).map_err(|_| {
                Error::config(format!("smtp_ca {shown} holds no certificate in PEM"))
            })?;
            builder = builder.add_root_certificate(certificate);
        }
        builder.build_rustls().map_err(|error| {
            Error::config(format!("TLS to the SMTP server cannot be set up: {error}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(smtp_url: &str, password: Option<&str>) -> Result<SmtpTransport, String> {
        let config = MailConfig {
            smtp_url: smtp_url.to_owned(),
            smtp_password: password.map(|password| password.to_owned().into()),
            smtp_ca: None,
            from: "Example <no-reply@example.com>".to_owned(),
            service: "Example".to_owned(),
            contact: "https://example.com/help".to_owned(),
            report_url: None,
            language: None,
        };
        config.transport(1).map_err(|error| error.to_string())
    }

    #[test]
    fn sec89_a_server_is_named_without_a_password() {
        for (url, password) in [
            ("smtps://smtp.example.com", None),
            (
                "smtps://user%40example.com@smtp.example.com:4650",
                Some("x"),
            ),
            ("smtp://smtp.example.com", None),
            ("smtp://127.0.0.1:2525", None),
            ("smtp://[::1]:2525", None),
        ] {
            assert!(config(url, password).is_ok(), "{url}");
        }
        for (url, password) in [
            ("", None),
            ("smtp.example.com", None),
            ("https://smtp.example.com", None),
            ("smtps://user:a-secret@smtp.example.com", None),
            ("smtps://user@smtp.example.com", None),
            ("smtps://smtp.example.com", Some("a-secret")),
            ("smtps://smtp.example.com/x", None),
            ("smtps://smtp.example.com?tls=no", None),
            ("smtps:///", None),
        ] {
            let error = config(url, password).err();
            assert!(
                error.is_some_and(|error| !error.contains("a-secret")),
                "{url}"
            );
        }
    }
}
