//! The stops of a journey: where pictures were taken one after the other.

use std::collections::BTreeMap;

use crate::ingest::events::Position;
use crate::library::MediaId;
use crate::library::media::Medium;

/// What is nearer than this is the same stop however small the journey, kilometres.
const LEAST_KM: f64 = 0.25;
/// What is nearer than this share of the journey's extent is the same stop.
const SHARE: f64 = 0.03;
/// The most stops; those of a longer journey are taken together more.
const MOST: usize = 120;

/// A medium of which it is known when and where it was taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// The medium.
    pub id: MediaId,
    /// Where.
    pub position: Position,
    /// Local time.
    pub taken: String,
    /// "Rome, Italy".
    pub place: Option<String>,
}

impl Point {
    /// The medium as a point; none without a position or a time, because nobody knows where or when it belongs.
    pub fn of(medium: &Medium) -> Option<Self> {
        let position = Position { lat: medium.lat?, lon: medium.lon? };
        Some(Self { id: medium.id, position, taken: medium.taken.clone()?, place: medium.place() })
    }
}

/// Where somebody was for a while.
#[derive(Debug, Clone, PartialEq)]
pub struct Stop {
    /// The middle of its media.
    pub position: Position,
    /// Where most of them were.
    pub place: Option<String>,
    /// Local time of the first.
    pub start: String,
    /// Local time of the last.
    pub end: String,
    /// Its media, in order of time.
    pub media: Vec<MediaId>,
}

/// The stops of points that are in order of time.
pub fn stops(points: &[Point]) -> Vec<Stop> {
    let mut reach = (extent_km(points) * SHARE).max(LEAST_KM);
    loop {
        let groups = parted(points, reach);
        if groups.len() <= MOST {
            return groups.iter().filter_map(|group| stop(group)).collect();
        }
        reach *= 1.5;
    }
}

/// How far the points are spread: the way between the corners of what holds them.
fn extent_km(points: &[Point]) -> f64 {
    let Some((first, rest)) = points.split_first() else { return 0.0 };
    let corners = rest.iter().fold((first.position, first.position), |(low, high), Point { position: at, .. }| {
        let low = Position { lat: low.lat.min(at.lat), lon: low.lon.min(at.lon) };
        (low, Position { lat: high.lat.max(at.lat), lon: high.lon.max(at.lon) })
    });
    corners.0.km_to(corners.1)
}

/// Runs of points none of which is further than `reach` from where its run began.
fn parted(points: &[Point], reach: f64) -> Vec<&[Point]> {
    let (mut groups, mut from) = (Vec::new(), 0);
    for (at, point) in points.iter().enumerate() {
        if points[from].position.km_to(point.position) > reach {
            groups.push(&points[from..at]);
            from = at;
        }
    }
    groups.push(&points[from..]);
    groups
}

fn stop(points: &[Point]) -> Option<Stop> {
    let (first, last) = (points.first()?, points.last()?);
    let mean =
        |of: fn(&Position) -> f64| points.iter().map(|point| of(&point.position)).sum::<f64>() / points.len() as f64;
    let mut places: BTreeMap<&String, usize> = BTreeMap::new();
    for place in points.iter().filter_map(|point| point.place.as_ref()) {
        *places.entry(place).or_default() += 1;
    }
    let place = places.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(a.0)));
    Some(Stop {
        position: Position { lat: mean(|at| at.lat), lon: mean(|at| at.lon) },
        place: place.map(|(place, _)| place.clone()),
        start: first.taken.clone(),
        end: last.taken.clone(),
        media: points.iter().map(|point| point.id).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(minute: usize, lat: f64, lon: f64, place: &str) -> Point {
        let taken = format!("2019-07-09T{:02}:{:02}:00", minute / 60, minute % 60);
        Point { id: MediaId::new(), position: Position { lat, lon }, taken, place: Some(place.to_owned()) }
    }

    #[test]
    fn a_journey_has_its_stops_in_order_of_time_and_a_place_again_is_another_stop() {
        let points = [
            point(0, 67.932, 13.089, "Reine, Norway"),
            point(5, 67.934, 13.085, "Reine, Norway"),
            point(9, 67.931, 13.082, "Hamnøy, Norway"),
            point(90, 68.234, 14.568, "Svolvær, Norway"),
            point(200, 67.932, 13.088, "Reine, Norway"),
        ];
        let stops = stops(&points);
        let told: Vec<_> = stops.iter().map(|stop| (stop.place.as_deref().unwrap(), stop.media.len())).collect();
        assert_eq!(told, [("Reine, Norway", 3), ("Svolvær, Norway", 1), ("Reine, Norway", 1)]);
        assert_eq!((stops[0].start.as_str(), stops[0].end.as_str()), ("2019-07-09T00:00:00", "2019-07-09T00:09:00"));
    }

    #[test]
    fn a_walk_in_town_is_not_one_point_and_a_long_journey_has_no_endless_stops() {
        let walk: Vec<Point> = (0..9).map(|at| point(at, 41.90 + at as f64 * 0.004, 12.48, "Rome, Italy")).collect();
        assert!(stops(&walk).len() > 3);
        let long: Vec<Point> =
            (0..900).map(|at| point(at, (at % 2) as f64 * 40.0, at as f64 / 10.0, "Somewhere")).collect();
        let stops = stops(&long);
        assert!(stops.len() <= MOST);
        assert_eq!(stops.iter().map(|stop| stop.media.len()).sum::<usize>(), 900);
        assert_eq!(super::stops(&[]), []);
    }
}
