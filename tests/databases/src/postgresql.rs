//! PostgreSQL.

use std::path::Path;

use postgres::{Client, Config, NoTls, SimpleQueryMessage, config::SslMode};

use crate::{
    Family, Kind, Session, certificates,
    guard::{Guard, script},
    programs, random,
    server::{Rows, Server},
    time::PATIENCE,
    url::Url,
};

/// The superuser.
pub const SUPERUSER: &str = "postgres";

/// The settings of a server: little memory, no shortcut with what was committed.
const SETTINGS: [&str; 10] = [
    "listen_addresses=127.0.0.1",
    "max_connections=200",
    "shared_buffers=32MB",
    "fsync=on",
    "synchronous_commit=on",
    "full_page_writes=on",
    "max_wal_size=256MB",
    "jit=off",
    // Shared memory in files of the folder: nothing of it stays when the server is killed.
    "dynamic_shared_memory_type=mmap",
    "log_min_messages=warning",
];

/// Makes the files of a new server, and starts it.
pub fn start(kind: Kind, guard: Guard, encrypts: bool) -> Server {
    let base = programs::base(kind, &guard);
    let password = random::hex(16);
    guard.write("password", &password);
    let initdb = [
        format!("--pgdata={}", guard.path("data")),
        format!("--username={SUPERUSER}"),
        format!("--pwfile={}", guard.path("password")),
        "--auth=scram-sha-256".to_owned(),
        "--encoding=UTF8".to_owned(),
        "--locale=C".to_owned(),
        // The files of the new server alone; all that it commits later is synced.
        "--no-sync".to_owned(),
    ];
    guard.write(
        "prepare",
        &script(&programs::program(&base, "initdb"), &initdb),
    );
    guard
        .run("prepare")
        .unwrap_or_else(|error| panic!("{error}"));
    let mut settings: Vec<String> = Vec::new();
    if encrypts {
        settings.push("ssl=on".to_owned());
        settings.push(format!(
            "ssl_cert_file={}",
            guard.path(certificates::SERVER)
        ));
        settings.push(format!("ssl_key_file={}", guard.path(certificates::KEY)));
    }
    serve(&base, guard, password, &settings)
}

/// Starts a server on files that are there, with more settings than all have.
pub fn serve(base: &Path, guard: Guard, password: String, more: &[String]) -> Server {
    let administrator = Url {
        scheme: "postgres".to_owned(),
        user: SUPERUSER.to_owned(),
        password,
        host: "127.0.0.1".to_owned(),
        port: 0,
        database: String::new(),
    };
    let program = programs::program(base, "postgres");
    Server::launch(Family::Postgres, &administrator, guard, |guard, port| {
        let mut arguments = vec![
            "-D".to_owned(),
            guard.path("data"),
            "-p".to_owned(),
            port.to_string(),
            "-k".to_owned(),
            guard.folder().display().to_string(),
        ];
        for setting in SETTINGS.into_iter().chain(more.iter().map(String::as_str)) {
            arguments.extend(["-c".to_owned(), setting.to_owned()]);
        }
        script(&program, &arguments)
    })
}

/// How to make a database with a user.
pub fn new_database(name: &str, password: &str) -> Vec<String> {
    vec![
        format!("CREATE ROLE {name} LOGIN PASSWORD '{password}'"),
        format!("CREATE DATABASE {name} OWNER {name} TEMPLATE template0"),
        format!("REVOKE ALL ON DATABASE {name} FROM PUBLIC"),
    ]
}

/// How to remove it.
pub fn drop_database(name: &str) -> Vec<String> {
    vec![
        format!("DROP DATABASE {name} WITH (FORCE)"),
        format!("DROP ROLE {name}"),
    ]
}

/// Connects to a database.
pub fn connect(url: &Url) -> Result<Client, String> {
    let database = if url.database.is_empty() {
        "postgres"
    } else {
        &url.database
    };
    let mut config = Config::new();
    config.host(&url.host).port(url.port);
    config
        .user(&url.user)
        .password(&url.password)
        .dbname(database);
    config.ssl_mode(SslMode::Disable).connect_timeout(PATIENCE);
    config.connect(NoTls).map_err(|error| all_of(&error))
}

/// What is wrong with a database: every index is compared with its table, and every row is looked at.
pub fn damage(session: &mut Session) -> Vec<String> {
    let mut check = || {
        let known = session.run("SELECT 1 FROM pg_available_extensions WHERE name = 'amcheck'")?;
        if known.is_empty() {
            // Every index is made anew from its table, which reads all rows and refuses what is there twice.
            session.run("REINDEX SCHEMA public")?;
            return Ok(Vec::new());
        }
        session.run("CREATE EXTENSION IF NOT EXISTS amcheck")?;
        session.run(
            "SELECT bt_index_check(c.oid, true) FROM pg_class AS c JOIN pg_am AS a ON a.oid = c.relam \
             WHERE c.relkind = 'i' AND a.amname = 'btree' AND c.relpersistence = 'p'",
        )?;
        let rows = session.run(
            "SELECT c.relname, v.msg FROM pg_class AS c, LATERAL verify_heapam(c.oid) AS v \
             WHERE c.relkind = 'r' AND c.relpersistence = 'p'",
        )?;
        Ok(rows.iter().map(|row| format!("{row:?}")).collect())
    };
    check().unwrap_or_else(|error: String| vec![error])
}

/// Executes a statement, and answers with its rows.
pub fn run(client: &mut Client, statement: &str) -> Result<Rows, String> {
    let answers = client
        .simple_query(statement)
        .map_err(|error| all_of(&error))?;
    Ok(answers.iter().filter_map(values).collect())
}

/// The values of a row.
fn values(message: &SimpleQueryMessage) -> Option<Vec<Option<String>>> {
    let SimpleQueryMessage::Row(row) = message else {
        return None;
    };
    let values = (0..row.len()).map(|index| row.get(index).map(str::to_owned));
    Some(values.collect())
}

/// What an error says, with what caused it.
fn all_of(error: &postgres::Error) -> String {
    match error.as_db_error() {
        Some(error) => format!("{} ({})", error.message(), error.code().code()),
        None => error.to_string(),
    }
}
