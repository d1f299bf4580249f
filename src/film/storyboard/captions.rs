//! The headings of a film: its title, its sections, and what is written over the first shot of each.

use std::collections::BTreeMap;

use jiff::civil::DateTime;

use super::facts::Fact;
use super::{Caption, CaptionPlace, Section, say};
use crate::film::wish::Wish;

/// Days of one event that are sections of their own have at least so many shots.
const SHOTS_OF_A_DAY: usize = 3;
/// A journey is as long as this at the most, days.
const JOURNEY_DAYS: i32 = 60;

/// The sections of shots in their order, and which section each shot is part of.
pub(super) fn sections(shown: &[&Fact], wish_life: bool, german: bool) -> (Vec<Section>, Vec<usize>) {
    let year = |fact: &Fact| fact.taken.map_or_else(String::new, |taken| taken.year().to_string());
    let day = |fact: &Fact| fact.taken.filter(|_| fact.day_known).map(|taken| taken.date());
    let events: std::collections::BTreeSet<_> = shown.iter().map(|fact| &fact.event).collect();
    let days: std::collections::BTreeSet<_> = shown.iter().map(|fact| day(fact)).collect();
    let by_day = events.len() == 1 && days.len() > 1 && shown.len() >= days.len() * SHOTS_OF_A_DAY;
    let key = |fact: &Fact| match (wish_life, &fact.event) {
        (true, _) => year(fact),
        (false, _) if by_day => day(fact).map(|day| day.to_string()).unwrap_or_default(),
        (false, Some(event)) => event.clone(),
        (false, None) => format!("{} {}", year(fact), fact.place.clone().unwrap_or_default()),
    };
    let mut parts: Vec<(String, Vec<&Fact>)> = Vec::new();
    let mut of = Vec::with_capacity(shown.len());
    for fact in shown {
        match parts.last_mut() {
            Some((last, members)) if *last == key(fact) => members.push(fact),
            _ => parts.push((key(fact), vec![fact])),
        }
        of.push(parts.len() - 1);
    }
    let headed = parts.iter().map(|(_, members)| heading(members, wish_life, by_day, german)).collect();
    (headed, of)
}

fn heading(members: &[&Fact], life: bool, by_day: bool, german: bool) -> Section {
    let times: Vec<_> = members.iter().filter_map(|fact| fact.taken.map(|taken| (taken, fact.day_known))).collect();
    let when = say::span(&times, german).unwrap_or_default();
    if life {
        let year = times.first().map(|(taken, _)| taken.year().to_string()).unwrap_or_default();
        return Section { title: year, subtitle: String::new() };
    }
    let place = most(members.iter().filter_map(|fact| fact.place.clone()));
    let event = members.first().and_then(|fact| fact.event.clone()).filter(|_| !by_day);
    match (event, place) {
        (Some(event), _) => {
            // "Lofoten 2019" needs no "July 2019" with the year once more.
            let short = times.first().map(|(taken, _)| taken.year().to_string());
            let named = short.as_ref().is_some_and(|year| event.contains(year.as_str()));
            let when = if named { when.replace(&format!(" {}", short.unwrap_or_default()), "") } else { when };
            let when = if event.contains(&when) { String::new() } else { when };
            Section { title: event, subtitle: when }
        }
        (None, Some(place)) => Section { title: place, subtitle: when },
        (None, None) => Section { title: when, subtitle: String::new() },
    }
}

/// What is there most often, the first of several.
pub(super) fn most(values: impl Iterator<Item = String>) -> Option<String> {
    let mut counted: BTreeMap<String, usize> = BTreeMap::new();
    for value in values {
        *counted.entry(value).or_default() += 1;
    }
    let most = *counted.values().max()?;
    counted.into_iter().find(|(_, count)| *count == most).map(|(value, _)| value)
}

/// What is written over the first shot of a section.
pub(super) fn of_section(section: &Section) -> Option<Caption> {
    let words = !section.title.is_empty() || !section.subtitle.is_empty();
    words.then(|| Caption { text: section.title.clone(), small: section.subtitle.clone(), place: CaptionPlace::Corner })
}

/// Whether all of it lies within as many days as journeys last.
fn is_journey(times: &[(DateTime, bool)]) -> bool {
    let days = || times.iter().map(|(taken, _)| taken.date());
    days().min().zip(days().max()).is_some_and(|(first, last)| (last - first).get_days() <= JOURNEY_DAYS)
}

/// What is the same of all of which it is known, when that is most of them.
fn common(shown: &[&Fact], of: impl Fn(&Fact) -> Option<&String>) -> Option<String> {
    let known: Vec<&String> = shown.iter().filter_map(|fact| of(fact)).collect();
    let first =
        known.first().filter(|first| known.len() * 2 > shown.len() && known.iter().all(|value| value == *first));
    first.map(|first| (*first).clone())
}

/// The title of a film and what stands beneath it.
pub(super) fn title(shown: &[&Fact], wish: &Wish, people: &[String], about: Option<&str>) -> (String, String) {
    let times: Vec<_> = shown.iter().filter_map(|fact| fact.taken.map(|taken| (taken, fact.day_known))).collect();
    let when = say::span(&times, wish.german).unwrap_or_default();
    // One picture from elsewhere, and the event is not what the film is about.
    let events: std::collections::BTreeSet<_> = shown.iter().map(|fact| fact.event.clone()).collect();
    let event = (events.len() == 1).then(|| events.first().cloned()).flatten().flatten();
    let place = common(shown, |fact| fact.place.as_ref());
    // Over a longer time than a journey's, one country is where one lives, and the time says more.
    let country = common(shown, |fact| fact.country.as_ref()).filter(|_| is_journey(&times));
    let and = if wish.german { " und " } else { " & " };
    let title = match (&wish.title, people.is_empty(), about) {
        (Some(title), ..) => title.clone(),
        (None, false, _) => people.join(and),
        (None, true, Some(about)) => about.to_owned(),
        (None, true, None) => event.or(place.clone()).or(country).unwrap_or_else(|| when.clone()),
    };
    let year = times.first().map(|(taken, _)| format!(" {}", taken.year())).unwrap_or_default();
    let when = if !year.is_empty() && title.ends_with(&year) { when.replace(&year, "") } else { when };
    let beneath = match place.filter(|place| !title.contains(place.as_str()) && !place.contains(&title)) {
        Some(place) if !when.is_empty() => format!("{place} · {when}"),
        Some(place) => place,
        None => when,
    };
    let beneath = if title.contains(&beneath) { String::new() } else { beneath };
    (title, beneath)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_names_a_journey_and_not_the_year_at_home() {
        let of = |day: &str| Fact {
            taken: Some(format!("{day}T12:00:00").parse().unwrap()),
            country: Some("Norway".into()),
            event: Some(day.to_owned()),
            place: Some(day.to_owned()),
            ..Fact::sample(1, 0)
        };
        let title = |days: &[&str]| {
            let facts: Vec<Fact> = days.iter().map(|day| of(day)).collect();
            title(&facts.iter().collect::<Vec<_>>(), &Wish::default(), &[], None)
        };
        assert_eq!(title(&["2019-07-03", "2019-07-19"]), ("Norway".to_owned(), "July 2019".to_owned()));
        assert_eq!(title(&["2019-01-03", "2019-11-19"]), ("2019".to_owned(), String::new()));
    }

    #[test]
    fn one_picture_says_nothing_of_where_the_others_were_taken() {
        let of = |place: Option<&str>| Fact { place: place.map(str::to_owned), ..Fact::sample(1, 0) };
        let beneath = |facts: &[Fact]| {
            let wish = Wish { title: Some("Children".into()), ..Wish::default() };
            title(&facts.iter().collect::<Vec<_>>(), &wish, &[], None).1
        };
        assert_eq!(beneath(&[of(None), of(Some("Reine"))]), "1 January 2018");
        assert_eq!(beneath(&[of(None), of(Some("Reine")), of(Some("Reine"))]), "Reine · 1 January 2018");
    }
}
