//! Settings of what is off limits, and from whom it is kept.

use serde::{Deserialize, Serialize};

use crate::library::View;

/// What is off limits: what the safety model marks, and what belongs to concepts that hide.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SafetyConfig {
    /// From whom it is kept: `others`, `everybody` or `nobody`. Others are those who present `server.guest_token`.
    pub hide: Hide,
    /// Certainty of the safety model from which a picture is off limits, 0–1.
    pub certainty: f64,
}

impl Default for SafetyConfig {
    fn default() -> Self {
        Self { hide: Hide::Others, certainty: 0.6 }
    }
}

/// From whom pictures are kept that are off limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Hide {
    /// From everybody but the owner; the owner can have them left out too.
    Others,
    /// From the owner, too.
    Everybody,
    /// From nobody.
    Nobody,
}

impl SafetyConfig {
    /// What the owner sees, who may have asked to see only what others may.
    pub fn owner(&self, guarded: bool) -> View {
        if guarded || self.hide == Hide::Everybody { self.guarded() } else { View::Everything }
    }

    /// What others see.
    pub fn others(&self) -> View {
        if self.hide == Hide::Nobody { View::Everything } else { self.guarded() }
    }

    fn guarded(&self) -> View {
        View::Guarded { least: self.certainty.clamp(0.01, 1.0) }
    }
}
