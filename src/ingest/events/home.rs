//! Where the person lives, over the years: found from the pictures, never asked for.
//!
//! Home is the place with pictures in the most months of a year, then on the most days: people are there in every season,
//! while the longest holiday fills a month or two (of the definitions compared by Bojic et al., *Choosing the right home
//! location definition method for the given dataset*, SocInfo 2015, those by active days over a long time). A day's homes
//! are those of the year before and of the year after it, so that the week after moving is no trip. A cabin that is
//! visited every July has pictures in many years and in one season: it is no home.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;

use super::Position;
use super::timeline::Timeline;

/// One place: a town with its suburbs, kilometres around its middle.
const PLACE_KM: f64 = 20.0;
/// Seasons in which one is at home: of the twelve months of a year.
const MONTHS: usize = 3;

/// A home, from a day to a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Home {
    /// Its middle.
    pub position: Position,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

/// The days of a place.
#[derive(Debug, Clone)]
struct Place {
    position: Position,
    days: BTreeSet<Date>,
}

/// The homes, each for the time for which it is one.
pub fn homes(timeline: &Timeline<'_>) -> Vec<Home> {
    let places = places(timeline);
    let days: BTreeSet<Date> = places.iter().flat_map(|place| place.days.iter().copied()).collect();
    let Some((&first, &last)) = days.first().zip(days.last()) else { return Vec::new() };
    let whole = home_within(&places, first, last).or_else(|| majority(&places, &days, first, last));
    let mut homes: Vec<Home> = Vec::new();
    let mut month = first.first_of_month();
    while month <= last {
        let (end, Ok(year_ago), Ok(in_a_year)) =
            (month.last_of_month(), month.checked_sub(1.year()), month.last_of_month().checked_add(1.year()))
        else {
            break;
        };
        let mut found: Vec<usize> = [home_within(&places, year_ago, end), home_within(&places, month, in_a_year)]
            .into_iter()
            .flatten()
            .collect();
        if found.is_empty() {
            found.extend(whole);
        }
        found.dedup();
        for place in found {
            let position = places[place].position;
            let before = homes.iter_mut().rev().find(|home| home.position == position);
            match before.filter(|home| home.to.tomorrow().is_ok_and(|next| next == month)) {
                Some(home) => home.to = end,
                None => homes.push(Home { position, from: month, to: end }),
            }
        }
        let Ok(next) = end.tomorrow() else { break };
        month = next;
    }
    homes
}

/// The place with pictures in the most months of the year and then on the most days between two days; of all seasons.
fn home_within(places: &[Place], from: Date, to: Date) -> Option<usize> {
    let weigh = |place: &Place| {
        let days: Vec<&Date> = place.days.range(from..=to).collect();
        let months: BTreeSet<i8> = days.iter().map(|day| day.month()).collect();
        (months.len(), days.len())
    };
    let best = places
        .iter()
        .enumerate()
        .map(|(at, place)| (weigh(place), at))
        .max_by_key(|(weight, at)| (*weight, usize::MAX - at));
    best.filter(|((months, _), _)| *months >= MONTHS).map(|(_, at)| at)
}

/// In a library of less than a year: the place of most days.
fn majority(places: &[Place], days: &BTreeSet<Date>, first: Date, last: Date) -> Option<usize> {
    let short = first.checked_add(1.year()).is_ok_and(|end| last < end);
    let most = places.iter().enumerate().max_by_key(|(at, place)| (place.days.len(), usize::MAX - at))?;
    (short && most.1.days.len() * 2 > days.len()).then_some(most.0)
}

/// Places: around the busiest spot, then around the busiest of what is left.
fn places(timeline: &Timeline<'_>) -> Vec<Place> {
    // Spots of about five kilometres keep the number of comparisons small.
    let mut spots: BTreeMap<(i64, i64), (Vec<Position>, BTreeSet<Date>)> = BTreeMap::new();
    for tick in &timeline.ticks {
        let Some(position) = tick.shot.position else { continue };
        let key = ((position.lat * 20.0).round() as i64, (position.lon * 20.0).round() as i64);
        let spot = spots.entry(key).or_default();
        spot.0.push(position);
        spot.1.insert(tick.day);
    }
    let mut spots: Vec<(Position, BTreeSet<Date>)> =
        spots.into_values().filter_map(|(positions, days)| Some((middle(&positions)?, days))).collect();
    spots.sort_by_key(|spot| std::cmp::Reverse(spot.1.len()));
    let mut places: Vec<Place> = Vec::new();
    for (position, days) in spots {
        match places.iter_mut().find(|place| place.position.km_to(position) <= PLACE_KM) {
            Some(place) => place.days.extend(days),
            None => places.push(Place { position, days }),
        }
    }
    places
}

/// The median of positions, by latitude and longitude; exact enough within a place.
pub fn middle(positions: &[Position]) -> Option<Position> {
    let median = |of: fn(&Position) -> f64| {
        let mut values: Vec<f64> = positions.iter().map(of).collect();
        values.sort_unstable_by(f64::total_cmp);
        values.get(values.len() / 2).copied()
    };
    Some(Position { lat: median(|position| position.lat)?, lon: median(|position| position.lon)? })
}
