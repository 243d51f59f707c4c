//! One request to an endpoint.

use std::{
    fs, io,
    path::Path,
    sync::{Arc, OnceLock},
};

use reset_password::{Error, webhook::WebhookFailure};
use rustls::crypto::ring;
use rustls_pki_types::{CertificateDer, pem::PemObject as _};
use ureq::{
    Agent,
    http::StatusCode,
    tls::{Certificate, RootCerts, TlsConfig},
    unversioned::{resolver::DefaultResolver, transport::DefaultConnector},
};

use crate::{
    resolver::{NotPublic, PublicOnly},
    signature::Signed,
    webhooks::WebhookConfig,
};

/// Most octets of an answer's head. Its body is not read.
const MAX_HEAD: usize = 16 * 1_024;

const USER_AGENT: &str = concat!("reset-password/", env!("CARGO_PKG_VERSION"));

/// Sends to endpoints. Every request has a connection of its own, whose address is looked at.
pub(crate) struct Sender {
    config: WebhookConfig,
    /// The authorities that the operator named.
    named: Vec<Certificate<'static>>,
    /// Made when something is sent: the system's certificates take some memory.
    agent: OnceLock<Agent>,
}

impl Sender {
    /// # Errors
    ///
    /// `config_invalid` for a file that holds no certificate.
    pub(crate) fn new(config: &WebhookConfig) -> Result<Self, Error> {
        Ok(Self {
            config: config.clone(),
            named: config
                .ca
                .as_deref()
                .map(read)
                .transpose()?
                .unwrap_or_default(),
            agent: OnceLock::new(),
        })
    }

    fn make_agent(&self) -> Agent {
        let allow_private = self.config.allow_private;
        let system = rustls_native_certs::load_native_certs().certs;
        let mut roots: Vec<_> = system.iter().map(owned).collect();
        roots.extend_from_slice(&self.named);
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::Specific(Arc::new(roots)))
            // The provider is named: which one is the process's default is the host application's matter.
            .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .https_only(!allow_private)
            .http_status_as_error(false)
            .proxy(None)
            // What redirects has not taken the event, and whoever it names was not registered.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_idle_connections(0)
            .max_response_header_size(MAX_HEAD)
            .user_agent(USER_AGENT)
            .timeout_global(Some(self.config.timeout))
            .build();
        let resolver = PublicOnly {
            inner: DefaultResolver::default(),
            allow_private,
        };
        Agent::with_parts(config, DefaultConnector::default(), resolver)
    }

    /// Sends one body under that id. Nothing but an answer of success has taken it.
    pub(crate) fn send(
        &self,
        url: &str,
        id: &str,
        signed: &Signed,
        body: &[u8],
    ) -> Result<(), WebhookFailure> {
        let sent = self
            .agent
            .get_or_init(|| self.make_agent())
            .post(url)
            .header("content-type", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", &signed.timestamp)
            .header("webhook-signature", &signed.standard)
            .header("workos-signature", &signed.vendor)
            .send(body);
        match sent {
            Ok(answer) if answer.status().is_success() => Ok(()),
            Ok(answer) => Err(WebhookFailure::Answered(answer.status().as_u16())),
            Err(error) => Err(failure(&error)),
        }
    }
}

/// Why there was no answer. The library's own words may name the address, and are left out.
fn failure(error: &ureq::Error) -> WebhookFailure {
    match error {
        ureq::Error::StatusCode(status) => WebhookFailure::Answered(*status),
        ureq::Error::RedirectFailed | ureq::Error::TooManyRedirects => {
            WebhookFailure::Answered(StatusCode::FOUND.as_u16())
        }
        ureq::Error::Timeout(_) => WebhookFailure::Timeout,
        ureq::Error::HostNotFound => WebhookFailure::NoSuchName,
        ureq::Error::Rustls(_)
        | ureq::Error::Tls(_)
        | ureq::Error::Pem(_)
        | ureq::Error::TlsRequired => WebhookFailure::Tls,
        ureq::Error::Io(error) if is_of_tls(error) => WebhookFailure::Tls,
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::TimedOut => {
            WebhookFailure::Timeout
        }
        ureq::Error::RequireHttpsOnly(_) => WebhookFailure::NotPublic,
        ureq::Error::Other(error) if error.is::<NotPublic>() => WebhookFailure::NotPublic,
        ureq::Error::Protocol(_) | ureq::Error::Http(_) | ureq::Error::LargeResponseHeader(..) => {
            WebhookFailure::Garbled
        }
        _ => WebhookFailure::NoConnection,
    }
}

/// Whether it is TLS that failed, of which the library tells as of a connection that ended.
fn is_of_tls(error: &io::Error) -> bool {
    let cause = error.get_ref();
    let cause = cause.and_then(|cause| cause.downcast_ref::<rustls::Error>());
    cause.is_some()
}

/// The certificates of a file.
fn read(path: &Path) -> Result<Vec<Certificate<'static>>, Error> {
    let shown = path.display();
    let pem = fs::read(path)
        .map_err(|error| Error::config(format!("cannot read webhooks_ca {shown}: {error}")))?;
    let read = CertificateDer::pem_slice_iter(&pem).collect::<Result<Vec<_>, _>>();
    let read = read.ok().filter(|certificates| !certificates.is_empty());
    let read = read
        .ok_or_else(|| Error::config(format!("webhooks_ca {shown} holds no certificate in PEM")))?;
    Ok(read.iter().map(owned).collect())
}

fn owned(certificate: &CertificateDer<'_>) -> Certificate<'static> {
    Certificate::from_der(certificate).to_owned()
}
