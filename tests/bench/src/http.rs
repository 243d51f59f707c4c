//! The least of HTTP/1.1 that a client needs, so that the client costs little beside the service.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
};

/// A request as it goes over the wire.
pub fn request(method: &str, path: &str, key: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    let text = format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {key}\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    text.into_bytes()
}

/// An answer.
pub struct Reply {
    pub status: u16,
    pub body: Vec<u8>,
}

/// A connection that is kept for one request after the other.
pub struct Connection {
    reader: BufReader<TcpStream>,
    line: String,
}

impl Connection {
    pub fn to(address: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self {
            reader: BufReader::new(stream),
            line: String::new(),
        })
    }

    pub fn ask(&mut self, request: &[u8]) -> io::Result<Reply> {
        self.send(request)?;
        self.read()
    }

    pub fn send(&mut self, request: &[u8]) -> io::Result<()> {
        self.reader.get_mut().write_all(request)
    }

    pub fn read(&mut self) -> io::Result<Reply> {
        let status = self.read_line()?.split(' ').nth(1);
        let status = status.and_then(|status| status.parse().ok());
        let status = status.ok_or_else(not_understood)?;
        let mut length = 0;
        loop {
            let line = self.read_line()?;
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.parse().map_err(|_| not_understood())?;
            }
        }
        let mut body = vec![0; length];
        self.reader.read_exact(&mut body)?;
        Ok(Reply { status, body })
    }

    fn read_line(&mut self) -> io::Result<&str> {
        self.line.clear();
        self.reader.read_line(&mut self.line)?;
        self.line.strip_suffix("\r\n").ok_or_else(not_understood)
    }
}

fn not_understood() -> io::Error {
    io::Error::other("the service answered what is no answer, or hung up")
}
