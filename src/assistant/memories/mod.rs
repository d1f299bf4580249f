//! Memories: what a person may like to see again today, and why it is shown.
//!
//! On this day, in this week or month of earlier years ([`windows`]); the same person or the same place then and now
//! ([`pairs`]); the best of a year. [`gather`] reads what there is, [`plan`] chooses, [`words`] says what each is called.
//! What the user wants less of is [`feedback`].
//!
//! What must stay true: the same library gives the same memories on the same day; the day is a parameter and never the clock;
//! no picture is in two memories of a day; nothing is shown that is off limits for others or of somebody who is hidden, and
//! no screenshot, page of text or double. Which pictures are good is for the film to say
//! ([`crate::film::storyboard::best`]).

pub mod feedback;
mod gather;
mod pairs;
mod plan;
#[cfg(test)]
mod tests;
mod windows;
mod words;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use self::feedback::{About, Feedback};
use super::summary::Sentence;
use crate::film::storyboard::facts::Fact;
use crate::library::{EventId, Library, LibraryError, MediaId, PersonId, View};

/// What sort of memory it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The same day of an earlier year.
    OnThisDay,
    /// The same week.
    ThisWeek,
    /// The same month.
    ThisMonth,
    /// Somebody then and now.
    Person,
    /// A place then and now.
    Place,
    /// The best of a year.
    Year,
}

impl Kind {
    const ALL: [Self; 6] = [Self::OnThisDay, Self::ThisWeek, Self::ThisMonth, Self::Person, Self::Place, Self::Year];

    /// The name stored and sent.
    pub fn name(self) -> &'static str {
        match self {
            Self::OnThisDay => "on_this_day",
            Self::ThisWeek => "this_week",
            Self::ThisMonth => "this_month",
            Self::Person => "person",
            Self::Place => "place",
            Self::Year => "year",
        }
    }

    /// The kind of that [`name`](Self::name).
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Memories of this kind on one day, at the most.
    fn most(self) -> usize {
        match self {
            Self::OnThisDay => 3,
            Self::Year => 1,
            _ => 2,
        }
    }

    /// What it is worth that a memory is of this kind.
    fn worth(self, today: Date) -> f64 {
        match self {
            Self::OnThisDay => 1.0,
            // A year is told when it ends.
            Self::Year if matches!((today.month(), today.day()), (12, 15..) | (1, _)) => 1.1,
            Self::ThisWeek | Self::Person => 0.75,
            Self::Place | Self::Year => 0.7,
            Self::ThisMonth => 0.55,
        }
    }
}

/// One of two photos side by side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Side {
    /// The photo.
    pub media: MediaId,
    /// Whose face or place it is about: `[x, y, w, h]` in 0–1 of the upright picture; null: all of it.
    pub area: Option<[f64; 4]>,
    /// When it was taken, local time.
    #[schema(value_type = String)]
    pub taken: DateTime,
}

/// A picture of a memory, and why it was chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// The picture.
    pub media: MediaId,
    /// Why it, in words.
    pub why: String,
    /// The middle of the faces in it, 0–1 of the upright picture: what a narrow frame has to show.
    pub focus: Option<[f64; 2]>,
}

/// Something to see again.
#[derive(Debug, Clone, PartialEq)]
pub struct Memory {
    /// What it is known by on its day: its kind and what it is about.
    pub id: String,
    /// What sort it is.
    pub kind: Kind,
    /// "6 years ago today".
    pub title: String,
    /// "Lofoten, July 2019".
    pub subtitle: String,
    /// Why it is shown, in a sentence.
    pub reason: String,
    /// What there is to tell, with the media that bear it out: of a year.
    pub summary: Option<Sentence>,
    /// How many years ago, or how many lie between then and now.
    pub years: i16,
    /// The first day of its pictures.
    pub first: Date,
    /// The last.
    pub last: Date,
    /// Its pictures, in order of time.
    pub media: Vec<Shown>,
    /// Then and now, of a pair.
    pub sides: Option<[Side; 2]>,
    /// Who is in it, most first.
    pub people: Vec<(PersonId, String)>,
    /// The event that most of it is of.
    pub event: Option<(EventId, String)>,
}

/// A memory that could be shown, not put into words yet.
#[derive(Debug, Clone, PartialEq)]
struct Draft {
    kind: Kind,
    /// What it is about, within its kind.
    key: String,
    years: i16,
    /// Its pictures with why, in order of time.
    media: Vec<(Fact, String)>,
    sides: Option<[Side; 2]>,
    person: Option<PersonId>,
    /// How well the two of a pair fit, 0–1.
    fits: f64,
}

impl Draft {
    fn new(kind: Kind, key: String, years: i16, media: Vec<(Fact, String)>) -> Self {
        Self { kind, key, years, media, sides: None, person: None, fits: 0.0 }
    }

    fn ids(&self) -> impl Iterator<Item = MediaId> {
        self.media.iter().map(|(fact, _)| fact.id)
    }

    /// Takes out what is shown elsewhere; returns whether enough is left.
    fn without(&mut self, shown: &HashSet<MediaId>) -> bool {
        let before = self.media.len();
        self.media.retain(|(fact, _)| !shown.contains(&fact.id));
        match self.kind {
            Kind::Person | Kind::Place => self.media.len() == before,
            Kind::OnThisDay => !self.media.is_empty(),
            Kind::ThisWeek | Kind::ThisMonth | Kind::Year => self.media.len() >= 3,
        }
    }
}

/// What the memories of a day depend on.
type AsOf = (i64, View, Date);
/// The memories of a day, with what they depend on.
type Kept = Option<(AsOf, Arc<Vec<Memory>>)>;

/// The memories of one library; those that were made last are kept until something changes. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Memories(Arc<Mutex<Kept>>);

impl Memories {
    /// The memories of `today`, what is worth most first. `library` is seen as others may see it.
    ///
    /// # Errors
    /// [`LibraryError`] when it cannot be read.
    pub async fn of(&self, library: &Library, today: Date) -> Result<Arc<Vec<Memory>>, LibraryError> {
        let as_of = (library.revision().await?, library.view(), today);
        if let Some((of, memories)) = self.0.lock().unwrap_or_else(PoisonError::into_inner).as_ref()
            && *of == as_of
        {
            return Ok(Arc::clone(memories));
        }
        let memories = Arc::new(made(library, today).await?);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((as_of, Arc::clone(&memories)));
        Ok(memories)
    }
}

async fn made(library: &Library, today: Date) -> Result<Vec<Memory>, LibraryError> {
    let material = gather::material(library, today).await?;
    let subjects = material.subjects.clone();
    let drafts = tokio::task::spawn_blocking(move || plan::plan(today, material)).await;
    let drafts = drafts.map_err(|error| LibraryError::Stored(error.to_string()))?;
    let names = gather::names(library).await?;
    let mut memories = Vec::with_capacity(drafts.len());
    for draft in &drafts {
        let summary = match draft.kind {
            Kind::Year => gather::year_told(library, draft.key.parse().unwrap_or_default()).await?,
            _ => None,
        };
        memories.push(words::memory(draft, &subjects, &names, summary));
    }
    Ok(memories)
}

/// Keeps what the user wants less of.
///
/// # Errors
/// [`LibraryError::NotFound`] for a person or event that is not there.
pub async fn say(library: &Library, feedback: &Feedback) -> Result<(), LibraryError> {
    match &feedback.about {
        About::Person(id) => drop(library.person(*id).await?),
        About::Event(id) => drop(library.event(*id).await?),
        About::Days(_) | About::Kind(_) => {}
    }
    let (about, subject) = feedback.about.key();
    library.say_of_memories(about, &subject, feedback.amount.name()).await
}

/// What the user said, latest first, each with what its subject is called; of what is gone nothing is told.
pub async fn said(library: &Library) -> Result<Vec<(Feedback, String)>, LibraryError> {
    let wants = feedback::Wants::of(&library.memory_feedback().await?);
    let names = gather::names(library).await?;
    let told = |feedback: &Feedback| Some((feedback.clone(), words::subject(&feedback.about, &names)?));
    Ok(wants.all().iter().filter_map(told).collect())
}
