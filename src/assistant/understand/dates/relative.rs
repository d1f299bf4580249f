//! Reads what is said relative to today: "last summer", "two years ago", "in the past three months", "yesterday".
//!
//! "Last summer" is the last one that has begun; "last month" and "two years ago" are whole calendar units.
//! Every reader takes the index of a word and returns how many words it read; it changes nothing.

use std::sync::LazyLock;

use jiff::ToSpan;
use jiff::civil::DateTime;

use super::super::phrases::Phrases;
use super::super::sentence::Sentence;
use super::absolute;
use super::calendar::{MONTHS, NUMBERS, SEASONS, UNITS, Unit, WEEKDAYS, day, days, earlier, unit_around};
use super::holidays::HOLIDAYS;
use super::moment::Moment;
use crate::library::filter::TimeSpan;

/// Which of a recurring unit is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    This,
    Last,
    BeforeLast,
}

static WHICH: LazyLock<Phrases<Which>> = LazyLock::new(|| {
    Phrases::new([
        (
            "this|the current|current|earlier this|later this|so far this|diese|dieser|dieses|diesen|diesem|heurigen|ce|\
             cet|cette|este|esta|这个|这|本|今",
            Which::This,
        ),
        (
            "last|past|the last|the past|previous|the previous|letzte|letzten|letzter|letztes|letztem|vergangene|\
             vergangenen|vergangenes|vergangener|vorige|vorigen|voriges|voriger|上个|上一个|上|去",
            Which::Last,
        ),
        ("vorletzte|vorletzten|vorletztes|vorletzter|上上个|上上|前", Which::BeforeLast),
    ])
});

/// What follows the noun in French and Spanish.
static WHICH_AFTER: LazyLock<Phrases<Which>> = LazyLock::new(|| {
    Phrases::new([
        ("dernier|dernière|passé|passée|précédent|précédente|pasado|pasada|anterior", Which::Last),
        ("before last|the one before last|avant dernier|avant dernière|antepasado|antepasada", Which::BeforeLast),
    ])
});

static ARTICLES: [&str; 12] = ["the", "le", "la", "l", "el", "den", "der", "das", "dem", "im", "am", "die"];

/// Number of words and spans of what is said relative to `now`.
pub fn read(s: &Sentence, at: usize, now: DateTime) -> Option<(usize, Vec<TimeSpan>)> {
    let one = |(length, span)| (length, vec![span]);
    day_phrase(s, at, now)
        .or_else(|| rolling(s, at, now))
        .or_else(|| ago(s, at, now))
        .or_else(|| which_unit(s, at, now))
        .map(one)
}

static DAY_PHRASES: LazyLock<Phrases<(i32, i8, i8)>> = LazyLock::new(|| {
    Phrases::new([
        ("today|heute|aujourd'hui|aujourd hui|hoy|今天|今日", (0, 0, 24)),
        ("yesterday|gestern|hier|ayer|昨天|昨日", (1, 0, 24)),
        ("the day before yesterday|day before yesterday|vorgestern|avant hier|anteayer|antes de ayer|前天", (2, 0, 24)),
        ("this morning|heute morgen|heute früh|ce matin|esta mañana|今早|今天早上", (0, 4, 12)),
        ("this afternoon|heute nachmittag|cet après midi|esta tarde|今天下午", (0, 12, 18)),
        ("tonight|this evening|heute abend|heute nacht|ce soir|esta noche|今晚|今天晚上", (0, 17, 24)),
        (
            "last night|yesterday evening|yesterday night|gestern abend|gestern nacht|hier soir|anoche|昨晚|昨天晚上",
            (1, 17, 29),
        ),
        ("yesterday morning|gestern morgen|gestern früh|hier matin|ayer por la mañana|昨天早上", (1, 4, 12)),
        ("yesterday afternoon|gestern nachmittag|hier après midi|ayer por la tarde|昨天下午", (1, 12, 18)),
    ])
});

fn day_phrase(s: &Sentence, at: usize, now: DateTime) -> Option<(usize, TimeSpan)> {
    let (length, (back, from, to)) = DAY_PHRASES.at(s.tokens(), at)?;
    let midnight = day(earlier(now, *back, Unit::Day)?.date()).start;
    let hour = |hours: i8| midnight.checked_add(i32::from(hours).hours()).ok();
    Some((length, TimeSpan { start: hour(*from)?, end: hour(*to)? }))
}

/// A count: "3", "three", "a couple of".
fn count(s: &Sentence, at: usize) -> Option<(usize, i32)> {
    let word = s.word(at);
    if !word.is_empty() && word.len() <= 3 && word.bytes().all(|b| b.is_ascii_digit()) {
        return Some((1, word.parse().ok()?));
    }
    NUMBERS.at(s.tokens(), at).map(|(length, value)| (length, *value))
}

/// A count and a unit: "three months", "十天".
fn counted_unit(s: &Sentence, at: usize) -> Option<(usize, i32, Unit)> {
    let (count_length, value) = count(s, at)?;
    let (unit_length, unit) = UNITS.at(s.tokens(), at + count_length)?;
    Some((count_length + unit_length, value, *unit))
}

/// "the last three months", "les trois derniers mois", "最近三个月": up to now. "The past year" is the last twelve months.
fn rolling(s: &Sentence, at: usize, now: DateTime) -> Option<(usize, TimeSpan)> {
    static LEAD: LazyLock<Phrases<()>> = LazyLock::new(|| {
        Phrases::new([(
            "last|past|previous|recent|the last|the past|in the last|in the past|within the last|over the last|over the past|\
             during the last|letzten|vergangenen|in den letzten|der letzten|die letzten|dernières|derniers|ces|últimos|\
             últimas|los últimos|las últimas|pasados|最近|过去|近",
            (),
        )])
    });
    static INNER: LazyLock<Phrases<()>> =
        LazyLock::new(|| Phrases::new([("last|past|derniers|dernières|dernier|dernière|últimos|últimas", ())]));
    let since = |value: i32, unit: Unit| Some(TimeSpan { start: earlier(now, value, unit)?, end: end_of_today(now)? });
    if let Some((lead, ())) = LEAD.at(s.tokens(), at) {
        if let Some((length, value, unit)) = counted_unit(s, at + lead).filter(|(_, value, _)| *value > 0) {
            return Some((lead + length, since(value, unit)?));
        }
        if matches!(s.word(at + lead - 1), "past") && matches!(s.word(at + lead), "year" | "month" | "week") {
            let (length, unit) = UNITS.at(s.tokens(), at + lead)?;
            return Some((lead + length, since(1, *unit)?));
        }
        return None;
    }
    let start = at + usize::from(matches!(s.word(at), "les" | "los" | "las"));
    let (count_length, value) = count(s, start)?;
    let (inner, ()) = INNER.at(s.tokens(), start + count_length)?;
    let (unit_length, unit) = UNITS.at(s.tokens(), start + count_length + inner)?;
    Some((start - at + count_length + inner + unit_length, since(value, *unit)?))
}

fn end_of_today(now: DateTime) -> Option<DateTime> {
    Some(day(now.date()).end)
}

/// "two years ago", "vor zwei Jahren", "il y a deux ans", "hace dos años", "两年前", "two summers ago".
fn ago(s: &Sentence, at: usize, now: DateTime) -> Option<(usize, TimeSpan)> {
    static BEFORE: LazyLock<Phrases<()>> = LazyLock::new(|| Phrases::new([("vor|il y a|hace|voilà", ())]));
    static AFTER: LazyLock<Phrases<()>> = LazyLock::new(|| Phrases::new([("ago|back|earlier|atrás|前|以前|之前", ())]));
    static TODAY: LazyLock<Phrases<()>> =
        LazyLock::new(|| Phrases::new([("today|to the day|heute|jour pour jour|hoy|的今天", ())]));
    let lead = BEFORE.at(s.tokens(), at).map_or(0, |(length, ())| length);
    let start = at + lead;
    if lead == 0
        && let Some((length, value)) = count(s, start)
        && let Some((name_length, moment)) = recurring(s, start + length)
        && let Some((after, ())) = AFTER.at(s.tokens(), start + length + name_length)
    {
        let latest = moment.last_begun(now)?;
        let shifted = earlier(latest.start, value - 1, Unit::Year)?;
        return Some((length + name_length + after, moment.in_year(shifted.year())?));
    }
    let (length, value, unit) = counted_unit(s, start)?;
    let trailing = if lead > 0 { 0 } else { AFTER.at(s.tokens(), start + length)?.0 };
    let end = start + length + trailing;
    let then = earlier(now, value, unit)?;
    let about = |unit: Unit| unit_around(unit, then);
    if let Some((today, ())) = TODAY.at(s.tokens(), end) {
        return Some((end + today - at, about(Unit::Day)?));
    }
    // "A decade ago" is a year, not ten.
    Some((end - at, about(if unit == Unit::Decade { Unit::Year } else { unit })?))
}

/// A season, month or holiday by name, in the singular or plural.
fn recurring(s: &Sentence, at: usize) -> Option<(usize, Moment)> {
    let tokens = s.tokens();
    let holiday = HOLIDAYS.at(tokens, at).map(|(length, value)| (length, Moment::Holiday(*value)));
    let season = SEASONS.at(tokens, at).map(|(length, value)| (length, Moment::Season(*value)));
    let month = MONTHS.at(tokens, at).map(|(length, value)| (length, Moment::Month(*value)));
    [holiday, season, month].into_iter().flatten().max_by_key(|(length, _)| *length)
}

/// "last month", "this week", "l'été dernier", "去年夏天", "last tuesday", "the year before last".
fn which_unit(s: &Sentence, at: usize, now: DateTime) -> Option<(usize, TimeSpan)> {
    if let Some((length, which)) = WHICH.at(s.tokens(), at) {
        // "last may": the name follows directly, no article between.
        let (name_length, span) = unit_of(s, at + length, *which, now)?;
        let total = length + name_length;
        if let Some((ago_length, then)) = nested_ago(s, at + total, now) {
            // "last month a year ago" is the month before the same day of that year.
            return Some((total + ago_length, unit_of(s, at + length, *which, then)?.1));
        }
        if let Some((after, Which::BeforeLast)) = WHICH_AFTER.at(s.tokens(), at + total) {
            return Some((total + after, unit_of(s, at + length, Which::BeforeLast, now)?.1));
        }
        return Some((total, span));
    }
    let article = usize::from(ARTICLES.contains(&s.word(at)));
    let name_at = at + article;
    let name_length = UNITS
        .at(s.tokens(), name_at)
        .map(|(length, _)| length)
        .or_else(|| recurring(s, name_at).map(|(length, _)| length))
        .or_else(|| WEEKDAYS.at(s.tokens(), name_at).map(|(length, _)| length))?;
    let (after, which) = WHICH_AFTER.at(s.tokens(), name_at + name_length)?;
    let (_, span) = unit_of(s, name_at, *which, now)?;
    Some((article + name_length + after, span))
}

/// "a year ago" after another relative date: its number of words and the instant it names.
fn nested_ago(s: &Sentence, at: usize, now: DateTime) -> Option<(usize, DateTime)> {
    let (length, value, unit) = counted_unit(s, at)?;
    (s.word(at + length) == "ago").then_some((length + 1, earlier(now, value, unit)?))
}

fn unit_of(s: &Sentence, at: usize, which: Which, now: DateTime) -> Option<(usize, TimeSpan)> {
    let steps = match which {
        Which::This => 0,
        Which::Last => 1,
        Which::BeforeLast => 2,
    };
    if let Some((length, moment)) = recurring(s, at) {
        if absolute::year(s, at + length).is_some() {
            return None;
        }
        let span = match which {
            Which::This => moment.in_year(now.year())?,
            _ => {
                let latest = moment.last_begun(now)?;
                moment.in_year(latest.start.year() - i16::try_from(steps - 1).ok()?)?
            }
        };
        return Some((length, span));
    }
    if let Some((length, [weekday])) = WEEKDAYS.at(s.tokens(), at) {
        let today = i32::from(now.date().weekday().to_monday_one_offset());
        let back = (today - i32::from(*weekday)).rem_euclid(7);
        let back = if which == Which::This || back > 0 { back } else { 7 };
        return Some((length, day(earlier(now, back + 7 * (steps - 1).max(0), Unit::Day)?.date())));
    }
    let (length, unit) = UNITS.at(s.tokens(), at)?;
    if *unit == Unit::Day && which != Which::This {
        return None;
    }
    let span = match (*unit, which) {
        (Unit::Weekend, Which::Last | Which::BeforeLast) => {
            let span = unit_around(Unit::Week, earlier(now, steps, Unit::Week)?)?;
            days(span.start.date().checked_add(5.days()).ok()?, span.end.date())
        }
        (unit, _) => unit_around(unit, earlier(now, steps, unit)?)?,
    };
    Some((length, span))
}

/// "on this day", "this day in history": the month and day of today.
pub fn on_this_day(s: &Sentence, at: usize) -> Option<usize> {
    static PHRASES: LazyLock<Phrases<()>> = LazyLock::new(|| {
        Phrases::new([(
            "on this day|this day in history|this day in other years|on this date|an diesem tag|ce jour là|\
             un día como hoy|历史上的今天|往年今日",
            (),
        )])
    });
    PHRASES.at(s.tokens(), at).map(|(length, ())| length)
}
