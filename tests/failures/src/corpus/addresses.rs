//! Addresses that look like one another.

/// Addresses that some comparison takes for one another: dotless and dotted i, long s, the Kelvin sign, sharp s,
/// full width, ligatures, combining marks, what is not seen, other alphabets, and the dot at the end.
pub const LOOKALIKES: &[(&str, &[&str])] = &[
    (
        "mike@example.org",
        &[
            "mıke@example.org",
            "mİke@example.org",
            "MİKE@example.org",
            "mi\u{307}ke@example.org",
            "mi\u{212a}e@example.org",
            "ｍｉｋｅ@example.org",
            "mike\u{200b}@example.org",
            "mike\u{ad}@example.org",
            "m\u{0456}ke@example.org",
            "mike@ехample.org",
            "mike@ｅxample.org",
            "mike@example.org.",
            "mike@example\u{3002}org",
            "mike@EXAMPLE.ORG\u{200d}",
            "mike+x@example.org",
            "m.ike@example.org",
        ],
    ),
    (
        "jess@example.org",
        &["jeſs@example.org", "jeſſ@example.org", "jeß@example.org"],
    ),
    (
        "strasse@example.org",
        &["straße@example.org", "straẞe@example.org"],
    ),
    ("file@example.org", &["\u{fb01}le@example.org"]),
    (
        "rené@example.org",
        &[
            "rene\u{301}@example.org",
            "RENÉ@example.org",
            "rene@example.org",
        ],
    ),
    (
        "a@faß.example",
        &["a@fass.example", "a@FASS.example", "a@faẞ.example"],
    ),
    ("a@kelvin.example", &["a@\u{212a}elvin.example"]),
];
