//! What the command is for, from beginning to end, in both forms of answer.

use serde_json::json;

use crate::fixture::{EMAIL, Fixture, NEW_PASSWORD, PASSWORD};

#[test]
fn a_password_is_reset() {
    let fixture = Fixture::new();
    let user = fixture.create_user();
    assert_eq!(
        (&user["object"], &user["email_verified"]),
        (&json!("user"), &json!(false))
    );
    let authenticate = ["user", "authenticate", "--email", EMAIL];
    assert_eq!(fixture.json(&authenticate, PASSWORD)["id"], user["id"]);

    let reset = fixture.json(&["reset", "create", EMAIL, "--show-link"], "");
    let token = reset["password_reset_token"].as_str().unwrap();
    assert_eq!(token.len(), 43);
    let url = format!("http://127.0.0.1:8080/reset-password?token={token}");
    assert_eq!(reset["password_reset_url"], json!(url));

    let confirm = ["reset", "confirm"];
    let (exit, error) = fixture.refused(&confirm, format!("{token}\ntoo short"));
    assert_eq!((exit, &error["code"]), (1, &json!("password_rejected")));
    assert_eq!(error["errors"][0]["code"], "password_too_short");
    assert_eq!(error["errors"][0]["minimum_length"], 15);

    let confirmed = fixture.json(&confirm, &format!("{token}\n{NEW_PASSWORD}\n"));
    assert_eq!(
        (&confirmed["id"], &confirmed["email_verified"]),
        (&user["id"], &json!(true))
    );

    assert_eq!(
        fixture.code(&authenticate, PASSWORD),
        (1, "invalid_credentials".into())
    );
    assert_eq!(fixture.json(&authenticate, NEW_PASSWORD)["id"], user["id"]);
    let again = fixture.code(&confirm, format!("{token}\n{PASSWORD}\n"));
    assert_eq!(again, (1, "password_reset_token_not_found".into()));

    let events = fixture.json(&["events"], "");
    let names: Vec<_> = events["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| &e["event"])
        .collect();
    assert_eq!(
        names,
        [
            "user.created",
            "password_reset.created",
            "password_reset.succeeded"
        ]
    );
    assert!(!events.to_string().contains(token));
}

#[test]
fn links_are_shown_only_on_request() {
    let fixture = Fixture::new();
    fixture.create_user();
    let reset = fixture.json(&["reset", "create", EMAIL], "");
    assert!(
        reset.get("password_reset_token").is_none() && reset.get("password_reset_url").is_none()
    );
    let id = reset["id"].as_str().unwrap();
    let fields: Vec<_> = reset.as_object().unwrap().keys().collect();
    assert_eq!(
        fields,
        [
            "created_at",
            "email",
            "expires_at",
            "id",
            "object",
            "user_id"
        ]
    );

    let text = fixture.text(&["reset", "get", id], "");
    assert!(!text.contains("token="), "{text}");
    assert!(
        text.contains(&format!("reset-password reset get {id} --show-link")),
        "{text}"
    );
    let text = fixture.text(&["reset", "get", id, "--show-link"], "");
    assert!(
        text.contains("password_reset_url:") && text.contains("?token="),
        "{text}"
    );
    let shown = fixture.json(&["reset", "get", id, "--show-link"], "");
    assert!(text.contains(shown["password_reset_token"].as_str().unwrap()));

    let text = fixture.text(&["reset", "create", EMAIL], "");
    assert!(
        text.starts_with("id:         password_reset_") && !text.contains("token="),
        "{text}"
    );
    let text = fixture.text(&["reset", "create", EMAIL, "--no-seal-tokens"], "");
    assert!(text.contains("make it again with --show-link"), "{text}");
    assert_eq!(
        fixture.code(&["reset", "get", id], "").1,
        "password_reset_not_found"
    );
}

#[test]
fn a_token_goes_through_a_file() {
    use std::os::unix::fs::PermissionsExt;

    let fixture = Fixture::new();
    fixture.create_user();
    let text = fixture.text(&["reset", "create", EMAIL, "--token-out", "token.txt"], "");
    assert!(text.contains("the token is in token.txt"), "{text}");
    let file = fixture.path().join("token.txt");
    let token = std::fs::read_to_string(&file).unwrap();
    assert_eq!((token.len(), token.ends_with('\n')), (44, true));
    assert_eq!(
        std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );

    let (exit, error) =
        fixture.refused(&["reset", "create", EMAIL, "--token-out", "token.txt"], "");
    assert_eq!((exit, &error["code"]), (2, &json!("input_invalid")));
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("exists already"),
        "{error}"
    );
    assert_eq!(std::fs::read_to_string(&file).unwrap(), token);

    let missing = [
        "reset",
        "create",
        "nobody@example.com",
        "--token-out",
        "none.txt",
    ];
    assert_eq!(fixture.code(&missing, ""), (1, "user_not_found".into()));
    assert!(!fixture.path().join("none.txt").exists());

    fixture.write("password.txt", NEW_PASSWORD);
    let confirm = [
        "reset",
        "confirm",
        "--token-file",
        "token.txt",
        "--password-file",
        "password.txt",
    ];
    assert!(
        fixture
            .text(&confirm, "")
            .contains("email_verified:         yes")
    );
}

#[test]
fn a_request_answers_the_same_for_every_address() {
    let fixture = Fixture::new();
    fixture.create_user();
    let known = fixture.text(&["reset", "request", EMAIL], "");
    let unknown = fixture.text(&["reset", "request", "nobody@example.com"], "");
    assert_eq!(known, unknown);
    assert_eq!(known, "if the address belongs to a user, a link was made\n");
    let again = fixture.json(&["reset", "request", EMAIL], "");
    assert_eq!(again, json!({ "requested": true }));
    let shown = fixture.json(&["reset", "request", EMAIL, "--show-link"], "");
    assert_eq!(shown, json!(null));

    fixture.json(&["user", "create", "grace@example.com"], "");
    let shown = fixture.json(
        &["reset", "request", "grace@example.com", "--show-link"],
        "",
    );
    assert_eq!(shown["password_reset_token"].as_str().unwrap().len(), 43);
    let none = fixture.text(
        &["reset", "request", "nobody@example.com", "--show-link"],
        "",
    );
    assert!(none.starts_with("no link was made"), "{none}");
}

#[test]
fn a_secret_may_come_from_anywhere_but_an_argument() {
    let fixture = Fixture::new();
    fixture.create_user();
    fixture.write("password", format!("{NEW_PASSWORD}\r\n"));
    fixture.write("nul", "a\0long walk by the sea");

    let token = fixture.token();
    fixture.text(
        &[
            "reset",
            "confirm",
            "--token-stdin",
            "--password-file",
            "password",
        ],
        &token,
    );
    fixture.text(
        &["user", "authenticate", EMAIL, "--password-file", "password"],
        "",
    );
    fixture.text(
        &["user", "authenticate", EMAIL, "--password-file", "-"],
        NEW_PASSWORD,
    );

    fixture.write("token", fixture.token());
    fixture.text(&["reset", "confirm", "--token-file", "token"], PASSWORD);
    fixture.text(&["user", "authenticate", EMAIL], &format!("{PASSWORD}\n"));

    let token = fixture.token();
    fixture.text(
        &["reset", "confirm"],
        &format!("{token}\r\n a line\nand another \n"),
    );
    fixture.text(&["user", "authenticate", EMAIL], " a line\nand another \n");
    let other = fixture.code(&["user", "authenticate", EMAIL], " a line\nand another");
    assert_eq!(other, (1, "invalid_credentials".into()));

    let nul = fixture.json(&["password", "check", "--password-file", "nul"], "");
    assert_eq!(
        nul["acceptable"], true,
        "a NUL is a character like any other"
    );
}

#[test]
fn resets_are_revoked() {
    let fixture = Fixture::new();
    fixture.create_user();
    let token = fixture.token();
    assert_eq!(
        fixture.json(&["reset", "revoke", EMAIL], ""),
        json!({ "revoked": 1 })
    );
    let dead = fixture.code(&["reset", "confirm"], format!("{token}\n{NEW_PASSWORD}"));
    assert_eq!(dead, (1, "password_reset_token_not_found".into()));
    assert_eq!(
        fixture.text(&["reset", "revoke", EMAIL], ""),
        "there was no live reset\n"
    );
    fixture.token();
    assert_eq!(
        fixture.text(&["reset", "revoke", "--all"], ""),
        "1 reset was revoked\n"
    );
}
