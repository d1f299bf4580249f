//! Reads steps from the time of the question before: "and the year before?", "what about the next day?".

use std::sync::LazyLock;

use jiff::ToSpan;

use super::dates;
use super::phrases::Phrases;
use super::reading::{Reading, Role, Unit};
use super::sentence::Sentence;
use crate::library::filter::{MediaFilter, TimeSpan};

/// What is how far from that time.
static STEPS: LazyLock<Phrases<(Unit, i32)>> = LazyLock::new(|| {
    Phrases::new([
        (
            "the year before|the year before that|a year before|one year before|the previous year|a year earlier|one year earlier|the year prior|im jahr davor|das jahr davor|\
             ein jahr davor|ein jahr vorher|im vorjahr|ein jahr früher|l'année d'avant|l'année précédente|un an avant|un an plus tôt|\
             el año anterior|un año antes|前一年|上一年",
            (Unit::Year, -1),
        ),
        (
            "the year after|the year after that|the next year|the following year|a year later|one year later|im jahr danach|im jahr darauf|das jahr danach|\
             das jahr darauf|ein jahr später|l'année d'après|l'année suivante|un an plus tard|un an après|el año siguiente|\
             un año después|un año más tarde|后一年|下一年|第二年",
            (Unit::Year, 1),
        ),
        (
            "the month before|the previous month|a month earlier|im monat davor|einen monat früher|le mois d'avant|le mois précédent|\
             el mes anterior|un mes antes|前一个月|上一个月",
            (Unit::Month, -1),
        ),
        (
            "the month after|the next month|the following month|a month later|im monat danach|im monat darauf|einen monat später|\
             le mois d'après|le mois suivant|el mes siguiente|un mes después|后一个月|下一个月",
            (Unit::Month, 1),
        ),
        (
            "the day before|the previous day|a day earlier|am tag davor|am tag zuvor|am vortag|einen tag früher|la veille|le jour d'avant|\
             el día anterior|un día antes|前一天",
            (Unit::Day, -1),
        ),
        (
            "the day after|the next day|the following day|a day later|am tag danach|am nächsten tag|am folgenden tag|tags darauf|\
             einen tag später|le lendemain|le jour suivant|el día siguiente|al día siguiente|un día después|后一天|第二天",
            (Unit::Day, 1),
        ),
    ])
});

/// Reads a step from the time of the question before; whether there was one.
pub fn read(s: &mut Sentence, previous: &Reading, filter: &mut MediaFilter) -> bool {
    let Some((at, length, (unit, by))) = STEPS.find(s.tokens()).map(|(at, length, step)| (at, length, *step)) else {
        return false;
    };
    if at + length != s.len() || !s.is_free(at..at + length) || previous.filter.taken.is_empty() {
        return false;
    }
    let moved = |span: &TimeSpan| {
        let step = match unit {
            Unit::Year => jiff::Span::new().years(by),
            Unit::Month => jiff::Span::new().months(by),
            // The day next to the first or the last, however many they are.
            _ if by < 0 => return Some(TimeSpan { start: span.start.checked_sub(1.day()).ok()?, end: span.start }),
            _ => return Some(TimeSpan { start: span.end, end: span.end.checked_add(1.day()).ok()? }),
        };
        Some(TimeSpan { start: span.start.checked_add(step).ok()?, end: span.end.checked_add(step).ok()? })
    };
    let spans: Vec<TimeSpan> = previous.filter.taken.iter().filter_map(moved).collect();
    if spans.is_empty() {
        return false;
    }
    let label = dates::label_of(&spans, s.language);
    s.claim(at..at + length, Role::Time, label);
    filter.taken = spans;
    true
}
