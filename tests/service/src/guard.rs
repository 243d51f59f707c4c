//! Ends a process when this one ends, however that happens.

use std::process::{Child, Command, Stdio};

/// A shell that reads from a pipe whose other end only this process has. When the kernel closes it, the
/// process that it watches is killed.
pub(crate) struct Guard(Child);

impl Guard {
    pub(crate) fn of(process: &Child) -> Self {
        let shell = Command::new("sh")
            .args(["-c", "read -r _; kill -9 \"$0\"", &process.id().to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        Self(shell.unwrap())
    }

    /// Stops watching, before the process's number can be another's.
    pub(crate) fn dismiss(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
