//! The open databases, by number.
//!
//! Java holds a number and never an address, so that no use of one after its end, by whatever thread, can
//! touch memory that is gone.

use std::{
    collections::BTreeMap,
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicI64, Ordering},
    },
};

use reset_password_bindings::{Error, UserManagement};

static HANDLES: RwLock<BTreeMap<i64, UserManagement>> = RwLock::new(BTreeMap::new());
static NEXT: AtomicI64 = AtomicI64::new(1);

/// Keeps a handle, and answers its number. No number is given twice.
pub(crate) fn keep(handle: UserManagement) -> i64 {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let mut handles = HANDLES.write().unwrap_or_else(PoisonError::into_inner);
    handles.insert(number, handle);
    number
}

/// The handle with that number, alive for as long as it is held here.
///
/// # Errors
///
/// `internal` when there is none.
pub(crate) fn find(number: i64) -> Result<UserManagement, Error> {
    let handles = HANDLES.read().unwrap_or_else(PoisonError::into_inner);
    let handle = handles.get(&number).cloned();
    handle.ok_or_else(|| Error::internal("the handle is gone"))
}

/// Takes the handle out. Whoever holds a copy goes on to the end of its call.
pub(crate) fn forget(number: i64) -> Option<UserManagement> {
    let mut handles = HANDLES.write().unwrap_or_else(PoisonError::into_inner);
    handles.remove(&number)
}
