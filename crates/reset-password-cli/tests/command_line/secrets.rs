//! Requirement 7: no secret in an argument, an error or a log.

use std::{fs, process::Command};

use crate::fixture::{EMAIL, Fixture, NEW_PASSWORD, PASSWORD, run};

const CANARY: &str = "canary-hunter2";

#[test]
fn sec07_an_argument_that_may_be_a_secret_is_not_repeated() {
    let fixture = Fixture::new();
    fixture.create_user();
    let joined = format!("--password={CANARY}");
    let flag = format!("--password-stdin={CANARY}");
    let glued = format!("--password{CANARY}");
    for arguments in [
        &["user", "authenticate", EMAIL, "--password", CANARY][..],
        &["user", "authenticate", EMAIL, &joined],
        &["user", "authenticate", EMAIL, &flag],
        &["user", "authenticate", EMAIL, &glued],
        &["user", "authenticate", EMAIL, CANARY],
        &["user", "authenticate", EMAIL, "-p", CANARY],
        &["user", "authenticate", EMAIL, "-pcanary-hunter2"],
        &["user", "create", EMAIL, "--password", CANARY],
        &["user", "create", "b@example.com", "--password-hash", CANARY],
        &["reset", "confirm", "--token", CANARY],
        &["reset", "confirm", CANARY],
        &["reset", "confirm", CANARY, CANARY],
        &["reset", CANARY],
        &["password", "check", CANARY],
        &["password", CANARY],
        &["password", "check", "--password", CANARY],
    ] {
        for form in [&[][..], &["--json"]] {
            let answer = fixture.run(&[form, arguments].concat());
            assert_eq!(
                (answer.code, answer.stdout.as_str()),
                (2, ""),
                "{arguments:?}: {answer:?}"
            );
            assert!(
                !answer.stderr.contains("canary") && !answer.stderr.contains("hunter2"),
                "{answer:?}"
            );
            assert!(!answer.stderr.is_empty());
        }
    }
    let answer = fixture.run(&["user", "authenticate", EMAIL, "--password", CANARY]);
    assert!(answer.stderr.contains("'--password'"), "{answer:?}");
    assert!(answer.stderr.contains("--password-file"), "{answer:?}");
}

/// Everything that a trace-level log holds, searched for every secret of a whole story.
#[test]
fn sec07_no_log_holds_a_secret() {
    let fixture = Fixture::new();
    let mut logs = String::new();
    let mut step = |arguments: &[&str], input: &str| {
        let mut command = fixture.command(&[arguments, &["-vvv"]].concat());
        command.env("RUST_LOG", "trace");
        let answer = run(command, input.as_bytes());
        logs.push_str(&answer.stderr);
        answer
    };
    step(&["user", "create", EMAIL, "--password-stdin"], PASSWORD);
    step(&["user", "authenticate", EMAIL], PASSWORD);
    step(&["user", "authenticate", EMAIL], CANARY);
    let created = step(&["reset", "create", EMAIL, "--show-link", "--json"], "").document();
    let token = created["password_reset_token"].as_str().unwrap().to_owned();
    step(
        &[
            "reset",
            "get",
            created["id"].as_str().unwrap(),
            "--show-link",
        ],
        "",
    );
    step(&["reset", "confirm"], &format!("{token}\n{CANARY}"));
    step(&["reset", "confirm"], &format!("{token}\n{NEW_PASSWORD}"));
    step(&["reset", "confirm"], &format!("{token}\n{NEW_PASSWORD}"));
    step(&["password", "check", "--user", EMAIL], CANARY);
    step(&["events"], "");
    step(&["key", "rotate"], "");
    let key = fs::read_to_string(fixture.path().join("reset-password.db.key")).unwrap();
    let previous =
        fs::read_to_string(fixture.path().join("reset-password.db.key.previous")).unwrap();
    assert!(logs.contains("token_reuse"), "the log was on: {logs}");
    for secret in [
        PASSWORD,
        NEW_PASSWORD,
        CANARY,
        &token,
        key.trim(),
        previous.trim(),
        "$argon2id$",
        EMAIL,
    ] {
        assert!(!logs.contains(secret), "{secret} in {logs}");
    }
}

#[test]
fn sec07_errors_hold_no_secret() {
    let fixture = Fixture::new();
    fixture.create_user();
    let token = fixture.token();
    let dead = format!("{}A", &token[..42]);
    for (arguments, input) in [
        (&["user", "authenticate", EMAIL][..], CANARY.to_owned()),
        (
            &["user", "update", EMAIL, "--password-stdin"],
            CANARY.to_owned(),
        ),
        (
            &["user", "update", EMAIL, "--password-hash-stdin"],
            CANARY.to_owned(),
        ),
        (&["password", "check"], CANARY.to_owned()),
        (&["reset", "confirm"], format!("{token}\n{CANARY}")),
        (&["reset", "confirm"], format!("{dead}\n{CANARY}")),
    ] {
        for form in [&[][..], &["--json"]] {
            let answer = fixture.run_with(&[form, arguments].concat(), &input);
            let said = format!("{}{}", answer.stdout, answer.stderr);
            assert_eq!(answer.code, 1, "{answer:?}");
            for secret in [CANARY, &token, &dead] {
                assert!(!said.contains(secret), "{said}");
            }
        }
    }
}

/// While the command waits for its input, the list of processes shows no secret.
#[test]
fn sec07_the_process_list_shows_no_secret() {
    use std::{io::Write, process::Stdio};

    let fixture = Fixture::new();
    fixture.create_user();
    let mut child = fixture
        .command(&["user", "authenticate", EMAIL])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(PASSWORD.as_bytes()).unwrap();
    let shown = Command::new("ps")
        .args(["-ww", "-o", "args=", "-p", &child.id().to_string()])
        .output();
    let arguments = match shown {
        Ok(output) => output.stdout,
        Err(_) => fs::read(format!("/proc/{}/cmdline", child.id())).unwrap(),
    };
    let environment = fs::read(format!("/proc/{}/environ", child.id())).unwrap_or_default();
    drop(input);
    assert!(child.wait().unwrap().success());
    let shown = String::from_utf8_lossy(&arguments).into_owned();
    assert!(shown.contains("authenticate"), "{shown}");
    assert!(!shown.contains(PASSWORD) && !String::from_utf8_lossy(&environment).contains(PASSWORD));
}

/// The password of a database is read from the environment and from the settings file, and nowhere else.
#[test]
fn sec07_the_database_s_password_is_no_argument() {
    let fixture = Fixture::new();
    fixture.write("key", "0123456789abcdef".repeat(4));
    let url = format!("postgres://me:{CANARY}@127.0.0.1:1/app");
    for command in [&["migrate"][..], &["doctor"], &["serve"], &["user", "list"]] {
        for option in [&["--database", &url][..], &[&format!("--database={url}")]] {
            let (exit, error) = fixture.refused(&[command, option].concat(), "");
            assert_eq!((exit, &error["code"]), (2, &"input_invalid".into()));
            let message = error["message"].as_str().unwrap();
            assert!(message.contains("RESET_PASSWORD_DATABASE"), "{message}");
            assert!(!error.to_string().contains(CANARY), "{error}");
        }
    }
    let list = ["user", "list", "--key-file", "key", "--json"];
    let mut of_environment = fixture.command(&list);
    of_environment.env("RESET_PASSWORD_DATABASE", &url);
    fixture.write("settings.toml", format!("database = \"{url}\"\n"));
    let of_file = fixture.command(&[&list[..], &["--config", "settings.toml"]].concat());
    for command in [of_environment, of_file] {
        let answer = run(command, b"");
        assert!(answer.stderr.contains("storage_unavailable"), "{answer:?}");
        assert!(!answer.stderr.contains(CANARY), "{answer:?}");
    }
}

#[test]
fn sec07_the_environment_s_database_is_not_in_the_help() {
    let fixture = Fixture::new();
    let mut command = fixture.command(&["user", "list", "--help"]);
    command.env(
        "RESET_PASSWORD_DATABASE",
        format!("postgres://me:{CANARY}@db/app"),
    );
    let answer = run(command, b"");
    assert_eq!(answer.code, 0);
    assert!(answer.stdout.contains("RESET_PASSWORD_DATABASE") && !answer.stdout.contains(CANARY));
}
