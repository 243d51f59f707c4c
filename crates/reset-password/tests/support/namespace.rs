//! Processes with ids that others have.

use std::{
    path::Path,
    process::{Child, Command},
    sync::OnceLock,
};

/// What lets `unshare` make a namespace of process ids. Only root may, or who is root of a namespace of users.
const WAYS: [&[&str]; 2] = [
    &["--pid", "--fork", "--kill-child"],
    &[
        "--user",
        "--map-root-user",
        "--pid",
        "--fork",
        "--kill-child",
    ],
];

/// A worker process like that of [`worker_on`](super::worker_on), in a namespace of its own: it is process 1,
/// as in a container.
pub fn worker_as_process_1(test: &str, database: &str, folder: &Path, role: &str) -> Child {
    let mut program = Command::new("unshare");
    program.args(way()).arg(std::env::current_exe().unwrap());
    super::start_worker(&mut program, test, database, folder, role)
}

/// The way that works here.
fn way() -> &'static [&'static str] {
    static WAY: OnceLock<&[&str]> = OnceLock::new();
    WAY.get_or_init(|| {
        let mut reasons = Vec::new();
        for way in WAYS {
            match Command::new("unshare").args(way).arg("true").output() {
                Ok(output) if output.status.success() => return way,
                Ok(output) => reasons.push(String::from_utf8_lossy(&output.stderr).into_owned()),
                Err(error) => reasons.push(format!("unshare: {error}\n")),
            }
        }
        panic!(
            "processes with equal ids cannot be made: this system lets neither this user nor a root of its own \
             make a namespace of process ids:\n{}",
            reasons.concat()
        )
    })
}
