//! One connection: its deadlines, and a body for the answers that are given before a request is one.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep_until},
};

use crate::{config::Config, framing::Framing, layers::REQUEST_ID};

/// How many requests of a connection have begun and have been answered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    begun: AtomicU64,
    answered: AtomicU64,
}

impl Progress {
    pub(crate) fn begin(&self) {
        self.0.begun.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn answer(&self) {
        self.0.answered.fetch_add(1, Ordering::Relaxed);
    }

    fn begun(&self) -> u64 {
        self.0.begun.load(Ordering::Relaxed)
    }

    fn is_idle(&self) -> bool {
        self.begun() == self.0.answered.load(Ordering::Relaxed)
    }
}

/// A stream that a head must cross in time, and on which no answer is without a body.
pub(crate) struct GuardedStream<S> {
    stream: S,
    framing: Framing,
    progress: Progress,
    /// The deadline of the head that is arriving, and how many requests had begun before it.
    head: Option<Pin<Box<Sleep>>>,
    begun: u64,
    /// The deadline of a request and its answer, while there is one.
    exchange: Option<Pin<Box<Sleep>>>,
    /// Whether something was written that has not been taken yet.
    is_answering: bool,
    /// The deadline of a write that the client keeps waiting.
    stalled: Option<Pin<Box<Sleep>>>,
    /// The rest of an answer that was put in the place of another, and the length of that other.
    instead: Option<(Vec<u8>, usize)>,
    /// A name for a request that never became one, and its client's pseudonym.
    names: Box<dyn Fn() -> (String, String) + Send>,
}

impl<S> GuardedStream<S> {
    /// A new connection, whose first head must come at once.
    pub(crate) fn new(
        stream: S,
        framing: Framing,
        progress: Progress,
        names: impl Fn() -> (String, String) + Send + 'static,
    ) -> Self {
        Self {
            stream,
            framing,
            progress,
            begun: 0,
            head: Some(Box::pin(sleep_until(head_deadline()))),
            exchange: Some(Box::pin(sleep_until(exchange_deadline()))),
            is_answering: false,
            stalled: None,
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

impl<S> GuardedStream<S> {
    /// Whether a request and its answer have taken as long as they may.
    fn has_lasted(&mut self, context: &mut Context<'_>) -> bool {
        if self.head.is_none() && self.progress.is_idle() && !self.is_answering {
            self.exchange = None;
        }
        let exchange = self.exchange.as_mut();
        exchange.is_some_and(|deadline| deadline.as_mut().poll(context).is_ready())
    }
}

impl<S: AsyncWrite + Unpin> GuardedStream<S> {
    /// Lets a write wait for the client, for a while.
    fn in_time<T>(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        if self.has_lasted(context) {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        let stalled = self
            .stalled
            .get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + Config::WRITE_TIMEOUT)));
        match stalled.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => written,
        }
    }

    fn write_in_its_place(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let Some((answer, replaced)) = &mut self.instead else {
            return Poll::Ready(Ok(0));
        };
        while !answer.is_empty() {
            let written = ready!(Pin::new(&mut self.stream).poll_write(context, answer))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            answer.drain(..written);
        }
        let replaced = *replaced;
        self.instead = None;
        Poll::Ready(Ok(replaced))
    }
}

fn exchange_deadline() -> Instant {
    Instant::now() + Config::EXCHANGE_TIMEOUT
}

fn head_deadline() -> Instant {
    Instant::now() + Config::HEAD_TIMEOUT
}

impl<S: AsyncRead + Unpin> AsyncRead for GuardedStream<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let filled = buffer.filled().len();
        let read = Pin::new(&mut this.stream).poll_read(context, buffer);
        this.framing
            .see(buffer.filled().get(filled..).unwrap_or_default());
        let begun = this.progress.begun();
        if this.begun != begun {
            this.begun = begun;
            this.head = None;
        }
        if buffer.filled().len() > filled && this.head.is_none() && this.progress.is_idle() {
            this.head = Some(Box::pin(sleep_until(head_deadline())));
            if !this.is_answering {
                this.exchange = Some(Box::pin(sleep_until(exchange_deadline())));
            }
        }
        if read.is_pending() {
            let head = this.head.as_mut();
            let is_late = head.is_some_and(|head| head.as_mut().poll(context).is_ready());
            if is_late || this.has_lasted(context) {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for GuardedStream<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.is_answering = true;
        if this.instead.is_none() {
            this.instead = this
                .in_its_place(buffer)
                .map(|answer| (answer, buffer.len()));
        }
        let written = if this.instead.is_some() {
            this.write_in_its_place(context)
        } else {
            Pin::new(&mut this.stream).poll_write(context, buffer)
        };
        this.in_time(context, written)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let flushed = Pin::new(&mut this.stream).poll_flush(context);
        this.is_answering &= flushed.is_pending();
        this.in_time(context, flushed)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let shut = Pin::new(&mut this.stream).poll_shutdown(context);
        this.in_time(context, shut)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex},
        time::{advance, timeout},
    };

    use super::*;
    use crate::framing::Chunks;

    fn guarded(progress: &Progress) -> (GuardedStream<DuplexStream>, DuplexStream) {
        let (ours, theirs) = duplex(16);
        let names = || (String::new(), String::new());
        let framing = Framing::new(Chunks::default());
        (
            GuardedStream::new(ours, framing, progress.clone(), names),
            theirs,
        )
    }

    /// The first request has been read, and its work has been done.
    async fn asked(
        stream: &mut GuardedStream<DuplexStream>,
        client: &mut DuplexStream,
        progress: &Progress,
    ) {
        client.write_all(b"a request").await.unwrap();
        stream.read_exact(&mut [0; 9]).await.unwrap();
        progress.begin();
        progress.answer();
    }

    #[tokio::test(start_paused = true)]
    async fn sec98_an_answer_that_is_taken_octet_by_octet_ends() {
        let progress = Progress::default();
        let (mut stream, mut client) = guarded(&progress);
        asked(&mut stream, &mut client, &progress).await;
        let began = Instant::now();
        let taking = tokio::spawn(async move {
            while client.read_exact(&mut [0]).await.is_ok() {
                advance(Duration::from_secs(10)).await;
                // The next request does not begin the time anew.
                let _ = client.write_all(b"x").await;
            }
        });
        let ended = async {
            stream.write_all(&[b'x'; 1_000]).await?;
            stream.flush().await
        };
        assert_eq!(ended.await.unwrap_err().kind(), io::ErrorKind::TimedOut);
        let took = began.elapsed();
        assert!(
            took + Duration::from_secs(1) >= Config::EXCHANGE_TIMEOUT,
            "{took:?}"
        );
        assert!(
            took <= Config::EXCHANGE_TIMEOUT + Duration::from_secs(20),
            "{took:?}"
        );
        taking.abort();
    }

    #[tokio::test(start_paused = true)]
    async fn sec98_a_connection_may_be_quiet_between_requests() {
        let progress = Progress::default();
        let (mut stream, mut client) = guarded(&progress);
        asked(&mut stream, &mut client, &progress).await;
        stream.write_all(b"an answer").await.unwrap();
        stream.flush().await.unwrap();
        let quiet = 2 * Config::EXCHANGE_TIMEOUT;
        let mut octet = [0];
        assert!(timeout(quiet, stream.read_exact(&mut octet)).await.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn sec98_work_that_is_not_asked_for_whole_ends() {
        let progress = Progress::default();
        let (mut stream, mut client) = guarded(&progress);
        client.write_all(b"a head").await.unwrap();
        stream.read_exact(&mut [0; 6]).await.unwrap();
        progress.begin();
        let began = Instant::now();
        let read = stream.read_exact(&mut [0]).await;
        assert_eq!(read.unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert_eq!(
            began.elapsed().as_secs(),
            Config::EXCHANGE_TIMEOUT.as_secs()
        );
    }
}
