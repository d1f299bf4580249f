//! The plan of a film as a value: what is shown, from when to when, along which path, with which words and sound.
//!
//! Shots lie end to end; a transition overlaps both of its shots by half, so that the film is as long as its shots
//! together. Boxes are in 0–1 of the upright picture. All is a function of values: no database, no files, no clock.
//!
//! What must stay true of every storyboard that [`plan::plan`] and [`edit::apply`] give: no medium twice, no two of a burst;
//! every box of a path lies inside the picture and holds every face; the length is the one asked for, within 2 %, as far
//! as there are media for it.

mod arrange;
mod captions;
mod crop;
pub mod edit;
pub mod facts;
mod music;
mod path;
pub mod plan;
pub mod say;
mod select;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::library::MediaId;

pub use music::{Beats, Music};
pub use path::{Area, CropPath, Easing};
pub use select::{best, chance};

/// The version of this shape; a storyboard of another one is refused.
pub const SCHEMA: u32 = 1;

/// A film can be so long at the most, milliseconds.
pub const LONGEST_MS: u64 = 600_000;
/// The most shots of a film.
pub const MOST_SHOTS: usize = 400;

/// The plan of a film.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Storyboard {
    /// Version of this shape: [`SCHEMA`].
    pub schema: u32,
    /// Title, shown at the start and written into the file.
    pub title: String,
    /// Under the title: when, where.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub subtitle: String,
    /// Shape of the frame.
    pub format: Format,
    /// How fast it goes.
    pub pace: Pace,
    /// How it feels: decides the music and the transitions.
    pub mood: Mood,
    /// Whether words other than the title are shown.
    pub captions: bool,
    /// Length that was wished for, milliseconds; 0: as long as the media carry.
    pub wished_ms: u64,
    /// The person whose life it tells, if it tells one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub life_of: Option<String>,
    /// Varies what is chosen among equals, and the music.
    pub seed: u64,
    /// Milliseconds between two beats of the music, on average; cuts lie on beats.
    pub beat_ms: f64,
    /// Parts, each with a heading.
    pub sections: Vec<Section>,
    /// What is shown, in order.
    pub shots: Vec<Shot>,
    /// What is heard beneath.
    pub music: Music,
    /// How it ends.
    pub ending: Ending,
}

/// Shape of the frame.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum Format {
    /// A screen on its side.
    #[default]
    #[serde(rename = "16:9")]
    Wide,
    /// A phone held upright.
    #[serde(rename = "9:16")]
    Tall,
    /// As wide as high.
    #[serde(rename = "1:1")]
    Square,
}

impl Format {
    /// Width by height.
    pub fn aspect(self) -> f64 {
        match self {
            Self::Wide => 16.0 / 9.0,
            Self::Tall => 9.0 / 16.0,
            Self::Square => 1.0,
        }
    }

    /// Width and height in pixels, even, for a shorter side of `short` pixels.
    pub fn size(self, short: u32) -> (u32, u32) {
        let long = (short * 16 / 9).next_multiple_of(2);
        match self {
            Self::Wide => (long, short),
            Self::Tall => (short, long),
            Self::Square => (short, short),
        }
    }
}

/// How fast a film goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Pace {
    /// Long looks.
    Calm,
    /// Neither.
    #[default]
    Even,
    /// Quick cuts.
    Lively,
}

impl Pace {
    /// Seconds that a picture is shown.
    pub fn seconds(self) -> f64 {
        match self {
            Self::Calm => 4.8,
            Self::Even => 3.5,
            Self::Lively => 2.3,
        }
    }
}

/// How a film feels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mood {
    /// Warm and quiet.
    #[default]
    Gentle,
    /// Bright.
    Happy,
    /// Looking back.
    Nostalgic,
    /// Wide and solemn.
    Epic,
    /// Fast and strong.
    Energetic,
}

impl Mood {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Gentle, Self::Happy, Self::Nostalgic, Self::Epic, Self::Energetic];

    /// The name stored and sent.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gentle => "gentle",
            Self::Happy => "happy",
            Self::Nostalgic => "nostalgic",
            Self::Epic => "epic",
            Self::Energetic => "energetic",
        }
    }

    /// The one of a name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mood| mood.name() == name)
    }

    /// Beats a minute that suit it.
    pub fn tempo(self) -> f64 {
        match self {
            Self::Gentle => 76.0,
            Self::Happy => 108.0,
            Self::Nostalgic => 70.0,
            Self::Epic => 88.0,
            Self::Energetic => 122.0,
        }
    }
}

/// A part of a film.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Section {
    /// Where, or what: "Lofoten".
    pub title: String,
    /// When: "July 2019".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub subtitle: String,
}

/// Something that is shown for a while.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Shot {
    /// The medium.
    pub media: MediaId,
    /// How it is shown.
    pub show: Show,
    /// From cut to cut, milliseconds; half of the transitions at both ends comes on top.
    pub duration_ms: u64,
    /// How it comes in.
    pub transition: Transition,
    /// Words over it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<Caption>,
    /// Which section it is part of.
    pub section: usize,
    /// Why it was chosen, in words.
    pub reason: String,
    /// How well it fits, 0–1: the first to go has the least.
    pub score: f64,
    /// The user has set the path, the length or the words: they stay when the film is arranged anew.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fixed: bool,
}

/// How a medium is shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Show {
    /// A card with the title, over the medium out of focus.
    Card,
    /// A still picture.
    Still {
        /// What of it is seen.
        path: CropPath,
        /// It does not fill the frame: it lies on its own image out of focus.
        fit: bool,
    },
    /// A piece of a video.
    Clip {
        /// Where it begins, milliseconds from the start of the video.
        in_ms: u64,
        /// Where it ends.
        out_ms: u64,
        /// What of it is seen, the same all the time.
        area: Area,
        /// It does not fill the frame.
        fit: bool,
        /// Its own sound is heard.
        sound: bool,
    },
}

/// How a shot comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Transition {
    /// Of what sort.
    pub kind: TransitionKind,
    /// How long, milliseconds; half of it lies before the cut.
    pub ms: u64,
}

impl Transition {
    /// None at all.
    pub const CUT: Self = Self { kind: TransitionKind::Cut, ms: 0 };
}

/// Sorts of transitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TransitionKind {
    /// At once.
    Cut,
    /// One fades into the other.
    Dissolve,
    /// Through black.
    Dip,
    /// The new one comes in from the right behind a soft edge.
    Wipe,
    /// The new one pushes the other out.
    Push,
}

/// Words over a shot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Caption {
    /// The words.
    pub text: String,
    /// Smaller, beneath.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub small: String,
    /// Where they stand.
    pub place: CaptionPlace,
}

/// Where words stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CaptionPlace {
    /// Large in the middle: a title.
    Middle,
    /// Below to the left: where and when.
    Corner,
    /// Below in the middle: what is said or shown.
    Below,
}

/// How a film ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ending {
    /// Picture and sound fade for so long, milliseconds.
    pub fade_ms: u64,
}

impl Storyboard {
    /// Its length in milliseconds.
    pub fn length_ms(&self) -> u64 {
        self.shots.iter().map(|shot| shot.duration_ms).sum()
    }

    /// How many shots it has, the card with the title left out.
    pub fn shown(&self) -> usize {
        self.shots.iter().filter(|shot| shot.show != Show::Card).count()
    }

    /// When each shot begins, milliseconds from the start, and at last the end.
    pub fn cuts_ms(&self) -> Vec<u64> {
        let mut cuts = vec![0];
        let mut at = 0;
        for shot in &self.shots {
            at += shot.duration_ms;
            cuts.push(at);
        }
        cuts
    }

    /// From when to when a shot is seen, milliseconds from the start of the film, its transitions included.
    pub fn seen_ms(&self, shot: usize, cuts: &[u64]) -> (u64, u64) {
        let half = |at: usize| self.shots.get(at).map_or(0, |shot| shot.transition.ms / 2);
        let from = if shot == 0 { 0 } else { cuts[shot].saturating_sub(half(shot)) };
        (from, cuts[shot + 1] + half(shot + 1))
    }

    /// Whether it can be made.
    ///
    /// # Errors
    /// What is wrong, in words for whoever wrote it.
    pub fn check(&self) -> Result<(), String> {
        if self.schema != SCHEMA {
            return Err(format!("the storyboard has version {}; this Recollect reads {SCHEMA}", self.schema));
        }
        if self.shots.is_empty() || self.shots.len() > MOST_SHOTS {
            return Err(format!("a film has 1 to {MOST_SHOTS} shots; this one has {}", self.shots.len()));
        }
        if let Music::File { beats: Some(beats), .. } = &self.music {
            beats.check()?;
        }
        if self.title.chars().count() > 200 {
            return Err("the title is longer than 200 characters".to_owned());
        }
        for (at, shot) in self.shots.iter().enumerate() {
            let wrong = |what: String| format!("shot {}: {what}", at + 1);
            shot.check().map_err(wrong)?;
            if shot.section >= self.sections.len().max(1) {
                return Err(wrong(format!("there is no section {}", shot.section)));
            }
            let before = at.checked_sub(1).map_or(u64::MAX, |before| self.shots[before].duration_ms);
            if shot.transition.ms > shot.duration_ms.min(before) {
                return Err(wrong("the transition is longer than one of its shots".to_owned()));
            }
        }
        match self.length_ms() {
            length if length > LONGEST_MS => Err(format!("a film has at most {} s", LONGEST_MS / 1000)),
            length if self.ending.fade_ms > length => Err("the ending is longer than the film".to_owned()),
            _ => Ok(()),
        }
    }
}

impl Shot {
    fn check(&self) -> Result<(), String> {
        if !(200..=120_000).contains(&self.duration_ms) {
            return Err(format!("{} ms is no length for a shot; 200 to 120000 is", self.duration_ms));
        }
        if self.transition.ms > 5000 {
            return Err("a transition takes at most 5000 ms".to_owned());
        }
        let words = self.caption.iter().map(|caption| caption.text.chars().count() + caption.small.chars().count());
        if words.sum::<usize>() > 400 {
            return Err("the caption is longer than 400 characters".to_owned());
        }
        let inside = |area: &Area| {
            let size = |edge: f64| (0.01..=1.0 + 1e-9).contains(&edge);
            size(area.w) && size(area.h) && Area::WHOLE.holds(area)
        };
        match &self.show {
            Show::Still { path, .. } if !(inside(&path.from) && inside(&path.to)) => {
                Err("the path leaves the picture".to_owned())
            }
            Show::Clip { area, .. } if !inside(area) => Err("the crop leaves the picture".to_owned()),
            Show::Clip { in_ms, out_ms, .. } if out_ms <= in_ms => Err("the clip ends before it begins".to_owned()),
            _ => Ok(()),
        }
    }
}
