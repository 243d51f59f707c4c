//! The examples of the command line and of curl, each beside a service of its own.

use std::{fs, process::Command};

use reset_password_test_service::{Fixture, binary};
use serde_json::json;

const EMAIL: &str = "ada@example.com";
const PASSWORD: &str = "a long walk by the sea";
/// curl tells the shell of a refusal.
const SHELL: &str = "curl() { command curl --fail-with-body \"$@\"; }\n";

/// Each block of the reference in the shell's words: its operation, and the text.
fn blocks() -> Vec<(String, String)> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/reference/reset-password.md"
    );
    let text = fs::read_to_string(path).unwrap();
    let mut found = Vec::new();
    for section in text.split("\n## ").skip(1) {
        let operation = section.lines().next().unwrap();
        for block in section.split("\n```sh\n").skip(1) {
            let code = block.split("\n```").next().unwrap();
            found.push((operation.to_owned(), code.to_owned()));
        }
    }
    found
}

/// Runs a block where its files and variables are.
fn run(operation: &str, code: &str) {
    let fixture = Fixture::with(&["--messages"]);
    let folder = fixture.path();
    let user = json!({ "email": EMAIL, "password": PASSWORD, "external_id": "crm-1815" });
    let made = fixture.post("/user_management/users", &user);
    let mut id = made.json()["id"].as_str().unwrap().to_owned();
    let reset = fixture.reset(EMAIL);
    let token = reset["password_reset_token"].as_str().unwrap();
    match operation {
        "create_user" => {
            fixture.send("DELETE", &format!("/user_management/users/{id}"), &[], None);
        }
        "get_password_reset" => reset["id"].as_str().unwrap().clone_into(&mut id),
        "rotate_api_key" | "revoke_api_key" => {
            let key = fixture.new_key("resets:confirm");
            key["id"].as_str().unwrap().clone_into(&mut id);
        }
        _ => {}
    }
    for (name, text) in [
        ("auth", format!("Authorization: Bearer {}", fixture.key)),
        ("password", PASSWORD.to_owned()),
        ("new-password", "seven green boats at dusk".to_owned()),
        ("token", token.to_owned()),
        ("token.txt", token.to_owned()),
    ] {
        fs::write(folder.join(name), format!("{text}\n")).unwrap();
    }
    let path = format!(
        "{}:{}",
        binary().parent().unwrap().display(),
        std::env::var("PATH").unwrap()
    );
    let done = Command::new("sh")
        .args(["-euc", &format!("{SHELL}{code}")])
        .current_dir(folder)
        .env_clear()
        .env("PATH", path)
        .env("id", &id)
        .env("token", token)
        .env("url", format!("http://{}", fixture.service.address))
        .env("NO_PROXY", "127.0.0.1")
        .env("RESET_PASSWORD_ARGON2_MEMORY_KIB", "19456")
        .env("RESET_PASSWORD_ARGON2_ITERATIONS", "2")
        .output()
        .unwrap();
    let [out, err] = [&done.stdout, &done.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    assert!(done.status.success(), "{operation}: {code}\n{out}\n{err}");
}

#[test]
fn every_example_does_what_it_says() {
    let blocks = blocks();
    let curls = blocks.iter().filter(|(_, code)| code.starts_with("curl"));
    assert!(
        curls.count() > 10 && blocks.len() > 30,
        "the examples are written otherwise"
    );
    for (operation, code) in blocks {
        run(&operation, &code);
    }
}
