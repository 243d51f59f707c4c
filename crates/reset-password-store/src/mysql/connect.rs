//! Making a connection: the first server of the URL that answers and writes.

use std::{
    fs::File,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs},
    panic::{self, AssertUnwindSafe},
    time::Duration,
};

use mysql::{
    Conn, DriverError, Error, Opts, OptsBuilder, SslOpts, consts::CapabilityFlags,
    prelude::Queryable,
};
use rustls::crypto::{CryptoProvider, ring};
use secrecy::ExposeSecret;

use super::{
    address::{Host, MysqlUrl},
    error::{described, failed, io_error, without_values},
    flavour::Server,
    values::MAX_PACKET,
};
use crate::sql::SqlError;

/// How much longer the socket waits than the server may take: who waits on the other side answers first.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long an idle connection is left alone before the system asks whether the other side is there.
const KEEPALIVE_MILLISECONDS: u32 = 60_000;

/// Connects to the first server that writes, and sets up the session.
pub(super) fn connect(url: &MysqlUrl, autocommit: bool) -> Result<Conn, SqlError> {
    if let Some(socket) = &url.socket {
        let opts = options(url).socket(Some(socket));
        return open(url, "the socket", opts, autocommit);
    }
    let mut errors = url
        .hosts
        .iter()
        .map(|host| connect_to(url, host, autocommit));
    // As an iterator: a server is asked only if those before it failed.
    let mut refusals = Vec::new();
    loop {
        match errors.next() {
            Some(Ok(connection)) => return Ok(connection),
            Some(Err(error)) => refusals.push(error),
            None => return Err(together(refusals)),
        }
    }
}

/// One error of the errors of all servers. It is one of the configuration only if all of them are: a server
/// that is down may be back.
fn together(mut refusals: Vec<SqlError>) -> SqlError {
    if refusals.len() == 1
        && let Some(error) = refusals.pop()
    {
        return error;
    }
    let all_config = refusals
        .iter()
        .all(|error| matches!(error, SqlError::Config(_)));
    let sentences: Vec<_> = refusals
        .into_iter()
        .map(|error| match error {
            SqlError::Config(sentence) => sentence,
            SqlError::Failed(source) => source.to_string(),
            error => format!("{error:?}"),
        })
        .collect();
    let sentences = sentences.join("; ");
    if all_config {
        SqlError::Config(sentences)
    } else {
        failed(sentences)
    }
}

fn connect_to(url: &MysqlUrl, host: &Host, autocommit: bool) -> Result<Conn, SqlError> {
    let mut options = options(url)
        // In the brackets that the driver wants around an IPv6 address.
        .ip_or_hostname(Some(if host.name.contains(':') {
            format!("[{}]", host.name)
        } else {
            host.name.clone()
        }))
        .tcp_port(host.port);
    if url.uses_tls(host) {
        options = options.ssl_opts(Some(tls(url)?));
    }
    let addresses = (host.name.as_str(), host.port).to_socket_addrs();
    let addresses: Vec<_> = addresses
        .map_err(|error| {
            SqlError::Config(format!(
                "cannot connect to MySQL at {host}: the name cannot be resolved ({error}); check the host in \
                 the database URL and the name service"
            ))
        })?
        .collect();
    // The driver tries the first address alone, unless it binds to an address of ours first: then it tries all of
    // that family. "localhost" is often ::1 before 127.0.0.1, where the server may not listen.
    let mut families = [
        SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)),
        SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)),
    ];
    if addresses.first().is_some_and(SocketAddr::is_ipv6) {
        families.reverse();
    }
    let mut outcome = Err(failed(format!(
        "cannot connect to MySQL at {host}: it has no address"
    )));
    for ours in families {
        if addresses
            .iter()
            .any(|address| address.is_ipv4() == ours.is_ipv4())
        {
            let options = options.clone().bind_address(Some(ours));
            outcome = open(url, &host.to_string(), options, autocommit);
            // Another address does not mend what the server itself refused.
            if !matches!(outcome, Err(SqlError::Failed(_))) {
                break;
            }
        }
    }
    outcome
}

fn options(url: &MysqlUrl) -> OptsBuilder {
    let patience = url.statement_timeout.max(url.lock_timeout) + PATIENCE;
    let options = OptsBuilder::new()
        .user(Some(&url.user))
        .pass(url.password.as_ref().map(ExposeSecret::expose_secret))
        .db_name(Some(&url.database))
        // Counts of an update are of rows found, whether or not a value changed.
        .additional_capabilities(CapabilityFlags::CLIENT_FOUND_ROWS)
        // Else the driver would leave a loopback address for the socket that the server names.
        .prefer_socket(false)
        // Else the driver asks for it, which is a round trip.
        .max_allowed_packet(Some(MAX_PACKET))
        // Statements are kept by the connection here: the driver's own closes each of them one by one when a
        // connection is dropped.
        .stmt_cache_size(0)
        // Name and path of the host's program are nobody's business.
        .connect_attrs::<String, String>(None)
        .tcp_connect_timeout(Some(url.connect_timeout))
        .read_timeout(Some(patience))
        .write_timeout(Some(patience))
        .tcp_keepalive_time_ms(Some(KEEPALIVE_MILLISECONDS));
    // What was sent and not confirmed for so long is lost, and so is the connection.
    #[cfg(target_os = "linux")]
    let options = options.tcp_user_timeout_ms(Some(
        u32::try_from(patience.as_millis()).unwrap_or(u32::MAX),
    ));
    options
}

fn tls(url: &MysqlUrl) -> Result<SslOpts, SqlError> {
    // The driver uses the process's provider and would panic if there were several to choose from and none
    // was chosen. One that the host chose stays.
    if CryptoProvider::get_default().is_none() {
        let _ = ring::default_provider().install_default();
    }
    let Some(ca) = &url.ca else {
        return Ok(SslOpts::default());
    };
    // The driver reads it on each connection, and would not say which file it is that it cannot read.
    File::open(ca).map_err(|error| {
        SqlError::Config(format!(
            "cannot read the certificate {} of ssl-ca: {error}; give the path of a PEM file",
            ca.display()
        ))
    })?;
    Ok(SslOpts::default().with_root_cert_path(Some(ca.clone())))
}

/// Opens a connection and sets up its session.
fn open(
    url: &MysqlUrl,
    place: &str,
    options: OptsBuilder,
    autocommit: bool,
) -> Result<Conn, SqlError> {
    let options = Opts::from(options);
    // The driver panics where a server asks to sign in by a plugin that it was not built with, or where its
    // public key is no key.
    let connection = panic::catch_unwind(AssertUnwindSafe(|| Conn::new(options)));
    let mut connection = connection
        .map_err(|_| {
            SqlError::Config(format!(
                "cannot connect to MySQL at {place}: the server asks to sign in in a way that is not supported; \
                 use caching_sha2_password, mysql_native_password or ed25519 for the user"
            ))
        })?
        .map_err(|error| refused(place, &error))?;
    set_up(url, place, &mut connection, autocommit)?;
    Ok(connection)
}

/// Asks what server it is and whether it writes, and sets up the session: two round trips.
fn set_up(
    url: &MysqlUrl,
    place: &str,
    connection: &mut Conn,
    autocommit: bool,
) -> Result<(), SqlError> {
    let refused = |error| refused(place, &error);
    let unready = |what: &str| failed(format!("cannot use MySQL at {place}: {what}"));
    let answer: Option<(String, String, String)> = connection
        .query_first("SELECT VERSION(), @@GLOBAL.read_only, @@GLOBAL.innodb_read_only")
        .map_err(refused)?;
    let (version, read_only, innodb_read_only) = answer.unwrap_or_default();
    // As a number, or from MariaDB 12 as a word.
    if ![read_only, innodb_read_only]
        .iter()
        .all(|off| off == "0" || off == "OFF")
    {
        return Err(unready(
            "it does not write (read_only is on); name the server that does",
        ));
    }
    let server = Server::parse(&version);
    connection
        .query_drop(server.session(url, autocommit))
        .map_err(refused)?;
    // With one server there is no better one, and what it answers says it.
    if let Some(question) = server.readiness().filter(|_| url.hosts.len() > 1) {
        let ready: Option<String> = connection.query_first(question).map_err(refused)?;
        if ready.is_some_and(|ready| ready == "OFF") {
            return Err(unready(
                "this node of the cluster takes no statements (wsrep_ready is off)",
            ));
        }
    }
    Ok(())
}

/// What it means that a connection was not made.
fn refused(place: &str, error: &Error) -> SqlError {
    let cannot =
        |what: String| SqlError::Config(format!("cannot connect to MySQL at {place}: {what}"));
    match error {
        Error::MySqlError(answer) => {
            let remedy = match answer.code {
                1045 | 1698 => "check user and password in the database URL",
                1044 => "grant the user the database that the URL names",
                1049 => "create the database, or name another one in the database URL",
                1129 | 1130 => "let the server accept this machine",
                1251 | 1524 | 3118 | 1820 | 1862 => "mend the user's account on the server",
                3159 => "the server wants TLS; set ssl-mode=verify-identity in the database URL",
                1193 | 1231 => "MySQL 8.0 or MariaDB 10.6 is needed, or a later one",
                _ => {
                    let sentence =
                        format!("cannot connect to MySQL at {place}: {}", described(answer));
                    return failed(sentence);
                }
            };
            cannot(format!("{}; {remedy}", described(answer)))
        }
        Error::DriverError(DriverError::TlsNotSupported) => cannot(
            "the server offers no TLS; turn TLS on there, or on a network that you trust set \
             ssl-mode=disabled in the database URL"
                .to_owned(),
        ),
        Error::DriverError(
            DriverError::UnknownAuthPlugin(_)
            | DriverError::OldMysqlPasswordDisabled
            | DriverError::CleartextPluginDisabled,
        ) => cannot(format!(
            "{error}; use caching_sha2_password, mysql_native_password or ed25519 for the user"
        )),
        Error::DriverError(DriverError::CouldNotConnect(Some((_, reason, _)))) => {
            failed(format!("cannot connect to MySQL at {place}: {reason}"))
        }
        error => match tls_error(error) {
            Some(what) => cannot(format!(
                "TLS failed: {what}; name the server as its certificate does, and give the certificate \
                 that it is signed by as ssl-ca=PATH"
            )),
            None => failed(format!(
                "cannot connect to MySQL at {place}: {}",
                without_values(error)
            )),
        },
    }
}

/// What TLS says, if it is TLS that failed.
fn tls_error(error: &Error) -> Option<String> {
    if let Error::TlsError(error) = error {
        return Some(error.to_string());
    }
    // The handshake happens when the first packet is written or read.
    let inner = io_error(error)?.get_ref()?;
    let inner = inner.downcast_ref::<rustls::Error>()?;
    Some(inner.to_string())
}
