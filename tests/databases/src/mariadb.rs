//! MariaDB.

use std::path::{Path, PathBuf};

use mysql::{Conn, OptsBuilder, Row, Value, prelude::Queryable};

use crate::{
    Family, Kind, Session, certificates,
    guard::{Guard, script},
    programs, random,
    server::{Rows, Server},
    time::PATIENCE,
    url::Url,
};

/// The superuser: `root` is nobody's but the server's own.
const SUPERUSER: &str = "administrator";

/// The settings of a server: little memory, no shortcut with what was committed.
const SETTINGS: [&str; 16] = [
    "--bind-address=127.0.0.1",
    "--skip-name-resolve",
    "--max-connections=200",
    "--innodb-buffer-pool-size=32M",
    "--innodb-log-file-size=16M",
    "--innodb-log-buffer-size=2M",
    "--innodb-flush-log-at-trx-commit=1",
    "--innodb-doublewrite=ON",
    "--sync-binlog=1",
    "--key-buffer-size=1M",
    "--aria-pagecache-buffer-size=1M",
    "--performance-schema=OFF",
    // 11.4 would make a certificate each time that it starts, which takes seconds.
    "--skip-ssl",
    // As Debian sets it.
    "--character-set-server=utf8mb4",
    "--skip-log-bin",
    "--log-warnings=1",
];

/// What every program of MariaDB is told about the server in the folder of a guard.
fn files(base: &Path, guard: &Guard) -> Vec<String> {
    vec![
        // It must come first.
        "--no-defaults".to_owned(),
        format!("--basedir={}", base.display()),
        format!("--datadir={}", guard.path("data")),
    ]
}

/// Makes the files of a new server, and starts it.
pub fn start(kind: Kind, guard: Guard, encrypts: bool) -> Server {
    let base = programs::base(kind, &guard);
    let password = random::hex(16);
    prepare(&base, &guard, &password);
    let program = program(&base);
    Server::launch(
        Family::MariaDb,
        &administrator(&password),
        guard,
        |guard, port| {
            let mut arguments = arguments(&base, guard, port);
            if encrypts {
                // The last word counts.
                arguments.push("--ssl".to_owned());
                arguments.push(format!("--ssl-cert={}", guard.path(certificates::SERVER)));
                arguments.push(format!("--ssl-key={}", guard.path(certificates::KEY)));
            }
            script(&program, &arguments)
        },
    )
}

/// Makes the files of a new server whose superuser has this password.
pub fn prepare(base: &Path, guard: &Guard, password: &str) {
    // The installing program takes one statement a line. It checks nobody's rights until the first.
    let users = format!(
        "FLUSH PRIVILEGES;\n\
         CREATE USER '{SUPERUSER}'@'%' IDENTIFIED BY '{password}';\n\
         GRANT ALL PRIVILEGES ON *.* TO '{SUPERUSER}'@'%' WITH GRANT OPTION;\n"
    );
    guard.write("users.sql", &users);
    let mut install = files(base, guard);
    install.extend([
        "--auth-root-authentication-method=socket".to_owned(),
        "--skip-test-db".to_owned(),
        "--skip-name-resolve".to_owned(),
        "--innodb-log-file-size=16M".to_owned(),
        "--innodb-buffer-pool-size=32M".to_owned(),
        format!("--extra-file={}", guard.path("users.sql")),
    ]);
    let program = programs::program(base, "mariadb-install-db");
    guard.write("prepare", &script(&program, &install));
    guard
        .run("prepare")
        .unwrap_or_else(|error| panic!("{error}"));
}

/// The server's program.
pub fn program(base: &Path) -> PathBuf {
    programs::program(base, "mariadbd")
}

/// How to start the server.
pub fn arguments(base: &Path, guard: &Guard, port: u16) -> Vec<String> {
    let mut arguments = files(base, guard);
    arguments.extend([
        format!("--tmpdir={}", guard.folder().display()),
        format!("--port={port}"),
        format!("--socket={}", guard.path("socket")),
        format!("--pid-file={}", guard.path("pid")),
    ]);
    arguments.extend(SETTINGS.map(str::to_owned));
    arguments
}

/// The URL of the superuser, with no port yet.
pub fn administrator(password: &str) -> Url {
    Url {
        scheme: "mysql".to_owned(),
        user: SUPERUSER.to_owned(),
        password: password.to_owned(),
        host: "127.0.0.1".to_owned(),
        port: 0,
        database: String::new(),
    }
}

/// How to make a database with a user.
pub fn new_database(name: &str, password: &str) -> Vec<String> {
    vec![
        format!("CREATE DATABASE {name}"),
        format!("CREATE USER '{name}'@'%' IDENTIFIED BY '{password}'"),
        format!(
            "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES \
             ON {name}.* TO '{name}'@'%'"
        ),
    ]
}

/// How to remove it.
pub fn drop_database(name: &str) -> Vec<String> {
    vec![
        format!("DROP USER '{name}'@'%'"),
        format!("KILL CONNECTION USER '{name}'"),
        format!("DROP DATABASE {name}"),
    ]
}

/// Connects to a database, or to none.
pub fn connect(url: &Url) -> Result<Conn, String> {
    let database = (!url.database.is_empty()).then_some(url.database.as_str());
    let options = OptsBuilder::new()
        .ip_or_hostname(Some(&url.host))
        .tcp_port(url.port)
        .user(Some(&url.user))
        .pass(Some(&url.password))
        .db_name(database)
        .tcp_connect_timeout(Some(PATIENCE))
        // The address says which server is meant.
        .prefer_socket(false);
    Conn::new(options).map_err(|error| error.to_string())
}

/// What is wrong with the tables of a database.
pub fn damage(session: &mut Session) -> Vec<String> {
    let mut check = || {
        let tables = session.run("SHOW TABLES")?;
        let tables: Vec<_> = tables.into_iter().flatten().flatten().collect();
        let found = session.run(&format!("CHECK TABLE {} EXTENDED", tables.join(", ")))?;
        // A row says what it is about, and then what was found.
        let found = found.iter().filter(|row| {
            let last = row.last().and_then(Option::as_deref);
            last != Some("OK")
        });
        Ok(found.map(|row| format!("{row:?}")).collect())
    };
    check().unwrap_or_else(|error: String| vec![error])
}

/// Executes a statement, and answers with its rows.
pub fn run(connection: &mut Conn, statement: &str) -> Result<Rows, String> {
    let answer: Vec<Row> = connection
        .query(statement)
        .map_err(|error| error.to_string())?;
    let values = answer.into_iter().map(Row::unwrap);
    Ok(values
        .map(|values| values.into_iter().map(text).collect())
        .collect())
}

/// A value as text.
fn text(value: Value) -> Option<String> {
    match value {
        Value::NULL => None,
        Value::Bytes(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        other => Some(other.as_sql(true)),
    }
}
