//! What hashing does to the heap. The allocator is replaced here, so this is a program of its own.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::atomic::{AtomicUsize, Ordering},
};

use reset_password_core::password::hash::{Arena, Argon2Params, StoredHash, compute};

/// Blocks of this size and more are working memory, not text.
const LARGE: usize = 64 * 1024;

/// Counts what is asked for, and looks into large blocks before they go back.
struct Watching;

static HELD: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);
static LARGE_FREED: AtomicUsize = AtomicUsize::new(0);
static LARGE_DIRTY: AtomicUsize = AtomicUsize::new(0);

#[expect(unsafe_code, reason = "an allocator cannot be written without")]
// SAFETY: every call goes to the system's allocator with the arguments as they came; a block is read
// only before it is freed, over the length it was allocated with, and large blocks here are made by
// `alloc_zeroed` or written in full by their owner.
unsafe impl GlobalAlloc for Watching {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let held = HELD.fetch_add(layout.size(), Ordering::SeqCst) + layout.size();
        PEAK.fetch_max(held, Ordering::SeqCst);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Ordering::SeqCst);
        if layout.size() >= LARGE {
            // SAFETY: the block is live until the last line, and its owners write all of it.
            let bytes = unsafe { std::slice::from_raw_parts(block, layout.size()) };
            LARGE_FREED.fetch_add(1, Ordering::SeqCst);
            let dirty = bytes.iter().any(|byte| *byte != 0);
            LARGE_DIRTY.fetch_add(usize::from(dirty), Ordering::SeqCst);
        }
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Watching = Watching;

/// How much more was held at the worst moment than before.
fn peak_of<T>(work: impl FnOnce() -> T) -> usize {
    let before = HELD.load(Ordering::SeqCst);
    PEAK.store(before, Ordering::SeqCst);
    drop(work());
    PEAK.load(Ordering::SeqCst) - before
}

/// One test, because tests of one program run at the same time and share its allocator.
#[test]
fn sec59_sec105_hashing_and_the_heap() {
    let tail = "$AAECAwQFBgcICQoLDA0ODw$ktxdZwGWI4aL3geSdeUi9LfoIT00FO2Fy8KsikERcog";
    let mega = "A".repeat(1 << 20);
    for text in [
        format!("$argon2id$v=19$m=4294967295,t=1,p=1{tail}"),
        format!("$argon2id$v=19$m=1048576,t=16,p=16{tail}"),
        format!("$argon2id$v=19$m=64,t=1,p=1{tail}{mega}"),
        format!("$scrypt$ln=63,r=1073741824,p=1{tail}"),
        format!("$scrypt$ln=17,r=8,p=1{tail}"),
        format!("$pbkdf2-sha256$i=4294967295{tail}"),
        mega,
    ] {
        let peak = peak_of(|| StoredHash::parse(&text).is_ok());
        assert!(peak < 4096, "{peak} bytes for {text:.60}");
    }

    // The texts themselves have gone by now.
    LARGE_FREED.store(0, Ordering::SeqCst);
    LARGE_DIRTY.store(0, Ordering::SeqCst);
    let mut arena = Arena::new();
    let params = Argon2Params::new(12_288, 3).expect("a floor");
    compute(params, &mut arena, b"password", &[7; 16]).expect("memory");
    for text in [
        format!("$argon2id$v=19$m=1024,t=1,p=4{tail}"),
        format!("$argon2i$v=16$m=1024,t=1,p=1{tail}"),
        format!("$scrypt$ln=10,r=8,p=2{tail}"),
    ] {
        let stored = StoredHash::parse(&text).expect("within bounds");
        let peak = peak_of(|| stored.verify(&mut arena, b"password"));
        let promised = stored.memory_kib() as usize * 1024;
        assert!(
            (promised..promised + 4096).contains(&peak),
            "{peak} for {promised}, {text}"
        );
    }
    arena.release();
    assert!(LARGE_FREED.load(Ordering::SeqCst) >= 3);
    assert_eq!(LARGE_DIRTY.load(Ordering::SeqCst), 0);
}
