//! What people would call an event: "Lofoten, July 2019", "Anna’s 3rd birthday", "Weekend in Hamburg".
//!
//! A pure function of what is known of its pictures, the same whenever it is asked. What says most wins: a birthday, a
//! feast, words that set the event apart from the rest of the library, a weekend, a place, the day. No two events of a
//! library have one name: the month tells them apart, then the day.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use jiff::civil::{Date, Weekday};
use serde::Deserialize;

use super::Kind;

/// An event takes its name from a place where this share of its pictures was taken, of a hundred.
const SHARED: usize = 60;
/// A weekend has no more days.
const WEEKEND_DAYS: i32 = 4;
/// More places are not listed.
const LISTED: usize = 3;
/// A birthday is celebrated within these days.
const CELEBRATED: i32 = 6;

#[derive(Deserialize)]
struct Phrases {
    months: Vec<String>,
    weekdays: Vec<String>,
    ordinals: Vec<String>,
    #[serde(flatten)]
    patterns: HashMap<String, String>,
}

static PHRASES: LazyLock<HashMap<String, Phrases>> = LazyLock::new(|| {
    toml::from_str(include_str!("names.toml")).unwrap_or_else(|error| unreachable!("names.toml: {error}"))
});

/// The language of names: a code of `names.toml`.
#[derive(Clone, Copy)]
pub struct Language(&'static Phrases);

impl Language {
    /// The language with this code; English if names cannot be made in it.
    pub fn of(code: &str) -> Self {
        let code = code.split(['-', '_']).next().unwrap_or_default();
        Self(PHRASES.get(code).or_else(|| PHRASES.get("en")).unwrap_or_else(|| unreachable!("names.toml has English")))
    }

    fn say(self, pattern: &str, values: &[(&str, &str)]) -> String {
        let mut text = self.0.patterns.get(pattern).cloned().unwrap_or_default();
        for (key, value) in values {
            text = text.replace(&format!("{{{key}}}"), value);
        }
        text
    }

    fn when(self, day: Date) -> String {
        let month = &self.0.months[day.month() as usize - 1];
        self.say("when", &[("month", month), ("year", &day.year().to_string())])
    }

    fn day(self, day: Date) -> String {
        let month = &self.0.months[day.month() as usize - 1];
        let (d, year) = (day.day().to_string(), day.year().to_string());
        self.say("day", &[("month", month), ("d", &d), ("year", &year)])
    }

    /// "3rd", "3.": the ending that a number takes, by its last digit where the language has more than one.
    fn ordinal(self, n: i32) -> String {
        let teens = (11..=13).contains(&(n % 100));
        let last = if teens { 0 } else { n % 10 };
        let endings = &self.0.ordinals;
        // French has an ending for the first alone.
        let last = if endings.len() == 2 { usize::from(n == 1) } else { usize::try_from(last).unwrap_or(0) };
        let ending = endings.get(last).or_else(|| endings.first()).map_or("", String::as_str);
        format!("{n}{ending}")
    }
}

/// Where a picture was taken.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// City or village.
    pub city: Option<String>,
    /// State, province, Land.
    pub region: Option<String>,
    /// Country.
    pub country: Option<String>,
}

/// Somebody in the pictures.
#[derive(Debug, Clone)]
pub struct Somebody {
    /// Name.
    pub name: String,
    /// Day of birth.
    pub born: Option<Date>,
    /// In how many pictures.
    pub count: usize,
}

/// What is known of an event.
#[derive(Debug, Clone)]
pub struct Told {
    /// Event or trip.
    pub kind: Kind,
    /// It was away from home.
    pub away: bool,
    /// Days of its first and last picture.
    pub days: (Date, Date),
    /// Where its pictures were taken, those of which it is known.
    pub places: Vec<Place>,
    /// Who is in them.
    pub people: Vec<Somebody>,
    /// Words that set it apart, the most telling first.
    pub words: Vec<String>,
}

/// Names of events, each different from the others.
pub fn names(events: &[Told], language: Language) -> Vec<String> {
    let mut names: Vec<String> = events.iter().map(|event| name(event, language)).collect();
    let tellers: [fn(Language, Date) -> String; 2] = [Language::when, Language::day];
    for tell in tellers {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for name in &names {
            *counts.entry(name.clone()).or_default() += 1;
        }
        for (name, event) in names.iter_mut().zip(events) {
            let when = tell(language, event.days.0);
            if counts[name.as_str()] > 1 && !name.contains(&when) {
                // A day in full says the month, too.
                let month = language.when(event.days.0);
                *name = match name.contains(&month) {
                    true => name.replace(&month, &when),
                    false => language.say("with", &[("name", name.as_str()), ("when", &when)]),
                };
            }
        }
    }
    names
}

/// The name of one event.
pub fn name(event: &Told, language: Language) -> String {
    candidates(event, language).into_iter().next().unwrap_or_default()
}

/// What the event could be called, what says most first; at least one name.
pub fn candidates(event: &Told, language: Language) -> Vec<String> {
    let (first, last) = event.days;
    let place = place(&event.places, language);
    let place = place.as_deref();
    let is_trip = event.kind == Kind::Trip;
    let when = language.when(first);
    let words = event.words.first().map(|word| capitalised(word));
    let weekday = &language.0.weekdays[first.weekday().to_monday_zero_offset() as usize];
    let mut names: Vec<String> = birthday(event, language).into_iter().chain(feast(event, place, language)).collect();
    match (&words, place) {
        (Some(words), Some(place)) if event.away => {
            names.push(language.say("words", &[("words", words), ("place", place), ("when", &when)]));
        }
        (Some(words), _) => names.push(language.say("words_only", &[("words", words), ("when", &when)])),
        _ => {}
    }
    if let Some(place) = place {
        if is_trip && is_weekend(first, (last - first).get_days() + 1) {
            names.push(language.say("weekend", &[("place", place)]));
        }
        if !is_trip && event.away {
            names.push(language.say("outing", &[("weekday", weekday), ("place", place)]));
        }
        if is_trip || event.away {
            names.push(language.say("trip", &[("place", place), ("when", &when)]));
        }
    } else if is_trip {
        names.push(language.say("journey", &[("when", &when)]));
    }
    if !is_trip {
        names.push(language.say("at_home", &[("weekday", weekday), ("day", &language.day(first))]));
    }
    names
}

/// A few days with a Saturday and its Sunday.
fn is_weekend(first: Date, days: i32) -> bool {
    let weekdays = (0..days).map(|day| first.weekday().wrapping_add(i64::from(day)));
    (2..=WEEKEND_DAYS).contains(&days)
        && weekdays.filter(|day| matches!(day, Weekday::Saturday | Weekday::Sunday)).count() == 2
}

/// The birthday of somebody in the pictures, of whom most are there.
fn birthday(event: &Told, language: Language) -> Option<String> {
    let (first, last) = event.days;
    if event.kind == Kind::Trip || (last - first).get_days() > 1 {
        return None;
    }
    let celebrated = |person: &&Somebody| {
        let years = i32::from(first.year()) - i32::from(person.born?.year());
        let that_day =
            person.born?.with().year(first.year()).build().or_else(|_| Date::new(first.year(), 3, 1)).ok()?;
        let days = (first - that_day).get_days();
        ((0..=CELEBRATED).contains(&days) || that_day == last).then_some((days, years)).filter(|(_, years)| *years > 0)
    };
    let mut found: Vec<(&Somebody, i32, i32)> = event
        .people
        .iter()
        .filter_map(|person| celebrated(&person).map(|(days, years)| (person, days, years)))
        .collect();
    found.sort_by_key(|(person, days, _)| (*days, std::cmp::Reverse(person.count), person.name.clone()));
    let (person, _, years) = found.into_iter().next()?;
    Some(language.say("birthday", &[("name", &person.name), ("n", &language.ordinal(years))]))
}

/// Christmas and New Year, which are the same days everywhere.
fn feast(event: &Told, place: Option<&str>, language: Language) -> Option<String> {
    let (first, last) = event.days;
    let holds = |month: i8, day: i8| {
        (first.year()..=last.year())
            .any(|year| Date::new(year, month, day).is_ok_and(|day| first <= day && day <= last))
    };
    // Who is away for weeks is not away for the feast.
    if (last - first).get_days() > 16 {
        return None;
    }
    let (feast, year) = if holds(12, 24) || holds(12, 25) {
        ("christmas", first.year())
    } else if holds(12, 31) || holds(1, 1) {
        ("new_year", if first.month() == 12 { first.year() + 1 } else { first.year() })
    } else {
        return None;
    };
    let year = year.to_string();
    Some(match place.filter(|_| event.away) {
        Some(place) => language.say(&format!("{feast}_in"), &[("place", place), ("year", &year)]),
        None => language.say(feast, &[("year", &year)]),
    })
}

/// The smallest place that most pictures share; of several countries or cities, their list.
pub fn place(places: &[Place], language: Language) -> Option<String> {
    let most = |of: fn(&Place) -> Option<&String>| {
        let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
        for name in places.iter().filter_map(of) {
            *counts.entry(name).or_default() += 1;
        }
        let mut counts: Vec<(&String, usize)> = counts.into_iter().collect();
        counts.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
        counts
    };
    let shared = |counts: &[(&String, usize)]| {
        counts.first().filter(|(_, count)| count * 100 >= places.len() * SHARED).map(|(name, _)| (*name).clone())
    };
    let (cities, regions, countries) =
        (most(|place| place.city.as_ref()), most(|place| place.region.as_ref()), most(|place| place.country.as_ref()));
    if let Some(name) = shared(&cities) {
        return Some(name);
    }
    let listed = |names: &[(&String, usize)]| {
        let names: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
        let (last, before) = names.split_last()?;
        let and = language.say("and", &[]);
        Some(if before.is_empty() { (*last).to_owned() } else { format!("{}{and}{last}", before.join(", ")) })
    };
    if countries.len() <= 1 {
        return shared(&regions).or_else(|| shared(&countries)).or_else(|| listed(&cities[..cities.len().min(LISTED)]));
    }
    match countries.len() <= LISTED {
        true => listed(&countries),
        false => listed(&countries[..LISTED - 1]),
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn at(city: &str, region: &str, country: &str) -> Place {
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Place { city: text(city), region: text(region), country: text(country) }
    }

    fn told(kind: Kind, away: bool, first: Date, last: Date, places: Vec<Place>) -> Told {
        Told { kind, away, days: (first, last), places, people: Vec::new(), words: Vec::new() }
    }

    fn english(event: &Told) -> String {
        name(event, Language::of("en"))
    }

    #[test]
    fn what_else_it_could_be_called_comes_after_its_name() {
        let whistler = vec![at("Whistler", "", "Canada")];
        let mut outing = told(Kind::Event, true, date(2021, 5, 9), date(2021, 5, 9), whistler);
        outing.words = vec!["skiing".into()];
        let expected =
            ["Skiing in Whistler, May 2021", "Sunday in Whistler", "Whistler, May 2021", "Sunday, May 9, 2021"];
        assert_eq!(candidates(&outing, Language::of("en")), expected);
        let nowhere = told(Kind::Trip, true, date(2021, 5, 7), date(2021, 5, 9), Vec::new());
        assert_eq!(candidates(&nowhere, Language::of("de")), ["Reise, Mai 2021"]);
    }

    #[test]
    fn names_say_what_people_would() {
        let norway = vec![at("Svolvær", "Nordland", "Norway"), at("Reine", "Nordland", "Norway")];
        let mut trip = told(Kind::Trip, true, date(2019, 7, 3), date(2019, 7, 12), norway);
        assert_eq!(english(&trip), "Nordland, July 2019");
        assert_eq!(name(&trip, Language::of("de-AT")), "Nordland, Juli 2019");
        trip.words = vec!["kayak".into()];
        assert_eq!(english(&trip), "Kayak in Nordland, July 2019");
        let weekend = told(Kind::Trip, true, date(2021, 5, 7), date(2021, 5, 9), vec![at("Hamburg", "", "Germany")]);
        assert_eq!(english(&weekend), "Weekend in Hamburg");
        let outing = told(Kind::Event, true, date(2021, 5, 9), date(2021, 5, 9), vec![at("Whistler", "", "Canada")]);
        assert_eq!(english(&outing), "Sunday in Whistler");
        let two = vec![at("Hanoi", "", "Vietnam"), at("Chiang Mai", "", "Thailand")];
        assert_eq!(
            english(&told(Kind::Trip, true, date(2020, 1, 4), date(2020, 1, 14), two)),
            "Thailand and Vietnam, January 2020"
        );
        let feast = told(Kind::Trip, true, date(2022, 12, 23), date(2022, 12, 30), vec![at("Miami", "Florida", "USA")]);
        assert_eq!(english(&feast), "Christmas in Miami, 2022");
    }

    #[test]
    fn birthdays_come_from_days_of_birth() {
        let mut party = told(Kind::Event, false, date(2017, 3, 5), date(2017, 3, 5), Vec::new());
        party.people = vec![
            Somebody { name: "Ben".into(), born: Some(date(2011, 8, 1)), count: 9 },
            Somebody { name: "Anna".into(), born: Some(date(2014, 3, 4)), count: 2 },
        ];
        assert_eq!(english(&party), "Anna’s 3rd birthday");
        assert_eq!(name(&party, Language::of("de")), "3. Geburtstag von Anna");
        assert_eq!(name(&party, Language::of("zh")), "Anna的3岁生日");
        party.days = (date(2017, 3, 15), date(2017, 3, 15));
        assert_eq!(english(&party), "Wednesday, March 15, 2017");
        let english = Language::of("en");
        let ordinals: Vec<String> = [1, 2, 3, 4, 11, 12, 13, 21, 80, 101].map(|n| english.ordinal(n)).into();
        assert_eq!(ordinals, ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "80th", "101st"]);
        assert_eq!([1, 2, 21].map(|n| Language::of("fr").ordinal(n)), ["1er", "2e", "21e"]);
    }

    #[test]
    fn no_two_events_have_one_name() {
        let weekend =
            |first: Date| told(Kind::Trip, true, first, first.tomorrow().unwrap(), vec![at("Hamburg", "", "Germany")]);
        let events = [weekend(date(2021, 5, 8)), weekend(date(2021, 5, 15)), weekend(date(2022, 6, 11))];
        let names = names(&events, Language::of("en"));
        assert_eq!(names[2], "Weekend in Hamburg, June 2022");
        assert_eq!(names[0], "Weekend in Hamburg, May 8, 2021");
        assert_ne!(names[0], names[1]);
    }

    #[test]
    fn every_language_has_every_pattern() {
        let english = &PHRASES["en"];
        for (code, phrases) in PHRASES.iter() {
            assert_eq!((phrases.months.len(), phrases.weekdays.len()), (12, 7), "{code}");
            for pattern in english.patterns.keys() {
                assert!(phrases.patterns.contains_key(pattern), "{code} lacks {pattern}");
            }
        }
    }
}
