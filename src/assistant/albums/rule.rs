//! A rule as a structure of names and numbers, and its one line of text.
//!
//! What stays true: what [`Rule`] prints is read back as the same structure ([`super::parse()`]). Names are kept as they
//! were written: what they stand for is known where the library is ([`super::resolve()`]).

use std::fmt;

use super::spans::{Dates, Minutes, month_name, weekday_name};
use crate::library::filter::{Copies, DaySpan, MediaKind, Shape};

/// Which media an album keeps: those that meet every clause, or the first of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rule {
    /// All must be met.
    pub clauses: Vec<Clause>,
    /// How many are kept, and which; all of them if not given.
    pub pick: Option<Pick>,
}

/// A condition, or that it is not met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// The condition is not met.
    pub not: bool,
    /// The condition.
    pub condition: Condition,
}

/// A condition on one medium. Lists are alternatives and never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// Something that is called so, or words.
    Named {
        /// What is called so.
        key: Key,
        /// The names; never empty.
        names: Vec<String>,
        /// All of them are meant instead of any; only of more than one.
        all: bool,
    },
    /// Whether somebody who has a name is in the picture.
    Somebody(bool),
    /// Nothing says where it was taken.
    NoPlace,
    /// Taken in a span of time.
    Dates(Vec<Dates>),
    /// Taken in these months of whatever year, 1–12.
    Months(Vec<i8>),
    /// Taken on these days of whatever year, month and day.
    Days(Vec<(i8, i8)>),
    /// Taken on these weekdays, 1 = Monday.
    Weekdays(Vec<i8>),
    /// Taken at these times of the day.
    Times(Vec<DaySpan>),
    /// Of these kinds.
    Kinds(Vec<MediaKind>),
    /// Of these shapes.
    Shapes(Vec<Shape>),
    /// Having copies of these sorts.
    Copies(Vec<Copies>),
    /// Made by a machine, as its file says.
    Generated,
    /// A number compared.
    Measured {
        /// What is measured.
        measure: Measure,
        /// How it compares.
        compare: Compare,
        /// With what.
        number: u32,
    },
}

/// Declares an enum of words: each variant with how it is printed, and the other ways to write it.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $word:literal $(| $other:literal)*),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$each])* $variant),+ }

        impl $name {
            /// Every one of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// How it is printed.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// What is written so, in lower case.
            pub fn read(text: &str) -> Option<Self> {
                match text { $($word $(| $other)* => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

words! {
    /// What names or words are of.
    Key {
        /// People and pets.
        People = "people" | "person" | "who" | "with" | "pet" | "pets",
        /// People and pets, and nobody else who has a name.
        Only = "only",
        /// Cities, regions, countries.
        Place = "place" | "places" | "where",
        /// Events and trips.
        Event = "event" | "events" | "trip",
        /// Other albums.
        Album = "album" | "albums",
        /// Keywords.
        Tag = "tag" | "tags" | "keyword" | "keywords",
        /// Concepts that the user taught.
        Concept = "concept" | "concepts",
        /// Cameras.
        Camera = "camera" | "cameras",
        /// What is to be seen or what it is about, as a search finds it.
        Shows = "shows" | "show" | "like" | "of",
        /// Words that stand in its texts.
        Text = "text" | "words" | "says",
    }
}

words! {
    /// What has a number.
    Measure {
        /// Stars, 1–5.
        Rating = "rating" | "stars",
        /// People in the picture, known or not.
        People = "people" | "persons" | "faces",
        /// Length of a video in seconds.
        Length = "length" | "duration",
    }
}

words! {
    /// How numbers compare.
    Compare {
        /// At least.
        AtLeast = ">=" | "≥",
        /// At most.
        AtMost = "<=" | "≤",
        /// More than.
        More = ">",
        /// Less than.
        Less = "<",
        /// As many.
        Equal = "=" | "==",
    }
}

words! {
    /// Which media are kept when only some are.
    Which {
        /// The best: rated highly, sharp, of many moments and never the same twice, as a film chooses them.
        Best = "best" | "top",
        /// The latest.
        Newest = "newest" | "latest",
        /// The earliest.
        Oldest = "oldest" | "earliest" | "first",
    }
}

/// How many media are kept, and which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pick {
    /// Which.
    pub which: Which,
    /// How many at the most; at least 1.
    pub number: u32,
}

/// The kinds by their words; the first word of each is printed.
pub(super) const KINDS: &[(MediaKind, &[&str])] = &[
    (MediaKind::Photo, &["photo", "photos", "picture", "pictures"]),
    (MediaKind::Video, &["video", "videos"]),
    (MediaKind::Screenshot, &["screenshot", "screenshots"]),
    (MediaKind::Panorama, &["panorama", "panoramas"]),
    (MediaKind::LivePhoto, &["live photo", "live photos", "live"]),
    (MediaKind::Raw, &["raw"]),
];

/// The shapes by their words.
pub(super) const SHAPES: &[(Shape, &[&str])] = &[
    (Shape::Portrait, &["portrait", "upright"]),
    (Shape::Landscape, &["landscape", "wide"]),
    (Shape::Square, &["square"]),
];

/// The sorts of copies by their words.
pub(super) const COPIES: &[(Copies, &[&str])] =
    &[(Copies::Exact, &["exact"]), (Copies::Near, &["near"]), (Copies::Burst, &["burst", "bursts"])];

/// The word for a medium that a machine made.
pub(super) const GENERATED: &str = "generated";
/// Somebody who has a name.
pub(super) const SOMEBODY: &str = "somebody";
/// Nobody who has a name.
pub(super) const NOBODY: &str = "nobody";
/// What has no place or date.
pub(super) const UNKNOWN: &str = "unknown";

/// Words that a name must be quoted to be: they mean something else.
fn is_reserved(key: Key, name: &str) -> bool {
    match key {
        Key::People => name.eq_ignore_ascii_case(SOMEBODY) || name.eq_ignore_ascii_case(NOBODY),
        Key::Place => name.eq_ignore_ascii_case(UNKNOWN),
        _ => false,
    }
}

/// A name as it is written in a rule: in quotation marks where it would not be read back without.
pub(super) fn quoted(key: Key, name: &str) -> String {
    let plain = !name.is_empty()
        && !is_reserved(key, name)
        && !name.contains([';', '|', '&', '"'])
        && name.split_whitespace().collect::<Vec<_>>().join(" ") == name;
    match plain {
        true => name.to_owned(),
        false => format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"")),
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = self.clauses.iter().map(Clause::to_string).collect();
        parts.extend(self.pick.map(|pick| pick.to_string()));
        f.write_str(&parts.join("; "))
    }
}

impl fmt::Display for Pick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.which.word(), self.number)
    }
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.not { "not " } else { "" })?;
        self.condition.fmt(f)
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fn any<T>(values: &[T], text: impl Fn(&T) -> String) -> String {
            values.iter().map(text).collect::<Vec<_>>().join(" | ")
        }
        match self {
            Self::Named { key, names, all } => {
                let names: Vec<String> = names.iter().map(|name| quoted(*key, name)).collect();
                write!(f, "{}: {}", key.word(), names.join(if *all { " & " } else { " | " }))
            }
            Self::Somebody(true) => write!(f, "people: {SOMEBODY}"),
            Self::Somebody(false) => write!(f, "people: {NOBODY}"),
            Self::NoPlace => write!(f, "place: {UNKNOWN}"),
            Self::Dates(dates) => write!(f, "date: {}", any(dates, Dates::to_string)),
            Self::Months(months) => write!(f, "month: {}", any(months, |month| month_name(*month))),
            Self::Days(days) => write!(f, "day: {}", any(days, |(month, day)| format!("{month:02}-{day:02}"))),
            Self::Weekdays(days) => write!(f, "weekday: {}", any(days, |day| weekday_name(*day))),
            Self::Times(times) => {
                write!(f, "time: {}", any(times, |span| format!("{}..{}", Minutes(span.from), Minutes(span.to))))
            }
            Self::Kinds(kinds) if kinds.len() == 1 => f.write_str(first_word(KINDS, kinds[0])),
            Self::Kinds(kinds) => write!(f, "kind: {}", any(kinds, |kind| first_word(KINDS, *kind).to_owned())),
            Self::Shapes(shapes) => write!(f, "shape: {}", any(shapes, |shape| first_word(SHAPES, *shape).to_owned())),
            Self::Copies(copies) => write!(f, "copies: {}", any(copies, |sort| first_word(COPIES, *sort).to_owned())),
            Self::Generated => f.write_str(GENERATED),
            Self::Measured { measure, compare, number } => {
                let unit = if *measure == Measure::Length { " s" } else { "" };
                write!(f, "{} {} {number}{unit}", measure.word(), compare.word())
            }
        }
    }
}

/// How a value is printed.
fn first_word<T: Copy + PartialEq>(table: &[(T, &[&'static str])], value: T) -> &'static str {
    table.iter().find(|(one, _)| *one == value).map_or("", |(_, words)| words[0])
}
