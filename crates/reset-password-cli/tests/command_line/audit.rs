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
