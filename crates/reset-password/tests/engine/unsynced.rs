//! What the disk has when a success is told, looked at through the calls that the process makes to the system.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use reset_password::{Code, blocking::UserManagement};

use crate::support::{NEW, OLD, cheap, said_by, start_worker, text, url, user_with, worker_role};

const ADA: &str = "ada@example.com";
const TOLD: &str = "the success is told";

/// The machine loses its power right after the success was told, and with it all that was not synced. And the
/// same a moment earlier, before the last sync: then nothing of the reset has happened.
#[test]
fn sec15_what_was_not_synced_is_no_part_of_a_success() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("used");
    fs::create_dir(&place).unwrap();
    let token = {
        let users = UserManagement::open(&url(&place), cheap()).unwrap();
        users.create_user(user_with(ADA, OLD)).unwrap();
        let reset = users.create_password_reset(ADA).unwrap();
        users.close();
        text(&reset.password_reset_token).to_owned()
    };
    let before = folder.path().join("before");
    copy(&place, &before);
    fs::write(place.join("token"), &token).unwrap();
    let log = folder.path().join("calls");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-y", "-xx", "-s", "1000000"]);
    strace.args(["-e", "trace=pwrite64,write,fdatasync,fsync,ftruncate", "-o"]);
    strace.arg(&log).arg(std::env::current_exe().unwrap());
    let worker = start_worker(&mut strace, "unsynced::confirmer", &url(&place), &place, "");
    assert!(said_by(worker).contains(TOLD));

    let calls = read(&fs::read_to_string(&log).unwrap());
    let told = calls.iter().position(|call| matches!(call, Call::Told));
    let told = &calls[..told.unwrap()];
    let sync = told.iter().rposition(|call| matches!(call, Call::Sync(_)));
    let after = folder.path().join("after");
    lose_power(&before, &after, told);
    check(&after, &token, NEW);
    let earlier = folder.path().join("earlier");
    lose_power(&before, &earlier, &told[..sync.unwrap()]);
    check(&earlier, &token, OLD);
}

/// The database in this folder is sound, this password is in force, and the token is spent if it is its own.
fn check(folder: &Path, token: &str, password: &str) {
    let users = UserManagement::open(&url(folder), cheap()).unwrap();
    assert!(users.verify_audit().unwrap().is_whole());
    users.authenticate_with_password(ADA, password).unwrap();
    match users.reset_password(token, "one more password") {
        Ok(_) => assert_eq!(password, OLD),
        Err(error) => {
            assert_eq!(error.code(), Code::PasswordResetTokenNotFound);
            assert_eq!(password, NEW);
        }
    }
}

/// A call to the system.
enum Call {
    Write(PathBuf, usize, Vec<u8>),
    Truncate(PathBuf, usize),
    Sync(PathBuf),
    /// The success went to whoever listens.
    Told,
}

/// The calls, from what strace writes: `ID NAME(FILE<PATH>, "\x00…", LENGTH, PLACE) = …`.
fn read(log: &str) -> Vec<Call> {
    let calls = log.lines().filter_map(|line| {
        let (_, call) = line.split_once(' ')?;
        let (name, arguments) = call.trim_start().split_once('(')?;
        assert!(
            !line.contains("unfinished"),
            "two threads write: {line:.200}"
        );
        let (path, rest) = arguments.split_once('<')?.1.split_once('>')?;
        let path = PathBuf::from(String::from_utf8(bytes(path)).unwrap());
        let numbers = rest.rsplit_once(") = ")?.0;
        let last = || numbers.rsplit(", ").next()?.parse().ok();
        let data = || rest.split('"').nth(1).map(bytes);
        Some(match name {
            "pwrite64" => Call::Write(path, last()?, data()?),
            "ftruncate" => Call::Truncate(path, last()?),
            "fsync" | "fdatasync" => Call::Sync(path),
            _ if contains(&data()?, TOLD.as_bytes()) => Call::Told,
            _ => return None,
        })
    });
    calls.collect()
}

/// Bytes, each as `\x00`; what is not written so stands for itself.
fn bytes(text: &str) -> Vec<u8> {
    if !text.starts_with("\\x") {
        return text.as_bytes().to_vec();
    }
    let each = text.split("\\x").skip(1);
    each.map(|byte| u8::from_str_radix(byte, 16).unwrap())
        .collect()
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// Makes what a disk has that began as `before` and was written to by these calls, of which only what was synced
/// has reached it.
fn lose_power(before: &Path, after: &Path, calls: &[Call]) {
    copy(before, after);
    let mut waiting: BTreeMap<&Path, Vec<&Call>> = BTreeMap::new();
    for call in calls {
        match call {
            Call::Write(path, ..) | Call::Truncate(path, _) => {
                waiting.entry(path).or_default().push(call);
            }
            Call::Sync(path) => {
                let file = after.join(path.file_name().unwrap());
                let mut content = fs::read(&file).unwrap_or_default();
                for call in waiting.remove(path.as_path()).unwrap_or_default() {
                    write(&mut content, call);
                }
                if !path.is_dir() {
                    fs::write(&file, content).unwrap();
                }
            }
            Call::Told => {}
        }
    }
}

fn write(content: &mut Vec<u8>, call: &Call) {
    match call {
        Call::Write(_, at, bytes) => {
            content.resize(content.len().max(at + bytes.len()), 0);
            content[*at..at + bytes.len()].copy_from_slice(bytes);
        }
        Call::Truncate(_, length) => content.resize(*length, 0),
        Call::Sync(_) | Call::Told => {}
    }
}

/// Copies the files of a folder, with who may read them.
fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for file in fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}

/// The worker process: confirms, and tells of it.
#[test]
fn confirmer() {
    let Some(role) = worker_role() else { return };
    let token = fs::read_to_string(role.folder.join("token")).unwrap();
    let users = UserManagement::open(&role.database, cheap()).unwrap();
    users.reset_password(&token, NEW).unwrap();
    println!("\n{TOLD}");
}
