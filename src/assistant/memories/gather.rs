//! Asks the library what memories could be made of, and only as much as can be chosen from.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;

use super::feedback::Wants;
use super::pairs::{self, Pair};
use super::plan::{Material, seed};
use super::windows::{month_filter, week_filter};
use crate::assistant::summary::{Length, Sentence, Subject, Telling, Tone, of_media};
use crate::assistant::understand::Language;
use crate::film::gather::facts;
use crate::film::storyboard::facts::Fact;
use crate::library::filter::{Grouping, MediaFilter};
use crate::library::memories::Spot;
use crate::library::{EventId, Library, LibraryError, MediaId, PersonId};

/// With so many pictures of the week, those of the month are not looked at.
const ENOUGH: usize = 60;
/// A year is told that has at least so many pictures.
const TOLD: u64 = 12;
/// How well everything fits before the user says anything.
const FITS: f64 = 0.5;
/// Identifiers that are asked about at once.
const BATCH: usize = 500;

/// What people and events are called.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// People and pets.
    pub people: HashMap<PersonId, String>,
    /// Events, each with whether it is part of no other.
    pub events: HashMap<EventId, (String, bool)>,
}

/// Everything that the memories of `today` are chosen from.
pub(super) async fn material(library: &Library, today: Date) -> Result<Material, LibraryError> {
    let wants = Wants::of(&library.memory_feedback().await?);
    let mut around = library.rememberable(&week_filter(today)).await?;
    if around.len() < ENOUGH {
        around.extend(library.rememberable(&month_filter(today)).await?);
        around.sort_unstable();
        around.dedup();
    }
    let days = known(library, &around).await?;
    let (people, places) = pairs_of(library, today).await?;
    let of_people = people.iter().flat_map(|pair| pair.sides.iter().map(|side| side.media));
    let paired: HashSet<MediaId> = of_people.chain(places.iter().flatten().map(|spot| spot.media_id)).collect();
    let mut paired: Vec<MediaId> = paired.into_iter().collect();
    paired.sort_unstable();
    let paired = known(library, &paired).await?;
    let year = match year_to_tell(library, today).await? {
        Some(year) => Some((year, known(library, &library.rememberable(&Subject::Year(year).filter()).await?).await?)),
        None => None,
    };
    let all = days.iter().chain(&paired).chain(year.iter().flat_map(|(_, facts)| facts));
    let all: HashSet<MediaId> = all.map(|fact| fact.id).collect();
    let subjects = library.subjects_of(&all.into_iter().collect::<Vec<_>>()).await?;
    let known = paired.into_iter().map(|fact| (fact.id, fact)).collect();
    Ok(Material { days, people, places, known, year, subjects, wants })
}

async fn known(library: &Library, ids: &[MediaId]) -> Result<Vec<Fact>, LibraryError> {
    let media: Vec<(MediaId, f64)> = ids.iter().map(|id| (*id, FITS)).collect();
    facts(library, &media).await
}

/// Pairs of faces, and photos of places that may be pairs; all of them fit to be remembered.
async fn pairs_of(library: &Library, today: Date) -> Result<(Vec<Pair>, Vec<Vec<Spot>>), LibraryError> {
    let mut portraits = library.portraits().await?;
    let shown = fit(library, portraits.iter().map(|portrait| portrait.media_id)).await?;
    portraits.retain(|portrait| shown.contains(&portrait.media_id));
    let chance = seed(today);
    let mut places = pairs::places(&library.spots().await?, today, chance);
    let shown = fit(library, places.iter().flatten().map(|spot| spot.media_id)).await?;
    for place in &mut places {
        place.retain(|spot| shown.contains(&spot.media_id));
    }
    places.retain(|place| place.len() > 1);
    Ok((pairs::of_people(&portraits, today, chance), places))
}

/// Those of the media that are fit to be remembered.
async fn fit(library: &Library, ids: impl Iterator<Item = MediaId>) -> Result<HashSet<MediaId>, LibraryError> {
    let ids: HashSet<MediaId> = ids.collect();
    let ids: Vec<MediaId> = ids.into_iter().collect();
    let mut fit = HashSet::new();
    for some in ids.chunks(BATCH) {
        let among = MediaFilter { among: Some(some.to_vec()), ..MediaFilter::default() };
        fit.extend(library.rememberable(&among).await?);
    }
    Ok(fit)
}

/// The year whose best is shown: the one that ends or has just ended, else another one every week.
async fn year_to_tell(library: &Library, today: Date) -> Result<Option<i16>, LibraryError> {
    let counts = library.count_by(&MediaFilter::default(), Grouping::Year).await?;
    let years = counts.iter().filter_map(|group| Some((group.key.parse().ok()?, u64::try_from(group.count).ok()?)));
    Ok(year_of(&years.collect::<Vec<_>>(), today))
}

fn year_of(counts: &[(i16, u64)], today: Date) -> Option<i16> {
    let ending = (today.month(), today.day()) >= (12, 15);
    let last = if ending { today.year() } else { today.year() - 1 };
    let mut years: Vec<i16> =
        counts.iter().filter(|(year, count)| *year <= last && *count >= TOLD).map(|(year, _)| *year).collect();
    years.sort_unstable_by(|a, b| b.cmp(a));
    if (ending || today.month() == 1) && years.contains(&last) {
        return Some(last);
    }
    let week = usize::try_from(seed(today) / 7).unwrap_or(0);
    (!years.is_empty()).then(|| years[week % years.len()])
}

/// A sentence about a year.
pub(super) async fn year_told(library: &Library, year: i16) -> Result<Option<Sentence>, LibraryError> {
    let ids = library.rememberable(&Subject::Year(year).filter()).await?;
    let telling = Telling { length: Length::Line, tone: Tone::Plain, language: Language::English, model: None };
    let told = of_media(library, &year.to_string(), &ids, telling).await?;
    Ok(told.sentences.into_iter().next())
}

/// What people and events are called.
pub(super) async fn names(library: &Library) -> Result<Names, LibraryError> {
    let people = library.people().await?.into_iter().map(|person| (person.id, person.name)).collect();
    let events = library.events().await?.into_iter();
    Ok(Names { people, events: events.map(|event| (event.id, (event.name, event.parent.is_none()))).collect() })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_year_that_ends_is_told_and_else_another_every_week() {
        let counts = [(2024, 90), (2025, 40), (2026, 70), (2019, 3), (2027, 99)];
        assert_eq!(year_of(&counts, date(2026, 12, 20)), Some(2026));
        assert_eq!(year_of(&counts, date(2027, 1, 5)), Some(2026));
        let weeks: HashSet<Option<i16>> = (0..8).map(|week| year_of(&counts, date(2026, 6, 1 + 3 * week))).collect();
        assert_eq!(
            weeks,
            HashSet::from([Some(2024), Some(2025)]),
            "the year that goes on is not told, nor one with hardly any"
        );
        assert_eq!(year_of(&[], date(2026, 12, 20)), None);
        assert_eq!(year_of(&[(2024, 50)], date(2026, 12, 20)), Some(2024));
    }
}
