//! `reset-password serve`, started for a handle, and requests to it.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Stdio},
    sync::mpsc,
    thread,
};

use serde_json::{Map, Value};

use super::{
    Answer,
    answers::whole_error,
    command::{Binary, Line, error_of, exit_code, not_started},
    process::{kill, terminate},
};
use crate::limits;

const SCOPES: &str = "events:read,resets:confirm,resets:create,resets:read,users:read,users:write";

/// A running service and a key to it.
pub struct Service {
    child: Child,
    address: String,
    key: String,
}

/// An answer over HTTP.
pub struct Reply {
    pub status: u16,
    pub retry_after: Option<u32>,
    pub body: Vec<u8>,
}

impl Service {
    /// Starts a service with these flags, or answers why it does not start.
    pub fn start(binary: &Binary, flags: &Line) -> Result<Self, Answer> {
        let mut line = flags.clone();
        line.words(&["serve", "--listen", "127.0.0.1:0", "--log-format", "json"]);
        let mut child = line
            .command(binary)
            // On a database server the service wants to be told. A flag goes before it.
            .env(
                "RESET_PASSWORD_RESET_URL",
                "http://127.0.0.1:8080/reset-password",
            )
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| not_started(&error))?;
        let (tell, told) = mpsc::channel();
        let stderr = child.stderr.take();
        thread::spawn(move || {
            let Some(stderr) = stderr else { return };
            for line in BufReader::new(stderr).lines() {
                // It must be read to its end, or the service would wait for whoever reads.
                let _ = tell.send(line.unwrap_or_default());
            }
        });
        let mut log = String::new();
        let address = loop {
            let Ok(line) = told.recv_timeout(limits::START) else {
                break None;
            };
            if let Some(address) = listening(&line) {
                break Some(address);
            }
            log.push_str(&line);
            log.push('\n');
        };
        let Some(address) = address else {
            kill(child.id());
            let code = child.wait().ok().and_then(|status| status.code());
            return Err(match error_of(&log) {
                Some(record) if exit_code(&record) == code => whole_error(record),
                _ => Answer::Broken(format!("the service ended with {code:?}: {log}")),
            });
        };
        let mut service = Self {
            child,
            address,
            key: String::new(),
        };
        let mut line = flags.clone();
        line.words(&[
            "api-key",
            "create",
            "--name",
            "conformance",
            "--scope",
            SCOPES,
        ]);
        let made = binary.run(&line);
        match &made {
            Answer::Ok(document) => match document.get("key").and_then(Value::as_str) {
                Some(key) => key.clone_into(&mut service.key),
                None => return Err(Answer::Broken(format!("no key: {document}"))),
            },
            other => return Err(Answer::Broken(format!("no API key was made: {other:?}"))),
        }
        Ok(service)
    }

    /// Makes a request on a connection of its own.
    pub fn request(&self, method: &str, path: &str, body: Option<&[u8]>) -> Result<Reply, String> {
        let exchange = || -> std::io::Result<Vec<u8>> {
            let mut stream = TcpStream::connect(&self.address)?;
            stream.set_read_timeout(Some(limits::CALL))?;
            stream.set_write_timeout(Some(limits::CALL))?;
            stream.set_nodelay(true)?;
            let mut text = format!(
                "{method} {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\nconnection: close\r\n",
                self.address, self.key
            )
            .into_bytes();
            if let Some(body) = body {
                let length = body.len();
                text.extend(
                    format!("content-type: application/json\r\ncontent-length: {length}\r\n\r\n")
                        .into_bytes(),
                );
                text.extend_from_slice(body);
            } else {
                text.extend_from_slice(b"\r\n");
            }
            // What is too long is answered before it is read to its end.
            let _ = stream.write_all(&text);
            read_reply(&mut BufReader::new(stream))
        };
        let text = exchange().map_err(|error| format!("no answer over HTTP: {error}"))?;
        parse(&text).ok_or_else(|| format!("no HTTP: {:?}", String::from_utf8_lossy(&text)))
    }

    /// Ends it as an operator would.
    pub fn stop(mut self) -> Result<(), String> {
        terminate(self.child.id());
        let status = self.child.wait().map_err(|error| error.to_string())?;
        if status.success() {
            Ok(())
        } else {
            Err(format!("the service ended with {status}"))
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn listening(line: &str) -> Option<String> {
    let line: Map<String, Value> = serde_json::from_str(line).ok()?;
    (line.get("message")? == "listening").then_some(())?;
    let address = line.get("address")?.as_str()?;
    address.strip_prefix("http://").map(str::to_owned)
}

/// Head and body; a connection that is reset behind them has answered all the same.
fn read_reply(stream: &mut impl BufRead) -> std::io::Result<Vec<u8>> {
    let mut text = Vec::new();
    let mut length = 0;
    loop {
        let from = text.len();
        if stream.read_until(b'\n', &mut text)? == 0 {
            return Ok(text);
        }
        let line = String::from_utf8_lossy(text.get(from..).unwrap_or_default()).to_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or_default();
        }
        if line.trim_end().is_empty() {
            break;
        }
    }
    stream.take(length).read_to_end(&mut text)?;
    Ok(text)
}

fn parse(text: &[u8]) -> Option<Reply> {
    let end = text.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(text.get(..end)?).ok()?;
    let mut lines = head.split("\r\n");
    let status = lines
        .next()?
        .strip_prefix("HTTP/1.1 ")?
        .get(..3)?
        .parse()
        .ok()?;
    let retry_after = lines
        .filter_map(|line| line.split_once(": "))
        .find(|(name, _)| name.eq_ignore_ascii_case("retry-after"))
        .and_then(|(_, value)| value.parse().ok());
    Some(Reply {
        status,
        retry_after,
        body: text.get(end + 4..)?.to_vec(),
    })
}
