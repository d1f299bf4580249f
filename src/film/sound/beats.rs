//! Where the beats of music lie, if it has any.
//!
//! How strongly something begins at each moment is told by the growth of a log-mel spectrum (spectral flux), the tempo by
//! the autocorrelation of that, the beats by dynamic programming between both: D. Ellis, "Beat Tracking by Dynamic
//! Programming", Journal of New Music Research 36 (2007). A function of the samples alone: the same sound has the same
//! beats. Whether they are clear enough to cut a film on is for the storyboard to say.

use std::f64::consts::TAU;

/// Samples a second of what is listened to; one channel.
pub const RATE: u32 = 16_000;
/// Samples of a spectrum: 32 ms.
const WINDOW: usize = 512;
/// Samples from one spectrum to the next: 10 ms.
const HOP: usize = 160;
/// Spectra a second.
const FRAMES: f64 = RATE as f64 / HOP as f64;
/// Bands of the mel scale.
const BANDS: usize = 40;
/// Beats are between 0.3 and 1.2 s apart: 50 to 200 a minute.
const LAGS: (usize, usize) = (30, 120);
/// People tap most readily at this lag, 120 beats a minute, and so many octaves around it.
const USUAL_LAG: f64 = 50.0;
const OCTAVES: f64 = 0.9;
/// What it costs to leave the tempo, against what an onset is worth.
const TIGHTNESS: f64 = 100.0;
/// Growth that deviates less is of a tone that stands still.
const STILL: f64 = 0.5;
/// How regular a piece is, is measured in stretches of so many spectra: 10 s.
const STRETCH: usize = 1000;
/// Shorter pieces have no beats worth the name, seconds.
const SHORTEST_S: usize = 4;

/// The beats of a piece.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Beats a minute.
    pub tempo: f64,
    /// How regular what is heard is at that tempo, 0–1.
    pub confidence: f64,
    /// When the beats are, seconds from the start.
    pub at: Vec<f64>,
}

/// Finds the beats of `sound`: one channel at [`RATE`]. `None` when it is too short or nothing begins in it.
pub fn find(sound: &[f32]) -> Option<Found> {
    if sound.len() < SHORTEST_S * RATE as usize {
        return None;
    }
    let onsets = standard(onsets(sound))?;
    let period = period(&onsets);
    let beats = track(&onsets, period);
    let confidence = regularity(&onsets, period);
    // What grows into a spectrum lies about in the middle of its window.
    let at: Vec<f64> =
        beats.iter().map(|frame| (*frame as f64 * HOP as f64 + WINDOW as f64 / 2.0) / f64::from(RATE)).collect();
    let steps: Vec<f64> = at.windows(2).map(|two| two[1] - two[0]).collect();
    let tempo = 60.0 * steps.len() as f64 / steps.iter().sum::<f64>();
    (steps.len() >= SHORTEST_S).then_some(Found { tempo, confidence, at })
}

/// How strongly something begins in each spectrum.
fn onsets(sound: &[f32]) -> Vec<f64> {
    let bands = mel_bands();
    let fft = Fft::new();
    let window: Vec<f64> = (0..WINDOW).map(|at| 0.5 - 0.5 * (TAU * at as f64 / WINDOW as f64).cos()).collect();
    let level =
        (sound.iter().map(|sample| f64::from(sample * sample)).sum::<f64>() / sound.len() as f64).sqrt().max(1e-9);
    let mut before = [[0.0f64; BANDS]; 2];
    let mut strengths = Vec::with_capacity(sound.len() / HOP);
    for (number, start) in (0..sound.len() - WINDOW).step_by(HOP).enumerate() {
        let piece = &sound[start..start + WINDOW];
        let powers = fft.powers(piece.iter().zip(&window).map(|(sample, weight)| f64::from(*sample) / level * weight));
        let mut now = [0.0; BANDS];
        for (value, band) in now.iter_mut().zip(&bands) {
            let power: f64 = band.iter().map(|(bin, weight)| powers[*bin] * weight).sum();
            // Loudness is heard in ratios; what is far below the rest is not heard at all.
            *value = (1.0 + power.sqrt()).ln();
        }
        let grown: f64 = now.iter().zip(&before[number % 2]).map(|(now, before)| (now - before).max(0.0)).sum();
        strengths.push(if number < 2 { 0.0 } else { grown });
        before[number % 2] = now;
    }
    strengths
}

/// Triangles on the mel scale (O'Shaughnessy 1987) from 30 Hz to 8 kHz: bins of the spectrum with their weights.
fn mel_bands() -> Vec<Vec<(usize, f64)>> {
    let mel = |hertz: f64| 2595.0 * (1.0 + hertz / 700.0).log10();
    let hertz = |mel: f64| 700.0 * (10f64.powf(mel / 2595.0) - 1.0);
    let (low, high) = (mel(30.0), mel(f64::from(RATE) / 2.0));
    let edge = |at: usize| hertz(low + (high - low) * at as f64 / (BANDS + 1) as f64);
    let bin = f64::from(RATE) / WINDOW as f64;
    let band = |number: usize| {
        let (from, middle, to) = (edge(number), edge(number + 1), edge(number + 2));
        // A narrow band has at least the bin that it lies in.
        let nearest = (middle / bin).round() as usize;
        let weight = |at: usize| {
            let hertz = at as f64 * bin;
            ((hertz - from) / (middle - from)).min((to - hertz) / (to - middle)).max(if at == nearest {
                0.2
            } else {
                0.0
            })
        };
        (1..WINDOW / 2).map(|at| (at, weight(at))).filter(|(_, weight)| *weight > 0.0).collect()
    };
    (0..BANDS).map(band).collect()
}

/// A fast Fourier transform of [`WINDOW`] samples (Cooley and Tukey 1965, radix 2).
struct Fft {
    turns: Vec<(f64, f64)>,
}

impl Fft {
    fn new() -> Self {
        let turn = |at: usize| (-TAU * at as f64 / WINDOW as f64).sin_cos();
        Self { turns: (0..WINDOW / 2).map(turn).map(|(sin, cos)| (cos, sin)).collect() }
    }

    /// The power of each frequency up to half the rate.
    fn powers(&self, samples: impl Iterator<Item = f64>) -> [f64; WINDOW / 2] {
        let mut values = [(0.0f64, 0.0f64); WINDOW];
        for (at, sample) in samples.enumerate().take(WINDOW) {
            values[at.reverse_bits() >> (usize::BITS - WINDOW.trailing_zeros())].0 = sample;
        }
        let mut half = 1;
        while half < WINDOW {
            for start in (0..WINDOW).step_by(half * 2) {
                for at in 0..half {
                    let (cos, sin) = self.turns[at * (WINDOW / 2 / half)];
                    let (a, b) = (values[start + at], values[start + at + half]);
                    let turned = (b.0 * cos - b.1 * sin, b.0 * sin + b.1 * cos);
                    values[start + at] = (a.0 + turned.0, a.1 + turned.1);
                    values[start + at + half] = (a.0 - turned.0, a.1 - turned.1);
                }
            }
            half *= 2;
        }
        std::array::from_fn(|at| values[at].0 * values[at].0 + values[at].1 * values[at].1)
    }
}

/// Onsets against what is usual around them, smoothed over 20 ms, with a deviation of 1. `None` when nothing begins.
fn standard(raw: Vec<f64>) -> Option<Vec<f64>> {
    let reach = (FRAMES / 2.0) as usize;
    let mut sums = vec![0.0; raw.len() + 1];
    for (at, value) in raw.iter().enumerate() {
        sums[at + 1] = sums[at] + value;
    }
    let mean = |at: usize| {
        let (from, to) = (at.saturating_sub(reach), (at + reach).min(raw.len()));
        (sums[to] - sums[from]) / (to - from) as f64
    };
    let flat: Vec<f64> = raw.iter().enumerate().map(|(at, value)| value - mean(at)).collect();
    const BELL: [f64; 5] = [0.135, 0.607, 1.0, 0.607, 0.135];
    let at = |place: usize, step: usize| {
        (place + step).checked_sub(2).and_then(|place| flat.get(place)).copied().unwrap_or(0.0)
    };
    let smooth: Vec<f64> = (0..flat.len()).map(|place| (0..5).map(|step| BELL[step] * at(place, step)).sum()).collect();
    let deviation = (smooth.iter().map(|value| value * value).sum::<f64>() / smooth.len().max(1) as f64).sqrt();
    (deviation > STILL).then(|| smooth.into_iter().map(|value| value / deviation).collect())
}

/// Autocorrelation at a lag.
fn alike(onsets: &[f64], lag: usize) -> f64 {
    onsets.iter().zip(onsets.get(lag..).unwrap_or_default()).map(|(a, b)| a * b).sum()
}

/// Spectra from beat to beat: the lag at which onsets repeat most, with those of two and three beats, weighted by what
/// people tap.
fn period(onsets: &[f64]) -> f64 {
    let lags: Vec<f64> = (0..=LAGS.1 * 3 + 1).map(|lag| alike(onsets, lag).max(0.0)).collect();
    let around = |lag: usize| 0.5 * lags[lag] + 0.25 * (lags[lag - 1] + lags[lag + 1]);
    let score = |lag: usize| {
        let octaves = (lag as f64 / USUAL_LAG).log2() / OCTAVES;
        let bars = around(2 * lag).max(around(3 * lag));
        (lags[lag] + bars) * (-0.5 * octaves * octaves).exp()
    };
    let best = (LAGS.0..=LAGS.1).max_by(|a, b| score(*a).total_cmp(&score(*b))).unwrap_or(USUAL_LAG as usize);
    // The peak lies between lags: a parabola through three.
    let (left, middle, right) = (score(best - 1), score(best), score(best + 1));
    let bend = left - 2.0 * middle + right;
    best as f64 + if bend < 0.0 { (0.5 * (left - right) / bend).clamp(-0.5, 0.5) } else { 0.0 }
}

/// The row of beats with the most onset and the steadiest steps.
fn track(onsets: &[f64], period: f64) -> Vec<usize> {
    let (near, far) = ((period / 2.0).round() as usize, (period * 2.0).round() as usize);
    let cost: Vec<f64> = (0..=far).map(|step| -TIGHTNESS * (step.max(1) as f64 / period).ln().powi(2)).collect();
    let mut best = vec![0.0f64; onsets.len()];
    let mut from: Vec<Option<usize>> = vec![None; onsets.len()];
    for at in 0..onsets.len() {
        let mut most = 0.0;
        for step in near..=far.min(at) {
            let score = best[at - step] + cost[step];
            if score > most {
                (most, from[at]) = (score, Some(at - step));
            }
        }
        best[at] = onsets[at] + most;
    }
    let tail = onsets.len().saturating_sub(far);
    let mut last = (tail..onsets.len()).max_by(|a, b| best[*a].total_cmp(&best[*b]));
    let mut beats = Vec::new();
    while let Some(at) = last {
        beats.push(at);
        last = from[at];
    }
    beats.reverse();
    beats
}

/// How much onsets repeat at the period, over stretches each of which may be a little faster or slower: 0–1.
fn regularity(onsets: &[f64], period: f64) -> f64 {
    let near = |times: f64| ((period * times * 0.94).floor() as usize)..=((period * times * 1.06).ceil() as usize);
    let mut told: Vec<f64> = Vec::new();
    for stretch in onsets.chunks(STRETCH).filter(|stretch| stretch.len() >= STRETCH / 4) {
        let all = alike(stretch, 0).max(1e-9);
        // Fewer pairs are that far apart.
        let share = |lag: usize| alike(stretch, lag) / all * stretch.len() as f64 / (stretch.len() - lag) as f64;
        let best = |times: f64| near(times).map(share).fold(0.0, f64::max);
        told.push(best(1.0).max(best(2.0)));
    }
    told.sort_unstable_by(f64::total_cmp);
    // What is true of half of it is true of the piece.
    told.get(told.len() / 2).copied().unwrap_or(0.0).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::film::sound::{music, tone};
    use crate::film::storyboard::Mood;

    /// Noise from -1 to 1 (Marsaglia's xorshift).
    fn noise(seed: u64) -> impl FnMut() -> f32 {
        let mut state = seed | 1;
        move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 11) as f32 / (1u64 << 52) as f32 - 1.0
        }
    }

    /// Clicks at these times, seconds, in noise.
    fn clicks(times: &[f64], seconds: usize, loud: f32) -> Vec<f32> {
        let mut noise = noise(7);
        let mut sound: Vec<f32> = (0..seconds * RATE as usize).map(|_| noise() * loud).collect();
        for time in times {
            let from = (time * f64::from(RATE)) as usize;
            for (at, sample) in sound.iter_mut().skip(from).take(800).enumerate() {
                *sample += (at as f32 * 0.4).sin() * 0.8 * (-(at as f32) / 160.0).exp();
            }
        }
        sound
    }

    /// What was made in stereo for films, as it is listened to.
    fn heard(sound: &[f32]) -> Vec<f32> {
        sound.chunks_exact(6).map(|some| some.iter().sum::<f32>() / 6.0).collect()
    }

    fn share(of: &[f64], among: &[f64]) -> f64 {
        let near = |time: &&f64| among.iter().any(|other| (*time - other).abs() < 0.04);
        of.iter().filter(near).count() as f64 / of.len() as f64
    }

    #[test]
    fn clicks_in_noise_are_found_at_every_tempo() {
        for tempo in [55.0, 72.0, 93.5, 120.0, 128.0, 150.0, 174.0] {
            for loud in [0.0, 0.1, 0.3] {
                let times: Vec<f64> =
                    (0..).map(|at| 0.37 + f64::from(at) * 60.0 / tempo).take_while(|at| *at < 20.0).collect();
                let found = find(&clicks(&times, 20, loud)).unwrap();
                // Fast music may be felt at half its tempo.
                let times_as_fast = tempo / found.tempo;
                let felt = [1.0, 2.0].iter().any(|times| (times_as_fast / times - 1.0).abs() < 0.01);
                assert!(felt, "{} instead of {tempo}", found.tempo);
                assert!(share(&found.at, &times) > 0.9, "{tempo} in noise of {loud}: {:?}", found.at);
                assert!(share(&times, &found.at) * times_as_fast.round() > 0.9, "{tempo} in noise of {loud}");
                assert!(found.confidence > 0.45, "{tempo} in noise of {loud}: {}", found.confidence);
            }
        }
    }

    #[test]
    fn a_tempo_that_changes_is_followed() {
        let mut times: Vec<f64> = vec![0.4];
        while times[times.len() - 1] < 39.0 {
            let last = times[times.len() - 1];
            times.push(last + 0.5 + 0.03 * (last / 9.0).sin());
        }
        let found = find(&clicks(&times, 40, 0.1)).unwrap();
        assert!(share(&times, &found.at) > 0.9 && found.confidence > 0.4, "{found:?}");
    }

    #[test]
    fn the_music_that_is_made_has_the_beats_that_it_is_made_on() {
        for mood in [Mood::Gentle, Mood::Happy, Mood::Nostalgic, Mood::Epic, Mood::Energetic] {
            let beat = 60.0 / mood.tempo();
            let found = find(&heard(&music::make(mood, beat * 1000.0, 30 * tone::RATE as usize, 4))).unwrap();
            let times: Vec<f64> = (0..).map(|at| f64::from(at) * beat).take_while(|at| *at < 29.0).collect();
            assert!(share(&times, &found.at) > 0.93, "{mood:?}: {found:?}");
            assert!(found.confidence > 0.5, "{mood:?}: {}", found.confidence);
        }
    }

    #[test]
    fn what_has_no_beat_gives_none_that_is_clear() {
        let clear = |sound: &[f32]| find(sound).map_or(0.0, |found| found.confidence);
        let mut pad = vec![0.0f32; 2 * 30 * tone::RATE as usize];
        for (bar, root) in [53, 55, 50].into_iter().enumerate() {
            for third in [0, 4, 7] {
                let (at, length) = (bar * 10 * tone::RATE as usize, 10 * tone::RATE as usize);
                tone::pad(&mut pad, tone::Note { at, pitch: root + third, length, loud: 1.0, pan: 0.0 }, 0.5);
            }
        }
        let mut hiss = noise(5);
        let hiss: Vec<f32> = (0..30 * RATE as usize).map(|_| hiss() * 0.3).collect();
        let mut chance = noise(9);
        let mut times = vec![0.2];
        while times[times.len() - 1] < 29.0 {
            let step = -0.5 * f64::from((chance() + 1.0) / 2.0).max(1e-6).ln();
            times.push(times[times.len() - 1] + step);
        }
        let hum: Vec<f32> = (0..30 * RATE as usize).map(|at| (at as f32 * 0.05).sin() * 0.3).collect();
        for (name, sound) in
            [("a pad", heard(&pad)), ("noise", hiss), ("clicks at random", clicks(&times, 30, 0.05)), ("a hum", hum)]
        {
            assert!(clear(&sound) < 0.3, "{name}: {}", clear(&sound));
        }
        assert_eq!(find(&vec![0.0; 30 * RATE as usize]), None);
        assert_eq!(find(&[0.1; 1000]), None);
    }
}
