//! Events and trips, found from everything that pictures say of themselves: when, where, with whom, in which folder.
//!
//! Pure functions of values: [`find`] takes every medium as a [`Shot`] and returns [`Segment`]s; nothing here reads a
//! database or a file. Storing them with identities that stay is left to `library::events`.
//!
//! # Method
//!
//! People take pictures in bursts: much within an occasion, little between. That was measured early (Graham et al., *Time
//! as essence for photo browsing through personal digital libraries*, JCDL 2002) and is what segmentation by time rests
//! on: gaps are compared on a logarithmic scale (Platt, Czerwinski, Field, *PhotoTOC*, 2003), the person's own gaps say
//! which are long (two-means of the gaps: Loui, Savakis, *Automated event clustering and quality screening of consumer
//! pictures*, IEEE Trans. Multimedia 5(3), 2003), and at more than one scale (Cooper, Foote, Girgensohn, Wilcox, *Temporal
//! event clustering for digital photo collections*, ACM TOMCCAP 1(3), 2005). Here the scales have names:
//!
//! | scale | bounded by | where |
//! |---|---|---|
//! | moment | the short scale of the person's gaps, 5–30 minutes | [`moments`] |
//! | session | the long scale of the person's gaps, 3–8 hours: a night always bounds | [`moments`] |
//! | day | four in the morning, local time | [`timeline`] |
//! | trip | from leaving the surroundings of home to coming back | [`home`], [`trips`] |
//!
//! Positions say more than gaps. Away from home everything between leaving and returning is one outing, a *trip* when it
//! has a night. At home most pictures belong to no occasion; those that do stand out from the person's own everyday
//! ([`occasions`]). A day of a trip that stands out from its other days, elsewhere, is an event within the trip.
//!
//! Folders that say what they are ("2018-09-15 Wedding") go before all of it: they name and bound. What lies elsewhere
//! and was taken between their pictures joins them.
//!
//! # Parameters
//!
//! None is fitted to a library. They are facts about days and distances, or come from the person's own pictures:
//! 40 km from home is away (Statistics Canada counts such journeys as tourism), 20 km is one place (a town with its
//! suburbs), 600 km is too far to come back the same day, three views (pictures five minutes apart) over half an hour make an occasion when they lie
//! beyond Tukey's fence (*Exploratory Data Analysis*, 1977) of the person's other sessions in the year around.

pub mod folders;
pub mod home;
pub mod moments;
pub mod occasions;
#[cfg(test)]
mod tests;
pub mod timeline;
pub mod trips;
#[cfg(test)]
mod truth;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::DateTime;

use self::folders::Named;
use self::home::Home;
use self::moments::Rhythm;
use self::timeline::Timeline;
use crate::library::{MediaId, PersonId};

/// Degrees north and east.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
}

impl Position {
    /// The distance over the ground in kilometres, on a sphere of 6371 km.
    pub fn km_to(self, other: Self) -> f64 {
        let (a, b) = (self.lat.to_radians(), other.lat.to_radians());
        let half = |from: f64, to: f64| ((to - from) / 2.0).sin().powi(2);
        let h = half(a, b) + a.cos() * b.cos() * half(self.lon.to_radians(), other.lon.to_radians());
        12742.0 * h.sqrt().min(1.0).asin()
    }
}

/// A medium as the making of events sees it.
#[derive(Debug, Clone)]
pub struct Shot {
    /// The medium.
    pub id: MediaId,
    /// The folders that hold it.
    pub folders: Vec<String>,
    /// Local time.
    pub local: Option<DateTime>,
    /// The time of the day is known, not only the day.
    pub timed: bool,
    /// Unix seconds, when known.
    pub instant: Option<i64>,
    /// Where.
    pub position: Option<Position>,
    /// Label of the camera.
    pub camera: Option<String>,
    /// Who is in it.
    pub people: Vec<PersonId>,
}

/// How long an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Something within a day, or days at home.
    Event,
    /// Nights away from home.
    Trip,
}

/// Media that belong together.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    /// The folder that names and bounds it, and its name.
    pub folder: Option<(String, String)>,
    /// Event or trip.
    pub kind: Kind,
    /// The shots, by time, by their places in the given list.
    pub shots: Vec<usize>,
    /// The trip or folder that it is part of, by its place among the segments; its shots are that one's too.
    pub within: Option<usize>,
}

/// Finds events and trips. `roots` are the folders that the user added.
pub fn find(shots: &[Shot], roots: &[String]) -> Vec<Segment> {
    let timeline = Timeline::new(shots);
    let rhythm = Rhythm::of(&timeline);
    let homes = home::homes(&timeline);
    let named = folders::named(shots, roots);
    let found = flow(&timeline, &homes, &rhythm);
    let mut segments = combine(&timeline, &rhythm, named, found);
    join_untimed(shots, &mut segments);
    let tick_of = timeline.tick_of();
    for segment in &mut segments {
        segment.shots.sort_by_key(|shot| (tick_of.get(shot), *shot));
        if segment.folder.is_some() {
            let ticks: Vec<usize> = segment.shots.iter().filter_map(|shot| tick_of.get(shot).copied()).collect();
            segment.kind = trips::kind(&timeline, &homes, &ticks).unwrap_or(segment.kind);
        }
    }
    segments
}

/// What time and place alone say: trips with what stands out in them, outings, occasions at home.
fn flow(timeline: &Timeline<'_>, homes: &[Home], rhythm: &Rhythm) -> Vec<Segment> {
    let away = trips::find(timeline, homes);
    let mut segments: Vec<Segment> = Vec::new();
    let mut taken = BTreeSet::new();
    for run in away {
        taken.extend(run.ticks.iter().copied());
        if !run.is_event {
            continue;
        }
        let within = Some(segments.len());
        let excursions = occasions::excursions(timeline, &run.ticks);
        segments.push(Segment { folder: None, kind: run.kind, shots: run.ticks, within: None });
        segments.extend(
            excursions.into_iter().map(|shots| Segment { folder: None, kind: Kind::Event, shots, within }),
        );
    }
    let home: Vec<usize> = (0..timeline.ticks.len()).filter(|tick| !taken.contains(tick)).collect();
    let occasions = occasions::at_home(timeline, &home, rhythm);
    segments.extend(
        occasions.into_iter().map(|shots| Segment { folder: None, kind: Kind::Event, shots, within: None }),
    );
    segments
}

/// Puts folders and what was found by time and place together; `found` holds ticks, the result shots.
fn combine(timeline: &Timeline<'_>, rhythm: &Rhythm, named: Vec<Named>, found: Vec<Segment>) -> Vec<Segment> {
    let tick_of = timeline.tick_of();
    let mut pinned: BTreeMap<usize, usize> = BTreeMap::new();
    // A folder comes before those within it: the innermost wins.
    for (at, folder) in named.iter().enumerate() {
        pinned.extend(folder.shots.iter().filter_map(|shot| tick_of.get(shot)).map(|&tick| (tick, at)));
    }
    let mut segments: Vec<Segment> = named.iter().map(of_folder).collect();
    let mut moved: BTreeMap<usize, usize> = BTreeMap::new();
    for (at, segment) in found.into_iter().enumerate() {
        let (own, free): (Vec<usize>, Vec<usize>) =
            segment.shots.iter().copied().partition(|tick| pinned.contains_key(tick));
        let left: Vec<usize> = free
            .into_iter()
            .filter(|&tick| match bounding(timeline, rhythm, &named, &pinned, &own, tick) {
                Some(folder) => {
                    put(&mut segments, folder, timeline.shot(tick));
                    false
                }
                None => true,
            })
            .collect();
        let parent = segment.within.and_then(|parent| moved.get(&parent).copied());
        if left.is_empty() || !own.is_empty() && !Rhythm::is_outing(timeline, &left) {
            continue;
        }
        // Folders of some days of a trip are parts of it.
        let place = segments.len();
        let parts: BTreeSet<usize> = own.iter().map(|tick| pinned[tick]).collect();
        let mut shots = left;
        for part in parts {
            let whole = named[part].shots.iter().filter_map(|shot| tick_of.get(shot));
            if segment.kind == Kind::Trip && whole.clone().all(|tick| segment.shots.contains(tick)) {
                let root = outermost(&segments, part);
                if segments[root].within.is_none() && root != place {
                    segments[root].within = Some(place);
                }
                shots.extend(whole);
            }
        }
        shots.sort_unstable();
        shots.dedup();
        moved.insert(at, place);
        let shots = shots.into_iter().map(|tick| timeline.shot(tick)).collect();
        segments.push(Segment { folder: None, kind: segment.kind, shots, within: parent });
    }
    segments
}

fn of_folder(named: &Named) -> Segment {
    Segment {
        folder: Some((named.path.clone(), named.name.clone())),
        kind: if named.days { Kind::Trip } else { Kind::Event },
        shots: named.shots.clone(),
        within: named.within,
    }
}

/// The folder among whose pictures a free one was taken: the one of its nearest neighbour in the segment, if most of that
/// folder lies in the segment and the picture between its first and last, give or take the pause that ends a session.
fn bounding(
    timeline: &Timeline<'_>,
    rhythm: &Rhythm,
    named: &[Named],
    pinned: &BTreeMap<usize, usize>,
    own: &[usize],
    tick: usize,
) -> Option<usize> {
    let time = |tick: usize| timeline.ticks[tick].at;
    let nearest = own.iter().copied().min_by_key(|&other| (time(other) - time(tick)).abs())?;
    let folder = pinned[&nearest];
    let members: Vec<usize> = own.iter().copied().filter(|other| pinned[other] == folder).collect();
    let (first, last) = (members.first().copied()?, members.last().copied()?);
    let inside = (time(first) - rhythm.session_s..=time(last) + rhythm.session_s).contains(&time(tick));
    let all = pinned.values().filter(|&&other| other == folder).count();
    (inside && named[folder].bounds && members.len() * 2 >= all).then_some(folder)
}

/// Adds a shot to a segment and to those around it.
fn put(segments: &mut [Segment], mut at: usize, shot: usize) {
    loop {
        if !segments[at].shots.contains(&shot) {
            segments[at].shots.push(shot);
        }
        match segments[at].within {
            Some(outer) => at = outer,
            None => return,
        }
    }
}

fn outermost(segments: &[Segment], mut at: usize) -> usize {
    while let Some(outer) = segments[at].within {
        at = outer;
    }
    at
}

/// Pictures of which only the day is known join the trip of that day when the person sent them: they are their own.
/// What was received may show anything.
fn join_untimed(shots: &[Shot], segments: &mut [Segment]) {
    let sent = |folder: &String| folder.rsplit(['/', '\\']).next().is_some_and(|name| name.eq_ignore_ascii_case("sent"));
    for (at, shot) in shots.iter().enumerate() {
        let Some(day) = shot.local.filter(|_| !shot.timed).map(|local| local.date()) else { continue };
        if !shot.folders.iter().any(sent) || segments.iter().any(|segment| segment.shots.contains(&at)) {
            continue;
        }
        let days = |segment: &Segment| {
            let days = segment.shots.iter().filter_map(|&shot| shots[shot].local).map(|local| local.date());
            days.clone().min().zip(days.max())
        };
        let covers = |segment: &Segment| days(segment).is_some_and(|(first, last)| first < day && day < last);
        let trip = segments.iter().position(|segment| segment.kind == Kind::Trip && covers(segment));
        if let Some(trip) = trip {
            put(segments, trip, at);
        }
    }
}
