//! What the log says, and what it never says.

use reset_password_test_service::{
    CONFIRM, EMAIL, Fixture, JSON, NEW, OLD, RESETS, Reply, USERS, request,
};
use serde_json::{Value, json};

/// The lines that tell of one request.
fn lines_of(fixture: &Fixture, reply: &Reply) -> Vec<Value> {
    let request_id = reply.header("x-request-id").unwrap();
    fixture
        .service
        .line(|line| line["request_id"] == request_id);
    let log = fixture.service.log();
    log.lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|line| line["request_id"] == request_id)
        .collect()
}

/// One request, one line: event, outcome, reason, actor, account, client. Mail, sessions, pages and
/// tenants wait.
#[expect(clippy::too_many_lines, reason = "one line for each event")]
#[test]
fn sec83_event_table() {
    let fixture = Fixture::new();
    let keys = fixture.run(&["api-key", "list"]);
    let actor = keys["data"][0]["id"].clone();
    let id = fixture.user(EMAIL);
    let user = format!("{USERS}/{id}");
    let reset = fixture.reset(EMAIL);
    let token = reset["password_reset_token"].as_str().unwrap();
    let expired = fixture.expired_token(EMAIL);
    let other = fixture.reset(EMAIL);
    let live_token = other["password_reset_token"].as_str().unwrap();
    let read_only = fixture.new_key("users:read")["key"]
        .as_str()
        .unwrap()
        .to_owned();
    let by_reader = format!("Bearer {read_only}");
    let forbidden = || {
        let headers = [("authorization", by_reader.as_str())];
        fixture
            .service
            .raw(request("DELETE", &user, &headers, None))
            .unwrap()
    };
    let stranger = || {
        fixture
            .service
            .raw(request("GET", USERS, &[], None))
            .unwrap()
    };
    let none = Value::Null;
    let about = json!(id);
    let success = "success";
    let failure = "failure";
    let change = "authn_password_change_fail";
    let unknown = "password_reset_token_not_found";
    let table: Vec<(Reply, &str, &str, Option<&str>, &Value)> = vec![
        (fixture.get(&user), "request", success, None, &about),
        (
            fixture.put(&user, &json!({ "name": "Ada" })),
            "user_updated",
            success,
            None,
            &about,
        ),
        (
            fixture.post(USERS, &json!({ "email": EMAIL })),
            "user_created",
            failure,
            Some("email_not_available"),
            &none,
        ),
        (
            fixture.get(&format!("{RESETS}/{}", other["id"].as_str().unwrap())),
            "authn_token_read",
            success,
            None,
            &about,
        ),
        (
            fixture.confirm(token, NEW),
            change,
            failure,
            Some(unknown),
            &none,
        ),
        (
            fixture.confirm("garbage", NEW),
            change,
            failure,
            Some(unknown),
            &none,
        ),
        (
            fixture.confirm(&expired, NEW),
            change,
            failure,
            Some(unknown),
            &none,
        ),
        (
            fixture.confirm(live_token, "short"),
            change,
            failure,
            Some("password_too_short"),
            &none,
        ),
        (
            fixture.confirm(live_token, NEW),
            "authn_password_change",
            success,
            None,
            &about,
        ),
        (
            fixture.post(RESETS, &json!({ "email": EMAIL })),
            "authn_token_created",
            success,
            None,
            &about,
        ),
        (
            fixture.post(RESETS, &json!({ "email": "x@example.com" })),
            "authn_token_created",
            failure,
            Some("entity_not_found"),
            &none,
        ),
        (
            fixture.post(CONFIRM, &json!({})),
            "input_validation_fail",
            failure,
            Some("token_string_required"),
            &none,
        ),
        (forbidden(), "authz_fail", failure, Some("forbidden"), &none),
        (
            stranger(),
            "authn_api_key_fail",
            failure,
            Some("unauthorized"),
            &none,
        ),
        (
            fixture.send("DELETE", &user, &[], None),
            "user_deleted",
            success,
            None,
            &about,
        ),
    ];
    for (reply, event, outcome, reason, user_id) in &table {
        let lines = lines_of(&fixture, reply);
        assert_eq!(lines.len(), 1, "{lines:?}");
        let told = &lines[0];
        assert_eq!(
            (&told["event"], &told["outcome"]),
            (&json!(event), &json!(outcome)),
            "{told}"
        );
        assert_eq!(told["reason"].as_str(), *reason, "{told}");
        assert_eq!(&told["user_id"], *user_id, "{told}");
        assert_eq!(told["status"], json!(reply.status), "{told}");
        assert_eq!(told["client"].as_str().unwrap().len(), 16, "{told}");
        assert!(told["timestamp"].as_str().unwrap().ends_with('Z'), "{told}");
        assert!(
            told["route"].is_string() && told["milliseconds"].is_u64(),
            "{told}"
        );
        if !["authz_fail", "authn_api_key_fail"].contains(event) {
            assert_eq!(told["actor"], actor, "{told}");
        }
    }
    let log = fixture.service.stop();
    assert!(
        log.contains("sys_startup") && log.contains("sys_shutdown"),
        "{log}"
    );
}

/// Twenty addresses go through every call, at the highest level of every library; none of them, and
/// nothing secret, is in the log. What answers show of a user is exactly the contract's fields.
#[test]
fn sec84_pii() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = reset_password_test_service::command(
        folder.path(),
        &["serve", "--listen", "127.0.0.1:0", "--log-format", "json"],
    );
    command.env("RUST_LOG", "trace");
    let fixture = Fixture::in_folder(folder, |_| {
        reset_password_test_service::Service::spawn(command)
    });
    let mut secrets = vec![
        fixture.key.clone(),
        fixture.key[31..].to_owned(),
        OLD.to_owned(),
        NEW.to_owned(),
    ];
    for n in 0..20 {
        let email = format!("canary{n}@example.com");
        let id = fixture.user(&email);
        let reset = fixture.reset(&email);
        let token = reset["password_reset_token"].as_str().unwrap();
        fixture.get(&format!("{USERS}?email={}", email.replace('@', "%40")));
        fixture.get(&format!("{RESETS}/{}", reset["id"].as_str().unwrap()));
        fixture.confirm(token, "short");
        assert_eq!(fixture.confirm(token, NEW).status, 200);
        fixture.confirm(token, NEW);
        fixture.send(
            "POST",
            &format!("/auth/reset-password/{token}"),
            &[JSON],
            Some(r#"{"password":"x"}"#),
        );
        fixture.put(&format!("{USERS}/{id}"), &json!({ "password": OLD }));
        fixture.post(
            RESETS,
            &json!({ "email": format!("unknown-canary{n}@example.com") }),
        );
        secrets.push(token.to_owned());
    }
    fixture.get("/events?limit=100");
    let log = fixture.service.stop();
    assert!(
        log.lines().count() > 150,
        "the log is too short to show anything"
    );
    assert!(
        log.lines()
            .all(|line| serde_json::from_str::<Value>(line).is_ok())
    );
    assert!(!log.contains("canary"), "an address is in the log");
    for secret in &secrets {
        let hex = secret
            .bytes()
            .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        let encoded = secret.replace(' ', "%20");
        for form in [secret.as_str(), &hex, &encoded, &secret.replace(' ', "+")] {
            assert!(!log.contains(form), "a secret is in the log");
        }
    }
}

/// Text that would forge or break lines, in every place that a client can put text.
#[test]
fn sec85_log_injection() {
    let fixture = Fixture::new();
    fixture.user(EMAIL);
    let forged = "x\u{1b}[31m\u{2028}\u{202e}\"}\\n{\\\"event\\\":\\\"authn_password_change\\\"";
    for evil in [
        "%0d%0a%7B%22event%22%3A1%7D",
        "%1b[2J",
        "%E2%80%A8",
        "%22%7D",
    ] {
        fixture.get(&format!("/{evil}"));
        fixture.get(&format!("{USERS}/{evil}?{evil}={evil}"));
        fixture.send(
            "POST",
            &format!("/auth/reset-password/{evil}"),
            &[JSON],
            Some("{}"),
        );
    }
    let agent = "a".repeat(8_000);
    for (name, value) in [
        ("user-agent", agent.as_str()),
        ("x-request-id", "{\"a\":1}"),
        ("x-forwarded-for", forged),
    ] {
        fixture.send(
            "POST",
            RESETS,
            &[(name, value), JSON],
            Some(&json!({ "email": forged }).to_string()),
        );
    }
    fixture.post(
        USERS,
        &json!({ "email": "x@example.com", "name": forged, "external_id": forged }),
    );
    fixture.confirm(forged, forged);
    fixture.service.raw(request("EVIL\u{1b}", "/", &[], None));
    fixture
        .service
        .raw(request("EVILMETHOD", "/", &[], None))
        .unwrap();
    let log = fixture.service.stop();
    for line in log.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        assert!(line["timestamp"].is_string() && line["message"].is_string());
        assert!(line.to_string().len() < 1_024);
    }
    for trace in ["\u{1b}", "\u{2028}", "\u{202e}", "EVIL", "aaaaaaaa", "%0d"] {
        assert!(!log.contains(trace), "{trace:?} is in the log");
    }
}

/// What the service changes stands in the trail with whoever asked for it, and the trail is whole.
#[test]
fn sec86_the_trail_names_the_caller() {
    let fixture = Fixture::new();
    let actor = fixture.run(&["api-key", "list"])["data"][0]["id"].clone();
    let id = fixture.user(EMAIL);
    let done = [
        fixture.put(&format!("{USERS}/{id}"), &json!({ "name": "Ada" })),
        fixture.confirm(&fixture.token(EMAIL), NEW),
        fixture.post(RESETS, &json!({ "email": EMAIL })),
        fixture.send("DELETE", &format!("{USERS}/{id}"), &[], None),
    ];
    let exported = reset_password_test_service::command(fixture.path(), &["audit", "export"])
        .output()
        .unwrap();
    let exported = String::from_utf8(exported.stdout).unwrap();
    let records: Vec<Value> = exported
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let kinds = [
        "user.updated",
        "password_reset.succeeded",
        "password_reset.created",
        "user.deleted",
    ];
    for (reply, kind) in done.iter().zip(kinds) {
        let request_id = reply.header("x-request-id").unwrap();
        let of_request = |record: &&Value| record["context"]["request_id"] == request_id;
        let found: Vec<_> = records.iter().filter(of_request).collect();
        assert_eq!(found.len(), 1, "{kind}: {exported}");
        let record = found[0];
        assert_eq!(
            (&record["event"], &record["context"]["actor"]),
            (&json!(kind), &actor),
            "{record}"
        );
        assert_eq!(
            record["context"]["client"].as_str().unwrap().len(),
            16,
            "{record}"
        );
    }
    assert_eq!(records[0]["event"], json!("api_key.created"));
    assert_eq!(fixture.run(&["audit", "verify"])["whole"], json!(true));
    fixture.sql(
        "UPDATE reset_password_events SET context = '{}' WHERE event = 'password_reset.succeeded'",
    );
    let verdict =
        reset_password_test_service::command(fixture.path(), &["audit", "verify", "--json"])
            .output()
            .unwrap();
    assert_eq!(verdict.status.code(), Some(1));
    let verdict: Value = serde_json::from_slice(&verdict.stdout).unwrap();
    let altered = records
        .iter()
        .find(|record| record["event"] == "password_reset.succeeded")
        .unwrap();
    assert_eq!(verdict["first_bad"], altered["sequence"]);
}
