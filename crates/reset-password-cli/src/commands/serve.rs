//! `serve`: the HTTP service.

use clap::Args;
use reset_password::{DatabaseUrl, Error, UserManagement};
use tokio::runtime;

use crate::{
    arguments::Global, exit::Exit, failure::Failure, log, memory, options::ServiceOptions,
};

/// Serves.
#[derive(Debug, Args)]
#[command(after_help = "\
Runs until SIGTERM or SIGINT, then finishes the requests that are under way. SIGHUP makes it read \
its keys and its certificate again. Without a certificate, and without a proxy that speaks TLS in \
front of it, it listens on this machine alone. The log goes to standard error.

Every call needs an API key: see `reset-password api-key create --help`. Every option can stand in \
the file that --config names, or in the environment: --token-lifetime is token_lifetime there, and \
RESET_PASSWORD_TOKEN_LIFETIME.

Example:
  reset-password serve
  reset-password serve --config /etc/reset-password.toml
  reset-password serve --pages --pages-url https://example.com/account --behind-tls-proxy
  reset-password serve --listen 0.0.0.0:8443 --tls-certificate cert.pem --tls-key key.pem
")]
pub struct Serve {
    #[command(flatten)]
    service: ServiceOptions,
}

impl Serve {
    pub fn run(&self, global: &Global) -> Result<Exit, Failure> {
        let settings = global.settings_with(&self.service)?;
        log::begin_service(settings.service.log_format, global.verbose);
        let database = settings.database().to_owned();
        let names = settings.engine.service_names.as_deref();
        let config = settings.service.config(names)?;
        let mut options = settings.engine.options();
        if let (Some(pages), None) = (&config.pages, &options.reset_url) {
            options.reset_url = Some(pages.reset_url()?);
        }
        options.messages |= config.mail.is_some();
        if options.reset_url.is_none() && DatabaseUrl::parse(&database)?.is_on_a_server() {
            return Err(Error::config(
                "reset_url must be given where the database is on a server: links would lead to this machine",
            )
            .into());
        }
        memory::share_among_threads();
        let runtime = runtime::Builder::new_multi_thread()
            .thread_name("reset-password")
            .enable_all()
            .build()
            .map_err(Error::internal)?;
        let open = async || UserManagement::open(&database, options.clone()).await;
        runtime.spawn(memory::give_back());
        runtime.block_on(reset_password_server::serve(config, open))?;
        Ok(Exit::Done)
    }
}
