//! `PgBouncer`, which lends the connections of a PostgreSQL for one transaction at a time.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpStream},
    path::Path,
};

use crate::{
    Server,
    guard::{Guard, has_ended, script},
    ports, time,
    url::{Url, through},
};

/// Debian's program.
const PROGRAM: &str = "/usr/sbin/pgbouncer";

/// A pooler before a server.
pub struct PgBouncer {
    address: SocketAddr,
    /// It ends with this value.
    guard: Guard,
}

impl PgBouncer {
    /// Starts one. It knows every database and every user of the server.
    #[must_use]
    pub fn before(server: &Server) -> Self {
        assert!(
            Path::new(PROGRAM).is_file(),
            "PgBouncer is missing; install Debian's pgbouncer"
        );
        let administrator: Url = server.url("").parse().expect("the URL was made here");
        let guard = Guard::new();
        let port = ports::free();
        guard.write(
            "users",
            &format!(
                "\"{}\" \"{}\"\n",
                administrator.user, administrator.password
            ),
        );
        let settings = format!(
            "[databases]\n\
             * = host={host} port={server_port}\n\
             [pgbouncer]\n\
             listen_addr = 127.0.0.1\n\
             listen_port = {port}\n\
             unix_socket_dir =\n\
             pool_mode = transaction\n\
             default_pool_size = 20\n\
             max_client_conn = 500\n\
             auth_type = scram-sha-256\n\
             auth_file = {users}\n\
             auth_user = {user}\n\
             auth_query = SELECT usename, passwd FROM pg_shadow WHERE usename = $1\n",
            host = administrator.host,
            server_port = administrator.port,
            users = guard.path("users"),
            user = administrator.user,
        );
        guard.write("pgbouncer.ini", &settings);
        let arguments = [guard.path("pgbouncer.ini")];
        guard.write("serve", &script(Path::new(PROGRAM), &arguments));

        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let process = guard.start("serve");
        let listens = time::wait_for(|| {
            assert!(
                !has_ended(process),
                "PgBouncer ended:\n{}",
                guard.last_of_log()
            );
            TcpStream::connect(address).map_err(|error| error.to_string())
        });
        listens.expect("PgBouncer listens");
        Self { address, guard }
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL of a database of the server, through here.
    #[must_use]
    pub fn url(&self, url: &str) -> String {
        through(url, self.address)
    }

    /// All that it has logged.
    #[must_use]
    pub fn log(&self) -> String {
        self.guard.log()
    }
}
