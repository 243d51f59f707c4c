//! What must not stand in the sources.

use std::{fs, path::Path};

/// Every file below a folder with one of these extensions, with its path, but for folders of such names.
fn files(folder: &Path, extensions: &[&str], but: &[&str], found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().to_lowercase();
        if path.is_dir() {
            if !but.contains(&name.as_str()) {
                files(&path, extensions, but, found);
            }
        } else if extensions.iter().any(|extension| name.ends_with(extension)) {
            found.push((
                path.display().to_string(),
                fs::read_to_string(&path).unwrap(),
            ));
        }
    }
}

fn crates() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Every Rust source of the published crates, with its path.
fn sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(crates()).unwrap() {
        files(
            &entry.unwrap().path().join("src"),
            &[".rs"],
            &[],
            &mut found,
        );
    }
    assert!(found.len() > 40, "the sources are elsewhere");
    found
}

/// Every source of the bindings, in Rust and in the languages themselves, without what tests them or was
/// built beside them.
fn bindings() -> Vec<(String, String)> {
    let languages = [
        ".rs", ".c", ".h", ".go", ".java", ".js", ".kt", ".mjs", ".php", ".py", ".rb", ".swift",
        ".toml", ".ts",
    ];
    let but = [
        "build",
        "installed",
        "node_modules",
        "target",
        "test",
        "tests",
        "vendor",
        "gradle",
    ];
    let mut found = Vec::new();
    files(&crates().join("../bindings"), &languages, &but, &mut found);
    found.retain(|(path, _)| !path.ends_with("_test.go"));
    for language in [
        "c", "go", "java", "node", "php", "python", "ruby", "support", "uniffi",
    ] {
        let folder = format!("/bindings/{language}/");
        assert!(
            found.iter().any(|(path, _)| path.contains(&folder)),
            "{language}"
        );
    }
    found
}

fn assert_absent(banned: &[&str], allowed: impl Fn(&str) -> bool) {
    assert_absent_in(sources(), banned, allowed);
}

fn assert_absent_in(
    sources: Vec<(String, String)>,
    banned: &[&str],
    allowed: impl Fn(&str) -> bool,
) {
    for (path, text) in sources {
        for word in banned {
            assert!(
                allowed(&path) || !text.contains(word),
                "{path} names {word}"
            );
        }
    }
}

/// Secrets come from the operating system alone, and two files ask it for them: one of the library, one of the core's
/// tests. Nothing else that could make some up is named, or brought in by a manifest.
#[test]
fn sec01_no_other_rng() {
    let banned = [
        "ThreadRng",
        "thread_rng",
        "StdRng",
        "SmallRng",
        "RngCore",
        "SeedableRng",
        "fastrand",
        "Uuid",
        "rand::",
        "rand_",
        "OsRng",
        "/dev/random",
        "urandom",
        "libc::getrandom",
        "rustix::rand",
    ];
    assert_absent(&banned, |_| false);
    let places = sources();
    let asking = |word: &str| -> Vec<&str> {
        let places = places.iter().filter(|(_, text)| text.contains(word));
        places
            .map(|(path, _)| path.split_once("/crates/").unwrap().1)
            .collect()
    };
    let mut found = asking("getrandom");
    found.sort_unstable();
    assert_eq!(
        found,
        [
            "reset-password-core/src/random.rs",
            "reset-password/src/system.rs"
        ]
    );
    // Keys of a hash table, which keep one client from choosing whom it collides with, and are no secret of ours.
    assert_eq!(
        asking("RandomState"),
        ["reset-password-core/src/admission/turns.rs"]
    );
    let mut manifests = Vec::new();
    files(crates(), &["cargo.toml"], &[], &mut manifests);
    assert!(manifests.len() > 4, "the manifests are elsewhere");
    let banned = ["\nrand", "\nfastrand", "\nnanoid", "\noorandom"];
    assert_absent_in(manifests, &banned, |_| false);
    // What names a request is drawn like everything else: the library of UUIDs makes none.
    let workspace = fs::read_to_string(crates().join("../Cargo.toml")).unwrap();
    let uuid = "uuid = { version = \"1.29\", default-features = false, features = [\"std\"] }";
    assert!(workspace.contains(uuid), "uuid may make some by itself");
}

/// A binding makes no secret, and so has no use for any randomness.
#[test]
fn sec01_no_randomness_in_a_binding() {
    let banned = [
        "rand::",
        "rand =",
        "uuid",
        "Uuid",
        "UUID",
        "nanoid",
        "getrandom",
        "getentropy",
        "Math.random",
        "randomBytes",
        "random_bytes",
        "random_int",
        "randomInt",
        "getRandomValues",
        "math/rand",
        "crypto/rand",
        "java.util.Random",
        "SecureRandom",
        "SystemRandom",
        "ThreadLocalRandom",
        "SplittableRandom",
        "kotlin.random",
        "Random(",
        "import random",
        "from random",
        "import secrets",
        "from secrets",
        "mt_rand",
        "lcg_value",
        "uniqid",
        "arc4random",
        "urandom",
        "srand",
        " rand(",
        "drand48",
        "randomUUID",
    ];
    assert_absent_in(bindings(), &banned, |_| false);
}

/// Nothing starts a program, loads code that it was given, or reads a pattern.
#[test]
fn sec95_no_process_no_code_no_pattern() {
    let banned = [
        "process::Command",
        "libloading",
        "dlopen",
        "regex::",
        "Regex",
    ];
    assert_absent(&banned, |_| false);
    let banned = [
        "process::Command",
        "libloading",
        "regex::",
        "child_process",
        "eval(",
        "new Function(",
        "subprocess",
        "os.system",
        "os/exec",
        "ProcessBuilder",
        "Runtime.getRuntime().exec",
        "proc_open",
        "shell_exec",
        "instance_eval",
        "class_eval",
        "Open3",
        "NSTask",
    ];
    // It makes constructors of its own constant names when it is loaded.
    let ruby = "lib/reset_password/record.rb";
    assert_absent_in(bindings(), &banned, |path| path.ends_with(ruby));
    let mut manifests = Vec::new();
    files(crates(), &["cargo.toml"], &[], &mut manifests);
    assert_absent_in(manifests, &["\nregex", "\nlibloading"], |_| false);
}

/// Where the engine holds something secret against what it was given, it does so in constant time, and nowhere is such
/// a thing compared in another way.
#[test]
fn sec10_what_is_secret_is_compared_in_constant_time() {
    let digests = "key::equal(";
    let tags = ".ct_eq(";
    let places = [
        ("core/src/api_key.rs", digests),
        ("core/src/audit/checkpoint.rs", digests),
        ("core/src/engine/confirm.rs", digests),
        ("core/src/reset.rs", digests),
        ("core/src/retirement.rs", digests),
        ("core/src/password/hash/argon2.rs", tags),
        ("core/src/password/hash/bcrypt.rs", tags),
        ("core/src/password/hash/pbkdf2.rs", tags),
        ("core/src/password/hash/scrypt.rs", tags),
    ];
    let sources: Vec<_> = sources()
        .into_iter()
        // The known answers of the library's own test are known to everybody.
        .filter(|(path, _)| !is_test(path) && !path.ends_with("self_test.rs"))
        .collect();
    for (place, comparison) in places {
        let (path, text) = sources
            .iter()
            .find(|(path, _)| path.contains(place))
            .unwrap();
        assert!(code(text).contains(comparison), "{path} compares otherwise");
    }
    let secret = [
        "digest",
        "fingerprint",
        "mac",
        "secret",
        "signature",
        "tag",
        "token",
    ];
    // The command holds no secret against another: it compares where they come from.
    let engine = sources
        .iter()
        .filter(|(path, _)| !path.contains("/reset-password-cli/"));
    for (path, text) in engine {
        for line in code(text).lines().map(str::trim) {
            let is_comparison = [" == ", " != ", ".eq(", ".ne(", ".cmp("]
                .iter()
                .any(|comparison| line.contains(comparison));
            // Its length is no secret, and its name is none.
            let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '.' && c != '"');
            let is_of_it = |word: &str| {
                let name = word.rsplit('.').next().unwrap_or(word);
                secret.contains(&name) && !word.contains('"')
            };
            assert!(
                !is_comparison || line.starts_with("//") || !words.any(is_of_it),
                "{path}: {line}"
            );
        }
    }
}

/// ECB and RSA nowhere; SHA-1 and MD5 only to verify imported hashes that take them thousands of times over, PBKDF2's and
/// phpass's, which are then replaced.
#[test]
fn sec11_banned_primitives() {
    assert_absent(&["ecb::", "rsa::", "Des::"], |_| false);
    assert_absent(&["md5::", "Md5"], |path| {
        path.ends_with("password/hash/phpass.rs")
    });
    assert_absent(&["Sha1", "sha1::"], |path| path.contains("password/hash/"));
}

/// A statement's text stands where it is known to be made of constants: with the other statements of its
/// table, with the migrations, or in the file of a driver that sets up a session or looks at a server's health.
#[test]
fn statements_stand_in_few_places() {
    let places = [
        "store/src/statements/",
        "store/src/sql/dialect.rs",
        "store/src/migrate.rs",
        "store/src/mysql/connect.rs",
        "store/src/mysql/connection.rs",
        "store/src/mysql/flavour.rs",
        "store/src/mysql/health.rs",
        "store/src/postgres/connection.rs",
        "store/src/postgres/health.rs",
        "store/src/postgres/pooler.rs",
        "store/src/postgres/schema.rs",
        "store/src/sqlite/connection.rs",
        "store/src/sqlite/driver.rs",
        "store/src/sqlite/health.rs",
        // Of a table that is told, whose names were checked.
        "store/src/users/found.rs",
        "store/src/users/live.rs",
        "store/src/users/mapped.rs",
    ];
    let verbs = [
        "ALTER ",
        "BEGIN ",
        "COMMIT",
        "CREATE ",
        "DELETE FROM ",
        "DROP ",
        "INSERT ",
        "PRAGMA ",
        "ROLLBACK",
        "SELECT ",
        "SET ",
        "START ",
        "UPDATE ",
    ];
    let has_statement = |text: &str| {
        let mut lines = code(text).lines();
        lines.any(|line| {
            let begins =
                |verb: &&str| line.contains(&format!("\"{verb}")) || line.starts_with(verb);
            verbs.iter().any(begins)
        })
    };
    let found: Vec<_> = sources()
        .into_iter()
        .filter(|(path, text)| !is_test(path) && has_statement(text))
        .map(|(path, _)| path)
        .collect();
    for place in places {
        assert!(
            place.ends_with("migrate.rs") || found.iter().any(|path| path.contains(place)),
            "{place} has no statement any more"
        );
    }
    for path in found {
        assert!(
            places.iter().any(|place| path.contains(place)),
            "{path} has a statement"
        );
    }
}

/// The users' table is named in one module (and made by the migration).
#[test]
fn the_users_table_is_named_once() {
    for (path, text) in sources() {
        assert!(
            path.ends_with("store/src/statements/users.rs")
                || is_test(&path)
                || !code(&text).contains("reset_password_users"),
            "{path} names the users' table"
        );
    }
}

/// Nothing waits by sleeping: whoever waits is woken by what it waits for.
#[test]
fn nothing_sleeps() {
    assert_absent(&["thread::sleep"], |_| false);
}

/// The sources without their tests: those stand at the end of a file.
fn code(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or(text)
}

/// Whether the whole file is a test.
fn is_test(path: &str) -> bool {
    path.ends_with("tests.rs")
}

/// A child that was forked while another thread of its parent made something would wait for it for ever: so no call waits for a
/// value that another thread makes. What is done once, at the first open, stands in three files of the store; what sends webhooks
/// is a part of the service alone, which does not fork.
#[test]
fn no_call_waits_for_what_another_thread_makes() {
    assert_absent(
        &["LazyLock", "OnceLock", "Once::new", "call_once"],
        |path| {
            [
                "/sqlite/fork.rs",
                "/sqlite/open_files.rs",
                "/sqlite/locks/hooks.rs",
                "/reset-password-webhooks/src/sender.rs",
            ]
            .iter()
            .any(|end| path.ends_with(end))
        },
    );
}
