//! Where the servers' programs are.

use std::{
    env, fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{Family, Kind, guard::Guard, user};

/// Debian's PostgreSQL.
const DEBIAN_POSTGRES: &str = "/usr/lib/postgresql/15";

/// Debian's MariaDB.
const DEBIAN_MARIADB: &str = "/usr";

/// The folder above a server's `bin`, which the user that runs servers can reach.
pub fn base(kind: Kind, guard: &Guard) -> PathBuf {
    let base = installed(kind);
    let server = match kind.family() {
        Family::Postgres => "postgres",
        Family::MariaDb => "mariadbd",
    };
    assert!(
        find(&base, server).is_some(),
        "{kind} is missing; {}",
        remedy(kind)
    );
    let Some(user) = user::unprivileged().filter(|_| !anyone_can_reach(&base)) else {
        return base;
    };
    // A target folder in root's home, say. The copy is the user's: the guard must be able to remove it.
    let copy = guard.folder().join("programs");
    done(Command::new("cp").arg("-R").args([&base, &copy]));
    done(
        Command::new("chown")
            .arg("-R")
            .arg(format!("{user}:{user}"))
            .arg(&copy),
    );
    copy
}

/// Runs a command to its end.
fn done(command: &mut Command) {
    let ended = command.status();
    assert!(
        ended.is_ok_and(|status| status.success()),
        "{command:?} can be done"
    );
}

/// A program of the server in this folder.
pub fn program(base: &Path, name: &str) -> PathBuf {
    find(base, name).unwrap_or_else(|| panic!("{name} is missing in {}", base.display()))
}

/// A program, if it is there.
fn find(base: &Path, name: &str) -> Option<PathBuf> {
    let folders = ["bin", "sbin", "scripts"].into_iter();
    let mut programs = folders.map(|folder| base.join(folder).join(name));
    programs.find(|program| program.is_file())
}

/// Where the kind is, or should be.
fn installed(kind: Kind) -> PathBuf {
    match kind {
        Kind::Postgres15 => DEBIAN_POSTGRES.into(),
        Kind::MariaDb10_11 => DEBIAN_MARIADB.into(),
        Kind::Postgres14 | Kind::Postgres18 | Kind::MariaDb11_4 => {
            target().join("databases").join(kind.name())
        }
    }
}

/// How to get the kind.
fn remedy(kind: Kind) -> &'static str {
    match kind {
        Kind::Postgres15 => "install Debian's postgresql",
        Kind::MariaDb10_11 => "install Debian's mariadb-server",
        Kind::Postgres14 | Kind::Postgres18 | Kind::MariaDb11_4 => "run tests/databases/fetch",
    }
}

/// The folder that Cargo builds in.
fn target() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}

/// Whether every user may enter the folder and all those above it.
fn anyone_can_reach(folder: &Path) -> bool {
    let folder = folder.canonicalize().expect("the folder is there");
    folder.ancestors().all(|folder| {
        fs::metadata(folder).is_ok_and(|metadata| metadata.permissions().mode() & 0o001 != 0)
    })
}
