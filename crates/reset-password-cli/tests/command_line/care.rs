//! The policy, and the care of the database.

use serde_json::json;

use crate::fixture::{EMAIL, Fixture, NEW_PASSWORD, PASSWORD};

#[test]
fn the_policy_gives_its_verdict() {
    let fixture = Fixture::new();
    let check = ["password", "check"];
    assert_eq!(
        fixture.text(&check, PASSWORD),
        "the password may be chosen\n"
    );
    assert_eq!(
        fixture.json(&check, PASSWORD),
        json!({ "acceptable": true, "errors": [] })
    );
    assert_eq!(
        std::fs::read_dir(fixture.path()).unwrap().count(),
        0,
        "no database is made"
    );

    let short = fixture.run_with(&check, "short");
    assert_eq!((short.code, short.stderr.as_str()), (1, ""));
    assert!(
        short.stdout.starts_with("the password is refused\n  "),
        "{short:?}"
    );
    let short = fixture.run_with(&["--json", "password", "check"], "short");
    assert_eq!(short.document()["errors"][0]["code"], "password_too_short");
    let binary = fixture.run_with(
        &["--json", "password", "check"],
        b"\xff\xfea long walk by the sea",
    );
    assert_eq!((binary.code, binary.stderr.as_str()), (1, ""));
    assert_eq!(
        binary.document()["errors"][0]["code"],
        "password_invalid_characters"
    );

    fixture.create_user();
    let own = fixture.run_with(&["password", "check", "--user", EMAIL, "--json"], EMAIL);
    assert_eq!(own.code, 1);
    assert_eq!(
        own.document()["errors"][0]["code"],
        "password_too_similar",
        "{own:?}"
    );
    let named = fixture.run_with(
        &["password", "check", "--service-name", "walkbythesea"],
        "walkbythesea 1234",
    );
    assert_eq!(named.code, 1, "{named:?}");
    let shorter = fixture.text(
        &["password", "check", "--password-min-length", "8"],
        "xq7-lamp",
    );
    assert_eq!(shorter, "the password may be chosen\n");
}

#[test]
fn the_database_is_cared_for() {
    let fixture = Fixture::new();
    let out_of_date = fixture.code(&["--no-migrate", "user", "list"], "");
    assert_eq!(out_of_date, (3, "config_invalid".into()));
    assert_eq!(
        fixture.text(&["migrate"], ""),
        "the database's tables were brought up to date\n"
    );
    assert_eq!(
        fixture.text(&["migrate"], ""),
        "the database's tables are up to date\n"
    );
    let again = fixture.json(&["migrate"], "");
    assert_eq!(
        (&again["object"], &again["changed"]),
        (&json!("migration"), &json!(false))
    );

    fixture.create_user();
    let token = fixture.token();
    let rotated = fixture.json(&["key", "rotate"], "");
    assert_eq!(rotated["object"], "key");
    fixture.text(&["reset", "confirm"], &format!("{token}\n{NEW_PASSWORD}"));
    assert!(
        fixture
            .text(&["key", "rotate"], "")
            .starts_with("the key is now ")
    );

    let none = json!({ "password_resets": 0, "events": 0, "requests": 0 });
    assert_eq!(fixture.json(&["purge"], ""), none);
    assert_eq!(fixture.json(&["purge", "--limit", "1"], ""), none);
    assert!(
        fixture
            .text(&["purge"], "")
            .starts_with("removed\npassword_resets: 0\n")
    );
    assert_eq!(
        fixture.code(&["purge", "--limit", "0"], ""),
        (2, "input_invalid".into())
    );

    let text = fixture.text(&["events", "--limit", "1"], "");
    assert!(
        text.starts_with("CREATED_AT") && text.contains("there are more: --after event_"),
        "{text}"
    );
    let first = fixture.json(&["events", "--limit", "1"], "");
    let after = first["list_metadata"]["after"].as_str().unwrap();
    let next = fixture.json(&["events", "--after", after], "");
    assert_eq!(next["data"][0]["event"], "password_reset.created");
    assert_eq!(
        fixture.code(&["events", "--after", "event_x"], "").1,
        "input_invalid"
    );
}

#[test]
fn the_doctor_looks_and_touches_nothing() {
    let fixture = Fixture::new();
    let missing = fixture.run(&["doctor"]);
    assert_eq!((missing.code, missing.stderr.as_str()), (1, ""));
    assert!(
        missing.stdout.contains("there is no database at "),
        "{missing:?}"
    );
    assert!(missing.stdout.contains("to mend it: "), "{missing:?}");
    assert_eq!(std::fs::read_dir(fixture.path()).unwrap().count(), 0);

    fixture.text(&["migrate"], "");
    let well = fixture.run(&["doctor"]);
    assert_eq!((well.code, well.stderr.as_str()), (0, ""), "{well:?}");
    let list = fixture.json(&["doctor"], "");
    assert_eq!(
        (&list["object"], &list["list_metadata"]["after"]),
        (&json!("list"), &json!(null))
    );
    let checks: Vec<_> = list["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| &f["check"])
        .collect();
    for check in [
        "key",
        "permissions",
        "owner",
        "durability",
        "clock",
        "parameters",
        "reset_url",
        "database",
    ] {
        assert!(checks.contains(&&json!(check)), "{check}: {checks:?}");
    }
    let local = list["data"]
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["check"] == "reset_url")
        .unwrap();
    assert_eq!(local["status"], "warning");
    assert!(local["remedy"].is_string());
}
