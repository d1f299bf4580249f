//! Places that somebody comes back to over the years: the cabin, the grandparents' town. Pure.
//!
//! What lies around a home is everyday and no theme ([`crate::ingest::events::home`]); neither is a place of one journey.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::recurrence::{Picture, recurs, years};
use super::{Draft, Kind, Subject};
use crate::ingest::events::home::{homes, middle};
use crate::ingest::events::timeline::Timeline;
use crate::ingest::events::{Position, Shot};

/// What lies so far from a home is everyday, kilometres: a town with its suburbs.
const HOME_KM: f64 = 20.0;
/// One place: what is walked to from a cabin or within a town, kilometres.
const PLACE_KM: f64 = 5.0;
/// Spots for each degree, about a kilometre each: they keep the number of comparisons small.
const SPOTS: f64 = 100.0;

/// A spot with its pictures.
struct Spot {
    position: Position,
    members: Vec<usize>,
    days: BTreeSet<Date>,
}

/// The places that are come back to, that of most pictures first.
pub(super) fn places(pictures: &[Picture]) -> Vec<Draft> {
    let shots: Vec<Shot> = pictures.iter().map(shot).collect();
    let homes = homes(&Timeline::new(&shots));
    let away = |position: Position| homes.iter().all(|home| home.position.km_to(position) > HOME_KM);
    let mut spots: BTreeMap<(i64, i64), Spot> = BTreeMap::new();
    for (at, picture) in pictures.iter().enumerate() {
        let Some(position) = picture.position.filter(|position| away(*position)) else { continue };
        let key = ((position.lat * SPOTS).round() as i64, (position.lon * SPOTS).round() as i64);
        let spot = spots.entry(key).or_insert_with(|| Spot { position, members: Vec::new(), days: BTreeSet::new() });
        spot.members.push(at);
        spot.days.insert(picture.taken.date());
    }
    let mut spots: Vec<Spot> = spots.into_values().collect();
    spots.sort_by_key(|spot| std::cmp::Reverse(spot.days.len()));
    // Around the busiest spot, then around the busiest of what is left.
    let mut places: Vec<Spot> = Vec::new();
    for spot in spots {
        match places.iter_mut().find(|place| place.position.km_to(spot.position) <= PLACE_KM) {
            Some(place) => place.members.extend(spot.members),
            None => places.push(spot),
        }
    }
    let mut drafts: Vec<Draft> = places.into_iter().filter_map(|place| draft(pictures, place)).collect();
    drafts.sort_by_key(|draft| std::cmp::Reverse(draft.members.len()));
    drafts
}

fn shot(picture: &Picture) -> Shot {
    Shot {
        id: picture.id,
        folders: Vec::new(),
        local: Some(picture.taken),
        timed: true,
        instant: None,
        position: picture.position,
        camera: None,
        people: Vec::new(),
    }
}

fn draft(pictures: &[Picture], place: Spot) -> Option<Draft> {
    let mut members = place.members;
    members.sort_unstable();
    if years(pictures, &members).len() < 2 || !recurs(pictures, &members) {
        return None;
    }
    let positions: Vec<Position> = members.iter().filter_map(|&at| pictures[at].position).collect();
    let name = most(members.iter().filter_map(|&at| pictures[at].city.as_ref()))
        .or_else(|| most(members.iter().filter_map(|&at| pictures[at].country.as_ref())));
    let middle = middle(&positions)?;
    let name = name.unwrap_or_else(|| format!("{:.2}°, {:.2}°", middle.lat, middle.lon));
    Some(Draft { kind: Kind::Place, origin: String::new(), subject: Subject::Place(name), members })
}

/// What is said most often.
fn most<'n>(names: impl Iterator<Item = &'n String>) -> Option<String> {
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    names.for_each(|name| *counts.entry(name).or_default() += 1);
    counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(a.0))).map(|(name, _)| name.clone())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::recurrence::samples::on;
    use super::*;

    const HAMBURG: Position = Position { lat: 53.5511, lon: 9.9937 };
    const CABIN: Position = Position { lat: 60.1, lon: 10.3 };
    const ROME: Position = Position { lat: 41.89, lon: 12.48 };

    fn at(day: Date, position: Position, city: &str) -> Picture {
        Picture { position: Some(position), city: Some(city.to_owned()), ..on(day) }
    }

    #[test]
    fn the_cabin_is_come_back_to_and_home_and_one_journey_are_not() {
        let mut pictures: Vec<Picture> = Vec::new();
        for year in 2018..2021 {
            for month in 1..=12 {
                pictures.push(at(date(year, month, 2), HAMBURG, "Hamburg"));
            }
            for day in 10..13 {
                let beside = Position { lat: CABIN.lat + f64::from(day) / 1000.0, ..CABIN };
                pictures.push(at(date(year, 7, day), beside, if day == 10 { "Oslo" } else { "Vik" }));
            }
        }
        for day in 1..9 {
            pictures.push(at(date(2019, 9, day), ROME, "Rome"));
        }
        pictures.sort_by_key(|picture| picture.taken);
        let found = places(&pictures);
        assert_eq!(found.iter().map(|draft| &draft.subject).collect::<Vec<_>>(), [&Subject::Place("Vik".into())]);
        assert_eq!(found[0].members.len(), 9);
        assert!(found[0].members.is_sorted());
        assert!(places(&[]).is_empty());
    }
}
