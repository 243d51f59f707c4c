//! Files of other users, names that are links, and what is no file at all.

use std::{
    fs,
    os::unix::{
        fs::{MetadataExt, PermissionsExt, chown, symlink},
        process::CommandExt,
    },
    path::Path,
    process::Command,
};

use reset_password_test_service::{binary, with_mounts};
use rustix::process::geteuid;

use crate::fixture::{Answer, EMAIL, Fixture, PASSWORD, run};

/// A user of no name, and a group.
const OTHER: u32 = 54_321;
const GROUP: u32 = 54_322;

fn whose(path: &Path) -> (u32, u32, u32) {
    let data = fs::metadata(path).unwrap();
    (data.uid(), data.gid(), data.mode() & 0o777)
}

/// The files of an installation whose owner is the other user, if this test may give files away.
fn given_away() -> (Fixture, u32) {
    let fixture = Fixture::new();
    fixture.create_user();
    let me = geteuid().as_raw();
    let owner = if geteuid().is_root() { OTHER } else { me };
    if owner == OTHER {
        chown(fixture.path(), Some(OTHER), Some(GROUP)).unwrap();
        for file in fs::read_dir(fixture.path()).unwrap() {
            chown(file.unwrap().path(), Some(OTHER), Some(GROUP)).unwrap();
        }
    }
    (fixture, owner)
}

/// The key stays its owner's, whoever replaces it, and the one before goes to the same users.
#[test]
fn a_key_stays_whose_it_was() {
    let (fixture, owner) = given_away();
    let [key, previous] = ["", ".previous"].map(|suffix| {
        fixture
            .path()
            .join(format!("reset-password.db.key{suffix}"))
    });
    fs::set_permissions(&key, fs::Permissions::from_mode(0o640)).unwrap();
    let before = (whose(&key), fs::read(&key).unwrap());
    assert_eq!((before.0.0, before.0.2), (owner, 0o640));
    fixture.text(&["key", "rotate"], "");
    assert_ne!(fs::read(&key).unwrap(), before.1);
    assert_eq!(whose(&key), before.0);
    assert_eq!(whose(&previous), before.0);
    // What a rotation left that gave the one before to root is mended by the next.
    fs::set_permissions(&previous, fs::Permissions::from_mode(0o600)).unwrap();
    fixture.text(&["key", "rotate"], "");
    assert_eq!(whose(&previous), before.0);
    // So is what root leaves in passing.
    for file in fs::read_dir(fixture.path()).unwrap() {
        let path = file.unwrap().path();
        assert_eq!(whose(&path).0, owner, "{}", path.display());
    }
}

/// The mark of the audit trail is moved on by whoever uses the key.
#[test]
fn a_mark_of_the_trail_is_for_those_of_the_key() {
    let fixture = Fixture::new();
    let folder = fixture.path().join("key");
    fs::create_dir(&folder).unwrap();
    let key = folder.join("current");
    fs::write(&key, "0123456789abcdef".repeat(4)).unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o640)).unwrap();
    if geteuid().is_root() {
        chown(&key, Some(OTHER), Some(GROUP)).unwrap();
    }
    for _ in 0..2 {
        fixture.text(&["user", "create", "--key-file", "key/current", EMAIL], "");
        fixture.text(&["doctor", "--key-file", "key/current"], "");
        let files = fs::read_dir(&folder).unwrap();
        let mut marks = files
            .map(|file| file.unwrap().path())
            .filter(|path| path.to_str().unwrap().contains(".trail-"));
        let mark = marks.next().unwrap();
        // By its owner it is made as any file of his.
        let (owner, group, mode) = whose(&mark);
        let expected = if geteuid().is_root() {
            whose(&key)
        } else {
            (geteuid().as_raw(), group, 0o600)
        };
        assert_eq!((owner, group, mode), expected);
        fixture.text(
            &[
                "user",
                "delete",
                "--key-file",
                "key/current",
                "--yes",
                EMAIL,
            ],
            "",
        );
    }
}

/// A key that root makes beside somebody's database is for whoever has that.
#[test]
fn a_new_key_is_for_the_owner_of_the_database() {
    let fixture = Fixture::new();
    let database = fixture.path().join("reset-password.db");
    fs::write(&database, "").unwrap();
    fs::set_permissions(&database, fs::Permissions::from_mode(0o644)).unwrap();
    if geteuid().is_root() {
        chown(&database, Some(OTHER), Some(GROUP)).unwrap();
    }
    fixture.text(&["migrate"], "");
    let (owner, group, _) = whose(&database);
    let key = fixture.path().join("reset-password.db.key");
    assert_eq!(whose(&key), (owner, group, 0o600));
}

/// Who cannot keep the owner changes nothing.
#[test]
fn a_key_of_another_is_not_replaced() {
    let fixture = Fixture::new();
    if !geteuid().is_root() {
        // Nobody else can make a file that is another's.
        return;
    }
    fixture.create_user();
    chown(fixture.path(), Some(OTHER), Some(GROUP)).unwrap();
    let [database, key] =
        ["reset-password.db", "reset-password.db.key"].map(|name| fixture.path().join(name));
    chown(&database, Some(OTHER), Some(GROUP)).unwrap();
    // The service may read its key, and not replace it.
    chown(&key, Some(0), Some(GROUP)).unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o640)).unwrap();
    let before = (whose(&key), fs::read(&key).unwrap());
    let mut rotate = fixture.command(&["key", "rotate"]);
    rotate.uid(OTHER).gid(GROUP);
    let answer = run(rotate, b"");
    assert_eq!((answer.code, answer.stdout.as_str()), (3, ""), "{answer:?}");
    assert!(answer.stderr.contains("for its owner root"), "{answer:?}");
    assert!(answer.stderr.contains("nothing was changed"), "{answer:?}");
    assert_eq!((whose(&key), fs::read(&key).unwrap()), before);
    let mut names: Vec<_> = fs::read_dir(fixture.path())
        .unwrap()
        .map(|file| file.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["reset-password.db", "reset-password.db.key"]);
    fixture.text(&["user", "get", EMAIL], "");
    // Such a key is as it should be.
    let mut doctor = fixture.command(&["doctor"]);
    doctor.uid(OTHER).gid(GROUP);
    let answer = run(doctor, b"");
    assert_eq!(answer.code, 0, "{answer:?}");
    assert!(!answer.stdout.contains("belongs to root"), "{answer:?}");
}

#[test]
fn a_key_file_that_is_a_link_is_not_replaced() {
    let fixture = Fixture::new();
    let key = fixture.path().join("real");
    fs::write(&key, "0123456789abcdef".repeat(4)).unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    symlink("real", fixture.path().join("key")).unwrap();
    fixture.text(&["user", "create", "--key-file", "key", EMAIL], "");
    let (exit, error) = fixture.refused(&["key", "rotate", "--key-file", "key"], "");
    assert_eq!((exit, error["code"].as_str()), (3, Some("config_invalid")));
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("/key is a symbolic link"),
        "{error}"
    );
    fixture.text(&["key", "rotate", "--key-file", "real"], "");
    fixture.text(&["user", "get", "--key-file", "key", EMAIL], "");
}

/// One database, whatever name it is opened by: one key, beside the file itself.
#[test]
fn a_database_that_is_a_link_has_its_key_beside_the_file() {
    let fixture = Fixture::new();
    fs::create_dir(fixture.path().join("disk")).unwrap();
    fixture.write("disk/app.db", "");
    symlink("disk/app.db", fixture.path().join("link.db")).unwrap();
    fixture.text(&["user", "create", "--database", "link.db", EMAIL], "");
    assert!(fixture.path().join("disk/app.db.key").exists());
    assert!(!fixture.path().join("link.db.key").exists());
    fixture.text(&["user", "get", "--database", "disk/app.db", EMAIL], "");
    fixture.text(&["user", "get", "--database", "link.db", EMAIL], "");
}

#[test]
fn what_is_no_file_is_no_database() {
    let fixture = Fixture::new();
    rustix::fs::mkfifoat(
        rustix::fs::CWD,
        fixture.path().join("pipe"),
        rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
    )
    .unwrap();
    for (database, what) in [
        ("pipe", "it is a pipe"),
        ("/dev/null", "it is a device"),
        (".", "it is a folder"),
    ] {
        let (exit, error) = fixture.refused(&["migrate", "--database", database], "");
        assert_eq!((exit, error["code"].as_str()), (3, Some("config_invalid")));
        assert!(error["message"].as_str().unwrap().contains(what), "{error}");
    }
    for file in ["pipe", ".", "/dev/null"] {
        let (exit, error) = fixture.refused(&["migrate", "--key-file", file], "");
        assert_eq!((exit, error["code"].as_str()), (3, Some("config_invalid")));
    }
}

/// Enough for a new database, and not for much in it.
#[test]
fn a_disk_that_is_full_is_said_to_be() {
    let fixture = Fixture::new();
    let answer = mounting(
        &fixture,
        r#"mkdir disk; mount -t tmpfs -o size=1m none disk; "$0" --database disk/app.db migrate
           cat /dev/zero > disk/rest 2>/dev/null || :
           "$0" --database disk/app.db user create ada@example.com"#,
    );
    assert_eq!(answer.code, 4, "{answer:?}");
    assert!(
        answer.stderr.contains("no room left where the database is"),
        "{answer:?}"
    );
}

#[test]
fn settings_that_have_no_end_are_refused() {
    let fixture = Fixture::new();
    for file in ["/dev/zero", "."] {
        let (exit, error) = fixture.refused(&["--config", file, "migrate"], "");
        assert_eq!(
            (exit, error["code"].as_str()),
            (3, Some("config_invalid")),
            "{error}"
        );
    }
}

/// What the shell does to a command before it begins.
fn under(fixture: &Fixture, shell: &str, command: &Command) -> Answer {
    let mut sh = Command::new("sh");
    sh.args(["-c", shell])
        .arg(command.get_program())
        .args(command.get_args());
    sh.current_dir(fixture.path());
    Answer::from(sh.output().unwrap())
}

#[test]
fn input_that_is_closed_or_empty_is_said_to_be() {
    let fixture = Fixture::new();
    fixture.create_user();
    fixture.write("empty", "");
    for arguments in [
        &["user", "create", "b@example.com", "--password-stdin"][..],
        &["user", "create", "b@example.com", "--password-hash-stdin"],
        &["user", "authenticate", EMAIL],
        &["user", "update", EMAIL, "--password-stdin"],
        &["password", "check"],
        &["reset", "confirm"],
    ] {
        for shell in [r#"exec "$0" "$@" <&-"#, r#"exec "$0" "$@" < /dev/null"#] {
            let answer = under(&fixture, shell, &fixture.command(arguments));
            assert_eq!(answer.code, 2, "{arguments:?} {answer:?}");
            assert!(
                answer.stderr.contains("standard input is empty or closed"),
                "{answer:?}"
            );
        }
    }
    let (exit, error) = fixture.refused(&["password", "check", "--password-file", "empty"], "");
    assert_eq!(exit, 2);
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("/empty is empty"),
        "{error}"
    );
    // A line is a password, though nothing is in it.
    assert_eq!(
        fixture
            .run_with(&["user", "authenticate", EMAIL], "\n")
            .code,
        1
    );
}

#[test]
fn memory_that_cannot_be_had_is_said_to_be() {
    let fixture = Fixture::new();
    fixture.create_user();
    fixture.write("password", PASSWORD);
    // Enough for the command and a cheap hash, and not for one of a gibibyte.
    let limited = r#"ulimit -v 600000; exec "$0" "$@""#;
    let login = ["user", "authenticate", EMAIL, "--password-file", "password"];
    assert_eq!(under(&fixture, limited, &fixture.command(&login)).code, 0);
    let mut dear = Command::new(binary());
    dear.args([
        "user",
        "create",
        "b@example.com",
        "--password-file",
        "password",
    ]);
    dear.args(["--argon2-memory-kib", "1048576"]);
    let answer = under(&fixture, limited, &dear);
    assert_eq!(answer.code, 4, "{answer:?}");
    assert!(
        answer
            .stderr
            .contains("the memory for a hash could not be had"),
        "{answer:?}"
    );
}

/// Runs a script of the shell where it may mount: as root, or as who is root of a namespace of users.
fn mounting(fixture: &Fixture, script: &str) -> Answer {
    let mut shell = with_mounts(&["sh", "-ec", script]);
    shell.arg(binary());
    shell.current_dir(fixture.path());
    Answer::from(shell.output().unwrap())
}

#[test]
fn a_file_system_that_is_read_only_is_said_to_be() {
    let fixture = Fixture::new();
    let answer = mounting(
        &fixture,
        r#"mkdir disk; mount -t tmpfs none disk; "$0" --database disk/app.db migrate
           mount -o remount,bind,ro disk
           "$0" --database disk/app.db user list || true
           "$0" --database disk/new.db user list"#,
    );
    assert_eq!(answer.code, 3, "{answer:?}");
    let said: Vec<_> = answer
        .stderr
        .lines()
        .filter(|line| line.starts_with("error: "))
        .collect();
    assert_eq!(said.len(), 2, "{answer:?}");
    for line in said {
        assert!(
            line.ends_with(
                "the file system is read-only; mount it writable, or give another --database"
            ),
            "{line}"
        );
    }
}

/// A secret in a container: what is said can be done there.
#[test]
fn a_secret_that_is_mounted_open_is_to_be_closed_where_it_comes_from() {
    let fixture = Fixture::new();
    let answer = mounting(
        &fixture,
        r#"mkdir secrets; mount -t tmpfs none secrets
           echo 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef > secrets/key
           chmod 444 secrets/key
           mount -o remount,bind,ro secrets
           "$0" --key-file secrets/key migrate || true
           mount -o remount,bind,rw secrets; chmod 440 secrets/key; mount -o remount,bind,ro secrets
           "$0" --key-file secrets/key migrate"#,
    );
    assert_eq!(answer.code, 0, "{answer:?}");
    assert!(answer.stderr.contains("defaultMode: 0400"), "{answer:?}");
    assert!(!answer.stderr.contains("chmod g-w"), "{answer:?}");
}
