//! The proxy before a server that answers each line in capitals.

use std::{
    io::{BufRead, BufReader, ErrorKind, Read, Write},
    sync::mpsc,
};

use super::*;
use crate::time;

/// A server, and what it has read.
struct Echo {
    address: SocketAddr,
    lines: mpsc::Receiver<String>,
}

impl Echo {
    /// Starts it. Its threads end with the tests.
    fn start() -> Self {
        let listener = ports::listen();
        let address = listener.local_addr().unwrap();
        let (tell, lines) = mpsc::channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let tell = tell.clone();
                thread::spawn(move || answer(&stream.unwrap(), &tell));
            }
        });
        Self { address, lines }
    }
}

/// Answers the lines of one connection.
fn answer(mut stream: &TcpStream, tell: &mpsc::Sender<String>) {
    for line in BufReader::new(stream).lines() {
        let Ok(line) = line else { return };
        let _ = tell.send(line.clone());
        let answer = line.to_uppercase() + "\n";
        if stream.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

/// Sends a line, and reads the answer; nothing when the connection ends first.
fn ask(stream: &mut TcpStream, line: &str) -> Option<String> {
    stream.write_all(format!("{line}\n").as_bytes()).ok()?;
    let mut answer = String::new();
    let read = BufReader::new(&mut *stream).read_line(&mut answer);
    read.is_ok_and(|length| length > 0)
        .then(|| answer.trim_end().to_owned())
}

/// A server, a proxy before it, and a client.
fn connected() -> (Echo, Proxy, TcpStream) {
    let echo = Echo::start();
    let proxy = Proxy::before(echo.address);
    let client = TcpStream::connect(proxy.address()).unwrap();
    (echo, proxy, client)
}

#[test]
fn what_is_said_comes_through_both_ways() {
    let (_echo, _proxy, mut client) = connected();
    assert_eq!(ask(&mut client, "one").unwrap(), "ONE");
    assert_eq!(ask(&mut client, "two").unwrap(), "TWO");
}

#[test]
fn round_trips_are_counted() {
    let (_echo, proxy, mut client) = connected();
    assert_eq!(proxy.count(), 0);
    ask(&mut client, "one").unwrap();
    ask(&mut client, "two").unwrap();
    assert_eq!(proxy.count(), 2);
    proxy.reset_count();
    ask(&mut client, "several\nlines\nat\nonce").unwrap();
    assert_eq!(proxy.count(), 1);
}

#[test]
fn a_delay_is_added_each_way() {
    let (_echo, proxy, mut client) = connected();
    proxy.set_delay(Duration::from_millis(40));
    let began = time::now();
    ask(&mut client, "one").unwrap();
    let took = began.elapsed();
    assert!(took >= Duration::from_millis(80), "{took:?}");
    assert!(took < Duration::from_millis(400), "{took:?}");
}

#[test]
fn a_delay_does_not_limit_how_much_comes_through() {
    let (_echo, proxy, mut client) = connected();
    proxy.set_delay(Duration::from_millis(50));
    let began = time::now();
    // Far more pieces than could wait for each other.
    let mut sender = client.try_clone().unwrap();
    let writer = thread::spawn(move || {
        for _ in 0..64 {
            sender.write_all(&vec![b'x'; PIECE]).unwrap();
        }
        sender.write_all(b"\n").unwrap();
    });
    let mut answer = vec![0; 64 * PIECE + 1];
    client.read_exact(&mut answer).unwrap();
    writer.join().unwrap();
    assert!(answer.starts_with(b"XXX"));
    let took = began.elapsed();
    assert!(took < Duration::from_secs(2), "{took:?}");
}

/// How much the throughput test sends at once.
const PIECE: usize = 64 * 1024;

#[test]
fn a_cut_before_keeps_the_message_from_the_server() {
    let (echo, proxy, mut client) = connected();
    proxy.cut_after_client_sends(b"commit", When::Before);
    assert_eq!(ask(&mut client, "insert").unwrap(), "INSERT");
    assert_eq!(ask(&mut client, "commit"), None);
    assert_eq!(proxy.cuts(), 1);
    assert_eq!(echo.lines.recv().unwrap(), "insert");
    assert!(echo.lines.try_recv().is_err());
}

#[test]
fn a_cut_after_loses_only_the_answer() {
    let (echo, proxy, mut client) = connected();
    proxy.cut_after_client_sends(b"commit", When::After);
    assert_eq!(ask(&mut client, "commit"), None);
    assert_eq!(echo.lines.recv().unwrap(), "commit");
    assert_eq!(proxy.cuts(), 1);
}

#[test]
fn a_cut_meanwhile_lets_the_message_through() {
    let (echo, proxy, mut client) = connected();
    proxy.cut_after_client_sends(b"commit", When::Meanwhile);
    assert_eq!(ask(&mut client, "commit"), None);
    assert_eq!(echo.lines.recv().unwrap(), "commit");
    assert_eq!(proxy.cuts(), 1);
}

#[test]
fn a_silent_cut_lets_the_client_wait() {
    let (echo, proxy, mut client) = connected();
    proxy.cut_after_client_sends(b"commit", When::Silently);
    let patience = Duration::from_millis(200);
    client.set_read_timeout(Some(patience)).unwrap();
    assert_eq!(ask(&mut client, "commit"), None);
    assert_eq!(echo.lines.recv().unwrap(), "commit");
    assert_eq!(proxy.cuts(), 1);
    let waits = client.read(&mut [0]).unwrap_err();
    assert_eq!(waits.kind(), ErrorKind::WouldBlock);
    proxy.cut_all();
    assert_eq!(client.read(&mut [0]).unwrap(), 0, "the end");
}

#[test]
fn a_question_is_cut_by_its_number() {
    let (echo, proxy, mut client) = connected();
    assert_eq!(ask(&mut client, "before").unwrap(), "BEFORE");
    proxy.cut_at_question(2, When::Before);
    assert_eq!(ask(&mut client, "one").unwrap(), "ONE");
    let mut other = TcpStream::connect(proxy.address()).unwrap();
    assert_eq!(ask(&mut other, "two"), None);
    assert_eq!(proxy.cuts(), 1);
    let heard: Vec<String> = echo.lines.try_iter().collect();
    assert_eq!(heard, ["before", "one"]);
}

#[test]
fn a_rule_cuts_once() {
    let (_echo, proxy, mut client) = connected();
    proxy.cut_after_client_sends(b"commit", When::Before);
    assert_eq!(ask(&mut client, "commit"), None);
    let mut again = TcpStream::connect(proxy.address()).unwrap();
    assert_eq!(ask(&mut again, "commit").unwrap(), "COMMIT");
}

#[test]
fn what_was_sent_before_the_rule_does_not_cut() {
    let (_echo, proxy, mut client) = connected();
    assert_eq!(ask(&mut client, "commit").unwrap(), "COMMIT");
    proxy.cut_after_client_sends(b"commit", When::Before);
    assert_eq!(ask(&mut client, "begin").unwrap(), "BEGIN");
    assert_eq!(ask(&mut client, "commit"), None);
}

#[test]
fn a_message_in_two_pieces_is_found() {
    let (_echo, proxy, mut client) = connected();
    client.set_nodelay(true).unwrap();
    proxy.cut_after_client_sends(b"commit", When::Before);
    client.write_all(b"com").unwrap();
    time::sleep(Duration::from_millis(50));
    assert_eq!(ask(&mut client, "mit"), None);
    assert_eq!(proxy.cuts(), 1);
}

#[test]
fn refused_connections_are_accepted_again() {
    let (_echo, proxy, mut client) = connected();
    assert_eq!(ask(&mut client, "one").unwrap(), "ONE");
    proxy.refuse();
    let refused = TcpStream::connect(proxy.address()).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    assert_eq!(ask(&mut client, "two").unwrap(), "TWO");
    proxy.accept();
    let mut other = TcpStream::connect(proxy.address()).unwrap();
    assert_eq!(ask(&mut other, "three").unwrap(), "THREE");
}

#[test]
fn all_connections_are_cut() {
    let (_echo, proxy, mut client) = connected();
    assert_eq!(ask(&mut client, "one").unwrap(), "ONE");
    proxy.cut_all();
    assert_eq!(ask(&mut client, "two"), None);
    let mut other = TcpStream::connect(proxy.address()).unwrap();
    assert_eq!(ask(&mut other, "three").unwrap(), "THREE");
}

#[test]
fn where_no_server_is_the_connection_ends() {
    let nowhere = SocketAddr::from(([127, 0, 0, 1], ports::free()));
    let proxy = Proxy::before(nowhere);
    let mut client = TcpStream::connect(proxy.address()).unwrap();
    assert_eq!(ask(&mut client, "one"), None);
}
