//! The pages, as the service shows them. What they do is shown in their own crate, and in a browser by `tests/pages`.

use std::collections::BTreeSet;

use reset_password_test_service::{EMAIL, Fixture, NEW, Reply, USERS, request};

/// The address that the pages believe to be at.
const PAGES: [&str; 3] = [
    "--pages",
    "--pages-url=https://example.com/account",
    "--trusted-proxy=127.0.0.1/32",
];
const FORGOT: &str = "/account/forgot";

/// What a person's browser sends.
fn ask(
    fixture: &Fixture,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&str>,
) -> Reply {
    let all = [
        &[("content-type", "application/x-www-form-urlencoded")],
        headers,
    ]
    .concat();
    let request = request(method, path, &all, body);
    fixture.service.raw(&request).unwrap()
}

/// The cookie and the form of a page.
fn visit(fixture: &Fixture, path: &str) -> (String, String) {
    let page = ask(fixture, "GET", path, &[], None);
    let cookie = page.header("set-cookie").unwrap().split(';').next();
    let visit = page.body.split("name=\"visit\" value=\"").nth(1).unwrap();
    let visit = visit.split('"').next().unwrap();
    (cookie.unwrap().to_owned(), format!("visit={visit}"))
}

#[test]
fn pages_need_no_key_and_the_api_does() {
    let fixture = Fixture::with(&PAGES);
    assert_eq!(ask(&fixture, "GET", FORGOT, &[], None).status, 200);
    assert_eq!(ask(&fixture, "GET", USERS, &[], None).status, 401);
    let led = ask(&fixture, "GET", "/.well-known/change-password", &[], None);
    assert_eq!((led.status, led.header("location")), (303, Some(FORGOT)));
    for path in [
        "/forgot",
        "/account",
        "/account/",
        "/account/forgot/",
        "/account/x",
    ] {
        let missing = ask(&fixture, "GET", path, &[], None);
        assert_eq!(missing.status, 404, "{path}");
    }
    // Without them there are none.
    let without = Fixture::new();
    for path in [FORGOT, "/forgot", "/.well-known/change-password"] {
        assert_eq!(ask(&without, "GET", path, &[], None).status, 404, "{path}");
    }
}

/// A call of every route and page, by each of its methods and by one that it does not take; and of what there is not.
fn everywhere(fixture: &Fixture) -> Vec<(String, String)> {
    let document = fixture.get("/openapi.json").json();
    let mut calls = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path.replace(['{', '}'], "");
        for method in item.as_object().unwrap().keys() {
            calls.push((method.to_uppercase(), path.clone()));
        }
        calls.push(("PATCH".to_owned(), path));
    }
    assert!(calls.len() > 30, "{calls:?}");
    for path in [
        FORGOT,
        "/account/reset",
        "/account/reset?token=x",
        "/account/expired",
        "/account/done",
        "/account/not-me",
        "/account/reported",
        "/.well-known/change-password",
        // Which a cache might take for files (web cache deception).
        "/account/reset/x.css",
        "/account/reset;.js",
        "/account/reset%2Fx.css",
        "/account/reset/%0a.css",
        "/account/static/x.css",
        "/nothing",
    ] {
        for method in ["GET", "POST", "HEAD"] {
            calls.push((method.to_owned(), path.to_owned()));
        }
    }
    calls
}

/// Every answer everywhere, with a key and with a wrong one, by a page of another site; and the statuses that were among
/// them.
fn each_answer(fixture: &Fixture, hold: impl Fn(&str, &Reply)) {
    let good = format!("Bearer {}", fixture.key);
    let mut statuses = BTreeSet::new();
    for (method, path) in everywhere(fixture) {
        for key in [good.as_str(), "Bearer rpk_wrong"] {
            let headers = [
                ("authorization", key),
                ("origin", "https://good.evil.example"),
            ];
            let reply = ask(fixture, &method, &path, &headers, Some("{"));
            statuses.insert(reply.status);
            hold(&format!("{method} {path}"), &reply);
        }
    }
    for status in [200, 303, 401, 403, 404, 405, 410, 415] {
        assert!(
            statuses.contains(&status),
            "{status} is not among {statuses:?}"
        );
    }
}

/// Every answer by TLS says that the next two years go by TLS, and no other says so.
#[test]
fn sec69_hsts() {
    let hsts = |reply: &Reply| {
        let said = reply.header("strict-transport-security");
        said.map(str::to_owned)
    };
    let secure = Fixture::with(&[&PAGES[..], &["--behind-tls-proxy"]].concat());
    each_answer(&secure, |call, reply| {
        let said = "max-age=63072000; includeSubDomains".to_owned();
        assert_eq!(hsts(reply), Some(said), "{call}");
    });
    let plain = Fixture::with(&PAGES);
    each_answer(&plain, |call, reply| {
        assert_eq!(hsts(reply), None, "{call}");
    });
}

/// Nothing is kept by a cache but the files whose names say their content, and what looks like another file is none.
#[test]
fn sec68_no_store() {
    let fixture = Fixture::with(&PAGES);
    each_answer(&fixture, |call, reply| {
        assert_eq!(reply.header("cache-control"), Some("no-store"), "{call}");
        let is_bait = call.contains(".css") || call.contains(".js");
        // A client that sends many forms waits, whatever it sends them to.
        let is_none = [404, 429].contains(&reply.status);
        assert!(!is_bait || is_none, "{call}: {}", reply.status);
    });
    let page = ask(&fixture, "GET", FORGOT, &[], None).body;
    let files = page.split('"').filter(|part| part.contains("static"));
    let files: Vec<_> = files.map(|file| file.replace("&#x2f;", "/")).collect();
    assert_eq!(files.len(), 3, "{page}");
    for file in files {
        let kept = ask(&fixture, "GET", &file, &[], None);
        let caching = kept.header("cache-control").unwrap();
        assert!(
            kept.status == 200 && caching.ends_with("immutable"),
            "{file}"
        );
    }
}

/// What every answer tells a browser to do with it: nothing. An answer of the API is no document that anything runs in.
#[test]
fn sec70_header_matrix() {
    let fixture = Fixture::with(&PAGES);
    each_answer(&fixture, |call, reply| {
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
        ] {
            assert_eq!(reply.header(name), Some(value), "{call}");
        }
        let policy = reply.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'"), "{call}: {policy}");
        assert!(
            policy.contains("frame-ancestors 'none'"),
            "{call}: {policy}"
        );
        assert!(!policy.contains("unsafe"), "{call}: {policy}");
        assert!(reply.header("server").is_none(), "{call}");
        assert!(reply.header("x-powered-by").is_none(), "{call}");
        let kind = reply.header("content-type").unwrap_or_default();
        let is_page = reply.header("x-frame-options").is_some();
        if is_page {
            for (name, value) in [
                ("x-frame-options", "DENY"),
                ("cross-origin-opener-policy", "same-origin"),
                ("cross-origin-resource-policy", "same-origin"),
                ("cross-origin-embedder-policy", "require-corp"),
                ("x-robots-tag", "noindex, nofollow"),
            ] {
                assert_eq!(reply.header(name), Some(value), "{call}");
            }
            assert!(reply.header("permissions-policy").is_some(), "{call}");
        } else {
            assert!(!kind.contains("html"), "{call}: {kind}");
            assert!(!policy.contains("script"), "{call}: {policy}");
        }
        // Nobody calls it from a page of another site (CORS is off).
        for name in ["origin", "credentials", "methods", "headers"] {
            let allowed = reply.header(&format!("access-control-allow-{name}"));
            assert_eq!(allowed, None, "{call}");
        }
    });
}

/// A browser that asks whether another site's page may call is told nothing that lets it.
#[test]
fn sec73_cors() {
    let fixture = Fixture::with(&PAGES);
    for origin in [
        "https://evil.example",
        "null",
        "https://example.com",
        "https://example.com.evil.example",
        "http://example.com",
    ] {
        for (_, path) in everywhere(&fixture) {
            let headers = [
                ("origin", origin),
                ("access-control-request-method", "POST"),
                ("access-control-request-headers", "authorization"),
            ];
            let reply = ask(&fixture, "OPTIONS", &path, &headers, None);
            assert!(reply.status >= 400, "{path}: {}", reply.status);
            for name in ["origin", "credentials", "methods", "headers"] {
                let allowed = reply.header(&format!("access-control-allow-{name}"));
                assert_eq!(allowed, None, "{path} from {origin}");
            }
        }
    }
}

/// The eleventh within a minute waits; another client does not, and looking is free. Nothing that a client says of its
/// address makes it another one.
#[test]
fn sec29_ip_limits() {
    let fixture = Fixture::with(&PAGES);
    fixture.user(EMAIL);
    let (cookie, visit) = visit(&fixture, FORGOT);
    let post = |client: &str, number: u32| {
        let headers = [("cookie", cookie.as_str()), ("x-forwarded-for", client)];
        let body = format!("{visit}&email=user{number}%40example.com");
        ask(&fixture, "POST", FORGOT, &headers, Some(&body))
    };
    for number in 0..10 {
        assert_eq!(post("203.0.113.9, 192.0.2.1", number).status, 200);
    }
    for forged in [
        "203.0.113.9, 192.0.2.1",
        "203.0.113.10, 192.0.2.1",
        "192.0.2.1",
    ] {
        let refused = post(forged, 11);
        assert_eq!(refused.status, 429, "{forged}");
        let wait: u32 = refused.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=60).contains(&wait), "{wait}");
        assert!(
            refused.body.contains("Too many attempts"),
            "{}",
            refused.body
        );
    }
    assert_eq!(post("192.0.2.2", 12).status, 200);
    // All addresses of one /64 are one client.
    for number in 20..30 {
        assert_eq!(post(&format!("2001:db8::{number:x}"), number).status, 200);
    }
    assert_eq!(post("2001:db8::ffff", 31).status, 429);
    assert_eq!(
        ask(
            &fixture,
            "GET",
            FORGOT,
            &[("x-forwarded-for", "192.0.2.1")],
            None
        )
        .status,
        200
    );
    // Limits of one page are not those of another.
    let headers = [
        ("cookie", cookie.as_str()),
        ("x-forwarded-for", "192.0.2.1"),
    ];
    let set = ask(
        &fixture,
        "POST",
        "/account/reset",
        &headers,
        Some(&format!("{visit}&new_password=x")),
    );
    assert_eq!(set.status, 303);
}

/// A link, its token and an address are in no line of the log, and who sets a password by a page is.
#[test]
fn what_pages_do_is_logged_without_secrets() {
    let fixture = Fixture::with(&PAGES);
    fixture.user(EMAIL);
    let token = fixture.token(EMAIL);
    let followed = ask(
        &fixture,
        "GET",
        &format!("/account/reset?token={token}"),
        &[],
        None,
    );
    assert_eq!(
        (followed.status, followed.header("location")),
        (303, Some("/account/reset"))
    );
    let cookie = followed
        .header("set-cookie")
        .unwrap()
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let page = ask(
        &fixture,
        "GET",
        "/account/reset",
        &[("cookie", &cookie)],
        None,
    );
    let visit = page.body.split("name=\"visit\" value=\"").nth(1).unwrap();
    let visit = visit.split('"').next().unwrap();
    let body = format!("visit={visit}&new_password={}", NEW.replace(' ', "+"));
    let set = ask(
        &fixture,
        "POST",
        "/account/reset",
        &[("cookie", &cookie)],
        Some(&body),
    );
    assert_eq!(
        (set.status, set.header("location")),
        (303, Some("/account/done"))
    );
    assert!(fixture.accepts(EMAIL, NEW));
    let log = fixture.service.log_with(&set);
    for secret in [token.as_str(), EMAIL, NEW, cookie.as_str()] {
        assert!(!log.contains(secret), "{log}");
    }
    assert!(log.contains("\"event\":\"authn_password_change\""), "{log}");
    let by = fixture.sql("SELECT context FROM reset_password_events ORDER BY sequence DESC");
    assert!(by.contains("\"actor\":\"page\""), "{by}");
}
