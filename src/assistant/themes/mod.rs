//! Themes: what comes back in a library over the years. A family's Christmases, the cabin, football.
//!
//! [`gather`] reads what there is. Themes are found among pictures that look alike ([`cluster`], [`bisect`]), in the
//! calendar ([`feasts`]), among places ([`places`]) and in keywords ([`keywords`]); what does not come back often enough is
//! none ([`recurrence`]). [`telling`] says what sets one apart, [`words`] what it is called, [`shown`] reads them back.
//! Keeping their identities, names and hiding is left to `library::themes`.
//!
//! What must stay true: the same library gives the same themes; only pictures that are fit to be remembered and not off
//! limits for others are in one; without a model that makes vectors of pictures, feasts, birthdays, places and keywords are
//! still found.
//!
//! Finding them anew takes as long as looking at all vectors once. In a small library it follows every change; in a large
//! one it waits until so much came in that it matters, or for a day; while pictures come in, for an hour.

mod bisect;
mod cluster;
mod feasts;
mod find;
mod gather;
mod keywords;
mod places;
mod recurrence;
pub mod shown;
mod telling;
mod words;

use std::sync::Arc;
use std::time::Instant;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use utoipa::ToSchema;

pub use self::shown::{Shown, theme, themes};
pub use self::telling::{Evidence, Sort};
use crate::jobs::{Caught, Overview};
use crate::library::seen::Model;
use crate::library::themes::{Basis, Found};
use crate::library::{Library, LibraryError};

/// How themes are found; another text has them found again.
const SETTINGS: &str = "themes 2";
/// A library of so many media is small: themes follow every change.
const SMALL: i64 = 2000;
/// In a larger one they are found again when this part of it came in or went: one of so many.
const PART: i64 = 50;
/// Or after so many seconds, when anything changed.
const DAY_S: i64 = 86_400;
/// While pictures come in, themes are found so seldom, seconds.
const HOUR_S: i64 = 3600;

/// What sort of theme it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ThemeKind)]
pub enum Kind {
    /// The same feast every year.
    Feast,
    /// Somebody's birthday.
    Birthday,
    /// A place that is come back to.
    Place,
    /// Pictures that look alike.
    Looks,
    /// A keyword.
    Word,
}

impl Kind {
    /// The name stored.
    fn name(self) -> &'static str {
        match self {
            Self::Feast => "feast",
            Self::Birthday => "birthday",
            Self::Place => "place",
            Self::Looks => "looks",
            Self::Word => "word",
        }
    }
}

/// What a theme is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Subject {
    /// A feast, by its key in `words.toml`.
    Feast(String),
    /// Somebody's birthday.
    Birthday(String),
    /// A place, by its name.
    Place(String),
    /// A keyword as it is written most often.
    Word(String),
    /// Whatever its pictures show.
    Looks,
}

impl Subject {
    fn kind(&self) -> Kind {
        match self {
            Self::Feast(_) => Kind::Feast,
            Self::Birthday(_) => Kind::Birthday,
            Self::Place(_) => Kind::Place,
            Self::Word(_) => Kind::Word,
            Self::Looks => Kind::Looks,
        }
    }
}

/// A theme that was found.
#[derive(Debug, Clone, PartialEq)]
struct Draft {
    kind: Kind,
    /// What it is by its making, `feast:christmas`; empty: its media alone say.
    origin: String,
    subject: Subject,
    /// Its pictures by their places, in order of time.
    members: Vec<usize>,
}

/// How alike the pictures of a theme are.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Alike {
    /// Average cosine between its pictures of different days, without what all pictures have in common.
    pub average: f32,
    /// The least that counts as alike in this library.
    pub least: f32,
}

/// What is stored of a theme beside its pictures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Told {
    subject: Subject,
    evidence: Vec<Evidence>,
    occasions: usize,
    alike: Option<Alike>,
}

/// Finds the themes of one library and keeps them. Clones share the same work.
#[derive(Clone)]
pub struct Themes {
    library: Library,
    model: Option<Model>,
    /// One at a time.
    turn: Arc<Mutex<()>>,
}

impl Themes {
    /// For a library as others may see it, and the model in use that makes vectors of pictures.
    pub fn new(library: Library, model: Option<Model>) -> Self {
        Self { library, model, turn: Arc::default() }
    }

    /// Finds themes again, if enough has changed since; `busy`: more pictures are coming in. They are those of now as far as
    /// that matters.
    ///
    /// # Errors
    /// When the library fails; it can be repeated.
    async fn catch_up(&self, busy: bool) -> Result<Caught, LibraryError> {
        let _turn = self.turn.lock().await;
        let basis = self.library.themes_basis().await?;
        let model = match &self.model {
            Some(model) => Some(model.clone()),
            None => self.library.main_picture_model().await?,
        };
        let by = model.as_ref().map_or_else(String::new, |model| format!(" {} {}", model.model, model.version));
        let settings = format!("{SETTINGS}{by}");
        let now = jiff::Timestamp::now().as_second();
        if let Some(found) = self.library.themes_found().await? {
            if is_current(&found, &settings, &basis, now) {
                return Ok(Caught { current: true, writes: 0 });
            }
            if busy && now - found.made < HOUR_S {
                return Ok(Caught { current: false, writes: 0 });
            }
        }
        let began = Instant::now();
        let themes = find::find(&self.library, model.as_ref()).await?;
        let differed = self.library.replace_themes(&themes, &settings, &basis).await?;
        tracing::debug!(themes = themes.len(), took = ?began.elapsed(), "themes were found");
        Ok(Caught { current: true, writes: i64::from(differed) })
    }
}

impl Overview for Themes {
    fn catch_up(&self, busy: bool) -> BoxFuture<'_, Result<Caught, LibraryError>> {
        Self::catch_up(self, busy).boxed()
    }
}

/// Whether what was found is still good enough.
fn is_current(found: &Found, settings: &str, basis: &Basis, now: i64) -> bool {
    if found.settings != settings {
        return false;
    }
    let few = |before: i64, now: i64| (now - before).abs() * PART < now;
    let little = few(found.basis.media, basis.media)
        && (found.basis.vectors == basis.vectors || few(found.basis.vectors, basis.vectors));
    found.basis.digest == basis.digest || basis.media > SMALL && little && now - found.made < DAY_S
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_library_is_not_looked_at_for_every_picture() {
        let basis = |media: i64, vectors: i64| Basis { digest: format!("{media} {vectors}"), media, vectors };
        let found = |basis: Basis| Found { settings: "s".into(), basis, made: 1000 };
        let current = |before: Basis, now: Basis, at: i64| is_current(&found(before), "s", &now, at);
        assert!(current(basis(9, 9), basis(9, 9), i64::MAX));
        assert!(!current(basis(9, 9), basis(10, 9), 1001), "a small library follows at once");
        assert!(current(basis(50_000, 50_000), basis(50_900, 50_900), 1001));
        assert!(!current(basis(50_000, 50_000), basis(50_900, 50_900), 1000 + DAY_S), "but for a day");
        assert!(!current(basis(50_000, 50_000), basis(51_100, 50_000), 1001));
        assert!(!current(basis(50_000, 0), basis(50_000, 9), 1001), "the first vectors");
        assert!(!is_current(&found(basis(9, 9)), "other", &basis(9, 9), 1001));
    }
}
