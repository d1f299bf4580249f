//! The notebook that every reader writes into: typed candidates for each field, each with its source.
//!
//! Readers add, nothing is ever removed, and the number of entries is bounded, so that a hostile file cannot fill memory.
//! Candidates keep reading order; choosing among them is [`super::choose`]'s.

use super::model::{
    Exposure, MotionPart, PlaceNames, Position, Precision, Region, Size, Source, Sourced, SourcedValue, SubjectKind,
    Taken,
};

/// Most entries of one sort that are kept of one medium.
const ENTRIES: usize = 4096;
/// Most people kept of one medium.
const PEOPLE: usize = 1000;
/// Longest text kept of one value, in bytes.
const TEXT: usize = 64 * 1024;

/// Seconds of a year: no film is longer.
const YEAR: f64 = 366.0 * 86_400.0;

/// What a time in a file says of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// When the shutter opened.
    Original,
    /// When the picture became digital, or when the file's program says that it was created.
    Created,
    /// When a satellite fix was had (UTC).
    Fix,
    /// When the file was changed.
    Modified,
}

/// A time with its role.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TimeFact {
    pub role: Role,
    pub taken: Taken,
    pub source: Source,
}

/// Somebody as written, the region still in the frame of the stored picture unless `upright` says otherwise.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RegionFact {
    pub name: Option<String>,
    pub kind: SubjectKind,
    pub region: Option<Region>,
    /// The writer draws on the upright picture whatever the orientation says.
    pub upright: bool,
    pub source: Source,
}

/// Candidates for every field of [`super::Metadata`].
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Facts {
    pub mime: String,
    pub video: bool,
    pub raw: bool,
    pub screenshot: bool,
    pub times: Vec<TimeFact>,
    pub positions: Vec<Sourced<Position>>,
    pub orientations: Vec<Sourced<u8>>,
    pub size: Option<Size>,
    /// The picture's declared visible part, where the format crops the stored one.
    pub cropped: Option<Size>,
    pub duration_s: Option<f64>,
    pub makes: Vec<Sourced<String>>,
    pub models: Vec<Sourced<String>>,
    pub lenses: Vec<Sourced<String>>,
    pub exposures: Vec<Sourced<Exposure>>,
    pub titles: Vec<Sourced<String>>,
    pub descriptions: Vec<Sourced<String>>,
    pub keywords: Vec<Sourced<Vec<String>>>,
    pub ratings: Vec<Sourced<i8>>,
    pub favorites: Vec<Sourced<bool>>,
    pub people: Vec<RegionFact>,
    pub places: Vec<Sourced<PlaceNames>>,
    pub projections: Vec<Sourced<String>>,
    pub motions: Vec<Sourced<MotionPart>>,
    pub live_ids: Vec<Sourced<String>>,
    pub values: Vec<SourcedValue>,
    pub warnings: Vec<String>,
}

/// Adds to a list unless it is full.
fn add<T>(list: &mut Vec<T>, value: T) {
    if list.len() < ENTRIES {
        list.push(value);
    }
}

impl Facts {
    /// Notes a value as it stands in the file. Empty text is no value.
    pub fn value(&mut self, name: &str, value: impl Into<String>, source: Source) {
        let value = shorten(value.into());
        if !value.trim().is_empty() {
            add(&mut self.values, SourcedValue { name: name.to_owned(), value, source });
        }
    }

    /// Notes what could not be read.
    pub fn warn(&mut self, warning: impl Into<String>) {
        if self.warnings.len() < 64 {
            self.warnings.push(shorten(warning.into()));
        }
    }

    /// Notes the outcome of reading one part: trouble with it costs that part only.
    pub fn survive(&mut self, part: &str, outcome: Result<(), super::input::Trouble>) -> Result<(), std::io::Error> {
        match outcome {
            Ok(()) => Ok(()),
            Err(super::input::Trouble::Malformed(why)) => {
                self.warn(format!("{part}: {why}"));
                Ok(())
            }
            Err(super::input::Trouble::Io(error)) => Err(error),
        }
    }

    /// A time; one that cannot be of a photograph is noted by its value only.
    pub fn time(&mut self, name: &str, role: Role, taken: Taken, source: Source) {
        let text = match taken.offset {
            Some(offset) => format!("{}{}", taken.local, super::model::offset_label(offset)),
            None if taken.instant.is_some() => format!("{}Z", taken.local),
            None => taken.local.to_string(),
        };
        let shown = match taken.precision {
            Precision::Year => &text[..4.min(text.len())],
            Precision::Month => &text[..7.min(text.len())],
            Precision::Day => &text[..10.min(text.len())],
            Precision::Minute | Precision::Second => &text,
        };
        self.value(name, shown, source);
        if (1826..=2100).contains(&taken.local.year()) {
            add(&mut self.times, TimeFact { role, taken, source });
        }
    }

    /// A position, if it is one.
    pub fn position(&mut self, lat: f64, lon: f64, altitude: Option<f64>, source: Source) {
        self.value("position", format!("{lat:.7}, {lon:.7}"), source);
        if let Some(metres) = altitude {
            self.value("altitude", format!("{metres:.2}"), source);
        }
        match Position::new(lat, lon, altitude) {
            Some(value) => add(&mut self.positions, Sourced { value, source }),
            None => self.warn(format!("{source}: {lat}, {lon} is no position")),
        }
    }

    /// An EXIF orientation, if it is one.
    pub fn orientation(&mut self, value: i64, source: Source) {
        self.value("orientation", value.to_string(), source);
        if let Some(value) = u8::try_from(value).ok().filter(|value| (1..=8).contains(value)) {
            add(&mut self.orientations, Sourced { value, source });
        }
    }

    /// The size of the stored picture; the first that is not empty stands.
    pub fn size(&mut self, width: u32, height: u32) {
        if self.size.is_none() && width > 0 && height > 0 {
            self.size = Some(Size { width, height });
        }
    }

    /// The length of a film in seconds; the first sensible one stands.
    pub fn duration(&mut self, seconds: f64) {
        if self.duration_s.is_none() && seconds > 0.0 && seconds < YEAR {
            self.duration_s = Some(seconds);
        }
    }

    /// Text for one of the text fields.
    pub fn text(&mut self, field: Text, name: &str, value: &str, source: Source) {
        let value = shorten(value.trim_matches(|c: char| c.is_whitespace() || c == '\0').to_owned());
        if value.is_empty() {
            return;
        }
        self.value(name, value.clone(), source);
        let list = match field {
            Text::Make => &mut self.makes,
            Text::Model => &mut self.models,
            Text::Lens => &mut self.lenses,
            Text::Title => &mut self.titles,
            Text::Description => &mut self.descriptions,
            Text::Projection => &mut self.projections,
            Text::LiveId => &mut self.live_ids,
        };
        add(list, Sourced { value, source });
    }

    /// A keyword by the steps from the root of its hierarchy.
    pub fn keyword(&mut self, name: &str, path: &[&str], source: Source) {
        let path: Vec<String> =
            path.iter().map(|step| shorten(step.trim().to_owned())).filter(|step| !step.is_empty()).take(32).collect();
        if path.is_empty() {
            return;
        }
        self.value(name, path.join("|"), source);
        add(&mut self.keywords, Sourced { value: path, source });
    }

    /// Stars; values no program means as stars are noted only.
    pub fn rating(&mut self, name: &str, stars: f64, source: Source) {
        self.value(name, format!("{stars}"), source);
        if (-1.0..=5.0).contains(&stars) {
            #[expect(clippy::cast_possible_truncation, reason = "the range was checked")]
            add(&mut self.ratings, Sourced { value: stars.round() as i8, source });
        }
    }

    /// Somebody shown.
    pub fn person(&mut self, name: &str, mut fact: RegionFact) {
        fact.name = fact.name.map(|name| shorten(name.trim().to_owned())).filter(|name| !name.is_empty());
        if fact.name.is_none() && fact.region.is_none() {
            return;
        }
        self.value(name, fact.name.as_deref().unwrap_or("(unnamed)"), fact.source);
        if self.people.len() < PEOPLE {
            self.people.push(fact);
        }
    }

    /// Names of a place as written.
    pub fn place(&mut self, place: PlaceNames, source: Source) {
        let parts = [
            ("place:location", &place.location),
            ("place:city", &place.city),
            ("place:state", &place.state),
            ("place:country", &place.country),
            ("place:country_code", &place.country_code),
        ];
        for (name, part) in parts {
            if let Some(part) = part {
                self.value(name, part.clone(), source);
            }
        }
        if place != PlaceNames::default() {
            add(&mut self.places, Sourced { value: place, source });
        }
    }

    /// Exposure values of one source.
    pub fn exposure(&mut self, value: Exposure, source: Source) {
        if value == Exposure::default() {
            return;
        }
        let numbers = [
            ("iso", value.iso.map(f64::from)),
            ("f_number", value.f_number),
            ("exposure_s", value.exposure_s),
            ("focal_mm", value.focal_mm),
            ("focal_35mm", value.focal_35mm),
        ];
        for (name, number) in numbers {
            if let Some(number) = number {
                self.value(name, number.to_string(), source);
            }
        }
        add(&mut self.exposures, Sourced { value, source });
    }

    /// Whether the user marked it as a favourite.
    pub fn favorite(&mut self, value: bool, source: Source) {
        self.value("favorite", value.to_string(), source);
        add(&mut self.favorites, Sourced { value, source });
    }

    /// A film inside the file.
    pub fn motion(&mut self, offset: u64, length: u64, source: Source) {
        self.value("motion", format!("{length} bytes at {offset}"), source);
        add(&mut self.motions, Sourced { value: MotionPart { offset, length }, source });
    }

    /// Appends what was read elsewhere. What describes the file itself (size, MIME type, …) stays this one's.
    pub fn extend(&mut self, other: Facts) {
        self.times.extend(other.times);
        self.positions.extend(other.positions);
        self.orientations.extend(other.orientations);
        self.makes.extend(other.makes);
        self.models.extend(other.models);
        self.lenses.extend(other.lenses);
        self.exposures.extend(other.exposures);
        self.titles.extend(other.titles);
        self.descriptions.extend(other.descriptions);
        self.keywords.extend(other.keywords);
        self.ratings.extend(other.ratings);
        self.favorites.extend(other.favorites);
        self.people.extend(other.people);
        self.places.extend(other.places);
        self.projections.extend(other.projections);
        self.live_ids.extend(other.live_ids);
        self.values.extend(other.values);
        self.warnings.extend(other.warnings);
        self.screenshot |= other.screenshot;
    }
}

/// The fields that are plain text.
#[derive(Debug, Clone, Copy)]
pub(super) enum Text {
    Make,
    Model,
    Lens,
    Title,
    Description,
    Projection,
    LiveId,
}

/// Cuts text to the longest that is kept, at a character's edge.
fn shorten(mut text: String) -> String {
    if text.len() > TEXT {
        let mut end = TEXT;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
    }
    text.retain(|c| c != '\0');
    text
}
