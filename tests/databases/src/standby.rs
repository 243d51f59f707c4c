//! A PostgreSQL that follows another.

use crate::{
    Kind, Server,
    guard::{Guard, script},
    postgresql, programs, time,
    url::{Url, through},
};

/// The name by which the primary knows it.
const NAME: &str = "standby";

/// A synchronous streaming standby.
pub struct Standby {
    /// The server, which only reads until it is promoted. It has the users, databases and passwords of the
    /// primary.
    pub server: Server,
}

impl Standby {
    /// Starts one behind a PostgreSQL 15. From now on the primary commits only what the standby has, and so
    /// waits for ever when the standby is gone.
    #[must_use]
    pub fn of(primary: &Server) -> Self {
        let administrator: Url = primary.url("").parse().expect("the URL was made here");
        let guard = Guard::new();
        let base = programs::base(Kind::Postgres15, &guard);
        let connection = format!(
            "host={} port={} user={} password={} application_name={NAME} sslmode=disable",
            administrator.host, administrator.port, administrator.user, administrator.password
        );
        let arguments = [
            format!("--pgdata={}", guard.path("data")),
            format!("--dbname={connection}"),
            "--write-recovery-conf".to_owned(),
            "--wal-method=stream".to_owned(),
            "--checkpoint=fast".to_owned(),
            "--no-sync".to_owned(),
        ];
        let program = programs::program(&base, "pg_basebackup");
        guard.write("prepare", &script(&program, &arguments));
        guard
            .run("prepare")
            .unwrap_or_else(|error| panic!("{error}"));
        let server = postgresql::serve(&base, guard, administrator.password, &[]);

        primary.admin(&format!(
            "ALTER SYSTEM SET synchronous_standby_names = '{NAME}'"
        ));
        primary.admin("SELECT pg_reload_conf()");
        let synchronous = time::wait_for(|| {
            let state = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'";
            if primary.ask(state) == "1" {
                Ok(())
            } else {
                Err(server.log())
            }
        });
        synchronous.unwrap_or_else(|error| panic!("the standby does not follow:\n{error}"));
        Self { server }
    }

    /// The URL of a database of the primary, on the standby.
    #[must_use]
    pub fn url(&self, url: &str) -> String {
        through(url, self.server.address())
    }

    /// Makes it a primary, and waits until it is one.
    pub fn promote(&self) {
        assert_eq!(
            self.server.ask("SELECT pg_promote(true, 60)"),
            "t",
            "it was promoted"
        );
    }
}
