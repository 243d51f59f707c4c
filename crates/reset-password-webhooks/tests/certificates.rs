//! Receivers whose certificates are good, and those whose are not.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use reset_password::{CreateUser, Options, blocking::UserManagement};
use reset_password_test_databases::{Backend, Database};
use reset_password_webhooks::{Delivered, WebhookConfig, Webhooks};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned, SupportedProtocolVersion, crypto::ring, version,
};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};

/// An authority, and what it and others have signed.
struct Authority(tempfile::TempDir);

impl Authority {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let authority = Self(folder);
        for name in ["authority", "stranger"] {
            authority.openssl(&format!(
                "req -x509 {KEY} -days 2 -subj /CN={name} -keyout {name}.key -out {name}.pem"
            ));
        }
        authority
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn openssl(&self, arguments: &str) {
        let mut command = Command::new("openssl");
        let command = command
            .args(arguments.split(' '))
            .current_dir(self.0.path());
        let done = command.output().unwrap();
        assert!(done.status.success(), "{arguments}: {done:?}");
    }

    /// A certificate for a host, signed by one of the authorities.
    fn sign(&self, name: &str, host: &str, authority: &str, days: &str) {
        fs::write(self.path("names"), format!("subjectAltName=DNS:{host}\n")).unwrap();
        self.openssl(&format!(
            "req {KEY} -subj /CN={name} -keyout {name}.key -out {name}.csr"
        ));
        self.openssl(&format!(
            "x509 -req {days} -in {name}.csr -CA {authority}.pem -CAkey {authority}.key -CAcreateserial \
             -extfile names -out {name}.pem"
        ));
    }
}

const KEY: &str = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
const VALID: &str = "-days 2";
const EXPIRED: &str = "-days -1";

/// A receiver that speaks TLS: its address, and what it has read.
fn receiver(
    authority: &Authority,
    name: &str,
    versions: &[&'static SupportedProtocolVersion],
) -> (String, Arc<Mutex<String>>) {
    let pem = |end: &str| fs::read(authority.path(&format!("{name}.{end}"))).unwrap();
    let chain = CertificateDer::pem_slice_iter(&pem("pem")).collect::<Result<Vec<_>, _>>();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            chain.unwrap(),
            PrivateKeyDer::from_pem_slice(&pem("key")).unwrap(),
        )
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!(
        "https://localhost:{}/",
        listener.local_addr().unwrap().port()
    );
    let read = Arc::new(Mutex::new(String::new()));
    let kept = Arc::clone(&read);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = StreamOwned::new(connection, stream.unwrap());
            let mut part = [0; 4_096];
            while let Ok(count @ 1..) = stream.read(&mut part) {
                let mut text = kept.lock().unwrap();
                text.push_str(std::str::from_utf8(&part[..count]).unwrap());
                if text.ends_with('}') {
                    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
                    break;
                }
            }
        }
    });
    (url, read)
}

/// Sends one event to an endpoint; answers why it did not take it.
fn sent(url: &str, ca: Option<&Path>) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::new(Backend::SqliteFile, folder.path());
    let engine = UserManagement::open(database.url(), Options::default()).unwrap();
    let webhooks = Webhooks::new(&WebhookConfig {
        allow_private: true,
        ca: ca.map(Path::to_owned),
        timeout: Duration::from_secs(10),
    });
    let made = engine.create_webhook_endpoint(url, &[], true).unwrap();
    let new = CreateUser {
        email: "ada@example.com".into(),
        ..CreateUser::default()
    };
    engine.create_user(new).unwrap();
    let id = &made.endpoint.id;
    let delivered = webhooks.unwrap().deliver(&engine, id, || true).unwrap();
    let failure = engine.get_webhook_endpoint(id).unwrap().last_failure;
    let failed = u32::from(failure.is_some());
    let expected = Delivered {
        sent: 1 - failed,
        failed,
    };
    assert_eq!(delivered, expected);
    failure
}

#[test]
fn sec62_nothing_is_sent_where_the_certificate_is_not_good() {
    let authority = Authority::new();
    authority.sign("good", "localhost", "authority", VALID);
    authority.sign("expired", "localhost", "authority", EXPIRED);
    authority.sign("elsewhere", "elsewhere.example", "authority", VALID);
    authority.sign("unknown", "localhost", "stranger", VALID);
    let ca = authority.path("authority.pem");
    for versions in [&[&version::TLS13][..], &[&version::TLS12]] {
        let (url, read) = receiver(&authority, "good", versions);
        assert_eq!(sent(&url, Some(&ca)), None);
        assert!(read.lock().unwrap().contains("user.created"));
    }
    let refused = "its certificate or its TLS is not good";
    for name in ["expired", "elsewhere", "unknown"] {
        let (url, read) = receiver(&authority, name, rustls::ALL_VERSIONS);
        assert_eq!(sent(&url, Some(&ca)).as_deref(), Some(refused), "{name}");
        assert_eq!(*read.lock().unwrap(), "", "{name}");
    }
    // Who signed it must be named, or be known to the system.
    let (url, read) = receiver(&authority, "good", rustls::ALL_VERSIONS);
    assert_eq!(sent(&url, None).as_deref(), Some(refused));
    assert_eq!(*read.lock().unwrap(), "");
}

#[test]
fn a_file_of_certificates_holds_some() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.pem");
    fs::write(&empty, "no certificate").unwrap();
    for path in [empty, folder.path().join("absent.pem")] {
        let made = Webhooks::new(&WebhookConfig {
            ca: Some(path),
            ..WebhookConfig::default()
        });
        let error = made.err().unwrap();
        assert!(error.message().contains("webhooks_ca"), "{error}");
    }
}
