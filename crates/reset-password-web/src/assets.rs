//! The style and the script, under names that say their content.

use minijinja::{Environment, context};
use reset_password::Error;
use sha2::{Digest as _, Sha256};

/// The accent where none is configured.
const ACCENT: &str = "#0a58ca";
/// What is behind the text of a page, by day and by night.
const PAPERS: [Colour; 2] = [Colour([0xff; 3]), Colour([0x1d, 0x21, 0x25])];
/// The least contrast of text (WCAG 2.2, success criterion 1.4.3).
const CONTRAST: f64 = 4.5;

/// A file that pages load.
pub(crate) struct Asset {
    /// Its path under the mount.
    pub(crate) path: String,
    pub(crate) kind: &'static str,
    pub(crate) content: Vec<u8>,
}

impl Asset {
    fn new(ending: &str, kind: &'static str, content: Vec<u8>) -> Self {
        let digest = Sha256::digest(&content);
        let shown = digest.iter().take(8).map(|byte| format!("{byte:02x}"));
        Self {
            path: format!("/static/{}.{ending}", shown.collect::<String>()),
            kind,
            content,
        }
    }
}

/// The script.
pub(crate) fn script() -> Asset {
    let content = include_bytes!("../assets/pages.js").to_vec();
    Asset::new("js", "text/javascript; charset=utf-8", content)
}

/// The style, with the service's colour as it can be read by day and by night.
pub(crate) fn style(accent: Option<&str>) -> Result<Asset, Error> {
    let content = coloured(include_str!("../assets/pages.css"), accent)?;
    Ok(Asset::new("css", "text/css; charset=utf-8", content))
}

/// What stands before the page's title in a browser: a key.
pub(crate) fn icon(accent: Option<&str>) -> Result<Asset, Error> {
    let content = coloured(include_str!("../assets/icon.svg"), accent)?;
    Ok(Asset::new("svg", "image/svg+xml", content))
}

fn coloured(source: &str, accent: Option<&str>) -> Result<Vec<u8>, Error> {
    let accent = Colour::parse(accent.unwrap_or(ACCENT));
    let [day, night] = PAPERS.map(|paper| accent.on(paper));
    let content = Environment::new()
        .render_str(
            source,
            context! {
                accent => day.to_string(),
                on_accent => day.text().to_string(),
                accent_dark => night.to_string(),
                on_accent_dark => night.text().to_string(),
            },
        )
        .map_err(Error::internal)?;
    Ok(content.into_bytes())
}

/// A colour: red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Colour([u8; 3]);

impl Colour {
    fn parse(text: &str) -> Self {
        let digits = u32::from_str_radix(text.trim_start_matches('#'), 16).unwrap_or_default();
        let [_, red, green, blue] = digits.to_be_bytes();
        Self([red, green, blue])
    }

    /// How bright it is (WCAG 2.2, relative luminance).
    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// The nearest colour that can be read on a paper, on the way to black or to white.
    fn on(self, paper: Self) -> Self {
        let toward = paper.text();
        let mixes = (0..=20_u32).map(|step| self.mixed(toward, step));
        let mut readable = mixes.filter(|mixed| mixed.contrast(paper) >= CONTRAST);
        readable.next().unwrap_or(toward)
    }

    /// Black or white, whichever can be read on it.
    fn text(self) -> Self {
        let [black, white] = [Self([0; 3]), Self([0xff; 3])];
        if self.contrast(white) >= self.contrast(black) {
            white
        } else {
            black
        }
    }

    /// So many twentieths of the way to another.
    fn mixed(self, other: Self, step: u32) -> Self {
        let mut mixed = self.0;
        for (part, goal) in mixed.iter_mut().zip(other.0) {
            let sum = u32::from(*part) * (20 - step) + u32::from(goal) * step;
            *part = u8::try_from(sum / 20).unwrap_or(u8::MAX);
        }
        Self(mixed)
    }
}

impl std::fmt::Display for Colour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_accent_can_be_read() {
        for accent in [
            "#000000", "#ffffff", "#ffff00", "#0a58ca", "#7f7f7f", "#ff0000",
        ] {
            for paper in PAPERS {
                let shown = Colour::parse(accent).on(paper);
                assert!(shown.contrast(paper) >= CONTRAST, "{accent} on {paper}");
                assert!(shown.contrast(shown.text()) >= CONTRAST, "text on {shown}");
            }
        }
        assert_eq!(Colour::parse(ACCENT).on(PAPERS[0]).to_string(), ACCENT);
    }

    #[test]
    fn a_file_is_named_after_its_content() {
        let one = style(None).unwrap();
        let other = style(Some("#aa0000")).unwrap();
        assert_ne!(one.path, other.path);
        assert_eq!(one.path, style(Some(ACCENT)).unwrap().path);
        assert!(one.path.starts_with("/static/"));
    }
}
