//! What only looks like a token, and what is no password.

/// The parts of a token that a person could mistype, guess or take from elsewhere.
#[must_use]
pub fn impostors(token: &str, reset_id: &str, digest: &str) -> Vec<String> {
    let (head, last) = token.split_at(42);
    let next = if last == "A" { "B" } else { "A" };
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
        format!("{head}{next}"),
        format!("{token}="),
        format!("{token}A"),
        format!(" {token}"),
        format!("{token} "),
        format!("{token}\n"),
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
    blanks.extend([" \t".repeat(10), "\r\n \t".repeat(6)]);
    blanks
}
