//! What is known of one medium from its file and from what lies beside it: the values, each with where it was read.
//!
//! Plain values without I/O. Boxes are always fractions of the upright picture, times always local wall time,
//! positions always WGS 84 degrees; whoever reads a format converts to these before a value gets here.
//! Which of several values wins is decided in [`super::choose`], not here.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Serialize};

/// Where a value was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// An `.xmp` file beside the medium.
    SidecarXmp,
    /// A Google Takeout `.json` file beside the medium.
    TakeoutJson,
    /// A `.picasa.ini` file in the folder of the medium.
    PicasaIni,
    /// XMP inside the file.
    Xmp,
    /// IPTC-IIM inside the file.
    Iptc,
    /// EXIF inside the file.
    Exif,
    /// The GPS part of EXIF.
    Gps,
    /// The maker's own part of EXIF.
    MakerNote,
    /// Boxes of a QuickTime or MP4 film.
    Quicktime,
    /// The container itself: picture header, text chunks, item properties, Matroska or AVI headers.
    Container,
    /// The file's name.
    FileName,
    /// What the medium's title says of its year.
    Title,
    /// The name of a folder that the file lies in.
    FolderName,
}

impl Source {
    /// The name under which the source is stored and shown: `exif`, `sidecar_xmp`, ….
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SidecarXmp => "sidecar_xmp",
            Self::TakeoutJson => "takeout_json",
            Self::PicasaIni => "picasa_ini",
            Self::Xmp => "xmp",
            Self::Iptc => "iptc",
            Self::Exif => "exif",
            Self::Gps => "gps",
            Self::MakerNote => "maker_note",
            Self::Quicktime => "quicktime",
            Self::Container => "container",
            Self::FileName => "file_name",
            Self::Title => "title",
            Self::FolderName => "folder_name",
        }
    }
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A value and where it was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Where it was read.
    pub source: Source,
}

/// One value as it stood in the file, chosen or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourcedValue {
    /// Name of the value: the format's own (`DateTimeOriginal`, `dc:subject`) behind a field name where it has none.
    pub name: String,
    /// The value as text.
    pub value: String,
    /// Where it was read.
    pub source: Source,
}

/// How exactly a time is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// Only the year; month, day and time of the value mean nothing.
    Year,
    /// Year and month.
    Month,
    /// The day.
    Day,
    /// The minute.
    Minute,
    /// The second or better.
    Second,
}

/// When a medium was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// Wall time at the place of the picture. Where only the instant is known (`offset` is `None`, `instant` is `Some`),
    /// it is the wall time of UTC until [`Taken::at_zone`] is told the zone of the place.
    pub local: DateTime,
    /// How much of `local` means something.
    pub precision: Precision,
    /// Offset of the wall time from UTC, if known.
    #[serde(with = "offset_text")]
    pub offset: Option<Offset>,
    /// The instant, if known.
    pub instant: Option<Timestamp>,
}

impl Taken {
    /// Wall time with an offset that may be unknown; the instant follows from both.
    pub fn local(local: DateTime, precision: Precision, offset: Option<Offset>) -> Self {
        let instant = offset.and_then(|offset| offset.to_timestamp(local).ok());
        Self { local, precision, offset, instant }
    }

    /// An instant whose wall time is not known.
    pub fn utc(instant: Timestamp) -> Self {
        Self {
            local: Offset::UTC.to_datetime(instant),
            precision: Precision::Second,
            offset: None,
            instant: Some(instant),
        }
    }

    /// Whether only the instant is known, so that the wall time needs the zone of the place.
    pub fn needs_zone(&self) -> bool {
        self.offset.is_none() && self.instant.is_some()
    }

    /// The same moment seen in `zone`: gives the wall time to a bare instant, and the offset to a bare wall time.
    /// A time that has both is left as it is; so is one known to the day or less.
    #[must_use]
    pub fn at_zone(self, zone: &TimeZone) -> Self {
        match (self.instant, self.offset) {
            (Some(instant), None) => {
                let offset = zone.to_offset(instant);
                Self { local: offset.to_datetime(instant), offset: Some(offset), ..self }
            }
            (None, None) if self.precision >= Precision::Minute => {
                let Ok(zoned) = zone.to_zoned(self.local) else { return self };
                Self { offset: Some(zoned.offset()), instant: Some(zoned.timestamp()), ..self }
            }
            _ => self,
        }
    }
}

/// Offset as `+10:00`, as the HTTP contract writes it.
mod offset_text {
    use jiff::tz::Offset;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    pub fn serialize<S: Serializer>(offset: &Option<Offset>, serializer: S) -> Result<S::Ok, S::Error> {
        offset.map(super::offset_label).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Offset>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        Ok(text.as_deref().and_then(super::super::when::offset))
    }
}

/// An offset as `+10:00`.
pub fn offset_label(offset: Offset) -> String {
    let minutes = offset.seconds() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

/// Where a medium was taken (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// Degrees, north positive, −90 to 90.
    pub lat: f64,
    /// Degrees, east positive, −180 to 180.
    pub lon: f64,
    /// Metres above sea level, if known.
    pub altitude: Option<f64>,
}

impl Position {
    /// A position, unless it is out of range or 0/0, which devices write when they have none.
    pub fn new(lat: f64, lon: f64, altitude: Option<f64>) -> Option<Self> {
        let valid = lat.is_finite() && lon.is_finite() && lat.abs() <= 90.0 && lon.abs() <= 180.0;
        let null_island = lat.abs() < 1e-6 && lon.abs() < 1e-6;
        let altitude = altitude.filter(|metres| metres.is_finite() && (-12_000.0..=100_000.0).contains(metres));
        (valid && !null_island).then_some(Self { lat, lon, altitude })
    }
}

/// Pixels across and down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Size {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// The camera.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Camera {
    /// Maker as written in the file.
    pub make: Option<String>,
    /// Model as written in the file.
    pub model: Option<String>,
    /// What to show and to filter by: "Canon EOS 70D", "Olympus E-PM1", "Apple iPhone 11".
    pub label: String,
}

/// How the picture was exposed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Exposure {
    /// ISO speed.
    pub iso: Option<u32>,
    /// Aperture as f-number.
    pub f_number: Option<f64>,
    /// Exposure time in seconds.
    pub exposure_s: Option<f64>,
    /// Focal length in millimetres.
    pub focal_mm: Option<f64>,
    /// Focal length in millimetres on 35 mm film.
    pub focal_35mm: Option<f64>,
}

/// A keyword; one that stands in a hierarchy knows its ancestors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keyword {
    /// The keyword itself: the last step of its path.
    pub name: String,
    /// The steps from the root to the keyword itself, so at least one.
    pub path: Vec<String>,
    /// Where it was read first.
    pub source: Source,
}

/// A rectangle as fractions of the upright picture.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Region {
    /// Left edge, 0–1.
    pub x: f64,
    /// Top edge, 0–1.
    pub y: f64,
    /// Width, 0–1.
    pub w: f64,
    /// Height, 0–1.
    pub h: f64,
}

/// What a named region holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// A person's face, or a person.
    Person,
    /// A pet.
    Pet,
}

/// Somebody shown, as written in the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// Name as written; `None` for a face without one.
    pub name: Option<String>,
    /// Where in the upright picture, if written.
    pub region: Option<Region>,
    /// Person or pet.
    pub kind: SubjectKind,
    /// Where it was read first.
    pub source: Source,
}

/// Names of the place of the picture as written in the file, not as found from the position.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceNames {
    /// Part of a city, or a spot.
    pub location: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State or province.
    pub state: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// Country code as written, two or three letters.
    pub country_code: Option<String>,
}

/// A film appended to a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MotionPart {
    /// First byte of the embedded MP4 in the file.
    pub offset: u64,
    /// Its length in bytes.
    pub length: u64,
}

/// Everything known of one medium.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Metadata {
    /// MIME type by content: `image/jpeg`, `video/quicktime`, `image/x-canon-cr2`, ….
    pub mime: String,
    /// Whether it is a film rather than a still.
    pub video: bool,
    /// Whether it is a camera's raw file.
    pub raw: bool,
    /// When it was taken.
    pub taken: Option<Sourced<Taken>>,
    /// Where it was taken.
    pub position: Option<Sourced<Position>>,
    /// EXIF orientation (1–8) that turns the stored picture into the displayed one; for a film, its rotation.
    pub orientation: Option<Sourced<u8>>,
    /// Size of the stored picture.
    pub stored_size: Option<Size>,
    /// Size of the picture as displayed, after orientation.
    pub displayed_size: Option<Size>,
    /// Length in seconds (films and animations).
    pub duration_s: Option<f64>,
    /// The camera.
    pub camera: Option<Sourced<Camera>>,
    /// The lens.
    pub lens: Option<Sourced<String>>,
    /// How it was exposed.
    pub exposure: Exposure,
    /// Title.
    pub title: Option<Sourced<String>>,
    /// Description or caption.
    pub description: Option<Sourced<String>>,
    /// Keywords of all sources, without repetition.
    pub keywords: Vec<Keyword>,
    /// Stars 0–5, or −1 for "rejected".
    pub rating: Option<Sourced<i8>>,
    /// Marked as a favourite.
    pub favorite: Option<Sourced<bool>>,
    /// People and pets, those with a region first.
    pub people: Vec<Person>,
    /// Names of the place as written.
    pub place: Option<Sourced<PlaceNames>>,
    /// How a panorama is projected (`equirectangular`, …).
    pub projection: Option<Sourced<String>>,
    /// The film inside a motion photo.
    pub motion: Option<Sourced<MotionPart>>,
    /// Apple's content identifier, the same in the still and the film of a live photo.
    pub live_id: Option<Sourced<String>>,
    /// Whether the file says that it is a picture of a screen.
    pub screenshot: bool,
    /// Whether the file says that a machine made it.
    pub generated: Option<Sourced<Generated>>,
    /// Sidecars that were read, so that a change to one can be noticed.
    pub sidecars: Vec<std::path::PathBuf>,
    /// Every value read, in reading order.
    pub values: Vec<SourcedValue>,
    /// What could not be read, and why; everything else is still there.
    pub warnings: Vec<String>,
    /// What the values above were chosen from; kept so that a sidecar can be merged later.
    #[serde(skip)]
    pub(super) facts: super::facts::Facts,
}

/// How much of a picture a machine made, as its file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Generated {
    /// All of it.
    Made,
    /// Parts of it.
    Partly,
}

impl Metadata {
    /// Every value read under this name, in reading order.
    pub fn values_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a SourcedValue> {
        self.values.iter().filter(move |value| value.name == name)
    }
}
