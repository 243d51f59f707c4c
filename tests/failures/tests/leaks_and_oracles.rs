//! Leaks and oracles: what an answer, its time, a cache, a log or a page tells.

use reset_password::{CreateUser, UpdateUser};
use reset_password_failures::{
    CONFIRM, EMAIL, Fixture, InProcess, JSON, NEW, OLD, RESET_URL, RESETS, Reply, Service, Timed,
    USERS, command, long, medians, new_user, percent_encoded, request, secret,
};
use serde_json::json;

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// Whoever has no key is told the same of a known and of an unknown address: nothing.
#[test]
fn row43_a_stranger_is_told_the_same_of_every_address() {
    let fixture = Fixture::new();
    let _ada = fixture.user(EMAIL);
    let stranger = |email: &str, headers: &[(&str, &str)]| {
        let body = json!({ "email": email }).to_string();
        let headers = [headers, &[JSON]].concat();
        let request = request("POST", RESETS, &headers, Some(&body));
        fixture.service.raw(request).unwrap().compared()
    };
    let read_only = format!("Bearer {}", fixture.new_key("users:write,resets:confirm"));
    let before = fixture.database.state();
    for headers in [&[][..], &[("authorization", read_only.as_str())]] {
        let known = stranger(EMAIL, headers);
        assert!([401, 403].contains(&known.0), "{known:?}");
        assert_eq!(stranger("eve@example.com", headers), known);
    }
    assert_eq!(fixture.database.state(), before);
}

/// What a public form calls: no error for any address, the same rows with the same lengths, the same limits. It
/// answers a link or nothing, and the host says one sentence in both cases.
#[test]
fn row43_a_public_request_does_the_same_for_every_address() {
    let done_for = |asked: &str| {
        let fixture = InProcess::new();
        let _ada = fixture.ada();
        let hashed = fixture.engine.hashes_started();
        let mut made = Vec::new();
        for _ in 0..5 {
            made.push(
                fixture
                    .engine
                    .request_password_reset(asked)
                    .unwrap()
                    .is_some(),
            );
        }
        let size = |columns: &str, table: &str| {
            fixture
                .database
                .value(&format!("SELECT {columns} FROM reset_password_{table}"))
        };
        let reset = "count(*) || ' ' || sum(length(digest)) || ' ' || sum(length(fingerprint)) || ' ' \
                     || sum(length(sealed)) || ' ' || sum(length(id)) || ' ' || sum(live)";
        let done = [
            size(reset, "resets"),
            size("count(*) || ' ' || sum(length(address))", "requests"),
            size("count(*)", "events"),
            size("count(*)", "users"),
            (fixture.engine.hashes_started() - hashed).to_string(),
        ];
        (made, done)
    };
    let (known, known_done) = done_for(EMAIL);
    let (unknown, unknown_done) = done_for("eve@example.com");
    assert_eq!(known, [true, false, false, false, false]);
    assert_eq!(unknown, [false; 5]);
    assert_eq!(known_done, unknown_done);
}

/// Work is counted here: the same number of hashes. Time is measured and printed, and held against a bound in
/// the long run, where there are enough samples.
#[test]
fn row44_a_known_address_takes_no_other_time() {
    let rounds = if long() { 10_000 } else { 300 };
    let fixture = Timed::new();
    for n in 0..rounds {
        let user = new_user(&format!("known{n}@example.com"));
        fixture.engine.create_user(user).unwrap();
    }
    let ask = |who: &str, n: usize| {
        let asked = fixture
            .engine
            .request_password_reset(&format!("{who}{n}@example.com"));
        assert_eq!(asked.unwrap().is_some(), who == "known");
    };
    let [known, unknown] = medians(rounds, |n| ask("known", n), |n| ask("never", n));
    println!("a request for a known address takes {known} µs, for an unknown one {unknown} µs");
    assert_eq!(fixture.engine.hashes_started(), 0);

    let ada = CreateUser {
        password: Some(OLD.into()),
        ..new_user(EMAIL)
    };
    fixture.engine.create_user(ada).unwrap();
    fixture
        .engine
        .create_user(new_user("no-password@example.com"))
        .unwrap();
    let login = |email: &str| {
        let before = fixture.engine.hashes_started();
        let error = fixture
            .engine
            .authenticate_with_password(email, NEW)
            .unwrap_err();
        (error.to_string(), fixture.engine.hashes_started() - before)
    };
    let wrong = login(EMAIL);
    assert_eq!(wrong.1, 1);
    for email in [
        "eve@example.com",
        "no-password@example.com",
        "no address",
        "",
    ] {
        assert_eq!(login(email), wrong, "{email}");
    }
    // Each with an account of its own: of one account a few are looked at.
    let tries = if long() { 1_000 } else { 10 };
    for n in 0..tries {
        let user = CreateUser {
            password: Some(OLD.into()),
            ..new_user(&format!("wrong{n}@example.com"))
        };
        fixture.engine.create_user(user).unwrap();
    }
    let fail = |who: &str, n: usize| assert_eq!(login(&format!("{who}{n}@example.com")), wrong);
    let logins = medians(tries, |n| fail("wrong", n), |n| fail("nobody", n));
    println!(
        "a wrong password takes {} µs, an unknown address {} µs",
        logins[0], logins[1]
    );
    if long() {
        for [one, other] in [[known, unknown], logins] {
            let apart = one.abs_diff(other);
            assert!(
                apart * 20 <= one.max(other),
                "{one} and {other} µs are told apart"
            );
        }
    }
}

/// A small cache in front, which keeps whatever it may (RFC 9111, section 3).
fn may_be_kept(reply: &Reply) -> bool {
    let control = reply.header("cache-control").unwrap_or_default();
    let may = !control
        .split(',')
        .any(|directive| directive.trim() == "no-store");
    may || ["etag", "last-modified", "expires", "age"]
        .iter()
        .any(|name| reply.header(name).is_some())
}

#[test]
fn row47_no_cache_keeps_an_answer() {
    let fixture = Fixture::new();
    let id = fixture.user(EMAIL);
    let reset = fixture.reset(EMAIL);
    let token = reset["password_reset_token"].as_str().unwrap();
    let link = format!("{RESETS}/{}", reset["id"].as_str().unwrap());
    let raw = |request: String| fixture.service.raw(request).unwrap();
    let long_header = "x".repeat(20_000);
    let conditional = [
        ("if-none-match", "*"),
        ("if-modified-since", "Fri, 01 Jan 2999 00:00:00 GMT"),
    ];
    let replies = [
        fixture.get(&link),
        fixture.send("HEAD", &link, &[], None),
        fixture.send("GET", &link, &conditional, None),
        fixture.send("GET", &link, &[("range", "bytes=0-9")], None),
        fixture.get(&format!("{link}?x=.css")),
        fixture.get(&format!("{USERS}/{id}")),
        fixture.get(USERS),
        fixture.get("/events"),
        fixture.get("/healthz"),
        fixture.get("/openapi.json"),
        fixture.get("/nope.css"),
        fixture.get(&format!("/auth/reset-password/{token}")),
        fixture.confirm(token, "short"),
        fixture.confirm("garbage", NEW),
        fixture.send("POST", CONFIRM, &[JSON], Some("{")),
        fixture.send("POST", CONFIRM, &[FORM], Some("a=b")),
        fixture.send("POST", CONFIRM, &[JSON], Some(&"x".repeat(17_000))),
        raw(request("GET", USERS, &[], None)),
        raw(request("GET", USERS, &[("host", "a@b")], None)),
        raw(request("GET", USERS, &[("x-long", &long_header)], None)),
        raw("NOT HTTP\r\n\r\n".to_owned()),
        fixture.confirm(token, NEW),
    ];
    for reply in &replies {
        assert!(!may_be_kept(reply), "{reply:?}");
        assert!(![206, 304].contains(&reply.status), "{reply:?}");
    }
    let gone = fixture.get(&link);
    assert_eq!(gone.status, 404, "the same address shows what is so now");
}

/// Every dead token is answered alike, whoever it was for and whatever became of it.
#[test]
fn row48_a_dead_token_tells_nothing() {
    let fixture = Fixture::new();
    let address = |n: usize| format!("user{n}@example.com");
    let ids: Vec<_> = (0..6).map(|n| fixture.user(&address(n))).collect();
    let used = fixture.token(&address(0));
    assert_eq!(fixture.confirm(&used, NEW).status, 200);
    let replaced = fixture.token(&address(1));
    let _newer = fixture.token(&address(1));
    let revoked = fixture.token(&address(2));
    fixture
        .engine()
        .revoke_password_resets(Some(&ids[2]))
        .unwrap();
    let moved = fixture.token(&address(3));
    let change = UpdateUser {
        email: Some("new@example.com".into()),
        ..UpdateUser::default()
    };
    fixture.engine().update_user(&ids[3], change).unwrap();
    let deleted = fixture.token(&address(4));
    assert_eq!(
        fixture
            .send("DELETE", &format!("{USERS}/{}", ids[4]), &[], None)
            .status,
        202
    );
    let altered = fixture.token(&address(5));
    fixture.database.run(&format!(
        "UPDATE reset_password_resets SET expires_at = expires_at + 1 WHERE user_id = '{}'",
        ids[5]
    ));
    let never = "A".repeat(43);
    let tokens = [
        &never, "garbage", &used, &replaced, &revoked, &moved, &deleted, &altered,
    ];
    let answers = tokens.map(|token| {
        let json = fixture.confirm(token, NEW).compared();
        let in_path = fixture.confirm_in_path(token, "short").compared();
        let error = fixture.engine().reset_password(token, "short").unwrap_err();
        (json, in_path, format!("{:?}", error.info()))
    });
    assert_eq!((answers[0].0.0, answers[0].1.0), (404, 404));
    for (token, answer) in tokens.iter().zip(&answers) {
        assert_eq!(answer, &answers[0], "{token}");
        assert!(!answer.0.2.contains(token), "the token is echoed");
    }
}

/// At the highest level of every library, tokens in every place where a client may put one.
#[test]
fn row49_no_token_is_in_the_log_or_leaves_by_a_referrer() {
    let fixture = Fixture::started_by(|folder| {
        let line = Service::line(&["--reset-url", RESET_URL]);
        let mut command = command(folder, &line);
        command.env("RUST_LOG", "trace");
        Service::spawn(command)
    });
    let _ada = fixture.user(EMAIL);
    let mut tokens = Vec::new();
    let mut replies = Vec::new();
    for round in 0..2 {
        let token = fixture.token(EMAIL);
        let link = format!("{RESET_URL}?token={token}");
        let headers = [
            ("referer", link.as_str()),
            ("user-agent", token.as_str()),
            ("x-request-id", &token),
            ("idempotency-key", &token),
            ("cookie", &format!("token={token}")),
            ("x-forwarded-for", &token),
            JSON,
        ];
        for (method, path) in [
            ("GET", format!("/reset-password?token={token}")),
            ("GET", format!("/{token}")),
            ("GET", format!("{USERS}/{token}?token={token}")),
            ("GET", format!("{RESETS}/{token}")),
            ("GET", format!("/auth/reset-password/{token}")),
            (token.as_str(), "/".to_owned()),
            ("POST", format!("{CONFIRM}?token={token}")),
            ("POST", format!("/auth/reset-password/{token}/x")),
        ] {
            replies.push(fixture.send(method, &path, &headers, Some("{}")));
        }
        let short = json!({ "token": token, "new_password": "short" }).to_string();
        replies.push(fixture.send("POST", CONFIRM, &headers, Some(&short)));
        replies.push(fixture.confirm_in_path(&token, "short"));
        let password = [NEW, OLD][round];
        let done = if round == 0 {
            fixture.confirm(&token, password)
        } else {
            fixture.confirm_in_path(&token, password)
        };
        assert_eq!(done.status, 200);
        replies.push(done);
        replies.push(fixture.confirm(&token, NEW));
        tokens.push(token);
    }
    let log = fixture.service.log_with(replies.last().unwrap());
    assert!(
        log.lines().count() > replies.len(),
        "it is not the whole log"
    );
    for secret in tokens
        .iter()
        .map(String::as_str)
        .chain([NEW, OLD, EMAIL, &fixture.key])
    {
        assert!(!log.contains(secret), "a secret is in the log");
    }
    for reply in &replies {
        assert_eq!(
            reply.header("referrer-policy"),
            Some("no-referrer"),
            "{reply:?}"
        );
        assert_eq!(reply.header("location"), None, "{reply:?}");
    }
}

/// There is no page to put a script into. What is answered is JSON, which no browser takes for anything else.
#[test]
fn row51_no_answer_is_a_page() {
    let fixture = Fixture::new();
    let id = fixture.user(EMAIL);
    for script in [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "'-alert(1)-'",
        "{{7*7}}",
    ] {
        let encoded = percent_encoded(script);
        let named = fixture.put(&format!("{USERS}/{id}"), &json!({ "name": script }));
        assert_eq!(named.json()["name"], json!(script));
        let html = [("accept", "text/html"), JSON];
        for reply in [
            named,
            fixture.get(&format!("/{encoded}")),
            fixture.get(&format!("/reset-password?token={encoded}&email={encoded}")),
            fixture.get(&format!("{USERS}/external_id/{encoded}")),
            fixture.get(&format!("{USERS}/{encoded}")),
            fixture.get(&format!("{USERS}?order={encoded}")),
            fixture.get(&format!("{RESETS}/{encoded}")),
            fixture.send("GET", &format!("{USERS}/{id}"), &html, None),
            fixture.send(
                "POST",
                CONFIRM,
                &html,
                Some(&json!({ "token": script, "new_password": script }).to_string()),
            ),
            fixture.send(
                "POST",
                RESETS,
                &html,
                Some(&json!({ "email": script }).to_string()),
            ),
            fixture.send("POST", RESETS, &[FORM], Some(&format!("email={encoded}"))),
            fixture.confirm_in_path(&encoded, script),
        ] {
            let header = |name: &str| reply.header(name).unwrap_or_default().to_owned();
            assert_eq!(
                header("content-type"),
                "application/json; charset=utf-8",
                "{reply:?}"
            );
            assert_eq!(header("x-content-type-options"), "nosniff", "{reply:?}");
            assert!(
                header("content-security-policy").contains("default-src 'none'"),
                "{reply:?}"
            );
            let _json = reply.json();
            let headers = format!("{:?}", reply.headers);
            assert!(!headers.contains("alert(1)"), "{reply:?}");
        }
    }
}

/// What a host writes into a mail comes from here: no line can be begun in it.
#[test]
fn row52_nothing_that_a_mail_is_made_of_holds_a_line_break() {
    let fixture = Fixture::new();
    let id = fixture.user(EMAIL);
    let user = format!("{USERS}/{id}");
    let before = fixture.database.state();
    for evil in [
        "\r\nBcc: eve@evil.example",
        "\nBcc: eve@evil.example",
        "\rBcc: eve@evil.example",
        "\0",
        "\u{b}",
        "\u{c}",
        "\u{85}Bcc: eve@evil.example",
        "\u{7f}",
        "\u{1b}[2J",
        "\r\n\r\n<p>another body</p>",
    ] {
        for field in [
            "name",
            "first_name",
            "last_name",
            "locale",
            "external_id",
            "email",
        ] {
            let value = if field == "email" {
                format!("ada{evil}@example.com")
            } else {
                format!("Ada{evil}")
            };
            let reply = fixture.put(&user, &json!({ field: value }));
            assert_eq!(reply.status, 422, "{field} {evil:?}: {reply:?}");
            let mut body = json!({ "email": "eve@example.com" });
            body[field] = json!(value);
            let reply = fixture.post(USERS, &body);
            assert_eq!(reply.status, 422, "{field} {evil:?}: {reply:?}");
        }
        for metadata in [
            json!({ "k": format!("v{evil}") }),
            json!({ format!("k{evil}"): "v" }),
        ] {
            let reply = fixture.put(&user, &json!({ "metadata": metadata }));
            assert_eq!(reply.status, 422, "{evil:?}: {reply:?}");
        }
        let address = format!("ada@example.com{evil}x");
        assert_eq!(
            fixture.post(RESETS, &json!({ "email": address })).status,
            422,
            "{evil:?}"
        );
        let reset = fixture.engine().request_password_reset(&address);
        assert!(reset.is_err(), "{evil:?}");
    }
    let long = "A".repeat(10_000);
    assert_eq!(fixture.put(&user, &json!({ "name": long })).status, 422);
    let user = CreateUser {
        name: Some(long),
        ..new_user("eve@example.com")
    };
    assert!(fixture.engine().create_user(user).is_err());
    assert_eq!(fixture.database.state(), before);

    let reset = fixture
        .engine()
        .request_password_reset("\tada@example.com\r\n")
        .unwrap()
        .unwrap();
    let link = secret(&reset.password_reset_url);
    for text in [reset.email.as_str(), link] {
        assert!(text.bytes().all(|byte| byte.is_ascii_graphic()), "{text:?}");
    }
}
