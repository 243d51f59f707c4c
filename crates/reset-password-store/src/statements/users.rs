//! The engine's own users' table and its columns, named here and nowhere else; and what every users' table is asked.

use std::collections::BTreeMap;

use reset_password_core::{
    Error, Timestamp, User,
    address_rule::AddressRule,
    credential::{Credential, PasswordForm, Recipient, StoredPassword, UserRecord},
    store::{SignIn, StoreError},
};

use super::{
    failures::FEWER,
    redeem::{Redeem, RowCount, spend},
};
use crate::sql::{Connection, Dialect, Param, Row, Statement};

/// Where the engine keeps users itself.
struct OwnTable {
    table: &'static str,
    id: &'static str,
    sequence: &'static str,
    email: &'static str,
    email_lookup: &'static str,
    external_id: &'static str,
    email_verified: &'static str,
    password_hash: &'static str,
    password_form: &'static str,
    last_sign_in_at: &'static str,
    credentials_changed_at: &'static str,
    updated_at: &'static str,
    /// Every column of a record, in the order in which [`read`] and [`values`] take them.
    columns: &'static [&'static str],
}

/// The engine's own table.
const OWN: OwnTable = OwnTable {
    table: r#""reset_password_users""#,
    id: r#""id""#,
    sequence: r#""sequence""#,
    email: r#""email""#,
    email_lookup: r#""email_lookup""#,
    external_id: r#""external_id""#,
    email_verified: r#""email_verified""#,
    password_hash: r#""password_hash""#,
    password_form: r#""password_form""#,
    last_sign_in_at: r#""last_sign_in_at""#,
    credentials_changed_at: r#""credentials_changed_at""#,
    updated_at: r#""updated_at""#,
    columns: &[
        r#""id""#,
        r#""email""#,
        r#""email_lookup""#,
        r#""email_verified""#,
        r#""password_hash""#,
        r#""password_form""#,
        r#""first_name""#,
        r#""last_name""#,
        r#""name""#,
        r#""profile_picture_url""#,
        r#""last_sign_in_at""#,
        r#""external_id""#,
        r#""metadata""#,
        r#""locale""#,
        r#""credentials_changed_at""#,
        r#""created_at""#,
        r#""updated_at""#,
    ],
};

impl OwnTable {
    /// The columns of a record, of the table under the alias `u`.
    fn selected(&self) -> String {
        let columns: Vec<_> = self
            .columns
            .iter()
            .map(|column| format!("u.{column}"))
            .collect();
        columns.join(", ")
    }

    /// What a redeemed token sets, in the columns of that alias: the parameters 10 to 12 and 1 of the
    /// statement that spends it.
    fn redeem_set(&self, alias: &str) -> String {
        format!(
            "{alias}{} = ?10, {alias}{} = ?11, {alias}{} = 1, {alias}{} = ?12, {alias}{} = ?1",
            self.password_hash,
            self.password_form,
            self.email_verified,
            self.credentials_changed_at,
            self.updated_at,
        )
    }

    /// Whether the row of that alias is still the user that was read: the parameters 8 and 13 to 16 of the
    /// statement that spends a token.
    fn redeem_matches(&self, alias: &str, dialect: &Dialect) -> String {
        format!(
            "{alias}{} = ?8 AND {alias}{} = ?13 AND {alias}{} = ?14 AND {} AND {}",
            self.id,
            self.email,
            self.email_lookup,
            dialect.same(&format!("{alias}{}", self.password_hash), "?15"),
            dialect.same(&format!("{alias}{}", self.last_sign_in_at), "?16"),
        )
    }

    fn select(&self, condition: &str) -> String {
        format!(
            "SELECT {} FROM {} AS u {condition}",
            self.selected(),
            self.table
        )
    }
}

/// The statements on a users' table.
pub(crate) struct UserStatements {
    /// What only the engine's own table has.
    pub(crate) own: Option<OwnStatements>,
    /// Takes nothing. Answers the row of some account.
    pub(crate) any: Statement,
    /// Takes the id.
    pub(crate) by_id: Statement,
    /// The same, and locks the row.
    pub(crate) lock: Statement,
    /// Takes the form that addresses are found by. Answers what [`read_recipient`] takes, and locks the row.
    pub(crate) lock_recipient: Statement,
    /// Takes the form that addresses are found by.
    pub(crate) by_email_lookup: Statement,
    /// How the key of the two above is compared with what they find, which may be several rows.
    pub(crate) address_rule: AddressRule,
    /// Takes what [`sign_in`] gives.
    pub(crate) sign_in: SignInStatements,
}

/// How a login is noted.
pub(crate) enum SignInStatements {
    /// In one statement. A later login stays the last one.
    One(Statement),
    /// In a transaction: the account with the hash that was verified is locked; there is a row for what its own table has
    /// no column for; and it is written there.
    Several {
        lock: Statement,
        ensure: Statement,
        note: Statement,
    },
}

/// What is asked of a users' table together with resets.
pub(crate) struct JoinedUsers {
    /// Joins the user of the reset under the alias `r`.
    pub(crate) join: String,
    /// The columns of a record.
    pub(crate) selected: String,
    /// Reads the id of every user.
    pub(crate) ids: String,
    /// Spends a token and sets a password.
    pub(crate) redeem: Redeem,
}

/// The statements that only the engine's own table has.
pub(crate) struct OwnStatements {
    /// Takes every column of [`values`].
    pub(crate) insert: Statement,
    /// Takes every column of [`values`]; the first says which row.
    pub(crate) update: Statement,
    /// Takes the id.
    pub(crate) delete: Statement,
    /// Takes the id, the hash that must be in force, the new hash and its form: another system makes its own anew.
    pub(crate) replace_hash: Statement,
    /// Takes the other system's id.
    pub(crate) by_external_id: Statement,
    /// Takes the id. Answers the place in the order of creation.
    pub(crate) sequence: Statement,
    /// Each takes the id of somebody who is gone. Answers a place before all whose id says that they were created later,
    /// or behind all who were created earlier; null where there is nobody. Clocks differ, so it looks at some of them.
    pub(crate) ascending_place: Statement,
    pub(crate) descending_place: Statement,
    /// Each takes the place to go beyond and how many users.
    pub(crate) ascending: Statement,
    pub(crate) descending: Statement,
    /// The same with the form that the address is found by as the third.
    pub(crate) ascending_of_address: Statement,
    pub(crate) descending_of_address: Statement,
}

impl OwnStatements {
    fn new(table: &OwnTable, dialect: &Dialect) -> Self {
        let OwnTable {
            table: name,
            id,
            sequence,
            email_lookup,
            external_id,
            password_hash,
            password_form,
            columns,
            ..
        } = table;
        let render = |text: String| dialect.render(&text);
        let places: Vec<_> = (1..=columns.len()).map(|n| format!("?{n}")).collect();
        let sets: Vec<_> = columns
            .iter()
            .zip(&places)
            .skip(1)
            .map(|(column, place)| format!("{column} = {place}"))
            .collect();
        let page = |condition: &str, sign: &str, direction: &str| {
            render(table.select(&format!(
                "WHERE {condition}u.{sequence} {sign} ?1 ORDER BY u.{sequence} {direction} LIMIT ?2"
            )))
        };
        let of_address = format!("u.{email_lookup} = ?3 AND ");
        Self {
            insert: render(format!(
                "INSERT INTO {name} ({}) VALUES ({})",
                columns.join(", "),
                places.join(", ")
            )),
            update: render(format!(
                "UPDATE {name} SET {} WHERE {id} = ?1",
                sets.join(", ")
            )),
            delete: render(format!("DELETE FROM {name} WHERE {id} = ?1")),
            replace_hash: render(format!(
                "UPDATE {name} SET {password_hash} = ?3, {password_form} = ?4 WHERE {id} = ?1 AND {password_hash} = ?2"
            )),
            by_external_id: render(table.select(&format!("WHERE u.{external_id} = ?1"))),
            sequence: render(format!("SELECT {sequence} FROM {name} WHERE {id} = ?1")),
            ascending_place: render(format!(
                "SELECT min(place) - 1 FROM (SELECT {sequence} AS place FROM {name} WHERE {id} > ?1 ORDER BY {id} LIMIT 100) AS near"
            )),
            descending_place: render(format!(
                "SELECT max(place) + 1 FROM (SELECT {sequence} AS place FROM {name} WHERE {id} < ?1 ORDER BY {id} DESC LIMIT 100) AS near"
            )),
            ascending: page("", ">", "ASC"),
            descending: page("", "<", "DESC"),
            ascending_of_address: page(&of_address, ">", "ASC"),
            descending_of_address: page(&of_address, "<", "DESC"),
        }
    }

    /// What a broken unique index means; `None` if it is another's. The index is named by the database, its
    /// name or the columns in it.
    pub(crate) fn taken(index: &str) -> Option<StoreError> {
        let names = |column: &str| index.ends_with(column.trim_matches('"'));
        if names(OWN.email_lookup) {
            return Some(StoreError::EmailTaken);
        }
        names(OWN.external_id).then_some(StoreError::ExternalIdTaken)
    }
}

impl UserStatements {
    /// Those on the engine's own table.
    pub(crate) fn own(dialect: &Dialect) -> Self {
        let OwnTable {
            table: name,
            id,
            email,
            email_lookup,
            password_hash,
            last_sign_in_at,
            ..
        } = OWN;
        let render = |text: String| dialect.render(&text);
        Self {
            own: Some(OwnStatements::new(&OWN, dialect)),
            any: render(OWN.select("LIMIT 1")),
            by_id: render(OWN.select(&format!("WHERE u.{id} = ?1"))),
            lock: render(OWN.select(&format!("WHERE u.{id} = ?1{}", dialect.locking()))),
            lock_recipient: render(format!(
                "SELECT {id}, {email}, {email_lookup}, {password_hash} FROM {name} WHERE {email_lookup} = ?1{}",
                dialect.locking()
            )),
            by_email_lookup: render(OWN.select(&format!("WHERE u.{email_lookup} = ?1"))),
            address_rule: AddressRule::Canonical,
            sign_in: SignInStatements::One(render(format!(
                "UPDATE {name} SET {last_sign_in_at} = CASE WHEN {last_sign_in_at} > ?3 THEN {last_sign_in_at} ELSE ?3 END WHERE {id} = ?1 AND {password_hash} = ?2 AND {FEWER}"
            ))),
        }
    }

    /// The statements that only the engine's own table has.
    pub(crate) fn of_own(&self) -> Result<&OwnStatements, StoreError> {
        let sentence = "the users' table belongs to another system, which adds, changes, lists and removes its users itself";
        self.own
            .as_ref()
            .ok_or_else(|| Error::unsupported(sentence).into())
    }

    /// What is bound for an address.
    pub(crate) fn key<'a>(&self, address: &'a str) -> Param<'a> {
        match self.address_rule {
            AddressRule::Canonical => address.as_bytes().into(),
            _ => address.into(),
        }
    }

    /// The one row of those that were found by an address that is its; `None` where there are several, which are
    /// nobody's: any of them might be somebody else's.
    pub(crate) fn only<T>(
        &self,
        rows: Vec<Row>,
        read: impl Fn(&mut Row) -> Result<T, StoreError>,
        address: impl Fn(&T) -> String,
        key: &str,
    ) -> Result<Option<T>, StoreError> {
        let mut found = None;
        for mut row in rows {
            let record = read(&mut row)?;
            if !self.address_rule.admits(&address(&record), key) {
                continue;
            }
            if found.replace(record).is_some() {
                tracing::warn!(
                    "an address belongs to several accounts, none of which is found by it"
                );
                return Ok(None);
            }
        }
        Ok(found)
    }
}

impl SignInStatements {
    /// Notes a login, in a transaction. False when it is not to be one.
    pub(crate) fn note(
        &self,
        connection: &mut dyn Connection,
        params: &[Param<'_>],
    ) -> Result<bool, StoreError> {
        let note = match self {
            Self::One(note) => note,
            Self::Several { lock, ensure, note } => {
                if connection.query(lock, params)?.is_empty() {
                    return Ok(false);
                }
                connection.execute(ensure, params)?;
                note
            }
        };
        Ok(connection.execute(note, params)? == 1)
    }
}

impl JoinedUsers {
    /// Those of the engine's own table.
    pub(crate) fn own(dialect: &Dialect) -> Self {
        let OwnTable { table, id, .. } = OWN;
        Self {
            join: format!(r#"JOIN {table} AS u ON u.{id} = r."user_id""#),
            selected: OWN.selected(),
            ids: format!("SELECT {id} FROM {table}"),
            redeem: OWN.redeem(dialect),
        }
    }
}

impl OwnTable {
    fn redeem(&self, dialect: &Dialect) -> Redeem {
        let resets = r#""reset_password_resets""#;
        let (set, matches) = (self.redeem_set(""), self.redeem_matches("", dialect));
        let Self { table, id, .. } = self;
        let one = |text: &str| (dialect.render(text), RowCount::Exactly(1));
        Redeem(match dialect {
            Dialect::Sqlite => vec![
                one(&format!("UPDATE {table} SET {set} WHERE {matches}")),
                one(&format!("UPDATE {resets} SET {}", spend(dialect, "", ""))),
            ],
            // One trip instead of two. The user is changed first, because the second update reads which.
            Dialect::Postgres { .. } => vec![one(&format!(
                r#"WITH "changed" AS (UPDATE {table} SET {set} WHERE {matches} RETURNING {id}) UPDATE {resets} SET {} AND "user_id" IN (SELECT {id} FROM "changed")"#,
                spend(dialect, "", ""),
            ))],
            Dialect::Mysql => {
                let spend = spend(dialect, "r.", "r.");
                let (columns, predicate) = spend.split_once(" WHERE ").unwrap_or((&spend, ""));
                let text = format!(
                    "UPDATE {table} AS u JOIN {resets} AS r ON r.\"user_id\" = u.{id} SET {}, {columns} WHERE {} AND {predicate}",
                    self.redeem_set("u."),
                    self.redeem_matches("u.", dialect),
                );
                vec![(dialect.render(&text), RowCount::Exactly(2))]
            }
        })
    }
}

/// Reads a record from the columns that come next.
pub(crate) fn read(row: &mut Row) -> Result<UserRecord, StoreError> {
    row.of("a user's row");
    let moment = |row: &mut Row| {
        row.optional_integer()
            .map(|millis| millis.map(Timestamp::from_unix_millis))
    };
    let (id, email, email_lookup) = (row.text()?, row.text()?, row.text()?);
    let email_verified = row.truth()?;
    let (hash, form) = (row.optional_text()?, row.optional_text()?);
    let password = match hash {
        None => None,
        Some(hash) => Some(StoredPassword {
            hash,
            form: read_form(form.as_deref())?,
        }),
    };
    let (first_name, last_name, name) = (
        row.optional_text()?,
        row.optional_text()?,
        row.optional_text()?,
    );
    let profile_picture_url = row.optional_text()?;
    let last_sign_in_at = moment(row)?;
    let external_id = row.optional_text()?;
    let metadata: BTreeMap<String, String> =
        serde_json::from_str(&row.text()?).map_err(|_| StoreError::Damaged("a user's metadata"))?;
    let locale = row.optional_text()?;
    let credentials_changed_at = moment(row)?;
    Ok(UserRecord {
        email_lookup,
        password,
        user: User {
            id,
            email,
            email_verified,
            first_name,
            last_name,
            name,
            profile_picture_url,
            last_sign_in_at,
            external_id,
            metadata,
            locale,
            credentials_changed_at,
            created_at: Timestamp::from_unix_millis(row.integer()?),
            updated_at: Timestamp::from_unix_millis(row.integer()?),
        },
    })
}

/// Reads whom a link is sent to from the columns that come next.
pub(crate) fn read_recipient(row: &mut Row) -> Result<Recipient, StoreError> {
    row.of("a user's row");
    let (user_id, email, email_lookup) = (row.text()?, row.text()?, row.text()?);
    let password_hash = row.optional_text()?;
    Ok(Recipient {
        credential: Credential::new(&email, &email_lookup, password_hash.as_deref()),
        user_id,
        email,
    })
}

/// The metadata as it is stored.
pub(crate) fn metadata(record: &UserRecord) -> Result<String, StoreError> {
    serde_json::to_string(&record.user.metadata)
        .map_err(|_| StoreError::Damaged("a user's metadata"))
}

/// Every column, in the order of the table's columns.
pub(crate) fn values<'a>(record: &'a UserRecord, metadata: &'a str) -> [Param<'a>; 17] {
    let user = &record.user;
    let millis = |moment: Option<Timestamp>| moment.map(Timestamp::unix_millis);
    let form = record
        .password
        .as_ref()
        .map(|password| form_name(password.form));
    [
        (&user.id).into(),
        (&user.email).into(),
        record.email_lookup.as_bytes().into(),
        user.email_verified.into(),
        record.password_hash().into(),
        form.into(),
        user.first_name.as_deref().into(),
        user.last_name.as_deref().into(),
        user.name.as_deref().into(),
        user.profile_picture_url.as_deref().into(),
        millis(user.last_sign_in_at).into(),
        user.external_id.as_deref().into(),
        metadata.into(),
        user.locale.as_deref().into(),
        millis(user.credentials_changed_at).into(),
        user.created_at.unix_millis().into(),
        user.updated_at.unix_millis().into(),
    ]
}

/// The values of the statement that notes a login.
pub(crate) fn sign_in<'a>(sign_in: &'a SignIn<'a>) -> [Param<'a>; 6] {
    [
        sign_in.user_id.into(),
        sign_in.verified_hash.into(),
        sign_in.at.unix_millis().into(),
        sign_in.address.into(),
        sign_in.credential.into(),
        sign_in.fewer_than.into(),
    ]
}

pub(crate) const fn form_name(form: PasswordForm) -> &'static str {
    match form {
        PasswordForm::Nfc => "nfc",
        PasswordForm::Raw => "raw",
    }
}

/// A hash whose form is not recorded was not written by the engine.
fn read_form(name: Option<&str>) -> Result<PasswordForm, StoreError> {
    match name {
        Some("nfc") => Ok(PasswordForm::Nfc),
        Some("raw") | None => Ok(PasswordForm::Raw),
        Some(_) => Err(StoreError::Damaged("a password's form")),
    }
}
