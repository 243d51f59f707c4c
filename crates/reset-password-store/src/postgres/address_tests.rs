use std::time::Duration;

use secrecy::ExposeSecret;

use super::*;

fn parse(url: &str) -> PostgresUrl {
    PostgresUrl::parse(url).unwrap()
}

fn refusal(url: &str) -> String {
    let error = PostgresUrl::parse(url).unwrap_err();
    format!("{error:?}")
}

fn hosts(url: &str) -> Vec<String> {
    parse(url).hosts().iter().map(ToString::to_string).collect()
}

#[test]
fn every_part_is_read() {
    let url = parse(
        "postgresql://us%40er:pa%2Fss%3A@db1,DB2:5433/a%20b?schema=_x1&max_connections=3\
         &connect_timeout=2&statement_timeout=300&lock_timeout=40&application_name=my%20app\
         &isolation=repeatable-read&target_session_attrs=read-write",
    );
    assert_eq!(url.user(), Some("us@er"));
    assert_eq!(url.password().unwrap().expose_secret(), "pa/ss:");
    assert_eq!(url.database(), "a b");
    assert_eq!(url.schema(), Some("_x1"));
    assert_eq!(url.max_connections(), 3);
    assert_eq!(url.statement_timeout(), Duration::from_millis(300));
    let parameters = url.parameters();
    assert_eq!(parameters.connect_timeout, Duration::from_secs(2));
    assert_eq!(parameters.lock_timeout, Duration::from_millis(40));
    assert_eq!(parameters.application_name, "my app");
    assert_eq!(parameters.isolation, Isolation::RepeatableRead);
}

#[test]
fn what_is_left_out_has_a_default() {
    let url = parse("postgres://localhost/app");
    assert_eq!((url.user(), url.schema()), (None, None));
    assert_eq!(url.max_connections(), 10);
    assert_eq!(url.statement_timeout(), Duration::from_secs(10));
    assert_eq!(*url.parameters(), Parameters::default());
}

#[test]
fn hosts_are_names_addresses_and_folders() {
    assert_eq!(
        hosts("postgres://u@[::1]:5433,[fe80::1],10.0.0.1/app"),
        ["[::1]:5433", "[fe80::1]:5432", "10.0.0.1:5432"]
    );
    let socket = ["/run/postgresql/.s.PGSQL.5433"];
    assert_eq!(hosts("postgres://u@%2Frun%2Fpostgresql:5433/app"), socket);
    let socket = ["/run/postgresql/.s.PGSQL.5432"];
    assert_eq!(hosts("postgres:///app?host=/run/postgresql"), socket);
}

#[test]
fn what_leaves_the_machine_is_encrypted() {
    let encrypted = |url: &str| {
        let url = parse(url);
        let hosts = url.hosts().iter();
        hosts.map(|host| url.encrypts(host)).collect::<Vec<_>>()
    };
    let hosts = "postgres://localhost,127.0.0.2,[::1],%2Frun,db.example,10.0.0.1/app";
    let local = [false, false, false, false];
    assert_eq!(encrypted(hosts), [&local[..], &[true, true]].concat());
    for mode in ["require", "verify-full"] {
        let encrypted = encrypted(&format!("{hosts}?sslmode={mode}"));
        assert_eq!(encrypted, [true, true, true, false, true, true]);
    }
    let named = encrypted("postgres://localhost,10.0.0.1/app?sslrootcert=/ca.pem");
    assert_eq!(named, [true, true]);
    let plain = format!("{hosts}?sslmode=disable");
    assert_eq!(encrypted(&plain), [false; 6]);
    assert!(parse(&plain).is_plain_beyond_loopback());
    assert!(!parse("postgres://localhost/app?sslmode=disable").is_plain_beyond_loopback());
}

#[test]
fn what_is_wrong_is_named() {
    let cases = [
        ("mysql://localhost/app", "postgres://"),
        ("postgres:///app", "names no host"),
        ("postgres://u@/app", "names no host"),
        ("postgres://a,,b/app", "empty"),
        ("postgres://a:b/app", "HOST:PORT"),
        ("postgres://a:0/app", "HOST:PORT"),
        ("postgres://[::1]5432/app", "HOST:PORT"),
        ("postgres://localhost", "name a database"),
        ("postgres://localhost/", "name a database"),
        ("postgres://localhost/a/b", "name a database"),
        ("postgres://localhost/%FF", "UTF-8"),
        ("postgres://localhost/app?host=/run", "twice"),
        (
            "postgres://localhost/app?sslcert=x",
            "unknown parameter sslcert",
        ),
        ("postgres://localhost/app?schema=a&schema=b", "schema twice"),
        ("postgres://localhost/app?schema=Upper", "small letters"),
        ("postgres://localhost/app?schema=pg_x", "small letters"),
        ("postgres://localhost/app?schema=1", "small letters"),
        ("postgres://localhost/app?sslmode=prefer", "verify-full"),
        ("postgres://localhost/app?sslmode=verify-ca", "verify-full"),
        ("postgres://localhost/app?isolation=none", "read-committed"),
        (
            "postgres://localhost/app?max_connections=0",
            "from 1 to 1000",
        ),
        (
            "postgres://localhost/app?statement_timeout=0",
            "from 1 to 600000",
        ),
        (
            "postgres://localhost/app?connect_timeout=61",
            "from 1 to 60",
        ),
        ("postgres://localhost/app?lock_timeout=1s", "lock_timeout"),
        (
            "postgres://localhost/app?application_name",
            "application_name",
        ),
        (
            "postgres://localhost/app?target_session_attrs=any",
            "read-write",
        ),
    ];
    for (url, words) in cases {
        let refusal = refusal(url);
        assert!(refusal.contains(words), "{url}: {refusal}");
    }
}

#[test]
fn no_error_repeats_a_password() {
    let urls = [
        "postgres://user:hunter2/hunter2@host/app",
        "postgres://user:hunter2?hunter2@host/app",
        "postgres://user:hunter2?hunter2=hunter2@host/app",
        "postgres://user:hunter2#hunter2@host/app",
        "postgres://user:hunter2/app",
        "postgres://user:hunter2%FF@host/app",
        "postgres://user:hunter2@host:hunter2/app",
    ];
    for url in urls {
        let refusal = refusal(url);
        assert!(!refusal.contains("hunter2"), "{refusal}");
    }
    let debug = format!("{:?}", parse("postgres://user:hunter2@host/app"));
    assert!(
        debug.contains("user") && !debug.contains("hunter2"),
        "{debug}"
    );
}
