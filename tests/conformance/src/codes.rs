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
    for code in Code::ALL {
        let class = class(surface.name(), code.as_str());
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

/// What a language names the errors of a code.
fn class(surface: &str, code: &str) -> String {
    let name = camel_case(code, true);
    match surface {
        "c" => code.to_owned(),
        "go" => format!("Err{}", go_name(code)),
        "java" | "php" => format!("{name}Exception"),
        "kotlin" => name,
        _ => format!("{name}Error"),
    }
}

/// `snake_case` as an exported name of Go, which writes initials in capitals.
pub fn go_name(name: &str) -> String {
    let word = |word: &str| match word {
        "id" | "url" => word.to_ascii_uppercase(),
        "kib" => "KiB".to_owned(),
        word => camel_case(word, true),
    };
    name.split('_').map(word).collect()
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
    use super::{camel_case, go_name};

    #[test]
    fn names_are_put_into_camel_case() {
        assert_eq!(
            camel_case("password_reset_token_not_found", true),
            "PasswordResetTokenNotFound"
        );
        assert_eq!(camel_case("argon2_memory_kib", false), "argon2MemoryKib");
        assert_eq!(go_name("get_user_by_external_id"), "GetUserByExternalID");
        assert_eq!(go_name("argon2_memory_kib"), "Argon2MemoryKiB");
    }
}
