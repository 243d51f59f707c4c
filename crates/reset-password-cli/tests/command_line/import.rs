//! `users import`: exports of other systems.

use std::{fs, os::unix::fs::PermissionsExt as _};

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::fixture::{Fixture, words};

const PASSWORD: &str = "a long walk by the sea";

/// Of that password, by PHP's `password_hash`.
const HASH: &str = "$2y$04$sQmxOXD0K/bEAo8sGYvSeu5Od/DzH6JoLWNUdbZLlMcpXJi.mG2fS";

fn import(fixture: &Fixture, arguments: &str) -> Value {
    let line = format!("users import {arguments}");
    fixture.json(&words(&line), "")
}

fn counts(outcome: &Value) -> [u64; 4] {
    ["imported", "without_password", "already_there", "refused"]
        .map(|count| outcome[count].as_u64().unwrap())
}

#[test]
fn csv_is_taken_once_and_again() {
    let fixture = Fixture::new();
    fixture.write(
        "users.csv",
        format!(
            "\u{feff}email,password_hash,email_verified,name,external_id,created_at,metadata.plan\r\n\
             ada@example.com,{HASH},true,\"Lovelace, Ada\",42,2019-03-04T05:06:07Z,free\r\n\
             bob@example.com,{{SSHA}}DkMTwBl+a/3DfY5MvCQXxVH4VVc0ZXN0,f,Bob,,1577934245,\r\n\
             eve@example.com,,,,,,\r\n"
        ),
    );
    let tried = import(&fixture, "users.csv --dry-run");
    assert_eq!(counts(&tried), [3, 2, 0, 0]);
    assert_eq!(tried["dry_run"], true);
    assert_eq!(
        fixture.code(&words("user get ada@example.com"), "").1,
        "user_not_found"
    );
    let done = import(&fixture, "users.csv");
    assert_eq!(counts(&done), [3, 2, 0, 0]);
    let ada = fixture.json(&words("user get ada@example.com"), "");
    assert_eq!(ada["name"], "Lovelace, Ada");
    assert_eq!(ada["email_verified"], true);
    assert_eq!(ada["external_id"], "42");
    assert_eq!(ada["created_at"], "2019-03-04T05:06:07.000Z");
    assert_eq!(ada["metadata"], json!({ "plan": "free" }));
    let bob = fixture.json(&words("user get bob@example.com"), "");
    assert_eq!(bob["created_at"], "2020-01-02T03:04:05.000Z");
    assert_eq!(bob["credentials_changed_at"], Value::Null);
    // The same command goes on behind what is there, and changes nobody.
    for dry_run in ["", " --dry-run"] {
        let again = import(&fixture, &format!("users.csv{dry_run}"));
        assert_eq!(counts(&again), [0, 0, 3, 0]);
    }
    assert_eq!(fixture.json(&words("user get ada@example.com"), ""), ada);
    fixture.text(&words("user authenticate ada@example.com"), PASSWORD);
}

#[test]
fn what_is_refused_is_told_and_the_rest_is_taken() {
    let fixture = Fixture::new();
    fixture.write(
        "users.csv",
        format!(
            "email,password_hash,external_id,email_verified\n\
             ada@example.com,{HASH},1,\n\
             nobody,{HASH},2,\n\
             bob@example.com,$y$j9T$abc$def,3,\n\
             eve@example.com,{HASH},1,\n\
             ADA@example.com,{HASH},4,\n\
             zoe@example.com,{HASH},5,maybe\n\
             max@example.com,{HASH},6,no\n"
        ),
    );
    for dry_run in [true, false] {
        let report = format!("refused-{dry_run}.jsonl");
        let mut line = format!("users import users.csv --json --report {report}");
        if dry_run {
            line.push_str(" --dry-run");
        }
        let answer = fixture.run(&words(&line));
        assert_eq!((answer.code, answer.stderr.as_str()), (1, ""));
        let outcome = answer.document();
        assert_eq!(counts(&outcome), [2, 0, 0, 5]);
        let told: Vec<_> = outcome["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| {
                let text = |name: &str| error[name].as_str().unwrap().to_owned();
                (text("place"), text("code"))
            })
            .collect();
        let expected = [
            ("entry 2", "input_invalid"),
            ("entry 3", "invalid_password_hash"),
            ("entry 4", "external_id_already_used"),
            ("entry 5", "email_not_available"),
            ("entry 6", "input_invalid"),
        ];
        assert_eq!(
            told,
            expected.map(|(place, code)| (place.to_owned(), code.to_owned()))
        );
        let written = fs::read_to_string(fixture.path().join(report)).unwrap();
        assert_eq!(written.lines().count(), 5);
        assert!(
            !written.contains(HASH) && !written.contains("abc$def"),
            "{written}"
        );
    }
    let text = fixture.run(&words("users import users.csv"));
    assert_eq!(text.code, 1);
    assert!(text.stdout.contains("already there:"), "{text:?}");
    assert!(
        text.stdout.contains("  entry 3 (bob@example.com): "),
        "{text:?}"
    );
    assert!(!text.stdout.contains("$2y$") && !text.stderr.contains("$2y$"));
}

#[test]
fn json_in_each_of_its_forms() {
    let fields = "external_id = \"localId\"\nemail_verified = \"emailVerified\"\nname = \"displayName\"\n\
                  created_at = \"createdAt\"\npassword_hash = \"{scheme}{rest}\"\n\"metadata.kind\" = \"custom.kind\"\n";
    let rest = HASH.strip_prefix("$2y").unwrap();
    let entry = |n: u32| {
        json!({
            "localId": format!("u{n}"), "email": format!("u{n}@example.com"), "emailVerified": true,
            "displayName": null, "createdAt": "1577934245678", "scheme": "$2y", "rest": rest,
            "custom": { "kind": "gold" }, "providers": [1],
        })
    };
    let list = json!([entry(1), entry(2)]);
    let files = [
        ("a.json", list.to_string()),
        (
            "b.json",
            json!({ "version": 2, "users": list, "more": { "x": [1] } }).to_string(),
        ),
        ("c.jsonl", format!("\u{feff}{}\n\n{}\n", entry(1), entry(2))),
        ("d.ndjson", format!("{}\r\n{}", entry(1), entry(2))),
    ];
    for (name, text) in files {
        let fixture = Fixture::new();
        fixture.write(name, text);
        fixture.write("fields.toml", fields);
        let private = fixture.path().join("fields.toml");
        let line = format!("users import {name} --fields fields.toml");
        fs::set_permissions(&private, fs::Permissions::from_mode(0o644)).unwrap();
        let (exit, error) = fixture.refused(&words(&line), "");
        assert_eq!((exit, error["code"].as_str()), (3, Some("config_invalid")));
        fs::set_permissions(&private, fs::Permissions::from_mode(0o600)).unwrap();
        let (exit, error) = fixture.refused(&words(&line), "");
        assert_eq!(exit, 2);
        let message = error["message"].as_str().unwrap();
        assert!(
            message.contains("no field is made of providers"),
            "{name}: {message}"
        );

        let line = format!("{name} --fields fields.toml --ignore-others");
        assert_eq!(counts(&import(&fixture, &line)), [2, 0, 0, 0], "{name}");
        let user = fixture.json(&words("user get u2@example.com"), "");
        assert_eq!(user["external_id"], "u2");
        assert_eq!(user["metadata"], json!({ "kind": "gold" }));
        assert_eq!(user["created_at"], "2020-01-02T03:04:05.678Z");
        assert_eq!(user["email_verified"], true);
        fixture.text(&words("user authenticate u2@example.com"), PASSWORD);
    }
}

#[test]
fn a_file_that_cannot_be_read_is_told() {
    let fixture = Fixture::new();
    fixture.write("users.txt", "");
    fixture.write("nick.csv", "email,nick\na@example.com,a\n");
    fixture.write("short.csv", "email,name\na@example.com\n");
    fixture.write("latin.csv", b"email,name\na@example.com,Zo\xeb\n");
    fixture.write(
        "lines.json",
        "{\"email\":\"a@example.com\"}\n{\"email\":\"b@example.com\"}\n",
    );
    fixture.write("half.json", "[{\"email\":\"a@example.com\"},");
    fixture.write("text.jsonl", "\"a\"\n");
    fixture.write("fields.toml", "nick = \"a\"\n");
    fixture.write("long.csv", format!("email\n\"{}", "a".repeat(3 << 20)));
    fixture.write(
        "long.json",
        format!("[{{\"email\":\"{}", "a".repeat(3 << 20)),
    );
    fs::create_dir(fixture.path().join("folder.csv")).unwrap();
    for (line, sentence) in [
        ("users.txt", "give --format"),
        ("nowhere.csv", "cannot read nowhere.csv"),
        ("folder.csv", "it is no file"),
        ("/dev/null --format csv", "it is no file"),
        ("nick.csv", "no field is made of nick"),
        ("nick.csv --fields fields.toml", "there is no field nick"),
        (
            "nick.csv --ignore-others --report nick.csv",
            "cannot make nick.csv",
        ),
        ("short.csv", "entry 1 has 1 fields, and the first line 2"),
        ("latin.csv", "entry 1 is not in UTF-8"),
        ("lines.json", "give --format jsonl"),
        ("half.json", "not a JSON list"),
        ("text.jsonl", "line 1 is not a JSON object"),
        ("long.csv", "longer than 1 MiB"),
        ("long.json", "longer than 1 MiB"),
    ] {
        let answer = fixture.run(&words(&format!("users import {line}")));
        assert_eq!(answer.code, 2, "{line}: {answer:?}");
        assert!(answer.stderr.contains(sentence), "{line}: {answer:?}");
    }
}

#[test]
fn a_table_of_another_system_takes_none() {
    let fixture = Fixture::new();
    let database = Connection::open(fixture.path().join("reset-password.db")).unwrap();
    let table = "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL, password TEXT)";
    database.execute(table, ()).unwrap();
    fixture.write("users.csv", "email\nada@example.com\n");
    for line in [
        "users import users.csv --users own",
        "users import users.csv --users own --dry-run",
    ] {
        assert_eq!(
            fixture.code(&words(line), ""),
            (3, "unsupported".to_owned())
        );
    }
}

#[test]
fn a_users_table_is_tried() {
    let fixture = Fixture::new();
    let database = Connection::open(fixture.path().join("reset-password.db")).unwrap();
    database
        .execute_batch(
            "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL, password TEXT)",
        )
        .unwrap();
    let check = |line: &str| fixture.json(&words(line), "");
    let empty = check("users check --users own");
    assert_eq!(empty["rehearsed"], false);
    assert!(
        empty["warnings"][0]
            .as_str()
            .unwrap()
            .contains("add an index of email")
    );
    database
        .execute_batch(
            "INSERT INTO users VALUES (1, 'ada@example.com', 'x');
             CREATE UNIQUE INDEX users_email ON users (email);
             CREATE TABLE copies (password TEXT);
             CREATE TRIGGER copy AFTER UPDATE ON users BEGIN INSERT INTO copies VALUES (new.password); END",
        )
        .unwrap();
    let tried = check("users check --users own");
    assert_eq!(tried["rehearsed"], true);
    let warnings = tried["warnings"].as_array().unwrap();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(
        warnings[0]
            .as_str()
            .unwrap()
            .contains("triggers that run in the transaction of a reset (copy)")
    );
    // Nothing is left of it: no link, no event, no copy, the same hash.
    let count = |question: &str| {
        database
            .query_row(question, (), |row| row.get::<_, i64>(0))
            .unwrap()
    };
    for table in ["reset_password_resets", "reset_password_events", "copies"] {
        assert_eq!(
            count(&format!("SELECT count(*) FROM {table}")),
            0,
            "{table}"
        );
    }
    assert_eq!(count("SELECT count(*) FROM users WHERE password = 'x'"), 1);

    // What the database refuses of a reset is found.
    for (trigger, sentence) in [
        (
            "BEFORE UPDATE ON users BEGIN SELECT RAISE(ABORT, 'frozen for the audit'); END",
            "frozen for the audit",
        ),
        (
            "BEFORE UPDATE ON users BEGIN SELECT RAISE(IGNORE); END",
            "did not find the row",
        ),
        (
            "AFTER UPDATE ON users BEGIN UPDATE users SET password = 'y' WHERE id = new.id; END",
            "holds something else",
        ),
    ] {
        database
            .execute_batch(&format!("DROP TRIGGER copy; CREATE TRIGGER copy {trigger}"))
            .unwrap();
        let (exit, error) = fixture.refused(&words("users check --users own"), "");
        let message = error["message"].as_str().unwrap();
        assert_eq!(
            (exit, error["code"].as_str()),
            (3, Some("config_invalid")),
            "{message}"
        );
        assert!(message.contains(sentence), "{message}");
    }
}
