//! One connection: its deadlines, and a body for the answers that are given before a request is one.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep_until},
};

use crate::{config::Config, layers::REQUEST_ID};

/// Whether a request of this connection is being answered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Busy(Arc<AtomicBool>);

impl Busy {
    pub(crate) fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(crate) fn end(&self) {
        self.0.store(false, Ordering::Relaxed);
    }

    fn is(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A stream that a head must cross in time, and on which no answer is without a body.
pub(crate) struct Watched<S> {
    stream: S,
    busy: Busy,
    head: Option<Pin<Box<Sleep>>>,
    /// The rest of an answer that was put in the place of another, and the length of that other.
    instead: Option<(Vec<u8>, usize)>,
    /// A name for a request that never became one, and its client's pseudonym.
    names: Box<dyn Fn() -> (String, String) + Send>,
}

impl<S> Watched<S> {
    /// A new connection, whose first head must come at once.
    pub(crate) fn new(
        stream: S,
        busy: Busy,
        names: impl Fn() -> (String, String) + Send + 'static,
    ) -> Self {
        Self {
            stream,
            busy,
            head: Some(Box::pin(sleep_until(head_deadline()))),
            instead: None,
            names: Box::new(names),
        }
    }

    /// What to send in the place of a head that the HTTP library wrote by itself: every answer of ours
    /// names its request.
    fn in_its_place(&self, written: &[u8]) -> Option<Vec<u8>> {
        // Bodies are JSON: none begins like a head.
        let text = std::str::from_utf8(written.strip_prefix(b"HTTP/1.")?).ok()?;
        let status = text.get(2..5)?;
        let is_bare = text.ends_with("\r\n\r\n")
            && !text
                .lines()
                .any(|line| line.starts_with(REQUEST_ID.as_str()));
        let (line, body) = match status {
            "400" if is_bare => (
                "400 Bad Request",
                r#"{"code":"invalid_request_parameters","message":"the request is not well-formed HTTP","errors":[{"code":"http_invalid","message":"the request is not well-formed HTTP"}]}"#,
            ),
            "414" if is_bare => (
                "414 URI Too Long",
                r#"{"code":"headers_too_large","message":"the request's address is too long"}"#,
            ),
            "431" if is_bare => (
                "431 Request Header Fields Too Large",
                r#"{"code":"headers_too_large","message":"the request's headers are too large"}"#,
            ),
            _ => return None,
        };
        let ((request_id, client), length) = ((self.names)(), body.len());
        tracing::info!(
            target: "reset_password::requests",
            event = "input_validation_fail",
            outcome = "failure",
            reason = "http_invalid",
            client,
            request_id,
            status = status.parse::<u16>().unwrap_or_default(),
            "refused before it was a request"
        );
        let answer = format!(
            "HTTP/1.1 {line}\r\ncontent-type: application/json; charset=utf-8\r\n\
             content-length: {length}\r\nconnection: close\r\ncache-control: no-store\r\n\
             x-content-type-options: nosniff\r\n{REQUEST_ID}: {request_id}\r\n\r\n{body}"
        );
        Some(answer.into_bytes())
    }
}

fn head_deadline() -> Instant {
    Instant::now() + Config::HEAD_TIMEOUT
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let filled = buffer.filled().len();
        let read = Pin::new(&mut this.stream).poll_read(context, buffer);
        if this.busy.is() {
            this.head = None;
            return read;
        }
        if buffer.filled().len() > filled && this.head.is_none() {
            this.head = Some(Box::pin(sleep_until(head_deadline())));
        }
        if let (Poll::Pending, Some(head)) = (&read, &mut this.head)
            && head.as_mut().poll(context).is_ready()
        {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if this.instead.is_none() {
            this.instead = this
                .in_its_place(buffer)
                .map(|answer| (answer, buffer.len()));
        }
        let Some((answer, replaced)) = &mut this.instead else {
            return Pin::new(&mut this.stream).poll_write(context, buffer);
        };
        while !answer.is_empty() {
            let written = ready!(Pin::new(&mut this.stream).poll_write(context, answer))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            answer.drain(..written);
        }
        let replaced = *replaced;
        this.instead = None;
        Poll::Ready(Ok(replaced))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}
