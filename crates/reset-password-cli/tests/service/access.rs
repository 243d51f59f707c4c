//! Who may call, and what for.

use std::collections::BTreeMap;

use reset_password_test_service::{
    CONFIRM, EMAIL, Fixture, JSON, NEW, OLD, RESETS, USERS, request,
};
use serde_json::{Value, json};

use crate::sending;

const SCOPES: [&str; 8] = [
    "events:read",
    "resets:confirm",
    "resets:create",
    "resets:read",
    "users:read",
    "users:write",
    "webhooks:read",
    "webhooks:write",
];

/// One call that does something, for each operation of the description.
#[expect(clippy::too_many_lines, reason = "a call for each operation")]
fn calls(fixture: &Fixture, id: &str) -> BTreeMap<(String, String), (String, Option<String>)> {
    let reset = fixture.reset(EMAIL);
    let token = reset["password_reset_token"].as_str().unwrap();
    let reset_id = reset["id"].as_str().unwrap();
    let confirm = json!({ "token": token, "new_password": "short" });
    let call =
        |path: &str, body: Option<Value>| (path.to_owned(), body.map(|body| body.to_string()));
    let user = format!("{USERS}/{id}");
    // Nobody listens there, and nothing leaves this machine.
    let url = json!({ "endpoint_url": "https://127.0.0.1:1/" });
    let made = fixture.post("/webhook_endpoints", &url).json();
    let endpoint = format!("/webhook_endpoints/{}", made["id"].as_str().unwrap());
    [
        ("get", "/events", call("/events", None)),
        ("post", CONFIRM, call(CONFIRM, Some(confirm))),
        (
            "post",
            RESETS,
            call(RESETS, Some(json!({ "email": "nobody@example.com" }))),
        ),
        (
            "get",
            "/user_management/password_reset/{id}",
            call(&format!("{RESETS}/{reset_id}"), None),
        ),
        (
            "post",
            "/auth/reset-password/{resetToken}",
            call(
                &format!("/auth/reset-password/{token}"),
                Some(json!({ "password": "short" })),
            ),
        ),
        (
            "post",
            "/user_management/password_reset/request",
            call(
                &format!("{RESETS}/request"),
                Some(json!({ "email": "nobody@example.com" })),
            ),
        ),
        (
            "post",
            "/user_management/password_reset/check",
            call(&format!("{RESETS}/check"), Some(json!({ "token": token }))),
        ),
        (
            "post",
            "/user_management/password_reset/send",
            call(
                &format!("{RESETS}/send"),
                Some(json!({ "email": EMAIL, "password_reset_url": sending::PAGE })),
            ),
        ),
        ("get", USERS, call(USERS, None)),
        ("post", USERS, call(USERS, Some(json!({ "email": EMAIL })))),
        ("get", "/user_management/users/{id}", call(&user, None)),
        (
            "put",
            "/user_management/users/{id}",
            call(&user, Some(json!({}))),
        ),
        (
            "delete",
            "/user_management/users/{id}",
            call(&format!("{USERS}/user_x"), None),
        ),
        (
            "post",
            "/user_management/users/{id}/unlock",
            call(&format!("{user}/unlock"), None),
        ),
        (
            "get",
            "/user_management/users/external_id/{external_id}",
            call(&format!("{USERS}/external_id/x"), None),
        ),
        (
            "get",
            "/webhook_endpoints",
            call("/webhook_endpoints", None),
        ),
        (
            "post",
            "/webhook_endpoints",
            call("/webhook_endpoints", Some(url)),
        ),
        ("get", "/webhook_endpoints/{id}", call(&endpoint, None)),
        (
            "patch",
            "/webhook_endpoints/{id}",
            call(&endpoint, Some(json!({}))),
        ),
        (
            "delete",
            "/webhook_endpoints/{id}",
            call("/webhook_endpoints/we_x", None),
        ),
        (
            "post",
            "/webhook_endpoints/{id}/rotate_secret",
            call(&format!("{endpoint}/rotate_secret"), Some(json!({}))),
        ),
    ]
    .into_iter()
    .map(|(method, path, call)| ((method.to_owned(), path.to_owned()), call))
    .collect()
}

/// The matrix is made of the description of the service: whatever it describes is called with every
/// scope and with none. Tenants wait.
#[test]
fn sec90_scope_matrix() {
    let fixture = Fixture::with(&[&sending::MAIL[..], &["--webhooks-allow-private"]].concat());
    let id = fixture.user(EMAIL);
    let keys: Vec<_> = SCOPES
        .map(|scope| {
            (
                scope,
                fixture.new_key(scope)["key"].as_str().unwrap().to_owned(),
            )
        })
        .into_iter()
        .collect();
    let calls = calls(&fixture, &id);
    let document = fixture.get("/openapi.json").json();
    let mut seen = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let scopes = operation["security"].as_array().unwrap();
            if scopes.is_empty() {
                assert!(
                    ["/healthz", "/readyz"].contains(&path.as_str()),
                    "{path} is open"
                );
                continue;
            }
            let needed = scopes[0]["api_key"][0].as_str().unwrap();
            let (url, body) = &calls[&(method.clone(), path.clone())];
            let headers = |key: Option<&str>| {
                let mut headers = vec![("content-type".to_owned(), "application/json".to_owned())];
                headers
                    .extend(key.map(|key| ("authorization".to_owned(), format!("Bearer {key}"))));
                headers
            };
            let send = |key: Option<&str>| {
                let headers = headers(key);
                let headers: Vec<_> = headers
                    .iter()
                    .map(|(a, b)| (a.as_str(), b.as_str()))
                    .collect();
                let request = request(&method.to_uppercase(), url, &headers, body.as_deref());
                fixture.service.raw(request).unwrap()
            };
            let is_maia = path.starts_with("/auth/");
            let stranger = send(None);
            if is_maia {
                assert_eq!(
                    (stranger.status, stranger.json()),
                    (403, json!({ "code": 403, "message": "Forbidden" }))
                );
            } else if stranger.status != 429 {
                assert_eq!(
                    (stranger.status, stranger.json()),
                    (401, json!({ "message": "Unauthorized" }))
                );
                assert_eq!(stranger.header("www-authenticate"), Some("Bearer"));
            }
            for (scope, key) in &keys {
                let reply = send(Some(key));
                if *scope == needed {
                    assert!(
                        ![401, 403, 429].contains(&reply.status),
                        "{method} {path} {scope}: {reply:?}"
                    );
                } else {
                    assert_eq!(reply.status, 403, "{method} {path} {scope}: {reply:?}");
                }
                seen += 1;
            }
        }
    }
    assert_eq!(seen, calls.len() * SCOPES.len());
}

#[test]
fn sec89_a_key_stands_in_the_header_alone() {
    let fixture = Fixture::new();
    let key = fixture.key.as_str();
    let get = |path: &str, headers: &[(&str, &str)]| {
        fixture
            .service
            .raw(request("GET", path, headers, None))
            .unwrap()
    };
    let good = format!("Bearer {key}");
    for (path, headers) in [
        (format!("{USERS}?api_key={key}"), vec![]),
        (format!("{USERS}?access_token={key}"), vec![]),
        (
            format!("{USERS}?API_KEY={key}"),
            vec![("authorization", good.as_str())],
        ),
    ] {
        let reply = get(&path, &headers);
        assert_eq!(
            (reply.status, reply.first_error().as_str()),
            (400, "api_key_misplaced"),
            "{path}"
        );
        assert!(!reply.body.contains(key));
    }
    let cookie = format!("session={key}");
    assert_eq!(get(USERS, &[("cookie", &cookie)]).status, 400);
    let lower = format!("bearer  {key}");
    assert_eq!(get(USERS, &[("authorization", &lower)]).status, 200);
    for bad in [
        key.to_owned(),
        format!("Basic {key}"),
        format!("Bearer {key} "),
        format!("Bearer{key}"),
    ] {
        let request = request("GET", USERS, &[("authorization", &bad)], None);
        // White space at the end of a header is not part of it.
        let expected = if bad.ends_with(' ') { 200 } else { 401 };
        assert_eq!(fixture.service.raw(request).unwrap().status, expected);
    }
    let twice = [
        ("authorization", good.as_str()),
        ("authorization", good.as_str()),
    ];
    assert_eq!(get(USERS, &twice).status, 401);
    assert!(!fixture.service.log().contains(key));
    let dump = std::fs::read(fixture.database.path()).unwrap();
    let secret = &key.as_bytes()[31..];
    assert!(!dump.windows(secret.len()).any(|at| at == secret));
}

/// A new installation has no key, and nothing but its health is open.
#[test]
fn sec89_there_is_no_key_until_one_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let service = reset_password_test_service::Service::start(folder.path(), &[]);
    service.line(|line| {
        line["message"]
            .as_str()
            .unwrap_or_default()
            .contains("api-key create")
    });
    let get = |path: &str| service.raw(request("GET", path, &[], None)).unwrap();
    assert_eq!(get(USERS).status, 401);
    assert_eq!(get("/openapi.json").status, 401);
    assert_eq!((get("/healthz").status, get("/readyz").status), (200, 200));
}

/// The description is for whoever has a key, whatever its scopes, or for everybody if the operator says so.
#[test]
fn sec89_the_description_takes_a_key() {
    let fixture = Fixture::new();
    let key = fixture.new_key("events:read");
    let authorization = format!("Bearer {}", key["key"].as_str().unwrap());
    let get = |headers: &[(&str, &str)]| {
        let request = request("GET", "/openapi.json", headers, None);
        fixture.service.raw(request).unwrap()
    };
    let refused = get(&[]);
    assert_eq!(
        (refused.status, refused.json()),
        (401, json!({ "message": "Unauthorized" }))
    );
    let shown = get(&[("authorization", &authorization)]);
    assert_eq!(shown.status, 200);
    let public = Fixture::with(&["--public-openapi"]);
    let request = request("GET", "/openapi.json", &[], None);
    assert_eq!(public.service.raw(request).unwrap().json(), shown.json());
}

/// The eleventh wrong key in a minute waits; the right one goes on.
#[test]
fn sec89_wrong_keys_are_throttled() {
    let fixture = Fixture::new();
    let wrong = format!("rpk_{}_{}", "0".repeat(26), &fixture.key[31..]);
    let authorization = format!("Bearer {wrong}");
    let request = request("GET", USERS, &[("authorization", &authorization)], None);
    let statuses: Vec<_> = (0..12)
        .map(|_| fixture.service.raw(&request).unwrap())
        .collect();
    assert!(statuses[..10].iter().all(|reply| reply.status == 401));
    let over = &statuses[11];
    assert_eq!((over.status, over.code().as_str()), (429, "rate_limited"));
    let wait: u32 = over.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait));
    assert_eq!(fixture.get(USERS).status, 200);
    let line = fixture
        .service
        .line(|line| line["event"] == "excess_rate_limit_exceeded");
    assert_eq!(line["status"], json!(429));
}

/// Two services on one database stand for two nodes.
#[test]
fn sec91_key_lifecycle() {
    let fixture = Fixture::new();
    let second = reset_password_test_service::Service::start(fixture.path(), &[]);
    let made = fixture.new_key("users:read");
    let (id, key) = (made["id"].as_str().unwrap(), made["key"].as_str().unwrap());
    let call = |key: &str| {
        let authorization = format!("Bearer {key}");
        let request = request("GET", USERS, &[("authorization", &authorization)], None);
        [
            fixture.service.raw(&request).unwrap().status,
            second.raw(&request).unwrap().status,
        ]
    };
    assert_eq!(call(key), [200, 200]);
    let rotated = fixture.run(&["api-key", "rotate", id, "--overlap", "1"]);
    let new = rotated["key"].as_str().unwrap();
    assert_eq!((call(key), call(new)), ([200, 200], [200, 200]));
    fixture.sql(&format!(
        "UPDATE reset_password_api_keys SET expires_at = expires_at - 3600001 WHERE id = '{id}'"
    ));
    assert_eq!((call(key), call(new)), ([401, 401], [200, 200]));
    fixture.run(&["api-key", "revoke", rotated["id"].as_str().unwrap()]);
    assert_eq!(call(new), [401, 401]);
    let listed = fixture.run(&["api-key", "list"]);
    let listed: Vec<_> = listed["data"].as_array().unwrap().iter().collect();
    let used = listed.iter().find(|key| key["id"] == made["id"]).unwrap();
    assert!(used["last_used_at"].is_string(), "{used}");
    assert!(!listed.iter().any(|key| key.to_string().contains("rpk_")));
}

/// A key that is about to end is named in the log when the service starts.
#[test]
fn sec91_owners_are_reminded() {
    let fixture = Fixture::new();
    let made = fixture.new_key("users:read");
    let soon = format!(
        "UPDATE reset_password_api_keys SET expires_at = {}, created_at = 0 WHERE id = '{}'",
        "(SELECT max(created_at) FROM reset_password_api_keys) + 86400000",
        made["id"].as_str().unwrap()
    );
    fixture.sql(&soon);
    let second = reset_password_test_service::Service::start(fixture.path(), &[]);
    let line = second.line(|line| line["event"] == "authn_api_key_expires_soon");
    assert_eq!(line["api_key_id"], made["id"]);
}

/// Limited where the operator asks for it; the page's own limit waits for the page.
#[test]
fn sec22_confirm_throttle() {
    let fixture = Fixture::with(&["--confirm-limit", "10", "--trusted-proxy", "127.0.0.0/8"]);
    fixture.user(EMAIL);
    let token = fixture.token(EMAIL);
    let from = |client: &str, token: &str| {
        let body = json!({ "token": token, "new_password": NEW }).to_string();
        fixture.send(
            "POST",
            CONFIRM,
            &[JSON, ("x-forwarded-for", client)],
            Some(&body),
        )
    };
    for _ in 0..10 {
        assert_eq!(from("192.0.2.1", "garbage").status, 404);
    }
    let over = from("192.0.2.1", &token);
    assert_eq!((over.status, over.code().as_str()), (429, "rate_limited"));
    assert!(over.header("retry-after").is_some());
    assert!(fixture.accepts(EMAIL, OLD));
    let other = from("192.0.2.2", &token);
    assert_eq!(
        other.status, 200,
        "a 429 spent the token, or the limit is not the client's"
    );
}

/// Pages and mail scanners wait; here nothing but a POST with a password does anything.
#[test]
fn sec17_prefetch_harmless() {
    let fixture = Fixture::new();
    fixture.user(EMAIL);
    let reset = fixture.reset(EMAIL);
    let token = reset["password_reset_token"].as_str().unwrap();
    let paths = [
        format!("/auth/reset-password/{token}"),
        format!("{CONFIRM}?token_of_the_link={token}&new_password=x"),
        format!("/reset-password?link={token}"),
        format!("{RESETS}/{}", reset["id"].as_str().unwrap()),
    ];
    for path in &paths {
        for method in ["GET", "HEAD", "OPTIONS", "TRACE", "PROPFIND"] {
            for _ in 0..10 {
                let reply = fixture.send(method, path, &[("purpose", "prefetch")], None);
                assert!(
                    [200, 404, 405].contains(&reply.status),
                    "{method}: {reply:?}"
                );
            }
        }
    }
    assert_eq!(fixture.confirm(token, NEW).status, 200);
}

/// What a request says of time, and of when its token ends, is not looked at.
#[test]
fn sec12_no_time_of_a_client_counts() {
    let fixture = Fixture::new();
    fixture.user(EMAIL);
    let confirm = |token: &str, year: &str| {
        let moment = format!("{year}-01-01T00:00:00.000Z");
        let date = format!("Fri, 01 Jan {year} 00:00:00 GMT");
        let body = json!({
            "token": token, "new_password": NEW, "expires_at": moment, "created_at": moment,
            "now": moment, "timestamp": moment,
        });
        let headers = [JSON, ("date", date.as_str()), ("if-modified-since", &date)];
        let path = format!("{CONFIRM}?expires_at={moment}&now={moment}");
        fixture.send("POST", &path, &headers, Some(&body.to_string()))
    };
    let expired = fixture.expired_token(EMAIL);
    for year in ["1999", "2999"] {
        let reply = confirm(&expired, year);
        let expected = (400, "password_reset_token_expired".to_owned());
        assert_eq!((reply.status, reply.first_error()), expected, "{year}");
    }
    assert!(fixture.accepts(EMAIL, OLD));
    for year in ["1999", "2999"] {
        let live = fixture.token(EMAIL);
        assert_eq!(confirm(&live, year).status, 200, "{year}");
    }
}
