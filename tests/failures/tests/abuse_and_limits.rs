//! Abuse and limits: limits that the caller chooses the key of, that are silently off, or that are not there; and
//! links that a scanner uses up.

use std::time::Duration;

use reset_password::{Code, Options, PasswordReset, blocking::UserManagement};
use reset_password_failures::{InProcess, RESET_URL, Timed, cheap, service};
use reset_password_test_service::{
    CONFIRM, EMAIL, Fixture, JSON, NEW, OLD, RESETS, Service, USERS, new_user, request,
};
use serde_json::json;

/// Everything that a client could say in order to be counted as another one.
fn disguises(n: usize) -> Vec<(String, String)> {
    let address = format!("198.51.100.{n}");
    let names = [
        "x-forwarded-for",
        "x-real-ip",
        "x-client-ip",
        "true-client-ip",
        "cf-connecting-ip",
        "x-cluster-client-ip",
        "x-originating-ip",
        "x-remote-addr",
        "fastly-client-ip",
        "user-agent",
        "x-request-id",
        "idempotency-key",
        "cookie",
        "from",
    ];
    let mut disguises: Vec<_> = names.map(|name| (name.to_owned(), address.clone())).into();
    disguises.push(("forwarded".to_owned(), format!("for={address}")));
    disguises
}

#[test]
fn row54_a_client_does_not_choose_what_it_is_counted_by() {
    let fixture = Fixture::with(&["--reset-url", RESET_URL, "--confirm-limit", "10"]);
    let _ada = fixture.user(EMAIL);
    let token = fixture.token(EMAIL);
    let confirm = |n: usize, token: &str| {
        let disguises = disguises(n);
        let mut headers: Vec<_> = disguises
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        headers.push(JSON);
        let body = json!({
            "token": token, "new_password": NEW, "email": format!("user{n}@example.com"),
            "ip": n.to_string(), "ip_address": format!("198.51.100.{n}"), "client": n.to_string(),
        });
        let path = format!("{CONFIRM}?email=user{n}@example.com&ip=198.51.100.{n}");
        fixture.send("POST", &path, &headers, Some(&body.to_string()))
    };
    for n in 0..10 {
        assert_eq!(confirm(n, &format!("garbage{n}")).status, 404);
    }
    let over = confirm(11, &token);
    assert_eq!((over.status, over.code().as_str()), (429, "rate_limited"));
    assert_eq!(
        fixture.confirm_in_path(&token, NEW).status,
        429,
        "the second form is not counted"
    );
    assert!(
        fixture.accepts(EMAIL, OLD),
        "a refused call did what it asked for"
    );
}

/// Wrong keys are counted by where they come from, not by what they say that they are.
#[test]
fn row54_wrong_keys_are_counted_by_the_socket() {
    let fixture = service();
    let guess = |n: usize| {
        let disguises = disguises(n);
        let bearer = format!(
            "Bearer rpk_{n:026}_{}",
            &fixture.key[fixture.key.len() - 43..]
        );
        let mut headers = vec![("authorization", bearer.as_str())];
        headers.extend(disguises.iter().map(|(a, b)| (a.as_str(), b.as_str())));
        fixture
            .service
            .raw(request("GET", USERS, &headers, None))
            .unwrap()
            .status
    };
    let statuses: Vec<_> = (0..13).map(guess).collect();
    assert!(
        statuses[..10].iter().all(|status| *status == 401),
        "{statuses:?}"
    );
    assert_eq!(statuses[12], 429, "{statuses:?}");
    assert_eq!(fixture.get(USERS).status, 200, "a good key is shut out");
}

/// One mailbox, one budget, however its address is typed.
#[test]
fn row54_spellings_of_an_address_share_its_limit() {
    for email in [EMAIL, "nobody@example.com"] {
        let fixture = Timed::new();
        fixture.engine.create_user(new_user(EMAIL)).unwrap();
        for _ in 0..3 {
            fixture.engine.request_password_reset(email).unwrap();
            fixture.clock.advance(Duration::from_mins(2));
        }
        let counted = fixture.database.count("requests");
        for spelling in [
            email.to_uppercase(),
            format!("  {email}\t"),
            email.replace("example", "EXAMPLE"),
        ] {
            let reset = fixture.engine.request_password_reset(&spelling).unwrap();
            assert!(reset.is_none(), "{spelling:?} has a limit of its own");
            assert_eq!(fixture.database.count("requests"), counted, "{spelling:?}");
        }
    }
}

/// The count is in the database, with what it counts: no cache that can be missing, in this process or another.
#[test]
fn row56_the_limit_is_in_the_database() {
    let fixture = InProcess::new();
    let _ada = fixture.ada();
    assert!(
        fixture
            .engine
            .request_password_reset(EMAIL)
            .unwrap()
            .is_some()
    );
    fixture.engine.close();
    assert!(
        fixture
            .engine
            .request_password_reset(EMAIL)
            .unwrap()
            .is_none(),
        "after a close"
    );
    let another = UserManagement::open(fixture.database.url(), cheap()).unwrap();
    assert!(
        another.request_password_reset(EMAIL).unwrap().is_none(),
        "in another process"
    );

    // Where it cannot be kept, there is no link; and doctor says that something is wrong.
    fixture.database.run("DELETE FROM reset_password_requests");
    let refuse = "CREATE TRIGGER refuse BEFORE INSERT ON reset_password_requests \
                  BEGIN SELECT RAISE(ABORT, 'no'); END";
    fixture.database.run(refuse);
    let before = fixture.database.state();
    let error = fixture.engine.request_password_reset(EMAIL).unwrap_err();
    assert_eq!(error.code(), Code::StorageUnavailable);
    fixture
        .database
        .run("DROP TRIGGER refuse; ALTER TABLE reset_password_requests RENAME TO gone");
    let error = fixture.engine.request_password_reset(EMAIL).unwrap_err();
    assert_eq!(error.code(), Code::StorageUnavailable);
    fixture
        .database
        .run("ALTER TABLE gone RENAME TO reset_password_requests");
    assert_eq!(fixture.database.state(), before);
    assert!(another.request_password_reset(EMAIL).unwrap().is_some());
}

/// There is no option that turns it off.
#[test]
fn row56_the_limit_cannot_be_turned_off() {
    let names = format!("{:?}", Options::default());
    for word in ["limit", "cooldown", "throttle", "cache"] {
        assert!(!names.contains(word), "{names}");
    }
    let folder = tempfile::tempdir().unwrap();
    for setting in [
        "request_limit = false",
        "cooldown = 0",
        "limits = \"off\"",
        "confirm_limit = 0",
    ] {
        let file = folder.path().join("settings.toml");
        std::fs::write(&file, setting).unwrap();
        let said = Service::refuses_to_start(folder.path(), &["--config", file.to_str().unwrap()]);
        let name = setting.split(' ').next().unwrap();
        assert!(said.contains(name), "{setting}: {said}");
    }
}

/// Somebody who asks every ten seconds for three days, for one known and one unknown address: a new link when the
/// last one has ended, copies of it within the budget, and never a moment without a link that works.
#[test]
fn row57_one_mailbox_gets_ten_copies_a_day_whoever_asks() {
    let fixture = Timed::new();
    fixture.engine.create_user(new_user(EMAIL)).unwrap();
    let unknown = "nobody@example.com";
    let (mut links, mut copies) = (Vec::<PasswordReset>::new(), Vec::new());
    for second in (0..3 * 24 * 3_600_u64).step_by(10) {
        // It would only be told to wait in between: most are left out where nothing can change.
        if second % 600 < 30 {
            let asked = |email| fixture.engine.request_password_reset(email).unwrap();
            match (asked(EMAIL), links.last()) {
                (Some(reset), Some(last)) if reset.id == last.id => copies.push(second),
                (Some(reset), _) => links.push(reset),
                (None, _) => {}
            }
            assert!(asked(unknown).is_none());
        }
        let newest = &links.last().unwrap().id;
        assert!(
            second % 600 != 0 || fixture.engine.get_password_reset(newest).is_ok(),
            "no link works in second {second}"
        );
        fixture.clock.advance(Duration::from_secs(10));
    }
    for (length, most) in [(60, 1), (3_600, 3), (24 * 3_600, 10)] {
        for from in &copies {
            let within = copies
                .iter()
                .filter(|at| (*from..from + length).contains(at))
                .count();
            assert!(within <= most, "{within} copies in {length} s");
        }
    }
    let lifetimes = 3 * 24 * 2;
    assert_eq!(links.len(), lifetimes);
    let told = |kind: &str| usize::try_from(fixture.database.told(kind)).unwrap();
    assert_eq!(told("password_reset.created"), lifetimes);
    assert_eq!(
        told("password_reset.requested"),
        lifetimes + 2 * copies.len(),
        "an unknown address has another budget"
    );
}

/// What a mail scanner, a preview or a prefetching browser does with a link, ten times over.
#[test]
fn row59_nothing_that_looks_at_a_link_uses_it_up() {
    let fixture = service();
    let _ada = fixture.user(EMAIL);
    let reset = fixture.reset(EMAIL);
    let token = reset["password_reset_token"].as_str().unwrap();
    let link = reset["password_reset_url"].as_str().unwrap();
    let on_the_page = link.strip_prefix("https://example.com").unwrap();
    let before = fixture.database.rows("resets");
    let paths = [
        on_the_page.to_owned(),
        format!("{on_the_page}&utm_source=mail"),
        format!("/auth/reset-password/{token}"),
        format!("/auth/reset-password/{token}/"),
        format!(
            "/auth/reset-password/{token}?password={}",
            NEW.replace(' ', "+")
        ),
        format!("{CONFIRM}?token_of_the_link={token}&new_password=x"),
        format!("{RESETS}/{}", reset["id"].as_str().unwrap()),
    ];
    let looks: [&[(&str, &str)]; 5] = [
        &[],
        &[
            ("purpose", "prefetch"),
            ("sec-purpose", "prefetch;prerender"),
            ("x-moz", "prefetch"),
        ],
        &[
            ("user-agent", "Mozilla/5.0 (compatible; SafeLinks)"),
            ("accept", "text/html"),
        ],
        &[
            ("origin", "https://evil.example"),
            ("access-control-request-method", "POST"),
        ],
        &[("range", "bytes=0-0"), ("if-none-match", "*")],
    ];
    for path in &paths {
        for method in [
            "GET", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "PUT", "DELETE", "PATCH",
        ] {
            for look in looks {
                let reply = fixture.send(method, path, look, None);
                assert!(
                    [200, 400, 404, 405].contains(&reply.status),
                    "{method} {path}: {reply:?}"
                );
                for header in ["access-control-allow-origin", "location", "refresh"] {
                    assert_eq!(reply.header(header), None, "{method} {path}: {reply:?}");
                }
            }
        }
        // What posts a form without having been given a password, or a key.
        for (kind, body) in [
            ("application/x-www-form-urlencoded", ""),
            ("application/json", "{}"),
        ] {
            let headers = [("content-type", kind)];
            let reply = fixture.send("POST", path, &headers, Some(body));
            assert!(
                [400, 404, 405, 415, 422].contains(&reply.status),
                "{path}: {reply:?}"
            );
        }
    }
    for form in [
        format!("password={NEW}"),
        format!("token={token}&new_password={NEW}"),
    ] {
        let form = form.replace(' ', "+");
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let path = format!("/auth/reset-password/{token}");
        let stranger = request("POST", &path, &headers, Some(&form));
        assert_eq!(fixture.service.raw(stranger).unwrap().status, 403);
    }
    assert_eq!(fixture.database.rows("resets"), before);
    assert_eq!(fixture.confirm(token, NEW).status, 200);
}
