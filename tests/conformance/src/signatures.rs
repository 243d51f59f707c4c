//! Each language's signatures, as its own reflection tells them, held against the front matter of the
//! reference; `reset_password` held against the facts of the public reference pages besides; and each
//! language's errors held against the list of codes.

use std::{collections::BTreeSet, path::Path};

use serde_json::{Value, json};

use crate::{
    codes::{self, camel_case, go_name},
    reference,
    report::{Part, Verdict},
    surfaces::{Answer, Shared, Surface, rust::OPERATIONS},
    yaml,
};

/// Holds every language's signatures and codes.
pub fn run(surfaces: &[Shared], home: &Path) -> Result<Vec<Part>, String> {
    let page = reference::front_matter(&home.join("../../docs/reference/reset-password.md"))?;
    let facts: Value = yaml::from_file(&home.join("data/reference.yaml"))?;
    let mut signatures = Vec::new();
    let mut errors = Vec::new();
    for surface in surfaces {
        let Some(answer) = surface.about("signatures") else {
            continue;
        };
        // C has no reflection; a test of the library itself holds its operations against the page.
        if surface.name() != "c" {
            signatures.extend(of_language(&**surface, &answer, &page, &facts));
        }
        errors.push((surface.name().to_owned(), codes::hold(&**surface)));
    }
    Ok(vec![
        Part {
            name: "signatures",
            about: "\
Every operation of every language: the names, order and types of its parameters, which of them are required, and
what it returns, by reflection on the installed package, against docs/reference/reset-password.md; reset_password
against the public reference pages besides."
                .to_owned(),
            verdicts: signatures,
        },
        Part {
            name: "codes",
            about: "Every code of the engine has a class of its own in every language, and there are no others."
                .to_owned(),
            verdicts: errors,
        },
    ])
}

fn of_language(
    surface: &dyn Surface,
    answer: &Answer,
    page: &Value,
    facts: &Value,
) -> Vec<(String, Verdict)> {
    let section = section(surface.name());
    let named = |operation: &str| format!("{} {operation}", surface.name());
    let real = match answer {
        Answer::Ok(Value::Object(real)) => real,
        other => return vec![(named("signatures"), Err(format!("it told none: {other:?}")))],
    };
    let entries = page
        .get(section)
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let entry = |operation: &str| {
        let mut found = entries
            .iter()
            .filter(|entry| entry.get("id") == Some(&operation.into()));
        match (found.next(), found.next()) {
            (Some(entry), None) => Ok(entry),
            (None, _) => Err(format!("the page has no {operation} for {section}")),
            (Some(_), Some(_)) => Err(format!("the page has {operation} twice for {section}")),
        }
    };
    let mut verdicts: Vec<(String, Verdict)> = OPERATIONS
        .iter()
        .map(|(operation, _)| {
            let held = entry(operation).and_then(|entry| {
                let real = real
                    .get(*operation)
                    .ok_or("the package has no such operation")?;
                hold(section, operation, entry, real)
            });
            (named(operation), held)
        })
        .collect();
    let known: BTreeSet<&str> = OPERATIONS.iter().map(|(operation, _)| *operation).collect();
    let others: Vec<&String> = real
        .keys()
        .filter(|name| !known.contains(name.as_str()))
        .collect();
    let only = if others.is_empty() {
        Ok(())
    } else {
        Err(format!("{others:?}"))
    };
    verdicts.push((named("has no other operation"), only));
    let promised = entry("reset_password").and_then(|entry| {
        // The public pages have no Kotlin of their own.
        let facts = match (section, facts.get(section)) {
            (_, Some(facts)) => facts,
            ("kotlin", None) => return Ok(()),
            (_, None) => return Err(format!("there are no facts for {section}")),
        };
        let real = real
            .get("reset_password")
            .ok_or("the package has no reset_password")?;
        reference::promised(entry, facts, real)
    });
    verdicts.push((named("reset_password of the reference pages"), promised));
    verdicts
}

/// The section of the page that speaks of a surface.
fn section(surface: &str) -> &str {
    match surface {
        "node" => "js",
        "python-async" => "python",
        other => other,
    }
}

/// Holds one operation against its entry in the page.
fn hold(section: &str, operation: &str, entry: &Value, real: &Value) -> Verdict {
    let name = method(section, operation);
    let title = entry
        .get("title")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if section == "go" {
        takes_a_context(operation, entry)?;
    }
    if entry.get("key") != Some(&name.as_str().into()) {
        return Err(format!(
            "the page calls it {:?}, not {name}",
            entry.get("key")
        ));
    }
    let shown = if name == "__construct" {
        "UserManagement"
    } else {
        &name
    };
    if !title.ends_with(&format!("{shown}()")) {
        return Err(format!("its title is {title}"));
    }
    let written = parameters(entry.get("parameters"))?;
    let told = reflected(real.get("parameters"))?;
    // The page may name the fields of the only object straight away.
    let only = match told.as_slice() {
        [parameter] => parameter
            .get("properties")
            .and_then(Value::as_array)
            .cloned(),
        _ => None,
    };
    if written != told && only.as_ref() != Some(&written) {
        return Err(format!(
            "the page has {}, and the package {}",
            Value::Array(written),
            Value::Array(told)
        ));
    }
    returned(entry.get("returns"), real.get("returns"))
}

/// Every operation of Go takes a context first and may fail; what opens and closes takes none.
fn takes_a_context(operation: &str, entry: &Value) -> Verdict {
    let of = |name: &str| entry.get(name).and_then(Value::as_array).cloned();
    let (parameters, results) = (
        of("parameters").unwrap_or_default(),
        of("returns").unwrap_or_default(),
    );
    let first = parameters.first().is_some_and(|first| *first == CONTEXT);
    if first == ["open", "close"].contains(&operation) {
        return Err(format!("{CONTEXT} is wrong in the page"));
    }
    if results.last().is_none_or(|last| *last != FAILURE) {
        return Err(format!("{FAILURE} is missing in the page"));
    }
    Ok(())
}

/// The method of an operation in a language's own case.
fn method(section: &str, operation: &str) -> String {
    match (section, operation) {
        ("python", "open") => return "UserManagement".to_owned(),
        ("ruby", "open") => return "new".to_owned(),
        ("php", "open") => return "__construct".to_owned(),
        ("python" | "ruby", _) => return operation.to_owned(),
        ("go", _) => return go_name(operation),
        // `close` is what uniffi gives every object of Kotlin.
        ("kotlin", "close") => return "closeConnections".to_owned(),
        _ => {}
    }
    camel_case(operation, false)
}

/// What stands before the parameters of every operation of Go, and after its results.
const CONTEXT: &str = "(ctx)";
const FAILURE: &str = "(err)";

/// Parameters as the page writes them, in the form of the drivers.
pub fn parameters(list: Option<&Value>) -> Result<Vec<Value>, String> {
    let list = list.and_then(Value::as_array).cloned().unwrap_or_default();
    list.iter()
        .filter(|parameter| **parameter != CONTEXT)
        .map(|parameter| {
            let field = |name: &str| parameter.get(name).cloned().unwrap_or_default();
            if !field("key").is_string() || !field("type").is_string() {
                return Err(format!("{parameter} has no key or no type"));
            }
            let optional = parameter.get("optional") == Some(&true.into());
            let kind = field("type").as_str().unwrap_or_default().to_owned();
            let kind = kind.strip_prefix("usermanagement.").unwrap_or(&kind);
            let mut written = json!({ "name": field("key"), "required": !optional, "type": kind });
            with_properties(&mut written, parameter, parameters)?;
            Ok(written)
        })
        .collect()
}

/// Parameters as a driver tells them, with nothing more.
pub fn reflected(list: Option<&Value>) -> Result<Vec<Value>, String> {
    let list = list
        .and_then(Value::as_array)
        .ok_or("it told no parameters")?;
    list.iter()
        .map(|parameter| {
            let field = |name: &str| parameter.get(name).cloned().unwrap_or_default();
            let mut told = json!({
                "name": field("name"), "required": field("required"), "type": field("type"),
            });
            with_properties(&mut told, parameter, reflected)?;
            Ok(told)
        })
        .collect()
}

/// Adds the properties of a parameter that is an object.
fn with_properties(
    read: &mut Value,
    parameter: &Value,
    reader: fn(Option<&Value>) -> Result<Vec<Value>, String>,
) -> Result<(), String> {
    if let (Some(properties), Value::Object(read)) = (parameter.get("properties"), read) {
        read.insert("properties".to_owned(), reader(Some(properties))?.into());
    }
    Ok(())
}

/// Holds what is returned: a type, a named result, or an object that is taken apart.
fn returned(written: Option<&Value>, real: Option<&Value>) -> Verdict {
    let real = real.and_then(Value::as_str).ok_or("it told no result")?;
    let mut results = written
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    results.retain(|result| *result != FAILURE);
    let result = match results.as_slice() {
        [] if ["None", "Unit", "nil", "void"].contains(&real) => return Ok(()),
        [result] => result,
        _ => {
            return Err(format!(
                "the page returns {results:?}, and the package {real}"
            ));
        }
    };
    if let Some(name) = result.as_str() {
        return match name
            .strip_prefix('(')
            .and_then(|name| name.strip_suffix(')'))
        {
            Some(name) if name == real => Ok(()),
            _ => Err(format!("the page returns {name}, and the package {real}")),
        };
    }
    let name = result
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or_default();
    // An object without a name, whose type the facts of the reference pages tell.
    let is_response = real == "ResetPasswordResponse"
        && (name == "object" || (name == "User" && result.get("key") == Some(&"user".into())));
    if name != real && !is_response {
        return Err(format!("the page returns {name}, and the package {real}"));
    }
    let Some(fields) = shape(real) else {
        return Ok(());
    };
    let properties = parameters(result.get("properties"))?;
    let names: Vec<&str> = properties
        .iter()
        .filter_map(|property| property.get("name")?.as_str())
        .collect();
    let camel: Vec<String> = fields
        .iter()
        .map(|field| camel_case(field, false))
        .collect();
    let go: Vec<String> = fields.iter().map(|field| go_name(field)).collect();
    if names == fields || names == camel || names == go {
        Ok(())
    } else {
        Err(format!("{real} has {fields:?}, and the page {names:?}"))
    }
}

/// The fields of the results that the page takes apart.
fn shape(name: &str) -> Option<&'static [&'static str]> {
    match name {
        "EventList" | "UserList" => Some(&["data", "list_metadata"]),
        "PasswordCheck" => Some(&["acceptable", "errors"]),
        "Purged" => Some(&["password_resets", "events", "requests"]),
        _ => None,
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    pub fn entry() -> Value {
        json!({
            "key": "resetPassword",
            "title": "userManagement.resetPassword()",
            "parameters": [
                { "key": "token", "type": "string", "description": "prose" },
                { "key": "newPassword", "type": "string" },
            ],
            "returns": [{
                "key": "anonymous", "type": "object", "unwrap": true,
                "properties": [{ "key": "user", "type": "User" }],
            }],
        })
    }

    pub fn real() -> Value {
        json!({
            "parameters": [{
                "name": "options", "required": true, "type": "ResetPasswordOptions",
                "properties": [
                    { "name": "token", "required": true, "type": "string" },
                    { "name": "newPassword", "required": true, "type": "string" },
                ],
            }],
            "returns": "ResetPasswordResponse",
        })
    }

    #[test]
    fn a_signature_holds_or_does_not() {
        let good = hold("js", "reset_password", &entry(), &real());
        assert_eq!(good, Ok(()));
        let bad: [fn(&mut Value); 6] = [
            |real| real["parameters"][0]["properties"][1]["name"] = "new_password".into(),
            |real| real["parameters"][0]["properties"][1]["required"] = false.into(),
            |real| real["parameters"][0]["properties"][1]["type"] = "string | null".into(),
            |real| {
                real["parameters"][0]["properties"]
                    .as_array_mut()
                    .unwrap()
                    .reverse();
            },
            |real| {
                real["parameters"][0]["properties"]
                    .as_array_mut()
                    .unwrap()
                    .truncate(1);
            },
            |real| real["returns"] = "void".into(),
        ];
        for change in bad {
            let mut real = real();
            change(&mut real);
            assert!(
                hold("js", "reset_password", &entry(), &real).is_err(),
                "{real}"
            );
        }
        assert!(
            hold("ruby", "reset_password", &entry(), &real()).is_err(),
            "another case"
        );
    }

    #[test]
    fn results_hold_or_do_not() {
        let list = json!([{
            "key": "anonymous", "type": "UserList", "unwrap": true,
            "properties": [{ "key": "data", "type": "User[]" }, { "key": "listMetadata", "type": "x" }],
        }]);
        assert_eq!(returned(Some(&list), Some(&"UserList".into())), Ok(()));
        assert!(returned(Some(&list), Some(&"EventList".into())).is_err());
        assert_eq!(
            returned(Some(&json!(["(User)"])), Some(&"User".into())),
            Ok(())
        );
        assert!(returned(Some(&json!(["(User)"])), Some(&"User?".into())).is_err());
        assert_eq!(returned(None, Some(&"void".into())), Ok(()));
        assert!(returned(None, Some(&"User".into())).is_err());
    }
}
