//! File locks that a second SQLite in the same process respects.
//!
//! The application may have a SQLite of its own (Python's `sqlite3`, better-sqlite3, PDO) and the same
//! file open with it. SQLite's POSIX locks belong to the process: of two in one process, neither sees
//! the other's locks, and the close of any descriptor of a file drops all that both have on it. Data is
//! lost. So the SQLite that is linked into this library
//!
//! * takes open-file-description locks. They work against POSIX locks as those of another process do,
//!   in this process too, and no other descriptor's close drops them. As SQLite expects, all of its
//!   descriptors of a file share one set of locks: each call goes through one of them, the holder.
//! * does not close a descriptor of a database file or of its shared memory. It is parked, and given
//!   out at the next open of the same file. So there are never more of a file than were open at once.
//!   Closed for good are those of a file that has been deleted, and, if more than a few are parked,
//!   those of a file that nobody has a lock on. That is tried out with a lock on all of the file, which
//!   keeps others out until the close is done.
//!
//! That is so on 64-bit Linux that has such locks. Elsewhere [`install`] does nothing, and an
//! application must not open the file with a SQLite of its own.
//!
//! What the caller has to know:
//!
//! * The application's locks end as well if this library opens and closes a database file, or the `-shm`
//!   file beside it, with `std::fs`. Ask with `stat` and `access`, which open nothing.
//! * [`install`] comes before the first connection. A Rust application shares the SQLite with this
//!   library; connections that it made earlier keep POSIX locks and make others wait.
//! * Around a fork: [`before_fork`] once the connections are closed, and [`Held::end_in_child`] in the
//!   child. A fork that passes them by is noticed by the process id, if no other thread was just opening
//!   or closing. A connection that was open all the same is of no use to the child, which is then refused the
//!   file (`SQLITE_CANTOPEN`).
//! * If a file may only be read when the first connection comes, writing to it fails until all
//!   connections to it have been closed once.

#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
mod hooks;
#[cfg(not(all(target_os = "linux", target_pointer_width = "64")))]
#[path = "locks/elsewhere.rs"]
mod hooks;
#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
mod table;
#[cfg(test)]
mod tests;

pub(super) use self::hooks::{Held, before_fork, install};
