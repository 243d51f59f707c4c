//! What the runner does to a database behind the surfaces' back.

use std::{
    path::Path,
    sync::mpsc,
    thread::{self, JoinHandle},
    time::Duration,
};

use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions,
};

/// Makes a live reset older.
pub fn age_reset(database: &Path, id: &str, seconds: u64) -> Result<(), String> {
    let age = Duration::from_secs(seconds);
    wait(async {
        let aged = reset_password_test_tools::age_reset(database, None, id, age).await;
        aged.map_err(|error| error.to_string())
    })
}

/// Executes a statement. An update must change something.
pub fn execute(database: &Path, statement: &str) -> Result<(), String> {
    let changes_rows = statement.starts_with("UPDATE ");
    wait(async {
        let mut connection = connect(database).await?;
        let statement = AssertSqlSafe(statement.to_owned());
        let done = sqlx::query(statement).execute(&mut connection).await;
        let closed = connection.close().await;
        let done = done.map_err(|error| error.to_string())?;
        closed.map_err(|error| error.to_string())?;
        if done.rows_affected() == 0 && changes_rows {
            return Err("the statement changed nothing".to_owned());
        }
        Ok(())
    })
}

/// The write lock, while it lives.
pub struct Lock {
    release: mpsc::Sender<()>,
    thread: Option<JoinHandle<()>>,
}

impl Lock {
    pub fn take(database: &Path) -> Result<Self, String> {
        let (tell, told) = mpsc::channel();
        let (release, released) = mpsc::channel();
        let database = database.to_owned();
        let thread = thread::spawn(move || {
            let outcome = wait(async {
                let mut connection = connect(&database).await?;
                let begun = connection.begin_with("BEGIN IMMEDIATE").await;
                let transaction = begun.map_err(|error| error.to_string())?;
                let _ = tell.send(Ok(()));
                let _ = released.recv();
                drop(transaction);
                connection.close().await.map_err(|error| error.to_string())
            });
            let _ = tell.send(outcome);
        });
        told.recv().map_err(|error| error.to_string())??;
        Ok(Self {
            release,
            thread: Some(thread),
        })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.release.send(());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn connect(database: &Path) -> Result<SqliteConnection, String> {
    SqliteConnectOptions::new()
        .filename(database)
        .create_if_missing(false)
        .busy_timeout(Duration::from_secs(5))
        .connect()
        .await
        .map_err(|error| error.to_string())
}

fn wait<T>(work: impl Future<Output = Result<T, String>>) -> Result<T, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.map_err(|error| error.to_string())?.block_on(work)
}
