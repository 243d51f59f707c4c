//! Sentences, as the comments of languages have them.

use reset_password_api::names::{camel, capitalised};

use crate::names::go;

/// A text that begins in the middle of a sentence, as one.
pub fn sentence(text: &str) -> String {
    capitalised(text) + "."
}

/// A sentence as a part of another one: without its capital and its full stop.
pub fn phrase(text: &str) -> String {
    let text = text.strip_suffix('.').unwrap_or(text);
    let mut letters = text.chars();
    match (letters.next(), letters.clone().next()) {
        // Initials stay what they are.
        (Some(first), Some(second)) if second.is_lowercase() || second == ' ' => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => text.to_owned(),
    }
}

/// What stands between backticks, in the way of a language. The style is its quote (`"`, two backticks, or one)
/// and how names are written: `snake`, `camel` or `go`.
pub fn quoted(text: &str, quote: &str, names: &str) -> String {
    let name = |name: &str| {
        let is_a_name = name
            .chars()
            .all(|each| each.is_ascii_lowercase() || each == '_');
        match names {
            "camel" if is_a_name => camel(name),
            "go" if is_a_name => go(name),
            _ => name.to_owned(),
        }
    };
    let parts = text.split('`').enumerate();
    let parts = parts.map(|(at, part)| match at % 2 {
        0 => part.to_owned(),
        _ => format!("{quote}{}{quote}", name(part)),
    });
    parts.collect()
}

/// What stands between backticks, as Javadoc has it.
pub fn javadoc(text: &str, names: &str) -> String {
    let parts = quoted(text, "`", names);
    let parts = parts.split('`').enumerate();
    let parts = parts.map(|(at, part)| match at % 2 {
        0 => part.to_owned(),
        _ => format!("{{@code {part}}}"),
    });
    parts.collect()
}

/// A text as a scalar of YAML: in quotes where it would mean something else without.
pub fn yaml(text: &str) -> String {
    let is_plain = text.starts_with(|first: char| first.is_alphanumeric() || first == '$');
    if is_plain && !text.contains(": ") && !text.contains(" #") {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

/// The text in lines of at most that many characters, each but the first after the prefix.
pub fn wrap(text: &str, width: usize, prefix: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        if let Some(line) = lines.last_mut() {
            let length = prefix.chars().count() + line.chars().count() + word.chars().count();
            if line.is_empty() {
                line.push_str(word);
            } else if length < width {
                line.push(' ');
                line.push_str(word);
            } else {
                lines.push(word.to_owned());
            }
        }
    }
    lines.join(&format!("\n{prefix}"))
}

/// A list with commas, in lines of at most that many characters. The first line begins where the others do.
pub fn list(items: Vec<String>, width: usize, prefix: &str) -> String {
    let last = items.len().saturating_sub(1);
    let items = items.into_iter().enumerate();
    // Blanks within an item are no place to break at.
    let items =
        items.map(|(at, item)| item.replace(' ', "\u{a0}") + if at == last { "" } else { "," });
    wrap(&items.collect::<Vec<_>>().join(" "), width, prefix).replace('\u{a0}', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_and_their_parts() {
        assert_eq!(sentence("the API key is wrong"), "The API key is wrong.");
        assert_eq!(phrase("The id: `user_…`."), "the id: `user_…`");
        assert_eq!(phrase("A user."), "a user");
        assert_eq!(phrase("API keys."), "API keys");
        assert_eq!(phrase("`event_` and a ULID."), "`event_` and a ULID");
    }

    #[test]
    fn what_is_quoted_is_a_name_of_the_language() {
        let text = "Not before `credentials_changed_at`, as `user_…` has.";
        assert_eq!(
            quoted(text, "``", "snake"),
            "Not before ``credentials_changed_at``, as ``user_…`` has."
        );
        assert_eq!(
            quoted(text, "`", "camel"),
            "Not before `credentialsChangedAt`, as `user_…` has."
        );
        assert_eq!(quoted("`user_id`", "", "go"), "UserID");
    }

    #[test]
    fn what_yaml_would_read_otherwise_is_quoted() {
        assert_eq!(yaml("readonly string[]"), "readonly string[]");
        assert_eq!(yaml("*string"), "'*string'");
        assert_eq!(yaml("'asc' | 'desc'"), "'''asc'' | ''desc'''");
    }

    #[test]
    fn lines_end_before_the_width() {
        assert_eq!(wrap("one two three", 8, ""), "one two\nthree");
        assert_eq!(wrap("one two three", 10, "# "), "one two\n# three");
        assert_eq!(wrap("seventeen letters", 3, ""), "seventeen\nletters");
        assert_eq!(wrap("", 3, ""), "");
        let items = ["email", "name: nil", "locale: nil"].map(str::to_owned);
        assert_eq!(
            list(items.to_vec(), 20, "  "),
            "email, name: nil,\n  locale: nil"
        );
    }
}
