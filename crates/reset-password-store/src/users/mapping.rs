//! A users' table that is there already: how it is told.

use reset_password_core::{Error, address_rule::AddressRule, password::hash::HashForm};
use serde::Deserialize;

use super::presets::{OWN, PRESETS};

/// Names of tables and columns, and what a change of password has to do besides. `docs/guides/existing-users.md` explains
/// each field.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(default, deny_unknown_fields)]
pub struct UserMapping {
    /// The preset that it begins with.
    pub(crate) preset: Option<String>,
    pub(crate) table: Option<String>,
    pub(crate) id: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) password: Option<String>,
    /// The table that the password is in, where it is another one.
    pub(crate) password_in: Option<PasswordTable>,
    /// The column that addresses are looked for in, where it is not the address's.
    pub(crate) email_lookup: Option<String>,
    pub(crate) lookup: Option<String>,
    pub(crate) hash: Option<String>,
    pub(crate) verified: Option<Verified>,
    /// What holds for every account that may reset.
    pub(crate) accounts: Option<Vec<Condition>>,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) locale: Option<String>,
    pub(crate) created_at: Option<String>,
    pub(crate) updated_at: Option<String>,
    /// How SQLite's texts write a moment: `sql` or `iso8601`.
    pub(crate) times: Option<String>,
    pub(crate) endings: Option<Vec<Ending>>,
}

/// Where a password is, if not beside the address.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordTable {
    pub(crate) table: String,
    /// The column that names the user.
    pub(crate) user: String,
    pub(crate) updated_at: Option<String>,
    #[serde(default, rename = "where")]
    pub(crate) conditions: Vec<Condition>,
}

/// How it is said that an address was verified: by a truth value, or by a moment or null.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Verified {
    pub(crate) flag: Option<String>,
    pub(crate) time: Option<String>,
    /// The table that says it, where it is another one,
    pub(crate) table: Option<String>,
    /// with its columns for the user
    pub(crate) user: Option<String>,
    /// and the address.
    pub(crate) email: Option<String>,
}

impl Verified {
    /// The names in it.
    fn names(&self) -> impl Iterator<Item = &str> {
        let names = [&self.flag, &self.time, &self.table, &self.user, &self.email];
        names.into_iter().filter_map(Option::as_deref)
    }

    fn is_whole(&self) -> bool {
        let has_table = self.table.is_some();
        self.flag.is_some() != self.time.is_some()
            && has_table == self.user.is_some()
            && has_table == self.email.is_some()
    }
}

/// What a row has to be: one test of a column.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Condition {
    pub(crate) column: String,
    pub(crate) is: Option<bool>,
    pub(crate) null: Option<bool>,
    pub(crate) equals: Option<String>,
    pub(crate) not_equal: Option<String>,
    pub(crate) not_prefix: Option<String>,
}

impl Ending {
    /// The columns of the user's row that it sets.
    fn columns(&self) -> impl Iterator<Item = &String> {
        let columns = [&self.set_null, &self.set_random, &self.touch];
        columns.into_iter().flatten()
    }
}

impl Condition {
    /// The texts in it.
    fn texts(&self) -> impl Iterator<Item = &str> {
        let texts = [&self.equals, &self.not_equal, &self.not_prefix];
        texts.into_iter().filter_map(Option::as_deref)
    }

    fn has_one_test(&self) -> bool {
        let others = usize::from(self.is.is_some()) + usize::from(self.null.is_some());
        self.texts().count() + others == 1
    }
}

/// What ends the sessions and the links of the system itself.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Ending {
    /// Columns of the user's row that become null,
    pub(crate) set_null: Vec<String>,
    /// a random text, each its own,
    pub(crate) set_random: Vec<String>,
    /// or the present moment.
    pub(crate) touch: Vec<String>,
    /// The table whose rows of the user go,
    pub(crate) delete_from: Option<String>,
    /// by the column that names the user,
    pub(crate) user: Option<String>,
    /// or the address.
    pub(crate) email: Option<String>,
    #[serde(rename = "where")]
    pub(crate) conditions: Vec<Condition>,
}

/// A mapping with what its preset says: differences first.
#[derive(Clone, Debug)]
pub struct UserTables {
    pub(crate) told: UserMapping,
    pub(crate) preset: UserMapping,
    /// Whether moments in SQLite's texts are written as in ISO 8601, with `T` and `Z`.
    pub(crate) has_iso_times: bool,
    /// How a hash is written that the system's login takes.
    pub hash_form: HashForm,
    /// How the system compares addresses.
    pub address_rule: AddressRule,
}

const ISO_TIMES: &str = "iso8601";

impl UserMapping {
    /// Reads a mapping: the name of a preset, or a table in TOML.
    ///
    /// # Errors
    ///
    /// `config_invalid` with what is wrong and what there is.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if !text.contains(['=', '\n']) {
            return Ok(Self {
                preset: Some(text.trim().to_owned()),
                ..Self::default()
            });
        }
        toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| {
                1 + text
                    .get(..span.start)
                    .unwrap_or_default()
                    .matches('\n')
                    .count()
            });
            Error::config(format!("users: line {line}: {}", error.message()))
        })
    }

    /// The mapping with its preset.
    ///
    /// # Errors
    ///
    /// `config_invalid` for a preset, a rule or a form that there is not, and for a name that cannot be one.
    pub fn resolve(self) -> Result<UserTables, Error> {
        let name = self.preset.as_deref().unwrap_or(OWN);
        let known = PRESETS.iter().find(|known| known.name == name);
        let preset = known.ok_or_else(|| {
            let names: Vec<_> = PRESETS.iter().map(|preset| preset.name).collect();
            Error::config(format!(
                "users: there is no preset {name:?}; there are {}",
                names.join(", ")
            ))
        })?;
        let preset: Self = toml::from_str(preset.mapping).map_err(Error::internal)?;
        let either = |told: &Option<String>, preset: &Option<String>| {
            told.as_ref()
                .or(preset.as_ref())
                .cloned()
                .unwrap_or_default()
        };
        let lookup = either(&self.lookup, &preset.lookup);
        let address_rule = AddressRule::named(&lookup).ok_or_else(|| {
            Error::config(format!(
                "users.lookup must be database, exact, ignore_case, lowercase or uppercase, and is {lookup:?}"
            ))
        })?;
        let hash = either(&self.hash, &preset.hash);
        let hash_form = HashForm::named(&hash).ok_or_else(|| {
            let names: Vec<_> = HashForm::names().collect();
            Error::config(format!(
                "users.hash must be one of {}, and is {hash:?}",
                names.join(", ")
            ))
        })?;
        let times = either(&self.times, &preset.times);
        if !matches!(times.as_str(), "" | ISO_TIMES | "sql") {
            return Err(Error::config(format!(
                "users.times must be iso8601 or sql, and is {times:?}"
            )));
        }
        let tables = UserTables {
            has_iso_times: times == ISO_TIMES,
            told: self,
            preset,
            hash_form,
            address_rule,
        };
        tables.check_names()?;
        Ok(tables)
    }
}

impl UserTables {
    /// Names stand in statements: nothing may be in one that ends it.
    fn check_names(&self) -> Result<(), Error> {
        let told = &self.told;
        let columns = [
            &told.table,
            &told.id,
            &told.email,
            &told.email_lookup,
            &told.password,
            &told.first_name,
            &told.last_name,
            &told.name,
            &told.locale,
            &told.created_at,
            &told.updated_at,
        ];
        let mut names: Vec<&str> = columns.into_iter().filter_map(Option::as_deref).collect();
        let mut texts: Vec<&str> = Vec::new();
        let mut conditions: Vec<&Condition> = told.accounts.iter().flatten().collect();
        if let Some(table) = &told.password_in {
            names.extend([table.table.as_str(), &table.user]);
            names.extend(table.updated_at.as_deref());
            conditions.extend(&table.conditions);
        }
        if let Some(verified) = &told.verified {
            names.extend(verified.names());
            if !verified.is_whole() {
                return Err(Error::config(
                    "users.verified has either flag or time, and where another table says it table, user and email",
                ));
            }
        }
        for ending in told.endings.iter().flatten() {
            names.extend(ending.columns().map(String::as_str));
            let columns = [&ending.delete_from, &ending.user, &ending.email];
            names.extend(columns.into_iter().filter_map(Option::as_deref));
            conditions.extend(&ending.conditions);
            let (sets, of_user) = (ending.columns().next().is_some(), ending.user.is_some());
            let of_email = ending.email.is_some();
            let is_whole = match &ending.delete_from {
                Some(_) => of_user != of_email && !sets,
                None => !of_user && !of_email && ending.conditions.is_empty() && sets,
            };
            if !is_whole {
                return Err(Error::config(
                    "users.endings: each has set_null, set_random or touch, or else delete_from with either user or email",
                ));
            }
        }
        for condition in conditions {
            names.push(&condition.column);
            texts.extend(condition.texts());
            if !condition.has_one_test() {
                return Err(Error::config(format!(
                    "users: the condition on {:?} must have one of is, null, equals, not_equal and not_prefix",
                    condition.column
                )));
            }
        }
        let is_name = |name: &&str| {
            let parts: Vec<_> = name.split('.').collect();
            parts.len() <= 2
                && parts.iter().all(|part| {
                    (1..=64).contains(&part.len())
                        && part
                            .chars()
                            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '$' | ' '))
                })
        };
        if let Some(name) = names.iter().find(|name| !is_name(name)) {
            return Err(Error::config(format!(
                "users: {name:?} is no name of a table or a column: letters, digits, _, -, $ and blanks, at most 64"
            )));
        }
        let is_text = |text: &&str| {
            text.len() <= 256 && !text.chars().any(|c| c.is_control() || "?«»".contains(c))
        };
        if texts.iter().all(is_text) {
            Ok(())
        } else {
            Err(Error::config(
                "users: a text in a condition has characters that cannot stand there",
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::presets::Preset, *};

    #[test]
    fn every_preset_is_whole() {
        for Preset { name, .. } in PRESETS {
            let tables = UserMapping::parse(name).unwrap().resolve().unwrap();
            let preset = &tables.preset;
            for needed in [&preset.table, &preset.id, &preset.email, &preset.password] {
                assert!(needed.is_some(), "{name}");
            }
            // What it says is held to what is asked of others.
            let told = UserTables {
                told: tables.preset.clone(),
                ..tables
            };
            told.check_names().unwrap();
        }
    }

    #[test]
    fn differences_go_before_the_preset() {
        let text = "preset = \"django\"\ntable = \"acct_member\"\nhash = \"django_argon2\"\n";
        let tables = UserMapping::parse(text).unwrap().resolve().unwrap();
        assert_eq!(tables.told.table.as_deref(), Some("acct_member"));
        assert_eq!(tables.hash_form, HashForm::DjangoArgon2);
        assert_eq!(tables.address_rule, AddressRule::IgnoreCase);
    }

    #[test]
    fn what_is_wrong_is_told() {
        let refused = |text: &str| {
            let parsed = UserMapping::parse(text).and_then(UserMapping::resolve);
            parsed.unwrap_err().message().to_owned()
        };
        assert!(refused("cake").contains("django, "), "{}", refused("cake"));
        assert!(refused("preset = \"own\"\nlookup = \"fuzzy\"").contains("users.lookup must be"));
        assert!(refused("times = \"unix\"").contains("users.times must be"));
        assert!(refused("hash = \"md5\"").contains("users.hash must be one of argon2id"));
        assert!(refused("table = \"a\"\nnick = \"b\"").starts_with("users: line 2: unknown field"));
        for name in ["a\\\"b", "a«b", "", "a.b.c", "a?b", "a;b"] {
            let text = format!("table = \"{name}\"");
            assert!(
                refused(&text).contains("is no name"),
                "{name}: {}",
                refused(&text)
            );
        }
        for verified in [
            "",
            "flag = \"a\", time = \"b\"",
            "flag = \"a\", table = \"b\"",
        ] {
            assert!(
                refused(&format!("verified = {{ {verified} }}")).contains("users.verified has")
            );
        }
        assert!(refused("endings = [{ delete_from = \"a\" }]").contains("users.endings"));
        assert!(
            refused("endings = [{ delete_from = \"a\", user = \"b\", email = \"c\" }]")
                .contains("users.endings")
        );
        assert!(
            refused("accounts = [{ column = \"a\", equals = \"b?\" }]")
                .contains("cannot stand there")
        );
    }
}
