//! Link poisoning: somebody else's host in the link. A link is what the configuration says and a token, whatever
//! the request says.

use reset_password::{
    Options,
    blocking::UserManagement,
    doctor::{Status, diagnose},
};
use reset_password_failures::{
    InProcess, RESET_URL, cheap,
    corpus::{BAD_RESET_URLS, HOST_HEADERS, HOSTS, PLACES, SCHEME_HEADERS},
};
use reset_password_test_service::{
    EMAIL, Fixture, JSON, RESETS, Reply, Service, command, new_user, percent_encoded, refused,
    request, secret,
};
use serde_json::{Value, json};

/// Everything that a mail would be made of, with what is another each time written as a word. The reset is
/// made and read again under these headers, and both must say the same.
fn mail_under(fixture: &Fixture, target: &str, headers: &[(&str, &str)]) -> Option<Value> {
    let body = json!({ "email": EMAIL }).to_string();
    let made = fixture.send("POST", target, &[headers, &[JSON]].concat(), Some(&body));
    if made.status != 201 {
        assert!(refused(&made), "{headers:?}: {made:?}");
        return None;
    }
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let read = fixture.send("GET", &format!("{RESETS}/{id}"), headers, None);
    assert_eq!(read.json(), made.json(), "{headers:?}");
    Some(without_what_is_new(&made))
}

fn without_what_is_new(made: &Reply) -> Value {
    let mut mail = made.json();
    let token = mail["password_reset_token"].as_str().unwrap().to_owned();
    for field in ["id", "created_at", "expires_at"] {
        mail[field] = json!(field);
    }
    let text = mail.to_string().replace(&token, "TOKEN");
    serde_json::from_str(&text).unwrap()
}

/// A service with a user, and what its mails are made of.
fn service(arguments: &[&str]) -> (Fixture, Value) {
    let fixture = Fixture::with(&[&["--reset-url", RESET_URL], arguments].concat());
    let _ada = fixture.user_without_password(EMAIL);
    let plain = mail_under(&fixture, RESETS, &[]).unwrap();
    let link = json!(format!("{RESET_URL}?token=TOKEN"));
    assert_eq!(plain["password_reset_url"], link);
    (fixture, plain)
}

#[test]
fn row01_no_header_reaches_the_link() {
    let (fixture, plain) = service(&[]);
    for header in HOST_HEADERS {
        if let Some(mail) = mail_under(&fixture, RESETS, &[*header]) {
            assert_eq!(mail, plain, "{header:?}");
        } else {
            assert_eq!(header.0, ":authority", "{header:?} is refused");
        }
    }
    let all: Vec<_> = HOST_HEADERS
        .iter()
        .copied()
        .filter(|(name, _)| *name != ":authority")
        .collect();
    assert_eq!(mail_under(&fixture, RESETS, &all), Some(plain.clone()));
    let absolute = format!("http://evil.example{RESETS}");
    assert_eq!(mail_under(&fixture, &absolute, &[]), Some(plain));
    let resets = fixture.database.count("resets");
    for hosts in [
        [("host", "example.com"), ("host", "evil.example")],
        [("host", "evil.example"), ("host", "evil.example")],
    ] {
        assert_eq!(mail_under(&fixture, RESETS, &hosts), None, "{hosts:?}");
    }
    assert_eq!(fixture.database.count("resets"), resets);
}

/// In process there is no request at all: the operations take an address, and nothing else.
#[test]
fn row01_in_process_the_link_is_the_configured_one() {
    let fixture = InProcess::new();
    fixture.engine.create_user(new_user(EMAIL)).unwrap();
    let trusted = fixture.engine.create_password_reset(EMAIL).unwrap();
    let public = fixture.engine.request_password_reset(EMAIL).unwrap();
    for reset in [trusted, public.unwrap()] {
        let link = format!("{RESET_URL}?token={}", secret(&reset.password_reset_token));
        assert_eq!(secret(&reset.password_reset_url), link);
    }
}

/// Also where the service is told that a proxy speaks TLS for it, and whose headers it may believe.
#[test]
fn row02_no_header_reaches_the_scheme() {
    for arguments in [
        &[][..],
        &["--behind-tls-proxy", "--trusted-proxy", "127.0.0.0/8"],
    ] {
        let (fixture, plain) = service(arguments);
        for header in SCHEME_HEADERS {
            let mail = mail_under(&fixture, RESETS, &[*header]);
            assert_eq!(mail.as_ref(), Some(&plain), "{header:?}");
        }
        let mail = mail_under(&fixture, RESETS, SCHEME_HEADERS);
        assert_eq!(mail, Some(plain));
    }
}

/// A proxy of ours is believed about the client's address, and about nothing else.
#[test]
fn row04_not_even_a_trusted_proxy_names_the_host() {
    let (fixture, plain) = service(&["--behind-tls-proxy", "--trusted-proxy", "127.0.0.0/8"]);
    let headers = HOST_HEADERS
        .iter()
        .filter(|(name, _)| *name != ":authority");
    for header in headers {
        let mail = mail_under(&fixture, RESETS, &[("host", "evil.example"), *header]);
        assert_eq!(mail.as_ref(), Some(&plain), "{header:?}");
    }
}

/// SQLite's default is this machine, and `doctor` says so until it is set.
#[test]
fn row05_without_a_reset_url_links_lead_to_this_machine_and_doctor_warns() {
    let fixture = Fixture::with(&[]);
    let _ada = fixture.user_without_password(EMAIL);
    let local = json!("http://127.0.0.1:8080/reset-password?token=TOKEN");
    for host in HOSTS {
        let mail = mail_under(&fixture, RESETS, &[("host", host)]).unwrap();
        assert_eq!(mail["password_reset_url"], local, "{host}");
    }
    let options = Options {
        reset_url: None,
        ..cheap()
    };
    let findings = diagnose(fixture.database.url(), &options);
    let found = findings.iter().find(|finding| finding.check == "reset_url");
    assert_eq!(found.unwrap().status, Status::Warning);
}

/// A database server is where an application is run for others: the service has no default for its links there.
#[test]
fn row05_on_a_database_server_no_service_starts_without_a_reset_url() {
    let folder = tempfile::tempdir().unwrap();
    // Nobody listens there, and nobody has to: it is refused before anybody is asked.
    for url in [
        "postgres://app@127.0.0.1:1/app",
        "mysql://app@127.0.0.1:1/app",
    ] {
        let output = command(folder.path(), &["serve", "--database", url]).output();
        let output = output.unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(
            !output.status.success() && said.contains("reset_url"),
            "{url}: {said}"
        );
    }
}

fn is_refused(reset_url: &str) -> bool {
    let options = Options {
        reset_url: Some(reset_url.into()),
        ..cheap()
    };
    match UserManagement::open(":memory:", options) {
        Ok(_) => false,
        Err(error) => error.message().starts_with("reset_url must"),
    }
}

#[test]
fn row08_a_host_is_a_host_and_nothing_else() {
    let (fixture, plain) = service(&[]);
    let resets = fixture.database.count("resets");
    for host in [
        "user:pw@evil.example",
        "example.com@evil.example",
        "example.com:80@evil.example",
        "evil.example/",
        "evil.example/?#@example.com",
        "example.com#@evil.example",
        "evil.example?example.com",
        "example.com\\evil.example",
        "example.com, evil.example",
        "example.com evil.example",
        "example.com:80:80",
        "example.com:evil",
        "[::1",
        "",
    ] {
        assert_eq!(
            mail_under(&fixture, RESETS, &[("host", host)]),
            None,
            "{host}"
        );
    }
    assert_eq!(fixture.database.count("resets"), resets);
    for forwarded in [
        "for=\"192.0.2.1;host=evil.example\"",
        "host=\"evil.example\\\";proto=https\"",
        "host=\"example.com\", host=evil.example",
        "host=\"user:pw@evil.example\"",
        "for=\"[2001:db8::1]\";host=\"evil.example:443\";proto=\"http\"",
        "host=\"evil.example",
    ] {
        let mail = mail_under(&fixture, RESETS, &[("forwarded", forwarded)]);
        assert_eq!(mail.as_ref(), Some(&plain), "{forwarded}");
    }
    for bad in BAD_RESET_URLS {
        assert!(is_refused(bad), "{bad:?} is taken as reset_url");
    }
}

/// A host that parsers read in two ways, or that none can reach.
#[test]
fn row08_no_reserved_character_is_part_of_the_configured_host() {
    let taken: Vec<_> = [
        "https://example.com%2f.evil.example/",
        "https://example.com%23.evil.example/",
        "https://example.com%40evil.example/",
        "https://%65vil.example/",
        "https://example.com,evil.example/",
        "https://example.com;evil.example/",
        "https://example.com:+443/",
        "https://[::1/",
        "https://[example.com]/",
    ]
    .into_iter()
    .filter(|bad| !is_refused(bad))
    .collect();
    assert!(taken.is_empty(), "taken as reset_url: {taken:?}");
}

#[test]
fn row09_the_host_header_does_not_reach_the_link() {
    let (fixture, plain) = service(&[]);
    for host in HOSTS {
        let mail = mail_under(&fixture, RESETS, &[("host", host)]);
        assert_eq!(mail.as_ref(), Some(&plain), "{host}");
    }
    let body = json!({ "email": EMAIL }).to_string();
    let resets = fixture.database.count("resets");
    let bearer = format!("Bearer {}", fixture.key);
    let headers = [("authorization", bearer.as_str()), JSON];
    let without = request("POST", RESETS, &headers, Some(&body)).replace("host: localhost\r\n", "");
    assert_eq!(fixture.service.raw(without).unwrap().status, 400);
    assert_eq!(fixture.database.count("resets"), resets);
}

#[test]
fn row11_no_address_in_a_request_is_followed() {
    let (fixture, plain) = service(&[]);
    for evil in [
        "https://evil.example/reset",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "\t//evil.example",
        "/\t/evil.example",
        "%2f%2fevil.example",
        "/%2f%2fevil.example",
        "https:evil.example",
        "https:/evil.example",
        "https://example.com.evil.example",
        "https://example.com@evil.example",
        "https://example.com./",
        "https://еxample.com/",
        "https://example。com/",
        "javascript:alert(1)//example.com",
    ] {
        let mut body = json!({ "email": EMAIL });
        for place in PLACES {
            body[*place] = json!(evil);
        }
        let made = fixture.post(RESETS, &body);
        assert_eq!(made.status, 201, "{evil}: {made:?}");
        assert_eq!(without_what_is_new(&made), plain, "{evil}");
        let encoded = percent_encoded(evil);
        let query: Vec<_> = PLACES
            .iter()
            .map(|place| format!("{place}={encoded}"))
            .collect();
        let target = format!("{RESETS}?{}", query.join("&"));
        let mail = mail_under(&fixture, &target, &[]);
        assert_eq!(mail.as_ref(), Some(&plain), "{evil}");
    }
}

/// Whoever configures such an address is told, before anything listens.
#[test]
fn row11_an_address_without_scheme_is_no_reset_url() {
    for bad in [
        "//example.com",
        "///example.com",
        "/\\example.com",
        "\t//example.com",
        "%2f%2fexample.com",
        "/%2f%2fexample.com",
        "https:example.com",
        "https:/example.com",
        "https:\\\\example.com",
        "https%3a//example.com",
        "example.com",
        "example.com/https://",
        "javascript://example.com/%0aalert(1)",
        "data:text/html,x",
        "ftp://example.com",
        " https://example.com",
        "",
    ] {
        assert!(is_refused(bad), "{bad:?} is taken as reset_url");
    }
    let folder = tempfile::tempdir().unwrap();
    let said = Service::refuses_to_start(folder.path(), &["--reset-url", "//example.com"]);
    assert!(said.contains("reset_url"), "{said}");
}
