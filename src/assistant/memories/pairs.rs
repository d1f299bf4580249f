//! Then and now: two photos of the same person or the same place, years apart. Pure.
//!
//! Of a person, faces are paired that are about as large and turned about as far, so that what differs is the years. Of a
//! place, photos taken within 150 metres are paired that look alike by what pictures are compared by, where that is known.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::civil::{Date, DateTime};

use super::{Kind, Side};
use crate::film::storyboard::chance;
use crate::film::storyboard::facts::Fact;
use crate::ingest::events::Position;
use crate::library::memories::{Portrait, Spot};
use crate::library::{MediaId, PersonId};

/// Days between then and now, at the least: two years.
const APART: i64 = 730;
/// The larger of two faces is at most so many times as high as the other.
const SIZES: f64 = 2.0;
/// Faces are turned differently by so much at the most, of −1…1.
const TURNED: f64 = 0.4;
/// A face this share of the picture's height, or smaller, cannot be compared.
const SMALL: f64 = 0.05;
/// Pairs of a person that are looked at closely.
const OF_A_PERSON: usize = 3;
/// Pairs of people that are looked at closely.
const OF_PEOPLE: usize = 36;
/// Two photos within so many kilometres are of the same place.
const NEAR: f64 = 0.15;
/// Degrees of latitude that are as long.
const CELL: f64 = 0.00135;
/// Places that are looked at closely, and photos of each year there.
const PLACES: usize = 40;
const OF_A_YEAR: usize = 3;
const OF_A_PLACE: usize = 12;
/// Photos of one place less alike than this show different things; unlike scenes have a cosine of a half.
const ALIKE: f64 = 0.6;
/// A face so high takes the place's room, share of the picture's height.
const IN_THE_WAY: f64 = 0.3;

/// Two photos that belong side by side.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pair {
    /// [`Kind::Person`] or [`Kind::Place`].
    pub kind: Kind,
    /// Whom it shows.
    pub person: Option<PersonId>,
    /// Then, and now.
    pub sides: [Side; 2],
    /// How well they fit, 0–1.
    pub fits: f64,
    /// Why they are side by side, in words.
    pub why: String,
}

/// Pairs of faces of the same person, the best of each person first; `seed` varies what comes first among equals.
pub(super) fn of_people(portraits: &[Portrait], today: Date, seed: u64) -> Vec<Pair> {
    let mut people: BTreeMap<PersonId, Vec<(&Portrait, DateTime)>> = BTreeMap::new();
    for portrait in portraits.iter().filter(|portrait| portrait.h >= SMALL) {
        let Some(taken) = portrait.taken().filter(|taken| taken.date() <= today) else { continue };
        people.entry(portrait.person_id).or_default().push((portrait, taken));
    }
    let mut pairs: Vec<Pair> = Vec::new();
    for (person, portraits) in people {
        let mut own: Vec<Pair> = Vec::new();
        for (at, then) in portraits.iter().enumerate() {
            own.extend(portraits[at + 1..].iter().filter_map(|now| of_person(person, then, now, today, seed)));
        }
        own.sort_by(|a, b| b.fits.total_cmp(&a.fits));
        own.truncate(OF_A_PERSON);
        pairs.extend(own);
    }
    pairs.sort_by(|a, b| b.fits.total_cmp(&a.fits));
    pairs.truncate(OF_PEOPLE);
    pairs
}

fn of_person(
    person: PersonId,
    (a, then): &(&Portrait, DateTime),
    (b, now): &(&Portrait, DateTime),
    today: Date,
    seed: u64,
) -> Option<Pair> {
    let years = apart(*then, *now)?;
    let size = (a.h / b.h).min(b.h / a.h);
    let turned = a.yaw.zip(b.yaw).map(|(a, b)| (a - b).abs());
    if size * SIZES < 1.0 || turned.is_some_and(|turned| turned > TURNED) || a.media_id == b.media_id {
        return None;
    }
    let pose = turned.map_or(0.6, |turned| 1.0 - turned / TURNED);
    let large = (a.h.min(b.h) / 0.2).min(1.0);
    // Chance weighs enough that other pairs of the same people come up on other days.
    let fits = 0.25 * length(years)
        + 0.15 * (size + pose + large)
        + 0.1 * recent(*now, today)
        + 0.2 * chance(seed, b.media_id);
    let side = |portrait: &Portrait, taken| Side {
        media: portrait.media_id,
        area: Some([portrait.x, portrait.y, portrait.w, portrait.h]),
        taken,
    };
    let why = match turned {
        Some(_) => "faces of about the same size, turned alike",
        None => "about the same size in both",
    };
    let sides = [side(a, *then), side(b, *now)];
    Some(Pair { kind: Kind::Person, person: Some(person), sides, fits, why: why.to_owned() })
}

/// Years between two times; `None` when they are too near.
fn apart(then: DateTime, now: DateTime) -> Option<f64> {
    let days = now.date().duration_since(then.date()).as_hours() / 24;
    (days >= APART).then_some(days as f64 / 365.25)
}

/// The more years the better, and the first of them count most; 0–1.
fn length(years: f64) -> f64 {
    (years / 20.0).min(1.0).sqrt()
}

/// "Now" is better when it is not long ago; 0–1.
fn recent(now: DateTime, today: Date) -> f64 {
    let years = (today.duration_since(now.date()).as_hours() / 24) as f64 / 365.25;
    1.0 / (1.0 + years.max(0.0) / 3.0)
}

/// Places where photos were taken years apart: the photos of each that are worth a closer look.
pub(super) fn places(spots: &[Spot], today: Date, seed: u64) -> Vec<Vec<Spot>> {
    let mut found: Vec<(f64, Vec<Spot>)> = Vec::new();
    for spots in neighbourhoods(spots, today).values() {
        let times = || spots.iter().map(|(_, taken)| *taken);
        let Some(years) = times().min().zip(times().max()).and_then(|(first, last)| apart(first, last)) else {
            continue;
        };
        let some = some_of_each_year(spots);
        found.push((length(years) + 0.5 * chance(seed, some[0].media_id), some));
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    // Neighbourhoods overlap.
    let mut seen = HashSet::new();
    found.retain(|(_, spots)| seen.insert(spots.first().zip(spots.last()).map(|(a, b)| (a.media_id, b.media_id))));
    found.truncate(PLACES);
    found.into_iter().map(|(_, spots)| spots).collect()
}

/// Spots by squares of two cells by two: whatever lies near each other is together in one of them.
fn neighbourhoods(spots: &[Spot], today: Date) -> BTreeMap<(i64, i64), Vec<(&Spot, DateTime)>> {
    let mut squares: BTreeMap<(i64, i64), Vec<(&Spot, DateTime)>> = BTreeMap::new();
    for spot in spots {
        let Some(taken) = spot.taken().filter(|taken| taken.date() <= today) else { continue };
        // A degree of longitude is shorter the farther north.
        let wide = CELL / spot.lat.round().to_radians().cos().max(0.01);
        let (row, column) = ((spot.lat / CELL).floor() as i64, (spot.lon / wide).floor() as i64);
        for square in [(row, column), (row - 1, column), (row, column - 1), (row - 1, column - 1)] {
            squares.entry(square).or_default().push((spot, taken));
        }
    }
    squares
}

/// A few photos of each year; of many years the first and the last.
fn some_of_each_year(spots: &[(&Spot, DateTime)]) -> Vec<Spot> {
    let mut years: BTreeMap<i16, usize> = BTreeMap::new();
    let mut some: Vec<Spot> = Vec::new();
    for (spot, taken) in spots {
        let known = years.entry(taken.year()).or_default();
        *known += 1;
        if *known <= OF_A_YEAR {
            some.push((*spot).clone());
        }
    }
    if some.len() > OF_A_PLACE {
        some.drain(OF_A_PLACE / 2..some.len() - OF_A_PLACE / 2);
    }
    some
}

/// The two photos of a place that belong side by side, if two do; `known`: what is known of photos that may be shown.
pub(super) fn of_place(spots: &[Spot], known: &HashMap<MediaId, Fact>) -> Option<Pair> {
    let spots: Vec<(&Spot, &Fact, DateTime)> = spots
        .iter()
        .filter_map(|spot| Some((spot, known.get(&spot.media_id)?, spot.taken()?)))
        .filter(|(_, fact, _)| fact.faces.iter().all(|face| face.h < IN_THE_WAY))
        .collect();
    let mut best: Option<Pair> = None;
    for (at, (a, then_fact, then)) in spots.iter().enumerate() {
        for (b, now_fact, now) in &spots[at + 1..] {
            let Some(years) = apart(*then, *now) else { continue };
            let km = Position { lat: a.lat, lon: a.lon }.km_to(Position { lat: b.lat, lon: b.lon });
            let look = alike(then_fact, now_fact);
            if km > NEAR || look.is_some_and(|look| look < ALIKE) {
                continue;
            }
            let shape = (then_fact.aspect() / now_fact.aspect()).min(now_fact.aspect() / then_fact.aspect());
            let likeness = look.map_or(0.3, |look| (look - ALIKE) / (1.0 - ALIKE));
            let near = 1.0 - km / NEAR;
            let fits = 0.3 * length(years) + 0.4 * likeness + 0.15 * near + 0.15 * shape;
            if best.as_ref().is_none_or(|best| fits > best.fits) {
                let side = |spot: &Spot, taken| Side { media: spot.media_id, area: None, taken };
                let metres = (km * 1000.0).round();
                let where_ = if metres < 10.0 { "from the same spot".to_owned() } else { format!("{metres} m apart") };
                let why = if look.is_some() { format!("{where_}, and they look alike") } else { where_ };
                let sides = [side(a, *then), side(b, *now)];
                best = Some(Pair { kind: Kind::Place, person: None, sides, fits, why });
            }
        }
    }
    best
}

/// The cosine of what two pictures are compared by, where both have it of one model.
fn alike(a: &Fact, b: &Fact) -> Option<f64> {
    let (a, b) = (a.vector.as_ref()?, b.vector.as_ref()?);
    (a.len() == b.len()).then(|| f64::from(a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>()))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 22);

    fn portrait(person: PersonId, at: u64, taken: &str, h: f64, yaw: f64) -> Portrait {
        let media_id = Fact::sample(at, 0).id;
        Portrait { person_id: person, media_id, taken: taken.to_owned(), x: 0.4, y: 0.2, w: h * 0.7, h, yaw: Some(yaw) }
    }

    fn ends(pair: &Pair) -> [MediaId; 2] {
        pair.sides.each_ref().map(|side| side.media)
    }

    #[test]
    fn faces_of_one_size_and_pose_are_paired_years_apart() {
        let anna = PersonId::new();
        let portraits = [
            portrait(anna, 1, "2014-05-01T10:00:00", 0.2, 0.0),
            portrait(anna, 2, "2014-06-01T10:00:00", 0.2, 0.9),
            portrait(anna, 3, "2015-05-01T10:00:00", 0.2, 0.0),
            portrait(anna, 4, "2024-05-01T10:00:00", 0.21, 0.1),
            portrait(anna, 5, "2024-05-02T10:00:00", 0.9, 0.1),
            portrait(anna, 6, "2027-05-02T10:00:00", 0.2, 0.1),
            portrait(PersonId::new(), 7, "2004-05-01T10:00:00", 0.2, 0.0),
        ];
        let pairs = of_people(&portraits, TODAY, 1);
        assert_eq!(ends(&pairs[0]), [portraits[0].media_id, portraits[3].media_id]);
        assert_eq!(pairs.len(), 2, "2014 and 2015 with 2024, and nothing else: {pairs:#?}");
        assert!(pairs.iter().all(|pair| pair.person == Some(anna)));
    }

    fn spot(at: u64, taken: &str, metres_north: f64) -> Spot {
        let lat = 68.2 + metres_north / 111_195.0;
        Spot { media_id: Fact::sample(at, 0).id, taken: taken.to_owned(), lat, lon: 14.5 }
    }

    fn known(facts: impl IntoIterator<Item = Fact>) -> HashMap<MediaId, Fact> {
        facts.into_iter().map(|fact| (fact.id, fact)).collect()
    }

    #[test]
    fn a_place_is_what_lies_near_and_looks_alike() {
        let spots = [
            spot(1, "2015-07-01T10:00:00", 0.0),
            spot(2, "2021-07-01T10:00:00", 60.0),
            spot(3, "2022-07-01T10:00:00", 60.0),
        ];
        let look = |at, vector: [f32; 2]| Fact { vector: Some(vector.to_vec()), ..Fact::sample(at, 0) };
        let facts = known([look(1, [1.0, 0.0]), look(2, [0.0, 1.0]), look(3, [0.8, 0.6])]);
        let pair = of_place(&spots, &facts).unwrap();
        assert_eq!(ends(&pair), [spots[0].media_id, spots[2].media_id]);
        assert_eq!(pair.why, "60 m apart, and they look alike");
        let far = [spots[0].clone(), spot(3, "2022-07-01T10:00:00", 200.0)];
        assert_eq!(of_place(&far, &facts), None);
        let soon = [spots[1].clone(), spots[2].clone()];
        assert_eq!(of_place(&soon, &facts), None, "a year is no time");
        let plain = known([1, 2, 3].map(|at| Fact::sample(at, 0)));
        assert!(of_place(&spots, &plain).is_some(), "what is not known speaks against nothing");
    }

    #[test]
    fn places_of_one_year_are_not_looked_at() {
        let spots = [
            spot(1, "2015-07-01T10:00:00", 5.0),
            spot(2, "2021-07-01T10:00:00", 10.0),
            spot(3, "2015-07-01T10:00:00", 5000.0),
            spot(4, "2015-08-01T10:00:00", 5000.0),
        ];
        let found = places(&spots, TODAY, 1);
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].iter().map(|spot| spot.media_id).collect::<Vec<_>>(),
            [spots[0].media_id, spots[1].media_id]
        );
    }
}
