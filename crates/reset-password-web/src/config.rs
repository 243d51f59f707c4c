//! How the pages are to be.

use reset_password::Error;
use url::{Host, Url};

/// How the pages are to be.
#[derive(Clone, Debug, Default)]
pub struct PagesConfig {
    /// Where people reach the pages: https, or http on this machine, such as `https://example.com/account`. Links are
    /// made of it alone, whatever a request says of its host.
    pub url: String,
    /// What the service is called, on every page.
    pub service: String,
    /// Where people log in, once they have a new password; no link leads there where it is not given.
    pub sign_in_url: Option<String>,
    /// The colour of buttons and links, such as `#0a58ca`.
    pub accent: Option<String>,
    /// The language of those whose browser asks for none that there is, such as `de`; English where it is not given.
    pub language: Option<String>,
    /// How many hashes a browser computes, on average, before a link can be asked for: 1,000 to 1,000,000. None where it is
    /// not given.
    pub proof_of_work: Option<u32>,
}

impl PagesConfig {
    /// The page that links lead to: what `reset_url` is to be.
    ///
    /// # Errors
    ///
    /// `config_invalid` where `url` is no address of pages.
    pub fn reset_url(&self) -> Result<String, Error> {
        self.page("/reset")
    }

    /// The page that the links of notices lead to, for changes that were not their reader's.
    ///
    /// # Errors
    ///
    /// `config_invalid` where `url` is no address of pages.
    pub fn report_url(&self) -> Result<String, Error> {
        self.page("/not-me")
    }

    fn page(&self, path: &str) -> Result<String, Error> {
        let place = Place::parse(&self.url)?;
        Ok(format!("{}{}{path}", place.origin, place.base))
    }
}

/// Where the pages are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Scheme, host and port.
    pub(crate) origin: String,
    /// The path before every page's own, without a slash at its end.
    pub(crate) base: String,
    /// Whether it is reached by TLS.
    pub(crate) is_secure: bool,
}

impl Place {
    /// Reads the address of the pages.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let url = address("the pages' url", text)?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err(Error::config(
                "the pages' url must end with its path: leave out what begins with ? or #",
            ));
        }
        let base = url.path().trim_end_matches('/');
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "/-._~".contains(c);
        if !base.chars().all(is_plain) || base.contains("//") {
            return Err(Error::config(
                "the path of the pages' url must be made of letters, digits, and - . _ ~ between slashes",
            ));
        }
        Ok(Self {
            origin: url.origin().ascii_serialization(),
            base: base.to_owned(),
            is_secure: url.scheme() == "https",
        })
    }
}

/// Reads an address that people are sent to: `javascript:` is none, nor is what anybody on the way can read.
pub(crate) fn address(name: &str, text: &str) -> Result<Url, Error> {
    let refuse = |why: &str| Error::config(format!("{name} {why}"));
    let url = Url::parse(text).map_err(|error| {
        refuse(&format!(
            "is not an address ({error}): give it whole, as https://…"
        ))
    })?;
    let is_here = match url.host() {
        Some(Host::Domain(domain)) => domain == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    match url.scheme() {
        "https" => {}
        "http" if is_here => {}
        _ => {
            return Err(refuse(
                "must begin with https:// (http:// on loopback only)",
            ));
        }
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse("must not name a user"));
    }
    Ok(url)
}

/// Reads a colour.
pub(crate) fn colour(text: &str) -> Result<&str, Error> {
    let digits = text.strip_prefix('#').unwrap_or_default();
    let is_colour = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_colour
        .then_some(text)
        .ok_or_else(|| Error::config("the accent must be a colour such as #0a58ca"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec78_an_address_is_whole_and_safe() {
        let place = Place::parse("https://example.com/account/").unwrap();
        assert_eq!(
            (place.origin.as_str(), place.base.as_str(), place.is_secure),
            ("https://example.com", "/account", true)
        );
        let place = Place::parse("http://127.0.0.1:8080").unwrap();
        assert_eq!(
            (place.origin.as_str(), place.base.as_str(), place.is_secure),
            ("http://127.0.0.1:8080", "", false)
        );
        for refused in [
            "",
            "/account",
            "//example.com",
            "example.com/account",
            "http://example.com",
            "ftp://example.com",
            "javascript:alert(1)",
            "https://user@example.com",
            "https://example.com/a?b=c",
            "https://example.com/a#b",
            "https://example.com/a;b",
            "https://example.com/a//b",
            "https://example.com/%61",
        ] {
            assert!(Place::parse(refused).is_err(), "{refused}");
        }
        // A way up is none, wherever it is written.
        assert_eq!(
            Place::parse("https://example.com/a/../b").unwrap().base,
            "/b"
        );
    }

    #[test]
    fn sec76_a_colour_is_nothing_else() {
        assert_eq!(colour("#0a58ca").unwrap(), "#0a58ca");
        for refused in ["", "red", "#fff", "#0a58ca;}", "0a58ca", "#0a58cg"] {
            assert!(colour(refused).is_err(), "{refused}");
        }
    }
}
