//! Which descriptors of database files there are, and who holds the locks of each file.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::{CStr, CString, c_int},
    mem,
    os::fd::{BorrowedFd, IntoRawFd, RawFd},
};

use rustix::{
    fs::{self, Access, AtFlags, CWD, FileType, Mode, OFlags, SeekFrom, Stat},
    io,
};

/// Most descriptors that stay parked although nobody may have a lock on their files.
pub(super) const FEW: usize = 64;
/// Where a parked descriptor stands in its file. If something closes all descriptors of the process, as
/// daemons do, a number that was parked may come to be another's; that one does not stand here.
const PARKED_AT: u64 = 0x7061_726b;
/// The numbers below it are those of standard input, output and error. SQLite refuses them.
const FIRST: RawFd = 3;

/// A file, by device and number.
type Inode = (u64, u64);

/// What there is for an open.
pub(super) enum Found {
    /// A descriptor, which is now open.
    Parked(RawFd),
    /// A file that the parent had open at the fork: SQLite's memory has locks which this process has not.
    OpenInParent,
    /// Nothing: the system has to open it.
    Nothing,
}

/// A descriptor and how it was opened: `O_RDWR` or `O_RDONLY`.
#[derive(Clone, Copy)]
struct Descriptor {
    number: RawFd,
    access: c_int,
}

/// A file's descriptors.
#[derive(Default)]
struct File {
    /// Its name, as last opened.
    name: CString,
    /// Those that SQLite has.
    open: Vec<Descriptor>,
    /// Those that wait to be given out.
    parked: Vec<Descriptor>,
    /// The one whose description has the locks, from the first lock until none is open.
    holder: Option<Descriptor>,
}

/// The descriptors of this process.
pub(super) struct Table {
    files: BTreeMap<Inode, File>,
    /// The files of the open descriptors.
    open: BTreeMap<RawFd, Inode>,
    /// The files that were open when this process was forked.
    open_in_parent: BTreeSet<Inode>,
    /// The process that they are of, from the first use.
    process: Option<u32>,
}

impl Table {
    /// No descriptors.
    pub(super) const fn new() -> Self {
        Self {
            files: BTreeMap::new(),
            open: BTreeMap::new(),
            open_in_parent: BTreeSet::new(),
            process: None,
        }
    }

    /// Says which process uses it. It finds out by that of a fork that nobody told it of.
    pub(super) fn used_by(&mut self, process: u32) {
        if self
            .process
            .replace(process)
            .is_some_and(|before| before != process)
        {
            self.leave_to_parent();
        }
    }

    /// Gives out a parked descriptor of the file, if the file could be opened now.
    pub(super) fn reuse(&mut self, name: &CStr, access: c_int, follow: bool) -> Found {
        self.close_useless();
        let flags = if follow {
            AtFlags::empty()
        } else {
            AtFlags::SYMLINK_NOFOLLOW
        };
        let Some(inode) = fs::statat(CWD, name, flags)
            .ok()
            .as_ref()
            .and_then(inode_of)
        else {
            return Found::Nothing;
        };
        if self.open_in_parent.contains(&inode) {
            return Found::OpenInParent;
        }
        let found = self.files.get_mut(&inode).and_then(|file| {
            file.parked
                .retain(|descriptor| is_deleted(*descriptor, inode).is_some());
            let place = file.parked.iter().position(|one| one.access == access)?;
            may_open(name, access).then(|| file.parked.swap_remove(place))
        });
        let Some(descriptor) = found else {
            return Found::Nothing;
        };
        self.insert(inode, name, descriptor);
        Found::Parked(descriptor.number)
    }

    /// Takes up a descriptor that the system has just opened, if it is one to park: not a journal's or a
    /// write-ahead log's, which nobody locks, and which come and go.
    pub(super) fn adopt(&mut self, name: &CStr, number: RawFd, access: c_int) {
        self.disown(number);
        let Some(inode) = inode_of_number(number) else {
            return;
        };
        if !self.is_log(name) {
            self.insert(inode, name, Descriptor { number, access });
        }
    }

    /// Parks a descriptor that SQLite gives up. Answers `false` if it is to be closed.
    pub(super) fn park(&mut self, number: RawFd) -> bool {
        let Some(inode) = self.open.remove(&number) else {
            return false;
        };
        let Some(file) = self.files.get_mut(&inode) else {
            return false;
        };
        let Some(place) = file.open.iter().position(|one| one.number == number) else {
            return false;
        };
        let descriptor = file.open.swap_remove(place);
        if file.open.is_empty()
            && let Some(holder) = file.holder.take()
        {
            lock_all(holder.number, libc::F_UNLCK);
        }
        let parked = inode_of_number(number) == Some(inode) && mark(number);
        if parked {
            file.parked.push(descriptor);
        }
        self.close_useless();
        parked
    }

    /// The descriptor that a call about the file's locks goes through: the holder, or the descriptor
    /// itself if it has none or may not take such a lock.
    pub(super) fn holder(&mut self, number: RawFd, writes: bool) -> RawFd {
        let Some(inode) = self.open.get(&number).copied() else {
            return number;
        };
        let Some(file) = self.files.get(&inode) else {
            return number;
        };
        let may_write = file
            .open
            .iter()
            .any(|one| one.number == number && one.access == libc::O_RDWR);
        if writes && !may_write {
            return number;
        }
        if let Some(holder) = file.holder {
            return holder.number;
        }
        let holder = self.choose_holder(inode).unwrap_or(Descriptor {
            number,
            access: libc::O_RDONLY,
        });
        if let Some(file) = self.files.get_mut(&inode) {
            file.holder = Some(holder);
        }
        holder.number
    }

    /// Gives up, in a child, what it has of its parent's descriptors. Open ones stay as they are: whoever
    /// has their numbers may still close them.
    fn leave_to_parent(&mut self) {
        self.open.clear();
        for (inode, file) in mem::take(&mut self.files) {
            for descriptor in file.parked {
                close_parked(descriptor, inode);
            }
            if !file.open.is_empty() {
                self.open_in_parent.insert(inode);
            }
        }
    }

    /// A descriptor that may take every lock: one that there is, or a new one, which counts as parked.
    fn choose_holder(&mut self, inode: Inode) -> Option<Descriptor> {
        let file = self.files.get(&inode)?;
        let parked = file
            .parked
            .iter()
            .filter(|one| is_deleted(**one, inode).is_some());
        if let Some(descriptor) = file
            .open
            .iter()
            .chain(parked)
            .find(|one| one.access == libc::O_RDWR)
        {
            return Some(*descriptor);
        }
        let name = file.name.clone();
        fill_low_numbers();
        let flags = OFlags::RDWR | OFlags::CLOEXEC | OFlags::NOFOLLOW;
        let new = fs::open(&name, flags, Mode::empty()).ok()?;
        // By now the name may be another file's, and that one may have the application's locks.
        let opened = inode_of(&fs::fstat(&new).ok()?)?;
        let number = new.into_raw_fd();
        self.disown(number);
        mark(number);
        let access = libc::O_RDWR;
        let descriptor = Descriptor { number, access };
        let file = self.files.entry(opened).or_default();
        file.parked.push(descriptor);
        (opened == inode).then_some(descriptor)
    }

    /// Notes that SQLite has the descriptor.
    fn insert(&mut self, inode: Inode, name: &CStr, descriptor: Descriptor) {
        let file = self.files.entry(inode).or_default();
        name.clone_into(&mut file.name);
        file.open.push(descriptor);
        self.open.insert(descriptor.number, inode);
    }

    /// Forgets what a number was before the system gave it out anew: somebody else has closed it.
    fn disown(&mut self, number: RawFd) {
        self.open.remove(&number);
        for file in self.files.values_mut() {
            file.open.retain(|one| one.number != number);
            file.parked.retain(|one| one.number != number);
            file.holder = file.holder.filter(|one| one.number != number);
        }
    }

    /// Whether the name is that of the write-ahead log or the journal of a database that is open.
    fn is_log(&self, name: &CStr) -> bool {
        let name = name.to_bytes();
        let database = name
            .strip_suffix(b"-wal")
            .or_else(|| name.strip_suffix(b"-journal"));
        database.is_some_and(|database| {
            self.files
                .values()
                .any(|file| !file.open.is_empty() && file.name.to_bytes() == database)
        })
    }

    /// Closes the parked descriptors that have no use, of files of which none is open.
    fn close_useless(&mut self) {
        for (inode, file) in &mut self.files {
            if file.open.is_empty() {
                file.parked
                    .retain(|descriptor| match is_deleted(*descriptor, *inode) {
                        None => false,
                        Some(true) => {
                            close(descriptor.number);
                            false
                        }
                        Some(false) => true,
                    });
            }
        }
        let mut parked: usize = self.files.values().map(|file| file.parked.len()).sum();
        for file in self.files.values_mut() {
            if parked > FEW && file.open.is_empty() {
                parked = parked.saturating_sub(file.close_unlocked());
            }
        }
        self.files
            .retain(|_, file| !(file.open.is_empty() && file.parked.is_empty()));
    }
}

impl File {
    /// Closes the parked descriptors if nobody has a lock on the file. Nobody gets one meanwhile, nor
    /// does the close of the last one, which has the lock, drop any other. Answers how many it closed.
    fn close_unlocked(&mut self) -> usize {
        let Some(last) = self
            .parked
            .iter()
            .copied()
            .find(|one| one.access == libc::O_RDWR)
        else {
            return 0;
        };
        if !lock_all(last.number, libc::F_WRLCK) {
            return 0;
        }
        let closed = mem::take(&mut self.parked);
        for descriptor in &closed {
            if descriptor.number != last.number {
                close(descriptor.number);
            }
        }
        close(last.number);
        closed.len()
    }
}

/// Opens the null device under the numbers that SQLite would close again, because a program that prints
/// would write to them.
pub(super) fn fill_low_numbers() {
    for number in 0..FIRST {
        let taken = borrowed(number).is_some_and(|number| io::fcntl_getfd(number).is_ok());
        if !taken && let Ok(null) = fs::open(c"/dev/null", OFlags::RDWR, Mode::empty()) {
            let _ = null.into_raw_fd();
        }
    }
}

/// Whether the description gets a lock on all of the file, for writing.
pub(super) fn try_lock_all(number: RawFd) -> bool {
    lock_all(number, libc::F_WRLCK)
}

/// Sets the description's locks on all of the file.
#[expect(unsafe_code, reason = "rustix does not set locks of descriptions")]
fn lock_all(number: RawFd, kind: c_int) -> bool {
    let (Ok(l_type), Ok(l_whence)) = (kind.try_into(), libc::SEEK_SET.try_into()) else {
        return false;
    };
    let lock = libc::flock {
        l_type,
        l_whence,
        l_start: 0,
        l_len: 0,
        l_pid: 0,
    };
    // SAFETY: the call reads the lock, which lives until it returns.
    unsafe { libc::fcntl(number, libc::F_OFD_SETLK, &raw const lock) == 0 }
}

/// Whether the parked descriptor's file has been deleted. `None` if the number is no longer this
/// descriptor's.
fn is_deleted(descriptor: Descriptor, inode: Inode) -> Option<bool> {
    let number = borrowed(descriptor.number)?;
    let stat = fs::fstat(number).ok()?;
    let same = (stat.st_dev, stat.st_ino) == inode && fs::tell(number).ok()? == PARKED_AT;
    same.then_some(stat.st_nlink == 0)
}

/// Sets the descriptor to the place that marks it as parked. SQLite does not mind: it seeks before it
/// reads or writes.
fn mark(number: RawFd) -> bool {
    borrowed(number)
        .is_some_and(|number| fs::seek(number, SeekFrom::Start(PARKED_AT)) == Ok(PARKED_AT))
}

/// Which file it is, if it is a regular one.
fn inode_of(stat: &Stat) -> Option<Inode> {
    (FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile)
        .then_some((stat.st_dev, stat.st_ino))
}

/// Which file the descriptor is of, if it is a regular one.
fn inode_of_number(number: RawFd) -> Option<Inode> {
    inode_of(&fs::fstat(borrowed(number)?).ok()?)
}

/// Whether the process may open the file so, now.
fn may_open(name: &CStr, access: c_int) -> bool {
    let access = if access == libc::O_RDWR {
        Access::READ_OK | Access::WRITE_OK
    } else {
        Access::READ_OK
    };
    fs::accessat(CWD, name, access, AtFlags::EACCESS).is_ok()
}

/// Closes the descriptor, if the number is still its own.
fn close_parked(descriptor: Descriptor, inode: Inode) {
    if is_deleted(descriptor, inode).is_some() {
        close(descriptor.number);
    }
}

/// Closes a descriptor for good.
#[expect(unsafe_code, reason = "SQLite knows descriptors by their numbers")]
fn close(number: RawFd) {
    // SAFETY: the number is a parked descriptor's, which is this table's own.
    unsafe { io::close(number) };
}

/// The descriptor of that number, for one call.
#[expect(unsafe_code, reason = "SQLite knows descriptors by their numbers")]
fn borrowed(number: RawFd) -> Option<BorrowedFd<'static>> {
    // SAFETY: it is not -1, and the calls that are made with it answer an error if it is not open.
    (number >= 0).then(|| unsafe { BorrowedFd::borrow_raw(number) })
}
