//! No two files of a crate need each other: whoever reads one can put the others aside.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// A module's path in its crate: empty for the root.
type Module = Vec<String>;

/// A file as far as its imports tell.
#[derive(Default)]
struct File {
    /// Every path that it imports or names, from the root of the crate.
    paths: Vec<Vec<String>>,
    /// What others find in it and it has from elsewhere: the name, and where that is.
    hands_on: Vec<(String, Vec<String>)>,
}

#[test]
fn core_has_no_circle() {
    assert_no_circle(Path::new(env!("CARGO_MANIFEST_DIR")));
}

#[test]
fn store_has_no_circle() {
    let core = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert_no_circle(&core.with_file_name("reset-password-store"));
}

#[test]
fn a_circle_is_found() {
    let files = [
        ("", "mod a;\nmod b;\nmod c;\npub use self::c::C;"),
        ("a", "use crate::{b::{self, B}, C};"),
        ("b", "pub use super::c::*;"),
        ("c", "fn f() { crate::a::f() }"),
    ];
    let files = files.map(|(name, text)| {
        let module: Module = name
            .split("::")
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect();
        let file = read(&module, text);
        (module, file)
    });
    let files = BTreeMap::from(files);
    assert!(circle(&edges(&files)).is_some());
    let without = files
        .into_iter()
        .filter(|(module, _)| module != &["c"])
        .collect();
    assert_eq!(circle(&edges(&without)), None);
}

fn assert_no_circle(folder: &Path) {
    let mut files = BTreeMap::new();
    collect(&folder.join("src"), &Module::new(), &mut files);
    assert!(files.len() > 20, "the sources are elsewhere");
    let edges = edges(&files);
    assert!(
        edges.values().map(BTreeSet::len).sum::<usize>() > 50,
        "the imports are not seen"
    );
    if let Some(circle) = circle(&edges) {
        let step = |module: &Module| {
            let needed = files[module].paths.iter().filter(|path| {
                target(&files, path, 0)
                    .is_some_and(|other| circle.contains(&other) && other != module)
            });
            let needed: Vec<_> = needed.map(|path| path.join("::")).collect();
            format!("{} needs {}", module.join("::"), needed.join(", "))
        };
        let steps: Vec<_> = circle.iter().map(|module| step(module)).collect();
        panic!("files in a circle: {}", steps.join("; "));
    }
}

/// Every file below the folder of a module.
fn collect(folder: &Path, module: &Module, files: &mut BTreeMap<Module, File>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let below = || [module.as_slice(), std::slice::from_ref(&name)].concat();
        if path.is_dir() {
            collect(&path, &below(), files);
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && !name.ends_with("tests")
        {
            let module = match name.as_str() {
                "lib" | "mod" => module.clone(),
                _ => below(),
            };
            let text = fs::read_to_string(&path).unwrap();
            files.insert(module.clone(), read(&module, &text));
        }
    }
}

/// What a file imports and names. Its tests, which stand at its end, do not count.
fn read(module: &Module, text: &str) -> File {
    let text = text
        .split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or(text);
    let lines = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or(line));
    let code = lines.collect::<Vec<_>>().join("\n");
    let mut file = File::default();
    for statement in code.split_inclusive(';') {
        let (before, import) = match statement.rsplit_once("use ") {
            Some((before, import)) if is_import(before) => (before, import),
            _ => (statement, ""),
        };
        for path in branches(import.trim_end_matches(';')) {
            let Some(path) = from_root(module, &path) else {
                continue;
            };
            if let Some(name) = path.last() {
                file.hands_on.push((name.clone(), path.clone()));
            }
            file.paths.push(path);
        }
        for root in ["crate::", "super::"] {
            for (at, _) in before.match_indices(root) {
                let rest = &before[at..];
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != ':');
                let path = &rest[..end.unwrap_or(rest.len())];
                // Also not who may see something: `pub(in super::super)`.
                if !before[..at].ends_with("::") && !before[..at].ends_with("(in ") {
                    file.paths.extend(from_root(module, &parts(path)));
                }
            }
        }
    }
    file
}

/// Whether an import follows what stands before.
fn is_import(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or(before).trim();
    line.is_empty() || line.starts_with("pub")
}

/// Every path of an import: `a::{b, c::{self, d}}` is `a::b`, `a::c` and `a::c::d`.
fn branches(tree: &str) -> Vec<Vec<&str>> {
    let Some((stem, inner)) = tree.split_once('{') else {
        return vec![parts(tree)];
    };
    let stem: Vec<_> = stem
        .split("::")
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    let inner = inner.trim_end().strip_suffix('}').unwrap_or(inner);
    let (mut depth, mut begin, mut found) = (0, 0, Vec::new());
    for (at, c) in inner.char_indices().chain([(inner.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let branch = inner[begin..at].trim();
                if !branch.is_empty() {
                    let own = branches(branch).into_iter();
                    found.extend(own.map(|own| [stem.as_slice(), own.as_slice()].concat()));
                }
                begin = at + 1;
            }
            _ => {}
        }
    }
    found
}

/// The parts of a path. `self` at its end is the path before it, and so is everything in a module.
fn parts(path: &str) -> Vec<&str> {
    let path = path.split(" as ").next().unwrap_or(path);
    let mut parts: Vec<_> = path
        .split("::")
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    if let Some(&("self" | "*")) = parts.last()
        && path.trim() != "self"
    {
        parts.pop();
    }
    parts
}

/// The path from the root of the crate; `None` if it leads to another crate.
fn from_root(module: &Module, path: &[&str]) -> Option<Vec<String>> {
    let (first, rest) = path.split_first()?;
    let mut from = match *first {
        "crate" => Vec::new(),
        "self" => module.clone(),
        "super" => module[..module.len().checked_sub(1)?].to_vec(),
        _ => return None,
    };
    for part in rest {
        match *part {
            "self" => {}
            "super" => drop(from.pop()),
            part => from.push(part.to_owned()),
        }
    }
    Some(from)
}

/// Which file needs which.
fn edges(files: &BTreeMap<Module, File>) -> BTreeMap<&Module, BTreeSet<&Module>> {
    let needs = |(module, file): (_, &File)| {
        let targets = file.paths.iter().filter_map(|path| target(files, path, 0));
        (module, targets.filter(|target| *target != module).collect())
    };
    files.iter().map(needs).collect()
}

/// The file that a path leads to, through whatever hands it on.
fn target<'a>(
    files: &'a BTreeMap<Module, File>,
    path: &[String],
    depth: usize,
) -> Option<&'a Module> {
    assert!(depth < 20, "{path:?} leads nowhere");
    let length = (0..=path.len())
        .rev()
        .find(|length| files.contains_key(&path[..*length]))?;
    let (module, file) = files.get_key_value(&path[..length])?;
    let handed_on = path.get(length).and_then(|name| {
        let mut all = file.hands_on.iter();
        all.find(|(other, from)| other == name && from.as_slice() != path)
    });
    match handed_on {
        Some((_, from)) => target(files, from, depth + 1),
        None => Some(module),
    }
}

/// A circle, if there is one.
fn circle<'a>(edges: &BTreeMap<&'a Module, BTreeSet<&'a Module>>) -> Option<Vec<&'a Module>> {
    fn walk<'a>(
        edges: &BTreeMap<&'a Module, BTreeSet<&'a Module>>,
        module: &'a Module,
        way: &mut Vec<&'a Module>,
        done: &mut BTreeSet<&'a Module>,
    ) -> Option<Vec<&'a Module>> {
        if let Some(at) = way.iter().position(|other| *other == module) {
            return Some(way[at..].to_vec());
        }
        if !done.insert(module) {
            return None;
        }
        way.push(module);
        let mut needed = edges.get(module).into_iter().flatten();
        let found = needed.find_map(|other| walk(edges, other, way, done));
        way.pop();
        found
    }
    let mut done = BTreeSet::new();
    edges
        .keys()
        .find_map(|module| walk(edges, module, &mut Vec::new(), &mut done))
}
