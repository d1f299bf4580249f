//! What is known of the media that a film may be made of.

use jiff::civil::DateTime;

use super::Area;
use crate::library::MediaId;

/// A medium, as a film sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// The medium.
    pub id: MediaId,
    /// Moving pictures.
    pub video: bool,
    /// Width and height as displayed, pixels.
    pub size: (u32, u32),
    /// Local time at the place.
    pub taken: Option<DateTime>,
    /// The day is known, not only the month or the year.
    pub day_known: bool,
    /// Settlement or city.
    pub place: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// The event that it is part of: its name.
    pub event: Option<String>,
    /// Names of the people and pets in it.
    pub people: Vec<String>,
    /// Faces.
    pub faces: Vec<Area>,
    /// Those faces whose owner is known: the name, and where.
    pub portraits: Vec<(String, Area)>,
    /// Other things that are seen for certain: what, and where.
    pub objects: Vec<(String, Area)>,
    /// 1–5 stars.
    pub rating: Option<u8>,
    /// How sharp its faces are, 0–1, when there are any.
    pub sharpness: Option<f64>,
    /// Keys of the bursts and the groups of near duplicates that it is in.
    pub groups: Vec<String>,
    /// 64-bit perceptual hash.
    pub phash: Option<u64>,
    /// What its picture is compared by, of length 1.
    pub vector: Option<Vec<f32>>,
    /// How well it fits what was asked for, 0–1.
    pub relevance: f64,
    /// It shows a screen.
    pub screenshot: bool,
    /// Length of a video, milliseconds.
    pub duration_ms: u64,
    /// Frames that stand for a video, milliseconds.
    pub keyframes: Vec<u64>,
    /// When faces are seen in a video, milliseconds.
    pub face_times: Vec<u64>,
    /// When somebody speaks in a video, milliseconds.
    pub speech: Vec<(u64, u64)>,
    /// What the user or the file calls it; shown as a caption when it is short.
    pub title: Option<String>,
    /// Everything that is said of it, folded: to find it by.
    pub words: String,
}

impl Fact {
    /// Width by height.
    pub fn aspect(&self) -> f64 {
        f64::from(self.size.0.max(1)) / f64::from(self.size.1.max(1))
    }

    /// How good a picture it is by itself, 0–1.
    pub fn quality(&self) -> f64 {
        let rating = self.rating.map_or(0.0, |stars| (f64::from(stars) - 2.5) * 0.1);
        let short = f64::from(self.size.0.min(self.size.1));
        let resolution = ((short - 480.0) / 1200.0).clamp(-0.25, 0.1);
        let largest = self.faces.iter().map(|face| face.h).fold(0.0, f64::max);
        let faces = if self.faces.is_empty() && self.people.is_empty() { 0.0 } else { 0.08 + largest.min(0.3) * 0.3 };
        let sharp = self.sharpness.map_or(0.0, |sharp| (sharp - 0.5) * 0.2);
        let video = if self.video { 0.06 } else { 0.0 };
        let screen = if self.screenshot { -0.5 } else { 0.0 };
        (0.5 + rating + resolution + faces + sharp + video + screen).clamp(0.0, 1.0)
    }

    /// How alike the pictures of two media are: 0 not at all, 1 the same.
    pub fn likeness(&self, other: &Self) -> f64 {
        if self.groups.iter().any(|group| other.groups.contains(group)) {
            return 1.0;
        }
        let hashes = self.phash.zip(other.phash).map(|(a, b)| 1.0 - f64::from((a ^ b).count_ones()) / 24.0);
        let vectors = self.vector.as_ref().zip(other.vector.as_ref()).filter(|(a, b)| a.len() == b.len());
        // Pictures of unlike scenes still have vectors with a cosine of a half.
        let vectors = vectors
            .map(|(a, b)| (f64::from(a.iter().zip(b.iter()).map(|(x, y)| x * y).sum::<f32>()) - 0.55).max(0.0) / 0.45);
        let apart = self.taken.zip(other.taken).map(|(a, b)| a.duration_since(b).as_secs().abs());
        let moments = apart.filter(|_| self.day_known).map_or(0.0, |seconds| 0.6 * (-(seconds as f64) / 90.0).exp());
        hashes.unwrap_or(0.0).max(vectors.unwrap_or(0.0)).max(moments).clamp(0.0, 1.0)
    }
}

#[cfg(test)]
impl Fact {
    /// A picture of which nothing is known but that it was taken `hours` after eight on New Year 2018.
    pub(crate) fn sample(number: u64, hours: i64) -> Self {
        let start: DateTime = jiff::civil::date(2018, 1, 1).at(8, 0, 0, 0);
        Self {
            id: format!("01900000-0000-7000-8000-{number:012x}").parse().unwrap(),
            video: false,
            size: (4000, 3000),
            taken: Some(start + jiff::SignedDuration::from_hours(hours)),
            day_known: true,
            place: None,
            country: None,
            event: None,
            people: Vec::new(),
            faces: Vec::new(),
            portraits: Vec::new(),
            objects: Vec::new(),
            rating: None,
            sharpness: None,
            groups: Vec::new(),
            phash: None,
            vector: None,
            relevance: 0.5,
            screenshot: false,
            duration_ms: 0,
            keyframes: Vec::new(),
            face_times: Vec::new(),
            speech: Vec::new(),
            title: None,
            words: String::new(),
        }
    }
}
