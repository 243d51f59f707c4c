//! The schema that the tables are in.

use super::{address::PostgresUrl, error::is_made_by_another};
use crate::sql::{Connection, Param, SqlError, Statement};

/// The name of the schema: the URL's, which is made if it is not there and `migrate` allows it, or else the
/// user's current one.
///
/// # Errors
///
/// `Config` if there is none, and how to make one.
pub(crate) fn prepare(
    connection: &mut dyn Connection,
    url: &PostgresUrl,
    migrate: bool,
) -> Result<String, SqlError> {
    let Some(schema) = url.schema() else {
        return current(connection)?.ok_or_else(|| {
            SqlError::Config(
                "PostgreSQL's user has no current schema: none of its search_path exists, or it may \
                 use none; create one, or name one with schema in the PostgreSQL URL"
                    .to_owned(),
            )
        });
    };
    if exists(connection, schema)? {
        return Ok(schema.to_owned());
    }
    if !migrate {
        return Err(SqlError::Config(format!(
            "the schema {schema} does not exist; run `reset-password migrate`, or leave migrate on"
        )));
    }
    create(connection, schema)?;
    tracing::info!(schema, "the schema was created");
    Ok(schema.to_owned())
}

fn current(connection: &mut dyn Connection) -> Result<Option<String>, SqlError> {
    let statement = Statement::numbered("SELECT current_schema()".to_owned());
    text(connection, &statement, &[])
}

/// Asked first: to create a schema needs a privilege also where it exists.
fn exists(connection: &mut dyn Connection, schema: &str) -> Result<bool, SqlError> {
    let statement =
        Statement::numbered("SELECT nspname FROM pg_namespace WHERE nspname = $1".to_owned());
    Ok(text(connection, &statement, &[schema.into()])?.is_some())
}

fn create(connection: &mut dyn Connection, schema: &str) -> Result<(), SqlError> {
    let quoted = schema.replace('"', "\"\"");
    let text = format!("CREATE SCHEMA IF NOT EXISTS \"{quoted}\"");
    match connection.execute(&Statement::numbered(text), &[]) {
        Ok(_) => Ok(()),
        Err(error) if is_made_by_another(&error) => Ok(()),
        Err(SqlError::Config(_)) => Err(SqlError::Config(format!(
            "the schema {schema} does not exist, and PostgreSQL's user may not create it; create it \
             (CREATE SCHEMA \"{quoted}\" AUTHORIZATION its user), or grant the user CREATE on the database"
        ))),
        Err(error) => Err(error),
    }
}

fn text(
    connection: &mut dyn Connection,
    statement: &Statement,
    params: &[Param<'_>],
) -> Result<Option<String>, SqlError> {
    let mut rows = connection.query(statement, params)?;
    let Some(row) = rows.first_mut() else {
        return Ok(None);
    };
    row.optional_text()
        .map_err(|error| SqlError::Failed(format!("{error:?}").into()))
}
