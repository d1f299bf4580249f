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
//! What pictures look like is not asked. Cooper et al. take the likeness of neighbours as a second sign; measured on the
//! family library with the model of the default set (MobileNet, mean taken off, the average of up to three pictures on
//! either side), the seam between two different events is told from seams within them with an area under the curve of
//! 0.70, and at one false seam of twenty it finds one true seam of ten. Beside time and place that is no help.
//!
//! # Parameters
//!
//! None is fitted to a library. They are facts about days and distances, or come from the person's own pictures:
//! 40 km from home is away (Statistics Canada counts such journeys as tourism), 20 km is one place (a town with its
//! suburbs), 600 km is too far to come back the same day, three views (pictures five minutes apart) over half an hour
//! make an occasion when they lie beyond Tukey's fence (*Exploratory Data Analysis*, 1977) of the person's other sessions
//! in the year around.

pub mod clock;
pub mod days;
pub mod folders;
pub mod home;
pub mod moments;
pub mod names;
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
    /// It was away from home.
    pub away: bool,
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
    let mut segments = combine(&timeline, &rhythm, &named, found);
    join_untimed(shots, &mut segments);
    let tick_of = timeline.tick_of();
    for segment in &mut segments {
        segment.shots.sort_by_key(|shot| (tick_of.get(shot), *shot));
        let ticks: Vec<usize> = segment.shots.iter().filter_map(|shot| tick_of.get(shot).copied()).collect();
        if let Some((kind, away)) = trips::stay(&timeline, &homes, &ticks) {
            segment.away = away;
            if segment.folder.is_some() {
                segment.kind = kind;
            }
        }
    }
    segments
}

/// The segment of shots that are an event already, whoever said so.
pub fn known(shots: &[Shot], of: Vec<usize>) -> Segment {
    let timeline = Timeline::new(shots);
    let tick_of = timeline.tick_of();
    let ticks: Vec<usize> = of.iter().filter_map(|shot| tick_of.get(shot).copied()).collect();
    let (kind, away) = trips::stay(&timeline, &home::homes(&timeline), &ticks).unwrap_or((Kind::Event, false));
    Segment { folder: None, kind, away, shots: of, within: None }
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
        segments.push(Segment { away: true, ..segment(run.kind, run.ticks, None) });
        segments.extend(excursions.into_iter().map(|shots| segment(Kind::Event, shots, within)));
    }
    let home: Vec<usize> = (0..timeline.ticks.len()).filter(|tick| !taken.contains(tick)).collect();
    let occasions = occasions::at_home(timeline, &home, rhythm);
    segments.extend(occasions.into_iter().map(|shots| segment(Kind::Event, shots, None)));
    segments
}

/// Puts folders and what was found by time and place together; `found` holds ticks, the result shots.
fn combine(timeline: &Timeline<'_>, rhythm: &Rhythm, named: &[Named], found: Vec<Segment>) -> Vec<Segment> {
    let tick_of = timeline.tick_of();
    let mut pinned: BTreeMap<usize, usize> = BTreeMap::new();
    // A folder comes before those within it: the innermost wins.
    for (at, folder) in named.iter().enumerate() {
        pinned.extend(folder.shots.iter().filter_map(|shot| tick_of.get(shot)).map(|&tick| (tick, at)));
    }
    let mut held: BTreeMap<usize, usize> = BTreeMap::new();
    for folder in pinned.values() {
        *held.entry(*folder).or_default() += 1;
    }
    let mut segments: Vec<Segment> = named.iter().map(of_folder).collect();
    let mut moved: BTreeMap<usize, (usize, BTreeSet<usize>)> = BTreeMap::new();
    for (at, segment) in found.into_iter().enumerate() {
        let bounds = Bounds::of(timeline, rhythm, named, (&pinned, &held), &segment.shots);
        let mut left: BTreeSet<usize> = BTreeSet::new();
        for &tick in segment.shots.iter().filter(|tick| !pinned.contains_key(tick)) {
            match bounds.folder(timeline, tick) {
                Some(folder) => put(&mut segments, folder, timeline.shot(tick)),
                None => drop(left.insert(tick)),
            }
        }
        let parent = segment.within.and_then(|parent| moved.get(&parent));
        if let Some((_, outer)) = parent {
            left.retain(|tick| outer.contains(tick));
        }
        let listed: Vec<usize> = left.iter().copied().collect();
        if left.is_empty() || !bounds.own.is_empty() && !Rhythm::is_outing(timeline, &listed) {
            continue;
        }
        // Folders of some days of a trip are parts of it.
        let (place, within) = (segments.len(), parent.map(|(place, _)| *place));
        let all: BTreeSet<usize> = segment.shots.iter().copied().collect();
        for &part in bounds.of.keys().filter(|_| segment.kind == Kind::Trip) {
            let whole: BTreeSet<usize> =
                named[part].shots.iter().filter_map(|shot| tick_of.get(shot).copied()).collect();
            if segments[part].within.is_none() && whole.is_subset(&all) {
                segments[part].within = Some(place);
                left.extend(whole);
            }
        }
        let shots = left.iter().map(|&tick| timeline.shot(tick)).collect();
        moved.insert(at, (place, left));
        segments.push(self::segment(segment.kind, shots, within));
    }
    segments
}

/// The folders that lie in a segment, and where they bound it.
struct Bounds {
    /// Ticks of folders, each with its folder, in order of time.
    own: Vec<(usize, usize)>,
    /// From when to when what lies elsewhere may be part of a folder; `None`: it bounds nothing here.
    of: BTreeMap<usize, Option<(i64, i64)>>,
}

impl Bounds {
    /// A folder bounds if most of it lies in the segment and it lasted as long as events do.
    fn of(
        timeline: &Timeline<'_>,
        rhythm: &Rhythm,
        named: &[Named],
        (pinned, held): (&BTreeMap<usize, usize>, &BTreeMap<usize, usize>),
        ticks: &[usize],
    ) -> Self {
        let mut own: Vec<(usize, usize)> = ticks.iter().filter_map(|tick| Some((*tick, *pinned.get(tick)?))).collect();
        own.sort_unstable();
        let mut spans: BTreeMap<usize, (i64, i64, usize)> = BTreeMap::new();
        for (tick, folder) in &own {
            let at = timeline.ticks[*tick].at;
            let span = spans.entry(*folder).or_insert((at, at, 0));
            *span = (span.0.min(at), span.1.max(at), span.2 + 1);
        }
        let bound = |(folder, (first, last, count)): (usize, (i64, i64, usize))| {
            let most = named[folder].bounds && held.get(&folder).is_some_and(|all| count * 2 >= *all);
            (folder, most.then_some((first - rhythm.session_s, last + rhythm.session_s)))
        };
        Self { of: spans.into_iter().map(bound).collect(), own }
    }

    /// The folder among whose pictures a free one was taken: that of its nearest neighbour, if it bounds.
    fn folder(&self, timeline: &Timeline<'_>, tick: usize) -> Option<usize> {
        let time = |tick: usize| timeline.ticks[tick].at;
        let next = self.own.partition_point(|(other, _)| *other < tick);
        let around = [next.checked_sub(1), Some(next)].into_iter().flatten().filter_map(|at| self.own.get(at));
        let (_, folder) = around.min_by_key(|(other, _)| (time(*other) - time(tick)).abs())?;
        let (from, to) = self.of.get(folder).copied().flatten()?;
        (from..=to).contains(&time(tick)).then_some(*folder)
    }
}

/// What time and place alone found.
fn segment(kind: Kind, shots: Vec<usize>, within: Option<usize>) -> Segment {
    Segment { folder: None, kind, away: false, shots, within }
}

fn of_folder(named: &Named) -> Segment {
    Segment {
        folder: Some((named.path.clone(), named.name.clone())),
        kind: if named.days { Kind::Trip } else { Kind::Event },
        away: false,
        shots: named.shots.clone(),
        within: named.within,
    }
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

/// Pictures of which only the day is known join the trip of that day when the person sent them: they are their own.
/// What was received may show anything.
fn join_untimed(shots: &[Shot], segments: &mut [Segment]) {
    let sent =
        |folder: &String| folder.rsplit(['/', '\\']).next().is_some_and(|name| name.eq_ignore_ascii_case("sent"));
    let days = |segment: &Segment| {
        let days = || segment.shots.iter().filter_map(|&shot| shots[shot].local).map(DateTime::date);
        days().min().zip(days().max()).filter(|_| segment.kind == Kind::Trip)
    };
    let spans: Vec<_> = segments.iter().map(days).collect();
    let taken: BTreeSet<usize> = segments.iter().flat_map(|segment| segment.shots.iter().copied()).collect();
    for (at, shot) in shots.iter().enumerate() {
        let Some(day) = shot.local.filter(|_| !shot.timed).map(DateTime::date) else { continue };
        if !shot.folders.iter().any(sent) || taken.contains(&at) {
            continue;
        }
        let trip = spans.iter().position(|span| span.is_some_and(|(first, last)| first < day && day < last));
        if let Some(trip) = trip {
            put(segments, trip, at);
        }
    }
}
