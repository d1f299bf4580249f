//! What the user wants less of: somebody, an event, some days, a kind of memory. Pure values; they are stored by
//! `library::memories`.
//!
//! "Less" makes it come last and seldom; "never" keeps it away. Where several words hold, the strictest counts.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::Kind;
use crate::library::memories::Subjects;
use crate::library::memories::feedback::Said;
use crate::library::{EventId, PersonId};

/// What is left of the worth of what the user wants less of.
const LESS: f64 = 0.3;

/// About what something is said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "about", content = "subject", rename_all = "snake_case")]
pub enum About {
    /// A person or pet.
    Person(PersonId),
    /// An event or trip.
    Event(EventId),
    /// Everything of some days.
    Days(Days),
    /// Every memory of this kind.
    Kind(Kind),
}

/// From one day to another, both within: `2019-07-03..2019-07-06`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Days {
    first: Date,
    last: Date,
}

impl PartialSchema for Days {
    fn schema() -> RefOr<Schema> {
        String::schema()
    }
}

impl ToSchema for Days {}

impl Days {
    /// From one day to another; `None` when they are the wrong way round.
    pub fn new(first: Date, last: Date) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
    }

    /// The first of them.
    pub fn first(self) -> Date {
        self.first
    }

    /// The last of them.
    pub fn last(self) -> Date {
        self.last
    }

    fn hold(self, day: Date) -> bool {
        (self.first..=self.last).contains(&day)
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.first, self.last)
    }
}

impl FromStr for Days {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let days = text.split_once("..").and_then(|(first, last)| Self::new(first.parse().ok()?, last.parse().ok()?));
        days.ok_or_else(|| format!("{text} is no span of days; 2019-07-03..2019-07-06 is one"))
    }
}

impl TryFrom<String> for Days {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Days> for String {
    fn from(days: Days) -> Self {
        days.to_string()
    }
}

impl About {
    /// Under what it is stored: what it is, and which.
    pub fn key(&self) -> (&'static str, String) {
        match self {
            Self::Person(id) => ("person", id.to_string()),
            Self::Event(id) => ("event", id.to_string()),
            Self::Days(days) => ("days", days.to_string()),
            Self::Kind(kind) => ("kind", kind.name().to_owned()),
        }
    }

    /// The reverse of [`Self::key`]; `None` for what is no subject.
    pub fn of_key(about: &str, subject: &str) -> Option<Self> {
        Some(match about {
            "person" => Self::Person(subject.parse().ok()?),
            "event" => Self::Event(subject.parse().ok()?),
            "days" => Self::Days(subject.parse().ok()?),
            "kind" => Self::Kind(Kind::of_name(subject)?),
            _ => return None,
        })
    }
}

/// How much less.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Amount {
    /// Seldom, and after everything else.
    #[default]
    Less,
    /// Not at all.
    Never,
}

impl Amount {
    /// The name stored and sent.
    pub fn name(self) -> &'static str {
        match self {
            Self::Less => "less",
            Self::Never => "never",
        }
    }

    fn of_name(name: &str) -> Self {
        if name == "never" { Self::Never } else { Self::Less }
    }

    fn leaves(self) -> f64 {
        match self {
            Self::Less => LESS,
            Self::Never => 0.0,
        }
    }
}

/// Something that the user said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Feedback {
    /// About what.
    #[serde(flatten)]
    pub about: About,
    /// How much less of it.
    #[serde(default)]
    pub amount: Amount,
}

/// Everything that the user said, asked of media and kinds: 1 is nothing said, 0 keeps away.
#[derive(Debug, Clone, Default)]
pub struct Wants(Vec<Feedback>);

impl Wants {
    /// What was stored; what this version does not understand says nothing.
    pub fn of(said: &[Said]) -> Self {
        let read = |said: &Said| {
            let about = About::of_key(&said.about, &said.subject)?;
            Some(Feedback { about, amount: Amount::of_name(&said.amount) })
        };
        Self(said.iter().filter_map(read).collect())
    }

    /// What was said, in the order in which it was stored.
    pub fn all(&self) -> &[Feedback] {
        &self.0
    }

    /// How much a medium of a day is wanted.
    pub fn of_medium(&self, day: Option<Date>, subjects: &Subjects) -> f64 {
        self.strictest(|about| match about {
            About::Person(id) => subjects.people.contains(id),
            About::Event(id) => subjects.events.contains(id),
            About::Days(days) => day.is_some_and(|day| days.hold(day)),
            About::Kind(_) => false,
        })
    }

    /// How much memories of a kind are wanted.
    pub fn of_kind(&self, kind: Kind) -> f64 {
        self.strictest(|about| *about == About::Kind(kind))
    }

    fn strictest(&self, holds: impl Fn(&About) -> bool) -> f64 {
        let said = self.0.iter().filter(|feedback| holds(&feedback.about));
        said.map(|feedback| feedback.amount.leaves()).fold(1.0, f64::min)
    }
}

impl FromIterator<Feedback> for Wants {
    fn from_iter<I: IntoIterator<Item = Feedback>>(feedback: I) -> Self {
        Self(feedback.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_read_back() {
        let days: Days = "2019-07-03..2019-07-06".parse().unwrap();
        for about in
            [About::Person(PersonId::new()), About::Event(EventId::new()), About::Days(days), About::Kind(Kind::Person)]
        {
            let (what, which) = about.key();
            assert_eq!(About::of_key(what, &which), Some(about));
        }
        assert!("2019-07-06..2019-07-03".parse::<Days>().is_err() && "2019".parse::<Days>().is_err());
        assert_eq!(About::of_key("kind", "nonsense"), None);
    }

    #[test]
    fn the_strictest_word_counts() {
        let (anna, rome) = (PersonId::new(), EventId::new());
        let subjects = Subjects { people: vec![anna], events: vec![rome] };
        let less = Feedback { about: About::Person(anna), amount: Amount::Less };
        let never = Feedback { about: About::Event(rome), amount: Amount::Never };
        let wants: Wants = [less.clone()].into_iter().collect();
        assert!((wants.of_medium(None, &subjects) - LESS).abs() < 1e-9);
        assert!((wants.of_medium(None, &Subjects::default()) - 1.0).abs() < 1e-9);
        let wants: Wants = [less, never].into_iter().collect();
        assert!(wants.of_medium(None, &subjects).abs() < 1e-9);
    }

    #[test]
    fn both_ends_of_a_span_are_within() {
        let about = About::Days("2019-07-03..2019-07-06".parse().unwrap());
        let wants: Wants = [Feedback { about, amount: Amount::Never }].into_iter().collect();
        let on = |day| wants.of_medium(Some(jiff::civil::date(2019, 7, day)), &Subjects::default());
        assert_eq!([2, 3, 6, 7].map(on), [1.0, 0.0, 0.0, 1.0]);
    }
}
