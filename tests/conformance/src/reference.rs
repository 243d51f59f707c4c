//! The reference: the front matter of the page, and the facts of the public reference pages.

use std::{fs, path::Path};

use serde_json::{Map, Value};

use crate::{
    report::Verdict,
    signatures::{parameters, reflected},
    yaml,
};

/// The signatures in the front matter of a page.
pub fn front_matter(path: &Path) -> Result<Value, String> {
    let shown = path.display();
    let text = fs::read_to_string(path).map_err(|error| format!("{shown}: {error}"))?;
    let matter = text
        .strip_prefix("---\n")
        .and_then(|rest| rest.split_once("\n---\n"))
        .ok_or_else(|| format!("{shown} has no front matter"))?;
    let value: Value = yaml::from_str(matter.0).map_err(|error| format!("{shown}: {error}"))?;
    value
        .get("reference")
        .cloned()
        .ok_or_else(|| format!("{shown} has no reference"))
}

/// Holds `reset_password` against the public reference pages: the page's entry is theirs, and so is the
/// package's method.
pub fn promised(entry: &Value, facts: &Value, real: &Value) -> Verdict {
    for name in ["key", "title", "parameters", "returns"] {
        let (entry, fact) = (
            without_prose(entry.get(name)),
            without_prose(facts.get(name)),
        );
        if entry != fact {
            return Err(format!("{name} is {entry}, and the reference has {fact}"));
        }
    }
    let told = reflected(real.get("parameters"))?;
    let facts_parameters = parameters(facts.get("parameters"))?;
    let only = match told.as_slice() {
        [parameter] => parameter
            .get("properties")
            .and_then(Value::as_array)
            .cloned(),
        _ => None,
    };
    if told != facts_parameters && only.as_ref() != Some(&facts_parameters) {
        return Err(format!("the package takes {}", Value::Array(told)));
    }
    let class = facts.get("class").cloned().unwrap_or_else(|| "User".into());
    match real.get("returns") {
        Some(returns) if *returns == class => Ok(()),
        other => Err(format!("the package returns {other:?}, not {class}")),
    }
}

/// The value without descriptions.
fn without_prose(value: Option<&Value>) -> Value {
    match value {
        Some(Value::Array(items)) => items.iter().map(|item| without_prose(Some(item))).collect(),
        Some(Value::Object(fields)) => Value::Object(
            fields
                .iter()
                .filter(|(name, _)| *name != "description")
                .map(|(name, value)| (name.clone(), without_prose(Some(value))))
                .collect::<Map<_, _>>(),
        ),
        other => other.cloned().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::signatures::tests::{entry, real};

    #[test]
    fn the_facts_hold_or_do_not() {
        let home = Path::new(env!("CARGO_MANIFEST_DIR"));
        let facts: Value = yaml::from_file(&home.join("data/reference.yaml")).unwrap();
        assert_eq!(promised(&entry(), &facts["js"], &real()), Ok(()));
        let mut changed = entry();
        changed["title"] = "userManagement.confirmPasswordReset()".into();
        assert!(promised(&changed, &facts["js"], &real()).is_err());
        let mut changed = real();
        changed["returns"] = "User".into();
        assert!(promised(&entry(), &facts["js"], &changed).is_err());
    }

    /// A package's `reset_password` takes a token and a password: one that could be told of a user as well is none
    /// that was promised.
    #[test]
    fn sec21_a_call_takes_a_token_and_a_password() {
        let home = Path::new(env!("CARGO_MANIFEST_DIR"));
        let facts: Value = yaml::from_file(&home.join("data/reference.yaml")).unwrap();
        let facts = facts.as_object().unwrap();
        assert!(facts.len() >= 6, "a language is missing");
        for (language, facts) in facts {
            // Go's are fields of one argument, behind the context.
            let parameters = parameters(facts.get("parameters")).unwrap();
            let fields = parameters.iter().flat_map(|parameter| {
                let fields = parameter.get("properties").and_then(Value::as_array);
                fields.map_or_else(|| vec![parameter.clone()], Clone::clone)
            });
            let names: Vec<_> = fields
                .filter_map(|field| Some(field.get("name")?.as_str()?.to_lowercase()))
                .map(|name| name.replace('_', ""))
                .filter(|name| name != "ctx")
                .collect();
            assert_eq!(names, ["token", "newpassword"], "{language}");
        }
        for required in [true, false] {
            let mut changed = real();
            let fields = &mut changed["parameters"][0]["properties"];
            let user = json!({ "name": "userId", "required": required, "type": "string" });
            fields.as_array_mut().unwrap().push(user);
            assert!(promised(&entry(), &facts["js"], &changed).is_err());
        }
    }
}
