//! What must not stand in the sources.

use std::{fs, path::Path};

/// Every Rust source of the published crates, with its path.
fn sources() -> Vec<(String, String)> {
    fn collect(folder: &Path, found: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push((
                    path.display().to_string(),
                    fs::read_to_string(&path).unwrap(),
                ));
            }
        }
    }
    let mut found = Vec::new();
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for entry in fs::read_dir(crates).unwrap() {
        collect(&entry.unwrap().path().join("src"), &mut found);
    }
    assert!(found.len() > 40, "the sources are elsewhere");
    found
}

fn assert_absent(banned: &[&str], allowed: impl Fn(&str) -> bool) {
    for (path, text) in sources() {
        for word in banned {
            assert!(
                allowed(&path) || !text.contains(word),
                "{path} names {word}"
            );
        }
    }
}

/// Secrets come from the operating system alone.
#[test]
fn sec01_no_other_rng() {
    let banned = [
        "ThreadRng",
        "thread_rng",
        "StdRng",
        "SmallRng",
        "fastrand",
        "Uuid",
        "rand::",
        "OsRng",
    ];
    assert_absent(&banned, |_| false);
    let fills: Vec<_> = sources()
        .into_iter()
        .filter(|(_, text)| text.contains("getrandom::fill"))
        .collect();
    let paths: Vec<_> = fills.iter().map(|(path, _)| path.as_str()).collect();
    assert!(
        paths
            .iter()
            .all(|path| path.ends_with("system.rs") || path.ends_with("core/src/random.rs")),
        "{paths:?}"
    );
}

/// MD5, ECB and RSA nowhere; SHA-1 only to verify imported PBKDF2 hashes, which are then replaced.
#[test]
fn sec11_banned_primitives() {
    assert_absent(&["md5::", "Md5", "ecb::", "rsa::", "Des::"], |_| false);
    assert_absent(&["Sha1", "sha1::"], |path| path.contains("password/hash/"));
}

/// No statement is made of values: the only texts that are asserted to be safe are built once, from
/// constants.
#[test]
fn statements_are_built_in_one_place() {
    assert_absent(&["AssertSqlSafe"], |path| {
        path.ends_with("store/src/statements.rs")
    });
}

/// The users' table is named in one module (and made by the migration).
#[test]
fn the_users_table_is_named_once() {
    assert_absent(&["reset_password_users"], |path| {
        path.ends_with("store/src/user_table.rs")
    });
}
