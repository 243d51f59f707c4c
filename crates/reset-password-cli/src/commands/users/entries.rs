//! The entries of another system's export: CSV, a JSON document, or a JSON document a line.

use std::{
    cell::Cell,
    collections::BTreeMap,
    fmt,
    fs::File,
    io::{self, BufRead as _, BufReader, Read},
    path::Path,
    rc::Rc,
};

use clap::ValueEnum;
use reset_password::Error;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::failure::{Failure, input};

/// Longest entry in bytes.
const LONGEST: u64 = 1_024 * 1_024;

/// How an export is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A line of names, then a line for each user
    Csv,
    /// A list of objects, or an object with such a list in it
    Json,
    /// An object on each line
    Jsonl,
}

impl Format {
    /// By the end of a file's name.
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()? {
            "csv" => Some(Self::Csv),
            "json" => Some(Self::Json),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            _ => None,
        }
    }
}

/// What is known of one user, by name. An object in an object has a name of both, with a dot between.
pub type Entry = BTreeMap<String, String>;

/// An export that is being read.
pub struct Export {
    format: Format,
    file: Bounded,
    length: u64,
}

impl Export {
    pub fn open(path: &Path, format: Format) -> Result<Self, Failure> {
        let cannot = |why: &str| {
            let message = format!("cannot read {}: {why}", path.display());
            input("file", "unreadable", message)
        };
        let about = path
            .metadata()
            .map_err(|error| cannot(&error.to_string()))?;
        if !about.is_file() {
            return Err(cannot("it is no file"));
        }
        let inner = File::open(path).map_err(|error| cannot(&error.to_string()))?;
        Ok(Self {
            format,
            file: Bounded {
                inner,
                read: Rc::default(),
                bound: Rc::default(),
            },
            length: about.len(),
        })
    }

    /// Its length in bytes.
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// Gives each entry to `take`, with its place (`entry 7`) and how many bytes have been read.
    pub fn each(
        self,
        mut take: impl FnMut(&str, &Entry, u64) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let (read, bound) = (Rc::clone(&self.file.read), Rc::clone(&self.file.bound));
        bound.set(LONGEST);
        let mut take = |place: &str, entry: &Entry| {
            bound.set(read.get().saturating_add(LONGEST));
            take(place, entry, read.get())
        };
        match self.format {
            Format::Csv => csv(self.file, &mut take),
            Format::Json => json(self.file, &mut take),
            Format::Jsonl => lines(self.file, &mut take),
        }
    }
}

type Take<'a> = &'a mut dyn FnMut(&str, &Entry) -> Result<(), Failure>;

fn csv(file: Bounded, take: Take<'_>) -> Result<(), Failure> {
    let malformed = |entry: u64, error: csv::Error| {
        let why = match error.into_kind() {
            csv::ErrorKind::Io(error) => return unreadable(&error),
            csv::ErrorKind::Utf8 { .. } => "is not in UTF-8".to_owned(),
            csv::ErrorKind::UnequalLengths {
                expected_len, len, ..
            } => format!("has {len} fields, and the first line {expected_len}"),
            _ => "is not CSV".to_owned(),
        };
        let entry = match entry {
            0 => "the first line".to_owned(),
            entry => format!("entry {entry}"),
        };
        input("file", "malformed", format!("{entry} {why}"))
    };
    let mut reader = csv::Reader::from_reader(file);
    let names = reader.headers();
    let names = names.map_err(|error| malformed(0, error))?.clone();
    let mut record = csv::StringRecord::new();
    for number in 1.. {
        let read = reader.read_record(&mut record);
        if !read.map_err(|error| malformed(number, error))? {
            break;
        }
        let fields = names.iter().zip(&record);
        let fields = fields.filter(|(_, value)| !value.is_empty());
        let entry = fields.map(|(name, value)| (name.trim().to_owned(), value.to_owned()));
        take(&format!("entry {number}"), &entry.collect())?;
    }
    Ok(())
}

fn lines(file: Bounded, take: Take<'_>) -> Result<(), Failure> {
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    for number in 1_u64.. {
        line.clear();
        let length = reader
            .read_until(b'\n', &mut line)
            .map_err(|error| unreadable(&error))?;
        if length == 0 {
            break;
        }
        let text = without_mark(&line);
        if text.trim_ascii().is_empty() {
            continue;
        }
        let Ok(object @ Value::Object(_)) = serde_json::from_slice(text) else {
            let message = format!("line {number} is not a JSON object");
            return Err(input("file", "malformed", message));
        };
        let mut entry = Entry::new();
        flatten("", object, &mut entry);
        take(&format!("line {number}"), &entry)?;
    }
    Ok(())
}

fn json(file: Bounded, take: Take<'_>) -> Result<(), Failure> {
    let mut reader = BufReader::new(file);
    let start = reader.fill_buf().map_err(|error| unreadable(&error))?;
    let mark = start.len() - without_mark(start).len();
    reader.consume(mark);
    let mut list = List {
        take,
        depth: 0,
        entries: 0,
        is_found: false,
        failure: None,
    };
    let mut deserializer = serde_json::Deserializer::from_reader(reader);
    let read = (&mut list).deserialize(&mut deserializer);
    if let Some(failure) = list.failure.take() {
        return Err(failure);
    }
    let is_found = list.is_found;
    match read.and_then(|()| deserializer.end()) {
        Err(error) if error.is_io() => Err(unreadable(&error.into())),
        Err(error) => Err(input(
            "file",
            "malformed",
            format!(
                "line {}: this is not a JSON list of users; where each line has one, give --format jsonl",
                error.line()
            ),
        )),
        Ok(()) if !is_found => Err(input(
            "file",
            "malformed",
            "there is no list of users in it; where each line has one, give --format jsonl",
        )),
        Ok(()) => Ok(()),
    }
}

/// The users of a document, one after the other.
struct List<'a> {
    take: Take<'a>,
    /// In how many objects the list would be.
    depth: u32,
    entries: u64,
    is_found: bool,
    failure: Option<Failure>,
}

impl<'de> DeserializeSeed<'de> for &mut List<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut List<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        self.is_found |= self.depth == 0;
        while let Some(value) = list.next_element::<Value>()? {
            let Value::Object(_) = value else {
                if self.depth == 0 {
                    return Err(serde::de::Error::custom("no object"));
                }
                continue;
            };
            self.is_found = true;
            self.entries += 1;
            let mut entry = Entry::new();
            flatten("", value, &mut entry);
            if let Err(failure) = (self.take)(&format!("entry {}", self.entries), &entry) {
                self.failure = Some(failure);
                return Err(serde::de::Error::custom("stopped"));
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.depth += 1;
        while map.next_key::<IgnoredAny>()?.is_some() {
            if self.depth > 1 || self.is_found {
                map.next_value::<IgnoredAny>()?;
            } else {
                map.next_value_seed(&mut *self)?;
            }
        }
        self.depth -= 1;
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// Texts, numbers and truth values by name; null is nothing, and a list is its JSON.
fn flatten(name: &str, value: Value, entry: &mut Entry) {
    match value {
        Value::Null => {}
        Value::Object(object) => {
            for (key, value) in object {
                let name = if name.is_empty() {
                    key
                } else {
                    format!("{name}.{key}")
                };
                flatten(&name, value, entry);
            }
        }
        Value::String(text) => {
            if !text.is_empty() {
                entry.insert(name.to_owned(), text);
            }
        }
        other @ (Value::Array(_) | Value::Bool(_) | Value::Number(_)) => {
            entry.insert(name.to_owned(), other.to_string());
        }
    }
}

/// Without a byte order mark.
fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text)
}

fn unreadable(error: &io::Error) -> Failure {
    if error.kind() == io::ErrorKind::FileTooLarge {
        return input("file", "too_long", "an entry is longer than 1 MiB");
    }
    Failure::Engine(Error::internal(error.to_string()))
}

/// A file of which no more is read than up to a bound, which goes on with each entry.
struct Bounded {
    inner: File,
    read: Rc<Cell<u64>>,
    bound: Rc<Cell<u64>>,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.read.get() > self.bound.get() {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let length = self.inner.read(buffer)?;
        self.read.set(self.read.get() + length as u64);
        Ok(length)
    }
}
