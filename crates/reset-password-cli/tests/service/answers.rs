//! Every refusal: status, code, reasons, and nothing else.

use reset_password_test_service::{EMAIL, Fixture, JSON, NEW, RESETS, USERS};
use serde_json::{Value, json};

/// Status, code and the code of the first reason.
fn verdict(reply: &reset_password_test_service::Reply) -> (u16, String, String) {
    let body = reply.json();
    if [400, 422].contains(&reply.status) {
        let errors = body["errors"].as_array().unwrap();
        assert!(
            !errors.is_empty() && body["message"].is_string(),
            "{reply:?}"
        );
        for error in errors {
            assert!(
                error["code"].is_string() && error["message"].is_string(),
                "{reply:?}"
            );
            assert_eq!(error["field"].is_string(), reply.status == 422, "{reply:?}");
        }
    }
    assert_eq!(
        reply.header("content-type"),
        Some("application/json; charset=utf-8")
    );
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    assert_eq!(reply.header("x-request-id").unwrap().len(), 36);
    (reply.status, reply.code(), reply.first_error())
}

#[test]
fn what_is_not_there() {
    let fixture = Fixture::new();
    for (path, id) in [
        (format!("{USERS}/user_x"), "user_x"),
        (format!("{USERS}/external_id/a%20b"), "a b"),
        (format!("{RESETS}/password_reset_x"), "password_reset_x"),
    ] {
        let reply = fixture.get(&path);
        assert_eq!(
            verdict(&reply),
            (404, "entity_not_found".into(), String::new()),
            "{path}"
        );
        assert_eq!(reply.json()["entity_id"], json!(id));
    }
    let reply = fixture.post(RESETS, &json!({ "email": "nobody@example.com" }));
    assert_eq!(
        verdict(&reply),
        (404, "entity_not_found".into(), String::new())
    );
    assert_eq!(reply.json()["entity_id"], json!("nobody@example.com"));
    for path in ["/", "/nope", "/.git/config", "/metrics", "/debug"] {
        let reply = fixture.post(path, &json!({}));
        assert_eq!(
            verdict(&reply),
            (404, "not_found".into(), String::new()),
            "{path}"
        );
    }
}

#[test]
fn what_a_user_cannot_be() {
    let fixture = Fixture::new();
    let id = fixture.user(EMAIL);
    let path = format!("{USERS}/{id}");
    fixture.user("grace@example.com");
    fixture.put(&path, &json!({ "external_id": "7" }));
    let create = |body: Value| verdict(&fixture.post(USERS, &body));
    let update = |body: Value| verdict(&fixture.put(&path, &body));
    let is = |status, code: &str, first: &str| (status, code.to_owned(), first.to_owned());
    let invalid = "invalid_request_parameters";
    let taken = "email_not_available";
    assert_eq!(
        create(json!({ "email": "ADA@example.com" })),
        is(400, "user_creation_error", taken)
    );
    assert_eq!(
        update(json!({ "email": "grace@example.com" })),
        is(400, taken, taken)
    );
    let weak = is(400, "password_strength_error", "password_too_short");
    assert_eq!(
        create(json!({ "email": "x@example.com", "password": "short" })),
        weak
    );
    assert_eq!(update(json!({ "password": "short" })), weak);
    let used = "external_id_already_used";
    assert_eq!(
        create(json!({ "email": "x@example.com", "external_id": "7" })),
        is(400, used, used)
    );
    assert_eq!(create(json!({})), is(422, invalid, "email_string_required"));
    assert_eq!(
        create(json!({ "email": "" })),
        is(422, invalid, "email_string_required")
    );
    assert_eq!(
        create(json!({ "email": "x" })),
        is(422, invalid, "email_invalid")
    );
    assert_eq!(
        update(json!({ "email": "" })),
        is(422, invalid, "email_required")
    );
    assert_eq!(
        update(json!({ "metadata": { "a": 1 } })),
        is(422, invalid, "metadata_object_required")
    );
    assert_eq!(
        update(json!({ "locale": "not a tag" })),
        is(422, invalid, "locale_invalid")
    );
    assert_eq!(
        update(json!({ "email_verified": "yes" })),
        is(422, invalid, "email_verified_boolean_required")
    );
    let all = fixture.post(
        USERS,
        &json!({ "email": 1, "first_name": [], "metadata": "x", "password": {} }),
    );
    assert_eq!(all.json()["errors"].as_array().unwrap().len(), 4, "{all:?}");
    for (query, field) in [
        ("limit=0", "limit_invalid"),
        ("limit=101", "limit_invalid"),
        ("limit=ten", "limit_integer_required"),
        ("limit=%2B5", "limit_integer_required"),
        ("order=up", "order_invalid"),
        ("email=%20", "email_required"),
        ("after=user_x", "after_unknown"),
        ("before=a&after=b", "before_invalid"),
        ("organization=org_1", "organization_unsupported"),
        ("organization_id=org_1", "organization_id_unsupported"),
        ("email=a%40b.c&email=d%40e.f", "parameters_ambiguous"),
        ("email=%ff", "parameters_invalid"),
    ] {
        let reply = fixture.get(&format!("{USERS}?{query}"));
        assert_eq!(verdict(&reply), is(422, invalid, field), "{query}");
    }
    // What SDKs send for what was not given, and PHP for an empty map.
    let nothing = fixture.get(&format!(
        "{USERS}?email=&limit=&order=&before=&after=&organization="
    ));
    assert_eq!(nothing.json()["data"].as_array().unwrap().len(), 2);
    assert_eq!(fixture.put(&path, &json!({ "metadata": [] })).status, 200);
    assert_eq!(
        update(json!({ "metadata": ["a"] })),
        is(422, invalid, "metadata_object_required")
    );
    let reply = fixture.get("/events?events=user.created,user.exploded");
    assert_eq!(verdict(&reply), is(422, invalid, "events_unknown"));
}

/// Every JSON type in the place of an address, keys that stand twice, lists of addresses.
#[test]
fn sec32_typed_identifier() {
    let fixture = Fixture::new();
    fixture.user(EMAIL);
    let long = format!("{}@example.com", "a".repeat(243));
    for email in [
        json!(null),
        json!(true),
        json!(7),
        json!(["ada@example.com", "eve@example.com"]),
        json!({ "$ne": 1 }),
        json!(""),
        json!("ada@example.com,eve@example.com"),
        json!("ada@example.com;eve@example.com"),
        json!(long),
        json!("ada@example.com\u{0}"),
        json!("ada@example.com\r\nBcc: eve@example.com"),
    ] {
        let reply = fixture.post(RESETS, &json!({ "email": email }));
        assert_eq!(verdict(&reply).0, 422, "{email}");
        assert_eq!(
            reply.json()["errors"][0]["field"],
            json!("email"),
            "{email}"
        );
    }
    for (body, reason) in [
        (
            r#"{"email":"ada@example.com","email":"eve@example.com"}"#,
            "body_ambiguous",
        ),
        (
            r#"{"email":"eve@example.com","\u0065mail":"ada@example.com"}"#,
            "body_ambiguous",
        ),
        (
            r#"{"email":"ada@example.com","x":{"y":1,"y":1}}"#,
            "body_ambiguous",
        ),
        ("[]", "body_object_required"),
        ("null", "body_object_required"),
        ("\"ada@example.com\"", "body_object_required"),
    ] {
        let reply = fixture.send("POST", RESETS, &[JSON], Some(body));
        assert_eq!(
            (reply.status, verdict(&reply).2.as_str()),
            (422, reason),
            "{body}"
        );
    }
    let mut bad_utf8 = b"{\"email\":\"\xff\"}".to_vec();
    let head = format!(
        "POST {RESETS} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n",
        fixture.key,
        bad_utf8.len()
    );
    let mut request = head.into_bytes();
    request.append(&mut bad_utf8);
    let reply = fixture.service.raw(request).unwrap();
    assert_eq!(
        (reply.status, reply.first_error().as_str()),
        (400, "json_invalid")
    );
    assert_eq!(
        fixture.sql("SELECT cast(count(*) AS TEXT) FROM reset_password_resets"),
        "0"
    );
}

/// Unknown, malformed, used, replaced, revoked and tampered tokens: one status, one body, the same
/// headers. An expired one was real and says so (contract decision 7). Tenants wait.
#[test]
fn sec23_uniform_invalid() {
    let fixture = Fixture::new();
    for n in 0..5 {
        fixture.user(&format!("user{n}@example.com"));
    }
    let address = |n: usize| format!("user{n}@example.com");
    let used = fixture.token(&address(0));
    assert_eq!(fixture.confirm(&used, NEW).status, 200);
    let replaced = fixture.token(&address(1));
    fixture.token(&address(1));
    let revoked = fixture.token(&address(2));
    fixture.run(&["reset", "revoke", &address(2)]);
    let tampered = fixture.token(&address(3));
    fixture.sql("UPDATE reset_password_resets SET expires_at = expires_at + 1 WHERE live = 1");
    let unknown = format!("{}A", &used[..42]);
    let mut answers = Vec::new();
    for token in [&unknown, "malformed", &used, &replaced, &revoked, &tampered] {
        let reply = fixture.confirm(token, NEW);
        let mut headers = reply.headers;
        headers.retain(|(name, _)| name != "x-request-id" && name != "date");
        answers.push((reply.status, headers, reply.body));
    }
    assert!(
        answers.windows(2).all(|pair| pair[0] == pair[1]),
        "{answers:?}"
    );
    assert_eq!(answers[0].0, 404);
    let expired = fixture.confirm(&fixture.expired_token(&address(4)), NEW);
    let expected = (
        400,
        "password_reset_error".into(),
        "password_reset_token_expired".into(),
    );
    assert_eq!(verdict(&expired), expected);
}

/// A token has one form, also in a path: one that is percent-encoded is none, and the token goes on working.
#[test]
fn sec03_a_token_is_not_decoded() {
    let fixture = Fixture::new();
    fixture.user(EMAIL);
    let token = fixture.token(EMAIL);
    let body = json!({ "password": NEW });
    let encoded = |at: usize| {
        let (before, after) = (&token[..at], &token[at + 1..]);
        format!("{before}%{:02X}{after}", token.as_bytes()[at])
    };
    let all: Vec<_> = token.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let all = all.concat();
    for other in [
        encoded(0),
        encoded(21),
        encoded(42),
        all,
        format!("{token}%00"),
        format!("%20{token}"),
    ] {
        let reply = fixture.post(&format!("/auth/reset-password/{other}"), &body);
        assert_eq!(reply.status, 404, "{other}");
        assert_eq!(reply.json()["code"], json!(404));
    }
    let reply = fixture.post(&format!("/auth/reset-password/{token}"), &body);
    assert_eq!(reply.status, 200);
}

/// Every field that the description names is read, and refused in any other type than the described one.
#[test]
fn every_described_field_is_typed() {
    let fixture = Fixture::new();
    let id = fixture.user(EMAIL);
    let document = fixture.get("/openapi.json").json();
    let mut fields = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let content = &operation["requestBody"]["content"]["application/json"];
            let Some(name) = content["schema"]["$ref"].as_str() else {
                continue;
            };
            let schema = &document["components"]["schemas"][name.rsplit('/').next().unwrap()];
            let url = path
                .replace("{id}", &id)
                .replace("{resetToken}", &"A".repeat(43));
            for (field, described) in schema["properties"].as_object().unwrap() {
                let own = described["type"].to_string();
                for (kind, value) in [
                    ("string", json!("x")),
                    ("boolean", json!(true)),
                    ("number", json!(1.5)),
                    ("array", json!(["x"])),
                    ("object", json!({})),
                ] {
                    if own.contains(kind) {
                        continue;
                    }
                    let mut body = json!({
                        "email": EMAIL,
                        "endpoint_url": "https://example.com/",
                        "token": "x",
                        "password": NEW,
                    });
                    body[field] = value;
                    let body = body.to_string();
                    let reply = fixture.send(&method.to_uppercase(), &url, &[JSON], Some(&body));
                    let about = &reply.json()["errors"][0]["field"];
                    assert_eq!((reply.status, about), (422, &json!(field)), "{path} {body}");
                    fields += 1;
                }
            }
        }
    }
    assert!(fields > 100, "{fields}");
}
