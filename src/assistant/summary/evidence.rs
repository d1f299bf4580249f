//! The facts that a summary may state, read from the library: when, where, who, how many, what stands out.
//!
//! Media are gathered in chapters: the days of an event; the events of a year, an album or a person, with the months of
//! what belongs to none. What a chapter says is small however many media it has, so that any number of pictures fits any
//! model: picture → day → event → the whole.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::{Date, DateTime};
use serde::Serialize;

use crate::library::documents::Document;
use crate::library::{Library, LibraryError, MediaId};

/// Media that are looked at; a larger set is thinned evenly, and its counts are said of all.
const MOST: usize = 20_000;
/// Captions that a chapter keeps.
const CAPTIONS: usize = 4;
/// Media that bear a fact out, at the most.
const BORNE_OUT: usize = 3;
/// Media that stand out.
const HIGHLIGHTS: usize = 6;

/// A name with the media that bear it out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Named {
    /// The name.
    pub name: String,
    /// In how many media.
    pub count: usize,
    /// Some of them.
    pub media: Vec<MediaId>,
}

/// A part of what is told.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Chapter {
    /// Name of the event; `None`: a day, or a month of what belongs to no event.
    pub event: Option<String>,
    /// Its first day and its last.
    pub days: (Date, Date),
    /// Number of media.
    pub count: usize,
    /// Where, most first.
    pub places: Vec<Named>,
    /// Who, most first.
    pub people: Vec<Named>,
    /// What descriptions say, each with its medium.
    pub captions: Vec<(String, MediaId)>,
    /// Media that show it.
    pub media: Vec<MediaId>,
}

/// A day, and what is true of it: what a statement is compared with.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct OnDay {
    /// Folded names of places and countries.
    pub places: BTreeSet<String>,
    /// Folded names of people.
    pub people: BTreeSet<String>,
    /// Some media.
    pub media: Vec<MediaId>,
}

/// Everything that may be said.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evidence {
    /// What it is called.
    pub name: String,
    /// Photos.
    pub photos: usize,
    /// Videos.
    pub videos: usize,
    /// Local times of the first and the last medium.
    pub span: Option<(DateTime, DateTime)>,
    /// Days with media.
    pub days: BTreeMap<Date, OnDay>,
    /// Towns, most first.
    pub places: Vec<Named>,
    /// Countries, most first.
    pub countries: Vec<Named>,
    /// People and pets, most first.
    pub people: Vec<Named>,
    /// In order of time.
    pub chapters: Vec<Chapter>,
    /// Media with four stars or more.
    pub starred: usize,
    /// The best of them, over time.
    pub highlights: Vec<MediaId>,
}

impl Evidence {
    /// The facts of media, which are in order of time. `by_day`: chapters are days.
    pub async fn read(library: &Library, name: &str, ids: &[MediaId], by_day: bool) -> Result<Self, LibraryError> {
        let step = ids.len().div_ceil(MOST).max(1);
        let some: Vec<MediaId> = ids.iter().step_by(step).copied().collect();
        let mut documents = Vec::with_capacity(some.len());
        for chunk in some.chunks(500) {
            documents.extend(library.documents(chunk).await?);
        }
        let whole: HashMap<String, bool> =
            library.event_names().await?.into_iter().map(|(_, name, whole)| (name, whole)).collect();
        let mut evidence = Self::of(name, &documents, by_day, &whole);
        if step > 1 {
            let videos = evidence.videos * ids.len() / documents.len().max(1);
            (evidence.videos, evidence.photos) = (videos, ids.len() - videos);
        }
        Ok(evidence)
    }

    /// The facts of documents, which are in order of time. `whole`: events by name, and whether they are part of none.
    pub fn of(name: &str, documents: &[Document], by_day: bool, whole: &HashMap<String, bool>) -> Self {
        let videos = documents.iter().filter(|document| document.medium.kind == "video").count();
        let times = || documents.iter().filter_map(|document| document.medium.taken());
        let mut days: BTreeMap<Date, OnDay> = BTreeMap::new();
        for document in documents {
            let Some(taken) = document.medium.taken().filter(|_| is_dated(document)) else { continue };
            let day = days.entry(taken.date()).or_default();
            let medium = &document.medium;
            let places = [&medium.locality, &medium.city, &medium.region, &medium.country];
            day.places.extend(places.into_iter().flatten().map(|place| crate::library::fold(place)));
            day.people.extend(document.people.iter().map(|person| crate::library::fold(person)));
            if day.media.len() < BORNE_OUT {
                day.media.push(medium.id);
            }
        }
        Self {
            name: name.to_owned(),
            photos: documents.len() - videos,
            videos,
            span: times().min().zip(times().max()),
            days,
            places: named(documents, |document| town(document).into_iter().collect()),
            countries: named(documents, |document| document.medium.country.clone().into_iter().collect()),
            people: named(documents, |document| document.people.clone()),
            chapters: chapters(documents, by_day, whole),
            starred: starred(documents).count(),
            highlights: best(starred(documents), HIGHLIGHTS),
        }
    }

    /// What it was made of, to be compared later: with the model that is to phrase it, and the phrases of those without.
    pub fn digest(&self, model: Option<&str>) -> String {
        let json = serde_json::to_string(&(self, model, include_str!("phrases.toml"))).unwrap_or_default();
        blake3::hash(json.as_bytes()).to_hex()[..32].to_owned()
    }

    /// All media.
    pub fn total(&self) -> usize {
        self.photos + self.videos
    }
}

/// The day is known, not only the month or year.
fn is_dated(document: &Document) -> bool {
    matches!(document.medium.taken_precision.as_deref(), Some("second" | "minute" | "day"))
}

fn town(document: &Document) -> Option<String> {
    document.medium.city.clone().or_else(|| document.medium.locality.clone())
}

/// Names with how many documents have them, most first.
fn named<'d>(documents: impl IntoIterator<Item = &'d Document>, of: impl Fn(&Document) -> Vec<String>) -> Vec<Named> {
    let mut found: BTreeMap<String, (usize, Vec<MediaId>)> = BTreeMap::new();
    for document in documents {
        for name in of(document) {
            let (count, media) = found.entry(name).or_default();
            *count += 1;
            if media.len() < BORNE_OUT {
                media.push(document.medium.id);
            }
        }
    }
    let mut found: Vec<Named> = found.into_iter().map(|(name, (count, media))| Named { name, count, media }).collect();
    found.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
    found
}

/// Days, or events and the months of what is part of none, in order of time.
fn chapters(documents: &[Document], by_day: bool, whole: &HashMap<String, bool>) -> Vec<Chapter> {
    let mut parts: BTreeMap<(Option<String>, Option<Date>), Vec<&Document>> = BTreeMap::new();
    for document in documents.iter().filter(|document| is_dated(document)) {
        let Some(day) = document.medium.taken().map(DateTime::date) else { continue };
        let event = document.events.iter().find(|event| whole.get(*event).copied().unwrap_or(false));
        let key = match event {
            _ if by_day => (None, Some(day)),
            Some(event) => (Some(event.clone()), None),
            None => (None, Some(day.first_of_month())),
        };
        parts.entry(key).or_default().push(document);
    }
    let mut chapters: Vec<Chapter> = parts.into_iter().filter_map(|((event, _), part)| chapter(event, &part)).collect();
    chapters.sort_by(|a, b| a.days.cmp(&b.days).then_with(|| a.event.cmp(&b.event)));
    chapters
}

fn chapter(event: Option<String>, part: &[&Document]) -> Option<Chapter> {
    let part = || part.iter().copied();
    let days = || part().filter_map(|document| document.medium.taken()).map(DateTime::date);
    let mut captions: Vec<(i64, String, MediaId)> = part()
        .filter_map(|document| {
            let text = document.medium.description.as_deref()?.trim();
            (!text.is_empty()).then(|| (document.medium.rating.unwrap_or(0), text.to_owned(), document.medium.id))
        })
        .collect();
    captions.sort_by_key(|(rating, ..)| std::cmp::Reverse(*rating));
    Some(Chapter {
        event,
        days: (days().min()?, days().max()?),
        count: part().count(),
        places: named(part(), |document| town(document).into_iter().collect()),
        people: named(part(), |document| document.people.clone()),
        captions: captions.into_iter().take(CAPTIONS).map(|(_, text, id)| (text, id)).collect(),
        media: best(part(), BORNE_OUT),
    })
}

/// Media with four stars or more.
fn starred(documents: &[Document]) -> impl Iterator<Item = &Document> {
    documents.iter().filter(|document| document.medium.rating.unwrap_or(0) >= 4)
}

/// The best-rated, in the order given.
fn best<'d>(documents: impl Iterator<Item = &'d Document>, most: usize) -> Vec<MediaId> {
    let mut rated: Vec<(std::cmp::Reverse<i64>, usize, MediaId)> = documents
        .enumerate()
        .map(|(at, document)| (std::cmp::Reverse(document.medium.rating.unwrap_or(0)), at, document.medium.id))
        .collect();
    rated.sort_unstable();
    rated.truncate(most);
    rated.sort_unstable_by_key(|(_, at, _)| *at);
    rated.into_iter().map(|(.., id)| id).collect()
}
