//! Every server is started, does what it is for, and leaves nothing behind.

use std::{
    collections::BTreeSet,
    env, fs,
    io::{BufRead, BufReader},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use mysql::{Conn, Opts, OptsBuilder, prelude::Queryable};
use postgres::{Client, NoTls};
use reset_password_test_databases::{
    Family, Galera, Kind, PgBouncer, Proxy, Server, Standby, When, shared, through,
};
use rustix::process::{Pid, Signal, kill_process};

/// Whether the long tests run too: those of fetched servers and of the cluster.
fn long() -> bool {
    env::var_os("RESET_PASSWORD_LONG").is_some()
}

/// Connects to a PostgreSQL.
fn postgres(url: &str) -> Client {
    Client::connect(url, NoTls).unwrap()
}

/// Connects to a MariaDB.
fn mysql(url: &str) -> Conn {
    let options = OptsBuilder::from_opts(Opts::from_url(url).unwrap()).prefer_socket(false);
    Conn::new(options).unwrap()
}

/// Asks a database for one, through the driver.
fn one(family: Family, url: &str) -> i32 {
    match family {
        Family::Postgres => postgres(url).query_one("SELECT 1", &[]).unwrap().get(0),
        Family::MariaDb => mysql(url).query_first("SELECT 1").unwrap().unwrap(),
    }
}

/// Starts a server, uses a database of it, kills it, and finds the database again.
fn check(kind: Kind, version: &str) {
    let server = Server::start(kind);
    let name = server.ask("SELECT version()");
    assert!(name.contains(version), "{name}");
    let url = server.new_database();
    assert_eq!(one(server.family(), &url), 1);

    let database = url.rsplit('/').next().unwrap();
    server.admin_in(database, "CREATE TABLE kept (number INTEGER)");
    server.admin_in(database, "INSERT INTO kept VALUES (7)");
    server.kill();
    assert!(TcpStream::connect(server.address()).is_err());
    assert_eq!(server.process_id(), None);
    server.restart();
    assert_eq!(one(server.family(), &url), 1);
    let rows = server.admin_in(database, "SELECT number FROM kept");
    assert_eq!(rows, [[Some("7".to_owned())]]);
    server.drop_database(&url);
}

#[test]
fn postgres_15() {
    check(Kind::Postgres15, "PostgreSQL 15.");
}

#[test]
fn mariadb_10_11() {
    check(Kind::MariaDb10_11, "10.11.");
}

#[test]
fn postgres_14() {
    if long() {
        check(Kind::Postgres14, "PostgreSQL 14.");
    }
}

#[test]
fn postgres_18() {
    if long() {
        check(Kind::Postgres18, "PostgreSQL 18.");
    }
}

#[test]
fn mariadb_11_4() {
    if long() {
        check(Kind::MariaDb11_4, "11.4.");
    }
}

#[test]
fn what_is_committed_is_on_the_disk() {
    let server = shared(Kind::Postgres15);
    assert_eq!(server.ask("SHOW fsync"), "on");
    assert_eq!(server.ask("SHOW synchronous_commit"), "on");
    let server = shared(Kind::MariaDb10_11);
    assert_eq!(server.ask("SELECT @@innodb_flush_log_at_trx_commit"), "1");
    assert_eq!(server.ask("SELECT @@sync_binlog"), "1");
}

#[test]
fn a_database_is_its_users_alone() {
    let server = shared(Kind::Postgres15);
    let (mine, other) = (server.new_database(), server.new_database());
    let (login, _) = mine.rsplit_once('/').unwrap();
    let (_, name) = other.rsplit_once('/').unwrap();
    assert!(Client::connect(&format!("{login}/{name}"), NoTls).is_err());
    assert!(postgres(&mine).batch_execute("CREATE ROLE other").is_err());

    let server = shared(Kind::MariaDb10_11);
    let (mine, other) = (server.new_database(), server.new_database());
    let (_, name) = other.rsplit_once('/').unwrap();
    let mut connection = mysql(&mine);
    assert!(connection.query_drop(format!("USE {name}")).is_err());
    assert!(connection.query_drop("CREATE USER other").is_err());
}

#[test]
fn a_wrong_password_is_refused() {
    let url = shared(Kind::Postgres15).new_database();
    assert!(Client::connect(&url.replacen('@', "0@", 1), NoTls).is_err());
    let url = shared(Kind::MariaDb10_11).new_database();
    let wrong = Opts::from_url(&url.replacen('@', "0@", 1)).unwrap();
    assert!(Conn::new(OptsBuilder::from_opts(wrong).prefer_socket(false)).is_err());
}

#[test]
fn pgbouncer_lends_connections_for_a_transaction() {
    let server = shared(Kind::Postgres15);
    let pooler = PgBouncer::before(server);
    let url = pooler.url(&server.new_database());
    let process = "SELECT pg_backend_pid()";
    let mut first = postgres(&url);
    let mut second = postgres(&url);
    let of_first = first.simple_query(process).unwrap();
    let of_second = second.simple_query(process).unwrap();
    assert_eq!(
        format!("{of_first:?}"),
        format!("{of_second:?}"),
        "both got the one connection"
    );
}

#[test]
fn a_standby_has_what_was_committed() {
    let primary = Server::start(Kind::Postgres15);
    let standby = Standby::of(&primary);
    let url = primary.new_database();
    postgres(&url)
        .batch_execute("CREATE TABLE kept (number INTEGER); INSERT INTO kept VALUES (7)")
        .unwrap();
    primary.kill();
    standby.promote();
    let mut client = postgres(&standby.url(&url));
    let number: i32 = client
        .query_one("SELECT number FROM kept", &[])
        .unwrap()
        .get(0);
    assert_eq!(number, 7);
    client.batch_execute("INSERT INTO kept VALUES (8)").unwrap();
}

#[test]
fn galera_goes_on_without_a_node() {
    if !long() {
        return;
    }
    let galera = Galera::start();
    let [first, second, third] = galera.nodes.as_slice() else {
        panic!("there are three nodes");
    };
    let url = first.new_database();
    mysql(&url)
        .query_drop("CREATE TABLE kept (number INT PRIMARY KEY)")
        .unwrap();
    third.kill();
    galera.wait_for_size(2);
    mysql(&url)
        .query_drop("INSERT INTO kept VALUES (7)")
        .unwrap();
    third.restart();
    galera.wait_for_size(3);
    for node in [second, third] {
        let mut connection = mysql(&through(&url, node.address()));
        connection
            .query_drop("SET SESSION wsrep_sync_wait = 1")
            .unwrap();
        let number: Option<i32> = connection.query_first("SELECT number FROM kept").unwrap();
        assert_eq!(number, Some(7));
    }
}

#[test]
fn a_proxy_loses_the_answer_to_a_commit() {
    let server = shared(Kind::Postgres15);
    let direct = server.new_database();
    let mut witness = postgres(&direct);
    witness
        .batch_execute("CREATE TABLE kept (number INTEGER)")
        .unwrap();
    let proxy = Proxy::before(server.address());
    let url = through(&direct, proxy.address());
    for (when, expected) in [(When::Before, 0_i64), (When::After, 1)] {
        let mut client = postgres(&url);
        let mut transaction = client.transaction().unwrap();
        transaction
            .execute("INSERT INTO kept VALUES (7)", &[])
            .unwrap();
        proxy.cut_after_client_sends(b"COMMIT", when);
        assert!(transaction.commit().is_err());
        let count = witness.query_one("SELECT count(*) FROM kept", &[]).unwrap();
        assert_eq!(count.get::<_, i64>(0), expected, "{when:?}");
    }
    assert_eq!(proxy.cuts(), 2);
}

#[test]
fn a_proxy_counts_what_a_driver_waits_for() {
    let server = shared(Kind::MariaDb10_11);
    let direct = server.new_database();
    let proxy = Proxy::before(server.address());
    let mut connection = mysql(&through(&direct, proxy.address()));
    proxy.reset_count();
    connection.query_drop("SELECT 1").unwrap();
    connection.query_drop("SELECT 2").unwrap();
    drop(connection);
    assert_eq!(proxy.count(), 2);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a network is slow in real time")]
fn the_command_stands_before_a_server_and_delays() {
    let server = shared(Kind::Postgres15);
    let (mut proxy, lines) = ready(&["proxy", &server.new_database(), "20000"]);
    let mut client = postgres(lines.last().unwrap());
    let began = Instant::now();
    client.simple_query("SELECT 1").unwrap();
    assert!(began.elapsed() >= Duration::from_millis(20));
    // The end of its input is the end of it.
    drop(proxy.stdin.take());
    assert!(proxy.wait().unwrap().success());
    assert!(client.simple_query("SELECT 1").is_err());
}

/// The command, having said that it is ready, and the URLs that it printed.
fn command(kinds: &[&str]) -> (Child, Vec<String>) {
    let (child, lines) = ready(&[&["start"][..], kinds].concat());
    let urls = lines.iter().map(|line| {
        let variable = line.strip_prefix("export TEST_").unwrap();
        variable.split_once('=').unwrap().1.to_owned()
    });
    let urls = urls.collect();
    (child, urls)
}

/// The command with these arguments, having said that it is ready, and what it said before.
fn ready(arguments: &[&str]) -> (Child, Vec<String>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_reset-password-test-databases"));
    command.args(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let lines = lines.map(Result::unwrap);
    let lines = lines.take_while(|line| line != "# ready").collect();
    (child, lines)
}

/// Waits until neither the folder is there nor anything that mentions it runs.
fn wait_until_gone(folder: &Path) {
    for _ in 0..200 {
        if !folder.exists() && processes_with(folder).is_empty() {
            return;
        }
        pause();
    }
    panic!(
        "{} stays, with {:?}",
        folder.display(),
        processes_with(folder)
    );
}

/// A moment.
#[expect(clippy::disallowed_methods, reason = "processes end in real time")]
fn pause() {
    thread::sleep(Duration::from_millis(50));
}

/// The processes whose command line mentions a folder.
fn processes_with(folder: &Path) -> BTreeSet<String> {
    let folder = folder.display().to_string();
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let commands = processes.filter_map(|process| fs::read(process.path().join("cmdline")).ok());
    commands
        .map(|command| String::from_utf8_lossy(&command).replace('\0', " "))
        .filter(|command| command.contains(&folder))
        .collect()
}

/// The folder of a server's data.
fn folder(server: &Server) -> String {
    match server.family() {
        Family::Postgres => server.ask("SHOW data_directory"),
        Family::MariaDb => server.ask("SELECT @@datadir"),
    }
}

#[test]
fn nothing_stays_of_a_server() {
    let server = Server::start(Kind::Postgres15);
    let data = folder(&server);
    let folder = Path::new(&data).parent().unwrap();
    assert!(folder.is_dir());
    drop(server);
    wait_until_gone(folder);
}

#[test]
fn nothing_stays_when_the_program_is_killed() {
    let (mut child, urls) = command(&["postgres15", "mariadb10.11"]);
    let folders: Vec<String> = urls
        .iter()
        .map(|url| folder(&Server::running(url)))
        .collect();
    assert_eq!(folders.len(), 2);
    for (url, kind) in urls.iter().zip([Family::Postgres, Family::MariaDb]) {
        assert_eq!(one(kind, &Server::running(url).new_database()), 1);
    }
    kill_process(Pid::from_child(&child), Signal::KILL).unwrap();
    child.wait().unwrap();
    for data in folders {
        wait_until_gone(Path::new(&data).parent().unwrap());
    }
}

#[test]
fn the_program_ends_with_its_input() {
    let (mut child, urls) = command(&["mariadb10.11"]);
    let data = folder(&Server::running(urls.first().unwrap()));
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
    wait_until_gone(Path::new(&data).parent().unwrap());
}

#[test]
fn the_program_refuses_what_it_does_not_know() {
    for arguments in [
        vec![],
        vec!["start"],
        vec!["start", "oracle"],
        vec!["stop", "postgres15"],
        vec!["proxy", "postgres://user:secret@127.0.0.1:1/name", "soon"],
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_reset-password-test-databases"));
        let output = command.args(&arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
}
