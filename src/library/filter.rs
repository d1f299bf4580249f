//! Which media are meant: the conditions on metadata that a question, a search or a tool call carries.
//!
//! A filter is a plain value. Conditions of different kinds must all hold; the values within one list are alternatives,
//! unless a field says otherwise. An empty filter means every medium. `library::media` turns it into SQL;
//! the index uses it to push conditions down; the assistant prints it as chips.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ids::{AlbumId, ConceptId, EventId, MediaId, PersonId, ThemeId};

/// Conditions on media. See the module's documentation for how they combine.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MediaFilter {
    /// Every group must be met, and a group is met by any one of its people: `[[anna], [ben, joe]]` is "Anna with Ben
    /// or Joe".
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<Vec<PersonId>>,
    /// So many people are in the picture, known or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub people_count: Option<CountSpan>,
    /// None of these people is in the picture.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub without_people: Vec<PersonId>,
    /// Nobody but the people named in `people` is in the picture.
    #[serde(skip_serializing_if = "is_false")]
    pub only_these_people: bool,
    /// `false`: nobody is named in the picture. `true`: somebody is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_people: Option<bool>,
    /// Somebody whom nobody has named is in the picture: a face without a name.
    #[serde(skip_serializing_if = "is_false")]
    pub somebody_unnamed: bool,
    /// Taken at any of these places.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<PlaceRef>,
    /// Events that took place entirely at `places`: a medium of theirs that has no position of its own counts as taken there.
    /// Only read beside `places`; it never narrows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub place_events: Vec<EventId>,
    /// Taken at none of these places. A medium without a place is not taken there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub without_places: Vec<PlaceRef>,
    /// `false`: nothing says where it was taken. `true`: something does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub located: Option<bool>,
    /// Taken within any of these spans of local time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub taken: Vec<TimeSpan>,
    /// Taken in any of these months of whatever year (1 = January).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub months: Vec<i8>,
    /// Taken on any of these days of whatever year, as `[month, day]`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub month_days: Vec<(i8, i8)>,
    /// Taken on any of these weekdays (1 = Monday … 7 = Sunday).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub weekdays: Vec<i8>,
    /// Taken within any of these spans of the day.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub times_of_day: Vec<DaySpan>,
    /// `false`: the date is unknown. `true`: it is known. A year that only a title names is no date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dated: Option<bool>,
    /// Of any of these kinds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<MediaKind>,
    /// Videos that last at least so many seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_seconds: Option<u32>,
    /// Videos that last at most so many seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_seconds: Option<u32>,
    /// Taken with any of these cameras, by the label that [`super::vocabulary::CameraEntry`] carries.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cameras: Vec<String>,
    /// Rated at least so many stars (1–5).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_rating: Option<u8>,
    /// Rated at most so many stars (1–5). Unrated media do not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_rating: Option<u8>,
    /// Of any of these shapes, as displayed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shapes: Vec<Shape>,
    /// Part of any of these events.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<EventId>,
    /// Part of none of these events.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub without_events: Vec<EventId>,
    /// In any of these albums.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub albums: Vec<AlbumId>,
    /// In any of these themes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub themes: Vec<ThemeId>,
    /// Carrying every one of these keywords.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Carrying none of these keywords.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub without_tags: Vec<String>,
    /// Belonging to every one of these concepts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub concepts: Vec<ConceptId>,
    /// Belonging to none of these concepts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub without_concepts: Vec<ConceptId>,
    /// `true`: its file says that a machine made it or parts of it. `false`: nothing says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generated: Option<bool>,
    /// Having copies of this sort.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copies: Option<Copies>,
    /// Among these media: what a follow-up such as "which of them …" refines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub among: Option<Vec<MediaId>>,
    /// Not among these media.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<MediaId>,
}

impl MediaFilter {
    /// Whether the filter lets every medium pass.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn is_false(value: &bool) -> bool {
    !value
}

/// A place as the library names it. The fields that are given must all match; at least one is given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PlaceRef {
    /// City or village: matches the medium's city (the notable city it belongs to) or its locality (the nearest settlement).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// First administrative level: state, province, Land.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// ISO 3166-1 alpha-2, upper case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_code: Option<String>,
}

/// A half-open span of local time: `start <= t < end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TimeSpan {
    /// First instant within, local time at the place of the picture.
    #[schema(value_type = String, example = "2021-06-01T00:00:00")]
    pub start: DateTime,
    /// First instant past the end.
    #[schema(value_type = String, example = "2021-09-01T00:00:00")]
    pub end: DateTime,
}

/// A span of whole numbers, both ends within.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CountSpan {
    /// The fewest.
    pub least: u32,
    /// The most; without it as many as there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<u32>,
}

/// A half-open span of the day in minutes since local midnight; `from > to` wraps around midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DaySpan {
    /// First minute within, 0–1439.
    pub from: u16,
    /// First minute past the end, 0–1440.
    pub to: u16,
}

/// What sort of medium it is. A medium has exactly one of `Photo` and `Video`, and may be any of the others beside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    /// A still picture.
    Photo,
    /// A moving picture.
    Video,
    /// A picture of a screen.
    Screenshot,
    /// A picture at least twice as wide as high, or stitched, or spherical.
    Panorama,
    /// A photo with a moment of video: a live photo or a motion photo.
    LivePhoto,
    /// A camera's raw file.
    Raw,
}

/// Shape of a picture as displayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Higher than wide.
    Portrait,
    /// Wider than high.
    Landscape,
    /// As wide as high.
    Square,
}

/// How media repeat each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Copies {
    /// The same bytes lie in more than one file.
    Exact,
    /// The same picture in another encoding or size.
    Near,
    /// Shot within moments of another of the same scene.
    Burst,
}

/// What media are counted or grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Grouping {
    /// Calendar year of the local date.
    Year,
    /// Calendar month of a year.
    Month,
    /// Local calendar day.
    Day,
    /// Day of the week.
    Weekday,
    /// Named person (or pet).
    Person,
    /// Country.
    Country,
    /// State, province, Land.
    Region,
    /// City.
    City,
    /// Camera.
    Camera,
    /// Photo or video.
    Kind,
    /// Event.
    Event,
    /// Keyword.
    Tag,
}
