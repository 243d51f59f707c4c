//! The command `reset-password`.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

/// The command in a folder, with hashes at the least cost that is allowed.
#[must_use]
pub fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .args(["--argon2-memory-kib", "19456", "--argon2-iterations", "2"])
        .args(arguments);
    command
}

/// The program. Cargo tells the tests of its own package where it is; for others it is built as they were, so that it
/// is never an older one.
#[must_use]
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        if let Some(binary) = std::env::var_os("CARGO_BIN_EXE_reset-password") {
            return binary.into();
        }
        // This program is TARGET/PROFILE/deps/NAME.
        let this = std::env::current_exe().unwrap();
        let profile = this.ancestors().nth(2).unwrap();
        let binary = profile.join("reset-password");
        let Some(cargo) = std::env::var_os("CARGO") else {
            assert!(binary.is_file(), "build reset-password-cli first");
            return binary;
        };
        let name = profile.file_name().unwrap();
        let mut build = Command::new(cargo);
        // What cargo tells a test of its package would have libraries built anew that look at it.
        let told = std::env::vars_os().map(|(name, _)| name);
        for name in told.filter(|name| is_of_a_package(&name.to_string_lossy())) {
            build.env_remove(name);
        }
        let status = build
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args([
                "build",
                "--quiet",
                "--locked",
                "--package",
                "reset-password-cli",
            ])
            .args(["--bin", "reset-password", "--profile"])
            .arg(if name == "debug" {
                "dev".as_ref()
            } else {
                name
            })
            .arg("--target-dir")
            .arg(profile.parent().unwrap())
            .status();
        assert!(status.unwrap().success(), "the command could not be built");
        binary
    })
}

fn is_of_a_package(variable: &str) -> bool {
    [
        "CARGO_MANIFEST_",
        "CARGO_PKG_",
        "CARGO_BIN_",
        "CARGO_CRATE_",
        "CARGO_PRIMARY_",
    ]
    .iter()
    .any(|start| variable.starts_with(start))
}
