//! What other processes, and another SQLite in this one, see of the locks.

#![cfg(all(target_os = "linux", target_pointer_width = "64"))]

use std::{
    ffi::{CString, c_int},
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    mem,
    os::{fd::AsRawFd, unix::ffi::OsStrExt},
    path::Path,
    thread,
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, ffi};
use tempfile::TempDir;

use super::{
    hooks::{self, Held, before_fork, install},
    table::FEW,
};

/// The bytes that SQLite locks in a database file.
const ALL: (i64, i64) = (0x4000_0000, 512);
const RESERVED: (i64, i64) = (0x4000_0001, 1);
const SHARED: (i64, i64) = (0x4000_0002, 510);
/// A byte that SQLite does not lock.
const ELSEWHERE: (i64, i64) = (0x5000_0000, 1);

/// A folder with a database in it, closed.
fn folder() -> TempDir {
    install();
    let folder = tempfile::tempdir().unwrap();
    run(&connect(&folder), "CREATE TABLE t (x)");
    folder
}

fn connect(folder: &TempDir) -> Connection {
    Connection::open(folder.path().join("a.db")).unwrap()
}

fn run(connection: &Connection, sql: &str) {
    connection.execute_batch(sql).unwrap();
}

/// Whether SQLite answers that somebody else has the lock.
fn is_busy(connection: &Connection, sql: &str) -> bool {
    connection
        .execute_batch(sql)
        .is_err_and(|error| error.sqlite_error_code() == Some(ffi::ErrorCode::DatabaseBusy))
}

/// The file, as the application has it.
fn host(folder: &TempDir) -> File {
    let path = folder.path().join("a.db");
    OpenOptions::new()
        .read(true)
        .write(true)
        .open(path)
        .unwrap()
}

/// Takes a POSIX lock, as the application's SQLite does.
#[expect(unsafe_code, reason = "the standard library has no POSIX locks")]
fn lock(file: &File, kind: c_int, (l_start, l_len): (i64, i64)) -> bool {
    let lock = libc::flock {
        l_type: kind.try_into().unwrap(),
        l_whence: libc::SEEK_SET.try_into().unwrap(),
        l_start,
        l_len,
        l_pid: 0,
    };
    // SAFETY: the call reads the lock, which lives until it returns.
    unsafe { libc::fcntl(file.as_raw_fd(), libc::F_SETLK, &raw const lock) == 0 }
}

/// Another process.
struct Child(libc::pid_t);

/// Lets another process act. It may only make system calls: this one has threads.
#[expect(
    unsafe_code,
    reason = "a fork is the other process that is always at hand"
)]
fn in_child(act: impl FnOnce() -> bool) -> Child {
    // SAFETY: the child makes system calls and exits, without a destructor.
    let child = unsafe { libc::fork() };
    if child == 0 {
        let code = c_int::from(act());
        // SAFETY: it ends the child at once.
        unsafe { libc::_exit(code) };
    }
    Child(child)
}

impl Child {
    /// What it answered.
    #[expect(unsafe_code, reason = "the standard library did not make the child")]
    fn answer(self) -> bool {
        let mut status = 0;
        // SAFETY: the call writes the status, which lives until it returns.
        let waited = unsafe { libc::waitpid(self.0, &raw mut status, 0) };
        assert_eq!(waited, self.0);
        assert!(libc::WIFEXITED(status));
        libc::WEXITSTATUS(status) == 1
    }
}

/// Whether another process gets a lock for writing.
fn other_process_locks(folder: &TempDir, bytes: (i64, i64)) -> bool {
    let file = host(folder);
    let answer = in_child(|| lock(&file, libc::F_WRLCK, bytes)).answer();
    // A close would end the locks that the test has as its own host.
    mem::forget(file);
    answer
}

/// How many descriptors this process has of files in the folder, deleted ones as well.
fn descriptors(folder: &Path) -> usize {
    fs::read_dir("/proc/self/fd")
        .unwrap()
        .filter_map(|entry| fs::read_link(entry.ok()?.path()).ok())
        .filter(|target| target.starts_with(folder))
        .count()
}

#[test]
fn another_process_sees_the_lock() {
    let folder = folder();
    let ours = connect(&folder);
    run(&ours, "BEGIN IMMEDIATE");
    assert!(!other_process_locks(&folder, RESERVED));
    run(&ours, "COMMIT");
    assert!(other_process_locks(&folder, ALL));
}

#[test]
fn a_close_by_the_application_leaves_the_lock() {
    let folder = folder();
    let ours = connect(&folder);
    run(&ours, "BEGIN IMMEDIATE");
    drop(host(&folder));
    assert!(!other_process_locks(&folder, RESERVED));
}

#[test]
fn the_application_waits_for_the_lock_and_the_other_way_round() {
    let folder = folder();
    let ours = connect(&folder);
    ours.busy_timeout(Duration::ZERO).unwrap();
    let host = host(&folder);
    run(&ours, "BEGIN IMMEDIATE");
    assert!(!lock(&host, libc::F_WRLCK, RESERVED));
    run(&ours, "COMMIT");
    assert!(lock(&host, libc::F_WRLCK, RESERVED));
    assert!(is_busy(&ours, "BEGIN IMMEDIATE"));
    assert!(lock(&host, libc::F_UNLCK, RESERVED));
    run(&ours, "BEGIN IMMEDIATE");
}

#[test]
fn the_locks_of_the_application_survive() {
    let folder = folder();
    let host = host(&folder);
    assert!(lock(&host, libc::F_RDLCK, ELSEWHERE));
    for mode in ["WAL", "DELETE"] {
        for _ in 0..3 {
            let ours = connect(&folder);
            run(
                &ours,
                &format!("PRAGMA journal_mode = {mode}; INSERT INTO t VALUES (1)"),
            );
        }
    }
    // It is opened and closed without a lock, too.
    drop(connect(&folder));
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    drop(Connection::open_with_flags(folder.path().join("a.db"), flags).unwrap());
    assert!(!other_process_locks(&folder, ELSEWHERE));
}

#[test]
fn the_locks_of_the_application_on_shared_memory_survive() {
    let folder = folder();
    let first = connect(&folder);
    run(
        &first,
        "PRAGMA journal_mode = WAL; INSERT INTO t VALUES (1)",
    );
    let path = folder.path().join("a.db-shm");
    let shared = OpenOptions::new()
        .read(true)
        .write(true)
        .open(path)
        .unwrap();
    assert!(lock(&shared, libc::F_RDLCK, ELSEWHERE));
    // A lock on the database keeps the files beside it when our last connection ends.
    let host = host(&folder);
    assert!(lock(&host, libc::F_RDLCK, SHARED));
    drop(first);
    run(&connect(&folder), "INSERT INTO t VALUES (2)");
    assert!(!in_child(|| lock(&shared, libc::F_WRLCK, ELSEWHERE)).answer());
    assert!(folder.path().join("a.db-shm").exists());
}

#[test]
fn the_last_reader_ends_the_lock_whoever_was_first() {
    let folder = folder();
    let (first, second) = (connect(&folder), connect(&folder));
    let read = "BEGIN; SELECT * FROM t";
    run(&first, read);
    run(&second, read);
    assert!(!other_process_locks(&folder, SHARED));
    run(&first, "COMMIT");
    assert!(!other_process_locks(&folder, SHARED));
    run(&second, "COMMIT");
    assert!(other_process_locks(&folder, SHARED));
    run(&second, "BEGIN EXCLUSIVE; COMMIT");
}

#[test]
fn a_writer_may_come_after_a_reader() {
    let folder = folder();
    // None of our descriptors of it is parked.
    let path = folder.path().join("b.db");
    fs::copy(folder.path().join("a.db"), &path).unwrap();
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let reader = Connection::open_with_flags(&path, flags).unwrap();
    run(&reader, "BEGIN; SELECT * FROM t");
    let writer = Connection::open(&path).unwrap();
    run(&writer, "BEGIN IMMEDIATE; INSERT INTO t VALUES (1)");
    run(&reader, "COMMIT");
    run(&writer, "COMMIT; BEGIN EXCLUSIVE; COMMIT");
}

#[test]
fn descriptors_are_given_out_again() {
    let folder = folder();
    run(&connect(&folder), "PRAGMA journal_mode = WAL");
    let host = host(&folder);
    assert!(lock(&host, libc::F_RDLCK, SHARED));
    for _ in 0..1_000 {
        let two = [connect(&folder), connect(&folder)];
        for connection in &two {
            let quickly = "PRAGMA synchronous = OFF; INSERT INTO t VALUES (1)";
            run(connection, quickly);
        }
    }
    // The host's, two of the database and one of its shared memory.
    assert!(descriptors(folder.path()) <= 4);
}

#[test]
fn descriptors_of_deleted_files_are_closed() {
    let folder = folder();
    for _ in 0..100 {
        run(
            &connect(&folder),
            "PRAGMA journal_mode = WAL; INSERT INTO t VALUES (1)",
        );
        fs::remove_file(folder.path().join("a.db")).unwrap();
        run(&connect(&folder), "CREATE TABLE t (x)");
    }
    assert!(descriptors(folder.path()) <= 1);
}

#[test]
fn few_descriptors_are_parked_of_files_that_nobody_locks() {
    let folder = folder();
    let locked = host(&folder);
    assert!(lock(&locked, libc::F_RDLCK, ELSEWHERE));
    for n in 0..3 * FEW {
        let path = folder.path().join(n.to_string());
        run(&Connection::open(path).unwrap(), "CREATE TABLE t (x)");
    }
    assert!(descriptors(folder.path()) <= FEW + 2);
    assert!(!other_process_locks(&folder, ELSEWHERE));
}

#[test]
fn threads_do_not_lose_descriptors() {
    let folder = folder();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..100 {
                    let ours = connect(&folder);
                    ours.busy_timeout(Duration::from_mins(1)).unwrap();
                    run(&ours, "BEGIN IMMEDIATE; INSERT INTO t VALUES (1); COMMIT");
                }
            });
        }
    });
    let rows = connect(&folder).query_one("SELECT count(*) FROM t", [], |row| row.get(0));
    assert_eq!(rows, Ok(400));
    assert!(descriptors(folder.path()) <= 5);
}

/// Opens the file and locks a byte of it, as SQLite does.
#[expect(unsafe_code, reason = "SQLite calls in C")]
fn open_and_lock(name: &CString) -> (c_int, bool) {
    let flags = libc::O_RDWR | libc::O_CREAT | libc::O_NOFOLLOW;
    // SAFETY: the name ends with a zero.
    let number = unsafe { hooks::open(name.as_ptr(), flags, 0o600) };
    let mut lock = libc::flock {
        l_type: libc::F_WRLCK.try_into().unwrap(),
        l_whence: libc::SEEK_SET.try_into().unwrap(),
        l_start: 0,
        l_len: 1,
        l_pid: 1,
    };
    // SAFETY: the argument is a lock, which lives until the call returns.
    let status = unsafe { hooks::fcntl(number, libc::F_SETLK, (&raw mut lock).cast()) };
    (number, status == 0)
}

#[expect(unsafe_code, reason = "SQLite calls in C")]
fn give_up(number: c_int) {
    // SAFETY: the descriptor is the test's own.
    assert_eq!(unsafe { hooks::close(number) }, 0);
}

/// A folder and the name of a file in it that is not there yet.
fn named() -> (TempDir, CString) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let name = CString::new(path.as_os_str().as_bytes()).unwrap();
    (folder, name)
}

#[test]
#[expect(unsafe_code, reason = "the number becomes another descriptor's")]
fn a_number_that_is_another_descriptors_is_not_given_out() {
    let (folder, name) = named();
    let (number, _) = open_and_lock(&name);
    let host = host(&folder);
    assert!(lock(&host, libc::F_RDLCK, ELSEWHERE));
    give_up(number);
    // SAFETY: nobody has the parked descriptor, which this closes as a daemon does.
    assert_eq!(unsafe { libc::dup2(host.as_raw_fd(), number) }, number);
    let (second, _) = open_and_lock(&name);
    assert_ne!(second, number);
    give_up(second);
    // SAFETY: the number is the test's own since it was made a copy of the host's.
    assert_eq!(unsafe { libc::close(number) }, 0);
}

#[test]
fn a_child_has_locks_of_its_own() {
    see_locks_of_child(Held::end_in_child);
}

#[test]
fn so_has_a_child_that_nobody_told() {
    see_locks_of_child(drop);
}

/// Forks while a descriptor is parked, and sees whether the child's locks are its own.
fn see_locks_of_child(begin: impl FnOnce(Held)) {
    let (folder, name) = named();
    let (number, locked) = open_and_lock(&name);
    assert!(locked);
    give_up(number);
    // With a lock on the file, the descriptor stays parked whatever the other tests do.
    let host = host(&folder);
    assert!(lock(&host, libc::F_RDLCK, ELSEWHERE));
    let (mut ready, mut tell) = io::pipe().unwrap();
    let (mut end, finish) = io::pipe().unwrap();
    let (mut held, mut finish) = (Some(before_fork()), Some(finish));
    let child = in_child(|| {
        begin(held.take().unwrap());
        drop(finish.take());
        let (_, locked) = open_and_lock(&name);
        tell.write_all(b"x").unwrap();
        let _ = end.read(&mut [0]);
        locked
    });
    drop(held);
    ready.read_exact(&mut [0]).unwrap();
    let (number, locked) = open_and_lock(&name);
    give_up(number);
    drop(finish);
    assert!(child.answer(), "the parent's parked descriptor had a lock");
    assert!(!locked, "the child's lock did not keep the parent out");
    let (number, locked) = open_and_lock(&name);
    give_up(number);
    assert!(locked, "the child's lock did not end with it");
}

#[test]
fn a_child_is_refused_a_file_that_was_open_at_the_fork() {
    let (_folder, name) = named();
    let (number, _) = open_and_lock(&name);
    let mut held = Some(before_fork());
    let refused = in_child(|| {
        held.take().unwrap().end_in_child();
        open_and_lock(&name).0 == -1
    });
    drop(held);
    assert!(refused.answer());
    give_up(number);
}
