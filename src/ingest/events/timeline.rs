//! The shots in the order in which they were taken, wherever on earth: one axis of time, and the local day of each.
//!
//! Local times of a journey across time zones overlap, so the order is that of instants. A shot whose offset is unknown
//! gets that of the shot nearest to it in local time.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan};

use super::{Position, Shot};

/// A day ends at this hour: what follows midnight belongs to the evening before.
const DAY_BEGINS: i64 = 4;

/// A shot whose time is known.
#[derive(Debug, Clone)]
pub struct Tick<'a> {
    /// Its place in the list of shots.
    pub index: usize,
    /// The shot.
    pub shot: &'a Shot,
    /// Seconds on the axis.
    pub at: i64,
    /// The local day.
    pub day: Date,
}

/// The shots whose time is known, in order.
#[derive(Debug, Clone, Default)]
pub struct Timeline<'a> {
    /// In order.
    pub ticks: Vec<Tick<'a>>,
}

impl<'a> Timeline<'a> {
    /// Orders the shots.
    pub fn new(shots: &'a [Shot]) -> Self {
        let mut timed: Vec<(i64, usize, &Shot)> = shots
            .iter()
            .enumerate()
            .filter(|(_, shot)| shot.timed)
            .filter_map(|(index, shot)| Some((local_seconds(shot)?, index, shot)))
            .collect();
        timed.sort_unstable_by_key(|(local, index, _)| (*local, *index));
        let offsets = offsets(&timed);
        let mut ticks: Vec<Tick<'a>> = timed
            .iter()
            .zip(offsets)
            .filter_map(|(&(local, index, shot), offset)| {
                let day = shot.local?.checked_sub(DAY_BEGINS.hours()).ok()?.date();
                Some(Tick { index, shot, at: local - offset, day })
            })
            .collect();
        ticks.sort_by_key(|tick| (tick.at, tick.index));
        Self { ticks }
    }

    /// The place in the list of shots of a tick.
    pub fn shot(&self, tick: usize) -> usize {
        self.ticks[tick].index
    }

    /// Where a tick was, if that is known.
    pub fn position(&self, tick: usize) -> Option<Position> {
        self.ticks[tick].shot.position
    }

    /// The ticks of the shots.
    pub fn tick_of(&self) -> BTreeMap<usize, usize> {
        self.ticks.iter().enumerate().map(|(tick, of)| (of.index, tick)).collect()
    }
}

/// Local time as if it were UTC, Unix seconds.
fn local_seconds(shot: &Shot) -> Option<i64> {
    Some(shot.local?.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second())
}

/// Seconds east of UTC of each shot; `timed` is ordered by local time.
fn offsets(timed: &[(i64, usize, &Shot)]) -> Vec<i64> {
    let longest = SignedDuration::from_hours(15).as_secs();
    let known = |at: usize| {
        let (local, _, shot) = timed.get(at)?;
        shot.instant.map(|instant| local - instant).filter(|offset| offset.abs() <= longest)
    };
    let mut before: Vec<Option<(i64, i64)>> = Vec::with_capacity(timed.len());
    for at in 0..timed.len() {
        before.push(known(at).map(|offset| (timed[at].0, offset)).or_else(|| before.last().copied().flatten()));
    }
    let mut after: Option<(i64, i64)> = None;
    let mut offsets = vec![0; timed.len()];
    for at in (0..timed.len()).rev() {
        let local = timed[at].0;
        after = known(at).map(|offset| (local, offset)).or(after);
        let near = [before[at], after].into_iter().flatten().min_by_key(|(time, _)| (time - local).abs());
        offsets[at] = near.map_or(0, |(_, offset)| offset);
    }
    offsets
}
