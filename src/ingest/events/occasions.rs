//! Occasions: what stands out from a person's everyday.
//!
//! Most pictures at home are taken in passing. A session is an occasion when it has several views over some time and
//! more of them than the person's sessions usually have, or more people; what is usual is measured in the year around, so
//! the parents of a newborn and somebody with a picture a week are each measured by their own. Nothing here knows a place
//! but for telling a day of a trip from its other days.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::Position;
use super::home::middle;
use super::moments::{Rhythm, fence};
use super::timeline::Timeline;

/// Views that make an occasion, at least.
const VIEWS: usize = 3;
/// An occasion lasts, at least, seconds.
const LASTS_S: i64 = 30 * 60;
/// People who make a company.
const COMPANY: usize = 4;
/// What is usual is measured so far around, seconds.
const AROUND_S: i64 = 183 * 86400;
/// Sessions around that tell what is usual; with fewer, all are asked.
const ENOUGH: usize = 8;
/// A day of a trip that is an event of its own was spent so far from its other days, kilometres.
const ELSEWHERE_KM: f64 = 10.0;

struct Session {
    ticks: Vec<usize>,
    at: i64,
    lasts_s: i64,
    views: usize,
    people: usize,
    placed: bool,
}

fn session(timeline: &Timeline<'_>, ticks: Vec<usize>) -> Session {
    let at = |tick: Option<&usize>| tick.map_or(0, |&tick| timeline.ticks[tick].at);
    let people: BTreeSet<_> = ticks.iter().flat_map(|&tick| timeline.ticks[tick].shot.people.iter()).collect();
    Session {
        at: at(ticks.first()),
        lasts_s: at(ticks.last()) - at(ticks.first()),
        views: Rhythm::views(timeline, &ticks),
        people: people.len(),
        placed: ticks.iter().any(|&tick| timeline.position(tick).is_some()),
        ticks,
    }
}

/// The occasions among what was taken at home or where it is not known. Without positions, occasions on days that follow
/// each other are one: only a journey makes every day stand out.
pub fn at_home(timeline: &Timeline<'_>, ticks: &[usize], rhythm: &Rhythm) -> Vec<Vec<usize>> {
    let sessions: Vec<Session> =
        rhythm.sessions(timeline, ticks).into_iter().map(|ticks| session(timeline, ticks)).collect();
    let times: Vec<i64> = sessions.iter().map(|session| session.at).collect();
    let mut found: Vec<(bool, Vec<usize>)> = Vec::new();
    for (at, session) in sessions.iter().enumerate() {
        let mut around = times.partition_point(|t| *t < session.at - AROUND_S)
            ..times.partition_point(|t| *t <= session.at + AROUND_S);
        if around.len() < ENOUGH {
            around = 0..sessions.len();
        }
        let others = around.filter(|&other| other != at).map(|other| &sessions[other]);
        let (views, people): (Vec<usize>, Vec<usize>) = others.map(|other| (other.views, other.people)).unzip();
        if !stands_out(session, &views, &people) {
            continue;
        }
        let day = |tick: Option<&usize>| tick.map(|&tick| timeline.ticks[tick].day);
        let next_day = |before: &Vec<usize>| {
            day(before.last())
                .zip(day(session.ticks.first()))
                .is_some_and(|(last, first)| (first - last).get_days() <= 1)
        };
        match found.last_mut() {
            Some((false, before)) if !session.placed && next_day(before) => before.extend(&session.ticks),
            _ => found.push((session.placed, session.ticks.clone())),
        }
    }
    found.into_iter().map(|(_, ticks)| ticks).collect()
}

fn stands_out(session: &Session, views: &[usize], people: &[usize]) -> bool {
    let beyond = |value: usize, others: &[usize]| fence(others).is_none_or(|fence| value as f64 > fence);
    let long = session.lasts_s >= LASTS_S;
    let busy = session.views >= VIEWS && beyond(session.views, views);
    let company = session.views >= 2 && session.people >= COMPANY && beyond(session.people, people);
    long && (busy || company)
}

/// Days of a trip that are events of their own: much more was photographed than on its other days, and elsewhere.
pub fn excursions(timeline: &Timeline<'_>, trip: &[usize]) -> Vec<Vec<usize>> {
    let mut days: BTreeMap<Date, Vec<usize>> = BTreeMap::new();
    for &tick in trip {
        days.entry(timeline.ticks[tick].day).or_default().push(tick);
    }
    let positions =
        |ticks: &[usize]| -> Vec<Position> { ticks.iter().filter_map(|&tick| timeline.position(tick)).collect() };
    let views: BTreeMap<Date, usize> = days.iter().map(|(day, ticks)| (*day, Rhythm::views(timeline, ticks))).collect();
    let apart = |day: &Date, ticks: &[usize]| {
        let Some(here) = middle(&positions(ticks)) else { return false };
        let others = days.iter().filter(|(other, _)| *other != day).flat_map(|(_, ticks)| positions(ticks));
        let nearest = others.map(|there| there.km_to(here)).min_by(f64::total_cmp);
        nearest.is_some_and(|km| km > ELSEWHERE_KM)
    };
    let busy = |day: &Date| {
        let others: Vec<usize> = views.iter().filter(|(other, _)| *other != day).map(|(_, count)| *count).collect();
        // A trip has few days: what stands out of them has twice the views of an occasion, too.
        views[day] >= 2 * VIEWS && fence(&others).is_some_and(|fence| views[day] as f64 > fence)
    };
    days.iter().filter(|(day, ticks)| busy(day) && apart(day, ticks)).map(|(_, ticks)| ticks.clone()).collect()
}
