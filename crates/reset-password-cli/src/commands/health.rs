//! `health`: whether the service that runs here can work.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use clap::Args;
use reset_password::Error;
use serde::Serialize;
use ureq::Agent;

use crate::{
    arguments::Global,
    exit::Exit,
    failure::{self, Failure},
    options::ServiceOptions,
};

/// A service that takes longer is not well.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Asks the service.
#[derive(Debug, Args)]
#[command(after_help = "\
For a container's health check: with the settings that the service has, from the same file and \
environment, it asks /readyz on this machine, and ends with 0 where the service can work. A service \
that speaks TLS is asked at --metrics-listen.

Example:
  reset-password health
  reset-password health --config /etc/reset-password.toml
  reset-password health --metrics-listen 127.0.0.1:9090
")]
pub struct Health {
    #[command(flatten)]
    service: ServiceOptions,
}

/// What is shown.
#[derive(Serialize)]
struct Ready<'a> {
    status: &'static str,
    url: &'a str,
}

impl Health {
    pub fn run(&self, global: &Global) -> Result<Exit, Failure> {
        let settings = global.settings_with(&self.service)?;
        let names = settings.engine.service_names.as_deref();
        let config = settings.service.config(names)?;
        let address = match (config.metrics_listen, &config.tls) {
            (Some(operators), _) => operators,
            (None, None) => config.listen,
            (None, Some(_)) => {
                return Err(Error::config(
                    "the service speaks TLS at --listen, with a certificate that is for other names than this \
                     machine's: give it --metrics-listen, such as 127.0.0.1:9090, and health asks there",
                )
                .into());
            }
        };
        let url = format!("http://{}/readyz", on_this_machine(address));
        // The machine's own address is behind no proxy.
        let agent: Agent = Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .proxy(None)
            .max_redirects(0)
            .build()
            .into();
        match agent.get(&url).call() {
            Ok(_) => {
                let ready = Ready {
                    status: "ok",
                    url: &url,
                };
                global
                    .output()
                    .show(&ready, |text| text.line(format!("ok: {url}")))?;
                Ok(Exit::Done)
            }
            Err(refused) => {
                failure::say(&format!(
                    "error: the service is not ready at {url}: {refused}\n"
                ));
                Ok(Exit::TryAgain)
            }
        }
    }
}

/// Where a service that listens there is reached from here.
fn on_this_machine(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}
