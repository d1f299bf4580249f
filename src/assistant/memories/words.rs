//! What memories are called, and why they are shown. Pure; English, as the web app is.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;

use super::feedback::{About, Days};
use super::gather::Names;
use super::{Draft, Kind, Memory, Shown};
use crate::assistant::compose::dates::{self, Exact};
use crate::assistant::summary::Sentence;
use crate::assistant::understand::Language;
use crate::film::storyboard::Area;
use crate::film::storyboard::facts::Fact;
use crate::library::memories::Subjects;
use crate::library::{EventId, MediaId, PersonId};

/// The language of everything here.
const ENGLISH: Language = Language::English;

/// A memory in words.
pub(super) fn memory(
    draft: &Draft,
    subjects: &HashMap<MediaId, Subjects>,
    names: &Names,
    summary: Option<Sentence>,
) -> Memory {
    let days = || draft.media.iter().filter_map(|(fact, _)| fact.taken).map(|taken| taken.date());
    let (first, last) = (days().min().unwrap_or(Date::MIN), days().max().unwrap_or(Date::MIN));
    let people = people(draft, subjects, names);
    let event = event(draft, subjects, names);
    let place = place(draft);
    let span = dates::stretch(first, last, ENGLISH);
    let of = event.as_ref().map(|(_, name)| name.clone()).or_else(|| place.clone());
    let (title, subtitle, reason) = match draft.kind {
        Kind::OnThisDay => (format!("{} today", ago(draft.years)), of.unwrap_or_else(|| span.clone()), taken(&span)),
        Kind::ThisWeek => {
            (format!("This week, {}", ago(draft.years)), of.unwrap_or_else(|| span.clone()), taken(&span))
        }
        Kind::ThisMonth => {
            (dates::date(first, Exact::Month, ENGLISH), of.unwrap_or_else(|| ago(draft.years)), taken(&span))
        }
        Kind::Person | Kind::Place => {
            let who = draft.person.and_then(|person| names.people.get(&person).cloned());
            let apart = format!("{} apart", plural(draft.years, "year"));
            let why = draft.media.first().map_or("", |(_, why)| why.as_str());
            let title = format!("{}, then and now", who.or(place).unwrap_or_else(|| "The same place".to_owned()));
            (title, format!("{} and {}", first.year(), last.year()), sentence(&format!("{apart}: {why}")))
        }
        Kind::Year => {
            let events: std::collections::BTreeSet<&String> =
                draft.media.iter().filter_map(|(fact, _)| fact.event.as_ref()).collect();
            let of = match events.len() {
                0 | 1 => "The best of a year.".to_owned(),
                many => format!("The best of a year with {many} events."),
            };
            (first.year().to_string(), "A year in pictures".to_owned(), of)
        }
    };
    let shown = |(fact, why): &(Fact, String)| Shown { media: fact.id, why: why.clone(), focus: focus(fact) };
    let media = draft.media.iter().map(shown).collect();
    let id = format!("{}-{}", draft.kind.name(), draft.key);
    let sides = draft.sides.clone();
    Memory {
        id,
        kind: draft.kind,
        title,
        subtitle,
        reason,
        summary,
        years: draft.years,
        first,
        last,
        media,
        sides,
        people,
        event,
    }
}

/// The middle of all faces.
fn focus(fact: &Fact) -> Option<[f64; 2]> {
    let middle = |from: f64, to: f64| (from + to) / 2.0;
    let over = |start: fn(&Area) -> f64, size: fn(&Area) -> f64| {
        let from = fact.faces.iter().map(start).fold(1.0, f64::min);
        middle(from, fact.faces.iter().map(|face| start(face) + size(face)).fold(0.0, f64::max))
    };
    (!fact.faces.is_empty()).then(|| [over(|face| face.x, |face| face.w), over(|face| face.y, |face| face.h)])
}

/// What a subject of feedback is called; `None` when it is gone.
pub(super) fn subject(about: &About, names: &Names) -> Option<String> {
    match about {
        About::Person(id) => names.people.get(id).cloned(),
        About::Event(id) => names.events.get(id).map(|(name, _)| name.clone()),
        About::Days(days) => Some(span(*days)),
        About::Kind(kind) => Some(
            match kind {
                Kind::OnThisDay => "On this day",
                Kind::ThisWeek => "This week, years ago",
                Kind::ThisMonth => "This month, years ago",
                Kind::Person => "People then and now",
                Kind::Place => "Places then and now",
                Kind::Year => "Reviews of years",
            }
            .to_owned(),
        ),
    }
}

fn span(days: Days) -> String {
    dates::stretch(days.first(), days.last(), ENGLISH)
}

fn ago(years: i16) -> String {
    format!("{} ago", plural(years, "year"))
}

fn plural(count: i16, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}

fn taken(span: &str) -> String {
    format!("Taken on {span}.")
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| format!("{}{}.", first.to_uppercase(), letters.as_str())).unwrap_or_default()
}

/// Who is in it, most first.
fn people(draft: &Draft, subjects: &HashMap<MediaId, Subjects>, names: &Names) -> Vec<(PersonId, String)> {
    let of = draft.ids().filter_map(|id| subjects.get(&id)).flat_map(|subjects| subjects.people.iter().copied());
    let named = ranked(of).into_iter().filter_map(|(id, _)| Some((id, names.people.get(&id)?.clone())));
    named.collect()
}

/// The event that at least half of it is of, and both of a pair; of a trip and what is part of it, the trip.
fn event(draft: &Draft, subjects: &HashMap<MediaId, Subjects>, names: &Names) -> Option<(EventId, String)> {
    let of = draft.ids().filter_map(|id| subjects.get(&id)).flat_map(|subjects| subjects.events.iter().copied());
    let least = if draft.sides.is_some() { draft.media.len() } else { draft.media.len().div_ceil(2) };
    let known = ranked(of).into_iter().filter_map(|(id, count)| {
        let (name, whole) = names.events.get(&id)?;
        (count >= least).then(|| (count, *whole, id, name.clone()))
    });
    let most = known.max_by_key(|(count, whole, ..)| (*count, *whole))?;
    Some((most.2, most.3))
}

/// Where most of it was, if that is known of at least half.
fn place(draft: &Draft) -> Option<String> {
    let named = |fact: &Fact| match (&fact.place, &fact.country) {
        (Some(place), Some(country)) => Some(format!("{place}, {country}")),
        (place, country) => place.clone().or_else(|| country.clone()),
    };
    let most = ranked(draft.media.iter().filter_map(|(fact, _)| named(fact))).into_iter().next()?;
    (most.1 * 2 >= draft.media.len()).then_some(most.0)
}

/// What is there most often comes first.
fn ranked<T: Ord + Clone>(all: impl Iterator<Item = T>) -> Vec<(T, usize)> {
    let mut counts: BTreeMap<T, usize> = BTreeMap::new();
    for one in all {
        *counts.entry(one).or_default() += 1;
    }
    let mut counts: Vec<(T, usize)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn draft(kind: Kind, years: i16, count: u64) -> Draft {
        let at = |number: u64| date(2020, 11, 22).at(9, 0, 0, 0) + jiff::SignedDuration::from_hours(number as i64);
        let facts = (0..count).map(|number| Fact {
            taken: Some(at(number)),
            place: Some("Reine".into()),
            country: Some("Norway".into()),
            ..Fact::sample(number, 0)
        });
        Draft::new(kind, "key".into(), years, facts.map(|fact| (fact, "a good picture".to_owned())).collect())
    }

    #[test]
    fn a_memory_says_when_where_and_why() {
        let told = |draft: &Draft| {
            let memory = memory(draft, &HashMap::new(), &Names::default(), None);
            [memory.id, memory.title, memory.subtitle, memory.reason]
        };
        assert_eq!(
            told(&draft(Kind::OnThisDay, 6, 2)),
            ["on_this_day-key", "6 years ago today", "Reine, Norway", "Taken on November 22, 2020."]
        );
        assert_eq!(told(&draft(Kind::ThisWeek, 1, 3))[1], "This week, 1 year ago");
        assert_eq!(told(&draft(Kind::ThisMonth, 6, 3))[1], "November 2020");
        assert_eq!(told(&draft(Kind::Place, 6, 2))[1..3], ["Reine, Norway, then and now", "2020 and 2020"]);
        assert_eq!(told(&draft(Kind::Place, 6, 2))[3], "6 years apart: a good picture.");
    }

    #[test]
    fn the_trip_is_named_rather_than_a_day_of_it() {
        let (trip, day, other) = (EventId::new(), EventId::new(), EventId::new());
        let draft = draft(Kind::OnThisDay, 6, 2);
        let ids: Vec<MediaId> = draft.ids().collect();
        let of = |events: Vec<EventId>| Subjects { people: Vec::new(), events };
        let subjects = [(ids[0], of(vec![trip, day])), (ids[1], of(vec![trip, day, other]))].into();
        let events = [
            (trip, ("Lofoten".to_owned(), true)),
            (day, ("Hike".to_owned(), false)),
            (other, ("Else".to_owned(), true)),
        ];
        let names = Names { events: events.into(), ..Names::default() };
        let memory = memory(&draft, &subjects, &names, None);
        assert_eq!((memory.subtitle.as_str(), memory.event), ("Lofoten", Some((trip, "Lofoten".to_owned()))));
    }
}
