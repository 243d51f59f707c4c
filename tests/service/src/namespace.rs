//! Mounts that only one command sees.

use std::process::Command;

/// What lets `unshare` make a namespace of mounts. Only root may, or who is root of a namespace of users.
const WAYS: [&[&str]; 2] = [&["--mount"], &["--user", "--map-root-user", "--mount"]];

/// A command that runs another one, which is to be appended, where it may mount.
pub fn with_mounts(more: &[&str]) -> Command {
    let way = WAYS.into_iter().find(|way| {
        let tried = Command::new("unshare").args(*way).arg("true").output();
        tried.is_ok_and(|tried| tried.status.success())
    });
    let Some(way) = way else {
        panic!(
            "this system lets neither this user nor a root of its own make a namespace of mounts"
        )
    };
    let mut command = Command::new("unshare");
    command.args(way).args(more);
    command
}
