//! The table in README.md, held against the tests.

use std::{collections::BTreeSet, fs, path::Path};

/// The numbers of the rows. Gaps are those of the list: a number is never given to another row.
const ROWS: [u32; 40] = [
    1, 2, 4, 5, 8, 9, 11, 13, 15, 16, 18, 19, 21, 22, 24, 26, 27, 28, 29, 31, 32, 33, 35, 37, 38,
    39, 40, 42, 43, 44, 45, 47, 48, 49, 51, 52, 54, 56, 57, 59,
];

/// How the last cell of a row without a test begins.
const NO_TEST: &str = "No test:";

struct Row {
    number: u32,
    ids: String,
    kind: String,
    tests: BTreeSet<String>,
    cells: Vec<String>,
}

/// The rows of the table, under the heading of their kind.
fn rows() -> Vec<Row> {
    let readme = fs::read_to_string(folder().join("README.md")).unwrap();
    let mut kind = String::new();
    let mut rows = Vec::new();
    for line in readme.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            heading.clone_into(&mut kind);
        }
        let cells: Vec<_> = line
            .trim_matches('|')
            .split(" | ")
            .map(|cell| cell.trim().to_owned())
            .collect();
        let Some(number) = cells[0].parse().ok().filter(|_| line.starts_with('|')) else {
            continue;
        };
        let last = cells.last().unwrap();
        let tests = last.split('`').skip(1).step_by(2).map(str::to_owned);
        rows.push(Row {
            number,
            ids: cells[1].clone(),
            kind: kind.clone(),
            tests: tests.filter(|name| name.starts_with("row")).collect(),
            cells,
        });
    }
    rows
}

fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The tests of a file, as `row01_…`.
fn tests_in(path: &Path) -> Vec<String> {
    let source = fs::read_to_string(path).unwrap();
    let mut tests = Vec::new();
    let mut is_test = false;
    for line in source.lines().map(str::trim) {
        if line == "#[test]" {
            is_test = true;
        } else if let Some(name) = line
            .strip_prefix("fn ")
            .and_then(|rest| rest.split('(').next())
        {
            if is_test && name.starts_with("row") {
                tests.push(name.to_owned());
            }
            is_test = false;
        }
        assert!(
            !line.starts_with("#[ignore"),
            "{}: a test is ignored",
            path.display()
        );
    }
    tests
}

/// Each file of tests by the name of its kind.
fn all_tests() -> Vec<(String, String)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder().join("tests")).unwrap() {
        let path = entry.unwrap().path();
        let kind = path
            .file_stem()
            .unwrap()
            .to_str()
            .unwrap()
            .replace('_', " ");
        all.extend(tests_in(&path).into_iter().map(|name| (kind.clone(), name)));
    }
    all
}

#[test]
fn every_row_of_the_list_is_in_the_table_once() {
    let numbers: Vec<_> = rows().iter().map(|row| row.number).collect();
    assert_eq!(numbers, ROWS);
}

#[test]
fn every_row_is_complete_and_says_a_test_or_why_there_is_none() {
    for row in rows() {
        let (number, cells) = (row.number, &row.cells);
        assert_eq!(cells.len(), 6, "row {number}: {cells:?}");
        assert!(
            cells.iter().all(|cell| !cell.is_empty()),
            "row {number}: {cells:?}"
        );
        assert!(
            row.ids.contains(['-', '#', '.']),
            "row {number}: {}",
            row.ids
        );
        let last = cells.last().unwrap();
        assert_eq!(
            row.tests.is_empty(),
            last.starts_with(NO_TEST),
            "row {number}: {last}"
        );
        assert!(
            !row.tests.is_empty() || last.len() > 100,
            "row {number} does not say what holds"
        );
        for test in &row.tests {
            assert!(
                test.starts_with(&format!("row{number:02}_")),
                "row {number}: {test}"
            );
        }
    }
}

#[test]
fn every_test_is_in_the_table_and_every_test_of_the_table_is_there() {
    let tests = all_tests();
    let named: Vec<_> = rows()
        .into_iter()
        .flat_map(|row| {
            row.tests
                .into_iter()
                .map(move |test| (row.kind.clone(), test))
        })
        .collect();
    let kind_of = |text: &str| {
        text.split(" (")
            .next()
            .unwrap()
            .replace([',', ':'], "")
            .to_lowercase()
    };
    let there: BTreeSet<_> = tests.iter().cloned().collect();
    let named_once: BTreeSet<_> = named
        .iter()
        .map(|(kind, test)| (kind_of(kind), test.clone()))
        .collect();
    assert_eq!(there.len(), tests.len(), "a name stands twice");
    assert_eq!(named_once.len(), named.len(), "a test is named twice");
    let missing: Vec<_> = named_once.difference(&there).collect();
    assert!(
        missing.is_empty(),
        "in the table and not among the tests: {missing:?}"
    );
    let untold: Vec<_> = there.difference(&named_once).collect();
    assert!(
        untold.is_empty(),
        "among the tests and not in the table: {untold:?}"
    );
}
