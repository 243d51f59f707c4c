//! The audit trail: verified and exported.

use serde_json::{Value, json};

use crate::fixture::{EMAIL, Fixture};

fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Writes another word of the same length into the database's file.
fn tamper(fixture: &Fixture, word: &[u8], other: &[u8]) {
    assert_eq!(word.len(), other.len());
    let path = fixture.path().join("reset-password.db");
    let mut file = std::fs::read(&path).unwrap();
    let places: Vec<_> = file
        .windows(word.len())
        .enumerate()
        .filter_map(|(at, bytes)| (bytes == word).then_some(at))
        .collect();
    assert!(!places.is_empty());
    for at in places {
        file[at..at + word.len()].copy_from_slice(other);
    }
    std::fs::write(path, file).unwrap();
}

#[test]
fn sec86_the_trail_is_verified_and_exported() {
    let fixture = Fixture::new();
    let verify = ["audit", "verify"];
    assert_eq!(fixture.text(&verify, ""), "the trail is whole: 0 records\n");
    assert_eq!(fixture.text(&["audit", "export"], ""), "");
    fixture.create_user();
    fixture.token();
    fixture.text(&["reset", "request", "nobody@example.com"], "");
    fixture.text(&["key", "rotate"], "");
    assert_eq!(fixture.text(&verify, ""), "the trail is whole: 4 records\n");
    let verdict = fixture.json(&verify, "");
    let whole = json!({
        "object": "audit_verdict", "whole": true, "records": 4,
        "first_bad": null, "reason": null, "head": "signed", "anchor": "signed",
    });
    assert_eq!(verdict, whole);

    let exported = fixture.text(&["audit", "export"], "");
    let records = lines(&exported);
    let kinds: Vec<_> = records.iter().map(|record| &record["event"]).collect();
    assert_eq!(
        kinds,
        [
            "user.created",
            "password_reset.created",
            "password_reset.requested",
            "key.rotated"
        ]
    );
    for (record, sequence) in records.iter().zip(1..) {
        assert_eq!(
            (&record["object"], &record["sequence"]),
            (&json!("audit_record"), &json!(sequence))
        );
        assert_eq!(record["context"], json!({ "actor": "process" }));
        assert_eq!(record["chain"].as_str().unwrap().len(), 64);
    }
    assert_eq!(records[0]["data"]["email"], EMAIL);
    assert!(!exported.contains("nobody@example.com"));
    let rest = fixture.text(&["audit", "export", "--after", "2", "--json"], "");
    assert_eq!(lines(&rest), records[2..]);

    tamper(
        &fixture,
        b"password_reset.requested",
        b"password_reset.succeeded",
    );
    let altered = fixture.run(&verify);
    assert_eq!(
        (
            altered.code,
            altered.stdout.as_str(),
            altered.stderr.as_str()
        ),
        (1, "record 3 was altered\n", "")
    );
    let altered = fixture.run(&["audit", "verify", "--json"]);
    let document = altered.document();
    assert_eq!(altered.code, 1);
    assert_eq!(
        (
            &document["whole"],
            &document["first_bad"],
            &document["reason"]
        ),
        (&json!(false), &json!(3), &json!("altered"))
    );
    tamper(
        &fixture,
        b"password_reset.succeeded",
        b"password_reset.requested",
    );
    assert_eq!(fixture.run(&verify).code, 0);
    tamper(&fixture, b"audit_head", b"audit_hexd");
    let gone = fixture.run(&verify);
    let sentence = "the mark of the trail's end is missing\n";
    assert_eq!((gone.code, gone.stdout.as_str()), (1, sentence));
}

/// Whatever is done to records by SQL, the command names the first that is bad.
#[test]
fn sec86_the_first_bad_record_is_named() {
    let fixture = Fixture::new();
    fixture.create_user();
    for _ in 0..4 {
        fixture.token();
    }
    let database = fixture.path().join("reset-password.db");
    let whole = std::fs::read(&database).unwrap();
    for (statements, first_bad, reason) in [
        (
            "UPDATE reset_password_events SET data = '{}' WHERE sequence = 2",
            2,
            "altered",
        ),
        (
            "DELETE FROM reset_password_events WHERE sequence = 3",
            3,
            "missing",
        ),
        (
            "UPDATE reset_password_events SET sequence = -1 WHERE sequence = 3; \
             UPDATE reset_password_events SET sequence = 3 WHERE sequence = 4; \
             UPDATE reset_password_events SET sequence = 4 WHERE sequence = -1",
            3,
            "altered",
        ),
        (
            "DELETE FROM reset_password_events WHERE sequence > 2",
            3,
            "missing",
        ),
        ("DELETE FROM reset_password_events", 1, "missing"),
    ] {
        std::fs::write(&database, &whole).unwrap();
        assert_eq!(fixture.run(&["audit", "verify"]).code, 0, "{statements}");
        let connection = rusqlite::Connection::open(&database).unwrap();
        connection.execute_batch(statements).unwrap();
        drop(connection);
        let told = fixture.run(&["audit", "verify"]);
        let names = format!("record {first_bad} ");
        assert!(told.stdout.contains(&names), "{statements}: {told:?}");
        let found = fixture.run(&["audit", "verify", "--json"]);
        let document = found.document();
        assert_eq!((told.code, found.code), (1, 1), "{statements}");
        assert_eq!(
            (&document["first_bad"], &document["reason"]),
            (&json!(first_bad), &json!(reason)),
            "{statements}"
        );
    }
}

/// Who puts the database back, and lets it grow again, is given away by an export, and by the mark beside a key that
/// is elsewhere; `doctor` says so too.
#[test]
fn sec86_a_trail_is_held_against_what_was_exported() {
    let fixture = Fixture::new();
    fixture.create_user();
    let database = fixture.path().join("reset-password.db");
    let key = fixture.path().join("elsewhere");
    std::fs::copy(fixture.path().join("reset-password.db.key"), &key).unwrap();
    let key = key.to_str().unwrap();
    let with_key = |arguments: &[&str]| fixture.run(&[&["--key-file", key], arguments].concat());
    assert_eq!(with_key(&["audit", "verify"]).code, 0);
    let before = std::fs::read(&database).unwrap();

    fixture.token();
    assert_eq!(with_key(&["audit", "verify"]).code, 0);
    let export = fixture.path().join("audit.jsonl");
    std::fs::write(&export, fixture.text(&["audit", "export"], "")).unwrap();
    let export = export.to_str().unwrap();
    let against = ["audit", "verify", "--against", export];
    assert_eq!(
        fixture.text(&against, ""),
        "the trail is whole: 2 records\n"
    );
    fixture.token();
    assert_eq!(
        fixture.text(&against, ""),
        "the trail is whole: 3 records\n"
    );

    std::fs::write(&database, before).unwrap();
    for _ in 0..2 {
        let found = fixture.run(&[&against[..], &["--json"]].concat());
        assert_eq!(found.code, 1);
        let document = found.document();
        assert_eq!(
            (&document["first_bad"], &document["reason"]),
            (&json!(2), &json!("rolled_back"))
        );
        assert_eq!(
            fixture.run(&["audit", "verify"]).code,
            0,
            "in itself it is whole"
        );
        let marked = with_key(&["audit", "verify"]);
        assert_eq!(marked.code, 1);
        assert!(
            marked.stdout.contains("record 2, which was seen before"),
            "{}",
            marked.stdout
        );
        assert_eq!(with_key(&["doctor"]).code, 1);
        fixture.token();
    }
    for (content, word) in [
        ("{}", "line 1"),
        ("\n", "line 1"),
        ("{\"sequence\":1,\"chain\":1}", "line 1"),
    ] {
        std::fs::write(export, content).unwrap();
        let refused = fixture.run(&against);
        assert!(
            refused.code > 1 && refused.stderr.contains(word),
            "{refused:?}"
        );
    }
    let absent = fixture.run(&["audit", "verify", "--against", "absent.jsonl"]);
    assert!(
        absent.code > 1 && absent.stderr.contains("absent.jsonl"),
        "{absent:?}"
    );
}
