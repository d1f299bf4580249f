//! Music made for a film: chords, a broken chord on strings, a bass, a small melody and, where it fits, drums, on the beats
//! that the cuts lie on.
//!
//! What varies it is the seed alone: the same mood, beat, length and seed give the same samples.

use super::tone::{self, Note, RATE, Stereo};
use crate::film::storyboard::Mood;

/// Beats of a bar.
const BAR: usize = 4;

/// What the music of a mood is made of.
struct Style {
    /// The lowest note of its scale (MIDI).
    root: i32,
    /// Semitones of its scale.
    scale: [i32; 7],
    /// Rows of chords, as steps of the scale.
    chords: &'static [[i32; 4]],
    /// How bright the pad is.
    bright: f64,
    /// Notes of the broken chord in a beat.
    notes: usize,
    /// How loud drums are.
    drums: f64,
    /// How large the room is.
    room: f32,
}

const MAJOR: [i32; 7] = [0, 2, 4, 5, 7, 9, 11];
const MINOR: [i32; 7] = [0, 2, 3, 5, 7, 8, 10];

fn style(mood: Mood) -> Style {
    let style =
        |root, scale, chords, bright, notes, drums, room| Style { root, scale, chords, bright, notes, drums, room };
    match mood {
        Mood::Gentle => style(53, MAJOR, &[[0, 4, 5, 3], [0, 2, 3, 4], [0, 5, 3, 4], [3, 0, 4, 5]], 0.5, 2, 0.0, 0.3),
        Mood::Happy => style(55, MAJOR, &[[0, 4, 5, 3], [0, 3, 5, 4], [0, 3, 0, 4]], 0.62, 2, 0.55, 0.18),
        Mood::Nostalgic => style(57, MINOR, &[[0, 5, 2, 6], [0, 3, 5, 6], [0, 2, 5, 4]], 0.45, 2, 0.0, 0.36),
        Mood::Epic => style(50, MINOR, &[[0, 5, 2, 6], [0, 5, 3, 6], [0, 2, 6, 5]], 0.66, 2, 0.5, 0.38),
        Mood::Energetic => style(52, MINOR, &[[0, 5, 2, 6], [0, 6, 5, 6], [0, 3, 5, 6]], 0.7, 4, 0.9, 0.14),
    }
}

/// Draws numbers from a seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % sides.max(1) as u64) as usize
    }
}

/// What is decided before the first note.
struct Piece {
    style: Style,
    beat: f64,
    bars: usize,
    chords: [i32; 4],
    /// Which notes of the chord the broken chord goes through.
    pattern: Vec<usize>,
    /// Steps of the scale above the chord, or rests, in half beats of two bars.
    melody: Vec<Option<i32>>,
}

/// The music of a film: `samples` stereo samples with beats `beat_ms` apart.
pub fn make(mood: Mood, beat_ms: f64, samples: usize, seed: u64) -> Stereo {
    let mut dice = Dice(seed ^ 0x5eed);
    let style = style(mood);
    let beat = beat_ms.max(200.0) / 1000.0 * f64::from(RATE);
    let bars = ((samples as f64 / beat / BAR as f64).ceil() as usize).max(1);
    let chords = style.chords[dice.roll(style.chords.len())];
    let patterns: [&[usize]; 4] =
        [&[0, 2, 1, 2, 3, 2, 1, 2], &[0, 1, 2, 3, 4, 3, 2, 1], &[0, 2, 3, 4, 3, 2], &[0, 1, 2, 4, 3, 2, 1, 2]];
    let pattern = patterns[dice.roll(patterns.len())].to_vec();
    let piece = Piece { beat, bars, chords, pattern, melody: melody(&mut dice), style };
    let mut sound = vec![0.0; samples * 2];
    for bar in 0..bars {
        piece.chord(&mut sound, bar);
        piece.broken(&mut sound, bar, &mut dice);
        piece.sung(&mut sound, bar);
        piece.drummed(&mut sound, bar, seed);
    }
    tone::room(&mut sound, piece.style.room);
    sound
}

/// A small tune of two bars: it sets out from the chord, moves by steps and breathes.
fn melody(dice: &mut Dice) -> Vec<Option<i32>> {
    let mut step = [2, 4, 4, 7][dice.roll(4)];
    let mut tune = Vec::with_capacity(BAR * 4);
    for at in 0..BAR * 4 {
        let strong = at % 4 == 0;
        let sounds = strong || dice.roll(10) < if at % 2 == 0 { 5 } else { 2 };
        if !sounds || at >= BAR * 4 - 3 {
            tune.push(None);
            continue;
        }
        step = (step + [-2, -1, -1, 1, 1, 2][dice.roll(6)]).clamp(0, 9);
        tune.push(Some(if strong { step / 2 * 2 } else { step }));
    }
    tune
}

impl Piece {
    fn at(&self, bar: usize, beats: f64) -> usize {
        ((bar * BAR) as f64 * self.beat + beats * self.beat) as usize
    }

    /// A note of the scale, `step` steps above its lowest.
    fn pitch(&self, step: i32) -> i32 {
        let octave = step.div_euclid(7);
        self.style.root + 12 * octave + self.style.scale[step.rem_euclid(7) as usize]
    }

    fn root(&self, bar: usize) -> i32 {
        // The last bar comes home.
        if bar + 1 == self.bars { 0 } else { self.chords[bar % 4] }
    }

    /// How far the piece has come, 0–1.
    fn progress(&self, bar: usize) -> f64 {
        bar as f64 / self.bars.max(1) as f64
    }

    fn chord(&self, sound: &mut Stereo, bar: usize) {
        let root = self.root(bar);
        let length = (self.beat * BAR as f64) as usize;
        let swell = 0.8 + 0.25 * (self.progress(bar) * std::f64::consts::PI).sin();
        for third in [0, 2, 4, 7] {
            // Close to the middle, so that chords flow into each other.
            let mut pitch = self.pitch(root + third);
            while pitch > self.style.root + 17 {
                pitch -= 12;
            }
            let note = Note { at: self.at(bar, 0.0), pitch, length, loud: swell, pan: 0.0 };
            tone::pad(sound, note, self.style.bright);
        }
        if bar == 0 || bar + 1 == self.bars {
            return;
        }
        let mut low = self.pitch(root) - 12;
        while low > 45 {
            low -= 12;
        }
        for beat in [0.0, 2.0] {
            let loud = if beat == 0.0 { 0.9 } else { 0.55 };
            tone::bass(
                sound,
                Note { at: self.at(bar, beat), pitch: low, length: (self.beat * 1.9) as usize, loud, pan: 0.0 },
            );
        }
    }

    fn broken(&self, sound: &mut Stereo, bar: usize, dice: &mut Dice) {
        let root = self.root(bar);
        let steps = [0, 2, 4, 7, 9];
        let last = bar + 1 == self.bars;
        // At first only a few notes, as if trying; at the end one chord, rolled.
        let every = if bar == 0 { 2 } else { 1 };
        let count = if last { steps.len() } else { BAR * self.style.notes };
        for at in (0..count).step_by(if last { 1 } else { every }) {
            let which = if last { at } else { self.pattern[(at + bar * count) % self.pattern.len()] };
            let beats = if last { at as f64 * 0.12 } else { at as f64 / self.style.notes as f64 };
            let accent = if at == 0 { 0.12 } else { 0.0 };
            let loud = 0.4 + accent + 0.1 * self.progress(bar) + 0.008 * dice.roll(12) as f64;
            let length = self.beat * if last { 6.0 } else { 1.6 };
            let pan = (which as f64 - 2.0) * 0.18;
            // Nobody plays quite on time.
            let late = dice.roll(240);
            let pitch = self.pitch(root + steps[which.min(4)]) + 12;
            tone::string(sound, Note { at: self.at(bar, beats) + late, pitch, length: length as usize, loud, pan });
        }
    }

    fn sung(&self, sound: &mut Stereo, bar: usize) {
        let resting = bar < 2 || bar + 2 >= self.bars || (bar / 4) % 3 == 2;
        if resting {
            return;
        }
        let half = bar % 2 * BAR * 2;
        for (at, step) in self.melody[half..half + BAR * 2].iter().enumerate() {
            let Some(step) = step else { continue };
            let pitch = self.pitch(self.root(bar) + step) + 24;
            // Higher than that it would be a squeak.
            let pitch = if pitch > 88 { pitch - 12 } else { pitch };
            let length = (self.beat * 1.4) as usize;
            tone::string(sound, Note { at: self.at(bar, at as f64 / 2.0), pitch, length, loud: 0.62, pan: 0.12 });
        }
    }

    fn drummed(&self, sound: &mut Stereo, bar: usize, seed: u64) {
        let loud = self.style.drums;
        if loud == 0.0 || bar < 2 || bar + 2 > self.bars {
            return;
        }
        let deep = self.style.notes == 2 && self.style.scale == MINOR;
        if deep {
            tone::drum(sound, self.at(bar, 0.0), (90.0, 38.0), 0.5, 0.55 * loud);
            if bar % 4 == 3 {
                tone::drum(sound, self.at(bar, 3.0), (90.0, 42.0), 0.35, 0.4 * loud);
            }
            return;
        }
        for beat in 0..BAR {
            if self.style.notes == 4 || beat % 2 == 0 {
                tone::drum(sound, self.at(bar, beat as f64), (120.0, 46.0), 0.13, 0.5 * loud);
            }
            if self.progress(bar) > 0.2 {
                tone::hat(sound, self.at(bar, beat as f64 + 0.5), 0.03, 0.16 * loud, seed ^ (bar * 7 + beat) as u64);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mood_sounds_and_no_two_seeds_alike() {
        for mood in [Mood::Gentle, Mood::Happy, Mood::Nostalgic, Mood::Epic, Mood::Energetic] {
            let of = |seed| make(mood, 60_000.0 / mood.tempo(), 6 * RATE as usize, seed);
            let sound = of(1);
            assert_eq!(sound, of(1), "{mood:?} is not the same twice");
            assert_ne!(sound, of(2), "{mood:?}");
            assert!(sound.iter().all(|sample| sample.is_finite() && sample.abs() < 4.0), "{mood:?}");
            // Something is heard in every second.
            for second in sound.chunks(2 * RATE as usize) {
                let power: f32 = second.iter().map(|sample| sample * sample).sum::<f32>() / second.len() as f32;
                assert!(power > 1e-5, "{mood:?}: {power}");
            }
        }
    }
}
