//! One database server.

use std::{net::SocketAddr, sync::Mutex, time::Duration};

use crate::{
    Family, Kind, Session, certificates,
    guard::{Guard, has_ended},
    mariadb, ports, postgresql, random, time,
    url::{Url, name_of},
};

/// The rows that a statement answers with, every value as text.
pub type Rows = Vec<Vec<Option<String>>>;

/// How often a server that ends at once is started again.
const TRIES: u32 = 5;

/// The pause between two such starts.
const BETWEEN_TRIES: Duration = Duration::from_millis(200);

/// A database server.
///
/// What fails here panics: a test can do nothing without its server.
pub struct Server {
    family: Family,
    /// As the superuser, in no special database.
    administrator: Url,
    process: Option<Process>,
}

/// The process of a server that was started here.
pub struct Process {
    pub guard: Guard,
    /// The script that starts it again.
    pub script: &'static str,
    /// Its id, while it should run.
    pub id: Mutex<Option<u32>>,
}

impl Server {
    /// Starts a new server with nothing in it. It ends when the value is dropped, or with this program.
    #[must_use]
    pub fn start(kind: Kind) -> Self {
        Self::start_in(Guard::new(), kind, false)
    }

    /// Starts one that encrypts, with a certificate for `localhost` that [`AUTHORITY`](crate::AUTHORITY) has
    /// signed.
    #[must_use]
    pub fn start_encrypted(kind: Kind) -> Self {
        let guard = Guard::new();
        certificates::make(&guard);
        Self::start_in(guard, kind, true)
    }

    fn start_in(guard: Guard, kind: Kind, encrypts: bool) -> Self {
        match kind.family() {
            Family::Postgres => postgresql::start(kind, guard, encrypts),
            Family::MariaDb => mariadb::start(kind, guard, encrypts),
        }
    }

    /// A server that is there already, by the URL of its superuser. It can be neither killed nor restarted.
    #[must_use]
    pub fn running(url: &str) -> Self {
        let administrator: Url = url.parse().unwrap_or_else(|error| panic!("{url}: {error}"));
        let family = match administrator.scheme.as_str() {
            "postgres" | "postgresql" => Family::Postgres,
            "mysql" | "mariadb" => Family::MariaDb,
            other => panic!("{other} is no scheme of a database"),
        };
        Self {
            family,
            administrator,
            process: None,
        }
    }

    /// A server whose folder is ready: it is started, on the port that its script names.
    ///
    /// The script is made for one port after the other, if others take them first.
    pub(crate) fn launch(
        family: Family,
        administrator: &Url,
        guard: Guard,
        script: impl Fn(&Guard, u16) -> String,
    ) -> Self {
        let name = "serve";
        let mut server = Self::not_started(family, administrator.clone(), guard, name);
        for _ in 0..TRIES {
            let port = ports::free();
            server.administrator.port = port;
            let guard = &server.own().guard;
            guard.write(name, &script(guard, port));
            if server.start_with(name) {
                return server;
            }
        }
        panic!(
            "the server does not start:\n{}",
            server.own().guard.last_of_log()
        );
    }

    /// A server whose folder and scripts are ready, but which has not been started.
    pub(crate) fn not_started(
        family: Family,
        administrator: Url,
        guard: Guard,
        script: &'static str,
    ) -> Self {
        Self {
            family,
            administrator,
            process: Some(Process {
                guard,
                script,
                id: Mutex::new(None),
            }),
        }
    }

    /// Where a file of its folder is.
    #[must_use]
    pub fn path(&self, name: &str) -> String {
        self.own().guard.path(name)
    }

    /// What language it speaks.
    #[must_use]
    pub const fn family(&self) -> Family {
        self.family
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.administrator.address()
    }

    /// The URL of a database as the superuser.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        self.administrator.of(database).to_string()
    }

    /// Makes an empty database, owned by a user of its own with no right to anything else, and tells that
    /// user's URL of it.
    #[must_use]
    pub fn new_database(&self) -> String {
        let name = format!("test_{}", random::hex(8));
        let password = random::hex(16);
        let statements = match self.family {
            Family::Postgres => postgresql::new_database(&name, &password),
            Family::MariaDb => mariadb::new_database(&name, &password),
        };
        self.administer(&statements);
        let url = Url {
            user: name.clone(),
            password,
            ..self.administrator.of(&name)
        };
        url.to_string()
    }

    /// Removes a database that [`Self::new_database`] made, and its user, whoever is still connected.
    pub fn drop_database(&self, url: &str) {
        let url: Url = url.parse().expect("the URL was made here");
        let statements = match self.family {
            Family::Postgres => postgresql::drop_database(&url.database),
            Family::MariaDb => mariadb::drop_database(&url.database),
        };
        self.administer(&statements);
    }

    /// Executes a statement as the superuser, and answers with its rows.
    pub fn admin(&self, sql: &str) -> Rows {
        self.admin_in("", sql)
    }

    /// The same in a database.
    pub fn admin_in(&self, database: &str, sql: &str) -> Rows {
        self.try_admin_in(database, sql)
            .unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// The first value that a query answers with, as the superuser.
    #[must_use]
    pub fn ask(&self, sql: &str) -> String {
        let rows = self.admin(sql);
        let value = rows.into_iter().flatten().next().flatten();
        value.unwrap_or_else(|| panic!("{sql} answers with a value"))
    }

    /// Executes a statement in a database as the superuser, and tells what failed.
    pub(crate) fn try_admin_in(&self, database: &str, sql: &str) -> Result<Rows, String> {
        self.execute(database, &[sql.to_owned()])
    }

    /// Executes statements as the superuser.
    fn administer(&self, statements: &[String]) {
        let done = self.execute("", statements);
        done.unwrap_or_else(|error| panic!("{}: {error}", statements.join("; ")));
    }

    /// Executes statements in a database as the superuser, and answers with the rows of the last.
    fn execute(&self, database: &str, statements: &[String]) -> Result<Rows, String> {
        let mut session = self.connect(database)?;
        let mut rows = Rows::new();
        for statement in statements {
            rows = session.run(statement)?;
        }
        Ok(rows)
    }

    /// Connects to a database as the superuser.
    fn connect(&self, database: &str) -> Result<Session, String> {
        let url = self.administrator.of(database);
        Ok(match self.family {
            Family::Postgres => postgresql::connect(&url)?.into(),
            Family::MariaDb => mariadb::connect(&url)?.into(),
        })
    }

    /// A connection of the superuser to the database of a URL, to be kept.
    #[must_use]
    pub fn session(&self, url: &str) -> Session {
        let session = self.connect(name_of(url));
        session.unwrap_or_else(|error| panic!("no connection: {error}"))
    }

    /// What the server's own check finds wrong with the database of a URL; nothing if it is whole.
    #[must_use]
    pub fn damage(&self, url: &str) -> Vec<String> {
        let mut session = self.session(url);
        match self.family {
            Family::Postgres => postgresql::damage(&mut session),
            Family::MariaDb => mariadb::damage(&mut session),
        }
    }

    /// From now on no file that the server writes may grow beyond so many bytes, as on a disk that is full;
    /// `None` gives it room again. It holds for every process that the server has and starts.
    pub fn limit_files(&self, bytes: Option<u64>) {
        self.own().guard.limit(bytes);
    }

    /// Kills the server with all of its processes at once, as a loss of power does.
    pub fn kill(&self) {
        let process = self.own();
        process.guard.kill();
        *process.id.lock().expect("no thread failed with the id") = None;
    }

    /// Starts the server again, killing it if it still runs, and waits until it answers. The URLs stay.
    pub fn restart(&self) {
        self.kill();
        for _ in 0..TRIES {
            if self.start_with(self.own().script) {
                return;
            }
            time::sleep(BETWEEN_TRIES);
        }
        panic!(
            "the server does not start again:\n{}",
            self.own().guard.last_of_log()
        );
    }

    /// The process id of the server, while it runs.
    #[must_use]
    pub fn process_id(&self) -> Option<u32> {
        *self.own().id.lock().expect("no thread failed with the id")
    }

    /// All that the server has logged.
    #[must_use]
    pub fn log(&self) -> String {
        self.own().guard.log()
    }

    /// Starts the server with a script, and waits until it answers. Tells whether it did so before it ended.
    pub(crate) fn start_with(&self, script: &str) -> bool {
        let process = self.own();
        let id = process.guard.start(script);
        let answers = time::wait_for(|| {
            if has_ended(id) {
                return Ok(false);
            }
            self.try_admin_in("", "SELECT 1").map(|_| true)
        });
        match answers {
            Ok(true) => {
                *process.id.lock().expect("no thread failed with the id") = Some(id);
                true
            }
            Ok(false) => {
                process.guard.kill();
                false
            }
            Err(error) => panic!(
                "the server does not answer: {error}\n{}",
                process.guard.last_of_log()
            ),
        }
    }

    /// The process, which only a server that was started here has.
    pub(crate) fn own(&self) -> &Process {
        let process = self.process.as_ref();
        process
            .expect("only a server that was started here can be killed, restarted or looked into")
    }
}
