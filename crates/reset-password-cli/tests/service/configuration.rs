//! Settings: layers, what is refused, and secrets that are renewed without a pause.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Output, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use reset_password_test_service::{EMAIL, Fixture, NEW, OLD, Service, USERS, command, request};
use serde_json::{Value, json};

/// Starts a service that must not start.
fn refused(folder: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Output {
    let mut command = command(folder, &[&["serve", "--json"], arguments].concat());
    command
        .envs(variables.iter().copied())
        .stderr(Stdio::piped())
        .stdout(Stdio::piped());
    let child = command.spawn().unwrap();
    let pid = rustix::process::Pid::from_child(&child);
    let (tell, ended) = mpsc::channel();
    thread::spawn(move || tell.send(child.wait_with_output().unwrap()));
    let Ok(output) = ended.recv_timeout(Duration::from_mins(1)) else {
        rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
        panic!("it serves with {variables:?} {arguments:?}");
    };
    assert!(!output.status.success(), "{variables:?} {arguments:?}");
    output
}

/// The same of the pages, of mail and of webhooks.
const BAD_OPTIONS_OF_PARTS: &[(&[&str], &str)] = &[
    (&["--pages-url", "https://example.com"], "--pages"),
    (&["--pages", "--pages-url", "http://example.com"], "https"),
    (
        &["--pages", "--pages-url", "https://example.com/?a"],
        "path",
    ),
    (
        &["--pages", "--sign-in-url", "javascript:alert(1)"],
        "https",
    ),
    (&["--pages", "--pages-accent", "red"], "accent"),
    (&["--pages", "--pages-language", "tlh"], "language"),
    (
        &["--pages", "--pages-proof-of-work", "999"],
        "pages_proof_of_work",
    ),
    (
        &["--pages", "--pages-proof-of-work", "1000001"],
        "pages_proof_of_work",
    ),
    (&["--pages", "--behind-tls-proxy"], "pages_url"),
    (&["--mail-from", "no-reply@example.com"], "smtp_url"),
    (&["--smtp-url", "smtps://smtp.example.com"], "mail_from"),
    (
        &[
            "--pages",
            "--smtp-url",
            "smtps://user:secret@smtp.example.com",
            "--mail-from",
            "no-reply@example.com",
        ],
        "smtp_password_file",
    ),
    (&["--webhooks-ca", "absent.pem"], "webhooks_ca"),
    (&["--webhooks-ca", "not.pem"], "webhooks_ca"),
];

/// Options that must not be served with, and what the refusal names.
fn bad_options(taken: &str) -> Vec<(Vec<&str>, &'static str)> {
    let refused: &[(&[&str], &'static str)] = &[
        (&["--listen", "0.0.0.0:0"], "tls"),
        (&["--listen", "[::]:0"], "tls"),
        (&["--listen", "192.0.2.1:0"], "tls"),
        (&["--listen", "192.0.2.1:0", "--behind-tls-proxy"], "listen"),
        (&["--listen", taken], "listen"),
        (&["--listen", "8080"], "listen"),
        (&["--listen", "localhost"], "listen"),
        (&["--listen", ""], "listen"),
        (&["--tls-certificate", "not.pem"], "tls_key"),
        (&["--tls-key", "not.pem"], "tls_certificate"),
        (
            &["--tls-certificate", "absent.pem", "--tls-key", "not.pem"],
            "tls_certificate",
        ),
        (
            &["--tls-certificate", "not.pem", "--tls-key", "absent.pem"],
            "tls_",
        ),
        (
            &["--tls-certificate", "not.pem", "--tls-key", "not.pem"],
            "tls_certificate",
        ),
        (
            &["--tls-certificate", "not.pem", "--tls-key", "open.pem"],
            "tls_key",
        ),
        (
            &[
                "--tls-certificate",
                "not.pem",
                "--tls-key",
                "not.pem",
                "--behind-tls-proxy",
            ],
            "behind_tls_proxy",
        ),
        (&["--trusted-proxy", "everybody"], "trusted-proxy"),
        (&["--trusted-proxy", "10.0.0.0/33"], "trusted-proxy"),
        (&["--max-connections", "0"], "max-connections"),
        (&["--max-connections=-1"], "max-connections"),
        (
            &[
                "--max-connections",
                "10",
                "--max-connections-per-client",
                "11",
            ],
            "max_connections_per_client",
        ),
        (
            &["--max-connections-per-client", "many"],
            "max-connections-per-client",
        ),
        (&["--confirm-limit", "0"], "confirm-limit"),
        (&["--shutdown-timeout", "0"], "shutdown_timeout"),
        (&["--shutdown-timeout", "601"], "shutdown_timeout"),
        (&["--log-format", "xml"], "log-format"),
        (&["--smtp-password=hunter2"], "smtp-password"),
        (&["--key=00"], "key"),
        (&["--api-key=x"], "api-key"),
        (&["--unknown"], "unknown"),
        (&["--config", "absent.toml"], "absent.toml"),
        (&["--database", ":memory:"], "memory"),
        (&["--database", "postgres://example.com/x"], "reset_url"),
        (
            &[
                "--database",
                "postgres://example.com/x",
                "--reset-url",
                "https://example.com/reset",
            ],
            "secret key",
        ),
        (&["--database", "absent/folder/x.db"], "folder"),
        (&["--database", "not-a-database"], "SQLite"),
        (&["--database", "x.db", "--no-migrate"], "migrate"),
        (&["--key-file", "absent.key"], "absent.key"),
        (&["--key-file", "not.pem"], "hexadecimal"),
        (&["--reset-url", "http://example.com/reset"], "reset_url"),
        (&["--reset-url", "https://example.com/#x"], "reset_url"),
        (&["--reset-url", "javascript:alert(1)"], "reset_url"),
        (&["--token-lifetime", "299"], "token_lifetime"),
        (&["--token-lifetime", "86401"], "token_lifetime"),
        (&["--password-min-length", "7"], "password_min_length"),
        (&["--password-min-length", "65"], "password_min_length"),
        (&["--argon2-iterations", "1"], "argon2"),
        (&["--argon2-memory-kib", "8192"], "argon2"),
        (&["--argon2-memory-kib", "4294967295"], "argon2"),
    ];
    refused
        .iter()
        .chain(BAD_OPTIONS_OF_PARTS)
        .map(|(arguments, named)| (arguments.to_vec(), *named))
        .collect()
}

/// Each is refused before anything listens, with a code and a sentence that names what to mend.
#[test]
fn sec97_fail_closed_config() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(path.join("not.pem"), "x").unwrap();
    fs::set_permissions(path.join("not.pem"), fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(path.join("open.pem"), "x").unwrap();
    fs::set_permissions(path.join("open.pem"), fs::Permissions::from_mode(0o644)).unwrap();
    fs::write(path.join("not-a-database"), "x".repeat(4_096)).unwrap();
    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = other.local_addr().unwrap().to_string();
    let mut count = 0;
    let mut check = |output: Output, named: &str, what: &str| {
        let told = String::from_utf8_lossy(&output.stderr);
        let last = told.lines().last().unwrap_or_default();
        let error: Value = serde_json::from_str(last).unwrap_or_else(|_| panic!("{what}: {told}"));
        let error = &error["error"];
        let code = error["code"].as_str().unwrap();
        let expected = [
            (2, "input_invalid"),
            (3, "config_invalid"),
            (3, "unsupported"),
        ];
        assert!(
            expected.contains(&(output.status.code().unwrap(), code)),
            "{what}: {error}"
        );
        let message = error["message"]
            .as_str()
            .unwrap()
            .to_lowercase()
            .replace('-', "_");
        let named = named.to_lowercase().replace('-', "_");
        assert!(message.contains(&named), "{what}: {message}");
        assert!(!message.contains("hunter2"));
        count += 1;
    };
    for (arguments, named) in bad_options(&taken) {
        check(
            refused(path, &[], &arguments),
            named,
            &format!("{arguments:?}"),
        );
    }
    for (text, named) in [
        ("databse = \"x\"", "databse"),
        ("listen = 8080", "listen"),
        ("listen = \"0.0.0.0:8080\"", "tls"),
        ("token_lifetime = \"soon\"", "token_lifetime"),
        ("token_lifetime = 10", "token_lifetime"),
        ("seal_tokens = \"no\"", "seal_tokens"),
        ("behind_tls_proxy = 1", "behind_tls_proxy"),
        ("trusted_proxies = \"10.0.0.0/8\"", "trusted_proxies"),
        ("key = \"hunter2\"", "key"),
        ("smtp_password = \"hunter2\"", "smtp_password"),
        ("[service]\nlisten = \"127.0.0.1:0\"", "service"),
        ("token_lifetime = 600\ntoken_lifetime = 700", "line 2"),
        ("this is not TOML", "line 1"),
        ("max_connections = 0", "max_connections"),
    ] {
        fs::write(path.join("bad.toml"), text).unwrap();
        check(refused(path, &[], &["--config", "bad.toml"]), named, text);
    }
    for (variable, value, named) in [
        (
            "RESET_PASSWORD_LISTENN",
            "127.0.0.1:0",
            "RESET_PASSWORD_LISTENN",
        ),
        ("RESET_PASSWORD_LISTEN", "8080", "listen"),
        ("RESET_PASSWORD_TOKEN_LIFETIME", "1h", "token_lifetime"),
        ("RESET_PASSWORD_KEY", "hunter2", "RESET_PASSWORD_KEY"),
        ("RESET_PASSWORD_CONFIG", "absent.toml", "absent.toml"),
        ("RESET_PASSWORD_KEY_FILE", "absent.key", "absent.key"),
    ] {
        check(refused(path, &[(variable, value)], &[]), named, variable);
    }
    assert!(count >= 60, "{count}");
}

/// Files are closed to others; answers carry every header; nothing has to be said to be safe.
#[test]
fn sec97_the_default_is_safe() {
    let fixture = Fixture::new();
    fixture.user(EMAIL);
    for entry in fs::read_dir(fixture.path()).unwrap() {
        let entry = entry.unwrap();
        if entry
            .file_name()
            .to_string_lossy()
            .starts_with("reset-password.db")
        {
            assert_eq!(
                entry.metadata().unwrap().permissions().mode() & 0o777,
                0o600,
                "{entry:?}"
            );
        }
    }
    let reply = fixture.get(USERS);
    for (name, value) in [
        ("cache-control", "no-store"),
        (
            "content-security-policy",
            "default-src 'none'; frame-ancestors 'none'",
        ),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(reply.header(name), Some(value));
    }
    assert_eq!(reply.header("strict-transport-security"), None);
    assert_eq!(reply.header("server"), None);
    let proxied = Fixture::with(&["--behind-tls-proxy"]);
    let hsts = "max-age=63072000; includeSubDomains";
    assert_eq!(
        proxied.get(USERS).header("strict-transport-security"),
        Some(hsts)
    );
}

#[test]
fn layers_have_an_order() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("settings.toml"),
        "database = \"of-the-file.db\"\nreset_url = \"https://file.example/reset\"\ntoken_lifetime = 300\n\
         service_names = [\"Acme\"]\nseal_tokens = false\n",
    )
    .unwrap();
    let create = |variables: &[(&str, &str)], arguments: &[&str]| -> Value {
        let line = [
            "--config",
            "settings.toml",
            "reset",
            "create",
            EMAIL,
            "--show-link",
            "--json",
        ];
        let mut command = command(folder.path(), &[&line[..], arguments].concat());
        let output = command.envs(variables.iter().copied()).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    };
    for database in ["of-the-file.db", "of-the-environment.db"] {
        let line = [
            "--database",
            database,
            "user",
            "create",
            EMAIL,
            "--no-password",
        ];
        let output = command(folder.path(), &line[..5]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    let url = |reset: &Value| {
        let url = reset["password_reset_url"].as_str().unwrap().to_owned();
        url.split("://")
            .nth(1)
            .unwrap()
            .split('/')
            .next()
            .unwrap()
            .to_owned()
    };
    assert_eq!(url(&create(&[], &[])), "file.example");
    let variable = (
        "RESET_PASSWORD_RESET_URL",
        "https://environment.example/reset",
    );
    assert_eq!(url(&create(&[variable], &[])), "environment.example");
    let flag = ["--reset-url", "https://flag.example/reset"];
    assert_eq!(url(&create(&[variable], &flag)), "flag.example");
    let database = ("RESET_PASSWORD_DATABASE", "of-the-environment.db");
    assert_eq!(url(&create(&[database], &[])), "file.example");
    assert!(folder.path().join("of-the-environment.db").exists());
    // Kubernetes sets such variables for a service of this name.
    let mut command = command(
        folder.path(),
        &["serve", "--listen", "127.0.0.1:0", "--log-format", "json"],
    );
    command
        .env("RESET_PASSWORD_PORT", "tcp://10.0.0.1:80")
        .env("RESET_PASSWORD_SERVICE_HOST", "10.0.0.1");
    Service::spawn(command).stop();
}

/// Mail and key-management hooks wait.
#[test]
fn sec96_secrets() {
    let fixture = Fixture::new();
    fixture.user(EMAIL);
    let cmdline = fs::read(format!("/proc/{}/cmdline", fixture.service.pid())).unwrap();
    let key_file = fixture.path().join("reset-password.db.key");
    let key = fs::read_to_string(&key_file).unwrap();
    assert!(!String::from_utf8_lossy(&cmdline).contains(key.trim()));
    for (mode, starts) in [(0o644, false), (0o604, false), (0o640, true), (0o600, true)] {
        fs::set_permissions(&key_file, fs::Permissions::from_mode(mode)).unwrap();
        if starts {
            Service::start(fixture.path(), &[]).stop();
        } else {
            let output = refused(fixture.path(), &[], &["--listen", "127.0.0.1:0"]);
            let told = String::from_utf8(output.stderr).unwrap();
            assert!(
                told.contains("config_invalid") && told.contains("chmod"),
                "{told}"
            );
        }
    }
    for bad in ["0".repeat(64), "ab".repeat(16), "x".repeat(64)] {
        fs::write(fixture.path().join("bad.key"), &bad).unwrap();
        fs::set_permissions(
            fixture.path().join("bad.key"),
            fs::Permissions::from_mode(0o600),
        )
        .unwrap();
        let output = refused(
            fixture.path(),
            &[],
            &["--database", "x.db", "--key-file", "bad.key"],
        );
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(
            told.contains("config_invalid") && !told.contains(&bad),
            "{told}"
        );
    }
}

/// The secret key is replaced while the service answers; links from before go on working.
#[test]
fn sec96_rotation_without_a_pause() {
    let fixture = Fixture::new();
    fixture.user(EMAIL);
    fixture.user("grace@example.com");
    let before = fixture.token(EMAIL);
    let rotated = fixture.run(&["key", "rotate"]);
    fixture.service.signal(rustix::process::Signal::HUP);
    fixture
        .service
        .line(|line| line["event"] == "sys_reload" && line["level"] == "INFO");
    let after = fixture.token("grace@example.com");
    let of = "SELECT key_id FROM reset_password_resets ORDER BY created_at DESC, rowid DESC";
    assert_eq!(json!(fixture.sql(of)), rotated["id"]);
    assert_eq!(
        (
            fixture.confirm(&before, NEW).status,
            fixture.confirm(&after, NEW).status
        ),
        (200, 200)
    );

    // What cannot be read is told, and the service goes on as it was.
    let key_file = fixture.path().join("reset-password.db.key");
    let key = fs::read(&key_file).unwrap();
    fs::write(&key_file, "nonsense").unwrap();
    fixture.service.signal(rustix::process::Signal::HUP);
    fixture
        .service
        .line(|line| line["event"] == "sys_reload" && line["level"] == "ERROR");
    assert_eq!(fixture.get(USERS).status, 200);
    fs::write(&key_file, key).unwrap();
    assert!(fixture.accepts(EMAIL, NEW) && !fixture.accepts(EMAIL, OLD));
}

/// TLS with a certificate of our own making, spoken by another implementation; plain HTTP is not.
#[test]
fn tls_is_spoken() {
    let folder = tempfile::tempdir().unwrap();
    let openssl = |arguments: &str| {
        std::process::Command::new("openssl")
            .args(arguments.split(' '))
            .current_dir(folder.path())
            .output()
            .unwrap()
    };
    let made = openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out cert.pem \
         -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost",
    );
    assert!(made.status.success(), "{made:?}");
    let service = Service::start(
        folder.path(),
        &["--tls-certificate", "cert.pem", "--tls-key", "key.pem"],
    );
    let curl = |more: &[&str]| {
        let port = service.address.split(':').nth(1).unwrap();
        let mut command = std::process::Command::new("curl");
        command
            .args(["--silent", "--include", "--cacert", "cert.pem"])
            .args(more);
        let url = format!("https://localhost:{port}/healthz");
        let output = command
            .arg(url)
            .current_dir(folder.path())
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    for version in [&["--tlsv1.3"][..], &["--tls-max", "1.2"]] {
        let answer = curl(version);
        assert!(
            answer.contains("200 OK") && answer.contains("max-age=63072000"),
            "{answer}"
        );
    }
    assert_eq!(curl(&["--tls-max", "1.1"]), "");
    assert!(service.raw(request("GET", "/healthz", &[], None)).is_none());
    service.stop();
}

/// The guide shows the unit that the Debian package brings, but for where the command is.
#[test]
fn the_guides_unit_is_the_packages() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/");
    let read = |path: &str| fs::read_to_string(format!("{folder}{path}")).unwrap();
    let guide = read("../../docs/guides/service.md");
    let shown = guide.split("\n```ini\n").nth(1).unwrap();
    let shown = shown.split("```").next().unwrap();
    let packaged = read("packaging/reset-password.service");
    assert_eq!(shown.replace("/usr/local/bin/", "/usr/bin/"), packaged);
}

/// What the Debian package puts into /etc can be used as it is.
#[test]
fn the_packages_settings_are_settings() {
    let folder = tempfile::tempdir().unwrap();
    let packaged = concat!(env!("CARGO_MANIFEST_DIR"), "/packaging/settings.toml");
    let here = folder.path().display().to_string();
    let settings = fs::read_to_string(packaged)
        .unwrap()
        .replace("/var/lib/reset-password", &here)
        .replace("/etc/reset-password/key", &here);
    // With everything that is left out for the administrator to say.
    let everything: String = settings
        .lines()
        .map(|line| {
            line.strip_prefix("# ")
                .filter(|rest| rest.contains(" = "))
                .unwrap_or(line)
        })
        .fold(String::new(), |text, line| text + line + "\n");
    fs::write(folder.path().join("current"), "01".repeat(31) + "54").unwrap();
    fs::set_permissions(
        folder.path().join("current"),
        fs::Permissions::from_mode(0o600),
    )
    .unwrap();
    for text in [settings, everything] {
        fs::write(folder.path().join("settings.toml"), text).unwrap();
        let service = Service::start(folder.path(), &["--config", "settings.toml"]);
        drop(service);
    }
}
