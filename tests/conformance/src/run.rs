//! The whole run: surfaces are started, scenarios played on them side by side, then what needs all.

use std::{
    collections::{BTreeMap, VecDeque},
    io::{self, IsTerminal, Write},
    num::NonZero,
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use reset_password::{Options, blocking::UserManagement};
use reset_password_test_databases::Backend;
use serde_json::Value;

use crate::{
    Arguments, SURFACES, another_system, clock,
    expected::Classes,
    mixed,
    place::{self, Place},
    play::play,
    race,
    report::{Report, Row, Verdict},
    scenario::{self, Scenario},
    signatures,
    surfaces::{
        Answer, Shared, command::Binary, command_line::CommandLine, http::Http, language::Language,
        rust::Rust,
    },
};

/// A scenario that took longer is named on standard error.
const SLOW: Duration = Duration::from_secs(15);

/// Does everything that was asked for.
pub fn run(arguments: &Arguments, home: &Path) -> Result<Report, String> {
    let scenarios = chosen(arguments, home)?;
    let names: Vec<&str> = SURFACES
        .into_iter()
        .filter(|name| {
            arguments.surfaces.is_empty() || arguments.surfaces.iter().any(|it| it == name)
        })
        .collect();
    let surfaces = start(&names, arguments, home)?;
    let known: Vec<(Classes, String)> = surfaces.iter().map(about).collect();

    let mut report = Report {
        surfaces: names.iter().map(|name| (*name).to_owned()).collect(),
        ..Report::default()
    };
    for (surface, (_, version)) in surfaces.iter().zip(&known) {
        if !version.is_empty() {
            report
                .versions
                .insert(surface.name().to_owned(), version.clone());
        }
    }
    // The engine is open once before this program has a file of its own open in the linked SQLite, whose
    // locks change with the first engine: who held one of the old kind would wait for himself.
    UserManagement::open(":memory:", Options::default())
        .map_err(|error| format!("the engine does not open: {error}"))?;
    let backend = place::backend(&arguments.database)?;
    let make = if arguments.another_system {
        Place::of_another_system
    } else {
        Place::new
    };
    let make: MakePlace = &|folder| make(backend, folder);
    report.scenarios = matrix(&scenarios, &surfaces, &known, make)?;
    if arguments.scenarios.is_empty() && !arguments.another_system {
        let rounds = if arguments.long { 50 } else { 10 };
        report
            .parts
            .push(in_new_place(backend, |place| mixed::run(&surfaces, place))?);
        report.parts.push(in_new_place(backend, |place| {
            race::run(&surfaces, rounds, place)
        })?);
        // The signatures are the same on every database.
        if backend == Backend::SqliteFile {
            report.parts.extend(signatures::run(&surfaces, home)?);
        }
    }
    // A driver that has ended has failed in all that it was to do.
    for surface in &surfaces {
        if let Some(why) = surface.broken() {
            for row in &mut report.scenarios {
                row.cells
                    .insert(surface.name().to_owned(), Err(why.clone()));
            }
        }
    }
    Ok(report)
}

fn chosen(arguments: &Arguments, home: &Path) -> Result<Vec<Scenario>, String> {
    let mut all = scenario::read_all(&home.join("scenarios"), &SURFACES)?;
    all.retain(|scenario| {
        scenario.is_about(&arguments.database)
            && (!arguments.another_system || another_system::plays(scenario))
    });
    if arguments.scenarios.is_empty() {
        return Ok(all);
    }
    let known = |id: &String| all.iter().any(|scenario| scenario.id == *id);
    if let Some(unknown) = arguments.scenarios.iter().find(|id| !known(id)) {
        return Err(format!("there is no scenario {unknown}"));
    }
    let is_chosen = |scenario: &Scenario| arguments.scenarios.contains(&scenario.id);
    Ok(all.into_iter().filter(is_chosen).collect())
}

fn start(names: &[&str], arguments: &Arguments, home: &Path) -> Result<Vec<Shared>, String> {
    let command = std::path::absolute(&arguments.command).map_err(|error| error.to_string())?;
    if !command.is_file() {
        return Err(format!("there is no {}", command.display()));
    }
    let binary = Binary(command);
    // Drivers are started side by side: some runtimes take their time.
    let started = thread::scope(|scope| {
        let threads: Vec<_> = names
            .iter()
            .map(|name| {
                let binary = binary.clone();
                scope.spawn(move || -> Shared {
                    match *name {
                        "rust" => Arc::new(Rust::default()),
                        "http" => Arc::new(Http::new(binary)),
                        "cli" => Arc::new(CommandLine::new(binary)),
                        language => {
                            let run = home.join("drivers").join(language).join("run");
                            Arc::new(Language::start(language, &run))
                        }
                    }
                })
            })
            .collect();
        threads
            .into_iter()
            .map(thread::ScopedJoinHandle::join)
            .collect::<Result<Vec<_>, _>>()
    });
    started.map_err(|_| "a driver's start panicked".to_owned())
}

/// A language's classes by code, and its version.
fn about(surface: &Shared) -> (Classes, String) {
    let classes = surface.about("codes").map(|answer| match answer {
        Answer::Ok(Value::Object(codes)) => codes,
        _ => serde_json::Map::new(),
    });
    let version = match surface.about("version") {
        Some(Answer::Ok(version)) => {
            let part = |name: &str| {
                version
                    .get(name)
                    .and_then(Value::as_str)
                    .unwrap_or("?")
                    .to_owned()
            };
            format!("{} on {}", part("package"), part("runtime"))
        }
        _ => String::new(),
    };
    (classes, version)
}

/// Plays every scenario on every surface: each surface's in order, and on two surfaces for each core at
/// once. More would only make hashes wait for each other.
fn matrix(
    scenarios: &[Scenario],
    surfaces: &[Shared],
    known: &[(Classes, String)],
    make: MakePlace<'_>,
) -> Result<Vec<Row>, String> {
    let progress = Progress::new(scenarios.len() * surfaces.len());
    let cells: Mutex<Vec<BTreeMap<String, Verdict>>> =
        Mutex::new(vec![BTreeMap::new(); scenarios.len()]);
    let turns: Mutex<VecDeque<(usize, usize)>> =
        Mutex::new((0..surfaces.len()).map(|surface| (surface, 0)).collect());
    let workers = 2 * thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        for _ in 0..workers.min(surfaces.len()) {
            scope.spawn(|| {
                loop {
                    let turn = lock(&turns).pop_front();
                    let Some((at, next)) = turn else { return };
                    let (Some(surface), Some((classes, _)), Some(scenario)) =
                        (surfaces.get(at), known.get(at), scenarios.get(next))
                    else {
                        continue;
                    };
                    let verdict = timed(scenario, surface, classes, make);
                    if let Some(row) = lock(&cells).get_mut(next) {
                        row.insert(surface.name().to_owned(), verdict);
                    }
                    progress.one_more();
                    lock(&turns).push_back((at, next + 1));
                }
            });
        }
    });
    let cells = cells.into_inner().map_err(|error| error.to_string())?;
    let rows = scenarios.iter().zip(cells).map(|(scenario, cells)| Row {
        id: scenario.id.clone(),
        title: scenario.title.clone(),
        cells,
    });
    Ok(rows.collect())
}

/// Plays one scenario, and names it if it was slow.
fn timed(scenario: &Scenario, surface: &Shared, classes: &Classes, make: MakePlace<'_>) -> Verdict {
    let began = clock::now();
    let verdict = in_folder(make, |place| play(scenario, &**surface, classes, place));
    let took = began.elapsed();
    if took > SLOW {
        eprintln!("{} on {} took {took:.1?}", scenario.id, surface.name());
    }
    verdict?
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes the database of a scenario, in a folder that is there.
type MakePlace<'a> = &'a (dyn Fn(&Path) -> Result<Place, String> + Sync);

/// Does something with a database that is gone afterwards, in a folder that is gone too.
pub fn in_new_place<T>(backend: Backend, work: impl FnOnce(&Place) -> T) -> Result<T, String> {
    in_folder(&|folder| Place::new(backend, folder), work)
}

fn in_folder<T>(make: MakePlace<'_>, work: impl FnOnce(&Place) -> T) -> Result<T, String> {
    /// Nothing here is a test of a disk, and a slow one would make all of it slow.
    const IN_MEMORY: &str = "/dev/shm";
    let mut builder = tempfile::Builder::new();
    builder.prefix("conformance-");
    let folder = builder.tempdir_in(IN_MEMORY).or_else(|_| builder.tempdir());
    let folder = folder.map_err(|error| error.to_string())?;
    Ok(work(&make(folder.path())?))
}

/// A counter on a terminal.
pub struct Progress {
    all: usize,
    done: AtomicUsize,
}

impl Progress {
    pub const fn new(all: usize) -> Self {
        Self {
            all,
            done: AtomicUsize::new(0),
        }
    }

    pub fn one_more(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        let mut stderr = io::stderr().lock();
        if stderr.is_terminal() {
            let end = if done == self.all { "\n" } else { "" };
            let _ = write!(stderr, "\r{done} of {}{end}", self.all);
            let _ = stderr.flush();
        }
    }
}
