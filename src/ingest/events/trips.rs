//! Outings and trips: from leaving the surroundings of home to coming back.
//!
//! A picture at home ends an outing, unless nobody could have travelled there between the pictures around it: then somebody
//! else took it. Without a picture at home, a long pause ends it; how long, is found from how often this person photographs
//! at home and away, and how often they leave.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::home::{Home, middle};
use super::moments::Rhythm;
use super::timeline::Timeline;
use super::{Kind, Position};

/// Away begins here, kilometres from the middle of home (Statistics Canada's limit for tourism).
pub const AWAY_KM: f64 = 40.0;
/// Who is farther away does not come back the same day, kilometres.
const NIGHT_AWAY_KM: f64 = 600.0;
/// A pause that ends an outing is one of these, days: less than a week, because who is somewhere every Sunday came back.
const PAUSE_DAYS: std::ops::RangeInclusive<i32> = 2..=6;
/// A shot without a position is where its neighbour is within this time; of the same camera within that, seconds.
const NEAR_S: (i64, i64) = (8 * 3600, 24 * 3600);

/// What was taken away from home without coming back.
#[derive(Debug, Clone)]
pub struct Run {
    /// Its ticks, in order.
    pub ticks: Vec<usize>,
    /// A trip if it has a night.
    pub kind: Kind,
    /// It has enough pictures to be shown as an event.
    pub is_event: bool,
}

/// Where a shot was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Where {
    Home,
    Away,
    Unknown,
}

/// Finds what was taken away from home.
pub fn find(timeline: &Timeline<'_>, homes: &[Home]) -> Vec<Run> {
    let places = whereabouts(timeline, homes);
    let pause = pause(timeline, &places);
    runs(timeline, &places, pause).into_iter().map(|ticks| run(timeline, homes, ticks)).collect()
}

fn run(timeline: &Timeline<'_>, homes: &[Home], ticks: Vec<usize>) -> Run {
    let kind = stay(timeline, homes, &ticks).map_or(Kind::Event, |(kind, _)| kind);
    let is_event = Rhythm::is_outing(timeline, &ticks) || kind == Kind::Trip && ticks.len() > 1;
    Run { ticks, kind, is_event }
}

/// A trip if it has a night away from home: it goes over days, or is too far for one; and whether it was away at all.
/// `None` where no position tells.
pub fn stay(timeline: &Timeline<'_>, homes: &[Home], ticks: &[usize]) -> Option<(Kind, bool)> {
    let days: BTreeSet<Date> = ticks.iter().map(|&tick| timeline.ticks[tick].day).collect();
    let positions: Vec<Position> = ticks.iter().filter_map(|&tick| timeline.position(tick)).collect();
    let here = middle(&positions)?;
    let km: Vec<f64> = homes_on(homes, *days.first()?).map(|home| home.position.km_to(here)).collect();
    let beyond = |limit: f64| km.iter().all(|km| *km > limit);
    let away = beyond(AWAY_KM);
    let night = days.len() > 1 && away || !km.is_empty() && beyond(NIGHT_AWAY_KM);
    Some((if night { Kind::Trip } else { Kind::Event }, away))
}

fn homes_on(homes: &[Home], day: Date) -> impl Iterator<Item = &Home> {
    homes.iter().filter(move |home| home.from <= day && day <= home.to)
}

/// Says of each shot where it was; one without a position is where its nearest neighbour in time is.
fn whereabouts(timeline: &Timeline<'_>, homes: &[Home]) -> Vec<Where> {
    let known: Vec<Where> = (0..timeline.ticks.len())
        .map(|tick| match timeline.position(tick) {
            Some(here)
                if homes_on(homes, timeline.ticks[tick].day).any(|home| home.position.km_to(here) <= AWAY_KM) =>
            {
                Where::Home
            }
            Some(_) => Where::Away,
            None => Where::Unknown,
        })
        .collect();
    let located: Vec<usize> = (0..known.len()).filter(|&tick| known[tick] != Where::Unknown).collect();
    let time = |tick: usize| timeline.ticks[tick].at;
    (0..known.len())
        .map(|tick| {
            let next = located.partition_point(|&other| other < tick);
            let around = [next.checked_sub(1), Some(next)].into_iter().flatten().filter_map(|at| located.get(at));
            let nearest = around.copied().min_by_key(|&other| (time(other) - time(tick)).abs());
            let camera = |tick: usize| timeline.ticks[tick].shot.camera.as_deref();
            let nearest = nearest.filter(|&other| {
                let same = camera(tick).is_some() && camera(tick) == camera(other);
                (time(other) - time(tick)).abs() <= if same { NEAR_S.1 } else { NEAR_S.0 }
            });
            if known[tick] == Where::Unknown {
                nearest.map_or(Where::Unknown, |other| known[other])
            } else {
                known[tick]
            }
        })
        .collect()
}

/// Runs of ticks away, cut at home and at pauses of more than `pause` seconds.
fn runs(timeline: &Timeline<'_>, places: &[Where], pause: f64) -> Vec<Vec<usize>> {
    let away: Vec<usize> = (0..places.len()).filter(|&tick| places[tick] == Where::Away).collect();
    let mut runs: Vec<Vec<usize>> = Vec::new();
    for &tick in &away {
        let goes_on = runs.last().and_then(|run| run.last()).is_some_and(|&last| {
            let gap = timeline.ticks[tick].at - timeline.ticks[last].at;
            gap as f64 <= pause
                && !(last + 1..tick).any(|between| {
                    places[between] == Where::Home
                        && came_by(timeline, last, between)
                        && came_by(timeline, between, tick)
                })
        });
        match runs.last_mut() {
            Some(run) if goes_on => {
                // What lies between and could not be placed was taken on the way.
                let last = run.last().copied().unwrap_or(tick);
                run.extend((last + 1..tick).filter(|&between| places[between] == Where::Unknown));
                run.push(tick);
            }
            _ => runs.push(vec![tick]),
        }
    }
    runs
}

/// Whether one can have come from the place of a tick to that of a later one: by road at 100 km/h, or by air at 800 with
/// three hours around it.
fn came_by(timeline: &Timeline<'_>, from: usize, to: usize) -> bool {
    let Some((a, b)) = timeline.position(from).zip(timeline.position(to)) else { return true };
    let hours = (timeline.ticks[to].at - timeline.ticks[from].at) as f64 / 3600.0;
    let km = a.km_to(b);
    hours >= (km / 100.0).min(3.0 + km / 800.0)
}

/// The pause, in seconds, that explains best on which days there are pictures.
///
/// Each day is at home or on an outing, each outing begins on a day, and on either a day has pictures with a probability of
/// its own. Long pauses make few outings with many days without pictures, short ones many outings with few; the code
/// length of all days, in the sense of Rissanen (*Modeling by shortest data description*, Automatica 1978), weighs both.
fn pause(timeline: &Timeline<'_>, places: &[Where]) -> f64 {
    let days = |ticks: &mut dyn Iterator<Item = usize>| -> BTreeSet<Date> {
        ticks.map(|tick| timeline.ticks[tick].day).collect()
    };
    let span = |days: &BTreeSet<Date>| match (days.first(), days.last()) {
        (Some(first), Some(last)) => f64::from((*last - *first).get_days()) + 1.0,
        _ => 0.0,
    };
    let whole = span(&days(&mut (0..places.len())));
    let home = days(&mut (0..places.len()).filter(|&tick| places[tick] == Where::Home)).len() as f64;
    let length = |pause: f64| {
        let runs = runs(timeline, places, pause);
        let (mut with, mut all) = (0.0, 0.0);
        for run in &runs {
            let days = days(&mut run.iter().copied());
            with += days.len() as f64;
            all += span(&days);
        }
        code_length(with, all) + code_length(home, (whole - all).max(home)) + code_length(runs.len() as f64, whole)
    };
    let lengths = PAUSE_DAYS.map(|days| f64::from(days) * 86400.0).map(|pause| (pause, length(pause)));
    // Of equals the longest: what no day tells apart is one outing.
    let best = lengths.min_by(|a, b| a.1.total_cmp(&b.1).then(b.0.total_cmp(&a.0)));
    best.map_or(86400.0 * f64::from(*PAUSE_DAYS.end()), |(pause, _)| pause)
}

/// Nats that it takes to say which `k` of `n` days.
fn code_length(k: f64, n: f64) -> f64 {
    let part = |k: f64| if k > 0.0 { -k * (k / n).ln() } else { 0.0 };
    part(k) + part((n - k).max(0.0))
}
