//! What came of it: a matrix for people, a document for machines.

use std::{collections::BTreeMap, fmt::Write as _};

use serde_json::{Value, json};

/// Whether something held, and if not, why.
pub type Verdict = Result<(), String>;

/// The results of a whole run.
#[derive(Default)]
pub struct Report {
    /// The surfaces, in the order of the columns.
    pub surfaces: Vec<String>,
    /// What stands on the other side of each, such as a runtime's version.
    pub versions: BTreeMap<String, String>,
    /// Every scenario, in order.
    pub scenarios: Vec<Row>,
    /// Everything else: a heading, and named verdicts.
    pub parts: Vec<Part>,
}

/// One scenario, with a verdict for each surface.
pub struct Row {
    /// Its name.
    pub id: String,
    /// What it shows.
    pub title: String,
    /// The verdicts, by surface.
    pub cells: BTreeMap<String, Verdict>,
}

/// Verdicts under one heading.
pub struct Part {
    /// What was done.
    pub name: &'static str,
    /// What it shows, in a sentence.
    pub about: String,
    /// Each single thing and its verdict.
    pub verdicts: Vec<(String, Verdict)>,
}

const LEGEND: &str = "\
Each cell is one scenario, played from the first step to the last on one surface, on a database of its own.
  rust   the crate, in this process. What would not compile counts as refused by the language's types.
  http   `reset-password serve`. In process, on the same file, because they have no route:
         authenticate_with_password, check_password, get_user_by_email, purge,
         revoke_password_resets, an `open` with both key and key_file, and one field of a user,
         credentials_changed_at.
  cli    `reset-password`, one process a call. In process: an `open` with both key and key_file.
  Each other column is the installed package of that language, in a process of its own.
";

impl Report {
    pub fn passed(&self) -> usize {
        self.all().count() - self.failed()
    }

    pub fn failed(&self) -> usize {
        self.all().filter(Result::is_err).count()
    }

    /// Every verdict. A cell that is missing has failed.
    fn all(&self) -> impl Iterator<Item = Verdict> {
        let missing = || Err("it was not played".to_owned());
        let cells = self.scenarios.iter().flat_map(move |row| {
            self.surfaces
                .iter()
                .map(move |surface| row.cells.get(surface).cloned().unwrap_or_else(missing))
        });
        let parts = self.parts.iter().flat_map(|part| part.verdicts.iter());
        cells.chain(parts.map(|(_, verdict)| verdict.clone()))
    }

    /// The whole of it for people.
    pub fn text(&self) -> String {
        let mut text = format!("{LEGEND}\n");
        self.matrix(&mut text);
        for part in &self.parts {
            let held = part
                .verdicts
                .iter()
                .filter(|(_, verdict)| verdict.is_ok())
                .count();
            let _ = writeln!(text, "\n{}: {held} of {}", part.name, part.verdicts.len());
            for line in part.about.lines() {
                let _ = writeln!(text, "  {line}");
            }
            for (name, verdict) in &part.verdicts {
                if let Err(why) = verdict {
                    let _ = writeln!(text, "  FAIL {name}: {why}");
                }
            }
        }
        for (surface, version) in &self.versions {
            let _ = writeln!(text, "{surface}: {version}");
        }
        let (passed, failed) = (self.passed(), self.failed());
        let verdict = if failed == 0 { "ok" } else { "FAILED" };
        let _ = writeln!(
            text,
            "\ntest result: {verdict}. {passed} passed; {failed} failed; 0 ignored;"
        );
        text
    }

    fn matrix(&self, text: &mut String) {
        let width = self
            .scenarios
            .iter()
            .map(|row| row.id.len())
            .max()
            .unwrap_or_default();
        let _ = write!(text, "{:width$}", "");
        for surface in &self.surfaces {
            let _ = write!(text, "  {surface}");
        }
        text.push('\n');
        let mut failures = String::new();
        for Row { id, title, cells } in &self.scenarios {
            let mut line = format!("{id:width$}");
            let mut failed = false;
            for surface in &self.surfaces {
                let why = match cells.get(surface) {
                    Some(Ok(())) => None,
                    Some(Err(why)) => Some(why.as_str()),
                    None => Some("it was not played"),
                };
                let cell = if why.is_some() { "FAIL" } else { "ok" };
                let _ = write!(line, "  {cell:^0$}", surface.len());
                if let Some(why) = why {
                    if !failed {
                        let _ = writeln!(failures, "{title}");
                    }
                    failed = true;
                    let _ = writeln!(failures, "  FAIL {id} on {surface}: {why}");
                }
            }
            let _ = writeln!(text, "{}", line.trim_end());
        }
        if !failures.is_empty() {
            let _ = write!(text, "\n{failures}");
        }
    }

    /// The whole of it for machines.
    pub fn json(&self) -> Value {
        let verdict = |verdict: Option<&Verdict>| match verdict {
            Some(Ok(())) => json!({ "ok": true }),
            Some(Err(why)) => json!({ "ok": false, "why": why }),
            None => json!({ "ok": false, "why": "it was not played" }),
        };
        let scenarios: Vec<Value> = self
            .scenarios
            .iter()
            .map(|row| {
                let cells: serde_json::Map<String, Value> = self
                    .surfaces
                    .iter()
                    .map(|surface| (surface.clone(), verdict(row.cells.get(surface))))
                    .collect();
                json!({ "id": row.id, "title": row.title, "cells": cells })
            })
            .collect();
        let parts: Vec<Value> = self
            .parts
            .iter()
            .map(|part| {
                let each = part.verdicts.iter();
                let verdicts: serde_json::Map<String, Value> = each
                    .map(|(name, held)| (name.clone(), verdict(Some(held))))
                    .collect();
                json!({ "name": part.name, "verdicts": verdicts })
            })
            .collect();
        json!({
            "surfaces": self.surfaces,
            "versions": self.versions,
            "scenarios": scenarios,
            "parts": parts,
            "passed": self.passed(),
            "failed": self.failed(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_is_missing_has_failed() {
        let mut report = Report {
            surfaces: vec!["rust".into(), "php".into()],
            ..Report::default()
        };
        let cells = BTreeMap::from([("rust".to_owned(), Ok(()))]);
        report.scenarios.push(Row {
            id: "one".into(),
            title: "It holds".into(),
            cells,
        });
        assert_eq!((report.passed(), report.failed()), (1, 1));
        assert!(report.text().contains("FAIL one on php"));
        assert!(
            report
                .text()
                .ends_with("test result: FAILED. 1 passed; 1 failed; 0 ignored;\n")
        );
        report.scenarios[0].cells.insert("php".into(), Ok(()));
        assert!(
            report
                .text()
                .ends_with("test result: ok. 2 passed; 0 failed; 0 ignored;\n")
        );
        report.parts.push(Part {
            name: "races",
            about: String::new(),
            verdicts: vec![("one".into(), Err("two won".into()))],
        });
        assert!(report.text().contains("FAIL one: two won"));
        assert_eq!(report.json()["failed"], 1);
    }
}
