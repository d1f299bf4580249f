//! The words of one library: the names that questions about it can use, each with what it stands for.
//!
//! Pure values, read in one go by [`super::Library::vocabulary`] and cached until the library changes.
//! `assistant::understand` reads questions against it.

use jiff::civil::DateTime;

use super::filter::PlaceRef;
use super::ids::{AlbumId, ConceptId, EventId, PersonId, ThemeId};

/// Every name in a library.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Vocabulary {
    /// People and pets.
    pub people: Vec<PersonEntry>,
    /// Places in which media were taken, each level on its own.
    pub places: Vec<PlaceEntry>,
    /// Events, trips and named folders.
    pub events: Vec<EventEntry>,
    /// Albums.
    pub albums: Vec<AlbumEntry>,
    /// Keywords, in their own spelling.
    pub tags: Vec<TagEntry>,
    /// Concepts that the user taught.
    pub concepts: Vec<ConceptEntry>,
    /// Themes that the user named.
    pub themes: Vec<ThemeEntry>,
    /// Cameras.
    pub cameras: Vec<CameraEntry>,
    /// Local time of the first and the last dated medium.
    pub dated: Option<(DateTime, DateTime)>,
    /// Number of media.
    pub media: u32,
    /// The city in which media were taken on the most distinct days: what "at home" means.
    pub home: Option<PlaceRef>,
    /// The country in which they were, upper case: what lies beyond it is "abroad".
    pub home_country: Option<String>,
}

/// A concept.
#[derive(Debug, Clone, PartialEq)]
pub struct ConceptEntry {
    /// Identifier.
    pub id: ConceptId,
    /// Name as the user gave it.
    pub name: String,
}

/// A theme.
#[derive(Debug, Clone, PartialEq)]
pub struct ThemeEntry {
    /// Identifier.
    pub id: ThemeId,
    /// Name as the user gave it.
    pub name: String,
}

/// A person or a pet.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonEntry {
    /// Identifier.
    pub id: PersonId,
    /// Name as written.
    pub name: String,
    /// Other names, given by the user.
    pub aliases: Vec<String>,
    /// A pet rather than a person, as far as is known.
    pub pet: bool,
    /// Number of media showing them.
    pub media: u32,
}

/// How large a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlaceLevel {
    /// A country.
    Country,
    /// A state, province or Land.
    Region,
    /// A city or village.
    City,
}

/// A place in which media were taken.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceEntry {
    /// What to filter by.
    pub place: PlaceRef,
    /// Its level.
    pub level: PlaceLevel,
    /// Names people type, in several languages, the English one first.
    pub names: Vec<String>,
    /// Number of media.
    pub media: u32,
}

/// An event: a named folder, an outing, a trip.
#[derive(Debug, Clone, PartialEq)]
pub struct EventEntry {
    /// Identifier.
    pub id: EventId,
    /// Name without the date that its folder may carry: "Wedding Anna Maria & Paul".
    pub name: String,
    /// Words that mark the event without being its name: frequent keywords and place names of its media.
    pub hints: Vec<String>,
    /// Local time of its first medium, if dated.
    pub start: Option<DateTime>,
    /// Local time of its last medium, if dated.
    pub end: Option<DateTime>,
    /// Number of media.
    pub media: u32,
}

/// An album.
#[derive(Debug, Clone, PartialEq)]
pub struct AlbumEntry {
    /// Identifier.
    pub id: AlbumId,
    /// Name.
    pub name: String,
    /// Number of media.
    pub media: u32,
}

/// A keyword.
#[derive(Debug, Clone, PartialEq)]
pub struct TagEntry {
    /// The keyword as written.
    pub name: String,
    /// Number of media.
    pub media: u32,
}

/// A camera model.
#[derive(Debug, Clone, PartialEq)]
pub struct CameraEntry {
    /// What to filter by and to show: "Canon EOS 70D", "Olympus E-PM1".
    pub label: String,
    /// Maker as written in the file.
    pub make: Option<String>,
    /// Model as written in the file.
    pub model: Option<String>,
    /// Number of media.
    pub media: u32,
}
