//! Whether a pooler stands between.
//!
//! A server names the process that serves a connection twice: when the connection begins, so that what it does
//! can be cancelled, and whenever it is asked. A pooler, which gives a client now this connection to the
//! server and now that one, names something of its own at the beginning.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::{
    Client, Error,
    tls::{ChannelBinding, TlsConnect, TlsStream},
};
use zeroize::Zeroizing;

/// Whether the process that answers is the one that was named at the beginning: then what is prepared on this
/// connection stays there.
pub(super) async fn is_absent(client: &Client) -> Result<bool, Error> {
    let rows = client.query_typed("SELECT pg_backend_pid()", &[]).await?;
    let answering: Option<i32> = rows.first().and_then(|row| row.try_get(0).ok());
    Ok(answering.is_some() && answering == named(client).await)
}

/// The process that was named at the beginning. The driver tells it only in the request that would cancel what
/// the process does, which here goes nowhere.
async fn named(client: &Client) -> Option<i32> {
    // The key that allows to cancel is in it, too.
    let mut written = Zeroizing::new(Vec::with_capacity(64));
    let request = client.cancel_token();
    let nowhere = Nowhere(&mut written);
    request.cancel_query_raw(nowhere, Unchanged).await.ok()?;
    // Its length, its code, the process, and the key, of four bytes each.
    let process = written.rchunks_exact(4).nth(1)?;
    process.try_into().ok().map(i32::from_be_bytes)
}

/// A connection to nobody: what is written is kept, and what is read says "go on".
struct Nowhere<'a>(&'a mut Vec<u8>);

impl AsyncRead for Nowhere<'_> {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if buffer.remaining() > 0 {
            // A server's answer to the question whether it encrypts.
            buffer.put_slice(b"S");
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Nowhere<'_> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.0.extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

impl TlsStream for Nowhere<'_> {
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

/// Encrypts nothing.
struct Unchanged;

impl<'a> TlsConnect<Nowhere<'a>> for Unchanged {
    type Stream = Nowhere<'a>;
    type Error = io::Error;
    type Future = std::future::Ready<io::Result<Nowhere<'a>>>;

    fn connect(self, stream: Nowhere<'a>) -> Self::Future {
        std::future::ready(Ok(stream))
    }
}

#[cfg(test)]
mod tests {
    use std::{path::Path, time::Duration};

    use reset_password_test_databases::{AUTHORITY, Backend, Database, Kind, Server};

    use super::super::{PostgresDriver, PostgresUrl};
    use super::*;

    fn is_direct(url: &str) -> bool {
        let driver = PostgresDriver::new(PostgresUrl::parse(url).unwrap()).unwrap();
        let mut session = driver.connector.connect().unwrap();
        session.run(Duration::from_secs(9), is_absent).unwrap()
    }

    #[test]
    fn a_server_is_known_from_a_pooler() {
        let database = |backend| Database::new(backend, Path::new(""));
        assert!(is_direct(database(Backend::Server(Kind::Postgres15)).url()));
        assert!(!is_direct(database(Backend::PgBouncer).url()));
    }

    #[test]
    fn an_encrypted_server_is_known_too() {
        let server = Server::start_encrypted(Kind::Postgres15);
        let url = server.new_database().replace("127.0.0.1", "localhost");
        let authority = server.path(AUTHORITY);
        assert!(is_direct(&format!("{url}?sslrootcert={authority}")));
    }
}
