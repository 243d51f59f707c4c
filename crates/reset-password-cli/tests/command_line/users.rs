//! `user`: every command, in both forms of answer.

use serde_json::json;

use crate::fixture::{EMAIL, Fixture, PASSWORD, words};

#[test]
fn a_user_is_created_and_found() {
    let fixture = Fixture::new();
    let mut create = words(
        "user create ada@example.com --email-verified true --first-name Ada --last-name Lovelace \
         --external-id 42 --metadata plan=free --metadata note=a=b --locale en-GB --name",
    );
    create.push("Ada Lovelace");
    let user = fixture.json(&create, "");
    let id = user["id"].as_str().unwrap();
    assert_eq!(user["metadata"], json!({ "plan": "free", "note": "a=b" }));
    assert_eq!(user["email_verified"], true);
    assert_eq!(user["locale"], "en-GB");

    for name in [vec![id], vec![EMAIL], vec!["42", "--by-external-id"]] {
        let get = [&["user", "get"][..], &name].concat();
        assert_eq!(fixture.json(&get, "")["id"], id);
    }
    let text = fixture.text(&["user", "get", id], "");
    let first = format!("id:             {id}\nemail:          {EMAIL}\n");
    assert!(text.starts_with(&first), "{text}");
    assert!(text.contains("metadata:       note=a=b, plan=free\n"));
}

#[test]
fn a_user_is_changed() {
    let fixture = Fixture::new();
    let create = "user create ada@example.com --email-verified true --name Ada --metadata a=b";
    let id = fixture.json(&words(create), "")["id"].clone();
    let id = id.as_str().unwrap();

    let mut update = words("user update ada@example.com --email countess@example.com --name");
    update.push("");
    let user = fixture.json(&update, "");
    assert_eq!(user["email_verified"], false);
    assert_eq!(user["name"], json!(null));
    assert_eq!(user["metadata"], json!({ "a": "b" }));

    let update = format!("user update {id} --clear-metadata --email-verified true");
    let user = fixture.json(&words(&update), "");
    assert_eq!(user["metadata"], json!({}));
    assert_eq!(user["email_verified"], true);
    let update = format!("user update {id} --email-verified false");
    assert_eq!(
        fixture.code(&words(&update), "").1,
        "email_already_verified"
    );

    let text = fixture.text(&["user", "update", id, "--password-stdin"], PASSWORD);
    assert!(text.contains("credentials_changed_at: "), "{text}");
    fixture.text(&["user", "authenticate", "countess@example.com"], PASSWORD);
}

#[test]
fn users_are_listed() {
    let fixture = Fixture::new();
    assert_eq!(fixture.text(&["user", "list"], ""), "no users\n");
    for email in [EMAIL, "grace@example.com", "alan@example.com"] {
        fixture.json(&["user", "create", email], "");
    }
    let list = fixture.json(&words("user list --order asc --limit 2"), "");
    assert_eq!(list["object"], "list");
    let after = list["list_metadata"]["after"].as_str().unwrap();
    let rest = fixture.json(
        &words(&format!("user list --order asc --after {after}")),
        "",
    );
    assert_eq!(rest["data"][0]["email"], "alan@example.com");

    let before = rest["data"][0]["id"].as_str().unwrap();
    let before = format!("user list --order asc --limit 1 --before {before}");
    let text = fixture.text(&words(&before), "");
    assert!(text.contains("grace@example.com"), "{text}");
    assert!(text.contains("the page before: --before user_"), "{text}");

    let one = fixture.json(&words("user list --email GRACE@example.com"), "");
    assert_eq!(one["data"].as_array().unwrap().len(), 1);
}

#[test]
fn a_user_is_deleted() {
    let fixture = Fixture::new();
    let id = fixture.json(&words("user create ada@example.com --external-id 42"), "")["id"].clone();
    let id = id.as_str().unwrap();
    assert_eq!(fixture.code(&["user", "delete", id], "y\n").0, 2);
    let deleted = fixture.json(&words("user delete 42 --by-external-id --yes"), "");
    assert_eq!(
        deleted,
        json!({ "object": "user", "id": id, "deleted": true })
    );
    assert_eq!(
        fixture.code(&["user", "delete", id, "--yes"], "").1,
        "user_not_found"
    );
    fixture.create_user();
    let text = fixture.text(&["user", "delete", EMAIL, "-y"], "");
    assert!(text.starts_with("deleted user_"), "{text}");
}

/// PBKDF2-HMAC-SHA256 of `PASSWORD`, as Django writes it.
const DJANGO: &str =
    "pbkdf2_sha256$1000$saltsaltsaltsaltsalt22$AMuWXxcEtesSJz0GMpQ0JgCaa5JsT8dY2We9FhOOrbI=";

#[test]
fn a_password_hash_is_imported() {
    let fixture = Fixture::new();
    fixture.create_user();
    fixture.write("hash", "not a hash\n");
    let create = ["user", "create", "b@example.com"];
    let refused = fixture.code(
        &[&create[..], &["--password-hash-file", "hash"]].concat(),
        "",
    );
    assert_eq!(refused, (1, "invalid_password_hash".into()));
    let binary = fixture.code(
        &[&create[..], &["--password-hash-stdin"]].concat(),
        [0xff, 0xfe],
    );
    assert_eq!(binary, (1, "invalid_password_hash".into()));
    fixture.json(&[&create[..], &["--password-hash-stdin"]].concat(), DJANGO);
    fixture.text(&["user", "authenticate", "b@example.com"], PASSWORD);
    // As an editor on Windows writes it.
    fixture.write("hash", format!("\u{feff}{DJANGO}\r\n"));
    fixture.json(
        &["user", "update", EMAIL, "--password-hash-file", "hash"],
        "",
    );
    fixture.text(&["user", "authenticate", EMAIL], PASSWORD);
}
