//! What the command says of itself.

use std::process::{Command, Stdio};

use reset_password_test_service::binary;

use crate::fixture::{Fixture, NEW_PASSWORD, PASSWORD, run};

const COMMANDS: [&[&str]; 49] = [
    &[],
    &["api-key"],
    &["api-key", "create"],
    &["api-key", "list"],
    &["api-key", "revoke"],
    &["api-key", "rotate"],
    &["audit"],
    &["audit", "export"],
    &["audit", "verify"],
    &["completions"],
    &["doctor"],
    &["events"],
    &["health"],
    &["key"],
    &["key", "rotate"],
    &["mail"],
    &["mail", "test"],
    &["man"],
    &["migrate"],
    &["password"],
    &["password", "check"],
    &["purge"],
    &["reset"],
    &["reset", "check"],
    &["reset", "confirm"],
    &["reset", "create"],
    &["reset", "get"],
    &["reset", "request"],
    &["reset", "revoke"],
    &["serve"],
    &["user"],
    &["user", "authenticate"],
    &["user", "create"],
    &["user", "delete"],
    &["user", "get"],
    &["user", "list"],
    &["user", "unlock"],
    &["users"],
    &["users", "check"],
    &["users", "grant"],
    &["users", "import"],
    &["users", "inspect"],
    &["webhook"],
    &["webhook", "create"],
    &["webhook", "delete"],
    &["webhook", "list"],
    &["webhook", "rotate-secret"],
    &["webhook", "test"],
    &["webhook", "update"],
];

fn help(arguments: &[&str]) -> String {
    let answer = Fixture::new().run(&[arguments, &["--help"]].concat());
    assert_eq!(
        (answer.code, answer.stderr.as_str()),
        (0, ""),
        "{arguments:?}"
    );
    answer.stdout
}

#[test]
fn every_command_has_an_example() {
    for arguments in COMMANDS.iter().copied().chain([&["user", "update"][..]]) {
        let help = help(arguments);
        assert!(help.contains("\nExample:\n  "), "{arguments:?}: {help}");
        for option in [
            "--database <URL>",
            "--json",
            "--key-file <FILE>",
            "--no-migrate",
        ] {
            assert!(help.contains(option), "{arguments:?} {option}: {help}");
        }
        assert!(!help.contains('\u{1b}'), "{arguments:?}");
    }
}

/// Every command that `--help` lists is in the list above.
#[test]
fn no_command_is_forgotten() {
    fn walk(path: &[&str]) -> usize {
        let help = help(path);
        let Some((_, rest)) = help.split_once("Commands:\n") else {
            return 1;
        };
        let names = rest.lines().take_while(|line| line.starts_with("  "));
        let names = names.filter(|line| !line.starts_with("   "));
        let names = names.filter_map(|line| line.split_whitespace().next());
        1 + names
            .filter(|name| *name != "help")
            .map(|name| walk(&[path, &[name]].concat()))
            .sum::<usize>()
    }
    assert_eq!(walk(&[]), COMMANDS.len() + 1);
}

/// Stands in examples for a key that the reader has.
const SOME_KEY: &str = "api_key_01ARZ3NDEKTSV4RRFFQ69G5FAV";
/// The same for an endpoint.
const SOME_ENDPOINT: &str = "we_01ARZ3NDEKTSV4RRFFQ69G5FAV";

/// Whoever pastes an example gets an answer, not a usage error.
#[test]
fn examples_work_as_they_stand() {
    for arguments in COMMANDS.iter().copied().chain([&["user", "update"][..]]) {
        let help = help(arguments);
        let example = help.split_once("\nExample:\n").unwrap().1;
        let script: Vec<_> = example
            .lines()
            .take_while(|line| line.starts_with("  "))
            .map(str::trim)
            .filter(|line| !line.contains("-prompt"))
            .collect();
        assert!(!script.is_empty(), "{arguments:?}");
        if matches!(
            arguments,
            ["health" | "serve"]
                | ["mail", ..]
                | ["users", "check" | "grant" | "import"]
                | ["webhook", "test"]
        ) {
            // One asks the other, which does not end; the rest are about servers, tables and files of somebody else. All
            // have tests of their own.
            continue;
        }
        let fixture = Fixture::new();
        let key = [
            "api-key",
            "create",
            "--name",
            "old",
            "--scope",
            "users:read",
        ];
        let key = fixture.json(&key, "")["id"].as_str().unwrap().to_owned();
        let endpoint = ["webhook", "create", "https://example.com/"];
        let endpoint = fixture.json(&endpoint, "")["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let creates = script.iter().any(|line| line.contains("user create ada"));
        if !creates {
            fixture.create_user();
        }
        let input = if script.iter().any(|line| line.contains("confirm")) {
            NEW_PASSWORD
        } else {
            PASSWORD
        };
        let script = script.join("\n").replace(SOME_KEY, &key);
        let script = script.replace(SOME_ENDPOINT, &endpoint);
        let mut shell = Command::new("sh");
        let folder = binary().parent().unwrap().display().to_string();
        let path = std::env::var("PATH").unwrap();
        shell
            .args(["-e", "-c", &script])
            .current_dir(fixture.path())
            .env("PATH", format!("{folder}:{path}"))
            .stdin(Stdio::piped());
        let answer = run(shell, input.as_bytes());
        assert_eq!(
            (answer.code, answer.stderr.as_str()),
            (0, ""),
            "{script:?}: {answer:?}"
        );
    }
}

#[test]
fn exit_codes_are_documented() {
    let fixture = Fixture::new();
    let man = fixture.text(&["man"], "");
    for text in [help(&[]), man.replace("\\&", "").replace("\\-", "-")] {
        assert!(text.contains("Exit codes:"), "{text}");
        for code in 0..=5 {
            assert!(
                text.lines()
                    .any(|line| line.starts_with(&format!("  {code}  "))),
                "{code}: {text}"
            );
        }
    }
}

#[test]
fn the_version_is_the_workspace_s() {
    let version = Fixture::new().text(&["--version"], "");
    assert_eq!(
        version,
        format!("reset-password {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn a_command_without_a_subcommand_shows_its_help() {
    let fixture = Fixture::new();
    for arguments in [
        &["user"][..],
        &["reset"],
        &["key"],
        &["password"],
        &["audit"],
    ] {
        let answer = fixture.run(arguments);
        assert_eq!(
            (answer.code, answer.stdout.as_str()),
            (2, ""),
            "{arguments:?}"
        );
        assert!(answer.stderr.contains("Commands:"), "{answer:?}");
    }
}

#[test]
fn completions_are_generated() {
    let fixture = Fixture::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = fixture.text(&["completions", shell], "");
        for word in ["authenticate", "show-link", "password-file"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    fixture.write(
        "completion.bash",
        fixture.text(&["completions", "bash"], ""),
    );
    let status = Command::new("bash")
        .arg("-n")
        .arg(fixture.path().join("completion.bash"))
        .status();
    assert!(status.is_ok_and(|status| status.success()));
}

#[test]
fn manual_pages_are_generated() {
    let fixture = Fixture::new();
    let page = fixture.text(&["man"], "");
    assert!(
        page.contains(".TH reset-password 1") || page.contains(".TH RESET-PASSWORD 1"),
        "{page}"
    );
    fixture.text(&["man", "--dir", "pages"], "");
    let mut pages: Vec<_> = std::fs::read_dir(fixture.path().join("pages"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    pages.sort();
    assert_eq!(pages.len(), COMMANDS.len() + 1, "{pages:?}");
    for name in ["reset-password.1", "reset-password-reset-confirm.1"] {
        assert!(pages.iter().any(|page| page == name), "{pages:?}");
    }
    fixture.write("file", "");
    assert_eq!(
        fixture.code(&["man", "--dir", "file"], ""),
        (2, "input_invalid".into())
    );
}
