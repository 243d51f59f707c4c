//! HTTP itself: methods, types, lengths, limits, and what is not quite HTTP.

use std::{io::Write, thread, time::Duration};

use reset_password_test_service::{
    CONFIRM, Connection, EMAIL, Fixture, JSON, NEW, RESETS, USERS, now, pause, request,
};
use serde_json::json;

/// Every route that is described, with methods that it does not have.
#[test]
fn sec94_methods_and_types() {
    let fixture = Fixture::new();
    let document = fixture.get("/openapi.json").json();
    let methods = [
        "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND",
        "COPY", "MKCOL",
    ];
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in methods {
            let known = item.get(method.to_lowercase()).is_some()
                || (method == "HEAD" && item.get("get").is_some());
            if known {
                continue;
            }
            let reply = fixture
                .service
                .raw(request(method, path, &[], None))
                .unwrap();
            assert_eq!(reply.status, 405, "{method} {path}");
            let allowed = reply.header("allow").unwrap();
            for named in allowed.split(',').filter(|named| *named != "HEAD") {
                assert!(
                    item.get(named.to_lowercase()).is_some(),
                    "{path}: {allowed}"
                );
            }
        }
    }
    // What is not described is not there, with or without a key, whatever the method.
    for path in [
        "/",
        "/.git/config",
        "/.env",
        "/metrics",
        "/debug",
        "/debug/pprof",
        "/docs",
        "/swagger-ui",
        "/admin",
        "/user_management",
    ] {
        for method in methods {
            let stranger = fixture.service.raw(request(method, path, &[], None));
            let statuses = [
                stranger.unwrap().status,
                fixture.send(method, path, &[], None).status,
            ];
            assert_eq!(statuses, [404, 404], "{method} {path}");
        }
    }
    let body = json!({ "email": EMAIL }).to_string();
    for (kind, status) in [
        ("application/json; charset=UTF-8", 404),
        ("Application/JSON;charset=\"utf-8\"", 404),
        ("application/json; charset=latin-1", 415),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("application/jsonx", 415),
        ("", 415),
    ] {
        let reply = fixture.send("POST", RESETS, &[("content-type", kind)], Some(&body));
        assert_eq!(reply.status, status, "{kind}");
    }
    assert_eq!(fixture.send("POST", RESETS, &[], Some(&body)).status, 415);
    assert_eq!(
        fixture
            .send("POST", RESETS, &[JSON, JSON], Some(&body))
            .status,
        415
    );
}

/// What two readers could read in two ways is refused, and the connection ends.
#[test]
fn sec94_ambiguous_framing() {
    let fixture = Fixture::new();
    let start = format!("POST {RESETS} HTTP/1.1\r\nHost: x\r\n");
    let chunk = "0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    for request in [
        format!("{start}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}"),
        format!("{start}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n{chunk}"),
        format!("{start}Transfer-Encoding: chunked\r\n\r\n{chunk}"),
        format!("{start}Transfer-Encoding: xchunked\r\n\r\n{chunk}"),
        format!("{start}Transfer-Encoding: chunked, identity\r\n\r\n{chunk}"),
        format!("{start}Content-Length: 5\r\nContent-Length: 6\r\n\r\n{chunk}"),
        format!("{start}Content-Length: -1\r\n\r\n{chunk}"),
        format!("{start}Content-Length: +5\r\n\r\n{chunk}"),
        format!("{start}Content-Length: 99999999999999999999\r\n\r\n{chunk}"),
        format!("{start}X-A: b\r\n c\r\n\r\n{chunk}"),
        format!("{start}X-A : b\r\n\r\n{chunk}"),
        format!("{start}X-A: b\rc\r\n\r\n{chunk}"),
        format!("{start}X-A: b\0c\r\n\r\n{chunk}"),
        format!("{start}Host: y\r\n\r\n{chunk}"),
        format!("POST {RESETS} HTTP/1.1\r\n\r\n{chunk}"),
        format!("POST {RESETS} HTTP/1.1\rHost: x\r\n\r\n{chunk}"),
        format!("POST {RESETS} HTTP/3.0\r\nHost: x\r\n\r\n{chunk}"),
        format!("\x16\x03\x01\x02\0\x01\0\x01\r\n\r\n{chunk}"),
    ] {
        let mut connection = Connection::to(&fixture.service.address);
        connection.send(&request);
        let reply = connection
            .read()
            .unwrap_or_else(|| panic!("no answer to {request:?}"));
        assert_eq!(reply.status, 400, "{request:?}: {reply:?}");
        assert_eq!(reply.code(), "invalid_request_parameters", "{request:?}");
        assert_eq!(reply.header("connection"), Some("close"), "{request:?}");
        assert_eq!(
            reply.header("x-request-id").unwrap().len(),
            36,
            "{request:?}"
        );
        assert!(
            connection.is_closed(),
            "{request:?} was followed by another"
        );
    }
    let mut other_version = Connection::to(&fixture.service.address);
    other_version.send(format!("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n{chunk}"));
    assert!(other_version.read().is_none());
    let mut pipelined = Connection::to(&fixture.service.address);
    let health = request("GET", "/healthz", &[], None);
    pipelined.send(format!("{health}{}", request("GET", "/nope", &[], None)));
    let statuses = [
        pipelined.read().unwrap().status,
        pipelined.read().unwrap().status,
    ];
    assert_eq!(statuses, [200, 404]);
}

#[test]
fn sec98_sizes_are_bounded() {
    let fixture = Fixture::new();
    let fits = |length: usize| {
        let empty = json!({ "email": "nobody@example.com", "x": "" }).to_string();
        let body = empty.replace(
            "\"x\":\"\"",
            &format!("\"x\":\"{}\"", "a".repeat(length - empty.len())),
        );
        fixture.send("POST", RESETS, &[JSON], Some(&body))
    };
    assert_eq!(fits(16_384).status, 404);
    for length in [16_385, 1 << 20, 16 << 20] {
        let reply = fits(length);
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (413, "payload_too_large"),
            "{length}"
        );
    }
    let mut polite = Connection::to(&fixture.service.address);
    polite.send(format!("POST {RESETS} HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 99999999\r\n\r\n"));
    assert_eq!(polite.read().unwrap().status, 413);
    let deep = format!("{{\"email\":{}{}}}", "[".repeat(64), "]".repeat(64));
    let reply = fixture.send("POST", RESETS, &[JSON], Some(&deep));
    assert_eq!(
        (reply.status, reply.first_error().as_str()),
        (400, "json_too_deep")
    );

    let many: Vec<_> = (0..70)
        .map(|n| (format!("x-{n}"), "1".to_owned()))
        .collect();
    let many: Vec<_> = many.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let large = "a".repeat(17_000);
    for headers in [&many[..], &[("x-large", large.as_str())]] {
        let reply = fixture
            .service
            .raw(request("GET", "/healthz", headers, None))
            .unwrap();
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (431, "headers_too_large")
        );
        assert_eq!(reply.header("x-request-id").unwrap().len(), 36);
    }
    let path = format!("/{}", "a".repeat(70_000));
    let reply = fixture
        .service
        .raw(request("GET", &path, &[], None))
        .unwrap();
    assert!([414, 431].contains(&reply.status), "{reply:?}");
    assert_eq!(reply.code(), "headers_too_large");
}

/// Heads and bodies that trickle are cut off, and others are served meanwhile. HTTP/2 is not spoken.
#[test]
fn sec98_slow_clients_are_cut_off() {
    let fixture = Fixture::with(&["--max-connections-per-client", "4096"]);
    let count = if reset_password_test_service::long() {
        1_000
    } else {
        100
    };
    raise_file_limit();
    let began = now();
    let mut slow_heads: Vec<_> = (0..count)
        .map(|_| Connection::to(&fixture.service.address))
        .collect();
    let mut slow_bodies: Vec<_> = (0..count)
        .map(|_| Connection::to(&fixture.service.address))
        .collect();
    let mut silent = Connection::to(&fixture.service.address);
    let mut idle = Connection::to(&fixture.service.address);
    idle.send(request("GET", "/healthz", &[], None));
    assert_eq!(idle.read().unwrap().status, 200);
    for connection in &mut slow_heads {
        connection.send("GET /healthz HTTP/1.1\r\n");
    }
    for connection in &mut slow_bodies {
        connection.send(format!(
            "POST {CONFIRM} HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n"
        ));
    }
    let mut slowest = Duration::ZERO;
    for second in 1..=16 {
        pause((began + Duration::from_secs(second)).saturating_duration_since(now()));
        for connection in slow_heads.iter_mut().filter(|_| second < 5) {
            let _ = connection.stream().write_all(b"x: y\r\n");
        }
        for connection in slow_bodies.iter_mut().filter(|_| second < 14) {
            let _ = connection.stream().write_all(b" ");
        }
        let asked = now();
        assert_eq!(fixture.get(USERS).status, 200);
        slowest = slowest.max(asked.elapsed());
        if second == 7 {
            for connection in &mut slow_heads {
                assert!(connection.is_closed());
            }
            assert!(silent.is_closed());
            assert!(
                began.elapsed() < Duration::from_secs(30),
                "{:?}",
                began.elapsed()
            );
        }
    }
    for connection in &mut slow_bodies {
        let reply = connection.read().unwrap();
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (408, "request_timeout")
        );
    }
    println!("the slowest request between them took {slowest:?}");
    // A connection that is only quiet stays.
    idle.send(request("GET", "/healthz", &[], None));
    assert_eq!(idle.read().unwrap().status, 200);
}

/// Unless told otherwise a client has 64 connections, and a proxy of ours any number.
#[test]
fn sec98_a_client_has_64_connections() {
    let health = request("GET", "/healthz", &[], None);
    for (arguments, most) in [
        (&[][..], 64),
        (&["--max-connections", "20"], 20),
        (
            &[
                "--trusted-proxy",
                "127.0.0.1/32",
                "--max-connections",
                "100",
            ],
            100,
        ),
    ] {
        let fixture = Fixture::with(arguments);
        let mut taken = Vec::new();
        loop {
            let mut connection = Connection::to(&fixture.service.address);
            connection.send(&health);
            match connection.read() {
                Some(reply) => assert_eq!(reply.status, 200),
                None => break,
            }
            taken.push(connection);
        }
        assert_eq!(taken.len(), most, "{arguments:?}");
    }
}

/// One client cannot take every place.
#[test]
fn sec98_connections_are_bounded() {
    let fixture = Fixture::with(&[
        "--max-connections",
        "20",
        "--max-connections-per-client",
        "10",
    ]);
    let health = request("GET", "/healthz", &[], None);
    let mut taken: Vec<_> = (0..10)
        .map(|_| Connection::to(&fixture.service.address))
        .collect();
    for connection in &mut taken {
        connection.send(&health);
        assert_eq!(connection.read().unwrap().status, 200);
    }
    let mut over = Connection::to(&fixture.service.address);
    over.send(&health);
    assert!(over.read().is_none());
    drop(taken);
    fixture
        .service
        .line(|line| line["event"] == "excess_connections");
    let mut again = false;
    for _ in 0..500 {
        again = fixture.service.raw(&health).is_some();
        if again {
            break;
        }
        thread::yield_now();
    }
    assert!(again, "the places were not given back");
}

/// A confirm whose body does not arrive whole does nothing.
#[test]
fn half_a_request_is_none() {
    let fixture = Fixture::new();
    fixture.user(EMAIL);
    let token = fixture.token(EMAIL);
    let body = json!({ "token": token, "new_password": NEW }).to_string();
    let authorization = format!("Bearer {}", fixture.key);
    let whole = request(
        "POST",
        CONFIRM,
        &[("authorization", &authorization), JSON],
        Some(&body),
    );
    for cut in [20, whole.len() / 2, whole.len() - 1] {
        let mut connection = Connection::to(&fixture.service.address);
        connection.send(&whole[..cut]);
        connection
            .stream()
            .shutdown(std::net::Shutdown::Write)
            .unwrap();
        let status = connection.read().map(|reply| reply.status);
        assert!([None, Some(400)].contains(&status), "{cut}: {status:?}");
    }
    assert_eq!(fixture.confirm(&token, NEW).status, 200);
}

fn raise_file_limit() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit).unwrap();
}
