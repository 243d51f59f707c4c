//! A TCP proxy that makes the network worse.

mod connection;
mod latency;
mod rule;

#[cfg(test)]
mod tests;

use std::{
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, MutexGuard, Weak,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use crate::{ports, proxy::connection::Connection};
use rule::Rule;
pub use rule::When;

/// Stands between clients and a server, on a port of its own.
pub struct Proxy {
    address: SocketAddr,
    state: Arc<State>,
    /// The thread that takes new connections, while there are to be any.
    listening: Mutex<Option<JoinHandle<()>>>,
}

/// What the proxy and its threads share.
struct State {
    /// Where the server listens.
    server: SocketAddr,
    /// Whether new connections are taken.
    open: AtomicBool,
    /// How much later everything comes, each way.
    delay: Mutex<Duration>,
    /// How many round trips there were.
    round_trips: AtomicU64,
    /// What is to be cut next.
    rule: Mutex<Option<Rule>>,
    /// How often a rule has cut.
    cuts: AtomicUsize,
    /// Every connection that may still be there.
    connections: Mutex<Vec<Weak<Connection>>>,
}

impl Proxy {
    /// Listens on a free port for what is meant for this server.
    #[must_use]
    pub fn before(server: SocketAddr) -> Self {
        let listener = ports::listen();
        let address = listener.local_addr().expect("a listener has an address");
        let state = Arc::new(State {
            server,
            open: AtomicBool::new(true),
            delay: Mutex::new(Duration::ZERO),
            round_trips: AtomicU64::new(0),
            rule: Mutex::new(None),
            cuts: AtomicUsize::new(0),
            connections: Mutex::new(Vec::new()),
        });
        let thread = take_connections(listener, &state);
        Self {
            address,
            state,
            listening: Mutex::new(Some(thread)),
        }
    }

    /// Where it listens. [`through`](crate::through) puts it into a URL.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on everything comes so much later, each way: half a round trip. Nothing waits for what was
    /// sent before it, so that as much gets through as without. To connect takes no time.
    pub fn set_delay(&self, delay: Duration) {
        *lock(&self.state.delay) = delay;
    }

    /// How many round trips there were: how often the server answered something. What the server says first,
    /// and a farewell that it does not answer, count nothing.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.state.round_trips.load(Ordering::SeqCst)
    }

    /// Counts from nothing again.
    pub fn reset_count(&self) {
        self.state.round_trips.store(0, Ordering::SeqCst);
    }

    /// The next time that a client sends these bytes, its connection is cut on both sides: before they reach
    /// the server, or after the server has answered them, in which case the answer is lost. It happens once.
    pub fn cut_after_client_sends(&self, pattern: &[u8], when: When) {
        *lock(&self.state.rule) = Some(Rule::new(pattern, when));
    }

    /// The same at one of the questions that come next, whatever it is: the first of them is number 1. A
    /// question is what waits for an answer.
    pub fn cut_at_question(&self, number: usize, when: When) {
        *lock(&self.state.rule) = Some(Rule::at_question(number, when));
    }

    /// Forgets what was to be cut and has not been.
    pub fn cut_nothing(&self) {
        *lock(&self.state.rule) = None;
    }

    /// How often such a cut has happened.
    #[must_use]
    pub fn cuts(&self) -> usize {
        self.state.cuts.load(Ordering::SeqCst)
    }

    /// Cuts every connection that there is.
    pub fn cut_all(&self) {
        for connection in lock(&self.state.connections).drain(..) {
            if let Some(connection) = connection.upgrade() {
                connection.cut();
            }
        }
    }

    /// Refuses new connections, as a port where nothing listens does. Those that there are go on.
    pub fn refuse(&self) {
        if let Some(thread) = lock(&self.listening).take() {
            self.state.open.store(false, Ordering::SeqCst);
            // The thread waits for a connection.
            let _ = TcpStream::connect(self.address);
            let _ = thread.join();
        }
    }

    /// Takes new connections again, on the same port.
    pub fn accept(&self) {
        let mut listening = lock(&self.listening);
        if listening.is_none() {
            let listener = TcpListener::bind(self.address).expect("the port is still free");
            self.state.open.store(true, Ordering::SeqCst);
            *listening = Some(take_connections(listener, &self.state));
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.refuse();
        self.cut_all();
    }
}

/// Starts the thread that takes connections, until the state is not open any more.
fn take_connections(listener: TcpListener, state: &Arc<State>) -> JoinHandle<()> {
    let state = Arc::clone(state);
    thread::spawn(move || {
        for client in listener.incoming() {
            if !state.open.load(Ordering::SeqCst) {
                return;
            }
            if let Ok(client) = client {
                // Where the server cannot be reached, the client's connection just ends.
                let _ = connection::open(client, &state);
            }
        }
    })
}

/// Locks what no thread can have left half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex
        .lock()
        .expect("no thread failed while it held the lock")
}
