//! From a configuration to a service that answers, and to its end.

use std::{io, net::SocketAddr, sync::Arc};

use arc_swap::ArcSwapOption;
use reset_password::{Error, UserManagement};
use reset_password_mail::Mailer;
use reset_password_webhooks::Webhooks;
use rustls::ServerConfig;
use tokio::{
    net::{TcpListener, TcpSocket},
    signal::unix::{Signal, SignalKind, signal},
    sync::watch,
    time,
};

use crate::{
    config::Config, delivery, listener, maintenance, metrics, pages::PublicPages, routes::router,
    service::Service, tls, webhook_delivery,
};

/// Files that the process needs besides connections.
const OTHER_FILES: u64 = 64;

/// Serves until the process is told to stop (SIGTERM or SIGINT), then finishes the requests that are
/// under way. SIGHUP makes it read its keys and its certificate again.
///
/// # Errors
///
/// `config_invalid` for what is unsafe or contradicts itself, for an address that cannot be listened
/// on, and whatever `open` answers.
pub async fn serve(
    config: Config,
    open: impl AsyncFn() -> Result<UserManagement, Error>,
) -> Result<(), Error> {
    config.check()?;
    let pages = config.pages.clone().map(PublicPages::new).transpose()?;
    let mailer = config.mail.as_ref().map(Mailer::new).transpose()?;
    let webhooks = Arc::new(Webhooks::new(&config.webhooks)?);
    let certificate = Arc::new(ArcSwapOption::new(read_certificate(&config)?));
    let mut signals = Signals::new()?;
    let (listen, is_tls) = (config.listen, config.tls.is_some());
    let socket = listen_on(listen, "--listen")?;
    let address = socket.local_addr().map_err(Error::internal)?;
    let metrics_socket = config.metrics_listen;
    let metrics_socket = metrics_socket.map(|listen| listen_on(listen, "--metrics-listen"));
    let metrics_socket = metrics_socket.transpose()?;
    let engine = open().await?;
    check_engine(&engine)?;
    make_room(&config);

    let service = Arc::new(Service::new(config, engine, pages));
    let (stop, stopped) = watch::channel(false);
    let scheme = if is_tls { "https" } else { "http" };
    let address = format!("{scheme}://{address}");
    tracing::info!(event = "sys_startup", address, "listening");
    remind_of_reset_url(&service);
    remind_of_keys(&service.engine()).await;
    let chores = tokio::spawn(maintenance::run(Arc::clone(&service)));
    let delivering = mailer.map(|mailer| {
        let delivering = delivery::run(Arc::clone(&service), Arc::new(mailer), stopped.clone());
        tokio::spawn(delivering)
    });
    let telling = webhook_delivery::run(Arc::clone(&service), webhooks, stopped.clone());
    let telling = tokio::spawn(telling);
    let router = router(Arc::clone(&service));
    let listening = tokio::spawn(listener::run(
        socket,
        Arc::clone(&certificate),
        Arc::clone(&service),
        router,
        stopped,
    ));
    let counting = metrics_socket.map(|socket| {
        if let Ok(address) = socket.local_addr() {
            tracing::info!(event = "sys_startup", metrics = %address, "metrics can be read");
        }
        // Without TLS: nothing in them is anybody's.
        let (plain, router) = (Arc::default(), metrics::router(Arc::clone(&service)));
        let service = Arc::clone(&service);
        tokio::spawn(listener::run(
            socket,
            plain,
            service,
            router,
            stop.subscribe(),
        ))
    });
    while signals.next().await == Control::Reload {
        match reload(&service, &certificate, &open).await {
            Ok(()) => tracing::info!(event = "sys_reload", "the keys were read again"),
            Err(error) => {
                tracing::error!(event = "sys_reload", %error, "the service goes on as it was");
            }
        }
    }
    tracing::info!(
        event = "sys_shutdown",
        "finishing the requests that are under way"
    );
    let _ = stop.send(true);
    let finished = listening.await;
    // A mail or an event that was taken is noted, or it would be sent twice.
    let _ = time::timeout(service.config.shutdown_timeout, async {
        if let Some(delivering) = delivering {
            let _ = delivering.await;
        }
        let _ = telling.await;
    })
    .await;
    chores.abort();
    if let Some(counting) = counting {
        counting.abort();
    }
    service.engine().close().await;
    tracing::info!(event = "sys_shutdown", "stopped");
    finished.map_err(Error::internal)
}

/// A socket at the address that an option names.
fn listen_on(address: SocketAddr, option: &str) -> Result<TcpListener, Error> {
    bind(address).map_err(|error| {
        let why = explain(&error);
        Error::config(format!(
            "cannot listen on {address}: {why}; give another {option}"
        ))
    })
}

/// A socket that many clients may reach for at one moment: with the usual 128 places, the next one waits
/// a second before it tries again.
fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    const WAITING: u32 = 4_096;
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(WAITING)
}

fn read_certificate(config: &Config) -> Result<Option<Arc<ServerConfig>>, Error> {
    config.tls.as_ref().map(tls::read).transpose()
}

/// What an engine must be like to be served.
fn check_engine(engine: &UserManagement) -> Result<(), Error> {
    if engine.blocking().is_in_memory() {
        return Err(Error::config(
            "a database in memory is gone when the service stops: give a file as --database",
        ));
    }
    Ok(())
}

async fn reload(
    service: &Service,
    certificate: &ArcSwapOption<ServerConfig>,
    open: &impl AsyncFn() -> Result<UserManagement, Error>,
) -> Result<(), Error> {
    let renewed = read_certificate(&service.config)?;
    let engine = open().await?;
    check_engine(&engine)?;
    certificate.store(renewed);
    service.replace_engine(engine);
    Ok(())
}

/// Links to this machine are of no use to people elsewhere.
fn remind_of_reset_url(service: &Service) {
    let engine = service.engine();
    if service.config.is_tls() && engine.blocking().config().reset_url.is_local() {
        tracing::warn!(
            "links lead to this machine alone, since reset_url is not set: give the address of your \
             reset page as --reset-url"
        );
    }
}

/// Nobody can call before there is a key.
async fn remind_of_keys(engine: &UserManagement) {
    match engine.list_api_keys().await {
        Ok(keys) if keys.is_empty() => tracing::warn!(
            "there is no API key yet, so every call is answered 401; make one with `reset-password \
             api-key create --name NAME --scope SCOPE`, on the same --database"
        ),
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "the API keys could not be read"),
    }
}

/// Lets the process have as many files open as it has connections to take.
fn make_room(config: &Config) {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    let needed = u64::from(config.max_connections.get()) + OTHER_FILES;
    if limit.current.is_none_or(|current| current >= needed) {
        return;
    }
    limit.current = Some(limit.maximum.map_or(needed, |maximum| maximum.min(needed)));
    let raised = setrlimit(Resource::Nofile, limit);
    if raised.is_err() || limit.current.is_some_and(|current| current < needed) {
        let current = limit.current;
        tracing::warn!(
            current,
            needed,
            "the limit of open files is lower than max_connections asks for (ulimit -n)"
        );
    }
}

fn explain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => "another process listens there".to_owned(),
        io::ErrorKind::AddrNotAvailable => "this machine has no such address".to_owned(),
        io::ErrorKind::PermissionDenied => "that port takes more rights".to_owned(),
        kind => kind.to_string(),
    }
}

/// What a signal tells the process to do.
#[derive(PartialEq, Eq)]
enum Control {
    Reload,
    Stop,
}

struct Signals {
    hangup: Signal,
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn new() -> Result<Self, Error> {
        let listen = |kind| signal(kind).map_err(Error::internal);
        Ok(Self {
            hangup: listen(SignalKind::hangup())?,
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) -> Control {
        tokio::select! {
            _ = self.hangup.recv() => Control::Reload,
            _ = self.interrupt.recv() => Control::Stop,
            _ = self.terminate.recv() => Control::Stop,
        }
    }
}
