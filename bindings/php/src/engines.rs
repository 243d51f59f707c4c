//! The engines of this process. PHP forgets everything between requests; what took a database, a key and
//! threads to make is kept here, so that each request of a worker after the first finds it ready.

use std::{
    env,
    ffi::OsString,
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};

use reset_password_bindings::{Arguments, Error, UserManagement};

use crate::files::Files;

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
    arguments: Arguments,
    /// Relative paths begin here.
    directory: Option<PathBuf>,
    /// The environment's word on the key.
    key_file: Option<OsString>,
}

/// The engine with these settings: this process's, if it has one.
///
/// A database in memory is its handle's alone and is never kept.
pub fn open(arguments: Arguments) -> Result<UserManagement, Error> {
    let settings = Settings {
        arguments,
        directory: env::current_dir().ok(),
        key_file: env::var_os("RESET_PASSWORD_KEY_FILE"),
    };
    if let Some(handle) = find(&settings) {
        return Ok(handle);
    }
    let handle = UserManagement::open(settings.arguments.clone())?;
    if !handle.is_in_memory()
        && let Ok(files) = Files::of(&handle)
    {
        keep(Engine {
            settings,
            files,
            handle: handle.clone(),
        });
    }
    Ok(handle)
}

/// How many engines are kept.
pub fn count() -> usize {
    engines().len()
}

/// The engine, unless another file is where one of its own was.
fn find(settings: &Settings) -> Option<UserManagement> {
    let mut engines = engines();
    let place = engines.iter().position(|each| each.settings == *settings)?;
    let engine = engines.remove(place);
    if Files::of(&engine.handle).ok()? != engine.files {
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
