//! What a face is good for: to begin a person, to be recognised as somebody known, or nothing.
//!
//! Blurred, tiny and turned faces resemble each other more than they resemble themselves in a better picture, and what a
//! detector takes for a face on a bear or a bun resembles its like. Such faces must neither found people nor connect them.
//!
//! The limits were read off 650 detections in family pictures, portraits and street scenes (YuNet, MobileFaceNet), by the
//! cosine of two faces of one picture, which are surely two people. Its median is 0.51 below 10 pixels, 0.38 below 16,
//! 0.12 from 20 on; 0.4 for a sharpness below 5, 0.1 above 40; and what was no face scored 0.57 to 0.84 at any size, while
//! every portrait scored 0.91 or more.

/// What an engine measured of a face.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measures {
    /// Certainty of the detector, 0–1.
    pub score: f32,
    /// Shorter side of the box in pixels of the picture that was looked at (1024 pixels at the longest edge).
    pub pixels: f32,
    /// Variance of the Laplacian of the aligned face.
    pub sharpness: f32,
    /// How far it is turned away: −1…1, 0 is frontal.
    pub yaw: f32,
}

/// What a face is good for, the best last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quality {
    /// For nothing: no face, or too little of one. It stays out of people unless the user puts it in.
    Poor,
    /// It can be recognised as somebody known, but founds nobody and is no reference.
    Fair,
    /// It can found a person and be a reference for one.
    Good,
}

/// The least that a face needs for each quality: score, pixels, sharpness, and the most of yaw.
const GOOD: Measures = Measures { score: 0.85, pixels: 24.0, sharpness: 8.0, yaw: 0.9 };
const FAIR: Measures = Measures { score: 0.6, pixels: 16.0, sharpness: 4.0, yaw: 1.0 };

impl Measures {
    /// What a face of these measures is good for.
    pub fn quality(&self) -> Quality {
        let reaches = |least: &Self| {
            self.score >= least.score
                && self.pixels >= least.pixels
                && self.sharpness >= least.sharpness
                && self.yaw.abs() <= least.yaw
        };
        match (reaches(&GOOD), reaches(&FAIR)) {
            (true, _) => Quality::Good,
            (false, true) => Quality::Fair,
            (false, false) => Quality::Poor,
        }
    }

    /// 0–1, to choose the face that shows a person best: large, sharp, frontal, certain.
    pub fn rank(&self) -> f32 {
        let size = (self.pixels / 160.0).clamp(0.0, 1.0);
        let sharp = (self.sharpness / 200.0).clamp(0.0, 1.0);
        let frontal = 1.0 - self.yaw.abs().clamp(0.0, 1.0);
        self.score.clamp(0.0, 1.0) * (0.4 * size + 0.25 * sharp + 0.35 * frontal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PORTRAIT: Measures = Measures { score: 0.93, pixels: 95.0, sharpness: 190.0, yaw: 0.1 };

    #[test]
    fn a_portrait_is_good_and_each_flaw_costs() {
        assert_eq!(PORTRAIT.quality(), Quality::Good);
        assert_eq!(Measures { pixels: 18.0, ..PORTRAIT }.quality(), Quality::Fair);
        assert_eq!(Measures { pixels: 9.0, ..PORTRAIT }.quality(), Quality::Poor);
        assert_eq!(Measures { sharpness: 5.0, ..PORTRAIT }.quality(), Quality::Fair);
        assert_eq!(Measures { sharpness: 1.0, ..PORTRAIT }.quality(), Quality::Poor);
        assert_eq!(Measures { yaw: -0.95, ..PORTRAIT }.quality(), Quality::Fair);
        assert_eq!(Measures { score: 0.74, ..PORTRAIT }.quality(), Quality::Fair);
        assert_eq!(Measures { score: f32::NAN, ..PORTRAIT }.quality(), Quality::Poor);
    }

    #[test]
    fn the_larger_sharper_and_more_frontal_face_shows_a_person_better() {
        for worse in [
            Measures { pixels: 40.0, ..PORTRAIT },
            Measures { sharpness: 20.0, ..PORTRAIT },
            Measures { yaw: 0.6, ..PORTRAIT },
            Measures { score: 0.7, ..PORTRAIT },
        ] {
            assert!(worse.rank() < PORTRAIT.rank(), "{worse:?}");
        }
    }
}
