//! Values on their way to the server and back.

use mysql::{Column, consts::ColumnType};

use super::error::failed;
use crate::sql::{Param, Row, SqlError, Statement, Value};

/// How much is taken in one packet: MySQL's own default.
pub(super) const MAX_PACKET: usize = 64 * 1024 * 1024;
/// How much is bound to one statement. MariaDB takes packets of 16 MiB by default and hangs up on larger ones.
const MAX_BOUND: usize = 15 * 1024 * 1024;

/// The value of each place of a statement, in their order.
pub(super) fn bind(
    statement: &Statement,
    params: &[Param<'_>],
) -> Result<Vec<mysql::Value>, SqlError> {
    // The connection would be lost, and the call be run again.
    let size: usize = params.iter().map(size).sum();
    if size > MAX_BOUND {
        return Err(failed("the values of a statement are too large"));
    }
    if statement.places().is_empty() {
        return Ok(params.iter().map(value).collect());
    }
    let bound = statement.places().iter().map(|place| {
        let param = params.get(*place);
        param
            .map(value)
            .ok_or_else(|| failed("a statement has a place that no value was given for"))
    });
    bound.collect()
}

const fn size(param: &Param<'_>) -> usize {
    match param {
        Param::Null(_) | Param::Integer(_) => 0,
        Param::Text(text) => text.len(),
        Param::Bytes(bytes) => bytes.len(),
    }
}

fn value(param: &Param<'_>) -> mysql::Value {
    match param {
        Param::Null(_) => mysql::Value::NULL,
        Param::Integer(integer) => mysql::Value::Int(*integer),
        Param::Text(text) => mysql::Value::Bytes(text.as_bytes().to_vec()),
        Param::Bytes(bytes) => mysql::Value::Bytes(bytes.to_vec()),
    }
}

/// A row as the server gave it.
pub(super) fn row(mut row: mysql::Row) -> Result<Row, SqlError> {
    let columns = row.columns();
    let values = columns.iter().enumerate().map(|(index, column)| {
        let value: Option<mysql::Value> = row.take(index);
        read(column, value.unwrap_or(mysql::Value::NULL))
    });
    Ok(Row::new(values.collect::<Result<_, _>>()?))
}

fn read(column: &Column, value: mysql::Value) -> Result<Value, SqlError> {
    Ok(match value {
        mysql::Value::NULL => Value::Null,
        mysql::Value::Int(integer) => Value::Integer(integer),
        mysql::Value::UInt(integer) => Value::Integer(
            i64::try_from(integer).map_err(|_| failed("a number is larger than 63 bits"))?,
        ),
        mysql::Value::Bytes(bytes) => bytes_or_sum(column, bytes),
        mysql::Value::Float(float) => Value::Text(float.to_string()),
        mysql::Value::Double(double) => Value::Text(double.to_string()),
        mysql::Value::Date(year, month, day, hour, minute, second, micros) => Value::Text(format!(
            "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.{micros:06}"
        )),
        mysql::Value::Time(negative, days, hours, minutes, seconds, micros) => {
            let sign = if negative { "-" } else { "" };
            let hours = u64::from(days) * 24 + u64::from(hours);
            Value::Text(format!(
                "{sign}{hours:02}:{minutes:02}:{seconds:02}.{micros:06}"
            ))
        }
    })
}

/// Text and bytes as they are. The sum of integers comes as a decimal number without decimals, and is an
/// integer here as on the other databases.
fn bytes_or_sum(column: &Column, bytes: Vec<u8>) -> Value {
    if column.column_type() == ColumnType::MYSQL_TYPE_NEWDECIMAL && column.decimals() == 0 {
        let integer = str::from_utf8(&bytes)
            .ok()
            .and_then(|text| text.parse().ok());
        if let Some(integer) = integer {
            return Value::Integer(integer);
        }
    }
    Value::Bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_gets_its_parameter() {
        let statement = Statement::positional("? ? ?".to_owned(), vec![1, 0, 1]);
        let params = [Param::Integer(7), Param::Text("x")];
        let text = mysql::Value::Bytes(b"x".to_vec());
        let bound = bind(&statement, &params).unwrap();
        assert_eq!(bound, [text.clone(), mysql::Value::Int(7), text]);
        assert!(matches!(
            bind(&statement, &params[..1]),
            Err(SqlError::Failed(_))
        ));
    }

    #[test]
    fn a_number_that_does_not_fit_is_refused() {
        let column = Column::new(ColumnType::MYSQL_TYPE_LONGLONG);
        let most = read(&column, mysql::Value::UInt(i64::MAX.unsigned_abs())).unwrap();
        assert_eq!(most, Value::Integer(i64::MAX));
        assert!(read(&column, mysql::Value::UInt(u64::MAX)).is_err());
    }
}
