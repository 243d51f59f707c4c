//! The token in what a person has of a link.

use zeroize::Zeroizing;

/// Characters of a token.
const LENGTH: usize = 43;

/// How a mail program that wraps its lines writes `=`.
const QUOTED: &str = "3D";

/// Finds the token in the value of a link's parameter, or in a whole link that was pasted. What mail programs and people
/// put around a link goes: a line's end with `=` before it, brackets, a full stop. `None` if there is no whole token.
pub(crate) fn token_in(text: &str) -> Option<Zeroizing<String>> {
    let joined = joined(text);
    let value = match joined.rsplit_once("token=") {
        Some((_, value)) => value,
        None => &joined,
    };
    let value = value.trim_start_matches(|c| !is_of_token(c));
    let whole = |text: &str| {
        let end = text.find(|c| !is_of_token(c)).unwrap_or(text.len());
        let token = text.get(..end)?;
        (token.len() == LENGTH).then(|| Zeroizing::new(token.to_owned()))
    };
    whole(value).or_else(|| whole(value.strip_prefix(QUOTED)?))
}

/// The token in the value of a notice's parameter. It has no length of its own: what is before and behind it goes.
pub(crate) fn token_of_notice_in(text: &str) -> Zeroizing<String> {
    let joined = joined(text);
    let value = joined.trim_start_matches(|c| !is_of_token(c));
    let end = value.find(|c| !is_of_token(c)).unwrap_or(value.len());
    Zeroizing::new(value.get(..end).unwrap_or_default().to_owned())
}

/// The text without white space, and without what stands at the end of lines that were broken.
fn joined(text: &str) -> Zeroizing<String> {
    let unbroken = Zeroizing::new(text.replace("=\r\n", "").replace("=\n", ""));
    Zeroizing::new(unbroken.chars().filter(|c| !c.is_whitespace()).collect())
}

const fn is_of_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE";

    #[test]
    fn a_token_is_found_in_what_mail_makes_of_a_link() {
        let (before, behind) = TOKEN.split_at(20);
        for text in [
            TOKEN.to_owned(),
            format!("  {TOKEN}\n"),
            format!("{TOKEN}."),
            format!("{TOKEN})"),
            format!("{TOKEN}]"),
            format!("<{TOKEN}>"),
            format!("{TOKEN}="),
            format!("3D{TOKEN}"),
            format!("{before}=\r\n{behind}"),
            format!("{before}\n{behind}"),
            format!("https://example.com/reset?token={TOKEN}"),
            format!("https://example.com/reset?lang=de&token={TOKEN}&utm_source=mail"),
            format!("<https://example.com/reset?token=3D{before}=\n{behind}>."),
        ] {
            let found = token_in(&text);
            assert_eq!(found.as_deref().map(String::as_str), Some(TOKEN), "{text}");
        }
    }

    #[test]
    fn what_is_cut_is_no_token() {
        let longer = format!("{TOKEN}A");
        for text in [
            "",
            "token=",
            &TOKEN[1..],
            &longer,
            "https://example.com/reset",
        ] {
            assert!(token_in(text).is_none(), "{text}");
        }
    }
}
