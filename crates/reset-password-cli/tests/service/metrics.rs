//! What an operator counts.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use reset_password_test_service::{EMAIL, Fixture, NEW};

/// What is answered at a path of the operator's listener.
pub fn read(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// The value of a line, by everything that stands before it.
pub fn value(text: &str, name: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().parse().ok()
}

#[test]
fn requests_resets_refusals_hashes_and_mail_are_counted_without_anybody_s_name() {
    let fixture = Fixture::with(&["--metrics-listen=127.0.0.1:0"]);
    let line = fixture.service.line(|line| line["metrics"].is_string());
    let address = line["metrics"].as_str().unwrap().to_owned();
    let id = fixture.user(EMAIL);
    let token = fixture.token(EMAIL);
    assert_eq!(fixture.confirm(&token, "short").status, 400);
    assert_eq!(fixture.confirm(&token, NEW).status, 200);
    assert_eq!(fixture.confirm(&token, NEW).status, 404);
    let text = read(&address, "/metrics");
    assert!(text.starts_with("HTTP/1.1 200 OK\r\n"), "{text}");
    assert!(
        text.contains("content-type: application/openmetrics-text; version=1.0.0; charset=utf-8")
    );
    assert!(
        text.contains("# TYPE reset_password_http_requests counter") && text.ends_with("# EOF\n")
    );
    let confirm = "/user_management/password_reset/confirm";
    for (name, expected) in [
        (format!(r#"reset_password_http_requests_total{{method="POST",route="{confirm}",status="200"}}"#), 1.0),
        (format!(r#"reset_password_http_requests_total{{method="POST",route="{confirm}",status="400"}}"#), 1.0),
        (format!(r#"reset_password_http_request_duration_seconds_count{{route="{confirm}"}}"#), 3.0),
        (r#"reset_password_events_total{event="authn_password_change",outcome="success",reason=""}"#.to_owned(), 1.0),
        (r#"reset_password_events_total{event="authn_password_change_fail",outcome="failure",reason="password_too_short"}"#.to_owned(), 1.0),
        (r#"reset_password_events_total{event="authn_password_change_fail",outcome="failure",reason="password_reset_token_not_found"}"#.to_owned(), 1.0),
        ("reset_password_hashes_total".to_owned(), 2.0),
        ("reset_password_hashes_at_work".to_owned(), 0.0),
        ("reset_password_hashes_waiting".to_owned(), 0.0),
        ("reset_password_database_connections_in_use".to_owned(), 0.0),
        ("reset_password_database_connections_awaited".to_owned(), 0.0),
        ("reset_password_outbox_messages".to_owned(), 0.0),
    ] {
        assert_eq!(value(&text, &name), Some(expected), "{name} in {text}");
    }
    let hashing = value(&text, "reset_password_hash_time_seconds_total");
    assert!(hashing.is_some_and(|seconds| seconds > 0.0), "{text}");
    let idle = value(&text, "reset_password_database_connections_idle");
    assert!(idle.is_some_and(|idle| idle >= 1.0), "{text}");
    for secret in [EMAIL, &id, &token, NEW, "127.0.0.1", "rpk_", "api_key_"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    assert!(read(&address, "/user_management/users").starts_with("HTTP/1.1 404"));
    // The public listener has no such route.
    assert_eq!(fixture.get("/metrics").status, 404);
}
