//! HTTP itself: methods, types, lengths, limits, and what is not quite HTTP.

use std::{io::Write, thread, time::Duration};

use reset_password_test_service::{
    CONFIRM, Connection, EMAIL, Fixture, JSON, NEW, RESETS, Reply, USERS, now, pause, request,
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
        format!("{start}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}"),
        format!("{start}Transfer-Encoding: chunked\n\r\n{chunk}"),
        format!("{start}Transfer-Encoding: gzip, chunked\r\n\r\n{chunk}"),
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

/// A creation of a user whose body comes so, on a connection that had other requests before.
fn in_chunks(fixture: &Fixture, chunks: &[u8]) -> (Connection, Option<Reply>) {
    let mut connection = Connection::to(&fixture.service.address);
    connection.send(request("GET", "/healthz", &[], None));
    assert_eq!(connection.read().unwrap().status, 200);
    connection.send(request("POST", "/healthz", &[], Some("{}")));
    assert_eq!(connection.read().unwrap().status, 405);
    let bearer = format!("Bearer {}", fixture.key);
    let headers = [
        JSON,
        ("authorization", &bearer),
        ("transfer-encoding", "chunked"),
    ];
    let mut whole = request("POST", USERS, &headers, None).into_bytes();
    whole.extend_from_slice(chunks);
    // What follows is no request any more.
    whole.extend_from_slice(request("GET", "/healthz", &[], None).as_bytes());
    connection.send(&whole);
    let reply = connection.read();
    (connection, reply)
}

/// The body in chunks of that length, with something between length and line end.
fn chunked(body: &str, length: usize, extension: &str) -> Vec<u8> {
    let mut chunks = Vec::new();
    for piece in body.as_bytes().chunks(length) {
        chunks.extend_from_slice(format!("{:x}{extension}\r\n", piece.len()).as_bytes());
        chunks.extend_from_slice(piece);
        chunks.extend_from_slice(b"\r\n");
    }
    chunks.extend_from_slice(format!("0{extension}\r\n\r\n").as_bytes());
    chunks
}

/// As .NET and Spring send it by default: read like any other body, and the connection ends with its answer.
#[test]
fn sec94_a_body_may_come_in_chunks() {
    let fixture = Fixture::new();
    for (number, (length, extension)) in [(1_000, ""), (1, ""), (7, ";a=b"), (16, " ;a=\"b\"")]
        .into_iter()
        .enumerate()
    {
        let email = format!("user{number}@example.com");
        let body = json!({ "email": email }).to_string();
        let (mut connection, reply) = in_chunks(&fixture, &chunked(&body, length, extension));
        let reply = reply.unwrap();
        assert_eq!((reply.status, &reply.json()["email"]), (201, &email.into()));
        assert_eq!(reply.header("connection"), Some("close"));
        assert!(connection.is_closed());
    }
    // One that is empty is no JSON.
    assert_eq!(in_chunks(&fixture, b"0\r\n\r\n").1.unwrap().status, 400);
}

/// What is not quite a chunk is none, and nothing comes of what stood before it.
#[test]
fn sec94_chunks_are_read_strictly() {
    let fixture = Fixture::new();
    let body = json!({ "email": EMAIL }).to_string();
    let length = format!("{:x}", body.len());
    let end = format!("\r\n{body}\r\n0\r\n\r\n");
    let long = format!("{length};{}{end}", "a".repeat(20_000));
    let fields = "X: y\r\n".repeat(100);
    for chunks in [
        format!("0x{length}{end}"),
        format!("+{length}{end}"),
        format!("-{length}{end}"),
        format!(" {length}{end}"),
        format!("{length} {length}{end}"),
        format!("{length}h{end}"),
        end.clone(),
        format!("{length}\n{body}\r\n0\r\n\r\n"),
        format!("{length}\r{body}\r\n0\r\n\r\n"),
        format!("{length};a=b\n{body}\r\n0\r\n\r\n"),
        format!("{length}\r\n{body}0\r\n\r\n"),
        format!("{length}\r\n{body}\n0\r\n\r\n"),
        format!("{length}\r\n{body}x\r\n0\r\n\r\n"),
        format!("{length}\r\n{body}\r\n0\r\nX: y\r\n\r\n"),
        format!("{length}\r\n{body}\r\n0\r\nContent-Length: 5\r\n\r\n"),
        format!("{length}\r\n{body}\r\n0\r\nX: y\n\r\n"),
        format!("{length}\r\n{body}\r\n0\r\nno field\r\n\r\n"),
        format!("{length}\r\n{body}\r\n0\r\n{fields}\r\n"),
        format!("1{}{end}", "0".repeat(16)),
        format!("ffffffffffffffff1{end}"),
        long,
    ] {
        let (mut connection, reply) = in_chunks(&fixture, chunks.as_bytes());
        let reply = reply.unwrap_or_else(|| panic!("no answer to {chunks:?}"));
        assert_eq!(
            (reply.status, reply.first_error()),
            (400, "body_incomplete".into()),
            "{chunks:?}: {reply:?}"
        );
        assert_eq!(reply.header("connection"), Some("close"), "{chunks:?}");
        assert!(connection.is_closed(), "{chunks:?}");
    }
    assert_eq!(fixture.database.count("users"), 0);
}

/// A length that was there before it was dropped, and all else that would make two ends of one body.
#[test]
fn sec94_chunks_beside_a_length_are_refused() {
    let fixture = Fixture::new();
    let body = json!({ "email": EMAIL }).to_string();
    let chunks = String::from_utf8(chunked(&body, 8, "")).unwrap();
    let length = chunks.len().to_string();
    let one = ("transfer-encoding", "chunked");
    let bearer = format!("Bearer {}", fixture.key);
    for headers in [
        &[one, ("content-length", &length)][..],
        &[("content-length", &length), one],
        &[("content-length", "0"), one],
        &[one, ("content-length", "x")],
        &[one, one],
        &[("transfer-encoding", "identity"), one],
        &[("transfer-encoding", "chunked, chunked")],
        &[("transfer-encoding", "gzip, chunked")],
    ] {
        for before in [0, 3] {
            let mut connection = Connection::to(&fixture.service.address);
            let health = request("GET", "/healthz", &[], None);
            let all = [&[JSON, ("authorization", &bearer)], headers].concat();
            let post = request("POST", USERS, &all, None);
            connection.send(format!("{}{post}{chunks}", health.repeat(before)));
            for _ in 0..before {
                assert_eq!(connection.read().unwrap().status, 200);
            }
            let reply = connection.read().unwrap();
            assert_eq!(
                (reply.status, reply.first_error()),
                (400, "transfer_encoding_unsupported".into()),
                "{headers:?}"
            );
            assert!(connection.is_closed(), "{headers:?}");
        }
    }
    assert_eq!(fixture.database.count("users"), 0);
}

/// In chunks or not, a body has as many octets and as much time.
#[test]
fn sec98_chunks_have_the_limits_of_every_body() {
    let fixture = Fixture::new();
    let of = |length: usize| {
        let empty = json!({ "email": "x", "y": "" }).to_string();
        empty.replace(
            "\"y\":\"\"",
            &format!("\"y\":\"{}\"", "a".repeat(length - empty.len())),
        )
    };
    for length in [16 * 1024, 1_000] {
        let fits = in_chunks(&fixture, &chunked(&of(16 * 1024), length, ""))
            .1
            .unwrap();
        assert_eq!(
            (fits.status, fits.first_error()),
            (422, "email_invalid".into())
        );
        let (mut connection, reply) = in_chunks(&fixture, &chunked(&of(16 * 1024 + 1), length, ""));
        assert_eq!(reply.unwrap().status, 413);
        assert!(connection.is_closed());
    }
    // What has no end is ended.
    let began = now();
    let (_connection, reply) = {
        let mut connection = Connection::to(&fixture.service.address);
        let bearer = format!("Bearer {}", fixture.key);
        let headers = [
            JSON,
            ("authorization", &bearer),
            ("transfer-encoding", "chunked"),
        ];
        connection.send(request("POST", USERS, &headers, None));
        connection.send("5\r\nhel");
        let reply = connection.read();
        (connection, reply)
    };
    assert_eq!(reply.unwrap().status, 408);
    assert!(began.elapsed() < Duration::from_secs(20));
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
