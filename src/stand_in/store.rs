//! The users, in SQLite.
//!
//! One thread has the connection and does one piece of work after the other, each in a transaction of its own: what reads a
//! user to write it begins with `BEGIN IMMEDIATE`, so that no other process that has the file open comes in between. The log is
//! written ahead and handed to the system before a piece of work is answered: it outlives the process, however that ends. Where it
//! is synced, the disk has it by then, and it outlives the power.

use std::{io, thread};

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use tokio::sync::{mpsc, oneshot};

use super::{
    config::Data,
    passwords::{HashError, Hashed},
    seed::SeedUser,
};

/// Which user it is.
#[derive(Clone)]
pub(super) struct Key {
    pub(super) vendor: &'static str,
    /// The account, where the path has one, or nothing.
    pub(super) account: String,
    pub(super) id: String,
}

/// Why the store did not do what it was asked. Says nothing of a user.
#[derive(Debug, thiserror::Error)]
pub(super) enum StoreError {
    #[error("the database: {0}")]
    Database(#[from] rusqlite::Error),
    #[error("the database has the layout of another version")]
    Layout,
    #[error(transparent)]
    Password(#[from] HashError),
    #[error("what is stored is no user")]
    NoUser,
    #[error("the thread of the database has ended")]
    Gone,
    #[error("the thread of the database: {0}")]
    NoThread(#[from] io::Error),
}

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// The way to the thread that has the users. What is no job ends it.
#[derive(Clone)]
pub(super) struct Store(mpsc::Sender<Option<Job>>);

/// How much work may wait.
const WAITING: usize = 1024;

/// The layout, as the database notes it.
const LAYOUT: i64 = 2;
/// The layout of a database that knows no passwords.
const WITHOUT_PASSWORDS: i64 = 1;
/// What that one lacks.
const ADD_PASSWORDS: &str = "ALTER TABLE users ADD COLUMN password BLOB";

impl Store {
    /// Opens the database, which has the users of the seed where it is new. The thread ends when the last way to it is gone, or
    /// when it is told to. Where a commit is not `synced`, the disk has it at the next checkpoint.
    pub(super) fn open(
        data: &Data,
        synced: bool,
        seed: &[SeedUser],
    ) -> Result<(Self, thread::JoinHandle<()>), StoreError> {
        let mut connection = match data {
            Data::Memory => Connection::open_in_memory()?,
            Data::File(path) => Connection::open(path)?,
        };
        connection.busy_timeout(std::time::Duration::from_secs(5))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", if synced { "FULL" } else { "NORMAL" })?;
        found(&mut connection, seed)?;
        let (jobs, mut waiting) = mpsc::channel::<Option<Job>>(WAITING);
        let thread = thread::Builder::new().name("users".to_owned()).spawn(move || {
            while let Some(Some(job)) = waiting.blocking_recv() {
                job(&mut connection);
            }
        })?;
        Ok((Self(jobs), thread))
    }

    /// Closes the database when what is asked of it so far is done. What comes later is not.
    pub(super) async fn close(&self) {
        // Where nobody hears it, it is closed.
        let _ = self.0.send(None).await;
    }

    /// Does a piece of work that may write.
    pub(super) async fn write<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: FnOnce(&Users<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.work(TransactionBehavior::Immediate, work).await
    }

    /// Does a piece of work that writes nothing.
    pub(super) async fn read<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: FnOnce(&Users<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.work(TransactionBehavior::Deferred, work).await
    }

    async fn work<T, W>(&self, behavior: TransactionBehavior, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: FnOnce(&Users<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let (tell, told) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let done = transaction(connection, behavior, work);
            // Whoever asked may have gone.
            let _ = tell.send(done);
        });
        self.0.send(Some(job)).await.map_err(|_| StoreError::Gone)?;
        told.await.map_err(|_| StoreError::Gone)?
    }
}

fn transaction<T>(
    connection: &mut Connection,
    behavior: TransactionBehavior,
    work: impl FnOnce(&Users<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let users = Users(connection.transaction_with_behavior(behavior)?);
    let done = work(&users)?;
    users.0.commit()?;
    Ok(done)
}

/// Lays a new database out.
fn found(connection: &mut Connection, seed: &[SeedUser]) -> Result<(), StoreError> {
    transaction(connection, TransactionBehavior::Immediate, |users| {
        let layout: i64 = users.0.pragma_query_value(None, "user_version", |row| row.get(0))?;
        match layout {
            LAYOUT => return Ok(()),
            WITHOUT_PASSWORDS => {
                users.0.execute_batch(ADD_PASSWORDS)?;
                return Ok(users.0.pragma_update(None, "user_version", LAYOUT)?);
            }
            0 => {}
            _ => return Err(StoreError::Layout),
        }
        users.0.execute_batch(
            "CREATE TABLE users (
                vendor TEXT NOT NULL, account TEXT NOT NULL, id TEXT NOT NULL, user TEXT NOT NULL,
                PRIMARY KEY (vendor, account, id)
            ) STRICT, WITHOUT ROWID",
        )?;
        users.0.execute_batch(ADD_PASSWORDS)?;
        users.0.pragma_update(None, "user_version", LAYOUT)?;
        for SeedUser { vendor, account, id, text, password } in seed {
            let key = Key { vendor, account: account.clone(), id: id.clone() };
            users.add(&key, text)?;
            if let Some(password) = password {
                users.set_password(&key, &Hashed::of(password)?)?;
            }
        }
        Ok(())
    })
}

/// The users, within a transaction.
pub(super) struct Users<'c>(Transaction<'c>);

impl Users<'_> {
    pub(super) fn get(&self, key: &Key) -> Result<Option<String>, StoreError> {
        let mut statement =
            self.0.prepare_cached("SELECT user FROM users WHERE vendor = ?1 AND account = ?2 AND id = ?3")?;
        Ok(statement.query_row(params![key.vendor, key.account, key.id], |row| row.get(0)).optional()?)
    }

    /// Writes a user that is there.
    pub(super) fn put(&self, key: &Key, user: &str) -> Result<(), StoreError> {
        let mut statement =
            self.0.prepare_cached("UPDATE users SET user = ?4 WHERE vendor = ?1 AND account = ?2 AND id = ?3")?;
        statement.execute(params![key.vendor, key.account, key.id, user])?;
        Ok(())
    }

    /// Writes a user that is new; false where there is one.
    pub(super) fn add(&self, key: &Key, user: &str) -> Result<bool, StoreError> {
        let mut statement =
            self.0.prepare_cached("INSERT OR IGNORE INTO users (vendor, account, id, user) VALUES (?1, ?2, ?3, ?4)")?;
        Ok(statement.execute(params![key.vendor, key.account, key.id, user])? == 1)
    }

    /// What is kept of the password of a user who is there; nothing where none was set.
    pub(super) fn password(&self, key: &Key) -> Result<Option<Hashed>, StoreError> {
        let mut statement =
            self.0.prepare_cached("SELECT password FROM users WHERE vendor = ?1 AND account = ?2 AND id = ?3")?;
        let found: Option<Option<Vec<u8>>> =
            statement.query_row(params![key.vendor, key.account, key.id], |row| row.get(0)).optional()?;
        Ok(found.flatten().and_then(|bytes| Hashed::from_bytes(&bytes)))
    }

    pub(super) fn set_password(&self, key: &Key, password: &Hashed) -> Result<(), StoreError> {
        let mut statement =
            self.0.prepare_cached("UPDATE users SET password = ?4 WHERE vendor = ?1 AND account = ?2 AND id = ?3")?;
        statement.execute(params![key.vendor, key.account, key.id, password.bytes()])?;
        Ok(())
    }

    /// Takes a user away, and what is kept of its password.
    pub(super) fn remove(&self, key: &Key) -> Result<(), StoreError> {
        let mut statement =
            self.0.prepare_cached("DELETE FROM users WHERE vendor = ?1 AND account = ?2 AND id = ?3")?;
        statement.execute(params![key.vendor, key.account, key.id])?;
        Ok(())
    }

    /// The users of an account after this one in the order of their ids, at most so many.
    pub(super) fn list(
        &self,
        vendor: &str,
        account: &str,
        after: &str,
        most: u32,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let mut statement = self.0.prepare_cached(
            "SELECT id, user FROM users WHERE vendor = ?1 AND account = ?2 AND id > ?3 ORDER BY id LIMIT ?4",
        )?;
        let rows = statement.query_map(params![vendor, account, after, most], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub(super) fn count(&self, vendor: &str, account: &str) -> Result<u64, StoreError> {
        let mut statement = self.0.prepare_cached("SELECT count(*) FROM users WHERE vendor = ?1 AND account = ?2")?;
        let count: i64 = statement.query_row(params![vendor, account], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// Every user of a vendor: the account, the id, the user.
    pub(super) fn all(&self, vendor: &str) -> Result<Vec<(String, String, String)>, StoreError> {
        let mut statement =
            self.0.prepare_cached("SELECT account, id, user FROM users WHERE vendor = ?1 ORDER BY account, id")?;
        let rows = statement.query_map([vendor], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

#[cfg(test)]
mod tests {
    use super::{Data, Store};

    #[test]
    fn a_commit_is_on_the_disk_where_that_is_wanted() {
        let path = std::env::temp_dir().join(format!("user-patch-synced-{}.sqlite", std::process::id()));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        // What SQLite calls NORMAL and FULL.
        for (synced, level) in [(false, 1), (true, 2)] {
            let (store, thread) = Store::open(&Data::File(path.clone()), synced, &[]).unwrap();
            let pragmas = store.read(|users| {
                let level: i64 = users.0.pragma_query_value(None, "synchronous", |row| row.get(0))?;
                let journal: String = users.0.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
                Ok((level, journal))
            });
            assert_eq!(runtime.block_on(pragmas).unwrap(), (level, "wal".to_owned()));
            drop(store);
            thread.join().unwrap();
        }
        std::fs::remove_file(&path).unwrap();
    }
}
