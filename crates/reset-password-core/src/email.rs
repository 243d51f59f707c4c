//! The one form in which e-mail addresses are compared.

use std::fmt;

use crate::{error::Error, invisible::is_default_ignorable};

/// An e-mail address: what was typed, and the look-up form by which accounts are found.
///
/// The look-up form is lower-cased in ASCII only, its domain written as an IDNA A-label. Non-ASCII is
/// never case-folded or normalised into equality: `mİke@` and `mike@` are two people, and so are the
/// full-width and the plain spelling (CVE-2019-19844 and its kin).
#[derive(Clone, PartialEq, Eq)]
pub struct Email {
    typed: String,
    lookup: String,
}

impl Email {
    /// Octets allowed in all (RFC 5321, erratum 1690), and before the `@`.
    pub const MAX_OCTETS: usize = 254;
    const MAX_LOCAL_OCTETS: usize = 64;

    /// Reads an address; white space around it is dropped.
    ///
    /// # Errors
    ///
    /// `input_invalid` with `email_required`, `email_too_long` or `email_invalid`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let typed = text.trim();
        if typed.is_empty() {
            return Err(Error::field("email", "required", "email must not be empty"));
        }
        if typed.len() > Self::MAX_OCTETS {
            return Err(Error::field(
                "email",
                "too_long",
                "email must be at most 254 octets",
            ));
        }
        let lookup = lookup_form(typed).ok_or_else(|| {
            Error::field(
                "email",
                "invalid",
                "email must be one address, such as name@example.com",
            )
        })?;
        Ok(Self {
            typed: typed.to_owned(),
            lookup,
        })
    }

    /// The address as it was typed: what is shown, and the only recipient.
    #[must_use]
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// The form that accounts are found by.
    #[must_use]
    pub fn lookup(&self) -> &str {
        &self.lookup
    }
}

/// No address is ever shown in a log.
impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email([redacted])")
    }
}

fn lookup_form(typed: &str) -> Option<String> {
    let (local, domain) = typed.rsplit_once('@')?;
    // What nobody sees would make two addresses of one that is read (UTS #39), or turn one around.
    let separates = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || is_default_ignorable(c)
            || "@,;:<>()[]\\\"".contains(c)
    };
    if local.is_empty() || local.len() > Email::MAX_LOCAL_OCTETS || local.contains(separates) {
        return None;
    }
    let lookup = format!("{}@{}", local.to_ascii_lowercase(), a_label(domain)?);
    (lookup.len() <= Email::MAX_OCTETS).then_some(lookup)
}

/// The domain as an IDNA A-label (UTS #46). A domain that is not already in the normal form of IDNA
/// (but for ASCII case) is refused rather than mapped onto another.
fn a_label(domain: &str) -> Option<String> {
    let lower = domain.to_ascii_lowercase();
    let ascii = idna::domain_to_ascii_strict(&lower).ok()?;
    if lower.is_ascii() {
        return (!ascii.is_empty() && ascii == lower).then_some(ascii);
    }
    let (unicode, valid) = idna::domain_to_unicode(&ascii);
    (valid.is_ok() && unicode == lower).then_some(ascii)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lookup(text: &str) -> Option<String> {
        Email::parse(text).ok().map(|email| email.lookup)
    }

    #[test]
    fn sec34_canonical_identity() {
        let mike = lookup("mike@example.org");
        assert!(mike.is_some());
        for same in [
            "MIKE@example.org",
            " mike@EXAMPLE.org ",
            "Mike@Example.Org\n",
        ] {
            assert_eq!(lookup(same), mike, "{same}");
        }
        for other in [
            "mïke@example.org",
            "mıke@example.org",
            "MİKE@example.org",
            "mi\u{301}ke@example.org",
            "mike\u{200b}@example.org",
            "ｍｉｋｅ@example.org",
            "mike@ехample.org",
            "mike@example.org.",
            "mike@ｅxample.org",
            "mike+x@example.org",
            "m.ike@example.org",
        ] {
            assert_ne!(lookup(other), mike, "{other}");
        }
    }

    #[test]
    fn domains_become_a_labels() {
        assert_eq!(
            lookup("a@bücher.example").as_deref(),
            Some("a@xn--bcher-kva.example")
        );
        assert_eq!(
            lookup("a@XN--BCHER-KVA.example").as_deref(),
            Some("a@xn--bcher-kva.example")
        );
        assert_eq!(lookup("a@BÜCHER.example"), None, "not in normal form");
    }

    #[test]
    fn keeps_what_was_typed() {
        let email = Email::parse("  Mike.Smith@Example.org ").unwrap();
        assert_eq!(email.typed(), "Mike.Smith@Example.org");
        assert!(!format!("{email:?}").to_lowercase().contains("mike"));
    }

    #[test]
    fn refuses_what_is_not_one_address() {
        for bad in [
            "mike",
            "@example.org",
            "mike@",
            "a@b@example.org",
            "a@x,b@x",
            "a b@x.org",
            "a\0@x.org",
            "<a@x.org>",
            "a@x y.org",
            "a@-x.org",
            "a@x..org",
            "a@xn--a.org",
            "a\u{2028}b@x.org",
        ] {
            let error = Email::parse(bad).unwrap_err();
            assert_eq!(error.errors()[0].code, "email_invalid", "{bad}");
            assert!(!error.message().contains(bad), "the value is echoed");
        }
        assert_eq!(
            Email::parse(" ").unwrap_err().errors()[0].code,
            "email_required"
        );
        let long = format!("{}@example.org", "a".repeat(65));
        assert_eq!(
            Email::parse(&long).unwrap_err().errors()[0].code,
            "email_invalid"
        );
        let long = format!("a@{}.org", "b.".repeat(130));
        assert_eq!(
            Email::parse(&long).unwrap_err().errors()[0].code,
            "email_too_long"
        );
    }

    proptest! {
        #[test]
        fn the_lookup_form_is_a_fixed_point(text in "\\PC{1,12}@[a-zA-Zé0-9.-]{1,20}") {
            if let Some(form) = lookup(&text) {
                prop_assert_eq!(lookup(&form), Some(form));
            }
        }
    }
}
