//! How loud a film is (EBU R 128, ITU-R BS.1770-4), and making it as loud as it should be without its peaks being cut.

use super::tone::{RATE, Stereo};

/// What films are brought to, LUFS.
pub const TARGET: f64 = -14.0;
/// Peaks stay below this (of 1).
const CEILING: f32 = 0.84;

/// A filter of second order (BS.1770-4, tables 1 and 2, for 48 kHz).
struct Biquad {
    b: [f64; 3],
    a: [f64; 2],
    x: [f64; 2],
    y: [f64; 2],
}

impl Biquad {
    fn new(b: [f64; 3], a: [f64; 2]) -> Self {
        Self { b, a, x: [0.0; 2], y: [0.0; 2] }
    }

    fn next(&mut self, x: f64) -> f64 {
        let y = self.b[0] * x + self.b[1] * self.x[0] + self.b[2] * self.x[1]
            - self.a[0] * self.y[0]
            - self.a[1] * self.y[1];
        self.x = [x, self.x[0]];
        self.y = [y, self.y[0]];
        y
    }
}

/// Integrated loudness in LUFS; `None` when there is nothing to be heard.
pub fn integrated(sound: &[f32]) -> Option<f64> {
    let step = RATE as usize / 10;
    let mut tenths: Vec<f64> = vec![0.0; (sound.len() / 2).div_ceil(step)];
    for side in 0..2 {
        let mut head = Biquad::new(
            [1.535_124_859_586_97, -2.691_696_189_406_38, 1.198_392_810_852_85],
            [-1.690_659_293_182_41, 0.732_480_774_215_85],
        );
        let mut high = Biquad::new([1.0, -2.0, 1.0], [-1.990_047_454_833_98, 0.990_072_250_366_21]);
        for (at, pair) in sound.as_chunks::<2>().0.iter().enumerate() {
            let value = high.next(head.next(f64::from(pair[side])));
            tenths[at / step] += value * value;
        }
    }
    // Blocks of 400 ms, each 100 ms after the one before.
    let blocks: Vec<f64> = tenths.windows(4).map(|four| four.iter().sum::<f64>() / (4 * step) as f64).collect();
    let loudness = |power: f64| -0.691 + 10.0 * power.log10();
    let mean = |blocks: &[f64]| blocks.iter().sum::<f64>() / blocks.len().max(1) as f64;
    let heard: Vec<f64> = blocks.into_iter().filter(|power| *power > 0.0 && loudness(*power) > -70.0).collect();
    let gate = loudness(mean(&heard)) - 10.0;
    let counted: Vec<f64> = heard.into_iter().filter(|power| loudness(*power) > gate).collect();
    (!counted.is_empty()).then(|| loudness(mean(&counted)))
}

/// Brings a sound to [`TARGET`], with its peaks held below the ceiling. Silence stays silence.
pub fn bring_to_target(sound: &mut Stereo) {
    // Holding peaks takes a little loudness away, which the second round gives back.
    for _ in 0..3 {
        let Some(now) = integrated(sound) else { return };
        let gain = 10f64.powf((TARGET - now) / 20.0) as f32;
        for sample in sound.iter_mut() {
            *sample *= gain;
        }
        hold_peaks(sound);
        if (TARGET - now).abs() < 0.1 {
            return;
        }
    }
}

/// Turns down smoothly around every sample above the ceiling: 5 ms before, 80 ms after.
fn hold_peaks(sound: &mut Stereo) {
    let ahead = RATE as usize / 200;
    let pairs = sound.len() / 2;
    let wanted = |pair: &[f32; 2]| (CEILING / pair[0].abs().max(pair[1].abs()).max(1e-9)).min(1.0);
    let mut gains: Vec<f32> = sound.as_chunks::<2>().0.iter().map(wanted).collect();
    // Going back in time the gain may rise only slowly, and going on as well: no step is heard.
    let (rise, fall) = (1.0 / ahead as f32, 1.0 / (RATE as f32 * 0.08));
    for at in (0..pairs.saturating_sub(1)).rev() {
        gains[at] = gains[at].min(gains[at + 1] + rise);
    }
    for at in 1..pairs {
        gains[at] = gains[at].min(gains[at - 1] + fall);
    }
    for (pair, gain) in sound.as_chunks_mut::<2>().0.iter_mut().zip(gains) {
        pair[0] *= gain;
        pair[1] *= gain;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(seconds: usize, level: f64) -> Stereo {
        let value = |at: usize| (level * (std::f64::consts::TAU * 997.0 * at as f64 / f64::from(RATE)).sin()) as f32;
        (0..seconds * RATE as usize).flat_map(|at| [value(at), value(at)]).collect()
    }

    #[test]
    fn a_full_tone_is_as_loud_as_the_standard_says() {
        // BS.1770-4: a sine of 997 Hz at full scale in one channel is −3.01 LUFS; in both it is 0.
        let measured = integrated(&tone(3, 1.0)).unwrap();
        assert!(measured.abs() < 0.05, "{measured}");
        assert!((integrated(&tone(3, 0.1)).unwrap() + 20.0).abs() < 0.05);
        assert_eq!(integrated(&vec![0.0; 96_000]), None);
    }

    #[test]
    fn quiet_and_spiky_sounds_come_to_the_target_without_going_over_the_ceiling() {
        let mut sound = tone(6, 0.01);
        for at in (0..sound.len()).step_by(48_001) {
            sound[at] = 0.4;
        }
        bring_to_target(&mut sound);
        assert!((integrated(&sound).unwrap() - TARGET).abs() < 0.5, "{:?}", integrated(&sound));
        assert!(sound.iter().all(|sample| sample.abs() <= CEILING + 1e-4));
    }
}
