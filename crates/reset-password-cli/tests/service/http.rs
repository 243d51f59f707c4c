//! A small HTTP client that says exactly what it is told to.

use std::{
    fmt::Write as _,
    io::{self, BufRead, BufReader, Read, Write as _},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

/// An answer.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    pub fn first_error(&self) -> String {
        self.json()["errors"][0]["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }
}

/// A connection.
pub struct Connection {
    reader: BufReader<TcpStream>,
    asks_for_head: bool,
}

impl Connection {
    pub fn to(address: &str) -> Self {
        Self::open(address).unwrap()
    }

    /// A connection, or why there is none.
    pub fn open(address: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream
            .set_read_timeout(Some(Duration::from_mins(1)))
            .unwrap();
        stream.set_nodelay(true).unwrap();
        let reader = BufReader::new(stream);
        Ok(Self {
            reader,
            asks_for_head: false,
        })
    }

    /// A connection, if anybody listens.
    pub fn try_to(address: &str) -> Option<Self> {
        TcpStream::connect(address)
            .is_ok()
            .then(|| Self::to(address))
    }

    pub fn stream(&self) -> &TcpStream {
        self.reader.get_ref()
    }

    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        // The other end may have closed: what it answered is what counts.
        self.asks_for_head = bytes.as_ref().starts_with(b"HEAD ");
        let _ = self.reader.get_mut().write_all(bytes.as_ref());
    }

    /// Reads one answer; `None` when the connection ends before one.
    pub fn read(&mut self) -> Option<Reply> {
        let mut line = String::new();
        self.reader
            .read_line(&mut line)
            .ok()
            .filter(|read| *read > 0)?;
        let status = line.strip_prefix("HTTP/1.1 ")?;
        let status = status.split(' ').next()?.trim().parse().unwrap();
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            self.reader
                .read_line(&mut line)
                .ok()
                .filter(|read| *read > 0)?;
            let Some((name, value)) = line.trim_end().split_once(": ") else {
                break;
            };
            headers.push((name.to_owned(), value.to_owned()));
        }
        let length = headers.iter().find(|(name, _)| name == "content-length");
        let length = length
            .filter(|_| !self.asks_for_head)
            .map_or(0, |(_, value)| value.parse().unwrap());
        let mut body = vec![0; length];
        self.reader.read_exact(&mut body).ok()?;
        let body = String::from_utf8(body).unwrap();
        Some(Reply {
            status,
            headers,
            body,
        })
    }

    /// Whether the other end has closed.
    pub fn is_closed(&mut self) -> bool {
        let mut byte = [0];
        !matches!(self.reader.read(&mut byte), Ok(1))
    }
}

/// A request in one text.
pub fn text(method: &str, path: &str, headers: &[(&str, &str)], body: Option<&str>) -> String {
    let mut text = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\n");
    for (name, value) in headers {
        let _ = write!(text, "{name}: {value}\r\n");
    }
    if let Some(body) = body {
        let _ = write!(text, "content-length: {}\r\n\r\n{body}", body.len());
    } else {
        text.push_str("\r\n");
    }
    text
}

/// Waits so long. A thread that is parked may be woken before its time.
pub fn pause(duration: Duration) {
    let end = now() + duration;
    while let Some(rest) = end
        .checked_duration_since(now())
        .filter(|rest| !rest.is_zero())
    {
        thread::park_timeout(rest);
    }
}

/// What time it is, for deadlines and for figures that are printed.
#[expect(clippy::disallowed_methods, reason = "a measurement of real time")]
pub fn now() -> Instant {
    Instant::now()
}
