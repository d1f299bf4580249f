//! The days of an event, and the moments of each day.
//!
//! Derived whenever it is shown: nothing of it is stored. Shots without the time of the day come at the end of their day,
//! as a moment of their own; those without a date in none.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::Shot;
use super::moments::Rhythm;
use super::timeline::Timeline;

/// A day of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// The local day; what follows midnight belongs to the evening before.
    pub date: Date,
    /// Its moments in order: shots by their places in the list.
    pub moments: Vec<Vec<usize>>,
}

/// The days of an event's shots.
pub fn days(shots: &[Shot]) -> Vec<Day> {
    let timeline = Timeline::new(shots);
    let rhythm = Rhythm::of(&timeline);
    let mut of_day: BTreeMap<Date, Vec<usize>> = BTreeMap::new();
    for (at, tick) in timeline.ticks.iter().enumerate() {
        of_day.entry(tick.day).or_default().push(at);
    }
    let mut untimed: BTreeMap<Date, Vec<usize>> = BTreeMap::new();
    for (at, shot) in shots.iter().enumerate().filter(|(_, shot)| !shot.timed) {
        if let Some(local) = shot.local {
            untimed.entry(local.date()).or_default().push(at);
        }
    }
    let mut days: BTreeMap<Date, Vec<Vec<usize>>> = BTreeMap::new();
    for (date, ticks) in of_day {
        let moments = rhythm.moments(&timeline, &ticks).into_iter();
        days.insert(date, moments.map(|moment| moment.into_iter().map(|tick| timeline.shot(tick)).collect()).collect());
    }
    for (date, shots) in untimed {
        days.entry(date).or_default().push(shots);
    }
    days.into_iter().map(|(date, moments)| Day { date, moments }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::MediaId;

    fn shot(local: &str, timed: bool) -> Shot {
        Shot {
            id: MediaId::new(),
            folders: Vec::new(),
            local: local.parse().ok(),
            timed,
            instant: None,
            position: None,
            camera: None,
            people: Vec::new(),
        }
    }

    #[test]
    fn a_day_ends_late_and_holds_moments() {
        let shots = [
            shot("2019-07-02T00:40:00", true),
            shot("2019-07-01T09:00:00", true),
            shot("2019-07-01T09:02:00", true),
            shot("2019-07-02T12:00:00", true),
            shot("2019-07-02T00:00:00", false),
        ];
        let found = days(&shots);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].moments, [vec![1, 2], vec![0]]);
        assert_eq!(found[1].moments, [vec![3], vec![4]]);
    }
}
