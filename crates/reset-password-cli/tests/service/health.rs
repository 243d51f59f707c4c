//! What a container's health check is told, by the command itself.

use std::{fs, net::TcpListener, process::Output};

use reset_password_test_service::{Fixture, command};

/// Asks with these arguments, as somebody beside the service would.
fn health(fixture: &Fixture, arguments: &[&str]) -> Output {
    let arguments = [&["health"], arguments].concat();
    command(fixture.path(), &arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// A port that nobody listens at.
fn nobody() -> String {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    socket.local_addr().unwrap().to_string()
}

#[test]
fn a_service_that_can_work_is_well_and_one_that_cannot_is_not() {
    let fixture = Fixture::new();
    let address = &fixture.service.address;
    let port = address.rsplit_once(':').unwrap().1;
    // What it listens at on every address is reached at this machine's.
    for listen in [address.clone(), format!("0.0.0.0:{port}")] {
        let asked = health(&fixture, &["--listen", &listen, "--behind-tls-proxy"]);
        assert!(asked.status.success(), "{asked:?}");
        assert_eq!(
            text(&asked.stdout),
            format!("ok: http://{address}/readyz\n")
        );
    }
    let asked = health(&fixture, &["--listen", address, "--json"]);
    let url = format!(r#"{{"status":"ok","url":"http://{address}/readyz"}}"#);
    assert_eq!(text(&asked.stdout).trim_end(), url);

    // Its database is gone: it lives, and cannot work.
    let database = fixture.path().join("reset-password.db");
    fs::rename(&database, database.with_extension("old")).unwrap();
    let asked = health(&fixture, &["--listen", address]);
    assert_eq!(asked.status.code(), Some(4), "{asked:?}");
    assert!(text(&asked.stderr).contains("503"), "{asked:?}");
}

#[test]
fn nobody_there_is_not_well() {
    let fixture = Fixture::new();
    let address = nobody();
    let asked = health(&fixture, &["--listen", &address]);
    assert_eq!((asked.status.code(), text(&asked.stdout)), (Some(4), ""));
    let sentence = format!("error: the service is not ready at http://{address}/readyz: ");
    assert!(text(&asked.stderr).starts_with(&sentence), "{asked:?}");
}

/// The certificate is for the name that people use, so the operator's listener is asked.
#[test]
fn a_service_with_a_certificate_is_asked_where_its_metrics_are() {
    let fixture = Fixture::with(&["--metrics-listen=127.0.0.1:0"]);
    let line = fixture.service.line(|line| line["metrics"].is_string());
    let metrics = line["metrics"].as_str().unwrap();
    let tls = ["--tls-certificate", "cert.pem", "--tls-key", "key.pem"];
    let nobody = nobody();
    let asked = health(&fixture, &[&tls[..], &["--listen", &nobody]].concat());
    assert_eq!(asked.status.code(), Some(3), "{asked:?}");
    assert!(
        text(&asked.stderr).contains("--metrics-listen"),
        "{asked:?}"
    );
    let there = ["--listen", &nobody, "--metrics-listen", metrics];
    let asked = health(&fixture, &[&tls[..], &there].concat());
    assert!(asked.status.success(), "{asked:?}");
    assert_eq!(
        text(&asked.stdout),
        format!("ok: http://{metrics}/readyz\n")
    );
}
