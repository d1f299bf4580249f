//! What happened around a day of the year in earlier years: on the day, in its week, in its month. Pure.
//!
//! What is too little for the day counts for the week, and what is too little for that for the month, so that nothing is
//! told twice and a quiet day still has something to remember.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Draft, Kind};
use crate::film::storyboard;
use crate::film::storyboard::facts::Fact;
use crate::library::filter::{MediaFilter, TimeSpan};

/// Days before and after that are of the same week.
pub(super) const WEEK: i32 = 3;
/// What was taken less long ago is no memory yet, days.
const RECENT: i64 = 300;
/// A picture by itself is remembered from this quality on.
const GOOD: f64 = 0.5;

/// How long ago a day was, when it lies around the same day of the year: days off, and years.
fn anniversary(today: Date, day: Date) -> Option<(i32, i16)> {
    let years = today.year() - day.year();
    // Around New Year the same week is in another year.
    let near = [years - 1, years, years + 1].into_iter().filter(|years| *years >= 1).filter_map(|years| {
        let then = same_day(today, today.year() - years)?;
        let off = (day - then).get_days();
        // Who was born on a leap day is remembered on the day before March where there is none.
        let leap =
            (day.month(), day.day()) == (2, 29) && (today.month(), today.day()) == (2, 28) && !today.in_leap_year();
        Some((if leap && off == 1 { 0 } else { off }, years))
    });
    near.min_by_key(|(off, _)| off.abs())
}

/// The same day of another year.
fn same_day(day: Date, year: i16) -> Option<Date> {
    Date::new(year, day.month(), day.day()).or_else(|_| Date::new(year, day.month(), 28)).ok()
}

/// The media that could be of the day or its week, in earlier years.
pub(super) fn week_filter(today: Date) -> MediaFilter {
    let around = (-WEEK..=WEEK).filter_map(|off| today.checked_add(jiff::Span::new().days(off)).ok());
    let mut month_days: Vec<(i8, i8)> = around.map(|day| (day.month(), day.day())).collect();
    if month_days.contains(&(2, 28)) && !month_days.contains(&(2, 29)) {
        month_days.push((2, 29));
    }
    MediaFilter { month_days, ..earlier(today) }
}

/// The media of the same month of earlier years.
pub(super) fn month_filter(today: Date) -> MediaFilter {
    MediaFilter { months: vec![today.month()], ..earlier(today) }
}

fn earlier(today: Date) -> MediaFilter {
    let end = today.checked_sub(jiff::Span::new().days(RECENT)).unwrap_or(Date::MIN);
    MediaFilter { taken: vec![TimeSpan { start: Date::MIN.into(), end: end.into() }], ..MediaFilter::default() }
}

/// What there is to remember around `today`; what is too old or too new is left out.
pub(super) fn drafts(today: Date, facts: &[Fact]) -> Vec<Draft> {
    let mut years: BTreeMap<i16, [Vec<Fact>; 3]> = BTreeMap::new();
    for fact in facts {
        let Some(day) = fact.taken.filter(|_| fact.day_known).map(|taken| taken.date()) else { continue };
        let near = anniversary(today, day).filter(|(off, _)| off.abs() <= WEEK);
        let (place, ago) = match near {
            Some((0, ago)) => (0, ago),
            Some((_, ago)) => (1, ago),
            None if day.month() == today.month() && day.year() < today.year() => (2, today.year() - day.year()),
            None => continue,
        };
        years.entry(ago).or_default()[place].push(fact.clone());
    }
    let mut drafts = Vec::new();
    for (ago, groups) in years {
        let mut left: Vec<Fact> = Vec::new();
        for (kind, group) in [Kind::OnThisDay, Kind::ThisWeek, Kind::ThisMonth].into_iter().zip(groups) {
            left.extend(group);
            if let Some(draft) = draft(kind, ago, &left) {
                drafts.push(draft);
                left.clear();
            }
        }
    }
    drafts
}

/// The best of a group, if it is enough for its kind.
fn draft(kind: Kind, ago: i16, facts: &[Fact]) -> Option<Draft> {
    let (least, most) = match kind {
        Kind::OnThisDay => (1, 12),
        Kind::ThisWeek => (3, 16),
        _ => (4, 16),
    };
    let media = shown(facts, most);
    let good = media.len() > 1 || media.first().is_some_and(|(fact, _)| fact.quality() >= GOOD);
    (media.len() >= least && good).then(|| Draft::new(kind, ago.to_string(), ago, media))
}

/// The best of media as a film chooses them, each with why, in order of time.
pub(super) fn shown(facts: &[Fact], most: usize) -> Vec<(Fact, String)> {
    let best = storyboard::best(facts, most).into_iter();
    best.filter_map(|(id, why)| Some((facts.iter().find(|fact| fact.id == id)?.clone(), why))).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_day_of_the_year_is_found_over_new_year_and_leap_days() {
        assert_eq!(anniversary(date(2026, 11, 22), date(2020, 11, 22)), Some((0, 6)));
        assert_eq!(anniversary(date(2026, 1, 1), date(2019, 12, 30)), Some((-2, 6)));
        assert_eq!(anniversary(date(2025, 12, 31), date(2020, 1, 2)), Some((2, 6)));
        assert_eq!(anniversary(date(2025, 2, 28), date(2020, 2, 29)), Some((0, 5)));
        assert_eq!(anniversary(date(2024, 2, 28), date(2020, 2, 29)), Some((1, 4)));
        assert_eq!(anniversary(date(2024, 2, 29), date(2023, 2, 28)), Some((0, 1)));
        assert_eq!(anniversary(date(2026, 11, 22), date(2026, 11, 22)).map(|(off, _)| off), Some(365));
    }

    #[test]
    fn the_filters_take_whatever_could_be_meant() {
        let filter = week_filter(date(2025, 2, 28));
        assert!(filter.month_days.contains(&(2, 29)) && filter.month_days.contains(&(3, 3)));
        assert_eq!(filter.month_days.len(), 8);
        assert!(filter.taken[0].end < date(2025, 1, 1).into());
        assert_eq!(month_filter(date(2025, 2, 28)).months, [2]);
    }

    /// Pictures of a day, an hour apart.
    fn of(first: u64, day: Date, count: u64) -> Vec<Fact> {
        let at = |number: u64| day.at(8, 0, 0, 0) + jiff::SignedDuration::from_hours(number as i64);
        (0..count).map(|number| Fact { taken: Some(at(number)), ..Fact::sample(first + number, 0) }).collect()
    }

    fn told(today: Date, facts: &[Fact]) -> Vec<(Kind, i16, usize)> {
        drafts(today, facts).iter().map(|draft| (draft.kind, draft.years, draft.media.len())).collect()
    }

    #[test]
    fn what_is_too_little_for_a_week_counts_for_the_month() {
        let today = date(2026, 11, 22);
        let day = of(0, date(2020, 11, 22), 2);
        let week = of(10, date(2020, 11, 24), 2);
        let month = of(20, date(2020, 11, 5), 3);
        let all = [day.clone(), week, month].concat();
        assert_eq!(told(today, &all), [(Kind::OnThisDay, 6, 2), (Kind::ThisMonth, 6, 5)]);
        assert_eq!(told(today, &of(0, date(2026, 11, 22), 9)), [], "today is no memory");
        assert_eq!(told(today, &of(0, date(2020, 10, 2), 9)), [], "another month is none either");
        let blurred = Fact { rating: Some(1), ..day[0].clone() };
        assert_eq!(told(today, &[blurred]), [], "one bad picture is not enough");
    }
}
