//! One connection to a server, driven by the thread that calls.
//!
//! Each connection has a runtime of its own without threads: a call costs one round trip and no change of
//! threads. No call outlives its time limit, whatever the network or the server does. What the crate
//! `postgres` does not offer is why it is not used: such a limit, and a drop that neither waits nor panics
//! inside a task.

use std::{
    fmt,
    future::poll_fn,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::{Context, Poll, Waker},
    time::Duration,
};

use tokio::{
    runtime::{Builder, Runtime},
    task, time,
};
use tokio_postgres::{
    AsyncMessage, Client, Connection, Error, Socket,
    error::{DbError, Severity},
};

use super::tls::Encrypted;

/// The half of a connection that moves the bytes.
pub(super) type Wire = Connection<Socket, Encrypted>;

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Interruption {
    /// The server, or the connection to it, says so.
    Said(Error),
    /// The connection has ended.
    Ended,
    /// The time limit is over.
    Late,
    /// The call came from a thread that must not wait, or the driver panicked.
    Misplaced,
}

/// A connection.
pub(super) struct Session {
    /// Only `None` while it is dropped.
    live: Option<Live>,
    ended: bool,
}

struct Live {
    client: Client,
    wire: Wire,
    runtime: Runtime,
}

impl Session {
    /// Makes a connection as `connect` does.
    pub(super) fn connect<E: From<Interruption>>(
        connect: impl Future<Output = Result<(Client, Wire), E>>,
    ) -> Result<Self, E> {
        let runtime = runtime().map_err(|error| E::from(error.into()))?;
        match block_on(&runtime, connect) {
            Ok(Ok((client, wire))) => Ok(Self {
                live: Some(Live {
                    client,
                    wire,
                    runtime,
                }),
                ended: false,
            }),
            Ok(Err(error)) => {
                // Its thread may still wait for a name to be resolved.
                runtime.shutdown_background();
                Err(error)
            }
            Err(misplaced) => {
                runtime.shutdown_background();
                Err(E::from(misplaced))
            }
        }
    }

    /// Runs `work` and waits for its answer. If there is none within `limit`, the connection ends.
    ///
    /// The server is not asked to cancel what it does: a pooler can fall over that (`PgBouncer` 1.18 does
    /// where the one who asks does not wait), and a commit that waits for a standby would end as a success.
    pub(super) fn run<T>(
        &mut self,
        limit: Duration,
        work: impl AsyncFnOnce(&Client) -> Result<T, Error>,
    ) -> Result<T, Interruption> {
        let Some(live) = self.live.as_mut().filter(|_| !self.ended) else {
            return Err(Interruption::Ended);
        };
        let ended = &mut self.ended;
        let outcome = block_on(&live.runtime, async {
            let answer = drive(&mut live.wire, ended, work(&live.client));
            time::timeout(limit, answer).await
        });
        let outcome = outcome.and_then(|answer| answer.map_err(|_| Interruption::Late));
        // Half an answer may still be on its way.
        self.ended |= outcome.is_err();
        outcome?
    }

    /// No call may use it any more.
    pub(super) const fn end(&mut self) {
        self.ended = true;
    }

    /// Whether the server has closed the connection, as far as its words have arrived. Waits for nothing.
    pub(super) fn has_ended(&mut self) -> bool {
        if let Some(Live { wire, runtime, .. }) = self.live.as_mut().filter(|_| !self.ended) {
            let ended = &mut self.ended;
            let looked = block_on(runtime, async {
                // Lets the runtime see what has arrived.
                task::yield_now().await;
                poll_fn(|context| Poll::Ready(receive(wire, ended, context))).await;
            });
            if looked.is_err() {
                return true;
            }
        }
        self.ended
    }
}

impl Drop for Session {
    /// Closes the connection. It waits for nothing, so that it may happen inside a task.
    fn drop(&mut self) {
        let Some(Live {
            client,
            mut wire,
            runtime,
        }) = self.live.take()
        else {
            return;
        };
        // The server is told when the client is gone.
        drop(client);
        if !self.ended {
            let _context = runtime.enter();
            let mut context = Context::from_waker(Waker::noop());
            receive(&mut wire, &mut self.ended, &mut context);
        }
        drop(wire);
        // To drop a runtime is to wait for its threads, and a panic inside a task.
        runtime.shutdown_background();
    }
}

impl From<io::Error> for Interruption {
    fn from(_: io::Error) -> Self {
        Self::Ended
    }
}

impl fmt::Display for Interruption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Said(_) => "the connection to PostgreSQL failed",
            Self::Ended => "the connection to PostgreSQL was closed",
            Self::Late => "PostgreSQL did not answer in time",
            Self::Misplaced => {
                "PostgreSQL was called inside an async task, which must not wait, or its driver \
                 panicked; call it on a thread of its own, as spawn_blocking gives"
            }
        })
    }
}

/// A runtime that uses the thread that calls, and another only while a name is resolved.
fn runtime() -> io::Result<Runtime> {
    Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(1)
        .thread_keep_alive(Duration::from_millis(1))
        .build()
}

/// Waits for `future` on this thread.
fn block_on<T>(runtime: &Runtime, future: impl Future<Output = T>) -> Result<T, Interruption> {
    // Tokio panics on a thread that runs tasks, and offers nothing to ask whether it is one: a handle is
    // there on the threads of `spawn_blocking` too, where waiting is allowed.
    catch_unwind(AssertUnwindSafe(|| runtime.block_on(future))).map_err(|_| Interruption::Misplaced)
}

/// Moves bytes until `work` has its answer.
async fn drive<T>(
    wire: &mut Wire,
    ended: &mut bool,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Interruption> {
    let mut work = pin!(work);
    poll_fn(|context| {
        let end = receive(wire, ended, context);
        let answer = work.as_mut().poll(context);
        if !*ended {
            return answer.map_err(Interruption::Said);
        }
        let end = end.map_or(Interruption::Ended, Interruption::Said);
        Poll::Ready(match answer {
            // An answer that came before the end counts.
            Poll::Ready(Ok(answer)) => Ok(answer),
            Poll::Ready(Err(error)) if error.as_db_error().is_some() => {
                Err(Interruption::Said(error))
            }
            Poll::Ready(Err(_)) | Poll::Pending => Err(end),
        })
    })
    .await
}

/// Moves the bytes that can be moved now. Answers why the connection has ended, if there is a reason.
fn receive(wire: &mut Wire, ended: &mut bool, context: &mut Context<'_>) -> Option<Error> {
    while !*ended {
        match wire.poll_message(context) {
            Poll::Ready(Some(Ok(AsyncMessage::Notice(notice)))) => report(&notice),
            Poll::Ready(Some(Ok(_))) => {}
            Poll::Ready(Some(Err(error))) => {
                *ended = true;
                return Some(error);
            }
            Poll::Ready(None) => *ended = true,
            Poll::Pending => return None,
        }
    }
    None
}

/// Logs a warning of the server, such as that a commit did not wait for a standby. Its details may hold
/// values of rows and are left out.
fn report(notice: &DbError) {
    if notice.parsed_severity() == Some(Severity::Warning) {
        let code = notice.code().code();
        tracing::warn!(code, message = notice.message(), "PostgreSQL warns");
    }
}
