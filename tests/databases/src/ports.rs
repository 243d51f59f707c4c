//! Free ports of 127.0.0.1.

use std::net::{Ipv4Addr, TcpListener};

use crate::random;

/// The first port that is tried.
///
/// All are below those that the system gives to connections by itself: the port of a server that was killed
/// must still be free when it is started again.
const FIRST: u16 = 18_000;

/// How many ports are tried.
const COUNT: u16 = 14_000;

/// Listens on a free port.
pub fn listen() -> TcpListener {
    for _ in 0..COUNT {
        let offset = random::number() % u32::from(COUNT);
        let port = FIRST + u16::try_from(offset).expect("it is less than the count of ports");
        if let Ok(listener) = TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            return listener;
        }
    }
    panic!("no port of 127.0.0.1 from {FIRST} on is free");
}

/// A port that is free now.
#[must_use]
pub fn free() -> u16 {
    let address = listen().local_addr();
    address.expect("a listener has an address").port()
}
