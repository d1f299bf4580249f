//! Turns the names of a rule into what they stand for in a library.
//!
//! Pure. A name that the library does not have is told and never left out; a place that only the world has is one where
//! no picture was taken yet.

use jiff::civil::DateTime;

use super::parse::{Parsed, Problem};
use super::rule::{Clause, Compare, Condition, Key, Measure};
use crate::assistant::named;
use crate::library::AlbumId;
use crate::library::demands::Demand;
use crate::library::filter::{CountSpan, MediaFilter};
use crate::library::vocabulary::Vocabulary;

/// A condition on a medium that can be looked up.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// What the library knows of it.
    Filter(Box<MediaFilter>),
    /// It is in an album, which may keep itself.
    Album(AlbumId),
    /// A search for these words finds it.
    Shows(String),
    /// These words stand in its texts.
    Text(String),
}

impl Test {
    fn of(filter: MediaFilter) -> Self {
        Self::Filter(Box::new(filter))
    }
}

/// What each clause of a rule demands, one for one.
///
/// # Errors
/// Every name that is not known, where it stands.
pub fn resolve(parsed: &Parsed, library: &Vocabulary, now: DateTime) -> Result<Vec<Demand<Test>>, Vec<Problem>> {
    let (mut demands, mut problems) = (Vec::new(), Vec::new());
    for (clause, place) in parsed.rule.clauses.iter().zip(&parsed.places) {
        match demand(clause, library, now) {
            Ok(demand) => demands.push(demand),
            Err((value, message)) => {
                let range = place.values.get(value).unwrap_or(&place.whole).clone();
                problems.push(Problem { range, message });
            }
        }
    }
    if problems.is_empty() { Ok(demands) } else { Err(problems) }
}

type Unknown = (usize, String);

fn demand(clause: &Clause, library: &Vocabulary, now: DateTime) -> Result<Demand<Test>, Unknown> {
    let any = match &clause.condition {
        Condition::Named { key: Key::Only, names, all } => vec![vec![only(names, *all, library)?]],
        Condition::Named { key, names, all } => {
            let tests = names.iter().enumerate();
            let tests = tests.map(|(at, name)| test(*key, name, library).map_err(|message| (at, message)));
            let tests: Vec<Test> = tests.collect::<Result<_, _>>()?;
            if *all { vec![tests] } else { tests.into_iter().map(|test| vec![test]).collect() }
        }
        Condition::Dates(dates) => {
            let spans = dates.iter().map(|date| match date.span(now) {
                Some(span) => MediaFilter { taken: vec![span], ..MediaFilter::default() },
                None => MediaFilter { dated: Some(false), ..MediaFilter::default() },
            });
            spans.map(|filter| vec![Test::of(filter)]).collect()
        }
        Condition::Copies(sorts) => {
            let sorts = sorts.iter().map(|sort| MediaFilter { copies: Some(*sort), ..MediaFilter::default() });
            sorts.map(|filter| vec![Test::of(filter)]).collect()
        }
        other => vec![vec![Test::of(filter(other))]],
    };
    Ok(Demand { not: clause.not, any })
}

/// These people and nobody else who has a name.
fn only(names: &[String], all: bool, library: &Vocabulary) -> Result<Test, Unknown> {
    let people = names.iter().enumerate().map(|(at, name)| {
        let known = library.people.iter().map(|person| &person.name);
        named::person(library, name).ok_or_else(|| (at, named::unknown("person", name, known)))
    });
    let people: Vec<_> = people.collect::<Result<_, _>>()?;
    let people = if all { people.into_iter().map(|person| vec![person]).collect() } else { vec![people] };
    Ok(Test::of(MediaFilter { people, only_these_people: true, ..MediaFilter::default() }))
}

/// What one name means.
fn test(key: Key, name: &str, library: &Vocabulary) -> Result<Test, String> {
    let all = MediaFilter::default;
    let filter = match key {
        Key::Shows => return Ok(Test::Shows(name.to_owned())),
        Key::Text => return Ok(Test::Text(name.to_owned())),
        Key::Album => return album(name, library),
        Key::People | Key::Only => {
            let known = library.people.iter().map(|person| &person.name);
            let person = named::person(library, name).ok_or_else(|| named::unknown("person", name, known))?;
            MediaFilter { people: vec![vec![person]], ..all() }
        }
        Key::Place => {
            let places =
                named::place(library, name).map_or_else(|| named::place_of_the_world(name), |place| vec![place]);
            let known = library.places.iter().filter_map(|place| place.names.first());
            if places.is_empty() {
                return Err(named::unknown("place", name, known));
            }
            MediaFilter { places, ..all() }
        }
        Key::Event => {
            let events = named::events(library, name);
            if events.is_empty() {
                return Err(named::unknown("event", name, library.events.iter().map(|event| &event.name)));
            }
            MediaFilter { events, ..all() }
        }
        Key::Tag => {
            let known = library.tags.iter().map(|tag| &tag.name);
            let tag = named::tag(library, name).ok_or_else(|| named::unknown("keyword", name, known))?;
            MediaFilter { tags: vec![tag], ..all() }
        }
        Key::Concept => {
            let known = library.concepts.iter().map(|concept| &concept.name);
            let concept = named::concept(library, name).ok_or_else(|| named::unknown("concept", name, known))?;
            MediaFilter { concepts: vec![concept], ..all() }
        }
        Key::Camera => {
            let cameras = named::cameras(library, name);
            if cameras.is_empty() {
                return Err(named::unknown("camera", name, library.cameras.iter().map(|camera| &camera.label)));
            }
            MediaFilter { cameras, ..all() }
        }
    };
    Ok(Test::of(filter))
}

fn album(name: &str, library: &Vocabulary) -> Result<Test, String> {
    match named::albums(library, name).as_slice() {
        [] => Err(named::unknown("album", name, library.albums.iter().map(|album| &album.name))),
        [album] => Ok(Test::Album(*album)),
        several => Err(format!("{} albums are called {name}; give them names of their own", several.len())),
    }
}

/// A condition that names nothing.
fn filter(condition: &Condition) -> MediaFilter {
    let all = MediaFilter::default;
    match condition {
        Condition::Somebody(there) => MediaFilter { has_people: Some(*there), ..all() },
        Condition::NoPlace => MediaFilter { located: Some(false), ..all() },
        Condition::Months(months) => MediaFilter { months: months.clone(), ..all() },
        Condition::Days(days) => MediaFilter { month_days: days.clone(), ..all() },
        Condition::Weekdays(days) => MediaFilter { weekdays: days.clone(), ..all() },
        Condition::Times(times) => MediaFilter { times_of_day: times.clone(), ..all() },
        Condition::Kinds(kinds) => MediaFilter { kinds: kinds.clone(), ..all() },
        Condition::Shapes(shapes) => MediaFilter { shapes: shapes.clone(), ..all() },
        Condition::Generated => MediaFilter { generated: Some(true), ..all() },
        Condition::Measured { measure, compare, number } => measured(*measure, *compare, *number),
        Condition::Named { .. } | Condition::Dates(_) | Condition::Copies(_) => all(),
    }
}

fn measured(measure: Measure, compare: Compare, number: u32) -> MediaFilter {
    let (least, most) = match compare {
        Compare::AtLeast => (Some(number), None),
        Compare::More => (Some(number.saturating_add(1)), None),
        Compare::AtMost => (None, Some(number)),
        Compare::Less => (None, Some(number.saturating_sub(1))),
        Compare::Equal => (Some(number), Some(number)),
    };
    let stars = |number: u32| u8::try_from(number).unwrap_or(u8::MAX);
    let all = MediaFilter::default();
    match measure {
        Measure::Rating => MediaFilter { min_rating: least.map(stars), max_rating: most.map(stars), ..all },
        Measure::People => MediaFilter { people_count: Some(CountSpan { least: least.unwrap_or(0), most }), ..all },
        Measure::Length => MediaFilter { min_seconds: least, max_seconds: most, ..all },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assistant::albums::parse;
    use crate::library::PersonId;
    use crate::library::vocabulary::PersonEntry;

    fn library() -> Vocabulary {
        let person =
            |name: &str| PersonEntry { id: PersonId::new(), name: name.into(), aliases: vec![], pet: false, media: 3 };
        Vocabulary { people: vec![person("Anna"), person("Ben")], ..Vocabulary::default() }
    }

    fn resolved(text: &str, library: &Vocabulary) -> Result<Vec<Demand<Test>>, Vec<Problem>> {
        resolve(&parse(text).unwrap(), library, "2026-11-21T12:00:00".parse().unwrap())
    }

    fn filters(demand: &Demand<Test>) -> Vec<Vec<MediaFilter>> {
        let filter = |test: &Test| match test {
            Test::Filter(filter) => (**filter).clone(),
            other => panic!("{other:?}"),
        };
        demand.any.iter().map(|all| all.iter().map(filter).collect()).collect()
    }

    #[test]
    fn joined_names_are_all_demanded_and_alternatives_any() {
        let library = library();
        let demands =
            resolved("people: anna & Ben; people: Anna | Ben; only: Anna & Ben; not video", &library).unwrap();
        let shape: Vec<Vec<usize>> = demands.iter().map(|demand| demand.any.iter().map(Vec::len).collect()).collect();
        assert_eq!(shape, [vec![2], vec![1, 1], vec![1], vec![1]]);
        let only = &filters(&demands[2])[0][0];
        assert!(only.only_these_people && only.people.len() == 2);
        assert_eq!(demands.iter().map(|demand| demand.not).collect::<Vec<_>>(), [false, false, false, true]);
    }

    #[test]
    fn every_unknown_name_is_told_where_it_stands() {
        let text = "people: Anna | Bem; place: Qwertzuiopolis; camera: Nokia";
        let problems = resolved(text, &library()).unwrap_err();
        let told: Vec<&str> = problems.iter().map(|problem| &text[problem.range.clone()]).collect();
        assert_eq!(told, ["Bem", "Qwertzuiopolis", "Nokia"]);
        assert!(problems[0].message.contains("did you mean Ben"), "{}", problems[0].message);
    }

    #[test]
    fn a_place_where_nobody_took_a_picture_yet_is_known_to_the_world() {
        let demands = resolved("place: Japan", &Vocabulary::default()).unwrap();
        assert_eq!(filters(&demands[0])[0][0].places[0].country_code.as_deref(), Some("JP"));
    }

    #[test]
    fn numbers_compare() {
        let span = |text: &str| {
            let filter = filters(&resolved(text, &library()).unwrap()[0])[0][0].clone();
            (filter.min_rating, filter.max_rating)
        };
        assert_eq!(span("rating >= 3"), (Some(3), None));
        assert_eq!(span("rating > 3"), (Some(4), None));
        assert_eq!(span("rating < 3"), (None, Some(2)));
        assert_eq!(span("rating = 3"), (Some(3), Some(3)));
    }
}
