//! The fields of a body: typed, never coerced; what nobody asked for is ignored.

use std::collections::BTreeMap;

use reset_password::{Detail, Error};
use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::{
    json::{self, Json, Unreadable},
    problem::Problem,
};

/// The fields of a body that have not been asked for yet, and what was wrong with those that have.
pub(crate) struct Fields {
    entries: Vec<(String, Json)>,
    errors: Vec<Detail>,
}

impl Fields {
    /// Reads a JSON body, which must be an object.
    pub(crate) fn of_json(body: &[u8]) -> Result<Self, Problem> {
        let object = match json::read(body) {
            Ok(Json::Object(entries)) => Ok(entries),
            Ok(Json::Flag(_) | Json::List(_) | Json::Null | Json::Number(_) | Json::Text(_)) => {
                Err(Error::field(
                    "body",
                    "object_required",
                    "the body must be a JSON object",
                ))
            }
            Err(Unreadable::Ambiguous) => {
                let message = "a key stands in the body more than once";
                Err(Error::field("body", "ambiguous", message))
            }
            Err(Unreadable::Malformed(problem)) => return Err(problem),
        };
        Ok(Self::new(object?))
    }

    /// The fields of a form, each a text.
    pub(crate) fn of_form(pairs: Vec<(String, Zeroizing<String>)>) -> Self {
        let text = |(name, text)| (name, Json::Text(text));
        Self::new(pairs.into_iter().map(text).collect())
    }

    fn new(entries: Vec<(String, Json)>) -> Self {
        let errors = Vec::new();
        Self { entries, errors }
    }

    /// A text that may be left out.
    pub(crate) fn text(&mut self, name: &'static str) -> Option<String> {
        self.wiped_text(name).map(|text| (*text).clone())
    }

    /// A secret that may be left out.
    pub(crate) fn secret(&mut self, name: &'static str) -> Option<SecretString> {
        self.wiped_text(name).map(|text| text.as_str().into())
    }

    /// A text that must be there, and not empty.
    pub(crate) fn required_text(&mut self, name: &'static str) -> Zeroizing<String> {
        let before = self.errors.len();
        let text = self.wiped_text(name).filter(|text| !text.is_empty());
        if text.is_none() && self.errors.len() == before {
            self.refuse(name, "string_required", "must be given, and not be empty");
        }
        text.unwrap_or_default()
    }

    /// A yes or no that may be left out.
    pub(crate) fn flag(&mut self, name: &'static str) -> Option<bool> {
        match self.take(name)? {
            Json::Flag(flag) => Some(flag),
            Json::List(_) | Json::Null | Json::Number(_) | Json::Object(_) | Json::Text(_) => {
                self.refuse(name, "boolean_required", "must be true or false");
                None
            }
        }
    }

    /// An object of texts that may be left out.
    pub(crate) fn texts(&mut self, name: &'static str) -> Option<BTreeMap<String, String>> {
        let value = self.take(name)?;
        let texts = match value {
            Json::Object(entries) => entries
                .into_iter()
                .map(|(key, value)| match value {
                    Json::Text(text) => Some((key, (*text).clone())),
                    Json::Flag(_)
                    | Json::List(_)
                    | Json::Null
                    | Json::Number(_)
                    | Json::Object(_) => None,
                })
                .collect(),
            // PHP's empty array is an empty object, too.
            Json::List(items) if items.is_empty() => Some(BTreeMap::new()),
            Json::Flag(_) | Json::List(_) | Json::Null | Json::Number(_) | Json::Text(_) => None,
        };
        if texts.is_none() {
            self.refuse(
                name,
                "object_required",
                "must be an object whose values are strings",
            );
        }
        texts
    }

    /// A list of texts that may be left out.
    pub(crate) fn list(&mut self, name: &'static str) -> Option<Vec<String>> {
        let text = |item| match item {
            Json::Text(text) => Some((*text).clone()),
            Json::Flag(_) | Json::List(_) | Json::Null | Json::Number(_) | Json::Object(_) => None,
        };
        let list = match self.take(name)? {
            Json::List(items) => items.into_iter().map(text).collect(),
            Json::Flag(_) | Json::Null | Json::Number(_) | Json::Object(_) | Json::Text(_) => None,
        };
        if list.is_none() {
            self.refuse(name, "array_required", "must be a list of strings");
        }
        list
    }

    /// A whole number that may be left out.
    pub(crate) fn number(&mut self, name: &'static str) -> Option<u32> {
        let number = match self.take(name)? {
            Json::Number(number) => number,
            Json::Flag(_) | Json::List(_) | Json::Null | Json::Object(_) | Json::Text(_) => None,
        };
        if number.is_none() {
            self.refuse(name, "integer_required", "must be a whole number");
        }
        number
    }

    /// One more thing that is wrong.
    pub(crate) fn refuse(&mut self, name: &'static str, problem: &str, message: &str) {
        let message = format!("{name} {message}");
        self.errors.push(Detail::field(name, problem, message));
    }

    /// What was not asked for and has a value is wrong, too.
    pub(crate) fn refuse_the_rest(&mut self, message: &str) {
        for (name, value) in std::mem::take(&mut self.entries) {
            if !matches!(value, Json::Null) {
                self.errors.push(Detail::field(
                    "body",
                    "not_understood",
                    format!("{name} {message}"),
                ));
            }
        }
    }

    /// Everything that was wrong.
    pub(crate) fn finish(self) -> Result<(), Error> {
        if self.errors.is_empty() {
            return Ok(());
        }
        Err(Error::input(self.errors))
    }

    /// A text that may be left out, and is wiped after use.
    pub(crate) fn wiped_text(&mut self, name: &'static str) -> Option<Zeroizing<String>> {
        match self.take(name)? {
            Json::Text(text) => Some(text),
            Json::Flag(_) | Json::List(_) | Json::Null | Json::Number(_) | Json::Object(_) => {
                self.refuse(name, "string_required", "must be a string");
                None
            }
        }
    }

    /// The field, unless it is null, which means that it was not given.
    fn take(&mut self, name: &str) -> Option<Json> {
        let at = self.entries.iter().position(|(key, _)| key == name)?;
        let (_, value) = self.entries.swap_remove(at);
        (!matches!(value, Json::Null)).then_some(value)
    }
}
