//! Which part of an entry is which field of a user.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::Read as _,
    path::Path,
};

use reset_password::{CreateUser, Error, Timestamp, secret_file};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use super::entries::Entry;
use crate::failure::{Failure, input};

/// The fields of a user that an import takes.
const FIELDS: [&str; 9] = [
    "created_at",
    "email",
    "email_verified",
    "external_id",
    "first_name",
    "last_name",
    "locale",
    "name",
    HASH,
];
const HASH: &str = "password_hash";

/// What stands before the key of a metadatum.
const METADATA: &str = "metadata.";

/// Longest file of fields in bytes.
const LONGEST: u64 = 64 * 1_024;

/// What each field is made of: the name of a part, or a text in which the names of parts stand in braces. It may hold a
/// secret, such as the key of a hash.
pub struct Fields {
    patterns: BTreeMap<String, SecretString>,
    /// The parts that some field is made of.
    used: BTreeSet<String>,
}

impl Fields {
    /// Each field of the part that has its name.
    pub fn by_name() -> Self {
        Self::of(own_names())
    }

    /// As a file says; what it does not name goes by its name.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let cannot = |why: String| {
            let message = format!("cannot read {}: {why}", path.display());
            input("fields", "invalid", message)
        };
        let mut text = Zeroizing::new(String::new());
        File::open(path)
            .and_then(|file| file.take(LONGEST).read_to_string(&mut text))
            .map_err(|error| cannot(error.to_string()))?;
        let told: BTreeMap<String, String> = toml::from_str(&text)
            .map_err(|_| cannot("each line is field = \"name\", as TOML has it".to_owned()))?;
        if told.get(HASH).is_some_and(|pattern| pattern.contains('{')) {
            // What stands around a hash may be the key that it was made with.
            secret_file::open("read fields", path, "fields")?;
        }
        let mut patterns = own_names();
        for (field, part) in told {
            if !FIELDS.contains(&field.as_str()) && !field.starts_with(METADATA) {
                let known = FIELDS.join(", ");
                return Err(cannot(format!(
                    "there is no field {field}; there are {known} and {METADATA}KEY"
                )));
            }
            patterns.insert(field, part.into());
        }
        Ok(Self::of(patterns))
    }

    fn of(patterns: BTreeMap<String, SecretString>) -> Self {
        let used = patterns
            .values()
            .flat_map(|pattern| names(pattern.expose_secret()));
        let used = used.map(str::to_owned).collect();
        Self { patterns, used }
    }

    /// The parts that no field is made of.
    pub fn others<'a>(&self, entry: &'a Entry) -> Vec<&'a str> {
        let parts = entry.keys().map(String::as_str);
        parts
            .filter(|part| !self.used.contains(*part) && !part.starts_with(METADATA))
            .collect()
    }

    /// The user of an entry.
    pub fn user(&self, entry: &Entry) -> Result<CreateUser, Error> {
        let part = |field: &str| fill(self.patterns.get(field)?.expose_secret(), entry);
        let mut metadata = BTreeMap::new();
        for (name, value) in entry {
            if let Some(key) = name.strip_prefix(METADATA) {
                metadata.insert(key.to_owned(), value.clone());
            }
        }
        for field in self.patterns.keys() {
            if let (Some(key), Some(value)) = (field.strip_prefix(METADATA), part(field)) {
                metadata.insert(key.to_owned(), value);
            }
        }
        Ok(CreateUser {
            email: part("email").unwrap_or_default(),
            password: None,
            password_hash: part(HASH).map(Into::into),
            email_verified: part("email_verified").map_or(Ok(false), |text| truth(&text))?,
            first_name: part("first_name"),
            last_name: part("last_name"),
            name: part("name"),
            external_id: part("external_id"),
            metadata,
            locale: part("locale"),
            created_at: part("created_at").map(|text| moment(&text)),
        })
    }
}

/// Each field of the part that has its name.
fn own_names() -> BTreeMap<String, SecretString> {
    FIELDS.map(|field| (field.to_owned(), field.into())).into()
}

/// The names of parts in a pattern.
fn names(pattern: &str) -> Vec<&str> {
    if !pattern.contains('{') {
        return vec![pattern];
    }
    let places = pattern.split('{').skip(1);
    places
        .filter_map(|place| Some(place.split_once('}')?.0))
        .collect()
}

/// The pattern with the parts of an entry; `None` where it lacks one.
fn fill(pattern: &str, entry: &Entry) -> Option<String> {
    if !pattern.contains('{') {
        return entry.get(pattern).cloned();
    }
    let mut places = pattern.split('{');
    let mut text = places.next().unwrap_or_default().to_owned();
    for place in places {
        let (name, behind) = place.split_once('}')?;
        text.push_str(entry.get(name)?);
        text.push_str(behind);
    }
    Some(text)
}

fn truth(text: &str) -> Result<bool, Error> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "t" | "yes" | "1" => Ok(true),
        "false" | "f" | "no" | "0" => Ok(false),
        _ => {
            let message = "email_verified must be true or false";
            Err(Error::field(
                "email_verified",
                "invalid",
                message.to_owned(),
            ))
        }
    }
}

/// A moment as the engine reads it: some systems write seconds or milliseconds since 1970.
fn moment(text: &str) -> String {
    let millis = match (text.len(), text.parse::<i64>()) {
        (..=10, Ok(seconds)) => seconds.saturating_mul(1_000),
        (11..=13, Ok(millis)) => millis,
        _ => return text.to_owned(),
    };
    Timestamp::from_unix_millis(millis).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(parts: &[(&str, &str)]) -> Entry {
        let parts = parts
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        parts.collect()
    }

    #[test]
    fn a_pattern_is_filled_or_nothing() {
        let entry = entry(&[("salt", "c2FsdA"), ("hash", "aGFzaA")]);
        assert_eq!(fill("hash", &entry).unwrap(), "aGFzaA");
        let pattern = "$x$k=1${salt}${hash}";
        assert_eq!(fill(pattern, &entry).unwrap(), "$x$k=1$c2FsdA$aGFzaA");
        assert_eq!(names(pattern), ["salt", "hash"]);
        assert_eq!(fill("{salt}{pepper}", &entry), None);
        assert_eq!(fill("{salt", &entry), None);
        assert_eq!(fill("pepper", &entry), None);
    }

    #[test]
    fn a_user_of_an_entry() {
        let entry = entry(&[
            ("email", "ada@example.com"),
            ("email_verified", "t"),
            ("created_at", "1577934245"),
            ("metadata.plan", "free"),
        ]);
        let user = Fields::by_name().user(&entry).unwrap();
        assert_eq!(user.email, "ada@example.com");
        assert!(user.email_verified && user.password_hash.is_none());
        assert_eq!(user.created_at.unwrap(), "2020-01-02T03:04:05.000Z");
        assert_eq!(user.metadata["plan"], "free");
        assert_eq!(moment("1577934245678"), "2020-01-02T03:04:05.678Z");
        assert_eq!(moment("2020-01-02"), "2020-01-02");
        assert!(truth("perhaps").is_err());
    }
}
