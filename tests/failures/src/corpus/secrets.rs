//! What only looks like a token, and what is no password.

const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The parts of a token that a person could mistype, guess or take from elsewhere.
#[must_use]
pub fn impostors(token: &str, reset_id: &str, digest: &str) -> Vec<String> {
    let (head, last) = token.split_at(42);
    // The last character holds four bits of the token, and two that must be none.
    let at = ALPHABET.find(last).unwrap();
    let [other, unclean] = [at ^ 4, at ^ 1].map(|at| &ALPHABET[at..=at]);
    let mut impostors: Vec<String> = [
        "0",
        "1",
        "true",
        "null",
        "undefined",
        "NaN",
        "[]",
        "[object Object]",
        "{}",
        "*",
        "%",
        "_",
        ".*",
        "' OR 1=1 --",
        "\" OR \"\"=\"",
        "..",
        "token",
    ]
    .map(str::to_owned)
    .into();
    impostors.extend([
        "A".repeat(43),
        "_".repeat(43),
        "%".repeat(43),
        "0".repeat(64),
        digest.to_owned(),
        digest.to_uppercase(),
        reset_id.to_owned(),
        head.to_owned(),
        format!("{head}{other}"),
        format!("{head}{unclean}"),
        format!("{token}="),
        format!("{token}A"),
        // White space around a token was pasted with it; within it is none.
        format!("{head} {last}"),
        format!("{head}\n{last}"),
        format!("{token}\n{token}"),
        format!("{token}\0"),
        format!("{token},{token}"),
        token.to_uppercase(),
        token.to_lowercase(),
        token.chars().rev().collect(),
        format!("{}%", &token[..20]),
    ]);
    impostors.retain(|impostor| impostor != token);
    impostors
}

/// Every space that Unicode has, once.
const SPACES: &str = "\t \u{a0}\u{1680}\u{2000}\u{2001}\u{2002}\u{2003}\u{2004}\u{2005}\u{2006}\u{2007}\
                      \u{2008}\u{2009}\u{200a}\u{202f}\u{205f}\u{3000}";

/// Passwords that are nothing, or nothing but blanks.
#[must_use]
pub fn blank_passwords() -> Vec<String> {
    let blank = [
        " ", "\t", "\n", "\r\n", "\0", "\u{a0}", "\u{2003}", "\u{200b}", "\u{feff}", "\u{3000}",
    ];
    let mut blanks = vec![String::new()];
    for blank in blank {
        blanks.extend([1, 14, 15, 20, 64].map(|times| blank.repeat(times)));
    }
    blanks.extend([" \t".repeat(10), "\r\n \t".repeat(6), SPACES.to_owned()]);
    blanks
}
