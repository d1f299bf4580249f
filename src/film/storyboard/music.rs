//! What is heard beneath a film, and cuts on its beats.
//!
//! What must stay true: the film stays exactly as long as it is, no shot gets shorter or longer than it bears, and no cut
//! moves farther than its reach. Where no beat can be had, a cut stays where it is. Finding beats is left to `sound`.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{LONGEST_MS, Show, Storyboard};

/// From so much confidence on, cuts follow the beats: noise, speech and held chords stay below 0.25, music with a drum or
/// a strummed or struck string lies well above.
pub const CLEAR: f64 = 0.3;
/// Beats a minute that music can have.
const TEMPI: RangeInclusive<f64> = 20.0..=400.0;
/// A cut moves so many beats at the most.
const REACH: f64 = 0.75;
/// No shot becomes shorter than this for a beat, milliseconds.
const SHORTEST_MS: u64 = 700;
/// What a cut costs that is on no beat; one that is costs the square of how far it moved, in reaches.
const OFF_BEAT: f64 = 3.0;

/// What is heard beneath.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Music {
    /// Made for the film, in its mood and on its beats.
    Made,
    /// A file of the user's.
    File {
        /// Where it lies.
        path: String,
        /// Its beats, once it has been listened to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        beats: Option<Beats>,
    },
    /// None.
    None,
}

/// The beats of a piece of music, as they were found when it was chosen.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Beats {
    /// Hash of the file that was listened to: the beats of another one are found anew.
    pub of: String,
    /// Beats a minute; 0 when there are none.
    pub tempo: f64,
    /// How regular the music is, 0–1; cuts follow it from 0.3 on.
    pub confidence: f64,
    /// When they are, milliseconds from the start of the file.
    pub at_ms: Vec<u64>,
}

impl Beats {
    /// Whether the beats are clear enough to cut on.
    pub fn clear(&self) -> bool {
        self.confidence >= CLEAR && self.at_ms.len() > 1 && self.tempo > 0.0
    }

    /// Whether they can be beats.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub(super) fn check(&self) -> Result<(), String> {
        let rising = self.at_ms.windows(2).all(|two| two[0] + 100 <= two[1]);
        let bounded = self.at_ms.last().is_none_or(|last| *last <= LONGEST_MS);
        let numbers = (self.tempo == 0.0 || TEMPI.contains(&self.tempo)) && (0.0..=1.0).contains(&self.confidence);
        if rising && bounded && numbers {
            Ok(())
        } else {
            Err("the beats of the music are none that music can have".to_owned())
        }
    }
}

impl Music {
    /// The beats of a file that are clear enough to cut on.
    pub fn clear_beats(&self) -> Option<&Beats> {
        match self {
            Self::File { beats, .. } => beats.as_ref().filter(|beats| beats.clear()),
            Self::Made | Self::None => None,
        }
    }
}

impl Storyboard {
    /// When the beats of its music are, as far as they are known, milliseconds from the start.
    fn beats_ms(&self) -> Vec<u64> {
        match (&self.music, self.music.clear_beats()) {
            (_, Some(beats)) => beats.at_ms.clone(),
            (Music::Made, None) if self.beat_ms >= 200.0 => {
                let count = (self.length_ms() as f64 / self.beat_ms) as u64;
                (1..=count).map(|beat| (beat as f64 * self.beat_ms).round() as u64).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Brings cuts back to the beats after music was chosen, or shots were moved or trimmed by hand: stills give and take up
    /// to a beat, clips may lose one.
    pub fn settle(&mut self) {
        if let Some(beats) = self.music.clear_beats() {
            self.beat_ms = 60_000.0 / beats.tempo;
        }
        let (beat, before) = (self.beat_ms as u64, self.lengths());
        let clips: Vec<bool> = self.shots.iter().map(|shot| matches!(shot.show, Show::Clip { .. })).collect();
        self.cut_on_beats(|at| {
            let now = before[at];
            let least = now.saturating_sub(beat).max(now / 2).max(SHORTEST_MS.min(now));
            Some((least, if clips[at] { now } else { now + beat }))
        });
        for (at, was) in before.into_iter().enumerate() {
            let longest = at
                .checked_sub(1)
                .map_or(0, |before| self.shots[before].duration_ms.min(self.shots[at].duration_ms) * 2 / 5);
            let shot = &mut self.shots[at];
            shot.transition.ms = shot.transition.ms.min(longest / 2 * 2);
            if let Show::Clip { in_ms, out_ms, .. } = &mut shot.show {
                *out_ms = out_ms.saturating_sub(was - shot.duration_ms.min(was)).max(*in_ms + 1);
            }
        }
    }

    /// How long each shot is, milliseconds.
    pub fn lengths(&self) -> Vec<u64> {
        self.shots.iter().map(|shot| shot.duration_ms).collect()
    }

    /// Moves the cuts onto the beats; each shot stays as long as `bears` says (at least, at most), milliseconds. A shot
    /// that is fixed, and one of which `bears` says nothing, keeps its length.
    pub(super) fn cut_on_beats(&mut self, bears: impl Fn(usize) -> Option<(u64, u64)>) {
        let beats = self.beats_ms();
        let all = self.shots.iter().enumerate().map(|(at, shot)| {
            let (least, most) = bears(at).filter(|_| !shot.fixed).unwrap_or((shot.duration_ms, shot.duration_ms));
            Length { now: shot.duration_ms, least, most }
        });
        let lengths: Vec<Length> = all.collect();
        let snapped = snap(&lengths, &beats, (self.beat_ms * REACH) as u64);
        for (shot, length) in self.shots.iter_mut().zip(snapped) {
            shot.duration_ms = length;
        }
    }
}

/// The length of a shot and what it bears, milliseconds.
#[derive(Debug, Clone, Copy)]
struct Length {
    now: u64,
    least: u64,
    most: u64,
}

/// A place for a cut: where, what the best way there costs, and from which place of the cut before.
struct Place {
    at: u64,
    cost: f64,
    from: usize,
}

/// Lengths with which as many cuts as can be lie on beats, each as near as can be to where it was: the cheapest way
/// through the places that each cut could have (Viterbi 1967).
fn snap(lengths: &[Length], beats: &[u64], reach: u64) -> Vec<u64> {
    let mut ways: Vec<Vec<Place>> = vec![vec![Place { at: 0, cost: 0.0, from: 0 }]];
    let mut cut = 0;
    for (number, length) in lengths.iter().enumerate() {
        cut += length.now;
        let before = &ways[number];
        let wanted = match (number + 1 == lengths.len(), length.least == length.most) {
            (true, _) => vec![cut],
            // Whatever keeps its length ends where its beginning lets it.
            (false, true) => before.iter().map(|place| place.at + length.now).collect(),
            (false, false) => near(beats, cut, reach),
        };
        let bears = length.least.min(length.now)..=length.most.max(length.now);
        let mut places: Vec<Place> = Vec::new();
        for at in wanted {
            let fits =
                before.iter().enumerate().filter(|(_, place)| at >= place.at && bears.contains(&(at - place.at)));
            let Some((from, place)) = fits.min_by(|(_, a), (_, b)| a.cost.total_cmp(&b.cost)) else { continue };
            let moved = at.abs_diff(cut) as f64 / reach.max(1) as f64;
            let off = if beats.binary_search(&at).is_ok() { 0.0 } else { OFF_BEAT };
            places.push(Place { at, cost: place.cost + off + moved * moved, from });
        }
        ways.push(places);
    }
    let mut at = 0;
    let mut cuts: Vec<u64> = Vec::with_capacity(ways.len());
    for places in ways.iter().rev() {
        // Where every cut stays where it was is always a way.
        let Some(place) = places.get(at) else { return lengths.iter().map(|length| length.now).collect() };
        cuts.push(place.at);
        at = place.from;
    }
    cuts.reverse();
    cuts.windows(2).map(|two| two[1] - two[0]).collect()
}

/// Where a cut could be: where it is, and on the beats within its reach.
fn near(beats: &[u64], cut: u64, reach: u64) -> Vec<u64> {
    let from = beats.partition_point(|beat| *beat < cut.saturating_sub(reach));
    let within = beats[from..].iter().copied().take_while(|beat| *beat <= cut + reach).filter(|beat| *beat != cut);
    std::iter::once(cut).chain(within).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    prop_compose! {
        fn shot()(now in 300u64..6000, shrinks in 0u64..900, grows in 0u64..900, fixed in prop::bool::weighted(0.2)) -> Length {
            match fixed {
                true => Length { now, least: now, most: now },
                false => Length { now, least: now.saturating_sub(shrinks).max(200), most: now + grows },
            }
        }
    }

    fn cuts(lengths: impl Iterator<Item = u64>) -> Vec<u64> {
        lengths
            .scan(0, |at, length| {
                *at += length;
                Some(*at)
            })
            .collect()
    }

    proptest! {
        #[test]
        fn cuts_move_within_bounds_and_the_film_stays_as_long(
            shots in prop::collection::vec(shot(), 1..60),
            steps in prop::collection::vec(300u64..1100, 0..200),
            reach in 0u64..700,
        ) {
            let beats = cuts(steps.into_iter());
            let snapped = snap(&shots, &beats, reach);
            let (before, after) = (cuts(shots.iter().map(|shot| shot.now)), cuts(snapped.iter().copied()));
            prop_assert_eq!(before.last(), after.last());
            for ((shot, length), (was, is)) in shots.iter().zip(&snapped).zip(before.iter().zip(&after)) {
                prop_assert!((shot.least..=shot.most).contains(length), "{length} is not within {shot:?}");
                prop_assert!(was.abs_diff(*is) <= reach, "a cut moved from {was} to {is}");
            }
            let on = |cuts: &[u64]| cuts.iter().filter(|cut| beats.contains(cut)).count();
            prop_assert!(on(&after) >= on(&before));
            prop_assert_eq!(snap(&shots, &beats, reach), snapped);
        }

        #[test]
        fn where_shots_bear_it_every_cut_lies_on_the_beat_that_is_nearest(
            lengths in prop::collection::vec(1500u64..5000, 2..60), first in 0u64..500, beat in 400u64..700,
        ) {
            let shots: Vec<Length> = lengths.iter().map(|now| Length { now: *now, least: now - 700, most: now + 700 }).collect();
            let beats: Vec<u64> = (0..800).map(|number| first + number * beat).collect();
            let (before, after) = (cuts(lengths.iter().copied()), cuts(snap(&shots, &beats, beat * 3 / 4).into_iter()));
            for (was, is) in before.iter().zip(&after).take(lengths.len() - 1) {
                prop_assert!(beats.contains(is), "{is} is on no beat");
                prop_assert!(was.abs_diff(*is) * 2 <= beat, "{was} to {is}");
            }
        }
    }
}
