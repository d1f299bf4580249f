//! Sounds made of sines: a struck string, a held chord, a bass, a drum. Each is added to a stereo buffer.
//!
//! Sines are made by rotating a point (the coupled form), which costs two products a sample. Nothing here depends on
//! anything but its arguments.

use std::f64::consts::TAU;

/// Samples a second.
pub const RATE: u32 = 48_000;

/// Stereo samples, left and right in turn.
pub type Stereo = Vec<f32>;

/// Frequency of a note by its number in MIDI (69 is 440 Hz).
fn frequency(note: f64) -> f64 {
    440.0 * ((note - 69.0) / 12.0).exp2()
}

/// A sine that is rotated from sample to sample.
struct Sine {
    re: f64,
    im: f64,
    cos: f64,
    sin: f64,
}

impl Sine {
    fn new(hertz: f64, phase: f64) -> Self {
        let (sin, cos) = (TAU * hertz / f64::from(RATE)).sin_cos();
        let (im, re) = phase.sin_cos();
        Self { re, im, cos, sin }
    }

    fn next(&mut self) -> f64 {
        let now = self.im;
        (self.re, self.im) = (self.re * self.cos - self.im * self.sin, self.re * self.sin + self.im * self.cos);
        now
    }
}

/// A note to be sounded.
#[derive(Debug, Clone, Copy)]
pub struct Note {
    /// When it begins, samples from the start.
    pub at: usize,
    /// Its number in MIDI.
    pub pitch: i32,
    /// How long it is held, samples.
    pub length: usize,
    /// How loud, 0–1.
    pub loud: f64,
    /// From −1 (left) to 1 (right).
    pub pan: f64,
}

fn gains(pan: f64) -> (f64, f64) {
    let angle = (pan.clamp(-1.0, 1.0) + 1.0) * TAU / 8.0;
    (angle.cos(), angle.sin())
}

/// Adds `sound(sample)` to the buffer from `at` on.
fn add(to: &mut Stereo, at: usize, length: usize, (left, right): (f64, f64), mut sound: impl FnMut(usize) -> f64) {
    let end = (at + length).min(to.len() / 2);
    for (number, pair) in to.as_chunks_mut::<2>().0.iter_mut().take(end).skip(at).enumerate() {
        let value = sound(number);
        pair[0] += (value * left) as f32;
        pair[1] += (value * right) as f32;
    }
}

/// A struck string, like a piano's: partials that are a little too high (stiffness) and die the sooner the higher they are.
pub fn string(to: &mut Stereo, note: Note) {
    let base = frequency(f64::from(note.pitch));
    let ring = 2.6 * (-(f64::from(note.pitch) - 60.0) / 20.0).exp2();
    let release = f64::from(RATE) * 0.25;
    let gains = gains(note.pan);
    for partial in 1..=9 {
        let n = f64::from(partial);
        let hertz = base * n * (1.0 + 0.0004 * n * n).sqrt();
        if hertz > 9000.0 {
            break;
        }
        // A harder stroke is brighter.
        let bright = 0.62 + 0.3 * note.loud;
        let level = 0.34 * note.loud * bright.powf(n - 1.0) / n.powf(0.7);
        let fall = (-1.0 / (f64::from(RATE) * ring / n.powf(0.75))).exp();
        let length = note.length + release as usize * 5;
        let (mut sine, mut level) = (Sine::new(hertz, 0.0), level);
        let damp = (-1.0 / release).exp();
        add(to, note.at, length, gains, |at| {
            let attack = (at as f64 / 180.0).min(1.0);
            level *= if at > note.length { fall * damp } else { fall };
            sine.next() * level * attack
        });
    }
}

/// A held tone that swells and fades, with a slightly different pitch on each side.
pub fn pad(to: &mut Stereo, note: Note, bright: f64) {
    let rate = f64::from(RATE);
    let (attack, release) = (rate * 0.9, rate * 1.4);
    let length = note.length + release as usize;
    for (side, cents) in [(0, -4.0), (1, 4.0), (0, 2.5), (1, -2.5)] {
        let base = frequency(f64::from(note.pitch) + cents / 100.0);
        let gains = if side == 0 { (1.0, 0.25) } else { (0.25, 1.0) };
        for partial in 1..=5 {
            let n = f64::from(partial);
            let level = 0.05 * note.loud * bright.powf(n - 1.0) / n;
            let mut sine = Sine::new(base * n, n * 1.7 + cents);
            add(to, note.at, length, gains, |at| {
                let at = at as f64;
                let rise = (at / attack).min(1.0);
                let fall = ((length as f64 - at) / release).clamp(0.0, 1.0);
                sine.next() * level * rise * rise * (3.0 - 2.0 * rise) * fall * fall
            });
        }
    }
}

/// A round, low tone.
pub fn bass(to: &mut Stereo, note: Note) {
    let rate = f64::from(RATE);
    let base = frequency(f64::from(note.pitch));
    let length = note.length + 4000;
    for (n, level) in [(1.0, 0.3), (2.0, 0.1), (3.0, 0.03)] {
        let mut sine = Sine::new(base * n, 0.0);
        add(to, note.at, length, (0.707, 0.707), |at| {
            let at = at as f64;
            let rise = (at / 500.0).min(1.0);
            let fall = ((length as f64 - at) / 4000.0).clamp(0.0, 1.0) * (-at / (rate * 1.6)).exp();
            sine.next() * level * note.loud * rise * fall
        });
    }
}

/// A drum: a tone that falls from `from` to `to` hertz.
pub fn drum(to: &mut Stereo, at: usize, (from, down): (f64, f64), seconds: f64, loud: f64) {
    let rate = f64::from(RATE);
    let mut phase = 0.0f64;
    add(to, at, (rate * seconds * 3.0) as usize, (0.707, 0.707), |at| {
        let time = at as f64 / rate;
        phase += TAU * (down + (from - down) * (-time * 28.0).exp()) / rate;
        phase.sin() * loud * (-time / seconds).exp() * (at as f64 / 60.0).min(1.0)
    });
}

/// A short hiss. `seed` makes it.
pub fn hat(to: &mut Stereo, at: usize, seconds: f64, loud: f64, seed: u64) {
    let rate = f64::from(RATE);
    let mut state = seed | 1;
    let (mut last, mut before) = (0.0, 0.0);
    add(to, at, (rate * seconds * 4.0) as usize, (0.6, 0.8), |at| {
        // Marsaglia's xorshift.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let noise = (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0;
        // Twice the difference leaves the high part.
        let high = noise - 2.0 * last + before;
        (before, last) = (last, noise);
        high * 0.25 * loud * (-(at as f64) / (rate * seconds)).exp()
    });
}

/// Adds the sound of a room (parallel combs, then all-passes; Schroeder 1962), `wet` of it.
pub fn room(sound: &mut Stereo, wet: f32) {
    const COMBS: [usize; 4] = [1687, 1601, 2053, 2251];
    const PASSES: [usize; 2] = [556, 341];
    for side in 0..2 {
        let spread = side * 31;
        let mut combs = COMBS.map(|length| (vec![0.0f32; length + spread], 0.0f32));
        let mut passes = PASSES.map(|length| vec![0.0f32; length + spread]);
        for at in 0..sound.len() / 2 {
            let dry = sound[at * 2 + side];
            let mut value = 0.0;
            for (line, low) in &mut combs {
                let place = at % line.len();
                let echo = line[place];
                // Walls swallow what is high.
                *low = echo * 0.72 + *low * 0.28;
                line[place] = dry * 0.25 + *low * 0.84;
                value += echo;
            }
            for line in &mut passes {
                let place = at % line.len();
                let echo = line[place];
                line[place] = value + echo * 0.5;
                value = echo - value * 0.5;
            }
            sound[at * 2 + side] = dry + value * wet;
        }
    }
}
