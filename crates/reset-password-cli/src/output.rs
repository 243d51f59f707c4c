//! How answers look: aligned lines for people, one JSON document for programs.

use std::{
    collections::BTreeMap,
    fmt::{Display, Write as _},
    io::{self, Write as _},
};

use reset_password::Error;
use serde::Serialize;
use zeroize::Zeroizing;

use crate::failure::Failure;

/// Where answers go, and in which form.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    json: bool,
}

impl Output {
    /// Standard output.
    pub const fn new(json: bool) -> Self {
        Self { json }
    }

    /// Shows an answer: `document` to programs, `text` to people.
    pub fn show<T: Serialize>(
        self,
        document: &T,
        text: impl FnOnce(&mut Text),
    ) -> Result<(), Failure> {
        let mut shown = Text::default();
        if self.json {
            let json = serde_json::to_string(document).map_err(Error::internal)?;
            shown.0.push_str(&Zeroizing::new(json));
            shown.0.push('\n');
        } else {
            text(&mut shown);
        }
        shown.write().map_err(Failure::Output)
    }
}

/// Text for people. It may hold a link that was asked for, so it is wiped.
#[derive(Default)]
pub struct Text(Zeroizing<String>);

impl Text {
    /// One line.
    pub fn line(&mut self, line: impl Display) {
        let _ = write!(self.0, "{}", Plain(&line));
        self.0.push('\n');
    }

    /// `name: value` lines, aligned; what has no value is left out.
    pub fn fields(&mut self, fields: &[(&str, Option<String>)]) {
        let present = || {
            fields
                .iter()
                .filter_map(|(name, value)| Some((name, value.as_ref()?)))
        };
        let width = present()
            .map(|(name, _)| name.len() + 1)
            .max()
            .unwrap_or_default();
        for (name, value) in present() {
            let name = format!("{name}:");
            let _ = writeln!(self.0, "{name:width$} {}", Plain(value));
        }
    }

    /// A table with a heading and aligned columns.
    pub fn table<const N: usize>(&mut self, heading: [&str; N], rows: &[[String; N]]) {
        let plain = |cell: &str| Plain(&cell).to_string();
        let heading = heading.map(str::to_uppercase);
        let rows: Vec<[String; N]> = rows
            .iter()
            .map(|row| row.each_ref().map(|cell| plain(cell)))
            .collect();
        let mut widths = [0; N];
        for row in std::iter::once(&heading).chain(&rows) {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        for row in std::iter::once(&heading).chain(&rows) {
            let cells = row
                .iter()
                .zip(widths)
                .map(|(cell, width)| format!("{cell:width$}"));
            let line = cells.collect::<Vec<_>>().join("  ");
            self.0.push_str(line.trim_end());
            self.0.push('\n');
        }
    }

    fn write(&self) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(self.0.as_bytes())?;
        stdout.flush()
    }
}

/// Text without the characters that steer a terminal.
struct Plain<'a, T>(&'a T);

impl<T: Display> Display for Plain<'_, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for character in Zeroizing::new(self.0.to_string()).chars() {
            if character.is_control() {
                write!(f, "{}", character.escape_unicode())?;
            } else {
                f.write_char(character)?;
            }
        }
        Ok(())
    }
}

/// A list that is shown whole, in the envelope that every list has.
#[derive(Serialize)]
pub struct Page<'a, T> {
    object: &'static str,
    data: &'a [T],
    list_metadata: NoCursors,
}

/// The cursors of a list that has no neighbouring pages.
#[derive(Serialize)]
struct NoCursors {
    before: Option<()>,
    after: Option<()>,
}

impl<'a, T> Page<'a, T> {
    /// The only page.
    pub const fn whole(data: &'a [T]) -> Self {
        Self {
            object: "list",
            data,
            list_metadata: NoCursors {
                before: None,
                after: None,
            },
        }
    }
}

/// `key=value` for each key, or nothing.
pub fn metadata(metadata: &BTreeMap<String, String>) -> Option<String> {
    let pairs: Vec<_> = metadata
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    (!pairs.is_empty()).then(|| pairs.join(", "))
}

/// `yes` or `no`.
pub fn yes_or_no(value: bool) -> String {
    if value { "yes" } else { "no" }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_aligned_and_absent_ones_left_out() {
        let mut text = Text::default();
        text.fields(&[
            ("id", Some("user_1".into())),
            ("name", None),
            ("created_at", Some("now".into())),
        ]);
        assert_eq!(*text.0, "id:         user_1\ncreated_at: now\n");
    }

    #[test]
    fn tables_are_aligned_by_characters() {
        let mut text = Text::default();
        text.table(
            ["a", "bc"],
            &[["zoë".into(), "1".into()], ["x".into(), String::new()]],
        );
        assert_eq!(*text.0, "A    BC\nzoë  1\nx\n");
    }

    #[test]
    fn nothing_steers_the_terminal() {
        let mut text = Text::default();
        text.line("a\u{1b}[2Jb");
        assert_eq!(*text.0, "a\\u{1b}[2Jb\n");
    }
}
