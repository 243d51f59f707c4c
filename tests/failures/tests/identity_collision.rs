//! Identity collision: two addresses, or two purposes, that are taken for one.

use std::time::Duration;

use reset_password::Code;
use reset_password_failures::{InProcess, Timed, corpus::LOOKALIKES, service};
use reset_password_test_service::{
    CONFIRM, EMAIL, JSON, NEW, OLD, RESETS, USERS, new_user, request, secret,
};
use serde_json::json;

#[test]
fn row22_a_lookalike_is_somebody_else() {
    let fixture = service();
    let engine = fixture.engine();
    for (address, lookalikes) in LOOKALIKES {
        let id = fixture.user_without_password(address);
        for lookalike in *lookalikes {
            let before = fixture.database.rows("resets");
            let reply = fixture.post(RESETS, &json!({ "email": lookalike }));
            assert!([404, 422].contains(&reply.status), "{lookalike}: {reply:?}");
            if let Ok(reset) = engine.request_password_reset(lookalike) {
                assert!(reset.is_none(), "{lookalike} gets {address}'s link");
            }
            let live = "SELECT count(*) FROM reset_password_resets WHERE user_id = ";
            let live = fixture.database.value(&format!("{live}'{id}'"));
            assert_eq!(live, "0", "{lookalike}: {before}");
        }
    }
}

/// Both may even be users: the link of one goes to that one's stored address, whatever was typed.
#[test]
fn row22_the_mail_goes_to_the_stored_address_alone() {
    let fixture = service();
    let victim = fixture.user("Mike.Smith@Example.org");
    for (n, taken) in ["mİke.smith@example.org", "mıke.smith@example.org"]
        .into_iter()
        .enumerate()
    {
        let attacker = fixture.user_without_password(taken);
        let reset = fixture.reset(taken);
        assert_eq!(
            (&reset["user_id"], &reset["email"]),
            (&json!(attacker), &json!(taken)),
            "{n}"
        );
        let token = reset["password_reset_token"].as_str().unwrap();
        assert_eq!(fixture.confirm(token, NEW).status, 200);
    }
    assert!(fixture.accepts("mike.smith@example.org", OLD));
    for typed in [
        "mike.smith@example.org",
        "MIKE.SMITH@EXAMPLE.ORG",
        "  Mike.smith@example.Org\t",
    ] {
        let reset = fixture.reset(typed);
        let stored = json!("Mike.Smith@Example.org");
        assert_eq!(
            (&reset["user_id"], &reset["email"]),
            (&json!(victim), &stored),
            "{typed:?}"
        );
    }
}

/// Wherever a request may name another recipient, it is not looked at. An operation takes the address that it
/// looks up, and answers the stored one; there is nothing else that could be a recipient.
#[test]
fn row24_the_recipient_is_never_a_value_of_the_request() {
    let fixture = service();
    let id = fixture.user(EMAIL);
    let evil = "eve@evil.example";
    let mut body = json!({ "email": "ADA@example.com" });
    for field in [
        "to",
        "cc",
        "bcc",
        "recipient",
        "send_to",
        "email_address",
        "new_email",
        "contact",
        "mail",
        "reply_to",
        "Email",
        "EMAIL",
        "email[]",
        "email\u{0}",
    ] {
        body[field] = json!(evil);
    }
    body["user"] = json!({ "id": id, "email": evil });
    let target = format!("{RESETS}?to={evil}&mail={evil}");
    let headers = [
        JSON,
        ("x-email", evil),
        ("from", evil),
        ("cookie", "email=eve@evil.example"),
    ];
    let made = fixture.send("POST", &target, &headers, Some(&body.to_string()));
    assert_eq!(made.status, 201, "{made:?}");
    assert!(!made.body.contains("evil.example"), "{made:?}");
    assert_eq!(made.json()["email"], json!(EMAIL));
    let read = format!(
        "{RESETS}/{}?email={evil}",
        made.json()["id"].as_str().unwrap()
    );
    assert_eq!(fixture.get(&read).json(), made.json());

    let reset = fixture
        .engine()
        .request_password_reset(" ADA@EXAMPLE.com ")
        .unwrap()
        .unwrap();
    assert_eq!((reset.email.as_str(), reset.user_id), (EMAIL, id.clone()));

    // An address that was changed since gets no link that was made for the one before.
    let token = fixture.token(EMAIL);
    let moved = fixture.put(
        &format!("{USERS}/{id}"),
        &json!({ "email": "ada@example.net" }),
    );
    assert_eq!(moved.status, 200);
    assert_eq!(fixture.confirm(&token, NEW).status, 404);
    assert_eq!(fixture.post(RESETS, &json!({ "email": EMAIL })).status, 404);
}

/// A token sets a password, and nothing else; and nothing else that has been given out sets one.
#[test]
fn row26_a_token_has_one_purpose() {
    let fixture = service();
    let id = fixture.user(EMAIL);
    let reset = fixture.reset(EMAIL);
    let token = reset["password_reset_token"].as_str().unwrap();
    let before = fixture.database.state();
    for scheme in ["Bearer", "bearer", "Basic", "Token"] {
        let authorization = format!("{scheme} {token}");
        let headers = [("authorization", authorization.as_str())];
        for path in [USERS, "/events", &format!("{USERS}/{id}")] {
            let reply = fixture
                .service
                .raw(request("GET", path, &headers, None))
                .unwrap();
            assert!([401, 429].contains(&reply.status), "{path}: {reply:?}");
        }
    }
    for path in [format!("{USERS}/{token}"), format!("{RESETS}/{token}")] {
        assert_eq!(fixture.get(&path).status, 404, "{path}");
    }
    let event = fixture.get("/events").json()["data"][0]["id"].clone();
    // The part of an API key that is secret has the form of a token.
    let key_secret = &fixture.key[fixture.key.len() - 43..];
    for other in [
        &fixture.key,
        key_secret,
        event.as_str().unwrap(),
        reset["id"].as_str().unwrap(),
        &id,
    ] {
        let reply = fixture.post(CONFIRM, &json!({ "token": other, "new_password": NEW }));
        assert_eq!(reply.status, 404, "{reply:?}");
    }
    assert_eq!(fixture.database.state(), before);
    assert_eq!(fixture.confirm(token, NEW).status, 200);
}

/// An account that has never had a password is entered by a link as any other: the link ends when it ends, and a
/// later link does not bring the earlier one back.
#[test]
fn row26_a_link_to_a_first_password_ends_in_time() {
    let fixture = Timed::new();
    let id = fixture.engine.create_user(new_user(EMAIL)).unwrap().id;
    let first = fixture.token(EMAIL);
    fixture.clock.advance(Duration::from_mins(30));
    let error = fixture.engine.reset_password(&first, NEW).unwrap_err();
    assert_eq!(error.code(), Code::PasswordResetTokenExpired);
    let second = fixture.token(EMAIL);
    let error = fixture.engine.reset_password(&first, NEW).unwrap_err();
    assert_eq!(error.code(), Code::PasswordResetTokenNotFound);
    assert_eq!(fixture.database.hash(&id), "");
    fixture.engine.reset_password(&second, NEW).unwrap();

    let other = InProcess::new();
    other.engine.create_user(new_user(EMAIL)).unwrap();
    let foreign = other.engine.create_password_reset(EMAIL).unwrap();
    let error = fixture
        .engine
        .reset_password(secret(&foreign.password_reset_token), OLD);
    assert_eq!(error.unwrap_err().code(), Code::PasswordResetTokenNotFound);
}
