//! The call that has a link sent. What an SMTP server makes of it is shown in `tests/pages`.

use reset_password_test_service::{EMAIL, Fixture, RESETS};
use serde_json::json;

/// The page that links lead to.
pub const PAGE: &str = "https://example.com/account/reset";

/// A service that sends mail, to a server that is not there.
pub const MAIL: [&str; 8] = [
    "--smtp-url",
    "smtp://127.0.0.1:1",
    "--mail-from",
    "no-reply@example.com",
    "--mail-contact",
    "help@example.com",
    "--pages-name=Example",
    "--reset-url=https://example.com/account/reset",
];

#[test]
fn a_link_is_sent_to_whom_the_application_names() {
    let fixture = Fixture::with(&MAIL);
    let id = fixture.user(EMAIL);
    let send = |email: &str, page: &str| {
        let body = json!({ "email": email, "password_reset_url": page });
        fixture.post(&format!("{RESETS}/send"), &body)
    };
    let answer = send(EMAIL, PAGE);
    assert_eq!((answer.status, answer.body.as_str()), (201, ""));
    let waiting = "SELECT kind || ' ' || user_id FROM reset_password_messages";
    assert_eq!(fixture.sql(waiting), format!("password_reset {id}"));

    let unknown = send("nobody@example.com", PAGE);
    assert_eq!(unknown.status, 404);
    assert_eq!(unknown.json()["code"], "entity_not_found");
    let missing = fixture.post(&format!("{RESETS}/send"), &json!({ "email": EMAIL }));
    assert_eq!(
        missing.json()["errors"][0]["code"],
        "password_reset_url_string_required"
    );
    assert_eq!(
        fixture.sql("SELECT count(*) || '' FROM reset_password_messages"),
        "1"
    );
}

/// A link leads where the operator said, whatever a request says (rows 1 and 5 of public failures).
#[test]
fn sec78_a_request_does_not_choose_where_a_link_leads() {
    let fixture = Fixture::with(&MAIL);
    fixture.user(EMAIL);
    for page in [
        "https://evil.example/account/reset",
        "https://example.com/account/reset/",
        "https://example.com.evil.example/account/reset",
        "https://evil.example@example.com/account/reset",
        "http://example.com/account/reset",
        "//example.com/account/reset",
        "https://example.com/account/reset?token=x",
        "javascript:alert(1)",
    ] {
        let body = json!({ "email": EMAIL, "password_reset_url": page });
        let refused = fixture.post(&format!("{RESETS}/send"), &body);
        assert_eq!(refused.status, 422, "{page}");
        assert_eq!(
            refused.json()["errors"][0]["code"],
            "password_reset_url_invalid"
        );
    }
    assert_eq!(
        fixture.sql("SELECT count(*) || '' FROM reset_password_messages"),
        "0"
    );
    assert_eq!(
        fixture.sql("SELECT count(*) || '' FROM reset_password_resets"),
        "0"
    );
}

/// Where nobody sends it, there is no such call.
#[test]
fn without_mail_nothing_is_promised() {
    let fixture = Fixture::new();
    fixture.user(EMAIL);
    let body = json!({ "email": EMAIL, "password_reset_url": PAGE });
    let refused = fixture.post(&format!("{RESETS}/send"), &body);
    assert_eq!(
        (refused.status, &refused.json()["code"]),
        (404, &json!("not_found"))
    );
    assert_eq!(
        fixture.sql("SELECT count(*) || '' FROM reset_password_resets"),
        "0"
    );
}
