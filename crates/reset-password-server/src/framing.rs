//! Which request of a connection comes in chunks, and in nothing else.
//!
//! The HTTP library drops a `Content-Length` that stands beside a `Transfer-Encoding` before anybody sees it, so that a
//! request with both could not be told from one with chunks. Therefore each head is read here too, on its way to the
//! library and by the library's own parser. Nothing is decided by it but whether chunks are clear: where this loses its
//! way, they are not.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use httparse::{EMPTY_HEADER, Header, Request, Status};
use zeroize::Zeroizing;

use crate::config::Config;

/// No head is longer that the library has not refused.
const MOST_KEPT: usize = 2 * Config::MAX_HEAD;

/// Whether the one request of a connection that comes in chunks says so clearly. It is the last one that is answered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chunks(Arc<AtomicBool>);

impl Chunks {
    /// Whether its head has been seen, with one `Transfer-Encoding`, which is `chunked`, and with no length.
    pub(crate) fn are_clear(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What is read of a connection, as far as it says where requests begin.
pub(crate) struct Framing {
    chunks: Chunks,
    place: Place,
}

/// Where in a connection the next octet stands.
enum Place {
    /// In a head, of which this has come.
    Head(Zeroizing<Vec<u8>>),
    /// In a body, of which so many octets are to come.
    Body(u64),
    /// Behind what is the last to be answered.
    End,
}

impl Framing {
    /// A new connection.
    pub(crate) fn new(chunks: Chunks) -> Self {
        Self {
            chunks,
            place: Place::beginning(),
        }
    }

    /// Sees octets, in the order in which they come.
    pub(crate) fn see(&mut self, mut octets: &[u8]) {
        while !octets.is_empty() {
            octets = match &mut self.place {
                Place::End => return,
                Place::Body(left) => {
                    let length = usize::try_from(*left).unwrap_or(usize::MAX);
                    let (body, rest) = octets.split_at(octets.len().min(length));
                    *left = left.saturating_sub(body.len() as u64);
                    if *left == 0 {
                        self.place = Place::beginning();
                    }
                    rest
                }
                Place::Head(begun) => {
                    let before = begun.len();
                    // Most heads come whole, and are read where they are.
                    let head = if before == 0 {
                        let head = read(octets);
                        if matches!(head, Head::Partial) {
                            begun.extend_from_slice(octets);
                        }
                        head
                    } else {
                        begun.extend_from_slice(octets);
                        if may_end(begun, before) {
                            read(begun)
                        } else {
                            Head::Partial
                        }
                    };
                    match head {
                        Head::Partial if begun.len() <= MOST_KEPT => return,
                        Head::Partial | Head::Unreadable => {
                            self.place = Place::End;
                            return;
                        }
                        Head::Whole(length, body) => {
                            self.place = match body {
                                Body::Length(0) => Place::beginning(),
                                Body::Length(length) => Place::Body(length),
                                Body::Chunks { are_clear } => {
                                    self.chunks.0.store(are_clear, Ordering::Relaxed);
                                    Place::End
                                }
                            };
                            octets
                                .get(length.saturating_sub(before)..)
                                .unwrap_or_default()
                        }
                    }
                }
            };
        }
    }
}

impl Place {
    fn beginning() -> Self {
        Self::Head(Zeroizing::new(Vec::new()))
    }
}

/// What came of reading a head.
enum Head {
    /// There is more to come.
    Partial,
    /// The library refuses it as well, and ends the connection.
    Unreadable,
    /// It has so many octets, and what follows is this.
    Whole(usize, Body),
}

/// How a body's end is found.
enum Body {
    /// By its length.
    Length(u64),
    /// By its chunks, or by something else than a length.
    Chunks { are_clear: bool },
}

/// Whether an empty line has come with what is new.
fn may_end(head: &[u8], before: usize) -> bool {
    let new = head.get(before.saturating_sub(3)..).unwrap_or_default();
    [&b"\n\r\n"[..], b"\n\n"]
        .iter()
        .any(|end| new.windows(end.len()).any(|octets| octets == *end))
}

fn read(octets: &[u8]) -> Head {
    let mut headers = [EMPTY_HEADER; Config::MAX_HEADERS];
    let mut request = Request::new(&mut headers);
    let length = match request.parse(octets) {
        Ok(Status::Complete(length)) => length,
        Ok(Status::Partial) => return Head::Partial,
        Err(_) => return Head::Unreadable,
    };
    let values = |name: &'static str| {
        let named = move |header: &&Header<'_>| header.name.eq_ignore_ascii_case(name);
        request
            .headers
            .iter()
            .filter(named)
            .map(|header| header.value)
    };
    let (mut encodings, mut lengths) = (values("transfer-encoding"), values("content-length"));
    let body = match (encodings.next(), lengths.next()) {
        (None, None) => Body::Length(0),
        // Of two, the library takes those that are equal, and refuses the others.
        (None, Some(length)) => match parse_length(length) {
            Some(length) => Body::Length(length),
            None => return Head::Unreadable,
        },
        (Some(encoding), beside) => Body::Chunks {
            are_clear: encoding.trim_ascii().eq_ignore_ascii_case(b"chunked")
                && encodings.next().is_none()
                && beside.is_none()
                && request.version == Some(1)
                && has_plain_lines(octets.get(..length).unwrap_or_default()),
        },
    };
    Head::Whole(length, body)
}

/// A length as the library reads it: digits, and nothing else.
fn parse_length(text: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(text.trim_ascii()).ok()?;
    let is_plain = text.bytes().all(|octet| octet.is_ascii_digit());
    is_plain.then(|| text.parse().ok())?
}

/// Whether each line ends in the way of HTTP, and no other octet could be taken for an end.
fn has_plain_lines(head: &[u8]) -> bool {
    let mut lines = head.split(|octet| *octet == b'\n');
    // Behind the last line end there is nothing.
    let behind = lines.next_back();
    behind == Some(b"")
        && lines.all(|line| {
            line.strip_suffix(b"\r")
                .is_some_and(|line| !line.contains(&b'\r'))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHUNKED: &str =
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";

    /// What comes of it, in one piece and in pieces of every length.
    fn are_clear(text: &str) -> bool {
        let seen = |pieces: &mut dyn Iterator<Item = &[u8]>| {
            let chunks = Chunks::default();
            let mut framing = Framing::new(chunks.clone());
            pieces.for_each(|piece| framing.see(piece));
            chunks.are_clear()
        };
        let whole = seen(&mut std::iter::once(text.as_bytes()));
        for length in 1..text.len() {
            assert_eq!(
                seen(&mut text.as_bytes().chunks(length)),
                whole,
                "{length}: {text:?}"
            );
        }
        whole
    }

    #[test]
    fn sec94_chunks_alone_are_clear() {
        let length = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello";
        let get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
        let old = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
        for before in [
            String::new(),
            get.into(),
            length.into(),
            [length, get, old, length].concat(),
        ] {
            for chunked in [
                CHUNKED,
                &CHUNKED
                    .to_lowercase()
                    .replace("http/", "HTTP/")
                    .replace("post", "POST"),
            ] {
                assert!(are_clear(&format!("{before}{chunked}")));
            }
        }
        assert!(are_clear(&CHUNKED.replace(": chunked", ":\t CHUNKED \t")));
        assert!(!are_clear(length));
    }

    #[test]
    fn sec94_chunks_that_two_read_in_two_ways_are_not_clear() {
        let header = "Transfer-Encoding: chunked\r\n";
        for other in [
            "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n",
            "Transfer-Encoding: chunked\r\ncontent-length: x\r\n",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding: chunked, chunked\r\n",
            "Transfer-Encoding: gzip, chunked\r\n",
            "Transfer-Encoding: chunked;q=1\r\n",
            "Transfer-Encoding: \"chunked\"\r\n",
            "Transfer-Encoding: \r\n",
            "Transfer-Encoding : chunked\r\n",
            "Transfer-Encoding: chunked\n",
            "X: y\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding: x\r\n chunked\r\n",
        ] {
            assert!(!are_clear(&CHUNKED.replace(header, other)), "{other:?}");
        }
        assert!(!are_clear(&CHUNKED.replace("HTTP/1.1", "HTTP/1.0")));
        assert!(!are_clear(&CHUNKED.replace("\r\n", "\n")));
        // What stands in a body is no head, and behind what cannot be read there is none.
        let length = CHUNKED.len();
        assert!(!are_clear(&format!(
            "POST / HTTP/1.1\r\nContent-Length: {length}\r\n\r\n{CHUNKED}"
        )));
        assert!(!are_clear(&format!(
            "POST / HTTP/1.1\r\nContent-Length: +0\r\n\r\n{CHUNKED}"
        )));
        assert!(!are_clear(&format!("nonsense\r\n\r\n{CHUNKED}")));
        // Nor is there one behind chunks: the connection ends with them.
        let both = CHUNKED.replace(
            header,
            "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        );
        assert!(!are_clear(&format!("{both}{CHUNKED}")));
    }

    /// The library refuses what is longer.
    #[test]
    fn sec98_no_head_is_kept_that_has_no_end() {
        let mut framing = Framing::new(Chunks::default());
        framing.see(b"GET / HTTP/1.1\r\n");
        for _ in 0..Config::MAX_HEAD {
            framing.see(b"x: y\r\n");
            let kept = match &framing.place {
                Place::Head(begun) => begun.len(),
                Place::Body(_) | Place::End => 0,
            };
            assert!(kept <= MOST_KEPT);
        }
    }
}
