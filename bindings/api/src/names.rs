//! The same name in the ways in which languages write names.

/// `user_not_found` as `userNotFound`.
#[must_use]
pub fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |camel, word| camel + &capitalised(word))
}

/// `user_not_found` as `UserNotFound`.
#[must_use]
pub fn pascal(name: &str) -> String {
    name.split('_').map(capitalised).collect()
}

/// A word or a text with its first letter in capitals.
#[must_use]
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_as_each_language_writes_them() {
        assert_eq!(camel("user_not_found"), "userNotFound");
        assert_eq!(camel("argon2_memory_kib"), "argon2MemoryKib");
        assert_eq!(camel("name"), "name");
        assert_eq!(pascal("user_not_found"), "UserNotFound");
    }
}
