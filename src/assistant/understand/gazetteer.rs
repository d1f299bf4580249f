//! What reading needs to know of the world's places: somebody else knows them.
//!
//! A gazetteer compares names without case and diacritics and gives the most notable place first.

use crate::library::filter::PlaceRef;
use crate::library::vocabulary::PlaceLevel;

/// The places of the world by name, as somebody else knows them.
pub trait Gazetteer: Send + Sync {
    /// Places of exactly this name or a usual variant of it, compared without case and diacritics; the most notable first.
    fn find(&self, name: &str) -> Vec<GazetteerHit>;
}

/// A place of the world.
#[derive(Debug, Clone, PartialEq)]
pub struct GazetteerHit {
    /// Its level.
    pub level: PlaceLevel,
    /// What to filter by: one place, or several that the name covers.
    pub places: Vec<PlaceRef>,
    /// Its English name.
    pub name: String,
    /// Inhabitants, 0 where unknown.
    pub population: u64,
    /// Whether the name is also an everyday word or a given name, so that it needs a cue: "Nice", "Reading", "Victoria".
    pub ambiguous: bool,
}
