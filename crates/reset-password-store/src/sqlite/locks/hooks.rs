//! The system calls of the linked SQLite that are answered here: `open`, `close` and `fcntl`.
//!
//! SQLite calls them through pointers, `open` and `fcntl` as functions of three arguments and of a
//! variable number. On the systems that this is built for both pass arguments in the same registers.
//!
//! None of the functions panics, and each makes the call whose error SQLite reads last.

use std::{
    ffi::{CStr, c_char, c_int, c_void},
    mem,
    os::fd::AsRawFd,
    process, ptr,
    sync::{Mutex, MutexGuard, Once, PoisonError},
};

use rusqlite::ffi;
use rustix::fs::{MemfdFlags, memfd_create};

use super::table::{Found, Table, fill_low_numbers, try_lock_all};

/// The flags that a parked descriptor can honour: the file is there, and is no link.
const PLAIN: c_int =
    libc::O_ACCMODE | libc::O_CREAT | libc::O_CLOEXEC | libc::O_LARGEFILE | libc::O_NOFOLLOW;

/// The descriptors of this process.
static TABLE: Mutex<Table> = Mutex::new(Table::new());

/// SQLite's type of a system call.
type Call = unsafe extern "C" fn();
/// The type that SQLite calls `open` by.
type Open = unsafe extern "C" fn(*const c_char, c_int, c_int) -> c_int;
/// The type that SQLite calls `close` by.
type Close = unsafe extern "C" fn(c_int) -> c_int;
/// The type that SQLite calls `fcntl` by, written with the one argument that follows.
type Fcntl = unsafe extern "C" fn(c_int, c_int, *mut c_void) -> c_int;

/// Keeps the descriptors as they are while the process forks, in the forking thread's hands.
pub(crate) struct Held(MutexGuard<'static, Table>);

impl Held {
    /// Ends it in the child: what it has of its parent's descriptors would share their locks. In the
    /// parent it is just dropped.
    pub(crate) fn end_in_child(mut self) {
        self.0.used_by(process::id());
    }
}

/// Waits until no other thread opens or closes a descriptor, and keeps it so.
pub(crate) fn before_fork() -> Held {
    Held(table())
}

/// Gives the linked SQLite its system calls. Again, it does nothing.
pub(crate) fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        if !(has_locks() && replace_calls()) {
            tracing::warn!(
                "no locks of open files here: do not open the database with another SQLite as well"
            );
        }
    });
}

/// Whether the system knows locks of open file descriptions.
fn has_locks() -> bool {
    memfd_create(c"locks", MemfdFlags::CLOEXEC).is_ok_and(|file| try_lock_all(file.as_raw_fd()))
}

/// Replaces all of the calls, or none.
#[expect(unsafe_code, reason = "SQLite takes its system calls in C")]
fn replace_calls() -> bool {
    // SAFETY: SQLite may be initialized any number of times, and finds its default VFS by no name.
    let vfs = unsafe {
        ffi::sqlite3_initialize();
        ffi::sqlite3_vfs_find(ptr::null())
    };
    // SAFETY: SQLite keeps its VFS for as long as the program runs.
    let Some(set) = (unsafe { vfs.as_ref() }).and_then(|vfs| vfs.xSetSystemCall) else {
        return false;
    };
    // SAFETY: all pointers to functions are alike, and SQLite calls each by the type that it has here.
    let calls = unsafe {
        [
            (c"open", mem::transmute::<Open, Call>(open)),
            (c"close", mem::transmute::<Close, Call>(close)),
            (c"fcntl", mem::transmute::<Fcntl, Call>(fcntl)),
        ]
    };
    // SAFETY: the VFS is SQLite's own, and no connection is open yet that would call meanwhile.
    let replaced = calls
        .iter()
        .all(|(name, call)| unsafe { set(vfs, name.as_ptr(), Some(*call)) } == ffi::SQLITE_OK);
    if !replaced {
        // SAFETY: as above; no name stands for all of the calls, which become SQLite's own again.
        unsafe { set(vfs, ptr::null(), None) };
    }
    replaced
}

/// The descriptors of this process, for this thread alone.
fn table() -> MutexGuard<'static, Table> {
    let mut table = TABLE.lock().unwrap_or_else(PoisonError::into_inner);
    table.used_by(process::id());
    table
}

/// Opens a file, with a parked descriptor if there is one that does.
///
/// # Safety
///
/// As the system's `open`.
#[expect(unsafe_code, reason = "SQLite calls in C")]
pub(super) unsafe extern "C" fn open(path: *const c_char, flags: c_int, mode: c_int) -> c_int {
    if flags & !PLAIN != 0 {
        // SAFETY: the caller keeps to the contract of this very call.
        return unsafe { libc::open(path, flags | libc::O_CLOEXEC, mode) };
    }
    // SAFETY: SQLite names a file by a text that a zero ends.
    let name = unsafe { CStr::from_ptr(path) };
    let access = flags & libc::O_ACCMODE;
    let found = table().reuse(name, access, flags & libc::O_NOFOLLOW == 0);
    match found {
        Found::Parked(number) => return number,
        Found::OpenInParent => {
            // SAFETY: every thread has an error number, which is its own to set.
            unsafe { *libc::__errno_location() = libc::EBUSY };
            return -1;
        }
        Found::Nothing => fill_low_numbers(),
    }
    // SAFETY: the caller keeps to the contract of this very call.
    let number = unsafe { libc::open(path, flags | libc::O_CLOEXEC, mode) };
    if number >= 0 {
        table().adopt(name, number, access);
    }
    number
}

/// Parks the descriptor, or closes it if it is none to park.
///
/// # Safety
///
/// As the system's `close`.
#[expect(unsafe_code, reason = "SQLite calls in C")]
pub(super) unsafe extern "C" fn close(number: c_int) -> c_int {
    let parked = table().park(number);
    if parked {
        return 0;
    }
    // SAFETY: the caller gives up a descriptor that is its own.
    unsafe { libc::close(number) }
}

/// Makes SQLite's POSIX locks those of the file's holder; all else is the system's.
///
/// # Safety
///
/// As the system's `fcntl`.
#[expect(unsafe_code, reason = "SQLite calls in C")]
pub(super) unsafe extern "C" fn fcntl(
    number: c_int,
    command: c_int,
    argument: *mut c_void,
) -> c_int {
    let command_here = match command {
        libc::F_SETLK => libc::F_OFD_SETLK,
        libc::F_SETLKW => libc::F_OFD_SETLKW,
        libc::F_GETLK => libc::F_OFD_GETLK,
        // SAFETY: the caller keeps to the contract of this very call.
        _ => return unsafe { libc::fcntl(number, command, argument) },
    };
    let mut through = number;
    // SAFETY: with these three commands the argument is a lock, which is the caller's own.
    if let Some(lock) = unsafe { argument.cast::<libc::flock>().as_mut() } {
        lock.l_pid = 0;
        let writes = command != libc::F_GETLK && c_int::from(lock.l_type) == libc::F_WRLCK;
        through = table().holder(number, writes);
    }
    // SAFETY: the descriptor is open, and the argument is the caller's own lock.
    unsafe { libc::fcntl(through, command_here, argument) }
}
