//! A small HTTP client that says exactly what it is told to.

use std::{
    fmt::Write as _,
    io::{self, BufRead, BufReader, Read, Write as _},
    net::TcpStream,
    time::Duration,
};

use serde_json::Value;

/// An answer.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The headers, in the order in which they came, with their names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Reply {
    /// The body, which must be JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The first header of that name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The field `code`, or nothing.
    #[must_use]
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The code of the first of the errors, or nothing.
    #[must_use]
    pub fn first_error(&self) -> String {
        let first = &self.json()["errors"][0]["code"];
        first.as_str().unwrap_or_default().to_owned()
    }

    /// Everything but what is another in every answer: its moment, and the name of its request.
    #[must_use]
    pub fn compared(&self) -> (u16, Vec<(String, String)>, String) {
        let mut headers = self.headers.clone();
        headers.retain(|(name, _)| name != "x-request-id" && name != "date");
        (self.status, headers, self.body.clone())
    }
}

/// A connection.
pub struct Connection {
    reader: BufReader<TcpStream>,
    asks_for_head: bool,
}

impl Connection {
    /// Connects.
    #[must_use]
    pub fn to(address: &str) -> Self {
        Self::open(address).unwrap()
    }

    /// Connects.
    ///
    /// # Errors
    ///
    /// Why there is no connection.
    pub fn open(address: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        let patience = Some(Duration::from_mins(1));
        stream.set_read_timeout(patience).unwrap();
        stream.set_nodelay(true).unwrap();
        Ok(Self {
            reader: BufReader::new(stream),
            asks_for_head: false,
        })
    }

    /// A connection, if anybody listens.
    #[must_use]
    pub fn try_to(address: &str) -> Option<Self> {
        TcpStream::connect(address)
            .is_ok()
            .then(|| Self::to(address))
    }

    /// The socket.
    #[must_use]
    pub fn stream(&self) -> &TcpStream {
        self.reader.get_ref()
    }

    /// Whether the other end has closed.
    pub fn is_closed(&mut self) -> bool {
        let mut byte = [0];
        !matches!(self.reader.read(&mut byte), Ok(1))
    }

    /// Sends bytes. The other end may have closed: what it answered is what counts.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.asks_for_head = bytes.as_ref().starts_with(b"HEAD ");
        let _ = self.reader.get_mut().write_all(bytes.as_ref());
    }

    /// Reads one answer; `None` when the connection ends before one.
    pub fn read(&mut self) -> Option<Reply> {
        let line = self.line()?;
        let status = line.strip_prefix("HTTP/1.1 ")?.split(' ').next()?;
        let status = status.trim().parse().unwrap();
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.trim_end().split_once(": ") else {
                break;
            };
            headers.push((name.to_owned(), value.to_owned()));
        }
        let length = headers.iter().find(|(name, _)| name == "content-length");
        let length = length.filter(|_| !self.asks_for_head);
        let mut body = vec![0; length.map_or(0, |(_, value)| value.parse().unwrap())];
        self.reader.read_exact(&mut body).ok()?;
        let body = String::from_utf8(body).unwrap();
        Some(Reply {
            status,
            headers,
            body,
        })
    }

    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = self.reader.read_line(&mut line).ok()?;
        (read > 0).then_some(line)
    }
}

/// A request in one text. Without a header `host` it has one.
#[must_use]
pub fn request(method: &str, path: &str, headers: &[(&str, &str)], body: Option<&str>) -> String {
    let mut text = format!("{method} {path} HTTP/1.1\r\n");
    if !headers.iter().any(|(name, _)| *name == "host") {
        text.push_str("host: localhost\r\n");
    }
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

/// Text as it may stand in a path or a query: every octet of it written out.
#[must_use]
pub fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        let _ = write!(encoded, "%{byte:02x}");
        encoded
    })
}
