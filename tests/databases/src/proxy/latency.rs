//! How much later what goes through a proxy really comes.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    thread,
    time::Duration,
};

use super::Proxy;
use crate::{ports, time};

/// How many round trips are measured.
const PINGS: usize = 301;

impl Proxy {
    /// Makes each round trip so much longer as [`Proxy::set_delay`] with half of it would, if threads woke in
    /// time: what they are late, on this machine while it has nothing else to do, is taken off.
    pub fn lengthen_round_trips(&self, added: Duration) {
        let listener = ports::listen();
        let address = listener.local_addr().expect("a listener has an address");
        thread::spawn(move || echo(&listener));
        let through = Self::before(address);
        through.set_delay(added / 2);
        let late = round_trip(through.address()).saturating_sub(round_trip(address) + added);
        self.set_delay(added.saturating_sub(late) / 2);
    }
}

/// Answers a byte with a byte, to two clients.
fn echo(listener: &TcpListener) {
    for client in listener.incoming().take(2) {
        thread::spawn(move || {
            let mut client = client.expect("a client connects");
            client.set_nodelay(true).expect("a socket can be set");
            let mut byte = [0];
            while client.read_exact(&mut byte).is_ok() && client.write_all(&byte).is_ok() {}
        });
    }
}

/// How long a round trip takes: the median.
fn round_trip(address: SocketAddr) -> Duration {
    let mut client = TcpStream::connect(address).expect("the echo listens");
    client.set_nodelay(true).expect("a socket can be set");
    let mut byte = [0];
    let mut trips: Vec<_> = (0..PINGS)
        .map(|_| {
            let began = time::now();
            client.write_all(&byte).expect("the echo reads");
            client.read_exact(&mut byte).expect("the echo answers");
            time::now() - began
        })
        .collect();
    *trips.select_nth_unstable(PINGS / 2).1
}
