//! The pages, as the service shows them. What they do is shown in their own crate, and in a browser by `tests/pages`.

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

/// Every answer of a page goes by TLS for the next two years, and says so.
#[test]
fn sec69_hsts() {
    let secure = Fixture::with(&[&PAGES[..], &["--behind-tls-proxy"]].concat());
    let plain = Fixture::with(&PAGES);
    for path in [FORGOT, "/account/reset", "/account/x", "/account/expired"] {
        let hsts = "strict-transport-security";
        let said = ask(&secure, "GET", path, &[], None);
        assert_eq!(
            said.header(hsts),
            Some("max-age=63072000; includeSubDomains"),
            "{path}"
        );
        assert_eq!(
            ask(&plain, "GET", path, &[], None).header(hsts),
            None,
            "{path}"
        );
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
