//! What the user wants less of among memories, as it is stored: about what, and how much less.
//!
//! What the words mean is left to `assistant::memories`. There is one word about each subject; saying another replaces it,
//! and taking it back leaves nothing.

use sqlx::FromRow;

use crate::library::{Library, Part, Result, touch, unix_now};

/// What the user said of a subject.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Said {
    /// `person`, `event`, `days` or `kind`.
    pub about: String,
    /// An identifier, two days joined by `..`, or the name of a kind.
    pub subject: String,
    /// `less` or `never`.
    pub amount: String,
    /// Unix seconds.
    pub made: i64,
}

impl Library {
    /// Everything that the user said of memories, latest first.
    pub async fn memory_feedback(&self) -> Result<Vec<Said>> {
        let sql = "SELECT about, subject, amount, made FROM memory_feedback ORDER BY made DESC, about, subject";
        Ok(sqlx::query_as(sql).fetch_all(&self.read).await?)
    }

    /// Keeps what the user says of a subject, in place of what they said of it before.
    pub async fn say_of_memories(&self, about: &str, subject: &str, amount: &str) -> Result<()> {
        let mut tx = self.begin().await?;
        let sql = "INSERT INTO memory_feedback (about, subject, amount, made) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (about, subject) DO UPDATE SET amount = excluded.amount, made = excluded.made";
        sqlx::query(sql).bind(about).bind(subject).bind(amount).bind(unix_now()).execute(&mut *tx).await?;
        touch(&mut tx, Part::Contents).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Takes back what the user said of a subject; returns whether there was anything.
    pub async fn unsay_of_memories(&self, about: &str, subject: &str) -> Result<bool> {
        let mut tx = self.begin().await?;
        let sql = "DELETE FROM memory_feedback WHERE about = $1 AND subject = $2";
        let done = sqlx::query(sql).bind(about).bind(subject).execute(&mut *tx).await?.rows_affected();
        touch(&mut tx, Part::Contents).await?;
        tx.commit().await?;
        Ok(done > 0)
    }
}
