//! The engines of this process. PHP forgets everything between requests; what took a database, a key and
//! threads to make is kept here, so that each request of a worker after the first finds it ready.

use std::{
    env,
    ffi::{OsStr, OsString},
    fs,
    os::unix::{ffi::OsStrExt, fs::MetadataExt},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use reset_password_bindings::{Error, Text, UserManagement, arguments::Options};

/// Most engines that are kept. The one that was wanted least recently makes room.
const MOST: usize = 16;

static ENGINES: Mutex<Vec<Engine>> = Mutex::new(Vec::new());

struct Engine {
    settings: Settings,
    files: Files,
    handle: UserManagement,
}

/// All that decides what an engine is. Texts among it show nothing and are wiped.
#[derive(PartialEq, Eq)]
struct Settings {
    database_url: Text,
    options: Options,
    /// Relative paths begin here.
    directory: Option<PathBuf>,
    /// The environment's word on the key.
    key_file: Option<OsString>,
}

/// Which files the database and its key were. Others in their places make another engine.
#[derive(PartialEq, Eq)]
struct Files {
    database: Option<(u64, u64)>,
    key: Option<(u64, u64, i64, i64)>,
}

/// The engine with these settings: this process's, if it has one.
///
/// A database in memory is its handle's alone and is never kept.
pub fn open(
    database_url: &[u8],
    key_file: Option<&[u8]>,
    options: Options,
) -> Result<UserManagement, Error> {
    let settings = Settings {
        database_url: Text::from_utf8(database_url),
        options,
        directory: env::current_dir().ok(),
        key_file: env::var_os("RESET_PASSWORD_KEY_FILE"),
    };
    let Some(path) = path(database_url) else {
        return UserManagement::open(&settings.database_url, settings.options);
    };
    let files = |settings: &Settings| Files::of(path, key_file, settings.key_file.as_deref());
    if let Some(handle) = find(&settings, &files(&settings)) {
        return Ok(handle);
    }
    let handle = UserManagement::open(&settings.database_url, settings.options.clone())?;
    let files = files(&settings);
    keep(Engine {
        settings,
        files,
        handle: handle.clone(),
    });
    Ok(handle)
}

/// How many engines are kept.
pub fn count() -> usize {
    engines().len()
}

fn find(settings: &Settings, files: &Files) -> Option<UserManagement> {
    let mut engines = engines();
    let place = engines.iter().position(|each| each.settings == *settings)?;
    let engine = engines.remove(place);
    if engine.files.database.is_none() || engine.files != *files {
        return None;
    }
    let handle = engine.handle.clone();
    engines.push(engine);
    Some(handle)
}

fn keep(engine: Engine) {
    let mut engines = engines();
    let oldest = (engines.len() >= MOST).then(|| engines.remove(0));
    engines.push(engine);
    drop(engines);
    // What it ends, if nothing else holds it, is ended without the lock.
    drop(oldest);
}

/// A panic leaves the list whole: nothing but moves happens to it.
fn engines() -> MutexGuard<'static, Vec<Engine>> {
    ENGINES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The file of a database URL, to look whether it is still the same. Nothing for a database in memory.
fn path(url: &[u8]) -> Option<&Path> {
    const SCHEME: usize = "sqlite:".len();
    if url.ends_with(b":memory:") {
        return None;
    }
    let path = match url.split_at_checked(SCHEME) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case(b"sqlite:") => {
            rest.strip_prefix(b"//").unwrap_or(rest)
        }
        _ => url,
    };
    Some(Path::new(OsStr::from_bytes(path)))
}

impl Files {
    fn of(database: &Path, key_file: Option<&[u8]>, from_environment: Option<&OsStr>) -> Self {
        let beside = || {
            let mut name = database.as_os_str().to_owned();
            name.push(".key");
            name
        };
        let key = key_file
            .map(|path| OsStr::from_bytes(path).to_owned())
            .or_else(|| from_environment.map(OsStr::to_owned))
            .unwrap_or_else(beside);
        let database = fs::metadata(database).ok();
        let key = fs::metadata(key).ok();
        Self {
            database: database.map(|file| (file.dev(), file.ino())),
            key: key.map(|file| (file.dev(), file.ino(), file.mtime(), file.mtime_nsec())),
        }
    }
}
