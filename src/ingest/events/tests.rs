//! Segmentation of generated libraries: people with other rhythms than the one at hand, each with their own truth.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime, date};
use jiff::{SignedDuration, ToSpan};
use proptest::prelude::*;

use super::*;

const HOME: (f64, f64) = (48.14, 11.57);

/// Draws pictures, each with the number of the event that it truly belongs to.
struct Camera {
    shots: Vec<(Shot, Option<usize>)>,
    seed: u64,
    events: usize,
}

impl Camera {
    fn new(seed: u64) -> Self {
        Self { shots: Vec::new(), seed: seed.wrapping_mul(2).wrapping_add(1), events: 0 }
    }

    /// A number below `below` (SplitMix64).
    fn below(&mut self, below: u64) -> u64 {
        self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.seed;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % below
    }

    fn shoot(&mut self, at: DateTime, place: Option<(f64, f64)>, event: Option<usize>) {
        let spread = |of: &mut Self| (of.below(100) as f64 - 50.0) / 10_000.0;
        let position = place.map(|(lat, lon)| Position { lat: lat + spread(self), lon: lon + spread(self) });
        let shot = Shot {
            id: MediaId::new(),
            folders: vec!["/p/DCIM".into()],
            local: Some(at),
            timed: true,
            instant: None,
            position,
            camera: None,
            people: Vec::new(),
        };
        self.shots.push((shot, event));
    }

    /// `count` pictures over `minutes` from `hour` o'clock on.
    fn session(
        &mut self,
        day: Date,
        hour: i8,
        minutes: u64,
        count: u64,
        place: Option<(f64, f64)>,
        event: Option<usize>,
    ) {
        for at in 0..count {
            let offset = minutes * 60 * at / count.max(2).saturating_sub(1) + self.below(50);
            let time = day.at(hour, 0, 0, 0) + SignedDuration::from_secs(offset as i64);
            self.shoot(time, place, event);
        }
    }

    fn event(&mut self) -> Option<usize> {
        self.events += 1;
        Some(self.events)
    }

    /// Days away, each with some pictures in the morning and the afternoon.
    fn trip(&mut self, from: Date, days: i32, place: (f64, f64), a_day: u64) {
        let event = self.event();
        for day in 0..days {
            let count = 1 + self.below(a_day);
            self.session(from + day.days(), 9, 480, count, Some(place), event);
        }
    }

    /// What was found: for each picture its innermost event, and how well the boundaries fit.
    fn found(&self) -> (Vec<Option<usize>>, Score) {
        let shots: Vec<Shot> = self.shots.iter().map(|(shot, _)| shot.clone()).collect();
        let labels = innermost(shots.len(), &find(&shots, &["/p".into()]));
        let truth: Vec<Option<usize>> = self.shots.iter().map(|(_, event)| *event).collect();
        let order = in_order(&shots);
        (labels.clone(), Score::of(&order, &labels, &truth))
    }
}

fn in_order(shots: &[Shot]) -> Vec<usize> {
    Timeline::new(shots).ticks.iter().map(|tick| tick.index).collect()
}

/// The innermost segment of each shot.
pub(super) fn innermost(count: usize, segments: &[Segment]) -> Vec<Option<usize>> {
    let mut labels = vec![None; count];
    let size = |at: usize| segments[at].shots.len();
    for (at, segment) in segments.iter().enumerate() {
        for &shot in &segment.shots {
            if labels[shot].is_none_or(|other| size(at) < size(other)) {
                labels[shot] = Some(at);
            }
        }
    }
    labels
}

/// How well found events agree with true ones.
#[derive(Debug, Clone, Copy)]
pub(super) struct Score {
    /// Harmonic mean of precision and recall of the boundaries between events.
    pub f1: f64,
    /// Adjusted Rand index (Hubert, Arabie, 1985); what belongs to no event is one group.
    pub ari: f64,
}

impl Score {
    pub(super) fn of(order: &[usize], found: &[Option<usize>], truth: &[Option<usize>]) -> Self {
        let bounds = |labels: &[Option<usize>]| -> BTreeSet<usize> {
            order
                .windows(2)
                .enumerate()
                .filter(|(_, pair)| labels[pair[0]] != labels[pair[1]])
                .map(|(at, _)| at)
                .collect()
        };
        let (mine, theirs) = (bounds(found), bounds(truth));
        let hits = mine.intersection(&theirs).count() as f64;
        let f1 = 2.0 * hits / (mine.len() + theirs.len()).max(1) as f64;
        let pairs = |count: usize| count as f64 * (count as f64 - 1.0) / 2.0;
        let (mut both, mut a, mut b) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for &at in order {
            *both.entry((found[at], truth[at])).or_insert(0) += 1;
            *a.entry(found[at]).or_insert(0) += 1;
            *b.entry(truth[at]).or_insert(0) += 1;
        }
        let same: f64 = both.values().map(|count| pairs(*count)).sum();
        let (mine, theirs): (f64, f64) =
            (a.values().map(|count| pairs(*count)).sum(), b.values().map(|count| pairs(*count)).sum());
        let expected = mine * theirs / pairs(order.len()).max(1.0);
        let ari = (same - expected) / (f64::midpoint(mine, theirs) - expected).max(f64::EPSILON);
        Self { f1, ari }
    }
}

fn assert_good(name: &str, camera: &Camera, f1: f64) {
    let (_, score) = camera.found();
    println!("{name}: boundary F1 {:.3}, ARI {:.3}", score.f1, score.ari);
    assert!(score.f1 >= f1, "{name}: {score:?}");
}

#[test]
fn a_picture_a_week_and_two_birthdays_a_year() {
    let mut camera = Camera::new(1);
    for week in 0..200_i64 {
        let day = date(2016, 1, 3) + (week * 7).days();
        let count = 1 + camera.below(3);
        if day.day() != 20 {
            camera.session(day, 15, 6, count, Some(HOME), None);
        }
    }
    for year in 2016..2019 {
        for (month, hour) in [(5, 14), (9, 12)] {
            let event = camera.event();
            camera.session(date(year, month, 20), hour, 200, 14, Some(HOME), event);
        }
    }
    assert_good("weekly", &camera, 0.95);
}

#[test]
fn a_baby_every_day_and_a_birthday() {
    let mut camera = Camera::new(2);
    for day in 0..400_i64 {
        for hour in [8, 11, 16, 19] {
            if camera.below(4) > 0 {
                let count = 1 + camera.below(4);
                camera.session(date(2020, 3, 1) + day.days(), hour, 8, count, Some(HOME), None);
            }
        }
    }
    let event = camera.event();
    camera.shots.retain(|(shot, _)| shot.local.is_some_and(|at| at.date() != date(2021, 2, 27)));
    camera.session(date(2021, 2, 27), 10, 420, 60, Some(HOME), event);
    camera.trip(date(2020, 8, 3), 8, (54.3, 10.1), 20);
    assert_good("baby", &camera, 0.85);
}

#[test]
fn one_holiday_a_year_and_nothing_else() {
    let mut camera = Camera::new(3);
    for (year, place) in [(2010, (41.9, 12.5)), (2011, (37.0, -7.9)), (2012, (59.9, 10.7)), (2013, (38.7, 20.7))] {
        camera.trip(date(year, 7, 10), 14, place, 12);
    }
    assert_good("holidays", &camera, 0.99);
}

#[test]
fn the_same_cabin_every_july_is_no_home() {
    let mut camera = Camera::new(4);
    for year in 2008..2018 {
        camera.trip(date(year, 7, 10), 14, (61.0, 8.5), 6);
        for month in [1, 3, 5, 9, 11] {
            camera.session(date(year, month, 8), 16, 3, 1, Some(HOME), None);
        }
    }
    assert_good("cabin", &camera, 0.99);
}

#[test]
fn who_moves_is_at_home_in_both_places_and_away_from_neither() {
    let mut camera = Camera::new(5);
    let other = (52.52, 13.40);
    for month in 0..48_i64 {
        let place = if month < 24 { HOME } else { other };
        for day in [3_i64, 12, 21] {
            camera.session(date(2015, 1, 1) + month.months() + day.days(), 17, 4, 2, Some(place), None);
        }
    }
    camera.trip(date(2017, 8, 1), 7, (45.4, 12.3), 9);
    assert_good("moved", &camera, 0.99);
}

#[test]
fn sundays_at_the_grandparents_are_many_outings() {
    let mut camera = Camera::new(6);
    for week in 0..10_i64 {
        let sunday = date(2019, 1, 6) + (week * 7).days();
        let event = camera.event();
        camera.session(sunday, 12, 200, 5, Some((47.6, 11.1)), event);
    }
    // Nobody photographs at home that winter, so nothing but the pause parts one Sunday from the next.
    for month in (0..48_i64).filter(|month| !(24..27).contains(month)) {
        for day in [4_i64, 14, 24] {
            camera.session(date(2017, 1, 1) + month.months() + day.days(), 18, 3, 2, Some(HOME), None);
        }
    }
    assert_good("sundays", &camera, 0.95);
}

#[test]
fn a_journey_without_any_position_stands_out_day_by_day_and_is_one() {
    let mut camera = Camera::new(7);
    for week in 0..150_i64 {
        camera.session(date(2012, 1, 4) + (week * 7).days(), 18, 3, 1, None, None);
    }
    let event = camera.event();
    for day in 0..9_i64 {
        camera.session(date(2013, 8, 1) + day.days(), 9, 600, 15, None, event);
    }
    let (labels, score) = camera.found();
    assert!(score.f1 >= 0.6, "{score:?}");
    let of_journey: BTreeSet<_> =
        camera.shots.iter().zip(&labels).filter(|((_, e), _)| e.is_some()).map(|(_, l)| *l).collect();
    assert_eq!(of_journey.len(), 1, "one event");
}

#[test]
fn somebody_at_home_does_not_end_the_journey_of_the_others() {
    let mut camera = Camera::new(8);
    for month in 0..24_i64 {
        camera.session(date(2018, 1, 5) + month.months(), 17, 3, 2, Some(HOME), None);
    }
    camera.trip(date(2019, 7, 1), 10, (35.7, 139.7), 8);
    camera.session(date(2019, 7, 4), 12, 2, 1, Some(HOME), None);
    let (labels, _) = camera.found();
    let of_trip: BTreeSet<_> =
        camera.shots.iter().zip(&labels).filter(|((_, e), _)| e.is_some()).map(|(_, l)| *l).collect();
    assert_eq!(of_trip.len(), 1, "one trip");
}

#[test]
fn a_trip_has_a_night_and_an_outing_has_none() {
    let mut camera = Camera::new(9);
    for month in 0..24_i64 {
        camera.session(date(2018, 1, 5) + month.months(), 17, 3, 2, Some(HOME), None);
    }
    camera.session(date(2018, 6, 9), 10, 300, 12, Some((47.42, 10.98)), Some(1));
    camera.session(date(2018, 8, 9), 10, 300, 12, Some((40.4, -3.7)), Some(2));
    camera.trip(date(2019, 7, 1), 3, (47.42, 10.98), 8);
    let shots: Vec<Shot> = camera.shots.iter().map(|(shot, _)| shot.clone()).collect();
    let kinds: Vec<Kind> = find(&shots, &[]).iter().map(|segment| segment.kind).collect();
    assert_eq!(kinds, [Kind::Event, Kind::Trip, Kind::Trip], "near for a day, far for a day, near for three");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn segments_are_sane_whatever_the_library(
        drawn in prop::collection::vec((0i64..2000, 0i64..1440, prop::option::of((-80f64..80.0, -180f64..180.0)), any::<bool>()), 0..60)
    ) {
        let mut camera = Camera::new(11);
        for (day, minute, place, timed) in drawn {
            let at = date(2010, 1, 1).at(0, 0, 0, 0) + SignedDuration::from_mins(day * 1440 + minute);
            camera.shoot(at, place, None);
            if let Some((shot, _)) = camera.shots.last_mut() {
                shot.timed = timed;
            }
        }
        let mut shots: Vec<Shot> = camera.shots.iter().map(|(shot, _)| shot.clone()).collect();
        let segments = find(&shots, &[]);
        for (at, segment) in segments.iter().enumerate() {
            prop_assert!(!segment.shots.is_empty());
            let unique: BTreeSet<_> = segment.shots.iter().collect();
            prop_assert_eq!(unique.len(), segment.shots.len());
            if let Some(outer) = segment.within {
                prop_assert!(outer != at && segment.shots.iter().all(|shot| segments[outer].shots.contains(shot)));
            }
        }
        // The order in which pictures are listed says nothing.
        let ids = |shots: &[Shot], segments: &[Segment]| -> BTreeSet<BTreeSet<MediaId>> {
            segments.iter().map(|segment| segment.shots.iter().map(|&shot| shots[shot].id).collect()).collect()
        };
        let before = ids(&shots, &segments);
        shots.reverse();
        let again = find(&shots, &[]);
        prop_assert_eq!(before, ids(&shots, &again));
    }
}
