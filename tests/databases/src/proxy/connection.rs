//! One connection through the proxy.

use std::{
    io::{self, ErrorKind, Read, Write},
    net::{Shutdown, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, Receiver, Sender},
    },
    thread,
    time::{Duration, Instant},
};

use super::{State, When, lock};
use crate::time;

/// How much is read at once.
const PIECE: usize = 4 * 1024;

/// How much of what a client sent is kept to find bytes that come in two pieces.
const KEPT: usize = 256;

/// An answer is over when nothing more of it comes for so long.
const QUIET: Duration = Duration::from_millis(50);

/// Both sides of a connection.
pub struct Connection {
    client: TcpStream,
    server: TcpStream,
    /// Whether the server has got something that it has not answered.
    asked: AtomicBool,
    /// Whether the next answer is to be lost, and the connection with it.
    lose_answer: AtomicBool,
    /// Whether the client is to go on waiting when its answer is lost.
    is_silent: AtomicBool,
    /// Whether it was cut.
    is_cut: AtomicBool,
}

/// Some bytes, and when they are to be sent on.
struct Piece {
    due: Instant,
    bytes: Vec<u8>,
}

impl Connection {
    /// Ends it on both sides.
    pub fn cut(&self) {
        self.is_cut.store(true, Ordering::SeqCst);
        let _ = self.client.shutdown(Shutdown::Both);
        let _ = self.server.shutdown(Shutdown::Both);
    }
}

/// Connects a client to the server, and starts the threads that carry their bytes: two for each way, so that
/// what waits for its time does not keep more from being read.
pub fn open(client: TcpStream, state: &Arc<State>) -> io::Result<()> {
    let server = TcpStream::connect(state.server)?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let connection = Arc::new(Connection {
        client,
        server,
        asked: AtomicBool::new(false),
        lose_answer: AtomicBool::new(false),
        is_silent: AtomicBool::new(false),
        is_cut: AtomicBool::new(false),
    });
    let mut connections = lock(&state.connections);
    connections.retain(|other| other.strong_count() > 0);
    connections.push(Arc::downgrade(&connection));
    drop(connections);

    let (questions, waiting_questions) = mpsc::channel();
    let (answers, waiting_answers) = mpsc::channel();
    spawn(&connection, state, move |connection, state| {
        read_questions(connection, state, &questions);
    });
    spawn(&connection, state, move |connection, state| {
        write_questions(connection, state, &waiting_questions);
    });
    spawn(&connection, state, move |connection, state| {
        read_answers(connection, state, &answers);
    });
    spawn(&connection, state, move |connection, state| {
        write_answers(connection, state, &waiting_answers);
    });
    Ok(())
}

/// Starts a thread of a connection.
fn spawn(
    connection: &Arc<Connection>,
    state: &Arc<State>,
    work: impl FnOnce(&Connection, &State) + Send + 'static,
) {
    let (connection, state) = (Arc::clone(connection), Arc::clone(state));
    thread::spawn(move || work(&connection, &state));
}

/// Reads what the client sends.
fn read_questions(connection: &Connection, state: &State, questions: &Sender<Piece>) {
    while let Some(bytes) = read(&connection.client) {
        if !queue(state, questions, bytes) {
            return;
        }
    }
}

/// Sends it on to the server when it is due, unless a rule cuts the connection.
fn write_questions(connection: &Connection, state: &State, questions: &Receiver<Piece>) {
    let mut before = Vec::new();
    for question in questions {
        time::sleep_until(question.due);
        let begins = !connection.asked.load(Ordering::SeqCst);
        match rule_for(state, &before, &question.bytes, begins) {
            Some(When::Before) => {
                state.cuts.fetch_add(1, Ordering::SeqCst);
                connection.cut();
                return;
            }
            Some(When::Meanwhile) => {
                // The client's side first: the answer may come at once.
                state.cuts.fetch_add(1, Ordering::SeqCst);
                let _ = connection.client.shutdown(Shutdown::Both);
                let _ = (&connection.server).write_all(&question.bytes);
                connection.cut();
                return;
            }
            Some(when @ (When::After | When::Silently)) => {
                let is_silent = when == When::Silently;
                connection.is_silent.store(is_silent, Ordering::SeqCst);
                connection.lose_answer.store(true, Ordering::SeqCst);
            }
            None => {}
        }
        before.extend_from_slice(&question.bytes);
        let too_many = before.len().saturating_sub(KEPT);
        before.drain(..too_many);
        connection.asked.store(true, Ordering::SeqCst);
        if (&connection.server).write_all(&question.bytes).is_err() {
            connection.cut();
            return;
        }
    }
    let _ = connection.server.shutdown(Shutdown::Write);
}

/// Takes the rule, if it applies to what a client sent.
fn rule_for(state: &State, before: &[u8], now: &[u8], begins: bool) -> Option<When> {
    let mut rule = lock(&state.rule);
    let when = rule.as_mut()?.applies_to(before, now, begins)?;
    *rule = None;
    Some(when)
}

/// Reads what the server sends.
fn read_answers(connection: &Connection, state: &State, answers: &Sender<Piece>) {
    while let Some(bytes) = read(&connection.server) {
        if connection.lose_answer.load(Ordering::SeqCst) {
            read_until_quiet(&connection.server);
            state.cuts.fetch_add(1, Ordering::SeqCst);
            let is_silent = connection.is_silent.load(Ordering::SeqCst);
            while is_silent && !connection.is_cut.load(Ordering::SeqCst) {
                time::sleep(QUIET);
            }
            connection.cut();
            return;
        }
        if !queue(state, answers, bytes) {
            return;
        }
    }
}

/// Sends it on to the client when it is due, and counts.
fn write_answers(connection: &Connection, state: &State, answers: &Receiver<Piece>) {
    for answer in answers {
        time::sleep_until(answer.due);
        if connection.asked.swap(false, Ordering::SeqCst) {
            state.round_trips.fetch_add(1, Ordering::SeqCst);
        }
        if (&connection.client).write_all(&answer.bytes).is_err() {
            break;
        }
    }
    // The server has ended the connection, or the client does not listen any more.
    connection.cut();
}

/// Puts bytes where they wait for their time. Tells whether anybody will send them on.
fn queue(state: &State, pieces: &Sender<Piece>, bytes: Vec<u8>) -> bool {
    let due = time::now() + *lock(&state.delay);
    pieces.send(Piece { due, bytes }).is_ok()
}

/// Reads what there is next, or nothing at the end.
fn read(mut stream: &TcpStream) -> Option<Vec<u8>> {
    let mut bytes = [0; PIECE];
    loop {
        match stream.read(&mut bytes) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) | Ok(0) => return None,
            Ok(length) => return bytes.get(..length).map(<[u8]>::to_vec),
        }
    }
}

/// Reads and forgets, until nothing more comes.
fn read_until_quiet(stream: &TcpStream) {
    if stream.set_read_timeout(Some(QUIET)).is_ok() {
        while read(stream).is_some() {}
    }
}
