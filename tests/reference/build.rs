//! Makes a function of each example in Rust of `docs/reference/reset-password.md`, so that it compiles as it is written.

use std::{env, error::Error, fmt::Write as _, fs, path::PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let reference = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/reference/reset-password.md"
    );
    println!("cargo::rerun-if-changed={reference}");
    let text = fs::read_to_string(reference)?;
    let mut functions = String::new();
    let mut calls = String::new();
    for section in text.split("\n## ").skip(1) {
        let operation = section.lines().next().unwrap_or_default();
        let blocks: Vec<_> = section.split("\n```rust\n").skip(1).collect();
        for block in &blocks {
            let code = block.split("\n```").next().unwrap_or_default();
            let _ = writeln!(
                functions,
                "fn {operation}(given: &Given) -> Result<(), Error> {{\n{VARIABLES}{code}\nOk(())\n}}"
            );
            let _ = writeln!(calls, "({operation:?}, {operation}),");
        }
    }
    let _ = write!(
        functions,
        "pub const EXAMPLES: &[(&str, Example)] = &[\n{calls}];"
    );
    let made = PathBuf::from(env::var("OUT_DIR")?).join("examples.rs");
    fs::write(made, functions)?;
    Ok(())
}

/// What the examples leave to the reader.
const VARIABLES: &str =
    "let Given { user_management, id, token, new_password, typed, user, last_seen } = given;
let id: String = id.clone();
let (token, new_password, typed): (&str, &str, &str) = (token, new_password, typed);
";
