//! Taking connections, so many and no more, and letting them end well.

use std::{
    collections::HashMap,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use arc_swap::ArcSwapOption;
use axum::{Router, body::Body, http::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use rustls::ServerConfig;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    task::JoinSet,
    time,
};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use crate::{
    call::Peer,
    client::{self, Client},
    config::Config,
    connection::{GuardedStream, Progress},
    framing::{Chunks, Framing},
    service::Service,
};

/// What the HTTP library may buffer of one connection.
const MAX_BUFFER: usize = 2 * Config::MAX_HEAD;
/// How long to wait when the machine has no room for another connection.
const NO_ROOM: Duration = Duration::from_millis(50);

/// What every connection shares.
struct Shared {
    service: Arc<Service>,
    router: Router,
    stop: watch::Receiver<bool>,
    clients: Mutex<HashMap<Client, u32>>,
}

/// Takes connections until `stop`, then waits for the requests that are under way.
pub(crate) async fn run(
    socket: TcpListener,
    tls: Arc<ArcSwapOption<ServerConfig>>,
    service: Arc<Service>,
    router: Router,
    stop: watch::Receiver<bool>,
) {
    let room = Arc::new(Semaphore::new(service.config.max_connections.get() as usize));
    let timeout = service.config.shutdown_timeout;
    let shared = Arc::new(Shared {
        service,
        router,
        stop: stop.clone(),
        clients: Mutex::default(),
    });
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = socket.accept() => accepted,
            () = stopped(stop.clone()) => break,
        };
        while connections.try_join_next().is_some() {}
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                wait_for_room(&error).await;
                continue;
            }
        };
        let Ok(place) = Arc::clone(&room).try_acquire_owned() else {
            tracing::warn!(
                event = "excess_connections",
                "a connection was refused: all are taken"
            );
            continue;
        };
        let Some(counted) = Counted::take(&shared, peer) else {
            tracing::warn!(
                event = "excess_connections",
                "a client has too many connections"
            );
            continue;
        };
        let tls = tls.load_full().map(TlsAcceptor::from);
        let shared = Arc::clone(&shared);
        connections.spawn(async move {
            accept(stream, peer, tls, &shared).await;
            drop((place, counted));
        });
    }
    drop(socket);
    let all = async { while connections.join_next().await.is_some() {} };
    if time::timeout(timeout, all).await.is_err() {
        tracing::warn!("some requests were still under way at the end of shutdown_timeout");
    }
}

/// Ends when the sender says true, or is gone.
async fn stopped(mut stop: watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Some errors are the connection's own; those that are not will pass.
async fn wait_for_room(error: &io::Error) {
    let is_its_own = matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::Interrupted
    );
    if !is_its_own {
        tracing::warn!(%error, "no connection can be taken");
        time::sleep(NO_ROOM).await;
    }
}

async fn accept(stream: TcpStream, peer: SocketAddr, tls: Option<TlsAcceptor>, shared: &Shared) {
    // An answer is one write; it need not wait for another.
    let _ = stream.set_nodelay(true);
    match tls {
        None => serve_connection(stream, peer, shared).await,
        Some(tls) => {
            if let Ok(Ok(stream)) = time::timeout(Config::HEAD_TIMEOUT, tls.accept(stream)).await {
                serve_connection(stream, peer, shared).await;
            }
        }
    }
}

async fn serve_connection<S>(stream: S, peer: SocketAddr, shared: &Shared)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let progress = Progress::default();
    let service = Arc::clone(&shared.service);
    let names = move || {
        let request_id = service.new_request_id();
        (request_id, service.pseudonym(Client::at(peer.ip())))
    };
    let chunks = Chunks::default();
    let framing = Framing::new(chunks.clone());
    let stream = GuardedStream::new(stream, framing, progress.clone(), names);
    let answer = service_fn(|request: Request<Incoming>| {
        let (progress, router) = (progress.clone(), shared.router.clone());
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer.ip()));
        request.extensions_mut().insert(chunks.clone());
        progress.begin();
        async move {
            let response = router.oneshot(request).await;
            progress.answer();
            response
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        // A client may have said all it has to say, and still wait for the answer.
        .half_close(true)
        .header_read_timeout(Config::IDLE_TIMEOUT)
        .max_headers(Config::MAX_HEADERS)
        .max_header_size(Config::MAX_HEAD)
        .max_buf_size(MAX_BUFFER)
        .serve_connection(TokioIo::new(stream), answer);
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stopped(shared.stop.clone()) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// A connection, counted for its client; one of a proxy of ours is not.
struct Counted {
    shared: Arc<Shared>,
    client: Option<Client>,
}

impl Counted {
    fn take(shared: &Arc<Shared>, peer: SocketAddr) -> Option<Self> {
        let config = &shared.service.config;
        let is_proxy = client::is_proxy(peer.ip(), &config.trusted_proxies);
        let client = (!is_proxy).then(|| Client::at(peer.ip()));
        if let Some(client) = client {
            let mut clients = shared.clients();
            let count = clients.entry(client).or_default();
            if *count >= config.max_connections_per_client.get() {
                return None;
            }
            *count += 1;
        }
        let shared = Arc::clone(shared);
        Some(Self { shared, client })
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut clients = self.shared.clients();
        if let Some(client) = self.client
            && let Some(count) = clients.get_mut(&client)
        {
            *count -= 1;
            if *count == 0 {
                clients.remove(&client);
            }
        }
    }
}

impl Shared {
    fn clients(&self) -> MutexGuard<'_, HashMap<Client, u32>> {
        self.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
