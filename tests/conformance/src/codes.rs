//! Each language's errors, held against the engine's list of codes.

use reset_password::Code;
use serde_json::Value;

use crate::{
    report::Verdict,
    surfaces::{Answer, Surface},
};

/// Every code has a class, which is named after it, and there is no other.
pub fn hold(surface: &dyn Surface) -> Verdict {
    let told = match surface.about("codes") {
        Some(Answer::Ok(Value::Object(told))) => told,
        other => return Err(format!("it told none: {other:?}")),
    };
    let suffix = match surface.name() {
        "java" | "php" => "Exception",
        _ => "Error",
    };
    for code in Code::ALL {
        let class = format!("{}{suffix}", camel_case(code.as_str(), true));
        if told.get(code.as_str()) != Some(&class.as_str().into()) {
            return Err(format!(
                "{code} is {:?}, not {class}",
                told.get(code.as_str())
            ));
        }
    }
    if told.len() == Code::ALL.len() {
        return Ok(());
    }
    Err(format!(
        "it has {} codes, and the engine {}",
        told.len(),
        Code::ALL.len()
    ))
}

/// `snake_case` in camel case; `first` says whether the first letter is a capital.
pub fn camel_case(name: &str, first: bool) -> String {
    let mut upper = first;
    let mut text = String::new();
    for character in name.chars() {
        if character == '_' {
            upper = true;
            continue;
        }
        text.push(if upper {
            character.to_ascii_uppercase()
        } else {
            character
        });
        upper = false;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::camel_case;

    #[test]
    fn names_are_put_into_camel_case() {
        assert_eq!(
            camel_case("password_reset_token_not_found", true),
            "PasswordResetTokenNotFound"
        );
        assert_eq!(camel_case("argon2_memory_kib", false), "argon2MemoryKib");
    }
}
