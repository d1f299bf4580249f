//! What bears an answer out: where the media were taken, who is in them and how old somebody was; each claim with a medium
//! that shows it.
//!
//! When it was, and how often, is told by `occasions`.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::civil::{Date, DateTime};

use super::compose::Aged;
use super::tools::{Scored, ToolContext, ToolError};
use super::understand::Reading;
use crate::library::filter::{Grouping, MediaFilter};
use crate::library::media::Medium;
use crate::library::{MediaId, fold};

/// How many media an answer about "when" or "where" looks at when content ranked them: the best ones tell.
pub(super) const TELLING: usize = 3;

/// The different places of media, most frequent first, each with a medium that shows it.
pub(super) fn places(media: &[Medium], level: Option<Grouping>) -> Vec<(String, MediaId)> {
    let name = |medium: &Medium| match level {
        Some(Grouping::Country) => medium.country.clone(),
        Some(Grouping::Region) => medium.region.clone(),
        _ => {
            let near = medium.locality.clone().or_else(|| medium.city.clone());
            let city = medium.city.clone().filter(|city| Some(city) != near.as_ref());
            let parts: Vec<String> =
                [near, city, medium.region.clone(), medium.country.clone()].into_iter().flatten().collect();
            (!parts.is_empty()).then(|| parts.join(", "))
        }
    };
    let mut counted: Vec<(String, MediaId, usize)> = Vec::new();
    for medium in media {
        let Some(place) = name(medium) else { continue };
        match counted.iter_mut().find(|(known, ..)| *known == place) {
            Some((.., count)) => *count += 1,
            None => counted.push((place, medium.id, 1)),
        }
    }
    counted.sort_by_key(|(.., count)| std::cmp::Reverse(*count));
    counted.into_iter().map(|(place, id, _)| (place, id)).collect()
}

/// Who is in the media beside those asked for, most often seen first.
pub(super) async fn people(
    context: &ToolContext,
    reading: &Reading,
    found: &[Scored],
) -> Result<Vec<(String, MediaId)>, ToolError> {
    let asked: HashSet<_> = reading.filter.people.iter().flatten().copied().collect();
    let mut seen: HashMap<String, (usize, MediaId)> = HashMap::new();
    let most = if reading.content.is_some() { TELLING } else { found.len() };
    for (at, scored) in found.iter().enumerate() {
        // Where the best show nobody, the next may.
        if at >= most && !seen.is_empty() {
            break;
        }
        for person in context.library.people_in(scored.id).await? {
            if !asked.contains(&person.person_id) {
                seen.entry(person.name).or_insert((0, scored.id)).0 += 1;
            }
        }
    }
    let mut seen: Vec<_> = seen.into_iter().collect();
    seen.sort_by(|a, b| b.1.0.cmp(&a.1.0).then_with(|| a.0.cmp(&b.0)));
    Ok(seen.into_iter().map(|(name, (_, id))| (name, id)).collect())
}

/// The people whose names stand in the names of the events that the media are part of: "Ben birthday" is Ben's.
pub(super) async fn owners(
    context: &ToolContext,
    found: &[Scored],
) -> Result<(Vec<String>, Option<MediaId>), ToolError> {
    let vocabulary = context.library.vocabulary().await?;
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    for scored in found.iter().take(50) {
        for (_, event) in context.library.events_of(scored.id).await? {
            let event = format!(" {} ", fold(&event).replace(|c: char| !c.is_alphanumeric(), " "));
            let named: Vec<_> = vocabulary
                .people
                .iter()
                .filter(|person| event.contains(&format!(" {} ", fold(&person.name))))
                .collect();
            for person in &named {
                // "Anna Maria" in the name does not also mean "Anna".
                let longer = named
                    .iter()
                    .any(|other| other.name != person.name && fold(&other.name).contains(&fold(&person.name)));
                if !longer {
                    *names.entry(person.name.clone()).or_default() += 1;
                }
            }
        }
    }
    let most = names.values().max().copied().unwrap_or(0);
    let owners = names.into_iter().filter(|(_, count)| *count == most).map(|(name, _)| name).collect();
    Ok((owners, found.first().map(|scored| scored.id)))
}

/// Whole months from one day to a later one; `None` when it is earlier.
fn months(from: Date, to: Date) -> Option<u32> {
    let months = (i32::from(to.year()) - i32::from(from.year())) * 12 + i32::from(to.month()) - i32::from(from.month());
    u32::try_from(months - i32::from(to.day() < from.day())).ok()
}

/// How old the people asked for are in these media, or now where the question asks about nothing but them; and the names
/// of those whose day of birth is not known.
pub(super) async fn ages(
    context: &ToolContext,
    reading: &Reading,
    media: &[Medium],
    now: DateTime,
) -> Result<(Vec<Aged>, Vec<String>), ToolError> {
    let only_people = MediaFilter { people: reading.filter.people.clone(), ..MediaFilter::default() };
    let today = reading.filter == only_people && reading.content.is_none();
    let (mut aged, mut unknown) = (Vec::new(), Vec::new());
    for id in reading.filter.people.iter().flatten() {
        let person = context.library.person(*id).await?;
        let Some(born) = person.born.as_deref().and_then(|born| born.parse::<Date>().ok()) else {
            unknown.push(person.name);
            continue;
        };
        let dated = media.iter().filter_map(|medium| Some((months(born, medium.taken()?.date())?, medium.id)));
        let (youngest, oldest) = (dated.clone().min(), dated.max());
        let (from, to) = match today {
            true => (months(born, now.date()).map(|months| (months, None)), None),
            false => (youngest.map(|(n, id)| (n, Some(id))), oldest.map(|(n, id)| (n, Some(id)))),
        };
        aged.extend(from.map(|from| Aged { name: person.name, from, to: to.unwrap_or(from) }));
    }
    Ok((aged, unknown))
}

/// Names of the library that are written almost like these.
pub(super) async fn alike(context: &ToolContext, names: &[String]) -> Result<Vec<String>, ToolError> {
    let vocabulary = context.library.vocabulary().await?;
    let near = |known: &str, wanted: &str| {
        let (known, wanted) = (fold(known), fold(wanted));
        let most = if wanted.chars().count() < 6 { 1 } else { 2 };
        known.split_whitespace().chain([known.as_str()]).any(|part| strsim::osa_distance(part, &wanted) <= most)
    };
    let people = vocabulary.people.iter().map(|person| &person.name);
    Ok(people.filter(|known| names.iter().any(|name| near(known, name))).take(3).cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_whole() {
        let day = |text: &str| text.parse().unwrap();
        assert_eq!(months(day("2019-03-15"), day("2020-03-14")), Some(11));
        assert_eq!(months(day("2019-03-15"), day("2020-03-15")), Some(12));
        assert_eq!(months(day("2019-03-15"), day("2019-01-01")), None);
    }
}
