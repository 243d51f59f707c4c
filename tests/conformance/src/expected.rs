//! What a step expects: a result or an error record, written out in full.

use reset_password::Code;
use serde_json::{Map, Value, json};

use crate::{
    details,
    matching::{Window, differences, shown},
    scenario::Expectation,
    surfaces::Answer,
    templates,
    values::Values,
};

/// The names of the classes of errors of a language, by code. `None` where the surface is no language.
pub type Classes = Option<Map<String, Value>>;

/// What an answer should be.
pub enum Expected {
    /// This result.
    Ok(Value),
    /// This record.
    Error(Value),
    /// The record of a type that the language refuses by itself.
    TypeError,
}

impl Expected {
    /// Writes an expectation out.
    pub fn of(expectation: &Expectation, values: &Values) -> Result<Self, String> {
        if let Some(value) = &expectation.ok {
            let value = values.expectation(value)?;
            return templates::expand(&value).map(Self::Ok);
        }
        match &expectation.error {
            Some(error) => record(&values.expectation(error)?).map(Self::Error),
            None => Ok(Self::TypeError),
        }
    }

    /// Every difference.
    pub fn against(&self, answer: &Answer, window: Window, classes: &Classes) -> Vec<String> {
        match (self, answer) {
            (_, Answer::Broken(why)) => vec![why.clone()],
            (Self::Ok(expected), Answer::Ok(value)) => differences(expected, value, window),
            (Self::Error(expected), Answer::Error(record)) => {
                let mut record = plain(record);
                let class = record.shift_remove("class");
                let mut found = differences(expected, &Value::Object(record), window);
                if let Some(classes) = classes {
                    let code = expected
                        .get("code")
                        .and_then(Value::as_str)
                        .unwrap_or_default();
                    if class.is_none() || class.as_ref() != classes.get(code) {
                        found.push(format!("the class of {code} should not be {class:?}"));
                    }
                }
                found
            }
            (Self::TypeError, Answer::Error(record)) => {
                let mut record = record.clone();
                let class = record.shift_remove("class").unwrap_or_default();
                let expected = json!({
                    "code": "input_invalid",
                    "message": "",
                    "errors": [],
                    "retryable": false,
                    "retry_after": null,
                });
                let mut found = differences(&expected, &Value::Object(record), window);
                let is_own = classes
                    .as_ref()
                    .is_some_and(|classes| classes.values().any(|known| *known == class));
                if is_own || class.as_str().unwrap_or_default().is_empty() {
                    found.push(format!("{class} is no type error of the language"));
                }
                found
            }
            (Self::Ok(expected), Answer::Error(record)) => vec![format!(
                "should be answered {}, and is refused: {}",
                shown(expected),
                shown(&Value::Object(record.clone()))
            )],
            (Self::Error(expected), Answer::Ok(value)) => vec![format!(
                "should be refused with {}, and is answered {}",
                shown(expected),
                shown(value)
            )],
            (Self::TypeError, Answer::Ok(value)) => {
                vec![format!(
                    "should be refused as a type, and is answered {}",
                    shown(value)
                )]
            }
        }
    }
}

/// Details without the fields that say nothing, which a language may show as nothing.
fn plain(record: &Map<String, Value>) -> Map<String, Value> {
    let mut record = record.clone();
    if let Some(Value::Array(details)) = record.get_mut("errors") {
        for detail in details.iter_mut().filter_map(Value::as_object_mut) {
            for field in ["field", "minimum_length", "maximum_length"] {
                if detail.get(field) == Some(&Value::Null) {
                    detail.shift_remove(field);
                }
            }
        }
    }
    record
}

/// A whole record from a code alone, or from a code and what is not fixed by it.
fn record(error: &Value) -> Result<Value, String> {
    let given = match error {
        Value::String(code) => json!({ "code": code }),
        other => other.clone(),
    };
    let given = given
        .as_object()
        .ok_or_else(|| format!("{error} is no error"))?;
    let known = ["code", "message", "errors", "retryable", "retry_after"];
    if let Some(unknown) = given.keys().find(|key| !known.contains(&key.as_str())) {
        return Err(format!("an error has no {unknown}"));
    }
    let name = given
        .get("code")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let code = Code::ALL
        .iter()
        .find(|code| code.as_str() == name)
        .ok_or_else(|| format!("there is no code {name}"))?;
    let errors = details::in_error(given.get("errors").unwrap_or(&Value::Array(Vec::new())))?;
    let repeated = match code {
        Code::InputInvalid => errors
            .first()
            .and_then(|first| first.get("message"))
            .cloned(),
        _ => None,
    };
    let message = given
        .get("message")
        .cloned()
        .or(repeated)
        .unwrap_or_else(|| code.message().into());
    Ok(json!({
        "code": name,
        "message": message,
        "errors": errors,
        "retryable": given.get("retryable").map_or(code.retryable().into(), Value::clone),
        "retry_after": given.get("retry_after"),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Window = Window {
        began: 0,
        ended: u64::MAX,
    };

    fn error(value: Value) -> Expected {
        let expectation = Expectation {
            error: Some(value),
            ..Expectation::default()
        };
        Expected::of(&expectation, &Values::default()).unwrap()
    }

    fn answered(record: &Value) -> Answer {
        Answer::Error(record.as_object().unwrap().clone())
    }

    #[test]
    fn an_error_is_whole() {
        let record = json!({
            "code": "user_not_found", "message": "there is no such user", "errors": [],
            "retryable": false, "retry_after": null,
        });
        let expected = error(json!("user_not_found"));
        assert!(
            expected
                .against(&answered(&record), WINDOW, &None)
                .is_empty()
        );
        for (field, wrong) in [
            ("code", json!("internal")),
            ("message", json!("there is no such user.")),
            ("errors", json!([{ "code": "x" }])),
            ("retryable", json!(true)),
            ("retry_after", json!(1)),
            ("hint", json!("")),
        ] {
            let mut bad = record.clone();
            bad[field] = wrong;
            assert!(
                !expected.against(&answered(&bad), WINDOW, &None).is_empty(),
                "{field}"
            );
        }
        for other in [Answer::Ok(Value::Null), Answer::Broken(String::new())] {
            assert!(!expected.against(&other, WINDOW, &None).is_empty());
        }
    }

    #[test]
    fn the_class_is_the_codes_own() {
        let classes = Some(
            json!({ "user_not_found": "UserNotFoundError" })
                .as_object()
                .unwrap()
                .clone(),
        );
        let mut record = json!({
            "code": "user_not_found", "message": "there is no such user", "errors": [],
            "retryable": false, "retry_after": null, "class": "UserNotFoundError",
        });
        let expected = error(json!("user_not_found"));
        assert!(
            expected
                .against(&answered(&record), WINDOW, &classes)
                .is_empty()
        );
        record["class"] = json!("Error");
        assert!(
            !expected
                .against(&answered(&record), WINDOW, &classes)
                .is_empty()
        );
        record.as_object_mut().unwrap().shift_remove("class");
        assert!(
            !expected
                .against(&answered(&record), WINDOW, &classes)
                .is_empty()
        );
    }

    #[test]
    fn a_type_error_is_the_languages_own() {
        let classes = Some(
            json!({ "input_invalid": "InputInvalidError" })
                .as_object()
                .unwrap()
                .clone(),
        );
        let mut record = json!({
            "code": "input_invalid", "message": "", "errors": [],
            "retryable": false, "retry_after": null, "class": "TypeError",
        });
        assert!(
            Expected::TypeError
                .against(&answered(&record), WINDOW, &classes)
                .is_empty()
        );
        record["class"] = json!("InputInvalidError");
        assert!(
            !Expected::TypeError
                .against(&answered(&record), WINDOW, &classes)
                .is_empty()
        );
        let refused = error(json!({ "code": "input_invalid", "errors": ["email_required"] }));
        assert!(
            !refused
                .against(&answered(&record), WINDOW, &None)
                .is_empty()
        );
        assert!(
            !Expected::TypeError
                .against(&Answer::Ok(Value::Null), WINDOW, &None)
                .is_empty()
        );
    }

    #[test]
    fn details_may_say_that_they_have_nothing() {
        let expected =
            error(json!({ "code": "password_rejected", "errors": ["password_too_common"] }));
        let Expected::Error(record) = &expected else {
            panic!()
        };
        let mut spoken = record.clone();
        spoken["errors"][0]["field"] = Value::Null;
        assert!(
            expected
                .against(&answered(&spoken), WINDOW, &None)
                .is_empty()
        );
        spoken["errors"][0]["field"] = json!("password");
        assert!(
            !expected
                .against(&answered(&spoken), WINDOW, &None)
                .is_empty()
        );
    }
}
