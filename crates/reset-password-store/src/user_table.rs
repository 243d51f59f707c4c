//! The users' table and its columns, named here and nowhere else.

use std::collections::BTreeMap;

use reset_password_core::{
    Timestamp, User,
    store::{PasswordForm, StoreError, StoredPassword, UserRecord},
};
use sqlx::{Row, sqlite::SqliteRow};

/// Where users are kept.
pub(crate) struct UserTable {
    table: &'static str,
    id: &'static str,
    sequence: &'static str,
    email_lookup: &'static str,
    external_id: &'static str,
    email_verified: &'static str,
    password_hash: &'static str,
    password_form: &'static str,
    last_sign_in_at: &'static str,
    credentials_changed_at: &'static str,
    updated_at: &'static str,
    /// Every column of a record, in the order in which [`read`] and [`UserTable::insert`] take them.
    columns: &'static [&'static str],
}

/// The engine's own table.
pub(crate) const OWN: UserTable = UserTable {
    table: r#""reset_password_users""#,
    id: r#""id""#,
    sequence: r#""sequence""#,
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

impl UserTable {
    /// How many columns a record has.
    pub(crate) const fn width(&self) -> usize {
        self.columns.len()
    }

    /// The columns of a record, of the table under the alias `u`.
    pub(crate) fn selected(&self) -> String {
        let columns: Vec<_> = self
            .columns
            .iter()
            .map(|column| format!("u.{column}"))
            .collect();
        columns.join(", ")
    }

    pub(crate) fn aliased(&self) -> String {
        format!("{} AS u", self.table)
    }

    pub(crate) fn id(&self) -> String {
        format!("u.{}", self.id)
    }

    pub(crate) fn select_by_id(&self) -> String {
        self.select_where(self.id)
    }

    pub(crate) fn select_by_email_lookup(&self) -> String {
        self.select_where(self.email_lookup)
    }

    pub(crate) fn select_by_external_id(&self) -> String {
        self.select_where(self.external_id)
    }

    fn select_where(&self, column: &str) -> String {
        format!(
            "SELECT {} FROM {} WHERE u.{column} = ?1",
            self.selected(),
            self.aliased()
        )
    }

    /// `?1` a look-up address or null, `?2` the sequence to go beyond or null, `?3` how many.
    pub(crate) fn select_page(&self, ascending: bool) -> String {
        let (sign, direction) = if ascending {
            (">", "ASC")
        } else {
            ("<", "DESC")
        };
        format!(
            "SELECT {} FROM {} WHERE (?1 IS NULL OR u.{lookup} = ?1) \
             AND (?2 IS NULL OR u.{sequence} {sign} ?2) ORDER BY u.{sequence} {direction} LIMIT ?3",
            self.selected(),
            self.aliased(),
            lookup = self.email_lookup,
            sequence = self.sequence,
        )
    }

    pub(crate) fn select_sequence(&self) -> String {
        format!(
            "SELECT u.{} FROM {} WHERE u.{} = ?1",
            self.sequence,
            self.aliased(),
            self.id
        )
    }

    pub(crate) fn select_ids(&self) -> String {
        format!("SELECT {} FROM {}", self.id, self.table)
    }

    /// Takes every column of [`bind`].
    pub(crate) fn insert(&self) -> String {
        let places: Vec<_> = (1..=self.columns.len()).map(|n| format!("?{n}")).collect();
        format!(
            "INSERT INTO {} ({}) VALUES ({})",
            self.table,
            self.columns.join(", "),
            places.join(", ")
        )
    }

    /// Takes every column of [`bind`]; the first says which row.
    pub(crate) fn update(&self) -> String {
        let sets: Vec<_> = self
            .columns
            .iter()
            .zip(1..)
            .skip(1)
            .map(|(column, n)| format!("{column} = ?{n}"))
            .collect();
        format!(
            "UPDATE {} SET {} WHERE {} = ?1",
            self.table,
            sets.join(", "),
            self.id
        )
    }

    pub(crate) fn delete(&self) -> String {
        format!("DELETE FROM {} WHERE {} = ?1", self.table, self.id)
    }

    /// Sets the password, which verifies the address. Takes the hash, its form, now twice, the user.
    pub(crate) fn reset_password(&self) -> String {
        format!(
            "UPDATE {} SET {} = ?, {} = ?, {} = 1, {} = ?, {} = ? WHERE {} = ?",
            self.table,
            self.password_hash,
            self.password_form,
            self.email_verified,
            self.credentials_changed_at,
            self.updated_at,
            self.id,
        )
    }

    /// `?1` the user, `?2` the hash, `?3` its form, `?4` the hash that must be in force.
    pub(crate) fn upgrade_password(&self) -> String {
        format!(
            "UPDATE {} SET {hash} = ?2, {} = ?3 WHERE {} = ?1 AND {hash} = ?4",
            self.table,
            self.password_form,
            self.id,
            hash = self.password_hash,
        )
    }

    /// `?1` the user, `?2` now.
    pub(crate) fn record_sign_in(&self) -> String {
        format!(
            "UPDATE {} SET {} = ?2 WHERE {} = ?1",
            self.table, self.last_sign_in_at, self.id
        )
    }

    /// What a broken unique index means, from the message that names its column.
    pub(crate) fn taken(&self, message: &str) -> Option<StoreError> {
        let names = |column: &str| message.ends_with(&format!(".{}", column.trim_matches('"')));
        if names(self.email_lookup) {
            return Some(StoreError::EmailTaken);
        }
        names(self.external_id).then_some(StoreError::ExternalIdTaken)
    }
}

/// Reads a record from the columns of [`UserTable::selected`], the first of which is at `first`.
pub(crate) fn read(row: &SqliteRow, first: usize) -> Result<UserRecord, StoreError> {
    let unreadable = |_: sqlx::Error| StoreError::Damaged("a user's row");
    let moment = |at: usize| {
        let millis: Option<i64> = row.try_get(first + at).map_err(unreadable)?;
        Ok::<_, StoreError>(millis.map(Timestamp::from_unix_millis))
    };
    let text = |at: usize| row.try_get::<String, _>(first + at).map_err(unreadable);
    let optional = |at: usize| {
        row.try_get::<Option<String>, _>(first + at)
            .map_err(unreadable)
    };
    let lookup: Vec<u8> = row.try_get(first + 2).map_err(unreadable)?;
    let password = match optional(4)? {
        None => None,
        Some(hash) => Some(StoredPassword {
            hash,
            form: form(optional(5)?.as_deref())?,
        }),
    };
    let metadata: BTreeMap<String, String> =
        serde_json::from_str(&text(12)?).map_err(|_| StoreError::Damaged("a user's metadata"))?;
    let required = |at: usize| moment(at)?.ok_or(StoreError::Damaged("a user's row"));
    Ok(UserRecord {
        email_lookup: String::from_utf8(lookup)
            .map_err(|_| StoreError::Damaged("a user's e-mail address"))?,
        password,
        user: User {
            id: text(0)?,
            email: text(1)?,
            email_verified: row.try_get(first + 3).map_err(unreadable)?,
            first_name: optional(6)?,
            last_name: optional(7)?,
            name: optional(8)?,
            profile_picture_url: optional(9)?,
            last_sign_in_at: moment(10)?,
            external_id: optional(11)?,
            metadata,
            locale: optional(13)?,
            credentials_changed_at: moment(14)?,
            created_at: required(15)?,
            updated_at: required(16)?,
        },
    })
}

/// Binds every column, in the order of [`UserTable::insert`] and [`UserTable::update`].
pub(crate) fn bind<'q>(
    query: crate::statements::Query<'q>,
    record: &UserRecord,
) -> Result<crate::statements::Query<'q>, StoreError> {
    let user = record.user.clone();
    let millis = |moment: Option<Timestamp>| moment.map(Timestamp::unix_millis);
    let metadata = serde_json::to_string(&user.metadata)
        .map_err(|_| StoreError::Damaged("a user's metadata"))?;
    let (hash, form) = match &record.password {
        None => (None, None),
        Some(password) => (Some(password.hash.clone()), Some(form_name(password.form))),
    };
    Ok(query
        .bind(user.id)
        .bind(user.email)
        .bind(record.email_lookup.clone().into_bytes())
        .bind(user.email_verified)
        .bind(hash)
        .bind(form)
        .bind(user.first_name)
        .bind(user.last_name)
        .bind(user.name)
        .bind(user.profile_picture_url)
        .bind(millis(user.last_sign_in_at))
        .bind(user.external_id)
        .bind(metadata)
        .bind(user.locale)
        .bind(millis(user.credentials_changed_at))
        .bind(user.created_at.unix_millis())
        .bind(user.updated_at.unix_millis()))
}

pub(crate) const fn form_name(form: PasswordForm) -> &'static str {
    match form {
        PasswordForm::Nfc => "nfc",
        PasswordForm::Raw => "raw",
    }
}

/// A hash whose form is not recorded was not written by the engine.
fn form(name: Option<&str>) -> Result<PasswordForm, StoreError> {
    match name {
        Some("nfc") => Ok(PasswordForm::Nfc),
        Some("raw") | None => Ok(PasswordForm::Raw),
        Some(_) => Err(StoreError::Damaged("a password's form")),
    }
}
