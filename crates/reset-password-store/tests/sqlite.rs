//! SQLite passes the contract, in a file and in memory.

mod contract;

use std::os::unix::fs::PermissionsExt;

use reset_password_core::{Timestamp, store::StoreError};
use reset_password_store::{Location, SqliteStore};
use tempfile::TempDir;

const NOW: Timestamp = Timestamp::from_unix_millis(1_800_000_000_000);

fn file(folder: &TempDir, name: &str) -> Location {
    Location::File(folder.path().join(name))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_passes_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    let count = std::cell::Cell::new(0);
    contract::run(|| {
        count.set(count.get() + 1);
        let location = file(&folder, &format!("{}.db", count.get()));
        async { SqliteStore::open(location, true, NOW).await.unwrap() }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_passes_the_contract() {
    contract::run(|| async {
        SqliteStore::open(Location::Memory, true, NOW)
            .await
            .unwrap()
    })
    .await;
}

/// What protects a commit, and what protects a file from other users.
#[tokio::test]
async fn a_new_file_is_private_and_durable() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(file(&folder, "app.db"), true, NOW)
        .await
        .unwrap();
    assert_eq!(store.durability().await.unwrap(), ("wal".to_owned(), 2));
    assert_eq!(store.integrity().await.unwrap(), "ok");
    for name in ["app.db", "app.db-wal", "app.db-shm"] {
        let mode = std::fs::metadata(folder.path().join(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    store.close().await;
}

#[tokio::test]
async fn opening_leaves_no_connection_behind() {
    let folder = tempfile::tempdir().unwrap();
    let _store = SqliteStore::open(file(&folder, "app.db"), true, NOW)
        .await
        .unwrap();
    assert!(
        !folder.path().join("app.db-wal").exists(),
        "a connection is still open"
    );
}

#[tokio::test]
async fn what_cannot_be_opened_is_explained() {
    let folder = tempfile::tempdir().unwrap();
    let explain =
        async |location: Location, migrate| match SqliteStore::open(location, migrate, NOW).await {
            Err(StoreError::Config(sentence)) => sentence,
            Err(error) => panic!("{error:?}"),
            Ok(_) => panic!("it opened"),
        };
    let sentence = explain(file(&folder, "missing/app.db"), true).await;
    let path = folder.path().join("missing/app.db");
    assert!(sentence.contains(path.to_str().unwrap()), "{sentence}");
    assert!(sentence.contains("the folder does not exist"), "{sentence}");
    let sentence = explain(Location::File(folder.path().to_owned()), true).await;
    assert!(sentence.contains("it is a folder"), "{sentence}");
    std::fs::write(
        folder.path().join("text.db"),
        "this is no database, and long enough to tell",
    )
    .unwrap();
    let sentence = explain(file(&folder, "text.db"), true).await;
    assert!(sentence.contains("is not a SQLite database"), "{sentence}");
    let sentence = explain(file(&folder, "new.db"), false).await;
    assert!(sentence.contains("reset-password migrate"), "{sentence}");
}

#[tokio::test]
async fn many_may_open_a_new_file_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let opening: Vec<_> = (0..8)
        .map(|_| tokio::spawn(SqliteStore::open(file(&folder, "app.db"), true, NOW)))
        .collect();
    for store in opening {
        store.await.unwrap().unwrap();
    }
}
