//! What arrived, as a host hands it over.

use zeroize::Zeroizing;

use crate::fields;

/// A request for a page.
#[derive(Clone, Copy, Debug, Default)]
pub struct PageRequest<'a> {
    /// `GET`, `HEAD` or `POST`; any other is refused.
    pub method: &'a str,
    /// The path under the mount, such as `/forgot`.
    pub path: &'a str,
    /// What stands behind `?`; empty where there is nothing.
    pub query: &'a str,
    /// Name and value of each header, in any case and order.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body, at most 16 KiB of it: the host refuses longer ones.
    pub body: &'a [u8],
}

impl<'a> PageRequest<'a> {
    /// A request for a page, as a test makes one.
    #[must_use]
    pub fn get(path: &'a str) -> Self {
        Self {
            method: "GET",
            path,
            ..Self::default()
        }
    }

    /// The value of a header; `None` if it is missing, or there more than once.
    pub(crate) fn header(&self, name: &str) -> Option<&'a str> {
        let mut values = self.values(name);
        let value = values.next()?;
        values.next().is_none().then_some(value)
    }

    /// Every value of a header.
    pub(crate) fn values(&self, name: &str) -> impl Iterator<Item = &'a str> {
        self.headers
            .iter()
            .filter(move |(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| *value)
    }

    /// A parameter of the query; `None` if it is missing, or there is no telling which one is meant.
    pub(crate) fn parameter(&self, name: &str) -> Option<Zeroizing<String>> {
        let fields = fields::read(self.query, &[]).ok()?;
        fields
            .into_iter()
            .find_map(|(known, value)| (known == name).then_some(value))
    }

    /// The fields of a form; `None` if the body is none.
    pub(crate) fn form(&self) -> Option<Form> {
        let kind = self.header("content-type")?;
        let kind = kind.split(';').next()?.trim();
        if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return None;
        }
        let text = std::str::from_utf8(self.body).ok()?;
        fields::read(text, &[]).ok().map(Form)
    }
}

/// The fields of a form.
pub(crate) struct Form(Vec<(String, Zeroizing<String>)>);

impl Form {
    /// What was typed into a field; empty where there is no such field.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value)
    }
}
