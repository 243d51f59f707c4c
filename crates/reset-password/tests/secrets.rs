//! No token, password or key anywhere that it should not be.

mod support;

use std::{collections::HashMap, panic, path::Path};

use reset_password::{Options, blocking::UserManagement};
use support::{Backend, Captured, Database, NEW, OLD, cheap, text, url, user_with};
use tracing_subscriber::EnvFilter;

/// The secret in every spelling that a log or a column might hold it in.
fn spellings(secret: &str) -> Vec<Vec<u8>> {
    let written = |bytes: &[u8], with: &dyn Fn(u8) -> String| {
        bytes
            .iter()
            .fold(String::new(), |text, byte| text + &with(*byte))
    };
    let hex = |bytes: &[u8]| written(bytes, &|byte| format!("{byte:02x}"));
    let percent = written(secret.as_bytes(), &|byte| format!("%{byte:02X}"));
    let reversed: String = secret.chars().rev().collect();
    let mut all = vec![
        secret.as_bytes().to_vec(),
        hex(secret.as_bytes()).into_bytes(),
        hex(secret.as_bytes()).to_uppercase().into_bytes(),
        base64(secret.as_bytes()).into_bytes(),
        reversed.into_bytes(),
        percent.into_bytes(),
    ];
    if let Some(token) = reset_password_core::Token::parse(secret) {
        let raw = unbase64(text(&token.reveal()));
        all.extend([hex(&raw).into_bytes(), raw]);
    }
    all
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks_exact(3) {
        let word = u32::from_be_bytes([0, chunk[0], chunk[1], chunk[2]]);
        for shift in [18, 12, 6, 0] {
            text.push(char::from(ALPHABET[(word >> shift & 63) as usize]));
        }
    }
    text
}

fn unbase64(text: &str) -> Vec<u8> {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (mut bits, mut held, mut bytes) = (0_u32, 0, Vec::new());
    for c in text.chars() {
        bits = bits << 6 | u32::try_from(ALPHABET.find(c).unwrap()).unwrap();
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 255).unwrap());
        }
    }
    bytes
}

fn contains(heap: &[u8], needle: &[u8]) -> bool {
    heap.windows(needle.len()).any(|window| window == needle)
}

/// Looks once at each place, for all spellings of all secrets by how they begin.
fn assert_absent(heap: &[u8], secrets: &[String], place: &str) {
    const START: usize = 4;
    let needles: Vec<_> = secrets
        .iter()
        .flat_map(|secret| spellings(secret))
        .collect();
    let mut by_start: HashMap<&[u8], Vec<&[u8]>> = HashMap::new();
    for needle in &needles {
        by_start.entry(&needle[..START]).or_default().push(needle);
    }
    for at in 0..heap.len() {
        let rest = &heap[at..];
        let starts = rest.get(..START).and_then(|start| by_start.get(start));
        let mut found = starts.into_iter().flatten();
        assert!(
            !found.any(|needle| rest.starts_with(needle)),
            "a secret is in {place}"
        );
    }
}

#[test]
fn a_secret_is_found_in_every_spelling() {
    let secrets = ["another".to_owned(), NEW.to_owned()];
    for spelling in spellings(NEW) {
        let heap = [b"before ", spelling.as_slice(), b" after"].concat();
        assert!(panic::catch_unwind(|| assert_absent(&heap, &secrets, "a place")).is_err());
        assert_absent(&heap[..heap.len() - 7], &secrets[..1], "another place");
    }
}

/// Every file of the database, write-ahead log included; the key file is not one of them.
fn files(folder: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if !path.to_str().unwrap().contains(".key") {
            bytes.extend(std::fs::read(path).unwrap());
        }
    }
    bytes
}

/// Both rows in one test, because the log is captured for the whole process. Mail, HTTP and other
/// bindings wait.
#[test]
fn sec07_no_token_at_rest_and_sec84_nothing_in_logs() {
    let log = Captured::default();
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new("trace"))
        .with_writer(log.clone())
        .init();
    let folder = tempfile::tempdir().unwrap();
    let mut shown = Vec::new();
    let mut secrets = vec![OLD.to_owned(), NEW.to_owned()];
    let database = url(folder.path());
    let options = Options {
        messages: true,
        ..cheap()
    };
    let users = UserManagement::open(&database, options).unwrap();
    let key = std::fs::read_to_string(format!("{database}.key")).unwrap();
    secrets.push(key.trim().to_owned());
    for n in 0..50 {
        let email = format!("canary{n}@example.com");
        let create = if n % 10 == 0 {
            user_with(&email, OLD)
        } else {
            support::user(&email)
        };
        shown.push(format!("{create:?}"));
        let created = users.create_user(create).unwrap();
        let reset = users.create_password_reset(&email).unwrap();
        let token = text(&reset.password_reset_token).to_owned();
        users.request_password_reset(&email).unwrap();
        shown.push(format!("{created:?} {reset:?}"));
        let weak = users.reset_password(&token, "short canary").unwrap_err();
        shown.push(format!(
            "{weak:?} {weak} {}",
            serde_json::to_string(&weak.info()).unwrap()
        ));
        if n % 2 == 0 {
            users.reset_password(&token, NEW).unwrap();
            let again = users.reset_password(&token, NEW).unwrap_err();
            shown.push(format!("{again:?} {again}"));
            users.authenticate_with_password(&email, NEW).unwrap();
            let wrong = users
                .authenticate_with_password(&email, "wrong canary")
                .unwrap_err();
            shown.push(format!("{wrong:?} {wrong}"));
        }
        secrets.push(token);
    }
    secrets.extend(["short canary".into(), "wrong canary".into()]);
    let messages = users.messages(100).unwrap().data;
    assert_eq!(messages.len(), 50, "a link or a notice for each");
    for message in messages {
        shown.push(format!("{message:?}"));
        users.message_failed(&message.id).unwrap();
        let again = users.message_sent(&message.id).unwrap_err();
        shown.push(format!("{again:?}"));
    }
    let sql = "UPDATE reset_password_resets SET expires_at = expires_at + 1 WHERE live = 1";
    Database::new(Backend::SqliteFile, folder.path()).rows(sql);
    let tampered = users.reset_password(secrets.last_chunk::<4>().unwrap()[1].as_str(), NEW);
    shown.push(format!("{:?}", tampered.unwrap_err()));
    let feed = users.events(None, 100).unwrap();
    shown.push(serde_json::to_string(&feed).unwrap());
    let options = Options {
        key: Some("5a".repeat(32).into()),
        ..cheap()
    };
    shown.push(format!("{options:?}"));
    secrets.push("5a".repeat(32));
    assert_absent(
        &files(folder.path()),
        &secrets,
        "the database's files, in use",
    );
    users.close();
    assert_absent(
        &files(folder.path()),
        &secrets,
        "the database's files, closed",
    );
    assert_absent(
        shown.join(" ").as_bytes(),
        &secrets,
        "a Debug text, an error or an event",
    );
    let log = log.0.lock().unwrap().clone();
    assert!(
        contains(&log, b"token_reuse") && contains(&log, b"integrity_failure"),
        "the log is empty"
    );
    assert_absent(&log, &secrets, "the log");
    // SEC-84: no full address in a log.
    assert!(!contains(&log, b"@example.com"), "an address is in the log");
}

/// SEC-88: a hash and a digest of a user who was deleted stand nowhere in the file any more.
#[test]
fn sec88_what_sqlite_deletes_is_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::new(Backend::SqliteFile, folder.path());
    let open = || UserManagement::open(database.url(), cheap()).unwrap();
    let users = open();
    let id = users
        .create_user(user_with("ada@example.com", OLD))
        .unwrap()
        .id;
    users.create_password_reset("ada@example.com").unwrap();
    // The last connection that is closed moves everything into the file.
    users.close();
    let hash = database.value("SELECT hex(password_hash) FROM reset_password_users");
    let digest = database.value("SELECT hex(digest) FROM reset_password_resets");
    let file = || std::fs::read(folder.path().join("app.db")).unwrap();
    let holds = |file: &[u8], hex: &str| {
        let byte = |at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
        let bytes: Vec<_> = (0..hex.len()).step_by(2).map(byte).collect();
        contains(file, &bytes)
    };
    for secret in [&hash, &digest] {
        assert!(holds(&file(), secret), "the file is looked at in vain");
    }
    let users = open();
    users.delete_user(&id).unwrap();
    users.close();
    for secret in [&hash, &digest] {
        assert!(!holds(&file(), secret));
    }
}
