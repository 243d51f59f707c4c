//! What the command is for, from beginning to end, in both forms of answer.

use serde_json::json;

use crate::bed::{Bed, EMAIL, NEW_PASSWORD, PASSWORD};

#[test]
fn a_password_is_reset() {
    let bed = Bed::new();
    let user = bed.create_user();
    assert_eq!(
        (&user["object"], &user["email_verified"]),
        (&json!("user"), &json!(false))
    );
    let authenticate = ["user", "authenticate", "--email", EMAIL];
    assert_eq!(bed.json(&authenticate, PASSWORD)["id"], user["id"]);

    let reset = bed.json(&["reset", "create", EMAIL, "--show-link"], "");
    let token = reset["password_reset_token"].as_str().unwrap();
    assert_eq!(token.len(), 43);
    let url = format!("http://127.0.0.1:8080/reset-password?token={token}");
    assert_eq!(reset["password_reset_url"], json!(url));

    let confirm = ["reset", "confirm"];
    let (exit, error) = bed.refused(&confirm, format!("{token}\ntoo short"));
    assert_eq!((exit, &error["code"]), (1, &json!("password_rejected")));
    assert_eq!(error["errors"][0]["code"], "password_too_short");
    assert_eq!(error["errors"][0]["minimum_length"], 15);

    let confirmed = bed.json(&confirm, &format!("{token}\n{NEW_PASSWORD}\n"));
    assert_eq!(
        (&confirmed["id"], &confirmed["email_verified"]),
        (&user["id"], &json!(true))
    );

    assert_eq!(
        bed.code(&authenticate, PASSWORD),
        (1, "invalid_credentials".into())
    );
    assert_eq!(bed.json(&authenticate, NEW_PASSWORD)["id"], user["id"]);
    let again = bed.code(&confirm, format!("{token}\n{PASSWORD}\n"));
    assert_eq!(again, (1, "password_reset_token_not_found".into()));

    let events = bed.json(&["events"], "");
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
    let bed = Bed::new();
    bed.create_user();
    let reset = bed.json(&["reset", "create", EMAIL], "");
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

    let text = bed.text(&["reset", "get", id], "");
    assert!(!text.contains("token="), "{text}");
    assert!(
        text.contains(&format!("reset-password reset get {id} --show-link")),
        "{text}"
    );
    let text = bed.text(&["reset", "get", id, "--show-link"], "");
    assert!(
        text.contains("password_reset_url:") && text.contains("?token="),
        "{text}"
    );
    let shown = bed.json(&["reset", "get", id, "--show-link"], "");
    assert!(text.contains(shown["password_reset_token"].as_str().unwrap()));

    let text = bed.text(&["reset", "create", EMAIL], "");
    assert!(
        text.starts_with("id:         password_reset_") && !text.contains("token="),
        "{text}"
    );
    let text = bed.text(&["reset", "create", EMAIL, "--no-seal-tokens"], "");
    assert!(text.contains("make it again with --show-link"), "{text}");
    assert_eq!(
        bed.code(&["reset", "get", id], "").1,
        "password_reset_not_found"
    );
}

#[test]
fn a_token_goes_through_a_file() {
    use std::os::unix::fs::PermissionsExt;

    let bed = Bed::new();
    bed.create_user();
    let text = bed.text(&["reset", "create", EMAIL, "--token-out", "token.txt"], "");
    assert!(text.contains("the token is in token.txt"), "{text}");
    let file = bed.path().join("token.txt");
    let token = std::fs::read_to_string(&file).unwrap();
    assert_eq!((token.len(), token.ends_with('\n')), (44, true));
    assert_eq!(
        std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );

    let (exit, error) = bed.refused(&["reset", "create", EMAIL, "--token-out", "token.txt"], "");
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
    assert_eq!(bed.code(&missing, ""), (1, "user_not_found".into()));
    assert!(!bed.path().join("none.txt").exists());

    bed.write("password.txt", NEW_PASSWORD);
    let confirm = [
        "reset",
        "confirm",
        "--token-file",
        "token.txt",
        "--password-file",
        "password.txt",
    ];
    assert!(
        bed.text(&confirm, "")
            .contains("email_verified:         yes")
    );
}

#[test]
fn a_request_answers_the_same_for_every_address() {
    let bed = Bed::new();
    bed.create_user();
    let known = bed.text(&["reset", "request", EMAIL], "");
    let unknown = bed.text(&["reset", "request", "nobody@example.com"], "");
    assert_eq!(known, unknown);
    assert_eq!(known, "if the address belongs to a user, a link was made\n");
    let again = bed.json(&["reset", "request", EMAIL], "");
    assert_eq!(again, json!({ "requested": true }));
    let shown = bed.json(&["reset", "request", EMAIL, "--show-link"], "");
    assert_eq!(shown, json!(null));

    bed.json(&["user", "create", "grace@example.com"], "");
    let shown = bed.json(
        &["reset", "request", "grace@example.com", "--show-link"],
        "",
    );
    assert_eq!(shown["password_reset_token"].as_str().unwrap().len(), 43);
    let none = bed.text(
        &["reset", "request", "nobody@example.com", "--show-link"],
        "",
    );
    assert!(none.starts_with("no link was made"), "{none}");
}

#[test]
fn a_secret_may_come_from_anywhere_but_an_argument() {
    let bed = Bed::new();
    bed.create_user();
    bed.write("password", format!("{NEW_PASSWORD}\r\n"));
    bed.write("nul", "a\0long walk by the sea");

    let token = bed.token();
    bed.text(
        &[
            "reset",
            "confirm",
            "--token-stdin",
            "--password-file",
            "password",
        ],
        &token,
    );
    bed.text(
        &["user", "authenticate", EMAIL, "--password-file", "password"],
        "",
    );
    bed.text(
        &["user", "authenticate", EMAIL, "--password-file", "-"],
        NEW_PASSWORD,
    );

    bed.write("token", bed.token());
    bed.text(&["reset", "confirm", "--token-file", "token"], PASSWORD);
    bed.text(&["user", "authenticate", EMAIL], &format!("{PASSWORD}\n"));

    let token = bed.token();
    bed.text(
        &["reset", "confirm"],
        &format!("{token}\r\n a line\nand another \n"),
    );
    bed.text(&["user", "authenticate", EMAIL], " a line\nand another \n");
    let other = bed.code(&["user", "authenticate", EMAIL], " a line\nand another");
    assert_eq!(other, (1, "invalid_credentials".into()));

    let nul = bed.json(&["password", "check", "--password-file", "nul"], "");
    assert_eq!(
        nul["acceptable"], true,
        "a NUL is a character like any other"
    );
}

#[test]
fn resets_are_revoked() {
    let bed = Bed::new();
    bed.create_user();
    let token = bed.token();
    assert_eq!(
        bed.json(&["reset", "revoke", EMAIL], ""),
        json!({ "revoked": 1 })
    );
    let dead = bed.code(&["reset", "confirm"], format!("{token}\n{NEW_PASSWORD}"));
    assert_eq!(dead, (1, "password_reset_token_not_found".into()));
    assert_eq!(
        bed.text(&["reset", "revoke", EMAIL], ""),
        "there was no live reset\n"
    );
    bed.token();
    assert_eq!(
        bed.text(&["reset", "revoke", "--all"], ""),
        "1 reset was revoked\n"
    );
}
