//! What only SQLite has: a file, which may be missing, damaged, or somebody else's.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use reset_password_core::{
    Timestamp,
    store::{SettingReads, StoreError, UserKey, UserReads},
};
use reset_password_store::{DatabaseUrl, Location, SqlStore, health::Status};
use tempfile::TempDir;

const NOW: Timestamp = Timestamp::from_unix_millis(1_800_000_000_000);

fn open(path: &Path, migrate: bool) -> Result<SqlStore, StoreError> {
    SqlStore::open(
        DatabaseUrl::Sqlite(Location::File(path.to_owned())),
        None,
        migrate,
        NOW,
    )
}

fn folder_and_file() -> (TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.db");
    (folder, file)
}

/// What protects a commit, and what protects a file from other users.
#[test]
fn a_new_file_is_private_and_durable() {
    let (folder, file) = folder_and_file();
    let store = open(&file, true).unwrap();
    let findings = store.health().unwrap();
    let checks: Vec<_> = findings.iter().map(|finding| finding.check).collect();
    assert_eq!(checks, ["database", "durability"]);
    assert!(
        findings.iter().all(|finding| finding.status == Status::Ok),
        "{findings:?}"
    );
    for name in ["app.db", "app.db-wal", "app.db-shm"] {
        let mode = fs::metadata(folder.path().join(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    store.close();
}

#[test]
fn opening_leaves_no_connection_behind() {
    let (folder, file) = folder_and_file();
    let _store = open(&file, true).unwrap();
    assert!(
        !folder.path().join("app.db-wal").exists(),
        "a connection is still open"
    );
}

#[test]
fn what_cannot_be_opened_is_explained() {
    let (folder, file) = folder_and_file();
    let explain = |path: &Path, migrate| match open(path, migrate) {
        Err(StoreError::Config(sentence)) => sentence,
        Err(error) => panic!("{error:?}"),
        Ok(_) => panic!("it opened"),
    };
    let missing = folder.path().join("missing/app.db");
    let sentence = explain(&missing, true);
    assert!(sentence.contains(missing.to_str().unwrap()), "{sentence}");
    assert!(sentence.contains("the folder does not exist"), "{sentence}");
    let sentence = explain(folder.path(), true);
    assert!(sentence.contains("it is a folder"), "{sentence}");
    let text = folder.path().join("text.db");
    fs::write(&text, "this is no database, and long enough to tell").unwrap();
    let sentence = explain(&text, true);
    assert!(sentence.contains("is not a SQLite database"), "{sentence}");
    let sentence = explain(&file, false);
    assert!(sentence.contains("reset-password migrate"), "{sentence}");

    let other = folder.path().join("other");
    rustix::fs::mkfifoat(rustix::fs::CWD, &other, rustix::fs::Mode::RUSR).unwrap();
    let sentence = explain(&other, true);
    assert!(sentence.contains("it is a pipe"), "{sentence}");
    fs::remove_file(&other).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(&other).unwrap();
    let sentence = explain(&other, true);
    assert!(sentence.contains("it is a socket"), "{sentence}");
    for device in ["/dev/null", "/dev/full"] {
        let sentence = explain(Path::new(device), true);
        assert!(sentence.contains("it is a device"), "{sentence}");
    }
    fs::remove_file(&other).unwrap();
    std::os::unix::fs::symlink("nowhere", &other).unwrap();
    let sentence = explain(&other, true);
    assert!(
        sentence.contains("a symbolic link, and the file"),
        "{sentence}"
    );
    for suffix in ["-wal", "-shm", "-journal"] {
        let companion = folder.path().join(format!("new.db{suffix}"));
        fs::create_dir(&companion).unwrap();
        let sentence = explain(&folder.path().join("new.db"), true);
        assert!(
            sentence.contains(&format!("new.db{suffix} is a folder")),
            "{sentence}"
        );
        fs::remove_dir(companion).unwrap();
    }
    let long = folder.path().join(format!("{}/app.db", "a/".repeat(300)));
    fs::create_dir_all(long.parent().unwrap()).unwrap();
    let sentence = explain(&long, true);
    assert!(sentence.contains("longer than 500 octets"), "{sentence}");
}

/// Its header is whole, and what is behind it is not.
#[test]
fn a_damaged_file_is_called_damaged() {
    let (_folder, file) = folder_and_file();
    let store = open(&file, true).unwrap();
    store.key_id().unwrap();
    store.close();
    let mut bytes = fs::read(&file).unwrap();
    let page = usize::from(u16::from_be_bytes([bytes[16], bytes[17]]));
    for byte in bytes.iter_mut().skip(page) {
        *byte = 0xa5;
    }
    fs::write(&file, &bytes).unwrap();
    let damaged = |error: &StoreError| matches!(error, StoreError::DatabaseDamaged(_));
    let error = store
        .find_user(UserKey::Id("user_ada"))
        .map(drop)
        .unwrap_err();
    assert!(damaged(&error), "{error:?}");
    let public = reset_password_core::Error::from(error);
    assert!(
        public.message().contains("restore it from a backup"),
        "{public}"
    );
    store.close();
    match open(&file, true) {
        Err(error) => assert!(damaged(&error), "{error:?}"),
        Ok(_) => panic!("it opened"),
    }
}
