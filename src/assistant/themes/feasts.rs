//! Feasts that come back every year, and birthdays: themes that need no look at a picture. Pure.
//!
//! A feast is one of this family when words say so in two years, keywords or names of events; or when its days stand out by
//! themselves: there are more pictures of them than of the same days one, two, three or four weeks before or after, in
//! more years than chance gives. By chance one of these nine weeks has the most in one year of nine; the binomial tail says
//! how likely so many years are (the sign test: Conover, *Practical nonparametric statistics*). Feasts that are kept in a
//! few countries only, or that nobody sees in a calendar, need words or that country.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;

use super::recurrence::{Picture, recurs, years};
use super::{Draft, Kind, Subject};
use crate::assistant::understand::holiday;
use crate::library::PersonId;

/// Weeks before and after that are compared with.
const WEEKS: [i32; 8] = [-4, -3, -2, -1, 1, 2, 3, 4];
/// Chance gives so many outstanding years with a smaller probability.
const CHANCE: f64 = 0.002;
/// Years of a feast, at least.
const LEAST_YEARS: usize = 3;
/// Years in which words name it, if they alone have to say it.
const NAMED_YEARS: usize = 2;
/// What words name is of the feast when it was taken so many days around it: the tree stands before Christmas, too.
const AROUND: i32 = 10;

/// Where the days of a feast speak for themselves.
enum Kept {
    Everywhere,
    In(&'static [&'static str]),
    /// Only words say so.
    Named,
}

/// Feasts by their key in `words.toml` and the name by which the calendar knows them; of two on the same days the first.
const FEASTS: [(&str, &str, Kept); 16] = [
    ("christmas", "christmas", Kept::Everywhere),
    ("new_year", "new year's", Kept::Everywhere),
    ("easter", "easter", Kept::Everywhere),
    ("halloween", "halloween", Kept::In(&["US", "CA", "GB", "IE", "AU"])),
    ("thanksgiving", "thanksgiving", Kept::In(&["US"])),
    ("fourth_of_july", "4th of july", Kept::In(&["US"])),
    ("spring_festival", "chinese new year", Kept::In(&["CN", "TW", "HK", "MO", "SG", "MY", "VN"])),
    ("mid_autumn", "mid autumn festival", Kept::In(&["CN", "TW", "HK", "MO", "SG", "MY"])),
    ("diwali", "diwali", Kept::In(&["IN", "NP"])),
    ("hanukkah", "hanukkah", Kept::Named),
    ("carnival", "carnival", Kept::Named),
    ("st_nicholas", "st nicholas day", Kept::Named),
    ("st_martin", "st martin's day", Kept::Named),
    ("bonfire_night", "bonfire night", Kept::Named),
    ("mothers_day", "mother's day", Kept::Named),
    ("fathers_day", "father's day", Kept::Named),
];

/// Somebody whose birthday is known.
#[derive(Debug, Clone)]
pub(super) struct Born {
    /// Who.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// The day.
    pub day: Date,
    /// The pictures that show them, by their places.
    pub pictures: BTreeSet<usize>,
}

/// Pictures by day.
struct Days<'p> {
    pictures: &'p [Picture],
    by_day: BTreeMap<Date, Vec<usize>>,
}

impl<'p> Days<'p> {
    fn of(pictures: &'p [Picture]) -> Self {
        let mut by_day: BTreeMap<Date, Vec<usize>> = BTreeMap::new();
        for (at, picture) in pictures.iter().enumerate() {
            by_day.entry(picture.taken.date()).or_default().push(at);
        }
        Self { pictures, by_day }
    }

    fn within(&self, from: Date, to: Date) -> Vec<usize> {
        self.by_day.range(from..to).flat_map(|(_, pictures)| pictures.iter().copied()).collect()
    }
}

/// The feasts that come back. `named`: the holiday that words of each picture name, by the calendar's name; `country`: where
/// the family lives.
pub(super) fn feasts(pictures: &[Picture], named: &[Option<&str>], country: Option<&str>) -> Vec<Draft> {
    let days = Days::of(pictures);
    FEASTS
        .iter()
        .filter_map(|(key, name, kept)| {
            let here = match kept {
                Kept::Everywhere => true,
                Kept::In(countries) => country.is_some_and(|country| countries.contains(&country)),
                Kept::Named => false,
            };
            let members = feast(&days, name, named, here)?;
            let subject = Subject::Feast((*key).to_owned());
            Some(Draft { kind: Kind::Feast, origin: format!("feast:{key}"), subject, members })
        })
        .collect()
}

/// The pictures of a feast by its name, if it comes back; `here`: where the family lives its days speak for themselves.
fn feast(days: &Days<'_>, name: &str, named: &[Option<&str>], here: bool) -> Option<Vec<usize>> {
    let (pictures, rule) = (days.pictures, holiday(name)?);
    let (first, last) = (pictures.first()?.taken.year() - 1, pictures.last()?.taken.year());
    let spans: Vec<(Date, Date)> =
        rule.spans(first, last).into_iter().map(|span| (span.start.date(), span.end.date())).collect();
    let mut members: BTreeSet<usize> = BTreeSet::new();
    let mut words: BTreeSet<usize> = BTreeSet::new();
    for &(from, to) in &spans {
        members.extend(days.within(from, to));
        let (Ok(from), Ok(to)) = (from.checked_sub(AROUND.days()), to.checked_add(AROUND.days())) else { continue };
        words.extend(days.within(from, to).into_iter().filter(|&at| named[at] == Some(rule.name)));
    }
    let words: Vec<usize> = words.into_iter().collect();
    let told = years(pictures, &words).len() >= NAMED_YEARS || here && stands_out(days, &spans);
    members.extend(words);
    let members: Vec<usize> = members.into_iter().collect();
    let comes_back = years(pictures, &members).len() >= LEAST_YEARS && recurs(pictures, &members);
    (told && comes_back).then_some(members)
}

/// Whether the days have more pictures than the same days of the weeks around, in more years than chance gives.
fn stands_out(days: &Days<'_>, spans: &[(Date, Date)]) -> bool {
    let (mut tried, mut most) = (0, 0);
    for &(from, to) in spans {
        let count = |weeks: i32| {
            let moved = |day: Date| day.checked_add((7 * weeks).days()).unwrap_or(day);
            days.within(moved(from), moved(to)).len()
        };
        let (here, others) = (count(0), WEEKS.iter().map(|weeks| count(*weeks)).max().unwrap_or(0));
        tried += usize::from(here + others > 0);
        most += usize::from(here > others);
    }
    most >= LEAST_YEARS && tail(tried, most, 1.0 / (WEEKS.len() + 1) as f64) < CHANCE
}

/// How likely at least `least` of `tries` are hits, each with a probability.
fn tail(tries: usize, least: usize, probability: f64) -> f64 {
    let mut term = (1.0 - probability).powi(i32::try_from(tries).unwrap_or(i32::MAX));
    let mut below = 0.0;
    for hits in 0..least {
        below += term;
        term *= (tries - hits) as f64 / (hits + 1) as f64 * probability / (1.0 - probability);
    }
    1.0 - below
}

/// Birthdays that come back: pictures of the day on which somebody is seen.
pub(super) fn birthdays(pictures: &[Picture], born: &[Born]) -> Vec<Draft> {
    let days = Days::of(pictures);
    let draft = |somebody: &Born| {
        let (first, last) = (pictures.first()?.taken.year(), pictures.last()?.taken.year());
        let mut members: Vec<usize> = Vec::new();
        for year in first.max(somebody.day.year() + 1)..=last {
            let day = somebody.day.with().year(year).build().or_else(|_| Date::new(year, 3, 1)).ok()?;
            let taken = days.within(day, day.tomorrow().ok()?);
            if taken.iter().any(|at| somebody.pictures.contains(at)) {
                members.extend(taken);
            }
        }
        let comes_back = years(days.pictures, &members).len() >= LEAST_YEARS && recurs(pictures, &members);
        comes_back.then(|| Draft {
            kind: Kind::Birthday,
            origin: format!("birthday:{}", somebody.id),
            subject: Subject::Birthday(somebody.name.clone()),
            members,
        })
    };
    born.iter().filter_map(draft).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::recurrence::samples::on;
    use super::*;

    fn origins(drafts: &[Draft]) -> Vec<(&str, usize)> {
        drafts.iter().map(|draft| (draft.origin.as_str(), draft.members.len())).collect()
    }

    /// A picture every Wednesday of some years, and more of a day of each.
    fn wednesdays(years: std::ops::Range<i16>, month: i8, day: i8) -> Vec<Picture> {
        let mut pictures: Vec<Picture> = years
            .clone()
            .flat_map(|year| date(year, 1, 7).series(7.days()).take(50))
            .chain(years.flat_map(|year| [0; 4].map(|_| date(year, month, day))))
            .map(on)
            .collect();
        pictures.sort_by_key(|picture| picture.taken);
        pictures
    }

    #[test]
    fn days_that_stand_out_every_year_are_a_feast() {
        let pictures = wednesdays(2016..2020, 12, 24);
        let none = vec![None; pictures.len()];
        let found = feasts(&pictures, &none, Some("DE"));
        assert_eq!(origins(&found)[0].0, "feast:christmas");
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(feasts(&wednesdays(2016..2018, 12, 24), &vec![None; 200], None).is_empty(), "two years");
        let july = wednesdays(2016..2020, 7, 4);
        assert!(feasts(&july, &vec![None; july.len()], Some("DE")).is_empty());
        assert_eq!(origins(&feasts(&july, &vec![None; july.len()], Some("US")))[0].0, "feast:fourth_of_july");
    }

    #[test]
    fn words_name_a_feast_and_take_in_what_lies_around() {
        let pictures: Vec<Picture> =
            (2018..2021).flat_map(|year| [date(year, 12, 16), date(year, 12, 24)]).map(on).collect();
        let mut named = vec![None; 6];
        assert!(feasts(&pictures[..4], &named[..4], None).is_empty());
        (named[0], named[2]) = (Some("Christmas"), Some("Christmas"));
        assert_eq!(origins(&feasts(&pictures, &named, None)), [("feast:christmas", 5)]);
        assert!(feasts(&[], &[], None).is_empty());
    }

    #[test]
    fn a_birthday_comes_back_where_somebody_is_seen() {
        let pictures: Vec<Picture> =
            (2018..2022).flat_map(|year| [on(date(year, 5, 9)), on(date(year, 5, 9))]).collect();
        let seen = |pictures: &[usize]| Born {
            id: PersonId::new(),
            name: "Ida".into(),
            day: date(2015, 5, 9),
            pictures: pictures.iter().copied().collect(),
        };
        assert_eq!(birthdays(&pictures, &[seen(&[0, 2, 5])])[0].members, [0, 1, 2, 3, 4, 5]);
        assert!(birthdays(&pictures, &[seen(&[0, 2])]).is_empty());
    }

    #[test]
    fn the_tail_is_that_of_the_binomial_distribution() {
        assert!((tail(3, 3, 0.5) - 0.125).abs() < 1e-12);
        assert!((tail(10, 2, 0.1) - 0.263_901).abs() < 1e-6);
        assert!((tail(5, 0, 0.3) - 1.0).abs() < 1e-12);
    }
}
