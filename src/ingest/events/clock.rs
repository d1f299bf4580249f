//! Cameras whose clock was hours off, recognised by what others photographed meanwhile.
//!
//! Phones set their clocks by the network and write positions; a camera without positions is compared with them. At the
//! right shift its moments fall among theirs: people photograph the same things at the same time. For every shift of a
//! quarter of an hour up to a day (time zones differ by quarters) it is counted how many of the camera's moments lie near a
//! picture of a phone. A shift is offered when it fits most moments, none fits as they are, and chance would hardly do it:
//! a binomial tail with the share that fits on average, times the number of shifts tried. Nothing is changed here.

use std::collections::BTreeMap;

use super::timeline::Timeline;
use super::{Segment, Shot};

/// Steps of a shift, seconds.
const STEP_S: i64 = 15 * 60;
/// The largest shift, in steps: a day and a bit.
const STEPS: i64 = 26 * 4;
/// Pictures of the same thing are so near in time, seconds.
const NEAR_S: i64 = 8 * 60;
/// Moments of a camera are so far apart, seconds: bursts count once.
const APART_S: i64 = 10 * 60;
/// Moments that are needed to compare.
const LEAST: usize = 6;
/// A shift fits this share of the moments; the time as it is fits at most half as many.
const FITS: f64 = 0.7;
/// How likely chance may be.
const CHANCE: f64 = 0.001;

/// A camera whose clock was off, as far as can be told.
#[derive(Debug, Clone, PartialEq)]
pub struct ClockOff {
    /// The event, by its place among the segments.
    pub segment: usize,
    /// Label of the camera.
    pub camera: String,
    /// Its shots at that event, by their places in the list.
    pub shots: Vec<usize>,
    /// Seconds to add to their times.
    pub shift_s: i64,
    /// Labels of the cameras that it was compared with.
    pub compared_with: Vec<String>,
    /// Moments that fit then, and as they are, of how many.
    pub fit: (usize, usize, usize),
}

/// Cameras whose clock was off at an event.
pub fn find(shots: &[Shot], segments: &[Segment]) -> Vec<ClockOff> {
    let timeline = Timeline::new(shots);
    let tick_of = timeline.tick_of();
    let mut located: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for shot in shots {
        let Some(camera) = shot.camera.as_deref() else { continue };
        let (all, with) = located.entry(camera).or_default();
        *all += 1;
        *with += usize::from(shot.position.is_some());
    }
    let keeps_time = |camera: &str| located.get(camera).is_some_and(|(all, with)| with * 2 > *all);
    let mut found = Vec::new();
    for (at, segment) in segments.iter().enumerate().filter(|(_, segment)| segment.within.is_none()) {
        let times: Vec<i64> =
            segment.shots.iter().filter_map(|shot| tick_of.get(shot)).map(|&tick| timeline.ticks[tick].at).collect();
        let Some((&first, &last)) = times.iter().min().zip(times.iter().max()) else { continue };
        let mut suspects: BTreeMap<&str, Vec<(i64, usize)>> = BTreeMap::new();
        let mut clock: Vec<(i64, &str)> = Vec::new();
        for tick in &timeline.ticks {
            let Some(camera) = tick.shot.camera.as_deref() else { continue };
            if keeps_time(camera) && (first - STEP_S..=last + STEP_S).contains(&tick.at) {
                clock.push((tick.at, camera));
            } else if !keeps_time(camera) && (first - STEPS * STEP_S..=last + STEPS * STEP_S).contains(&tick.at) {
                suspects.entry(camera).or_default().push((tick.at, tick.index));
            }
        }
        let reference: Vec<i64> = clock.iter().map(|(time, _)| *time).collect();
        for (camera, pictures) in suspects {
            let times: Vec<i64> = pictures.iter().map(|(time, _)| *time).collect();
            let Some((shift_s, fit)) = shift(&times, &reference) else { continue };
            let mut compared_with: Vec<String> = clock.iter().map(|(_, camera)| (*camera).to_owned()).collect();
            compared_with.sort_unstable();
            compared_with.dedup();
            let shots = pictures.into_iter().map(|(_, shot)| shot).collect();
            found.push(ClockOff { segment: at, camera: camera.to_owned(), shots, shift_s, compared_with, fit });
        }
    }
    found
}

/// The shift at which pictures fall among those of the reference, both in order of time, seconds; and how many moments
/// fit then, as they are, and at all.
pub fn shift(pictures: &[i64], reference: &[i64]) -> Option<(i64, (usize, usize, usize))> {
    let mut moments: Vec<i64> = Vec::new();
    for &picture in pictures {
        if moments.last().is_none_or(|last| picture - last >= APART_S) {
            moments.push(picture);
        }
    }
    if moments.len() < LEAST || reference.len() < LEAST {
        return None;
    }
    let fits = |shift: i64| moments.iter().filter(|moment| is_near(reference, **moment + shift)).count();
    let counts: Vec<(i64, usize)> = (-STEPS..=STEPS).map(|step| (step * STEP_S, fits(step * STEP_S))).collect();
    let as_is = fits(0);
    // Of shifts that fit alike the smallest: nobody's clock is more wrong than it must be.
    let (shift, most) = counts.iter().copied().max_by_key(|(shift, fit)| (*fit, -shift.abs()))?;
    let n = moments.len();
    let usual = counts.iter().map(|(_, fit)| *fit as f64).sum::<f64>() / (counts.len() * n) as f64;
    let unlikely = tail(n, most, usual) * counts.len() as f64 <= CHANCE;
    let better = most as f64 >= FITS * n as f64 && as_is * 2 <= most;
    (shift != 0 && better && unlikely).then_some((shift, (most, as_is, n)))
}

fn is_near(reference: &[i64], time: i64) -> bool {
    let next = reference.partition_point(|other| *other < time);
    let around = [next.checked_sub(1), Some(next)];
    around.into_iter().flatten().filter_map(|at| reference.get(at)).any(|other| (other - time).abs() <= NEAR_S)
}

/// How likely `k` or more of `n` are, each with probability `p`.
fn tail(n: usize, k: usize, p: f64) -> f64 {
    // Logarithms: the coefficients of a thousand moments are beyond any float.
    let (p, mut choose, mut sum) = (p.clamp(1e-9, 1.0 - 1e-9), 0.0_f64, 0.0);
    for i in 0..=n {
        if i > 0 {
            choose += ((n - i + 1) as f64 / i as f64).ln();
        }
        if i >= k {
            sum += (choose + i as f64 * p.ln() + (n - i) as f64 * (1.0 - p).ln()).exp();
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86400;

    /// Times of a day's outing at uneven pauses.
    fn outing(days: i64) -> Vec<i64> {
        let pauses = [0, 31, 52, 90, 151, 163, 240, 301, 322, 395, 420, 466];
        (0..days).flat_map(|day| pauses.map(|minute| day * DAY + 9 * 3600 + (minute + day * 7) * 60)).collect()
    }

    #[test]
    fn a_clock_in_another_time_zone_is_found() {
        let phone = outing(3);
        for hours in [-9, -6, -1, 2, 12] {
            let camera: Vec<i64> = outing(3).iter().step_by(2).map(|time| time + 90 - hours * 3600).collect();
            let (found, (fit, as_is, _)) = shift(&camera, &phone).unwrap_or_else(|| panic!("{hours} hours"));
            assert_eq!(found, hours * 3600);
            assert!(fit > as_is);
        }
    }

    #[test]
    fn a_clock_that_is_right_stays() {
        let phone = outing(3);
        let camera: Vec<i64> = outing(3).iter().step_by(2).map(|time| time + 200).collect();
        assert_eq!(shift(&camera, &phone), None);
    }

    #[test]
    fn who_photographs_something_else_is_not_late() {
        let phone = outing(2);
        let camera: Vec<i64> = (0..14).map(|at| 9 * 3600 + at * at * 737 % (30 * 3600)).collect();
        let mut camera = camera;
        camera.sort_unstable();
        assert_eq!(shift(&camera, &phone), None);
        assert_eq!(shift(&camera[..3], &phone), None, "too few to say");
    }

    #[test]
    fn chance_is_a_binomial_tail() {
        assert!((tail(10, 0, 0.3) - 1.0).abs() < 1e-9);
        assert!((tail(3, 2, 0.5) - 0.5).abs() < 1e-9);
        assert!((tail(10, 10, 0.5) - 0.5_f64.powi(10)).abs() < 1e-12);
    }
}
