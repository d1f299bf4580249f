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
/// Pictures that are looked at closely, of those around the day and of those of the year.
const LOOKED_AT: usize = 800;
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
    let (days, (people, places, paired), year) =
        tokio::try_join!(around(library, today), paired(library, today), best_year(library, today))?;
    let all = days.iter().chain(&paired).chain(year.iter().flat_map(|(_, facts)| facts));
    let all: HashSet<MediaId> = all.map(|fact| fact.id).collect();
    let subjects = library.subjects_of(&all.into_iter().collect::<Vec<_>>()).await?;
    let known = paired.into_iter().map(|fact| (fact.id, fact)).collect();
    Ok(Material { days, people, places, known, year, subjects, wants })
}

/// What was taken around this day of earlier years.
async fn around(library: &Library, today: Date) -> Result<Vec<Fact>, LibraryError> {
    let mut around = library.most_rememberable(&week_filter(today), LOOKED_AT).await?;
    if around.len() < ENOUGH {
        around.extend(library.most_rememberable(&month_filter(today), LOOKED_AT).await?);
        around.sort_unstable();
        around.dedup();
    }
    known(library, &around).await
}

/// Pairs of faces, photos of places that may be pairs, and what is known of all of them.
async fn paired(library: &Library, today: Date) -> Result<(Vec<Pair>, Vec<Vec<Spot>>, Vec<Fact>), LibraryError> {
    let (people, places) = pairs_of(library, today).await?;
    let of_people = people.iter().flat_map(|pair| pair.sides.iter().map(|side| side.media));
    let paired: HashSet<MediaId> = of_people.chain(places.iter().flatten().map(|spot| spot.media_id)).collect();
    let mut paired: Vec<MediaId> = paired.into_iter().collect();
    paired.sort_unstable();
    let known = known(library, &paired).await?;
    Ok((people, places, known))
}

/// A year, and what was taken in it.
async fn best_year(library: &Library, today: Date) -> Result<Option<(i16, Vec<Fact>)>, LibraryError> {
    let Some(year) = year_to_tell(library, today).await? else { return Ok(None) };
    let of_year = library.most_rememberable(&Subject::Year(year).filter(), LOOKED_AT).await?;
    Ok(Some((year, known(library, &of_year).await?)))
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
    let everybody = library.everybody().await?;
    let named = everybody.iter().filter(|person| !person.name.is_empty());
    let people = named.map(|person| (person.id, person.name.clone())).collect();
    let events = library.event_names().await?.into_iter().map(|(id, name, whole)| (id, (name, whole)));
    Ok(Names { people, events: events.collect() })
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
