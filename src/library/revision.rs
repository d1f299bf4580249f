//! What has changed: each change raises the revision of the library and of the part that it is about.
//!
//! Whoever keeps something in memory compares the revisions of the parts that it was made of, so that it outlives the changes
//! of all others. A change that bears on several parts counts for the one on which most rests, as told at each of them.

use std::time::{Duration, Instant};

use sqlx::SqlitePool;

use super::{Library, Result, Tx};

/// A part of the library, as far as something kept in memory rests on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Media that came or went, and what was read from them: times, places, cameras, keywords, people that files name.
    Media,
    /// Who is in which media.
    Faces,
    /// What people are called and what else is said of them.
    People,
    /// The user's keywords; one may be the name of a pet, who then is in other media.
    Tags,
    /// Events with what belongs to them, and with the clocks that were set right.
    Events,
    /// Albums and what is in them.
    Albums,
    /// Concepts, their examples and scores.
    Concepts,
    /// Themes.
    Themes,
    /// What is said or seen in media, notes, jobs: nothing that is kept rests on it alone.
    Contents,
}

impl Part {
    const ALL: [Self; 9] = [
        Self::Media,
        Self::Faces,
        Self::People,
        Self::Tags,
        Self::Events,
        Self::Albums,
        Self::Concepts,
        Self::Themes,
        Self::Contents,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Media => "media",
            Self::Faces => "faces",
            Self::People => "people",
            Self::Tags => "tags",
            Self::Events => "events",
            Self::Albums => "albums",
            Self::Concepts => "concepts",
            Self::Themes => "themes",
            Self::Contents => "contents",
        }
    }
}

/// The revisions of the library at which each part changed last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Revisions([i64; Part::ALL.len()]);

impl Revisions {
    /// As stored now.
    pub async fn read(pool: &SqlitePool) -> Result<Self> {
        let stored: Vec<(String, i64)> = sqlx::query_as("SELECT part, value FROM revisions").fetch_all(pool).await?;
        let of = |part: Part| stored.iter().find(|(name, _)| name == part.name()).map_or(0, |(_, value)| *value);
        Ok(Self(Part::ALL.map(of)))
    }

    /// These, but a part as it was in others.
    pub fn with(mut self, part: Part, of: &Self) -> Self {
        self.0[part as usize] = of.0[part as usize];
        self
    }

    /// The revision at which any of these parts changed last.
    pub fn of(&self, parts: &[Part]) -> i64 {
        parts.iter().map(|part| self.0[*part as usize]).max().unwrap_or(0)
    }
}

/// When something that is kept was made, and how long that took.
///
/// Some of it takes a good part of a second in a library of 100,000 media, and while media come in, it is outdated all the
/// time. So what took long may be a little old, as old as a multiple of what it took.
#[derive(Debug, Clone, Copy)]
pub(super) struct Made {
    at: Instant,
    took: Duration,
}

impl Made {
    /// What takes no longer is made whenever something has changed.
    const QUICK: Duration = Duration::from_millis(50);
    /// Making takes no more than one part in so many of a busy library's time.
    const SHARE: u32 = 20;

    /// Made just now, begun at that time.
    pub fn since(began: Instant) -> Self {
        Self { at: Instant::now(), took: began.elapsed() }
    }

    /// Whether it is too early to make it anew for what comes in by itself.
    pub fn rests(&self) -> bool {
        self.rests_at(self.at.elapsed())
    }

    fn rests_at(&self, age: Duration) -> bool {
        self.took > Self::QUICK && age < self.took * Self::SHARE
    }
}

/// Raises the revision within a transaction, for a change of this part.
pub(super) async fn touch(tx: &mut Tx<'_>, part: Part) -> Result<()> {
    let sql = "INSERT INTO revisions (part, value) SELECT $1, COALESCE(MAX(value), 0) + 1 FROM revisions WHERE TRUE \
               ON CONFLICT (part) DO UPDATE SET value = excluded.value";
    sqlx::query(sql).bind(part.name()).execute(&mut **tx).await?;
    Ok(())
}

impl Library {
    /// The library's revision: it has risen if anything changed.
    ///
    /// # Errors
    /// [`LibraryError`](super::LibraryError).
    pub async fn revision(&self) -> Result<i64> {
        Ok(Revisions::read(&self.read).await?.of(&Part::ALL))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_took_long_may_be_old() {
        let made = |millis| Made { at: Instant::now(), took: Duration::from_millis(millis) };
        assert!(!made(5).rests_at(Duration::ZERO));
        assert!(made(400).rests_at(Duration::from_secs(7)));
        assert!(!made(400).rests_at(Duration::from_secs(9)));
    }

    #[tokio::test]
    async fn a_change_raises_the_library_and_its_own_part_alone() {
        let folder = tempfile::tempdir().unwrap();
        let library = Library::open(&folder.path().join("library.db")).await.unwrap();
        let mut before = library.revision().await.unwrap();
        for part in Part::ALL {
            let others: Vec<Part> = Part::ALL.into_iter().filter(|other| *other != part).collect();
            let untouched = Revisions::read(&library.read).await.unwrap().of(&others);
            let mut tx = library.begin().await.unwrap();
            touch(&mut tx, part).await.unwrap();
            tx.commit().await.unwrap();
            let now = Revisions::read(&library.read).await.unwrap();
            assert_eq!(now.of(&[part]), library.revision().await.unwrap());
            assert!(now.of(&[part]) > before, "{part:?}");
            assert_eq!(now.of(&others), untouched, "{part:?}");
            before = library.revision().await.unwrap();
        }
    }
}
