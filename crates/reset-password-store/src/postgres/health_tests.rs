use super::*;
use crate::health::Status;

fn healthy() -> Answer {
    Answer {
        version_number: 150_004,
        version: "15.4".to_owned(),
        encoding: "UTF8".to_owned(),
        is_read_only: false,
        synchronous_commit: "on".to_owned(),
        fsync: "on".to_owned(),
        full_page_writes: "on".to_owned(),
        isolation: "read committed".to_owned(),
        is_encrypted: true,
        is_remote: true,
        user: "app".to_owned(),
        may_use: Some(true),
        may_create: Some(true),
        missing: None,
        may_shorten_trail: Some(true),
    }
}

/// What is not well: the check, the status, the message and the remedy.
fn complaints(answer: &Answer, url: &str) -> Vec<(&'static str, Status, String)> {
    let url = PostgresUrl::parse(url).unwrap();
    let findings = answer.findings(&url, "public", true).into_iter();
    let findings = findings.filter(|finding| finding.status != Status::Ok);
    findings
        .map(|finding| {
            let remedy = finding.remedy.unwrap();
            (
                finding.check,
                finding.status,
                format!("{} / {remedy}", finding.message),
            )
        })
        .collect()
}

const URL: &str = "postgres://db.example/app";

#[test]
fn a_healthy_server_is_not_complained_of() {
    assert_eq!(complaints(&healthy(), URL), []);
    for level in ["remote_write", "remote_apply"] {
        let synchronous_commit = level.to_owned();
        assert_eq!(
            complaints(
                &Answer {
                    synchronous_commit,
                    ..healthy()
                },
                URL
            ),
            []
        );
    }
}

#[test]
fn what_may_be_lost_is_an_error() {
    for level in ["off", "local"] {
        let synchronous_commit = level.to_owned();
        let found = complaints(
            &Answer {
                synchronous_commit,
                ..healthy()
            },
            URL,
        );
        let [("durability", Status::Error, text)] = &found[..] else {
            panic!("{found:?}")
        };
        assert!(
            text.contains("ALTER ROLE \"app\" SET synchronous_commit = on"),
            "{text}"
        );
    }
    let off = || "off".to_owned();
    let answer = Answer {
        fsync: off(),
        full_page_writes: off(),
        ..healthy()
    };
    assert_eq!(complaints(&answer, URL).len(), 2);
}

#[test]
fn servers_that_cannot_be_used() {
    let answer = Answer {
        version_number: 130_011,
        encoding: "LATIN1".to_owned(),
        is_read_only: true,
        ..healthy()
    };
    let found = complaints(&answer, URL);
    assert_eq!(found.len(), 3);
    assert!(
        found
            .iter()
            .all(|found| (found.0, found.1) == ("database", Status::Error))
    );
}

#[test]
fn privileges_that_are_missing() {
    let cases = [
        (
            Answer {
                may_use: None,
                ..healthy()
            },
            Status::Error,
            "does not exist",
        ),
        (
            Answer {
                may_use: Some(false),
                ..healthy()
            },
            Status::Error,
            "GRANT USAGE",
        ),
        (
            Answer {
                missing: Some("DELETE on reset_password_users".to_owned()),
                ..healthy()
            },
            Status::Error,
            "lacks DELETE on reset_password_users",
        ),
        (
            Answer {
                may_create: Some(false),
                ..healthy()
            },
            Status::Warning,
            "GRANT CREATE",
        ),
    ];
    for (answer, status, words) in cases {
        let found = complaints(&answer, URL);
        let [("privileges", found, text)] = &found[..] else {
            panic!("{found:?}")
        };
        assert!(*found == status && text.contains(words), "{text}");
    }
}

#[test]
fn what_is_not_encrypted_is_warned_of() {
    let plain = || Answer {
        is_encrypted: false,
        ..healthy()
    };
    let local = Answer {
        is_remote: false,
        ..plain()
    };
    assert_eq!(complaints(&local, "postgres://localhost/app"), []);
    let found = complaints(&local, "postgres://db.example/app?sslmode=disable");
    assert!(found[0].2.contains("sslmode=disable"), "{found:?}");
    let found = complaints(&plain(), "postgres://localhost/app");
    assert!(found[0].2.contains("pooler"), "{found:?}");
}
