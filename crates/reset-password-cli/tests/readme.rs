//! The README's shell blocks run as they are written, one after another, in one folder.

use std::{env, fs, process::Command};

#[test]
fn the_readme_runs() {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md")).unwrap();
    let blocks: Vec<&str> = text
        .split("\n```sh\n")
        .skip(1)
        .map(|rest| rest.split_once("\n```").expect("a block has no end").0)
        .collect();
    assert!(blocks.len() >= 2, "the blocks are written otherwise");
    let folder = tempfile::tempdir().unwrap();
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_reset-password"));
    let path = format!(
        "{}:{}",
        binary.parent().unwrap().display(),
        env::var("PATH").unwrap()
    );
    let said = Command::new("sh")
        .args(["-euc", &blocks.join("\n")])
        .current_dir(folder.path())
        .env_clear()
        .env("PATH", path)
        .output()
        .unwrap();
    let (out, err) = (
        String::from_utf8_lossy(&said.stdout),
        String::from_utf8_lossy(&said.stderr),
    );
    assert!(said.status.success(), "{out}\n{err}");
    assert!(out.contains("the old password is refused"), "{out}\n{err}");
}
