//! Files that only their owner can read.

use std::{fs::OpenOptions, io, io::Write, os::unix::fs::OpenOptionsExt, path::Path};

/// Writes a file, mode 0600.
pub fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    options.open(path)?.write_all(content)
}
