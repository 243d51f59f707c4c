//! Scenarios: what a file may say. Anything else is refused when it is read.

use std::{collections::BTreeMap, fs, path::Path};

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::{operations, yaml};

/// One scenario, in a file of its own that is named after it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The test's name.
    pub id: String,
    /// What it shows, in a sentence.
    pub title: String,
    /// Requirements that it is part of the proof of, such as `SEC-45`.
    #[serde(default)]
    pub requirements: Vec<String>,
    /// Options of the handle `a`, which is opened first; `false` opens none.
    #[serde(default)]
    pub opens: Opens,
    /// The only database that it says anything about; every one, if none is named.
    #[serde(default)]
    pub database: Option<String>,
    /// What is done.
    pub steps: Vec<Step>,
}

impl Scenario {
    /// Whether it says anything about that database.
    pub fn is_about(&self, database: &str) -> bool {
        self.database.as_deref().is_none_or(|only| only == database)
    }
}

/// Whether and how the handle `a` is opened.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Opens {
    /// Only `false` says anything.
    No(bool),
    /// With these options besides the database and the least cost of a hash.
    With(Map<String, Value>),
}

impl Default for Opens {
    fn default() -> Self {
        Self::With(Map::new())
    }
}

/// One step: a call, several at once, or something that the runner does to the database.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Step {
    /// The operation.
    pub call: Option<String>,
    /// The handle that it is called on.
    pub handle: Option<String>,
    /// Its arguments.
    pub with: Map<String, Value>,
    /// The result that is expected.
    #[serde(deserialize_with = "present")]
    pub ok: Option<Value>,
    /// Or the error.
    pub error: Option<Value>,
    /// Or that the language refuses the type by itself.
    pub type_error: bool,
    /// What is expected on the surfaces named, where it is something else.
    pub expect_on: BTreeMap<String, Expectation>,
    /// The name that the result is kept under.
    pub save: Option<String>,
    /// The scenario ends here on these surfaces, because what follows has no meaning there.
    pub ends_on: Vec<String>,
    /// The runner holds the database's write lock during the call.
    pub while_locked: bool,

    /// Calls at once.
    pub concurrently: Vec<Calls>,
    /// What they are answered, in any order.
    pub outcomes: Vec<CountedOutcome>,
    /// The same on the surfaces named.
    pub outcomes_on: BTreeMap<String, Vec<CountedOutcome>>,

    /// Makes a live reset older.
    pub age_reset: Option<AgeReset>,
    /// A statement that the runner executes on the database.
    pub sql: Option<String>,
    /// A file that the runner writes.
    pub file: Option<WrittenFile>,
}

/// What a call is expected to be answered.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Expectation {
    /// This result.
    #[serde(deserialize_with = "present")]
    pub ok: Option<Value>,
    /// This error.
    pub error: Option<Value>,
    /// The language's own refusal.
    pub type_error: bool,
}

/// One call, or the same several times.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calls {
    /// The operation.
    pub call: String,
    /// The handle.
    #[serde(default)]
    pub handle: Option<String>,
    /// Its arguments; `${index}` is the number of the call, from 0 on.
    #[serde(default)]
    pub with: Map<String, Value>,
    /// How many.
    #[serde(default = "one")]
    pub times: u64,
}

/// An answer, and how many of the calls must get it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountedOutcome {
    /// This result.
    #[serde(default, deserialize_with = "present")]
    pub ok: Option<Value>,
    /// Or this error.
    #[serde(default)]
    pub error: Option<Value>,
    /// Exactly so many.
    #[serde(default)]
    pub times: Option<u64>,
    /// Or at least so many.
    #[serde(default)]
    pub at_least: Option<u64>,
}

/// A live reset, and by how much it becomes older.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgeReset {
    /// Its id.
    pub id: Value,
    /// How much older.
    pub seconds: u64,
}

/// A file and its content.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenFile {
    /// Where, within the scenario's folder.
    pub name: String,
    /// What it holds.
    pub text: String,
}

const fn one() -> u64 {
    1
}

/// A field that is there, even where it is null.
fn present<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(reader).map(Some)
}

/// Reads every scenario of a folder, in the order of their names.
pub fn read_all(folder: &Path, surfaces: &[&str]) -> Result<Vec<Scenario>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| error.to_string())?;
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let shown = path.display();
            let text = fs::read_to_string(path).map_err(|error| format!("{shown}: {error}"))?;
            let scenario = read(&text, surfaces).map_err(|why| format!("{shown}: {why}"))?;
            let name = path.file_name().and_then(|name| name.to_str());
            if name != Some(&format!("{}.yaml", scenario.id)) {
                return Err(format!("{shown}: its id is {}", scenario.id));
            }
            Ok(scenario)
        })
        .collect()
}

/// Reads one scenario and checks it.
pub fn read(text: &str, surfaces: &[&str]) -> Result<Scenario, String> {
    let scenario: Scenario = yaml::from_str(text)?;
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if scenario.id.is_empty() || !scenario.id.chars().all(is_name) {
        return Err("an id is made of lower-case letters, digits and _".to_owned());
    }
    if matches!(scenario.opens, Opens::No(true)) {
        return Err("opens is false or the options".to_owned());
    }
    let is_requirement = |name: &String| {
        let number = name
            .strip_prefix("SEC-")
            .and_then(|number| number.parse().ok());
        number.is_some_and(|number: u8| (1..=108).contains(&number))
    };
    if let Some(unknown) = scenario
        .requirements
        .iter()
        .find(|name| !is_requirement(name))
    {
        return Err(format!("there is no requirement {unknown}"));
    }
    if scenario.steps.is_empty() {
        return Err("there are no steps".to_owned());
    }
    for (at, step) in scenario.steps.iter().enumerate() {
        check(step, surfaces).map_err(|why| format!("step {}: {why}", at + 1))?;
    }
    Ok(scenario)
}

/// The surfaces of a key such as `ruby, php`.
pub fn names(key: &str) -> impl Iterator<Item = &str> {
    key.split(',').map(str::trim)
}

fn check(step: &Step, surfaces: &[&str]) -> Result<(), String> {
    let verbs = [
        step.call.is_some(),
        !step.concurrently.is_empty(),
        step.age_reset.is_some(),
        step.sql.is_some(),
        step.file.is_some(),
    ];
    if verbs.iter().filter(|verb| **verb).count() != 1 {
        return Err("a step does one thing".to_owned());
    }
    let expectation = Expectation {
        ok: step.ok.clone(),
        error: step.error.clone(),
        type_error: step.type_error,
    };
    let expects = step.ok.is_some() || step.error.is_some() || step.type_error;
    if let Some(operation) = &step.call {
        operations::check(operation, step.with.keys())?;
        is_one(&expectation)?;
        step.expect_on.values().try_for_each(is_one)?;
    } else if expects || !step.expect_on.is_empty() || step.save.is_some() || step.while_locked {
        return Err("only one call is expected to be answered so".to_owned());
    }
    if step.concurrently.is_empty() != step.outcomes.is_empty() {
        return Err("concurrent calls have outcomes".to_owned());
    }
    for calls in &step.concurrently {
        operations::check(&calls.call, calls.with.keys())?;
    }
    for outcome in step
        .outcomes
        .iter()
        .chain(step.outcomes_on.values().flatten())
    {
        is_one(&Expectation {
            ok: outcome.ok.clone(),
            error: outcome.error.clone(),
            type_error: false,
        })?;
        if outcome.times.is_some() == outcome.at_least.is_some() {
            return Err("an outcome has either times or at_least".to_owned());
        }
    }
    let named = step.expect_on.keys().chain(step.outcomes_on.keys());
    let mut named = named
        .flat_map(|key| names(key))
        .chain(step.ends_on.iter().map(String::as_str))
        .collect::<Vec<_>>();
    if let Some(unknown) = named.iter().find(|name| !surfaces.contains(name)) {
        return Err(format!("there is no surface {unknown}"));
    }
    let count = named.len() - step.ends_on.len();
    named.truncate(count);
    named.sort_unstable();
    if named
        .windows(2)
        .any(|pair| matches!(pair, [a, b] if a == b))
    {
        return Err("a surface is named twice".to_owned());
    }
    Ok(())
}

fn is_one(expectation: &Expectation) -> Result<(), String> {
    let kinds = [
        expectation.ok.is_some(),
        expectation.error.is_some(),
        expectation.type_error,
    ];
    match kinds.iter().filter(|kind| **kind).count() {
        1 => Ok(()),
        _ => Err("one of ok, error and type_error is expected".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "
id: good
title: It is read
steps:
  - call: delete_user
    with: {id: user_1}
    ok: null
    expect_on:
      rust, cli: {error: user_not_found}
  - concurrently: [{call: purge, times: 2}]
    outcomes: [{ok: null, times: 2}]
";

    #[test]
    fn what_is_well_formed_is_read() {
        let scenario = read(GOOD, &["rust", "cli"]).unwrap();
        assert_eq!(scenario.steps[0].ok, Some(Value::Null));
        assert_eq!(scenario.steps[1].concurrently[0].times, 2);
    }

    #[test]
    fn anything_else_is_refused() {
        for (from, to) in [
            ("id: good", "id: Good one"),
            ("title: It is read", "titel: It is read"),
            (
                "title: It is read",
                "title: It is read\nrequirements: [SEC-109]",
            ),
            ("call: delete_user", "call: remove_user"),
            ("with: {id: user_1}", "with: {user: user_1}"),
            ("with: {id: user_1}", "arguments: {id: user_1}"),
            ("    ok: null\n", ""),
            ("    ok: null\n", "    ok: null\n    error: internal\n"),
            ("    ok: null\n", "    ok: null\n    sql: x\n"),
            ("rust, cli", "rust, perl"),
            ("rust, cli", "rust, rust"),
            ("{error: user_not_found}", "{}"),
            ("    outcomes: [{ok: null, times: 2}]", ""),
            (
                "{call: purge, times: 2}",
                "{call: purge, times: 2, sleep: 1}",
            ),
        ] {
            let text = GOOD.replacen(from, to, 1);
            assert_ne!(text, GOOD, "{from}");
            assert!(read(&text, &["rust", "cli"]).is_err(), "{from} -> {to}");
        }
        // The last "times: 2}]" is the outcome's.
        let text = GOOD.replace("{ok: null, times: 2}", "{ok: null}");
        assert!(read(&text, &["rust", "cli"]).is_err());
    }
}
