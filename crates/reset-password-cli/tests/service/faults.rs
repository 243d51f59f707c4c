//! What goes wrong within, at every stage of a reset: a general answer, a line in the log with the cause, and a service
//! that goes on. No token is spent by it.

use std::{fs, path::Path, process::Command};

use reset_password_test_service::{EMAIL, Fixture, NEW, OLD, Reply, Service, USERS, command};
use rustix::process::{Pid, Resource, Rlimit, prlimit};
use serde_json::json;

/// What stands in no answer, whatever went wrong.
const INSIDE: [&str; 14] = [
    "sql",
    "table",
    "column",
    "constraint",
    "trigger",
    "a fault",
    "disk",
    "reset_password_",
    "panic",
    ".rs",
    "/",
    "\\",
    EMAIL,
    NEW,
];

/// The two forms of a confirm.
const FORMS: [fn(&Fixture, &str) -> Reply; 2] = [
    |fixture, token| fixture.confirm(token, NEW),
    |fixture, token| fixture.confirm_in_path(token, NEW),
];

/// What went wrong within is told to come again, and nothing of what is inside. The log has the cause.
fn assert_general(fixture: &Fixture, reply: &Reply, token: &str, fault: &str) {
    assert_eq!(reply.status, 503, "{fault}: {reply:?}");
    assert!(reply.header("retry-after").is_some(), "{fault}: {reply:?}");
    let shown = format!("{:?} {}", reply.headers, reply.body).to_lowercase();
    // The type of the answer is the one thing that is written with a slash.
    let shown = shown.replace("application/json", "");
    let folder = fixture.path().to_str().unwrap();
    let version = env!("CARGO_PKG_VERSION");
    for word in INSIDE.iter().chain([&folder, &version, &token]) {
        assert!(
            !shown.contains(&word.to_lowercase()),
            "{fault}: {word} in {shown}"
        );
    }
    let line = fixture
        .service
        .line(|line| line["request_id"] == id_of(reply));
    assert_eq!(
        (&line["level"], &line["event"]),
        (&json!("ERROR"), &json!("sys_request_fail")),
        "{fault}"
    );
    let cause = line["cause"].as_str().unwrap_or_default();
    assert!(!cause.is_empty(), "{fault}: {line}");
}

fn id_of(reply: &Reply) -> &str {
    reply.header("x-request-id").unwrap()
}

/// A fault that is put into the database, and how to take it out again.
type Fault = (String, String);

/// The tables that a reset reads and writes are gone, and each of its changes is refused before and after it is made,
/// by a statement that is undone or by a whole transaction that is.
fn faults() -> Vec<Fault> {
    let gone = |table: &str| {
        let [away, back] = [("reset_password_", "gone_"), ("gone_", "reset_password_")]
            .map(|(from, to)| format!("ALTER TABLE {from}{table} RENAME TO {to}{table}"));
        (away, back)
    };
    let refused = |(table, change, moment, how): (&str, &str, &str, &str)| {
        let fault = format!(
            "CREATE TRIGGER fault {moment} {change} ON reset_password_{table} \
             BEGIN SELECT RAISE({how}, 'a fault'); END"
        );
        (fault, "DROP TRIGGER fault".to_owned())
    };
    let mut faults = vec![gone("resets"), gone("events"), gone("settings")];
    for (table, change) in [
        ("users", "UPDATE"),
        ("resets", "UPDATE"),
        ("events", "INSERT"),
        ("settings", "UPDATE"),
    ] {
        for moment in ["BEFORE", "AFTER"] {
            faults.extend(["ABORT", "ROLLBACK"].map(|how| refused((table, change, moment, how))));
        }
    }
    faults
}

/// The store is down or fails, at whatever a reset asks of it.
#[test]
fn sec87_a_fault_at_any_statement_is_a_general_answer() {
    let fixture = Fixture::new();
    let id = fixture.user(EMAIL);
    let token = fixture.token(EMAIL);
    let before = fixture.database.state();
    for (put, take) in faults() {
        fixture.database.run(&put);
        for confirm in FORMS {
            assert_general(&fixture, &confirm(&fixture, &token), &token, &put);
        }
        // The next request is as any other.
        assert_eq!(fixture.get(&format!("{USERS}/{id}")).status, 200, "{put}");
        fixture.database.run(&take);
        assert_eq!(fixture.database.state(), before, "{put}");
    }
    succeeds(&fixture, &token);
}

/// A service for which a file that may not grow is an error and no signal, as a full disk is.
fn that_may_fill_the_disk(folder: &Path) -> Service {
    let service = command(folder, &Service::arguments(&[]));
    let mut shell = Command::new("sh");
    shell.args(["-c", r#"trap '' XFSZ; exec "$0" "$@""#]);
    shell
        .arg(service.get_program())
        .args(service.get_args())
        .current_dir(folder);
    Service::spawn(shell)
}

/// How much more room there is each time: less than a page, so that the disk is full before each page of the
/// transaction, and in the middle of it.
const ROOM: usize = 1_024;

#[test]
fn sec87_a_full_disk_is_a_general_answer() {
    let fixture = Fixture::started_by(that_may_fill_the_disk);
    let id = fixture.user(EMAIL);
    let token = fixture.token(EMAIL);
    let before = fixture.database.state();
    // As long as somebody reads the database, its log is not removed with the last connection.
    let reader = fixture.database.connect();
    let user = reader.query_row("SELECT id FROM reset_password_users", (), |row| row.get(0));
    assert_eq!(user, Ok(id.clone()));
    let log = fixture.path().join("reset-password.db-wal");
    let mut refused = 0;
    for (room, confirm) in (0..).step_by(ROOM).zip(FORMS.iter().cycle()) {
        let size = fs::metadata(&log).map_or(0, |log| log.len());
        limit_files(&fixture.service, Some(size + room));
        let reply = confirm(&fixture, &token);
        if reply.status == 200 {
            break;
        }
        let fault = format!("{room} octets are left");
        assert_general(&fixture, &reply, &token, &fault);
        // Reading needs no room.
        assert_eq!(fixture.get(&format!("{USERS}/{id}")).status, 200, "{fault}");
        assert_eq!(fixture.database.state(), before, "{fault}");
        refused += 1;
    }
    limit_files(&fixture.service, None);
    assert!(refused > 5, "the disk was full {refused} times");
    assert!(fixture.accepts(EMAIL, NEW) && !fixture.accepts(EMAIL, OLD));
}

/// Keeps every file that the service writes from growing beyond so many octets.
fn limit_files(service: &Service, octets: Option<u64>) {
    let pid = Pid::from_raw(i32::try_from(service.pid()).unwrap());
    let limit = |current| Rlimit {
        current,
        maximum: None,
    };
    prlimit(pid, Resource::Fsize, limit(octets)).unwrap();
}

/// The token was not spent by what went wrong.
fn succeeds(fixture: &Fixture, token: &str) {
    assert_eq!(fixture.confirm(token, NEW).status, 200);
    assert!(fixture.accepts(EMAIL, NEW) && !fixture.accepts(EMAIL, OLD));
}

/// Nothing that is written to a file which nobody finds any more is acknowledged, nor anything to the one in its place.
#[test]
fn a_database_that_was_replaced_is_not_written_to() {
    let fixture = Fixture::new();
    let id = fixture.user(EMAIL);
    let token = fixture.token(EMAIL);
    let file = |name: &str| fixture.path().join(name);
    let (database, copy, old) = (file("reset-password.db"), file("copy"), file("old"));
    assert_eq!(fixture.get("/readyz").status, 200);
    fixture.database.run("PRAGMA wal_checkpoint(TRUNCATE)");
    fs::copy(&database, &copy).unwrap();
    fs::rename(&database, &old).unwrap();
    fs::rename(&copy, &database).unwrap();
    let replies = [
        fixture.post(USERS, &json!({"email": "b@example.com"})),
        fixture.confirm(&token, NEW),
        fixture.confirm_in_path(&token, NEW),
        fixture.get(&format!("{USERS}/{id}")),
        fixture.get("/readyz"),
    ];
    for reply in &replies {
        assert_eq!(reply.status, 503, "{reply:?}");
        assert!(reply.body.contains("restart every process"), "{reply:?}");
        assert_eq!(reply.header("retry-after"), None, "{reply:?}");
    }
    assert_eq!(fixture.get("/healthz").status, 200);
    // A restart finds the file in its place, and the token as it was.
    let mut fixture = fixture;
    fixture.service.kill();
    for suffix in ["-wal", "-shm"] {
        let _ = fs::remove_file(fixture.path().join(format!("reset-password.db{suffix}")));
    }
    fixture.service = Service::start(fixture.path(), &[]);
    assert_eq!(fixture.get("/readyz").status, 200);
    assert_eq!(fixture.database.count("users"), 1);
    succeeds(&fixture, &token);
}
