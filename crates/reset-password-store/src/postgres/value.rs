//! Values as PostgreSQL sends and takes them.

use std::{error::Error as StdError, fmt};

use bytes::BytesMut;
use tokio_postgres::{
    Column,
    types::{FromSql, IsNull, ToSql, Type, to_sql_checked},
};

use crate::sql::{Kind, Param, Row, Source, SqlError, Value};

type Fallible<T> = Result<T, Box<dyn StdError + Sync + Send>>;

/// A value to bind.
pub(super) struct Bound<'a>(pub(super) Param<'a>);

impl Bound<'_> {
    /// The type that it is sent as. The server casts it to the column's where it is stored.
    pub(super) const fn kind(&self) -> Type {
        match self.0 {
            Param::Integer(_) | Param::Null(Kind::Integer) => Type::INT8,
            Param::Text(_) | Param::Null(Kind::Text) => Type::TEXT,
            Param::Bytes(_) | Param::Null(Kind::Bytes) => Type::BYTEA,
        }
    }

    /// Whether it is text that no column can hold.
    pub(super) fn is_unstorable(&self) -> bool {
        matches!(self.0, Param::Text(text) if text.contains('\0'))
    }
}

impl fmt::Debug for Bound<'_> {
    /// Not the value: it may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Bound").field(&self.kind()).finish()
    }
}

impl ToSql for Bound<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Fallible<IsNull> {
        match self.0 {
            Param::Null(_) => Ok(IsNull::Yes),
            Param::Integer(integer) => integer.to_sql(kind, out),
            Param::Text(text) => text.to_sql(kind, out),
            Param::Bytes(bytes) => bytes.to_sql(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A value of a row, of one of the types that the engine reads.
struct Received(Value);

impl<'a> FromSql<'a> for Received {
    fn from_sql(kind: &Type, bytes: &'a [u8]) -> Fallible<Self> {
        Ok(Self(match *kind {
            Type::BOOL => Value::Integer(bool::from_sql(kind, bytes)?.into()),
            Type::INT2 => Value::Integer(i16::from_sql(kind, bytes)?.into()),
            Type::INT4 => Value::Integer(i32::from_sql(kind, bytes)?.into()),
            Type::INT8 => Value::Integer(i64::from_sql(kind, bytes)?),
            Type::BYTEA => Value::Bytes(bytes.to_vec()),
            _ => Value::Text(String::from_sql(kind, bytes)?),
        }))
    }

    fn from_sql_null(_: &Type) -> Fallible<Self> {
        Ok(Self(Value::Null))
    }

    fn accepts(kind: &Type) -> bool {
        matches!(
            *kind,
            Type::BOOL
                | Type::INT2
                | Type::INT4
                | Type::INT8
                | Type::BYTEA
                | Type::TEXT
                | Type::VARCHAR
                | Type::BPCHAR
                | Type::NAME
        )
    }
}

/// A row as the engine reads it.
pub(super) fn row(row: &tokio_postgres::Row) -> Result<Row, SqlError> {
    let values = (0..row.len()).map(|column| {
        row.try_get::<_, Received>(column)
            .map(|received| received.0)
            // Not the error itself: nothing of a row's values goes to a log.
            .map_err(|_| {
                let kind = row.columns().get(column).map(Column::type_);
                let kind = kind.map_or("", Type::name);
                let text = format!("column {column} is of type {kind}, which is not read");
                SqlError::Failed(Source::from(text))
            })
    });
    Ok(Row::new(values.collect::<Result<_, _>>()?))
}
