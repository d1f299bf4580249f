//! Where in a picture one looks, and how the look moves.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A box in 0–1 of the upright picture.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Area {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

impl Area {
    /// The whole picture.
    pub const WHOLE: Self = Self { x: 0.0, y: 0.0, w: 1.0, h: 1.0 };

    /// Whether `other` lies in it, but for a rounding error.
    pub fn holds(&self, other: &Self) -> bool {
        const E: f64 = 1e-9;
        other.x >= self.x - E
            && other.y >= self.y - E
            && other.x + other.w <= self.x + self.w + E
            && other.y + other.h <= self.y + self.h + E
    }

    /// The smallest box that holds both.
    pub fn with(&self, other: &Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let (right, bottom) = ((self.x + self.w).max(other.x + other.w), (self.y + self.h).max(other.y + other.h));
        Self { x, y, w: right - x, h: bottom - y }
    }

    /// Its middle.
    pub fn centre(&self) -> (f64, f64) {
        (self.x + self.w / 2.0, self.y + self.h / 2.0)
    }
}

/// A slow movement over a picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CropPath {
    /// What is seen first.
    pub from: Area,
    /// What is seen last.
    pub to: Area,
    /// How the movement goes.
    pub easing: Easing,
}

impl CropPath {
    /// What is seen at `t`, 0 at the start and 1 at the end.
    pub fn at(&self, t: f64) -> Area {
        let e = self.easing.at(t);
        let between = |a: f64, b: f64| a + (b - a) * e;
        Area {
            x: between(self.from.x, self.to.x),
            y: between(self.from.y, self.to.y),
            w: between(self.from.w, self.to.w),
            h: between(self.from.h, self.to.h),
        }
    }
}

/// How a movement goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Easing {
    /// Evenly.
    Linear,
    /// Setting off and arriving softly, never standing still.
    #[default]
    Gentle,
}

impl Easing {
    /// Share of the way at `t` (0–1). The second derivative is at most 3.6, so that the second difference over n frames
    /// is at most 3.6 / n².
    pub fn at(self, t: f64) -> f64 {
        let t = t.clamp(0.0, 1.0);
        match self {
            Self::Linear => t,
            Self::Gentle => 0.4 * t + 0.6 * (t * t * (3.0 - 2.0 * t)),
        }
    }
}
