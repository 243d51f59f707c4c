//! Playing one scenario on one surface.

use serde_json::{Map, Value, json};

use crate::{
    another_system::Table,
    clock, database,
    expected::{Classes, Expected},
    matching::{Window, shown},
    place::Place,
    private,
    scenario::{Calls, CountedOutcome, Expectation, Opens, Scenario, Step, names},
    surfaces::{Answer, Call, Surface},
    values::Values,
};

/// The least cost of a hash that is allowed, so that scenarios are quick.
pub const LEAST_COST: [(&str, u64); 2] = [("argon2_memory_kib", 19_456), ("argon2_iterations", 2)];

/// How often a call is made again that nobody was let in for.
const TRIES: usize = 10;

/// A scenario on a surface, with a database of its own.
struct Play<'a> {
    surface: &'a dyn Surface,
    classes: &'a Classes,
    place: &'a Place,
    values: Values,
    began: u64,
}

/// Plays a scenario; the error says which step differs and how.
pub fn play(
    scenario: &Scenario,
    surface: &dyn Surface,
    classes: &Classes,
    place: &Place,
) -> Result<(), String> {
    let mut play = Play {
        surface,
        classes,
        place,
        values: Values::default(),
        began: clock::unix_millis(),
    };
    surface.begin(place.folder());
    let folder = place.folder().to_string_lossy().into_owned();
    play.values.keep("folder", folder.into());
    play.values.keep("database", place.url().into());
    let outcome = play.all(scenario);
    surface.end();
    outcome
}

impl Play<'_> {
    fn all(&mut self, scenario: &Scenario) -> Result<(), String> {
        if let Opens::With(options) = &scenario.opens {
            let mut with = options.clone();
            with.entry("database_url")
                .or_insert_with(|| "${database}".into());
            let open = Step {
                call: Some("open".to_owned()),
                with,
                ok: Some(Value::Null),
                ..Step::default()
            };
            self.step(&open).map_err(|why| format!("opening: {why}"))?;
        }
        for (at, step) in scenario.steps.iter().enumerate() {
            let what = step.call.as_deref().unwrap_or("step");
            self.step(step)
                .map_err(|why| format!("step {} ({what}): {why}", at + 1))?;
            if step.ends_on.iter().any(|name| name == self.surface.name()) {
                break;
            }
        }
        Ok(())
    }

    fn step(&mut self, step: &Step) -> Result<(), String> {
        if let Some(operation) = &step.call {
            return self.one_call(step, operation);
        }
        if !step.concurrently.is_empty() {
            return self.calls_at_once(step);
        }
        if let Some(age) = &step.age_reset {
            let id = self.values.argument(&age.id)?;
            let id = id.as_str().ok_or("the id is no text")?;
            return database::age_reset(self.place, id, age.seconds);
        }
        if let Some(statement) = &step.sql {
            let statement = self.values.text(statement)?;
            return database::execute(self.place, statement.as_str().unwrap_or_default());
        }
        if let Some(file) = &step.file {
            let text = self.values.text(&file.text)?;
            let path = self.place.folder().join(&file.name);
            let written = private::write(&path, text.as_str().unwrap_or_default().as_bytes());
            return written.map_err(|error| format!("{}: {error}", path.display()));
        }
        Err("the step does nothing".to_owned())
    }

    fn one_call(&mut self, step: &Step, operation: &str) -> Result<(), String> {
        let call = self.call(operation, step.handle.as_deref(), &step.with)?;
        if let Some(users) = self
            .place
            .another_system()
            .filter(|_| operation == "create_user")
        {
            return self.added(users, &call, step);
        }
        let lock = if step.while_locked {
            Some(database::lock(self.place)?)
        } else {
            None
        };
        let mut answer = self.surface.call(&call);
        drop(lock);
        let usual = Expectation {
            ok: step.ok.clone(),
            error: step.error.clone(),
            type_error: step.type_error,
        };
        let expectation = self.here(&step.expect_on).unwrap_or(&usual);
        if !is_overload(expectation.error.as_ref()) {
            answer = self.until_let_in(&call, answer);
        }
        let expected = Expected::of(expectation, &self.values)?;
        let found = expected.against(&answer, self.window(), self.classes);
        if !found.is_empty() {
            return Err(format!(
                "{}\n      {}",
                shown_call(&call),
                found.join("\n      ")
            ));
        }
        if let (Some(name), Answer::Ok(value)) = (&step.save, answer) {
            self.values.keep(name, value);
        }
        Ok(())
    }

    /// Has the other system add a user, and reads it.
    fn added(&mut self, users: &Table, call: &Call, step: &Step) -> Result<(), String> {
        let email = users.add(&call.arguments)?;
        let read = Call {
            operation: "get_user_by_email".to_owned(),
            arguments: Map::from_iter([("email".to_owned(), email.into())]),
            handle: call.handle.clone(),
        };
        match (self.surface.call(&read), &step.save) {
            (Answer::Ok(user), Some(name)) => self.values.keep(name, user),
            (Answer::Ok(_), None) => {}
            (answer, _) => return Err(format!("a user that was added is not found: {answer:?}")),
        }
        Ok(())
    }

    fn calls_at_once(&mut self, step: &Step) -> Result<(), String> {
        let mut calls = Vec::new();
        for Calls {
            call,
            handle,
            with,
            times,
        } in &step.concurrently
        {
            for _ in 0..*times {
                self.values.keep("index", calls.len().into());
                calls.push(self.call(call, handle.as_deref(), with)?);
            }
        }
        let mut answers = self.surface.concurrently(&calls, None);
        let outcomes = self.here(&step.outcomes_on).unwrap_or(&step.outcomes);
        let mut errors = outcomes.iter().map(|outcome| outcome.error.as_ref());
        if !errors.any(is_overload) {
            let again = calls.iter().zip(answers);
            let again = again.map(|(call, answer)| self.until_let_in(call, answer));
            answers = again.collect();
        }
        count(
            outcomes,
            &answers,
            &self.values,
            self.window(),
            self.classes,
        )
    }

    fn call(
        &self,
        operation: &str,
        handle: Option<&str>,
        with: &Map<String, Value>,
    ) -> Result<Call, String> {
        let mut arguments = Map::new();
        for (name, value) in with {
            arguments.insert(name.clone(), self.values.argument(value)?);
        }
        if operation == "open" {
            for (name, value) in LEAST_COST {
                arguments.entry(name).or_insert_with(|| value.into());
            }
            self.place.complete(&mut arguments);
        }
        Ok(Call {
            handle: handle.unwrap_or("a").to_owned(),
            operation: operation.to_owned(),
            arguments,
        })
    }

    /// Makes the call again, as the error says, that a busy machine let nobody in for.
    fn until_let_in(&self, call: &Call, mut answer: Answer) -> Answer {
        for _ in 0..TRIES {
            let Answer::Error(error) = &answer else { break };
            if error.get("code") != Some(&json!("overloaded")) {
                break;
            }
            answer = self.surface.call(call);
        }
        answer
    }

    /// What is said of this surface in particular.
    fn here<'b, T>(&self, by_surface: &'b std::collections::BTreeMap<String, T>) -> Option<&'b T> {
        by_surface
            .iter()
            .find(|(key, _)| names(key).any(|name| name == self.surface.name()))
            .map(|(_, value)| value)
    }

    fn window(&self) -> Window {
        Window {
            began: self.began,
            ended: clock::unix_millis(),
        }
    }
}

/// Whether this is what a scenario is about.
fn is_overload(error: Option<&Value>) -> bool {
    let code = error.map(|error| error.get("code").unwrap_or(error));
    code == Some(&json!("overloaded"))
}

/// Each answer is counted for the first outcome that it fits; every answer fits one.
fn count(
    outcomes: &[CountedOutcome],
    answers: &[Answer],
    values: &Values,
    window: Window,
    classes: &Classes,
) -> Result<(), String> {
    let mut counted = Vec::new();
    for outcome in outcomes {
        let expectation = Expectation {
            ok: outcome.ok.clone(),
            error: outcome.error.clone(),
            type_error: false,
        };
        counted.push((Expected::of(&expectation, values)?, outcome, 0_u64));
    }
    for answer in answers {
        let mut why = Vec::new();
        let fitting = counted.iter_mut().find(|(expected, ..)| {
            let found = expected.against(answer, window, classes);
            let fits = found.is_empty();
            why.push(found.join("; "));
            fits
        });
        match fitting {
            Some((.., times)) => *times += 1,
            None => return Err(format!("an answer that fits nothing: {}", why.join(" | "))),
        }
    }
    for (at, (_, outcome, times)) in counted.iter().enumerate() {
        let holds = outcome.times.is_none_or(|exactly| *times == exactly)
            && outcome.at_least.is_none_or(|least| *times >= least);
        if !holds {
            let all: Vec<u64> = counted.iter().map(|(.., times)| *times).collect();
            return Err(format!("outcome {} came {times} times, of {all:?}", at + 1));
        }
    }
    Ok(())
}

fn shown_call(call: &Call) -> String {
    let arguments = Value::Object(call.arguments.clone());
    format!("{}({})", call.operation, shown(&arguments))
}

#[cfg(test)]
mod tests {
    use super::*;
    use reset_password_test_databases::Backend;

    use crate::{run::in_new_place, scenario, surfaces::rust::Rust};

    const GOOD: &str = "
id: good
title: A user is created and found
steps:
  - call: create_user
    with: {email: ada@example.com}
    save: user
    ok: {$user: {email: ada@example.com}}
  - call: get_user
    with: {id: '${user.id}'}
    ok: '${user}'
  - call: get_user
    with: {id: nobody}
    error: user_not_found
    expect_on: {cli: {ok: null}}
  - call: get_user
    with: {id: 5}
    type_error: true
  - concurrently: [{call: create_user, with: {email: grace@example.com}, times: 3}]
    outcomes:
      - {ok: {$user: {email: grace@example.com}}, times: 1}
      - {error: email_not_available, at_least: 2}
  - sql: UPDATE reset_password_users SET name = 'x'
";

    fn played(text: &str) -> Result<(), String> {
        let scenario = scenario::read(text, &["rust", "cli"])?;
        in_new_place(Backend::SqliteFile, |place| {
            play(&scenario, &Rust::default(), &None, place)
        })?
    }

    #[test]
    fn what_is_expected_passes() {
        assert_eq!(played(GOOD), Ok(()));
    }

    #[test]
    fn what_is_not_expected_fails() {
        for (from, to) in [
            (
                "{$user: {email: ada@example.com}}",
                "{$user: {email: bob@example.com}}",
            ),
            (
                "{$user: {email: ada@example.com}}",
                "{$user: {email: ada@example.com, name: Ada}}",
            ),
            (
                "{$user: {email: ada@example.com}}",
                "{email: ada@example.com}",
            ),
            ("ok: '${user}'", "ok: null"),
            ("ok: '${user}'", "ok: '${nobody}'"),
            ("ok: '${user}'", "error: user_not_found"),
            ("error: user_not_found", "error: internal"),
            (
                "error: user_not_found",
                "error: {code: user_not_found, message: other}",
            ),
            ("error: user_not_found", "ok: null"),
            ("error: user_not_found", "type_error: true"),
            ("type_error: true", "error: user_not_found"),
            ("type_error: true", "ok: null"),
            ("{cli: {ok: null}}", "{rust: {ok: null}}"),
            ("times: 1}", "times: 2}"),
            ("at_least: 2}", "at_least: 3}"),
            (
                "- {error: email_not_available, at_least: 2}",
                "- {error: internal, at_least: 0}",
            ),
            ("SET name = 'x'", "SET name = 'x' WHERE id = 'nobody'"),
        ] {
            let text = GOOD.replacen(from, to, 1);
            assert_ne!(text, GOOD, "{from}");
            assert!(played(&text).is_err(), "{from} -> {to}");
        }
    }
}
