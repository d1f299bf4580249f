//! Makes a rule of what a question was understood to mean: "all sunsets at the cabin" as `shows: sunset; concept: cabin`.
//!
//! Pure. What a rule cannot say makes no rule, rather than one that says less.

use jiff::ToSpan as _;
use jiff::civil::{Date, Time};

use super::rule::{Clause, Compare, Condition, Key, Measure, Pick, Rule, Which};
use super::spans::{Dates, Day};
use crate::assistant::named;
use crate::assistant::understand::{Order, Reading, Wording};
use crate::library::filter::{MediaFilter, PlaceRef, TimeSpan};
use crate::library::vocabulary::Vocabulary;

/// The rule for what a reading means; `None` when it means nothing in particular or what no rule says.
pub fn written(reading: &Reading, library: &Vocabulary) -> Option<Rule> {
    if !reading.unknown_names.is_empty() {
        return None;
    }
    let mut rule = Writer { library, clauses: Vec::new() };
    rule.people(&reading.filter)?;
    rule.places(&reading.filter)?;
    rule.times(&reading.filter)?;
    rule.sets(&reading.filter)?;
    rule.attributes(&reading.filter)?;
    if let Some(content) = &reading.content {
        let words = |wording: &Wording| wording.text.clone();
        let names = match content.alternatives.len() {
            0 | 1 => vec![words(&content.wording)],
            _ => content.alternatives.iter().map(words).collect(),
        };
        rule.named(Key::Shows, names, false, false);
    } else if rule.clauses.is_empty() && !reading.likely_events.is_empty() {
        let events = reading.likely_events.iter().map(|likely| rule.event(likely.event)).collect::<Option<_>>()?;
        rule.named(Key::Event, events, false, false);
    }
    for without in &reading.without_content {
        rule.named(Key::Shows, vec![without.text.clone()], false, true);
    }
    let which = match reading.order {
        Order::Relevance | Order::Rating => Which::Best,
        Order::Newest => Which::Newest,
        Order::Oldest => Which::Oldest,
    };
    let pick = reading.limit.map(|number| Pick { which, number: number.max(1) });
    let rule = Rule { clauses: rule.clauses, pick };
    (!rule.clauses.is_empty()).then_some(rule)
}

struct Writer<'l> {
    library: &'l Vocabulary,
    clauses: Vec<Clause>,
}

impl Writer<'_> {
    fn add(&mut self, not: bool, condition: Condition) {
        self.clauses.push(Clause { not, condition });
    }

    /// A clause of names; none without names.
    fn named(&mut self, key: Key, names: Vec<String>, all: bool, not: bool) {
        if !names.is_empty() {
            let all = all && names.len() > 1;
            self.add(not, Condition::Named { key, names, all });
        }
    }

    fn people(&mut self, filter: &MediaFilter) -> Option<()> {
        let name = |id| self.library.people.iter().find(|person| person.id == id).map(|person| person.name.clone());
        let groups: Vec<Vec<String>> = filter
            .people
            .iter()
            .map(|group| group.iter().map(|id| name(*id)).collect::<Option<_>>())
            .collect::<Option<_>>()?;
        let without: Vec<String> = filter.without_people.iter().map(|id| name(*id)).collect::<Option<_>>()?;
        let alone = groups.iter().all(|group| group.len() == 1);
        match (filter.only_these_people, alone) {
            (true, true) => self.named(Key::Only, groups.concat(), true, false),
            (true, false) if groups.len() == 1 => self.named(Key::Only, groups.concat(), false, false),
            (true, false) => return None,
            (false, true) => self.named(Key::People, groups.concat(), true, false),
            (false, false) => groups.into_iter().for_each(|group| self.named(Key::People, group, false, false)),
        }
        self.named(Key::People, without, false, true);
        if filter.somebody_unnamed {
            // No rule says this: whoever is named leaves it.
            return None;
        }
        if let Some(there) = filter.has_people {
            self.add(false, Condition::Somebody(there));
        }
        if let Some(span) = filter.people_count {
            self.measured(Measure::People, (span.least > 0).then_some(span.least), span.most);
        }
        Some(())
    }

    fn places(&mut self, filter: &MediaFilter) -> Option<()> {
        let names = |places: &[PlaceRef]| places.iter().map(|place| self.place(place)).collect::<Option<Vec<_>>>();
        let (there, elsewhere) = (names(&filter.places)?, names(&filter.without_places)?);
        self.named(Key::Place, there, false, false);
        self.named(Key::Place, elsewhere, false, true);
        if let Some(located) = filter.located {
            self.add(located, Condition::NoPlace);
        }
        Some(())
    }

    /// A name that means this place and no other.
    fn place(&self, place: &PlaceRef) -> Option<String> {
        let known = self.library.places.iter().find(|entry| entry.place == *place);
        let own = match known {
            Some(entry) => entry.names.first()?.clone(),
            None => crate::ingest::places::names_of(place).into_iter().next()?,
        };
        let wider = [place.region.clone(), self.country(place)].into_iter().flatten();
        let candidates = std::iter::once(own.clone()).chain(wider.map(|wider| format!("{own}, {wider}")));
        let means = |name: &String| match named::place(self.library, name) {
            Some(found) => found == *place,
            None => named::place_of_the_world(name) == [place.clone()],
        };
        candidates.into_iter().find(means)
    }

    fn country(&self, place: &PlaceRef) -> Option<String> {
        let country = PlaceRef { country_code: Some(place.country_code.clone()?), ..PlaceRef::default() };
        self.library.places.iter().find(|entry| entry.place == country)?.names.first().cloned()
    }

    fn times(&mut self, filter: &MediaFilter) -> Option<()> {
        let dates: Vec<Dates> = filter.taken.iter().map(|span| dates(*span)).collect::<Option<_>>()?;
        let mut add = |given: bool, condition: Condition| {
            if given {
                self.add(false, condition);
            }
        };
        add(!dates.is_empty(), Condition::Dates(dates));
        add(!filter.months.is_empty(), Condition::Months(filter.months.clone()));
        add(!filter.month_days.is_empty(), Condition::Days(filter.month_days.clone()));
        add(!filter.weekdays.is_empty(), Condition::Weekdays(filter.weekdays.clone()));
        add(!filter.times_of_day.is_empty(), Condition::Times(filter.times_of_day.clone()));
        if let Some(dated) = filter.dated {
            self.add(dated, Condition::Dates(vec![Dates::Unknown]));
        }
        Some(())
    }

    fn event(&self, id: crate::library::EventId) -> Option<String> {
        let entry = self.library.events.iter().find(|event| event.id == id)?;
        // Another of the same name would be taken for it.
        (named::events(self.library, &entry.name) == [id]).then(|| entry.name.clone())
    }

    fn sets(&mut self, filter: &MediaFilter) -> Option<()> {
        // No rule says what comes back over the years.
        if filter.among.is_some() || !filter.except.is_empty() || !filter.themes.is_empty() {
            return None;
        }
        let events = |ids: &[_]| ids.iter().map(|id| self.event(*id)).collect::<Option<Vec<_>>>();
        let (within, without) = (events(&filter.events)?, events(&filter.without_events)?);
        let album = |id| self.library.albums.iter().find(|album| album.id == id).map(|album| album.name.clone());
        let albums: Vec<String> = filter.albums.iter().map(|id| album(*id)).collect::<Option<_>>()?;
        let concept = |id| self.library.concepts.iter().find(|one| one.id == id).map(|one| one.name.clone());
        let concepts: Vec<String> = filter.concepts.iter().map(|id| concept(*id)).collect::<Option<_>>()?;
        let no_concepts: Vec<String> = filter.without_concepts.iter().map(|id| concept(*id)).collect::<Option<_>>()?;
        self.named(Key::Event, within, false, false);
        self.named(Key::Event, without, false, true);
        self.named(Key::Album, albums, false, false);
        self.named(Key::Tag, filter.tags.clone(), true, false);
        self.named(Key::Tag, filter.without_tags.clone(), false, true);
        self.named(Key::Concept, concepts, true, false);
        self.named(Key::Concept, no_concepts, false, true);
        Some(())
    }

    fn attributes(&mut self, filter: &MediaFilter) -> Option<()> {
        self.named(Key::Camera, filter.cameras.clone(), false, false);
        if !filter.kinds.is_empty() {
            self.add(false, Condition::Kinds(filter.kinds.clone()));
        }
        if !filter.shapes.is_empty() {
            self.add(false, Condition::Shapes(filter.shapes.clone()));
        }
        if let Some(copies) = filter.copies {
            self.add(false, Condition::Copies(vec![copies]));
        }
        if let Some(generated) = filter.generated {
            self.add(!generated, Condition::Generated);
        }
        self.measured(Measure::Rating, filter.min_rating.map(u32::from), filter.max_rating.map(u32::from));
        self.measured(Measure::Length, filter.min_seconds, filter.max_seconds);
        Some(())
    }

    fn measured(&mut self, measure: Measure, least: Option<u32>, most: Option<u32>) {
        let mut add = |compare, number| self.add(false, Condition::Measured { measure, compare, number });
        match (least, most) {
            (Some(least), Some(most)) if least == most => add(Compare::Equal, least),
            (least, most) => {
                least.into_iter().for_each(|number| add(Compare::AtLeast, number));
                most.into_iter().for_each(|number| add(Compare::AtMost, number));
            }
        }
    }
}

/// A span as a year, a month, a day, or from one to another; `None` for one that does not begin and end at midnight.
fn dates(span: TimeSpan) -> Option<Dates> {
    if span.start.time() != Time::midnight() || span.end.time() != Time::midnight() {
        return None;
    }
    let (first, last) = (span.start.date(), span.end.date().checked_sub(1.day()).ok()?);
    let open = |date: Date| date.year() <= 1 || date.year() >= 9990;
    let begins_year = first.month() == 1 && first.day() == 1;
    let ends_year = last.month() == 12 && last.day() == 31;
    let ends_month = last.day() == last.days_in_month();
    let ((from, to), whole) = if begins_year && ends_year {
        ((Day::Year(first.year()), Day::Year(last.year())), first.year() == last.year())
    } else if first.day() == 1 && ends_month {
        let same = (first.year(), first.month()) == (last.year(), last.month());
        ((Day::Month(first.year(), first.month()), Day::Month(last.year(), last.month())), same)
    } else {
        ((Day::Day(first), Day::Day(last)), first == last)
    };
    let end_of = |date: Date| match (ends_year, ends_month) {
        (true, _) => Day::Year(date.year()),
        (_, true) => Day::Month(date.year(), date.month()),
        _ => Day::Day(date),
    };
    let start_of = |date: Date| match (begins_year, date.day() == 1) {
        (true, _) => Day::Year(date.year()),
        (_, true) => Day::Month(date.year(), date.month()),
        _ => Day::Day(date),
    };
    match (open(first), open(last)) {
        (true, true) => None,
        (true, false) => Some(Dates::Until(end_of(last))),
        (false, true) => Some(Dates::From(start_of(first))),
        (false, false) if whole => Some(Dates::On(from)),
        (false, false) => Some(Dates::Between(from, to)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assistant::albums::parse;
    use crate::assistant::gazetteer;
    use crate::library::vocabulary::{ConceptEntry, PersonEntry, PlaceEntry, PlaceLevel};
    use crate::library::{ConceptId, PersonId};

    fn library() -> Vocabulary {
        let person =
            |name: &str| PersonEntry { id: PersonId::new(), name: name.into(), aliases: vec![], pet: false, media: 3 };
        let norway = PlaceRef { country_code: Some("NO".into()), ..PlaceRef::default() };
        Vocabulary {
            people: vec![person("Anna"), person("Ben")],
            places: vec![PlaceEntry {
                place: norway,
                level: PlaceLevel::Country,
                names: vec!["Norway".into()],
                media: 9,
            }],
            concepts: vec![ConceptEntry { id: ConceptId::new(), name: "the cabin".into() }],
            ..Vocabulary::default()
        }
    }

    fn rule(question: &str) -> String {
        let (library, now) = (library(), "2026-11-21T12:00:00".parse().unwrap());
        let reading = gazetteer::lexicon(&library).understand(question, &gazetteer::World, now, None);
        let rule = written(&reading, &library).map(|rule| rule.to_string()).unwrap_or_default();
        // What is written is a rule.
        assert!(rule.is_empty() || parse(&rule).is_ok(), "{rule}");
        rule
    }

    #[test]
    fn a_question_becomes_a_rule() {
        assert_eq!(rule("photos of Anna with Ben in Norway in 2019"), "people: Anna & Ben; place: Norway; date: 2019");
        assert_eq!(rule("sunsets at the cabin"), "concept: the cabin; shows: sunsets");
        assert_eq!(
            rule("videos from June to August 2019 without Ben"),
            "not people: Ben; date: 2019-06..2019-08; video"
        );
        assert_eq!(rule("hello"), "");
    }

    #[test]
    fn spans_are_written_as_short_as_they_can_be() {
        let span = |start: &str, end: &str| {
            let at = |day: &str| day.parse::<Date>().unwrap().to_datetime(Time::midnight());
            dates(TimeSpan { start: at(start), end: at(end) }).map(|dates| dates.to_string()).unwrap_or_default()
        };
        assert_eq!(span("2019-01-01", "2020-01-01"), "2019");
        assert_eq!(span("2019-01-01", "2021-01-01"), "2019..2020");
        assert_eq!(span("2019-06-01", "2019-07-01"), "2019-06");
        assert_eq!(span("2019-06-05", "2019-06-06"), "2019-06-05");
        assert_eq!(span("2019-06-05", "2019-06-08"), "2019-06-05..2019-06-07");
        assert_eq!(span("0001-01-01", "2019-01-01"), "..2018");
        assert_eq!(span("2019-03-01", "9999-12-31"), "2019-03..");
    }
}
