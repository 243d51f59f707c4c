//! What is said, and what the shell is told, when a command does not succeed.

use std::{fs, os::unix::fs::PermissionsExt, process::Stdio};

use reset_password_test_service::binary;

use crate::fixture::{EMAIL, Fixture, PASSWORD, run};

#[test]
fn a_refusal_is_1() {
    let fixture = Fixture::new();
    fixture.create_user();
    for (arguments, input, code) in [
        (&["user", "get", "user_x"][..], "", "user_not_found"),
        (&["user", "get", "nobody@example.com"], "", "user_not_found"),
        (
            &["user", "get", "x", "--by-external-id"],
            "",
            "user_not_found",
        ),
        (
            &["user", "update", "user_x", "--name", "x"],
            "",
            "user_not_found",
        ),
        (&["user", "create", EMAIL], "", "email_not_available"),
        (
            &["user", "create", "b@example.com", "--password-stdin"],
            "short",
            "password_rejected",
        ),
        (
            &["user", "authenticate", EMAIL],
            "wrong",
            "invalid_credentials",
        ),
        (
            &["user", "authenticate", "nobody@example.com"],
            "wrong",
            "invalid_credentials",
        ),
        (
            &["reset", "create", "nobody@example.com"],
            "",
            "user_not_found",
        ),
        (
            &["reset", "get", "password_reset_x"],
            "",
            "password_reset_not_found",
        ),
        (
            &["reset", "confirm"],
            "garbage\nx",
            "password_reset_token_not_found",
        ),
        (&["reset", "revoke", "user_x"], "", "user_not_found"),
        (
            &["password", "check", "--user", "user_x"],
            PASSWORD,
            "user_not_found",
        ),
    ] {
        assert_eq!(
            fixture.code(arguments, input),
            (1, code.to_owned()),
            "{arguments:?}"
        );
    }
    let binary = fixture.code(&["user", "authenticate", EMAIL], b"\xff\xfe");
    assert_eq!(binary, (1, "invalid_credentials".into()));
    let binary = fixture.code(&["user", "update", EMAIL, "--password-stdin"], b"\xff\xfe");
    assert_eq!(binary, (1, "password_rejected".into()));
}

#[test]
fn a_garbage_token_is_not_found() {
    let fixture = Fixture::new();
    fixture.create_user();
    let long = "A".repeat(60_000);
    for token in [
        &b"x"[..],
        b" ",
        b"\xff\xfe\xfd",
        b"a\0b",
        b"../../etc/passwd",
        long.as_bytes(),
    ] {
        let input = [token, b"\n", PASSWORD.as_bytes()].concat();
        let answer = fixture.code(&["reset", "confirm"], input);
        assert_eq!(answer, (1, "password_reset_token_not_found".into()));
    }
}

#[test]
fn input_that_cannot_be_used_is_2() {
    let fixture = Fixture::new();
    fixture.create_user();
    for arguments in [
        &["user", "create", "no address"][..],
        &["user", "create", "b@example.com", "--external-id", "é"],
        &["user", "list", "--limit", "101"],
        &["user", "list", "--limit", "many"],
        &["user", "list", "--after", "user_x"],
        &["user", "delete", EMAIL],
        &["user", "create"],
        &["user", "create", "b@example.com", "--metadata", "plan"],
        &[
            "user",
            "create",
            "b@example.com",
            "--password-stdin",
            "--password-hash-stdin",
        ],
        &["user", "authenticate", EMAIL, "--password-prompt"],
        &["user", "authenticate", EMAIL, "--password-file", "missing"],
        &["user", "authenticate", EMAIL, "--password-file", "."],
        &["reset", "confirm"],
        &["reset", "revoke"],
        &["reset", "revoke", EMAIL, "--all"],
        &["migrate", "--no-migrate"],
        &["no-such-command"],
        &["user", "no-such-command"],
        &["--no-such-option", "migrate"],
        &["completions", "no-such-shell"],
    ] {
        let mut command = fixture.command(&[arguments, &["--json"]].concat());
        // Without a controlling terminal there is nobody to ask.
        command = {
            let mut alone = std::process::Command::new("setsid");
            alone
                .arg("--wait")
                .arg(command.get_program())
                .args(command.get_args());
            alone.current_dir(fixture.path());
            alone
        };
        let answer = run(command, b"");
        assert_eq!(
            (answer.code, answer.stdout.as_str()),
            (2, ""),
            "{arguments:?}: {answer:?}"
        );
        let document: serde_json::Value = serde_json::from_str(&answer.stderr).unwrap();
        assert_eq!(document["error"]["code"], "input_invalid", "{arguments:?}");
        assert!(
            document["error"]["errors"][0]["field"].is_string(),
            "{arguments:?}"
        );
    }
}

#[test]
fn too_much_input_is_2() {
    let fixture = Fixture::new();
    fixture.create_user();
    let most = "x".repeat(64 * 1024);
    let check = ["password", "check"];
    assert_eq!(fixture.run_with(&check, &most).code, 1);
    for more in [64 * 1024 + 1, 1024 * 1024] {
        let (exit, error) = fixture.refused(&check, "x".repeat(more));
        assert_eq!((exit, error["code"].as_str()), (2, Some("input_invalid")));
        assert_eq!(error["message"], "standard input holds more than 64 KiB");
    }
    fixture.write("long", "x".repeat(64 * 1024 + 1));
    let (exit, error) = fixture.refused(&["password", "check", "--password-file", "long"], "");
    assert_eq!(exit, 2);
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .ends_with("/long holds more than 64 KiB"),
        "{error}"
    );
}

#[test]
fn a_configuration_that_cannot_be_used_is_3() {
    let fixture = Fixture::new();
    let missing = fixture.run(&["user", "list", "--database", "/nonexistent/x.db"]);
    assert_eq!((missing.code, missing.stdout.as_str()), (3, ""));
    let sentence = "error: cannot open database /nonexistent/x.db: the folder does not exist; \
                    create it or give another --database\n";
    assert!(missing.stderr.starts_with(sentence), "{missing:?}");
    assert!(missing.stderr.contains("\nhint: "), "{missing:?}");

    fixture.write(
        "text.db",
        "this is no database, only some text that is long enough to be one\n".repeat(9),
    );
    fs::create_dir(fixture.path().join("folder.db")).unwrap();
    for arguments in [
        &["user", "list", "--database", "text.db"][..],
        &["migrate", "--database", "text.db"],
        &["migrate", "--database", "folder.db"],
        &["migrate", "--database", ""],
        &["migrate", "--reset-url", "http://example.com/"],
        &["migrate", "--token-lifetime", "299"],
        &["migrate", "--password-min-length", "7"],
        &["migrate", "--argon2-memory-kib", "8"],
        &["migrate", "--key-file", "missing.key"],
    ] {
        let answer = if arguments.contains(&"8") {
            let mut command = std::process::Command::new(binary());
            command
                .current_dir(fixture.path())
                .args(arguments)
                .arg("--json");
            run(command, b"")
        } else {
            fixture.run(&[arguments, &["--json"]].concat())
        };
        assert_eq!(
            (answer.code, answer.stdout.as_str()),
            (3, ""),
            "{arguments:?}: {answer:?}"
        );
        let document: serde_json::Value = serde_json::from_str(&answer.stderr).unwrap();
        assert_eq!(document["error"]["code"], "config_invalid", "{arguments:?}");
    }
    let text = fixture.run(&["user", "list", "--database", "text.db"]);
    assert!(text.stderr.contains("is not a SQLite database"), "{text:?}");

    let (exit, error) = fixture.refused(&["migrate", "--database", "mysql://db.example.com"], "");
    assert_eq!((exit, error["code"].as_str()), (3, Some("config_invalid")));
    let message = error["message"].as_str().unwrap();
    assert!(
        message.contains("mysql://USER:PASSWORD@HOST/DATABASE"),
        "{message}"
    );
}

#[test]
fn a_lost_key_is_3() {
    let fixture = Fixture::new();
    fixture.create_user();
    fs::remove_file(fixture.path().join("reset-password.db.key")).unwrap();
    let (exit, error) = fixture.refused(&["user", "list"], "");
    assert_eq!(exit, 3);
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("reset-password.db.key is missing"),
        "{error}"
    );
}

#[test]
fn a_damaged_database_is_3() {
    let fixture = Fixture::new();
    fixture.create_user();
    let path = fixture.path().join("reset-password.db");
    for suffix in ["-wal", "-shm"] {
        let _ = fs::remove_file(fixture.path().join(format!("reset-password.db{suffix}")));
    }
    let mut octets = fs::read(&path).unwrap();
    let half = octets.len() / 2;
    octets[4096..half].fill(0xa5);
    fs::write(&path, octets).unwrap();
    let (exit, error) = fixture.refused(&["user", "list"], "");
    assert_eq!(
        (exit, error["code"].as_str()),
        (3, Some("storage_unavailable")),
        "{error}"
    );
    assert_eq!(
        (&error["retryable"], error.get("retry_after")),
        (&false.into(), None)
    );
    let text = fixture.run(&["user", "list"]);
    assert!(text.stderr.contains("from a backup"), "{text:?}");
    assert!(!text.stderr.contains("again in"), "{text:?}");
}

#[test]
fn a_database_that_is_gone_for_now_is_4() {
    let fixture = Fixture::new();
    fixture.write("key", "0123456789abcdef".repeat(4));
    // Nobody listens there: whoever does not have all rights may not.
    let nowhere = "postgres://app@127.0.0.1:1/app";
    let list = ["user", "list", "--database", nowhere, "--key-file", "key"];
    let (exit, error) = fixture.refused(&list, "");
    assert_eq!(
        (exit, error["code"].as_str()),
        (4, Some("storage_unavailable")),
        "{error}"
    );
    assert_eq!(
        (&error["retryable"], &error["retry_after"]),
        (&true.into(), &1.into())
    );
    let text = fixture.run(&list);
    assert!(
        text.stderr.contains("hint: try again in 1 second\n"),
        "{text:?}"
    );
}

#[test]
fn an_answer_that_cannot_be_written_is_5() {
    let fixture = Fixture::new();
    fixture.create_user();
    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let output = fixture
        .command(&["user", "get", EMAIL])
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(5));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(
        stderr.starts_with("error: the command was carried out, but"),
        "{stderr}"
    );

    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let output = fixture
        .command(&["user", "get", EMAIL, "--json"])
        .stdout(full)
        .output()
        .unwrap();
    let document: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!(
        (output.status.code(), &document["error"]["code"]),
        (Some(5), &"internal".into())
    );
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let fixture = Fixture::new();
    fixture.create_user();
    for arguments in [
        &["user", "list"][..],
        &["user", "list", "--json"],
        &["--help"],
        &["man"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = fixture
            .command(arguments)
            .stdin(Stdio::null())
            .stdout(writer)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert!(output.stderr.is_empty(), "{arguments:?}");
    }
    // Nobody reads the errors either.
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let status = fixture
        .command(&["user", "get", "user_x"])
        .stderr(writer)
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(1));
}

#[test]
fn errors_are_told_to_people() {
    let fixture = Fixture::new();
    fixture.create_user();
    let answer = fixture.run_with(&["user", "update", EMAIL, "--password-stdin"], "short");
    let lines: Vec<_> = answer.stderr.lines().collect();
    assert_eq!(lines[0], "error: the password does not meet the policy");
    assert!(
        lines[1].starts_with("  ") && lines[1].contains("15"),
        "{lines:?}"
    );
    assert!(lines.last().unwrap().starts_with("hint: "), "{lines:?}");
}

#[test]
fn files_are_closed_to_others() {
    let fixture = Fixture::new();
    fixture.create_user();
    for name in ["reset-password.db", "reset-password.db.key"] {
        let mode = fs::metadata(fixture.path().join(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn the_environment_names_the_database() {
    let fixture = Fixture::new();
    let output = fixture
        .command(&["migrate"])
        .env("RESET_PASSWORD_DATABASE", "sqlite:other.db")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(fixture.path().join("other.db").exists());
    assert!(!fixture.path().join("reset-password.db").exists());
    let before = fixture.run(&["--database", "third.db", "user", "list"]);
    let after = fixture.run(&["user", "list", "--database", "third.db"]);
    assert_eq!(
        (before.stdout, after.stdout),
        ("no users\n".to_owned(), "no users\n".to_owned())
    );
    assert!(fixture.path().join("third.db").exists());
}
