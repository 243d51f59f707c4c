//! Writes what only repeats in the languages' packages, from the description and the templates.

mod describe;
mod files;
mod names;
mod prose;

use std::{
    env,
    error::Error,
    fs,
    io::Write as _,
    path::PathBuf,
    process::{Command, Stdio},
};

/// The command that mends a file which is not as it should be.
const UPDATE: &str = "scripts/update";

fn main() -> Result<(), Box<dyn Error>> {
    let is_check = match env::args().nth(1).as_deref() {
        Some("write") => false,
        Some("check") => true,
        _ => {
            return Err(
                "usage: reset-password-api write|check, in the root of the repository".into(),
            );
        }
    };
    let mut differing = Vec::new();
    let files = files::all().map_err(|error| format!("{error}"))?;
    for (path, fresh) in files {
        let path = PathBuf::from(path);
        let is_rust = path.extension().is_some_and(|extension| extension == "rs");
        let fresh = if is_rust { formatted(&fresh)? } else { fresh };
        if fs::read_to_string(&path).is_ok_and(|found| found == fresh) {
            continue;
        }
        if is_check {
            differing.push(path.display().to_string());
        } else {
            fs::write(&path, fresh)
                .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
        }
    }
    if differing.is_empty() {
        return Ok(());
    }
    let differing = differing.join(", ");
    Err(format!(
        "out of date, or edited by hand: {differing}; change bindings/api instead and run {UPDATE}"
    )
    .into())
}

/// Rust, as its own formatter has it. Templates of the other languages write what theirs would.
fn formatted(text: &str) -> Result<String, Box<dyn Error>> {
    let mut rustfmt = Command::new("rustfmt")
        .args(["--edition", "2024", "--emit", "stdout"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot run rustfmt: {error}"))?;
    if let Some(mut input) = rustfmt.stdin.take() {
        input.write_all(text.as_bytes())?;
    }
    let output = rustfmt.wait_with_output()?;
    if !output.status.success() {
        return Err("rustfmt refuses what a template made".into());
    }
    Ok(String::from_utf8(output.stdout)?)
}
