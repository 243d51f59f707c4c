//! The examples in C are compiled. They lean on a JSON library of the reader's; the header's README has a whole program,
//! which is run.

use std::{fs, process::Command};

/// What the examples leave to the reader.
const READERS: &str = "#include <string.h>
#include <reset_password.h>
void show(const char *text);
void show_reasons(const char *answer);
void end_sessions_of(const char *answer);
void try_later(void);
void example(ResetPasswordUserManagement *user_management, const char *arguments);
void example(ResetPasswordUserManagement *user_management, const char *arguments)
{
    (void)user_management, (void)arguments;
    {
";

#[test]
fn every_example_compiles() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let text = fs::read_to_string(format!("{root}/docs/reference/reset-password.md")).unwrap();
    let blocks: Vec<_> = text.split("\n```c\n").skip(1).collect();
    assert!(blocks.len() > 2, "the examples are written otherwise");
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("example.c");
    for block in blocks {
        let code = block.split("\n```").next().unwrap();
        fs::write(&source, format!("{READERS}{code}\n    }}\n}}\n")).unwrap();
        let done = Command::new("cc")
            .args([
                "-std=c11",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-Wno-unused-variable",
            ])
            .args(["-Wno-unused-but-set-variable", "-fsyntax-only", "-I"])
            .arg(format!("{root}/bindings/c/include"))
            .arg(&source)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{code}\n{said}");
    }
}
