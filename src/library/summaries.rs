//! Texts that were told of events, albums, years and people, kept until what they tell of changes; and the user's words.

use sqlx::FromRow;

use super::{Library, Result, unix_now};

/// Which text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// `event`, `album`, `year` or `person`.
    pub about: String,
    /// Its identifier.
    pub subject: String,
    /// `line`, `paragraph` or `page`.
    pub length: String,
    /// `plain`, `warm` or `playful`.
    pub tone: String,
    /// Code of the language.
    pub language: String,
}

/// A text as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Kept {
    /// Digest of the facts that it was made of.
    pub evidence: String,
    /// JSON: the sentences, each with its media.
    pub body: String,
    /// The words are the user's.
    pub edited: bool,
    /// The language model that told it; empty without one.
    pub by: String,
}

impl Library {
    /// The text that is kept.
    pub async fn kept_summary(&self, key: &Key) -> Result<Option<Kept>> {
        let sql = "SELECT evidence, body, edited <> 0 AS edited, told_by AS by FROM summaries \
                   WHERE about = $1 AND subject = $2 AND length = $3 AND language = $4 AND tone = $5";
        let row = sqlx::query_as(sql).bind(&key.about).bind(&key.subject).bind(&key.length).bind(&key.language);
        let row = row.bind(&key.tone);
        Ok(row.fetch_optional(&self.read).await?)
    }

    /// Keeps a text in place of the one before.
    pub async fn keep_summary(&self, key: &Key, kept: &Kept) -> Result<()> {
        sqlx::query(
            "INSERT INTO summaries (about, subject, length, tone, language, evidence, body, edited, told_by, made) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (about, subject, length, tone, language) DO UPDATE SET \
             evidence = excluded.evidence, body = excluded.body, edited = excluded.edited, told_by = excluded.told_by, \
             made = excluded.made",
        )
        .bind(&key.about)
        .bind(&key.subject)
        .bind(&key.length)
        .bind(&key.tone)
        .bind(&key.language)
        .bind(&kept.evidence)
        .bind(&kept.body)
        .bind(i64::from(kept.edited))
        .bind(&kept.by)
        .bind(unix_now())
        .execute(&self.write)
        .await?;
        Ok(())
    }

    /// Forgets a text.
    pub async fn forget_summary(&self, key: &Key) -> Result<()> {
        let sql =
            "DELETE FROM summaries WHERE about = $1 AND subject = $2 AND length = $3 AND language = $4 AND tone = $5";
        sqlx::query(sql)
            .bind(&key.about)
            .bind(&key.subject)
            .bind(&key.length)
            .bind(&key.language)
            .bind(&key.tone)
            .execute(&self.write)
            .await?;
        Ok(())
    }
}
