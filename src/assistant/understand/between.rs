//! Reads how much time lies between two things: "how many days between the wedding and the trip to Norway?".
//!
//! Each of the two is read like a question of its own. Two plain dates are a span, as everywhere: what lies within them is
//! left to the other readers.

use std::ops::Range;
use std::sync::LazyLock;

use jiff::civil::DateTime;

use super::gazetteer::Gazetteer;
use super::lexicon::Lexicon;
use super::phrases::Phrases;
use super::question_words::{COUNTS, HOW_LONG};
use super::reading::{Intent, Part, Reading, Unit};
use super::sentence::Sentence;
use crate::library::filter::MediaFilter;

/// How many words may stand between the unit and "between": "how many days were there between".
const HELPING: usize = 5;

static BETWEEN: LazyLock<Phrases<()>> = LazyLock::new(|| Phrases::new([("between|zwischen|entre", ())]));

static UNITS: LazyLock<Phrases<Unit>> = LazyLock::new(|| {
    Phrases::new([
        ("day|days|tag|tage|jour|jours|día|días|天", Unit::Day),
        ("week|weeks|woche|wochen|semaine|semaines|semana|semanas|周|个星期", Unit::Week),
        ("month|months|monat|monate|mois|mes|meses|个月", Unit::Month),
        ("year|years|jahr|jahre|an|ans|année|années|año|años|年", Unit::Year),
    ])
});

/// A question for the time between two things, cut up.
struct Asked {
    unit: Unit,
    /// Words of the first and of the second thing, for each "and" that may part them.
    sides: Vec<(Range<usize>, Range<usize>)>,
}

impl Lexicon {
    /// Reads such a question.
    pub(super) fn read_between(&self, s: &Sentence, gazetteer: &dyn Gazetteer, now: DateTime) -> Option<Reading> {
        let asked = cut(s)?;
        let read = |words: &Range<usize>| self.understand(s.written(words.clone()), gazetteer, now, None);
        let pairs = asked.sides.iter().map(|(first, second)| [read(first), read(second)]);
        let pair = pairs.into_iter().find(|pair| pair.iter().all(is_something) && !pair.iter().all(is_only_time))?;
        let mut reading =
            Reading { language: s.language, intent: Intent::Between { unit: asked.unit }, ..Reading::default() };
        reading.certainty = pair[0].certainty.min(pair[1].certainty);
        for end in &pair {
            reading.unknown_names.extend(end.unknown_names.iter().cloned());
            reading.parts.extend(end.parts.iter().cloned().map(|part| Part { range: None, ..part }));
        }
        reading.ends = pair.into();
        Some(reading)
    }
}

/// Whether a side says which media are meant.
fn is_something(reading: &Reading) -> bool {
    reading.intent == Intent::Find
        && (!reading.filter.is_empty() || reading.content.is_some() || !reading.unknown_names.is_empty())
}

/// Whether a side is a date.
pub fn is_only_time(reading: &Reading) -> bool {
    let timeless = MediaFilter { taken: Vec::new(), ..reading.filter.clone() };
    !reading.filter.taken.is_empty() && timeless.is_empty() && reading.content.is_none()
}

fn cut(s: &Sentence) -> Option<Asked> {
    let (unit, end) = unit(s)?;
    let between = (end..(end + HELPING).min(s.len())).find(|at| BETWEEN.is_at(s.tokens(), *at))?;
    let joints =
        (between + 2..s.len().saturating_sub(1)).filter(|at| matches!(s.word(*at), "and" | "und" | "et" | "y"));
    let sides: Vec<_> = joints.map(|at| (between + 1..at, at + 1..s.len())).collect();
    (!sides.is_empty()).then_some(Asked { unit, sides })
}

/// "How many days", "how long" at the beginning: the unit, and where the words end.
fn unit(s: &Sentence) -> Option<(Unit, usize)> {
    if let Some((length, ())) = HOW_LONG.at(s.tokens(), 0) {
        return Some((Unit::Day, length));
    }
    let (length, ()) = COUNTS.at(s.tokens(), 0)?;
    UNITS.at(s.tokens(), length).map(|(unit_length, unit)| (*unit, length + unit_length))
}
