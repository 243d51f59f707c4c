//! Taking mail.

use std::{
    io::{self, BufRead as _, BufReader, BufWriter, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::Arc,
    thread,
    time::Duration,
};

use mailin::{Action, Handler, Response, SessionBuilder, response};

use crate::mails::Mails;

/// Octets of the longest line, and of the longest mail.
const LINE: u64 = 64 * 1024;
const MAIL: usize = 8 * 1024 * 1024;
/// How long a client may say nothing.
const PATIENCE: Duration = Duration::from_mins(1);

/// One mail after the other, of one client.
struct Incoming {
    mails: Arc<Mails>,
    recipients: Vec<String>,
    octets: Vec<u8>,
}

impl Handler for Incoming {
    fn data_start(&mut self, _: &str, _: &str, _: bool, to: &[String]) -> Response {
        self.recipients = to.to_vec();
        self.octets.clear();
        response::OK
    }

    fn data(&mut self, octets: &[u8]) -> io::Result<()> {
        if self.octets.len() + octets.len() > MAIL {
            return Err(io::Error::other("the mail is too long"));
        }
        self.octets.extend_from_slice(octets);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        self.mails.keep(&self.recipients, &self.octets);
        response::OK
    }
}

/// Takes mail from now on, on threads of its own.
pub fn begin(listener: TcpListener, mails: &Arc<Mails>) {
    let mails = Arc::clone(mails);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mails = Arc::clone(&mails);
            // A client that hangs up in the middle has sent nothing.
            thread::spawn(move || drop(talk(&stream, mails)));
        }
    });
}

fn talk(stream: &TcpStream, mails: Arc<Mails>) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let handler = Incoming {
        mails,
        recipients: Vec::new(),
        octets: Vec::new(),
    };
    let mut session = SessionBuilder::new("localhost").build(stream.peer_addr()?.ip(), handler);
    let (mut reader, mut writer) = (BufReader::new(stream), BufWriter::new(stream));
    let mut answer = session.greeting();
    let mut line = Vec::new();
    loop {
        if answer.action != Action::NoReply {
            answer.write_to(&mut writer)?;
            writer.flush()?;
        }
        if answer.action == Action::Close {
            return Ok(());
        }
        line.clear();
        (&mut reader).take(LINE).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(());
        }
        answer = session.process(&line);
    }
}
