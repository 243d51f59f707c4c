//! The languages, and which of them a request asks for.

use std::{collections::BTreeMap, sync::Arc};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use fluent_langneg::{NegotiationStrategy, negotiate_languages};
use minijinja::{Environment, State, value::Kwargs};
use reset_password::Error;
use unic_langid::LanguageIdentifier;

use crate::request::PageRequest;

/// A language of the pages and of the mails.
#[derive(Debug)]
pub struct Language {
    /// Its tag (BCP 47).
    pub tag: &'static str,
    /// What its speakers call it.
    pub(crate) name: &'static str,
    /// Which way it is written.
    pub direction: &'static str,
    /// Its words.
    source: &'static str,
}

macro_rules! languages {
    ($($tag:literal, $name:literal, $direction:literal;)*) => {
        /// Every language, English first.
        pub(crate) const ALL: [Language; [$($tag),*].len()] = [$(Language {
            tag: $tag,
            name: $name,
            direction: $direction,
            source: include_str!(concat!("../locales/", $tag, ".ftl")),
        }),*];
    };
}

languages! {
    "en", "English", "ltr";
    "de", "Deutsch", "ltr";
    "fr", "Français", "ltr";
    "es", "Español", "ltr";
    "pt-BR", "Português (Brasil)", "ltr";
    "it", "Italiano", "ltr";
    "nl", "Nederlands", "ltr";
    "pl", "Polski", "ltr";
    "tr", "Türkçe", "ltr";
    "ja", "日本語", "ltr";
    "zh-Hans", "简体中文", "ltr";
    "ar", "العربية", "rtl";
}

/// The parameter of a page that names its language.
pub(crate) const PARAMETER: &str = "lang";

/// The words of every language.
pub struct Languages {
    bundles: BTreeMap<&'static str, FluentBundle<FluentResource>>,
    tags: Vec<fluent_langneg::LanguageIdentifier>,
    default: &'static Language,
}

impl Languages {
    /// All of them, and the one for those who ask for none of them; English where none is given.
    ///
    /// # Errors
    ///
    /// `config_invalid` for a language that there is not.
    pub fn new(default: Option<&str>) -> Result<Self, Error> {
        let default = match default {
            None => &ALL[0],
            Some(tag) => find(tag).ok_or_else(|| {
                let known: Vec<_> = ALL.iter().map(|language| language.tag).collect();
                Error::config(format!(
                    "there are no pages in {tag:?}: the language must be one of {}",
                    known.join(", ")
                ))
            })?,
        };
        let mut bundles = BTreeMap::new();
        let mut tags = Vec::new();
        for language in &ALL {
            let tag: LanguageIdentifier = language.tag.parse().map_err(Error::internal)?;
            let resource = FluentResource::try_new(language.source.to_owned())
                .map_err(|(_, errors)| Error::internal(format!("{}: {errors:?}", language.tag)))?;
            let mut bundle = FluentBundle::new_concurrent(vec![tag]);
            // Nothing that is put into a sentence here is written the other way.
            bundle.set_use_isolating(false);
            bundle
                .add_resource(resource)
                .map_err(|errors| Error::internal(format!("{}: {errors:?}", language.tag)))?;
            bundles.insert(language.tag, bundle);
            tags.push(
                language
                    .tag
                    .parse()
                    .map_err(|_| Error::internal(format!("{} is no language", language.tag)))?,
            );
        }
        Ok(Self {
            bundles,
            tags,
            default,
        })
    }

    /// The language that a request asks for: by its query, or as its browser does (RFC 9110, section 12.5.4).
    pub(crate) fn of(&self, request: &PageRequest<'_>) -> &'static Language {
        let asked = request.parameter(PARAMETER);
        if let Some(language) = asked.and_then(|tag| find(&tag)) {
            return language;
        }
        let accepted = accepted(request.header("accept-language").unwrap_or_default());
        self.best(&accepted)
    }

    /// The language for a person whose locale is this one, a tag such as `de-AT`.
    #[must_use]
    pub fn of_locale(&self, locale: Option<&str>) -> &'static Language {
        let tag = locale.and_then(|locale| locale.replace('_', "-").parse().ok());
        self.best(tag.as_slice())
    }

    fn best(&self, accepted: &[fluent_langneg::LanguageIdentifier]) -> &'static Language {
        let found = negotiate_languages(accepted, &self.tags, None, NegotiationStrategy::Lookup);
        let tag = found.first().map(ToString::to_string);
        tag.and_then(|tag| find(&tag)).unwrap_or(self.default)
    }

    /// A sentence in a language.
    pub(crate) fn text(&self, tag: &str, key: &str, arguments: &FluentArgs<'_>) -> Option<String> {
        let bundle = self.bundles.get(tag)?;
        let pattern = bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(arguments), &mut errors);
        errors.is_empty().then(|| text.into_owned())
    }

    /// Templates by their names. They may say `t("key", name=value)`, in the language that their `lang` names; in one whose
    /// name ends with `.html` whatever a value is, it is text.
    ///
    /// # Errors
    ///
    /// `internal` for a template that cannot be read.
    pub fn templates(
        self: &Arc<Self>,
        sources: &[(&'static str, &'static str)],
    ) -> Result<Environment<'static>, Error> {
        let mut environment = Environment::new();
        environment.set_trim_blocks(true);
        let languages = Arc::clone(self);
        let translate = move |state: &State<'_, '_>, key: &str, given: Kwargs| {
            let tag = state.lookup("lang");
            let tag = tag
                .as_ref()
                .and_then(|tag| tag.as_str())
                .unwrap_or_default();
            let mut arguments = FluentArgs::new();
            for name in given.args() {
                let value: minijinja::Value = given.get(name)?;
                let value = match (value.as_i64(), value.as_str()) {
                    (Some(number), _) => FluentValue::from(number),
                    (None, Some(text)) => FluentValue::from(text.to_owned()),
                    (None, None) => FluentValue::from(value.to_string()),
                };
                arguments.set(name.to_owned(), value);
            }
            languages.text(tag, key, &arguments).ok_or_else(|| {
                minijinja::Error::new(
                    minijinja::ErrorKind::InvalidOperation,
                    format!("{tag} has no words for {key}"),
                )
            })
        };
        environment.add_function("t", translate);
        for (name, source) in sources {
            environment
                .add_template(name, source)
                .map_err(Error::internal)?;
        }
        Ok(environment)
    }
}

/// The languages that a browser takes, the most welcome first. Longer lists are no browser's.
fn accepted(header: &str) -> Vec<fluent_langneg::LanguageIdentifier> {
    const MOST: usize = 16;
    let weighed = header.split(',').take(MOST).filter_map(|entry| {
        let (tag, parameter) = entry.split_once(';').unwrap_or((entry, "q=1"));
        let weight: f32 = parameter.trim().strip_prefix("q=")?.parse().ok()?;
        let tag = tag.trim().parse().ok()?;
        (weight > 0.0).then_some((tag, weight))
    });
    let mut weighed: Vec<(_, f32)> = weighed.collect();
    weighed.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    weighed.into_iter().map(|(tag, _)| tag).collect()
}

/// The language of a tag.
pub(crate) fn find(tag: &str) -> Option<&'static Language> {
    ALL.iter()
        .find(|language| language.tag.eq_ignore_ascii_case(tag))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use fluent_bundle::FluentResource;

    use super::*;

    fn asked(query: &str, accepted: &str) -> &'static str {
        let languages = Languages::new(None).unwrap();
        let headers = [("Accept-Language", accepted)];
        let request = PageRequest {
            query,
            headers: &headers,
            ..PageRequest::get("/forgot")
        };
        languages.of(&request).tag
    }

    #[test]
    fn a_language_is_the_one_that_is_asked_for() {
        assert_eq!(asked("", "de-AT,de;q=0.9,en;q=0.8"), "de");
        assert_eq!(asked("", "xx, fr;q=0.3, es;q=0.7"), "es");
        assert_eq!(asked("", "pt"), "pt-BR");
        assert_eq!(asked("", "zh-CN"), "zh-Hans");
        assert_eq!(asked("", "ar-EG"), "ar");
        assert_eq!(asked("lang=ja", "de"), "ja");
        assert_eq!(asked("lang=xx", "de"), "de");
        assert_eq!(asked("lang=JA", ""), "ja");
        for nonsense in ["", "*", ";;;", "\u{e9}\u{e9}", &"de,".repeat(10_000)] {
            let _ = asked("", nonsense);
        }
        assert!(Languages::new(Some("tlh")).is_err());
        assert_eq!(Languages::new(Some("de")).unwrap().default.tag, "de");
    }

    /// The keys of a language, the places of each sentence, and whether a comment for translators stands before it.
    fn sentences(language: &Language) -> BTreeMap<String, (BTreeSet<String>, bool)> {
        let resource = FluentResource::try_new(language.source.to_owned()).unwrap();
        drop(resource);
        let mut comment = false;
        let mut found = BTreeMap::new();
        for line in language.source.lines() {
            if line.starts_with("# ") {
                comment = true;
            } else if let Some((key, text)) = line.split_once(" = ") {
                let places = text.split("{ $").skip(1);
                let places = places.filter_map(|place| place.split([' ', '}']).next());
                found.insert(
                    key.to_owned(),
                    (places.map(str::to_owned).collect(), comment),
                );
                comment = false;
            }
        }
        found
    }

    /// No language lacks a sentence, has one more, or leaves out what is put into it; English tells translators what
    /// each is for.
    #[test]
    fn every_language_says_everything() {
        let english = sentences(&ALL[0]);
        assert!(english.len() > 30, "{}", english.len());
        for (key, (_, is_explained)) in &english {
            assert!(is_explained, "{key} is not explained");
        }
        for language in &ALL {
            let theirs = sentences(language);
            assert_eq!(
                english.keys().collect::<Vec<_>>(),
                theirs.keys().collect::<Vec<_>>(),
                "{}",
                language.tag
            );
            for (key, (places, _)) in &theirs {
                assert_eq!(&english[key].0, places, "{}: {key}", language.tag);
            }
        }
    }
}
