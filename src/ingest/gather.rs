//! From the library to its events and back: reads what events are made from, has them found and named, stores them.
//!
//! Finding and naming are pure ([`super::events`]); keeping identities and the user's changes is left to
//! `library::events`. Folders that say what they are keep their names.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::DateTime;

use super::events::clock::{self, ClockOff};
use super::events::names::{self, Language, Place, Somebody, Told};
use super::events::{self, Kind, Position, Segment, Shot};
use crate::library::events::{EventSource, NewEvent};
use crate::library::filter::MediaFilter;
use crate::library::media::{Medium, Ordering};
use crate::library::people::Person;
use crate::library::{EventId, Library, MediaId, PersonId, Result, fold};

/// A keyword names an event when so many of its pictures have it, of a hundred, and so much more than others.
const KEYWORD: (usize, usize, f64) = (2, 30, 4.0);
/// A word of captions does.
const CAPTION: (usize, usize, f64) = (3, 50, 6.0);
/// Shorter words of captions say little.
const SHORTEST: usize = 4;

/// What events are made from.
pub struct Material {
    sources: Vec<EventSource>,
    people: HashMap<MediaId, Vec<PersonId>>,
    everybody: HashMap<PersonId, Person>,
    words: Vec<(MediaId, String, bool)>,
    roots: Vec<String>,
}

/// Every medium once.
struct Shots<'m> {
    shots: Vec<Shot>,
    sources: Vec<&'m EventSource>,
}

/// Finds the events of the library, names them and stores them; returns whether any differed.
pub async fn store_events(library: &Library, language: &str) -> Result<bool> {
    let material = Material::read(library).await?;
    let language = Language::of(language);
    match tokio::task::spawn_blocking(move || material.events(language)).await {
        Ok(found) => library.replace_events(&found).await,
        Err(error) => {
            tracing::error!(%error, "events could not be found; they stay as they are");
            Ok(false)
        }
    }
}

/// A medium as events see it.
pub fn shot_of(medium: &Medium) -> Shot {
    Shot {
        id: medium.id,
        folders: vec![medium.folder.clone()],
        local: medium.taken(),
        timed: matches!(medium.taken_precision.as_deref(), Some("second" | "minute")),
        instant: None,
        position: medium.lat.zip(medium.lon).map(|(lat, lon)| Position { lat, lon }),
        camera: medium.camera.clone(),
        people: Vec::new(),
    }
}

/// Cameras whose clock was off: their media, and what to put right.
pub async fn clocks_off(library: &Library) -> Result<Vec<(ClockOff, Vec<MediaId>)>> {
    let material = Material::read(library).await?;
    let found = tokio::task::spawn_blocking(move || {
        let Shots { shots, .. } = material.shots();
        let segments = events::find(&shots, &material.roots);
        let off = clock::find(&shots, &segments);
        off.into_iter()
            .map(|off| {
                let media = off.shots.iter().map(|&shot| shots[shot].id).collect();
                (off, media)
            })
            .collect()
    });
    Ok(found.await.unwrap_or_default())
}

/// What an event could be called, what says most first; nothing for one without a date.
///
/// # Errors
/// [`LibraryError::NotFound`](crate::library::LibraryError::NotFound) when there is no such event.
pub async fn names_for(library: &Library, event: EventId, language: &str) -> Result<Vec<String>> {
    library.event(event).await?;
    let filter = MediaFilter { events: vec![event], ..MediaFilter::default() };
    let media: BTreeSet<MediaId> = library.select(&filter, Ordering::Oldest, None).await?.into_iter().collect();
    let material = Material::read(library).await?;
    let language = Language::of(language);
    let made = tokio::task::spawn_blocking(move || {
        let shots = material.shots();
        let of = (0..shots.shots.len()).filter(|&shot| media.contains(&shots.shots[shot].id)).collect();
        let segment = events::known(&shots.shots, of);
        let words = Words::of(&material.words, shots.shots.len());
        let told = material.told(&shots, &segment, &words);
        told.map(|told| names::candidates(&told, language)).unwrap_or_default()
    });
    Ok(made.await.unwrap_or_default())
}

impl Material {
    async fn read(library: &Library) -> Result<Self> {
        let everybody = library.everybody().await?;
        Ok(Self {
            sources: library.event_sources().await?,
            people: library.people_of_media().await?,
            everybody: everybody.iter().map(|person| (person.id, person.clone())).collect(),
            words: library.words_of_media().await?,
            roots: library.roots().await?.into_iter().map(|root| root.path).collect(),
        })
    }

    fn shots(&self) -> Shots<'_> {
        let mut found = Shots { shots: Vec::new(), sources: Vec::new() };
        let mut known: HashMap<MediaId, usize> = HashMap::new();
        for source in &self.sources {
            let at = *known.entry(source.id).or_insert_with(|| {
                found.sources.push(source);
                found.shots.push(Shot {
                    id: source.id,
                    folders: Vec::new(),
                    local: source.taken.as_deref().and_then(|taken| taken.parse().ok()),
                    timed: source.timed,
                    instant: source.instant,
                    position: source.lat.zip(source.lon).map(|(lat, lon)| Position { lat, lon }),
                    camera: source.camera.clone(),
                    people: self.people.get(&source.id).cloned().unwrap_or_default(),
                });
                found.shots.len() - 1
            });
            found.shots[at].folders.push(source.folder.clone());
        }
        found
    }

    fn events(&self, language: Language) -> Vec<NewEvent> {
        let shots = self.shots();
        let segments = events::find(&shots.shots, &self.roots);
        let words = Words::of(&self.words, shots.shots.len());
        // A name is made for every event, so that those with a folder's name do not change the others'.
        let told: Vec<Option<Told>> = segments.iter().map(|segment| self.told(&shots, segment, &words)).collect();
        let unnamed: Vec<Told> = segments
            .iter()
            .zip(&told)
            .filter(|(segment, _)| segment.folder.is_none())
            .filter_map(|(_, told)| told.clone())
            .collect();
        let mut made = names::names(&unnamed, language).into_iter();
        let mut stored = vec![None; segments.len()];
        let mut events = Vec::new();
        for (at, (segment, told)) in segments.iter().zip(told).enumerate() {
            let (origin, name) = match (&segment.folder, told) {
                (Some((folder, name)), _) => (Some(format!("folder:{folder}")), name.clone()),
                (None, Some(_)) => (None, made.next().unwrap_or_default()),
                (None, None) => continue,
            };
            stored[at] = Some(events.len());
            events.push(new_event(&shots, segment, origin, name));
        }
        for (at, segment) in segments.iter().enumerate() {
            if let Some(place) = stored[at] {
                events[place].within = segment.within.and_then(|outer| stored[outer]);
            }
        }
        events
    }

    /// What is known of an event; `None` without a date.
    fn told(&self, shots: &Shots<'_>, segment: &Segment, words: &Words) -> Option<Told> {
        let days = || segment.shots.iter().filter_map(|&shot| shots.shots[shot].local).map(DateTime::date);
        let sources = || segment.shots.iter().map(|&shot| shots.sources[shot]);
        let places: Vec<Place> = sources()
            .filter(|source| source.city.is_some() || source.country.is_some())
            .map(|source| Place {
                city: source.city.clone(),
                region: source.region.clone(),
                country: source.country.clone(),
            })
            .collect();
        let mut counts: BTreeMap<PersonId, usize> = BTreeMap::new();
        for person in segment.shots.iter().flat_map(|&shot| &shots.shots[shot].people) {
            *counts.entry(*person).or_default() += 1;
        }
        let people: Vec<Somebody> = counts
            .into_iter()
            .filter_map(|(id, count)| Some((self.everybody.get(&id)?, count)))
            .filter(|(person, _)| !person.name.is_empty())
            .map(|(person, count)| Somebody {
                name: person.nickname.clone().unwrap_or_else(|| person.name.clone()),
                born: person.born.as_deref().and_then(|born| born.parse().ok()),
                count,
            })
            .collect();
        let mut known: BTreeSet<String> = self.everybody.values().map(|person| fold(&person.name)).collect();
        for place in &places {
            known.extend([&place.city, &place.region, &place.country].into_iter().flatten().map(|name| fold(name)));
        }
        let media: BTreeSet<MediaId> = segment.shots.iter().map(|&shot| shots.shots[shot].id).collect();
        Some(Told {
            kind: segment.kind,
            away: segment.away,
            days: (days().min()?, days().max()?),
            places,
            people,
            words: words.telling(&media, &known),
        })
    }
}

fn new_event(shots: &Shots<'_>, segment: &Segment, origin: Option<String>, name: String) -> NewEvent {
    let sources: Vec<&EventSource> = segment.shots.iter().map(|&shot| shots.sources[shot]).collect();
    let times = || sources.iter().filter_map(|source| source.taken.clone());
    NewEvent {
        origin,
        name,
        kind: if segment.kind == Kind::Trip { "trip" } else { "event" },
        starts: times().min(),
        ends: times().max(),
        place: place(&sources),
        media: sources.iter().map(|source| source.id).collect(),
        within: None,
    }
}

/// The city that most media share, else the country that all share.
fn place(sources: &[&EventSource]) -> Option<String> {
    let placed: Vec<_> = sources.iter().filter(|source| source.country.is_some() || source.city.is_some()).collect();
    let mut cities: BTreeMap<&str, usize> = BTreeMap::new();
    for city in placed.iter().filter_map(|source| source.city.as_deref()) {
        *cities.entry(city).or_default() += 1;
    }
    let country = placed.first()?.country.clone();
    let one_country = placed.iter().all(|source| source.country == country);
    match cities.into_iter().max_by_key(|(_, count)| *count) {
        Some((city, count)) if count * 5 >= placed.len() * 3 => Some(
            country.filter(|_| one_country).map_or_else(|| city.to_owned(), |country| format!("{city}, {country}")),
        ),
        _ => country.filter(|_| one_country),
    }
}

/// Keywords and words of captions, with the media that have them.
#[derive(Default)]
struct Words {
    /// By folded word: how it is written, whether it is a keyword, the media.
    media_of: BTreeMap<String, (String, bool, BTreeSet<MediaId>)>,
    /// Media with words.
    media: BTreeSet<MediaId>,
    /// All media: who writes keywords writes them where they belong, while captions are there or not.
    all: usize,
}

impl Words {
    fn of(written: &[(MediaId, String, bool)], all: usize) -> Self {
        let mut words = Self { all, ..Self::default() };
        for (id, text, keyword) in written {
            words.media.insert(*id);
            let parts: Vec<&str> = match keyword {
                true => vec![text.trim()],
                false => text.split(|c: char| !c.is_alphabetic()).filter(|w| w.chars().count() >= SHORTEST).collect(),
            };
            for part in parts {
                let entry = words
                    .media_of
                    .entry(fold(part))
                    .or_insert_with(|| (part.to_lowercase(), *keyword, BTreeSet::new()));
                entry.1 |= keyword;
                entry.2.insert(*id);
            }
        }
        words
    }

    /// Words that set media apart from all others, the most telling first; without names that are `known` otherwise.
    fn telling(&self, media: &BTreeSet<MediaId>, known: &BTreeSet<String>) -> Vec<String> {
        let worded = media.intersection(&self.media).count();
        let mut found: Vec<(bool, f64, &String)> = Vec::new();
        for (folded, (word, keyword, having)) in &self.media_of {
            let (least, share, times) = if *keyword { KEYWORD } else { CAPTION };
            let inside = having.intersection(media).count();
            let (of, all) = if *keyword { (media.len(), self.all) } else { (worded, self.media.len()) };
            if inside < least || inside * 100 < of * share || known.contains(folded) {
                continue;
            }
            let lift = (inside as f64 / of as f64) / (having.len() as f64 / all as f64);
            if lift >= times {
                found.push((*keyword, inside as f64 * lift.ln(), word));
            }
        }
        found.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(b.2)));
        found.into_iter().map(|(_, _, word)| word.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_set_an_event_apart_are_those_that_others_lack() {
        let ids: Vec<MediaId> = (0..40).map(|_| MediaId::new()).collect();
        let mut written: Vec<(MediaId, String, bool)> =
            ids.iter().map(|id| (*id, "a man on a street".into(), false)).collect();
        written.extend(ids[..4].iter().map(|id| (*id, "Skiing".into(), true)));
        written.extend(ids[..3].iter().map(|id| (*id, "Whistler".into(), true)));
        let words = Words::of(&written, ids.len());
        let media: BTreeSet<MediaId> = ids[..5].iter().copied().collect();
        assert_eq!(words.telling(&media, &BTreeSet::from(["whistler".to_owned()])), ["skiing"]);
        assert!(words.telling(&ids.iter().copied().collect(), &BTreeSet::new()).is_empty());
    }
}
