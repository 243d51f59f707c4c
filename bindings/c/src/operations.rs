//! The operations by name, with arguments as JSON.

use reset_password_bindings::{
    Cancellation, Detail, Error, Operation, UserManagement, Value, api::OPEN, arguments_from_json,
};

/// Does the operation of that name. Nothing is answered once it is cancelled.
///
/// # Errors
///
/// `input_invalid` for a name or arguments that are none, and those of the operation.
pub(crate) fn perform(
    user_management: &UserManagement,
    operation: &str,
    json: &[u8],
    cancellation: Option<&Cancellation>,
) -> Result<Option<Value>, Error> {
    let operation = Operation::named(operation).ok_or_else(|| {
        Error::field("operation", "unknown", "there is no operation of that name")
    })?;
    let given = arguments_from_json(json, operation.parameters())
        .map_err(|reason| Error::input(vec![reason]))?;
    match cancellation {
        Some(cancellation) => user_management.call_until(operation, given, cancellation),
        None => user_management.call(operation, given).map(Some),
    }
}

/// Opens a database.
///
/// # Errors
///
/// `config_invalid` for arguments that are none, and those of opening.
pub(crate) fn open(json: &[u8]) -> Result<UserManagement, Error> {
    let given = arguments_from_json(json, OPEN.parameters)
        .map_err(|reason: Detail| Error::config(reason.message))?;
    UserManagement::open(given)
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use reset_password_bindings::api::{Kind, Parameter};
    use serde_json::{Value, json};

    use super::*;

    /// The front matter of the reference, which tells of C's operations too.
    fn reference() -> Value {
        let page =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/reset-password.md");
        let text = fs::read_to_string(page).unwrap();
        let matter = text
            .strip_prefix("---\n")
            .unwrap()
            .split_once("\n---\n")
            .unwrap()
            .0;
        serde_saphyr::from_str(matter).unwrap()
    }

    fn written(parameters: &[Parameter]) -> Value {
        let one = |parameter: &Parameter| {
            let kind = match parameter.kind {
                Kind::Flag => "boolean",
                Kind::Number => "integer",
                Kind::Pairs => "object",
                Kind::Text => "string",
                Kind::Texts => "string[]",
            };
            json!({ "key": parameter.name, "type": kind })
        };
        parameters.iter().map(one).collect()
    }

    fn required(parameters: &[Parameter]) -> Vec<String> {
        let needed = parameters.iter().filter(|parameter| parameter.is_required);
        needed.map(|parameter| parameter.name.to_owned()).collect()
    }

    #[test]
    fn the_operations_are_those_of_the_reference() {
        let reference = reference();
        let entries = reference["reference"]["c"].as_array().unwrap();
        let entry = |id: &str| entries.iter().find(|entry| entry["id"] == id).unwrap();
        let all = Operation::ALL
            .iter()
            .map(|operation| (operation.name(), operation.parameters()))
            .chain([("open", OPEN.parameters)]);
        let mut held = 0;
        for (operation, parameters) in all {
            let properties = entry(operation)["parameters"][0]["properties"]
                .as_array()
                .unwrap();
            let plain: Value = properties
                .iter()
                .map(|property| json!({ "key": property["key"], "type": property["type"] }))
                .collect();
            assert_eq!(plain, written(parameters), "{operation}");
            let needed = properties
                .iter()
                .filter(|property| property["optional"] != true);
            let needed: Vec<_> = needed
                .map(|property| property["key"].as_str().unwrap())
                .collect();
            assert_eq!(needed, required(parameters), "{operation}");
            held += 1;
        }
        assert!(entry("close")["parameters"].is_null());
        assert_eq!(entries.len(), held + 1, "the reference has others");
    }

    #[test]
    fn every_operation_is_done_by_its_name() {
        let handle = open(br#"{"database_url": ":memory:", "messages": true}"#).unwrap();
        for operation in Operation::ALL {
            let (operation, parameters) = (operation.name(), operation.parameters());
            let error = perform(&handle, operation, br#"{"nothing": 1}"#, None).unwrap_err();
            assert_eq!(error.errors()[0].code, "arguments_unknown", "{operation}");
            let missing = perform(&handle, operation, b"{}", None);
            match required(parameters).first() {
                None => assert!(missing.is_ok(), "{operation}: {missing:?}"),
                Some(name) => {
                    let code = format!("{name}_string_required");
                    assert_eq!(missing.unwrap_err().errors()[0].code, code, "{operation}");
                }
            }
        }
        let unknown = perform(&handle, "open", b"{}", None).unwrap_err();
        assert_eq!(unknown.errors()[0].code, "operation_unknown");
        let refused = open(br#"{"database_url": ":memory:", "migrate": "yes"}"#)
            .map(drop)
            .unwrap_err();
        assert_eq!(refused.message(), "migrate must be true or false");
    }
}
